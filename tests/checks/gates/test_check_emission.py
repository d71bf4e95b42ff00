"""Who emits a required context, by the files and at commits."""

from collections.abc import Sequence
from typing import Any

import pytest

from checks.gates import check_emission
from checks.gates.emission import chosen, find_emitters, may_be, obstacles
from checks.wire.workflows.seen import NoWorkflows, WorkflowsSeen
from fixtures.github.values import CommitStatus
from reports.verdicts import Inconclusive
from tests.checks.gates.seen import (
    AT,
    Said,
    at_commit,
    contract,
    emitted,
    emitted_run,
    job,
    requirements,
    trigger,
    unknown,
    workflows,
)

MATRIX = job("test", "test (1)", "test (2)")


def by_file(seen: WorkflowsSeen | NoWorkflows, *contexts: str, app: int | None = None) -> Said:
    said = Said()
    needed = requirements(*contexts, app=app)
    check_emission.check_required_contexts_are_emitted_by_a_file(
        contract(), needed, seen, said.remark
    )
    return said


def test_names_with_their_matrix_are_emitted() -> None:
    by_file(workflows(job("build"), MATRIX), "build", "test (1)", "test (2)")


@pytest.mark.parametrize(
    ("context", "hint"),
    [
        ("lint", "'lint' is the job's id; its check run is 'Lint all'"),
        ("Test (1)", "'test (1)' differs in case or blanks"),
        ("CI / test (1)", "'test (1)', without the workflow's name before it"),
        ("test (3)", "'test (1)' has other values of the matrix"),
        ("gone", "every pull request waits for it for ever"),
    ],
)
def test_a_name_that_nothing_emits_is_violated_with_what_was_meant(context: str, hint: str) -> None:
    with pytest.raises(AssertionError, match="nothing emits") as raised:
        by_file(workflows(job("lint", "Lint all"), MATRIX), context)
    assert hint in str(raised.value)


def test_a_workflow_that_others_alone_call_emits_nothing_under_its_own_names() -> None:
    called = workflows(job("web"), triggers=(trigger("workflow_call"),))

    with pytest.raises(AssertionError, match="nothing emits 'web'"):
        by_file(called, "web")
    both = workflows(job("web"), triggers=(trigger("workflow_call"), trigger("pull_request")))
    by_file(both, "web")


def test_a_repository_without_workflows_emits_nothing() -> None:
    with pytest.raises(AssertionError, match="nothing emits 'build'"):
        by_file(NoWorkflows(repository="r", commit=None, at=AT), "build")


def test_a_name_that_is_known_when_it_runs_leaves_it_open() -> None:
    seen = workflows(job("test", unknown("test (${{ fromJSON(needs.a.outputs.b) }})")))

    with pytest.raises(Inconclusive, match=r"'test \(1\)' perhaps by .*ci\.yml:10:3"):
        by_file(seen, "test (1)")
    with pytest.raises(AssertionError, match="nothing emits 'build'"):
        by_file(seen, "build")


def test_a_matrix_that_is_unknown_leaves_it_open() -> None:
    seen = workflows(job("test", legs=(), unexpanded=unknown("${{ x }}")))

    with pytest.raises(Inconclusive, match="it is known when it runs"):
        by_file(seen, "anything")


def test_contexts_of_other_apps_are_no_matter_of_files() -> None:
    with pytest.raises(Inconclusive, match="no required context has to come from GitHub Actions"):
        by_file(workflows(job("build")), "other-ci", app=99)


@pytest.mark.parametrize(
    ("text", "context", "may"),
    [
        ("test (${{ a }})", "test (1)", True),
        ("test (${{ a }})", "test (1", False),
        ("${{ a }}", "anything", True),
        ("a ${{ b }} c ${{ d }}", "a 1 c 2", True),
        ("a ${{ b }} c ${{ d }}", "a 1 d 2", False),
        ("no expression", "anything", True),
    ],
)
def test_which_names_an_expression_may_give(text: str, context: str, *, may: bool) -> None:
    assert may_be(unknown(text), context) is may


