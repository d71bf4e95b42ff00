"""The faults of the lab's lane, through the real program: the first link that breaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from fixtures.lab.faults import LANE, Fault
from tests.program import Ended, run_checks

SELECTED = ("--profile", "lab", "-m", "rollout")
CHAIN = "check_every_link_agrees"


@dataclass(frozen=True)
class Broken:
    """What is violated besides the chain, with its class; and the chain's line."""

    checks: Mapping[str, str]
    line: str


BROKEN = {
    Fault.WORKTREE_DIRTY: Broken(
        {"check_worktree_is_clean": "source-worktree-dirty"},
        "breaks at source (source-worktree-dirty)",
    ),
    Fault.MIRROR_BEHIND: Broken(
        {
            "check_mirror_has_the_source_branch_of_its_upstream": "mirror-source-lag",
            "check_mirror_status_has_one_commit_of_the_source": "mirror-source-lag",
            "check_github_is_in_sync": "github-out-of-sync",
        },
        "breaks at mirror (mirror-source-lag)",
    ),
    Fault.PIPELINE_FAILED: Broken(
        {
            "check_target_is_validated": "target-validation-failed",
            "check_run_succeeds": "pipelinerun-failed",
            "check_builds_do_not_fail": "external-fetch-transient",
        },
        "breaks at pipeline (pipelinerun-failed)",
    ),
    Fault.CATALOG_BEHIND: Broken(
        {"check_catalog_follows_the_finished_run": "catalog-source-mismatch"},
        "breaks at catalog (catalog-source-mismatch)",
    ),
    Fault.IMAGE_GONE: Broken(
        {
            "check_images_are_in_the_registry": "digest-absent",
            "check_what_the_catalog_names_is_published": "publish-defect",
        },
        "breaks at registry (digest-absent)",
    ),
    Fault.ARGO_BEHIND: Broken(
        {
            "check_argo_compared_to_the_head_of_the_gitops_branch": "argo-revision-lag",
            "check_argo_applied_the_head_of_the_gitops_branch": "argo-revision-lag",
        },
        "breaks at argo (argo-revision-lag)",
    ),
    Fault.APPLICATION_DEGRADED: Broken(
        {"check_application_is_healthy": "argo-degraded"}, "breaks at argo (argo-degraded)"
    ),
    Fault.ROLLOUT_STUCK: Broken(
        {"check_workloads_are_rolled_out": "runtime-not-ready"},
        "breaks at runtime (runtime-not-ready)",
    ),
    Fault.RUNTIME_IMAGE_OLD: Broken(
        {"check_pods_run_the_published_images": "runtime-digest-mismatch"},
        "breaks at runtime (runtime-digest-mismatch)",
    ),
    Fault.LANE_UNHEALTHY: Broken(
        {"check_health_endpoint_is_well": "public-probe-failed"},
        "breaks at health (public-probe-failed)",
    ),
}


def violated(ended: Ended) -> dict[str, str]:
    """Return the class of each violated check, by name."""
    return {
        line["check"].partition("::")[2].partition("[")[0]: line["class"]
        for line in ended.journal("verdict")
        if line["verdict"] == "violated"
    }


def test_every_fault_of_the_lane_is_held_to_its_link() -> None:
    assert set(BROKEN) | {Fault.ROLLOUT_UNDER_WAY, Fault.SECRET_IN_GITOPS} == LANE


def test_the_lane_of_the_lab_is_whole(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, *SELECTED)

    assert ended.status == 0, ended.out
    assert set(ended.verdicts().values()) == {"upheld", "not-applicable"}
    assert list(ended.verdicts().values()).count("upheld") > 120
    assert "orders-v01 from lab is whole" in ended.out


@pytest.mark.parametrize("fault", BROKEN, ids=str)
def test_a_fault_breaks_its_link_first(fault: Fault, tmp_path: Path) -> None:
    broken = BROKEN[fault]

    ended = run_checks(tmp_path, *SELECTED, "--lab-fault", fault)

    assert ended.status == 1, ended.out
    found = violated(ended)
    assert broken.checks.items() <= found.items(), ended.out
    assert found[CHAIN] in broken.line
    assert f"orders-v01 from lab {broken.line}" in ended.out
    assert "orders-lane" in ended.out  # the lane's own next command
    if fault is Fault.PIPELINE_FAILED:
        assert "unexpected status from HEAD request: 502 Bad Gateway" in ended.out  # of its log


def test_what_is_under_way_is_neither_red_nor_green(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, *SELECTED, "--lab-fault", "rollout-under-way")

    assert violated(ended) == {}
    assert ended.status == 6
    assert ended.verdicts()[f"{CHAIN}[orders-v01@lab]"] == "inconclusive"
    assert "orders-v01 from lab is pending at runtime" in ended.out
    assert "pending: Deployment orders: 1 of 2 new replicas are updated" in ended.out


def test_a_secret_on_the_gitops_branch_is_found_and_never_shown(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, *SELECTED, "--lab-fault", "secret-in-gitops")

    held = "check_gitops_branch_holds_no_secret_value"
    assert violated(ended) == {held: "secret-value-in-gitops"}
    assert ended.folder is not None
    written = b"".join(path.read_bytes() for path in ended.folder.rglob("*") if path.is_file())
    assert b"lab-only-not-a-real-value" not in written + ended.out.encode()
