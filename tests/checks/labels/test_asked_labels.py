"""What jobs and scripts ask for, against what is retired, planned and known."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from checks.labels import check_asked_labels as asked
from checks.labels.registering import (
    Registering,
    RegistrationsSeen,
    find_registrations,
    registrations_in,
)
from config.labels import HostedOnly, Labels, Retired
from fixtures.vantages.local import Local
from tests.checks.repositories import CI, NOW, held, job, refused, unsure, workflows
from tests.checks.wire.workflows.written import source, written

STONE = Retired(
    labels=("self-hosted", "cubecastle", "wsl"),
    what="the runner under WSL",
    when=date(2025, 11, 22),
    why="its network cut",
    plan="plan 266",
)
OTHER = STONE.model_copy(update={"labels": ("self-hosted", "cubecastle", "docker")})
RETIRED = (STONE, OTHER)
TOMBSTONE = "was retired on 2025-11-22 by plan 266: the runner under WSL; its network cut"


@pytest.mark.parametrize(
    "runs_on",
    [
        "[self-hosted, cubecastle, wsl]",
        "[WSL, Self-Hosted, CubeCastle, x64]",
        '${{ fromJSON(\'["self-hosted","cubecastle","wsl"]\') }}',
        "[self-hosted, cubecastle, '${{ matrix.on }}']\n    strategy: {matrix: {on: [a, wsl]}}",
    ],
)
def test_a_retired_set_is_found_and_its_tombstone_cited(runs_on: str) -> None:
    saw = refused(
        asked.check_no_job_asks_for_a_retired_label_set,
        workflows(job(runs_on=runs_on)),
        RETIRED,
        Labels(),
    )

    assert f"{CI}:4:" in saw
    assert f"[self-hosted, cubecastle, wsl] {TOMBSTONE}" in saw


def test_a_retired_set_in_a_called_workflow_is_found() -> None:
    called = job(runs_on="[self-hosted, cubecastle, docker]", on="workflow_call")
    caller = "on: push\njobs:\n  a:\n    uses: ./.github/workflows/called.yml\n"

    saw = refused(
        asked.check_no_job_asks_for_a_retired_label_set,
        workflows(caller, workflows__called=called),
        RETIRED,
        Labels(),
    )

    assert "[self-hosted, cubecastle, docker]" in saw


def test_other_sets_and_archives_hold() -> None:
    check = asked.check_no_job_asks_for_a_retired_label_set

    held(check, workflows(job(runs_on="[self-hosted, cubecastle]")), RETIRED, Labels())
    held(check, workflows(job()), RETIRED, Labels())
    there = workflows(job(runs_on="[self-hosted, cubecastle, wsl]"))
    held(check, there, RETIRED, Labels(archives=(".github/workflows/*",)))


def test_what_only_a_run_can_tell_is_not_known_unless_the_profile_says_it() -> None:
    there = workflows(job(runs_on="${{ vars.RUNNER }}"))
    check = asked.check_no_job_asks_for_a_retired_label_set

    assert "vars.RUNNER" in unsure(check, there, RETIRED, Labels())
    known = Labels(expressions={"${{vars.RUNNER}}": ("ubuntu-latest",)})
    held(check, there, RETIRED, known)
    wsl = Labels(expressions={"${{ vars.RUNNER }}": STONE.labels})
    assert TOMBSTONE in refused(check, there, RETIRED, wsl)


def test_a_workflow_of_another_repository_is_not_known_unless_the_profile_says_it() -> None:
    uses = "acme/ci/.github/workflows/build.yml@v2"
    there = workflows(f"on: push\njobs:\n  a:\n    uses: {uses}\n")
    retired = asked.check_no_job_asks_for_a_retired_label_set
    plan = HostedOnly(workflows=("ci.yml",))

    assert uses in unsure(retired, there, RETIRED, Labels())
    assert uses in unsure(asked.check_workflows_run_where_the_plan_says, there, plan, Labels())
    held(retired, there, RETIRED, Labels(expressions={uses: ("ubuntu-latest",)}))
    wsl = Labels(expressions={uses: STONE.labels})
    assert TOMBSTONE in refused(retired, there, RETIRED, wsl)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("./config.sh --url x --labels self-hosted,cubecastle,wsl --unattended\n", 1),
        ("#!/bin/sh\n./config.sh --url x --labels \\\n    'cubecastle,wsl,self-hosted'\n", 2),
        ("./config.sh --labels=self-hosted,cubecastle,wsl\n", 1),
        ("services:\n  r:\n    environment:\n      - LABELS=self-hosted,cubecastle,wsl\n", 4),
        (
            'services:\n  r:\n    environment:\n      R_LABELS: "self-hosted,cubecastle,wsl"\n',
            4,
        ),
        ("RUNNER_LABELS=${RUNNER_LABELS:-self-hosted,cubecastle,wsl}\n", 1),
        ('export RUNNER_LABELS="${LABELS:-self-hosted,cubecastle,wsl}"\n', 1),
        ("./config.sh --url x --labels cubecastle,wsl\n", 1),
        ("environment:\n  RUNNER_LABELS: >-\n    cubecastle,wsl\n", 2),
    ],
)
def test_what_registers_a_runner_with_a_retired_set_is_found(text: str, line: int) -> None:
    saw = refused(
        asked.check_nothing_registers_a_runner_with_a_retired_label_set,
        registrations(text),
        RETIRED,
        Labels(),
    )

    assert f"a.sh:{line}:" in saw
    assert TOMBSTONE in saw


def test_other_registrations_hold() -> None:
    check = asked.check_nothing_registers_a_runner_with_a_retired_label_set
    text = "labels:\n  traefik: x\nRUNNER_LABELS=self-hosted,shop\n# --labels\ngh --labels $X\n"

    held(check, registrations(text), RETIRED, Labels())
    bare = registrations("./config.sh --no-default-labels --labels cubecastle,wsl\n")
    held(check, bare, RETIRED, Labels())
    wsl = registrations("LABELS=self-hosted,cubecastle,wsl\n")
    held(check, wsl, RETIRED, Labels(archives=("*.sh",)))
    nothing = RegistrationsSeen(repository="r", commit=None, read=0, unread=(), found=(), at=NOW)
    assert "no file fits" in held(check, nothing, RETIRED, Labels())[0]


def test_a_file_that_was_not_searched_leaves_it_open() -> None:
    seen = RegistrationsSeen(
        repository="r", commit=None, read=1, unread=("b.sh: no permission",), found=(), at=NOW
    )
    check = asked.check_nothing_registers_a_runner_with_a_retired_label_set

    assert "b.sh: no permission" in unsure(check, seen, RETIRED, Labels())


def test_the_files_that_are_too_large_are_named(tmp_path: Path) -> None:
    large = "#" * (1 << 20) + "\n"
    written(tmp_path, {"a.sh": "./config.sh --labels cubecastle,wsl\n", "b.sh": large, "c.sh": ""})
    at = Registering(source(tmp_path), ("*.sh",))

    seen = asyncio.run(find_registrations(at, Local(), deadline=30))

    assert (seen.read, seen.unread) == (2, ("b.sh: it is larger than 1048576 bytes",))
    assert [one.registered for one in seen.found] == [("cubecastle", "wsl", "self-hosted")]


def test_workflows_run_where_the_plan_says() -> None:
    check = asked.check_workflows_run_where_the_plan_says
    plan = HostedOnly(workflows=("ci.yml",), since=date(2025, 11, 22), plan="plan 266")

    held(check, workflows(job()), plan, Labels())
    held(check, workflows(job(runs_on="big")), plan, Labels(larger_runners=("big",)))
    saw = refused(check, workflows(job(runs_on="[self-hosted, linux]")), plan, Labels())
    assert "alone since 2025-11-22 (plan 266)" in saw
    assert f"{CI}:4:14: job build asks for [self-hosted, linux]" in saw
    partly = "[self-hosted, '${{ vars.SIZE }}']"
    assert "asks for [self-hosted, " in refused(
        check, workflows(job(runs_on=partly)), plan, Labels()
    )
    unsure(check, workflows(job(runs_on="${{ vars.SIZE }}")), plan, Labels())


def test_a_hosted_label_is_known_or_declared() -> None:
    check = asked.check_every_hosted_label_is_known

    held(check, workflows(job(runs_on="Ubuntu-Latest")), Labels())
    held(check, workflows(job(runs_on="[self-hosted, anything]")), Labels())
    held(check, workflows(job(runs_on="arc-set")), Labels(scale_sets=("arc-set",)))
    saw = refused(check, workflows(job(runs_on="ubuntu-lastest")), Labels())
    assert "ubuntu-lastest: did you mean ubuntu-latest?" in saw
    assert "as known on 2026-01-31" in saw
    gone = refused(check, workflows(job(runs_on="ubuntu-20.04")), Labels())
    assert "GitHub has no such runner since 2025-04-15" in gone
    told = held(check, workflows(job(runs_on="${{ vars.X }}")), Labels())
    assert "vars.X" in told[0]


def registrations(text: str) -> RegistrationsSeen:
    found = tuple(registrations_in("a.sh", text))
    return RegistrationsSeen(repository="r", commit=None, read=1, unread=(), found=found, at=NOW)