def at_pulls(*contexts: str, commits: Sequence[Any], app: int | None = None) -> Said:
    said = Said()
    check_emission.check_required_contexts_are_emitted_at_pull_requests(
        contract(), requirements(*contexts, app=app), emitted(*commits), said.remark
    )
    return said


def test_what_was_emitted_at_a_pull_request_holds() -> None:
    older = at_commit(emitted_run("build"), emitted_run("web"), sha="b" * 40)
    newest = at_commit(emitted_run("build"))

    said = at_pulls("build", "web", commits=[newest, older])

    assert said.remarks[0].startswith("web was not emitted at the newest")


def test_what_was_not_emitted_is_violated() -> None:
    commits = [at_commit(emitted_run("CI / build")), at_commit(emitted_run("build"), what="head")]

    with pytest.raises(AssertionError, match=r"build is not emitted \('CI / build' is\)"):
        at_pulls("build", commits=commits)


def test_what_another_app_emitted_is_violated() -> None:
    with pytest.raises(AssertionError, match="app 99 emits that name"):
        at_pulls("build", commits=[at_commit(emitted_run("build", 99))], app=15368)


def test_without_pull_requests_or_before_their_end_it_is_open() -> None:
    head = at_commit(emitted_run("lint"), what="head")
    waiting = at_commit(emitted_run("lint", status="in_progress", conclusion=None))

    with pytest.raises(Inconclusive, match="no pull request ran of late"):
        at_pulls("build", commits=[head])
    with pytest.raises(Inconclusive, match="lint not over"):
        at_pulls("build", commits=[waiting])


def test_a_status_emits_a_context_too() -> None:
    said = CommitStatus(context="other", state="success", updated=AT)
    commit = at_commit(emitted_run("build"))
    with_status = type(commit)(sha=commit.sha, what=commit.what, runs=(), statuses=(said,))

    at_pulls("other", commits=[with_status])
    with pytest.raises(AssertionError, match="is not emitted"):
        at_pulls("other", commits=[with_status], app=15368)


def hindered(*triggers: Any, queue: bool = False, **given: Any) -> list[str]:
    seen = workflows(job("build", **given), triggers=triggers)
    (emitter,) = find_emitters("build", seen.files).exact
    return obstacles(emitter, "main", queue=queue)


PULL = trigger("pull_request")


@pytest.mark.parametrize(
    ("triggers", "told"),
    [
        ((trigger("push"),), "does not run on pull_request"),
        ((trigger("pull_request", paths=("src/**",)),), "has `paths: [src/**]`"),
        ((trigger("pull_request", paths_ignore=("docs/**",)),), "has `paths-ignore: [docs/**]`"),
        ((trigger("pull_request", branches=("release/*",)),), "is for release/*, and not for main"),
        ((trigger("pull_request", branches_ignore=("ma*",)),), "ignores main"),
        ((trigger("pull_request", types=("labeled",)),), "is for the types labeled alone"),
    ],
)
def test_what_keeps_a_job_from_pull_requests(triggers: Any, told: str) -> None:
    (line,) = hindered(*triggers)

    assert told in line


def test_a_job_that_runs_on_every_pull_request_has_no_obstacle() -> None:
    assert hindered(PULL) == []
    assert hindered(trigger("pull_request", branches=("main", "v*"))) == []
    assert hindered(trigger("pull_request_target")) == []


def test_a_merge_queue_waits_for_a_job_without_merge_group() -> None:
    (line,) = hindered(PULL, queue=True)

    assert "does not run on merge_group" in line
    assert hindered(PULL, trigger("merge_group"), queue=True) == []


def test_a_name_of_another_event_is_an_obstacle() -> None:
    (line,) = hindered(PULL, trigger("push"), events=("push",))

    assert "has this name on push alone" in line


@pytest.mark.parametrize(
    ("patterns", "branch", "fits"),
    [
        (("main",), "main", True),
        (("*",), "a/b", False),
        (("**",), "a/b", True),
        (("a/*",), "a/b", True),
        (("**", "!main"), "main", False),
        (("!main", "**"), "main", True),
        (("releases/**",), "releases/1/2", True),
    ],
)
def test_filters_choose_branches(patterns: tuple[str, ...], branch: str, *, fits: bool) -> None:
    assert chosen(patterns, branch) is fits
