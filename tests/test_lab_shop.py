"""The faults of the lab's repository, through the real program: what broke, and its class."""

from pathlib import Path

import pytest

from fixtures.lab.faults import SHOP, Fault
from tests.program import run_checks

SELECTED = ("--profile", "lab", "-m", "labels or workflows")
BROKEN = {
    Fault.RETIRED_LABEL: (
        {
            "check_no_job_asks_for_a_retired_label_set": "POLICY",
            "check_every_label_set_has_a_runner": "CONFIG",
        },
        "[self-hosted, wsl] was retired on 2025-11-22 by plan 266",
    ),
    Fault.LABEL_TYPO: (
        {"check_every_hosted_label_is_known": "CONFIG"},
        "did you mean ubuntu-24.04",
    ),
    Fault.RUNNER_OFFLINE: (
        {"check_runners_that_jobs_need_are_online": "INFRA"},
        "shop-1 is offline",
    ),
    Fault.RUNNER_BUSY: (
        {
            "check_busy_runners_leave_no_long_queue": "CAPACITY",
            "check_no_job_waits_too_long": "CAPACITY",
        },
        "1 online, all busy",
    ),
    Fault.WORKFLOW_DUPLICATE_KEY: (
        {"check_workflow_files_are_clean": "CONFIG"},
        "deploy.yml:24:5: the key 'timeout-minutes' stands here again",
    ),
    Fault.ARTIFACT_COLLISION: ({"check_artifact_names_are_unique": "CONFIG"}, "lacks matrix.go"),
    Fault.DISPATCH_MISSING: (
        {"check_dispatch_is_declared_at_the_ref": "CONFIG"},
        "no workflow_dispatch; it is started by push",
    ),
}


def test_every_fault_of_the_repository_is_held_to_its_checks() -> None:
    assert set(BROKEN) == SHOP


def test_the_lab_is_upheld_and_its_workflows_can_be_dispatched(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, *SELECTED, "--allow-mutating")

    assert ended.status == 0, ended.out
    assert set(ended.verdicts().values()) == {"upheld"}
    dispatched = "check_a_dispatch_creates_a_run"
    assert {one for one in ended.verdicts() if one.startswith(dispatched)} == {
        f"{dispatched}[shop/ci.yml@lab]",
        f"{dispatched}[shop/deploy.yml@lab]",
    }


@pytest.mark.parametrize("fault", BROKEN, ids=str)
def test_a_fault_violates_its_checks_with_their_class(fault: Fault, tmp_path: Path) -> None:
    expected, words = BROKEN[fault]

    ended = run_checks(tmp_path, *SELECTED, "--lab-fault", fault)

    assert ended.status == 1, ended.out
    broken = [line for line in ended.journal("verdict") if line["verdict"] == "violated"]
    assert {
        line["check"].partition("::")[2].partition("[")[0]: line["class"] for line in broken
    } == expected
    assert words in " ".join(line["saw"] for line in broken)
    assert [line for line in broken if "diagnoses" in line] == []
    assert "inconclusive" not in ended.verdicts().values(), ended.out
