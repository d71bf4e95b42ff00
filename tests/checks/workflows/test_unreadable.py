"""Of a file that cannot be read nobody knows what its jobs are: nothing of it is upheld."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from checks.labels import check_asked_labels, check_runners
from checks.wire.workflows.seen import ActionFile, Comment, Finding, Place, WorkflowsSeen
from checks.workflows import check_artifacts, check_files, check_pins, check_steps
from config.labels import HostedOnly, Labels, Retired
from config.workflows import Workflows
from tests.checks.repositories import (
    CI,
    NOW,
    held,
    job,
    refused,
    runner,
    runners,
    unsure,
    workflows,
)

EXPECTED = Workflows()
RETIRED = Retired(labels=("wsl",), what="it", when=date(2025, 11, 22), why="so", plan="plan 266")
BROKEN = workflows("on: push\njobs:\n  a:\n    runs-on: [wsl\n    steps: []\n")
SHOP = ("self-hosted", "shop")


@pytest.mark.parametrize(
    ("check", "given"),
    [
        (check_asked_labels.check_no_job_asks_for_a_retired_label_set, ((RETIRED,), Labels())),
        (
            check_asked_labels.check_workflows_run_where_the_plan_says,
            (HostedOnly(workflows=("ci.yml",)), Labels()),
        ),
        (check_asked_labels.check_every_hosted_label_is_known, (Labels(),)),
        (check_runners.check_every_label_set_has_a_runner, (runners(), Labels())),
        (check_runners.check_runners_that_jobs_need_are_online, (runners(), Labels())),
        (check_pins.check_actions_are_pinned, (EXPECTED,)),
        (check_pins.check_temporary_exceptions_have_not_expired, (EXPECTED,)),
        (check_steps.check_checkout_stands_before_what_needs_it, (EXPECTED,)),
        (check_steps.check_filters_of_paths_filter_are_text, (EXPECTED,)),
        (check_artifacts.check_artifact_names_are_unique, (EXPECTED,)),
    ],
)
def test_nothing_is_upheld_of_a_file_that_cannot_be_read(
    check: Callable[..., None], given: tuple[Any, ...]
) -> None:
    assert f"the jobs of 1 of the workflow files are not known: {CI}:" in unsure(
        check, BROKEN, *given
    )


def test_archives_need_not_be_readable() -> None:
    archived = Labels(archives=(".github/workflows/*",))
    check = check_asked_labels.check_no_job_asks_for_a_retired_label_set

    held(check, BROKEN, (RETIRED,), archived)


def test_a_runner_for_what_only_a_run_can_tell_is_not_known_to_be_online() -> None:
    there = workflows(job(runs_on="${{ vars.RUNNER }}"))
    online = runners(runner("a", *SHOP))

    check = check_runners.check_runners_that_jobs_need_are_online
    assert "known only at run time" in unsure(check, there, online, Labels())


def with_action(*findings: Finding, comments: tuple[Comment, ...] = ()) -> WorkflowsSeen:
    action = ActionFile(
        path=".github/actions/a/action.yml",
        sha256="0" * 64,
        comments=comments,
        findings=findings,
    )
    files = workflows(job()).files
    return WorkflowsSeen(repository="shop", commit=None, files=files, at=NOW, actions=(action,))


def test_what_is_wrong_in_an_action_is_wrong_in_the_files() -> None:
    place = Place(path=".github/actions/a/action.yml", line=7, column=5)
    twice = Finding(rule="duplicate-key", place=place, text="the key 'run' stands here twice")

    check = check_files.check_workflow_files_are_clean
    held(check, with_action())
    assert "a/action.yml:7:5: the key 'run'" in refused(check, with_action(twice))


def test_a_temporary_exception_in_an_action_expires_too() -> None:
    place = Place(path=".github/actions/a/action.yml", line=3, column=1)
    comment = Comment(text=" TODO-TEMPORARY(2025-01-01): x", place=place)

    saw = refused(
        check_pins.check_temporary_exceptions_have_not_expired,
        with_action(comments=(comment,)),
        EXPECTED,
    )

    assert "a/action.yml:3:1" in saw
    assert "it expired on 2025-01-01" in saw
