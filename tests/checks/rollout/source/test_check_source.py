"""The sentences about a source branch: each holds, is refused by its class, or cannot be told."""

from typing import Any

import pytest

from checks.rollout import check_source as checks
from checks.rollout.source.origins import Places
from checks.wire.worktrees import Entry
from config.lanes import Lane
from reports.verdicts import NotApplicable
from tests.checks.repositories import held, refused, unsure
from tests.checks.rollout.lanes import NONE, lane, source_fields
from tests.checks.rollout.pipeline import made
from tests.checks.rollout.seen import (
    BELOW,
    OLD,
    OTHER,
    SOURCE,
    TIP,
    ancestry,
    no_target,
    pull,
    refs,
    target,
    worktree,
)
from tests.checks.rollout.told.made import told

GITOPS = {
    "repository": "/nowhere/mirror.git",
    "branch": "v0.1-gitops",
    "path": "deploy/gitops/g14/runtime-v01",
    "render": NONE,
}


def of_worktree(**changes: Any) -> Lane:
    own = source_fields(worktree={"path": "/root/agentrun-v01", "ignored": [".worktree/x"]})
    return lane(source=own, gitops=GITOPS, next={"default": "agentrun v01 status"}, **changes)


def test_a_target_that_is_there_holds_and_one_that_is_not_names_its_class() -> None:
    check = checks.check_source_has_the_commit_to_be_proved

    assert held(check, target(), lane()) == []
    said = refused(check, no_target(), of_worktree())
    assert said.startswith("source-ref-missing: expected refs/heads/v0.1")
    assert "mend agentrun v01 status" in said
    missing = no_target("snapshot", f"{BELOW}/*")
    assert refused(check, missing, lane()).startswith("source-snapshot-missing: expected")
    unknown = target(commit=OLD, ancestry="unknown", why="fatal: Not a valid commit name")
    assert unsure(check, unknown, lane()).startswith("evidence-missing-object: fatal: Not a valid")


def test_a_target_is_the_tip_superseded_lost_or_unknown() -> None:
    check = checks.check_target_is_in_the_source_branch

    assert held(check, target(), lane()) == []
    remarks = held(check, target(commit=OLD, ancestry="contained"), lane())
    assert remarks[0].startswith("superseded: ")
    assert OLD in refused(check, target(commit=OLD, ancestry="not-contained"), lane())
    unknown = target(commit=OLD, ancestry="unknown", why="fatal: Not a valid commit name")
    assert unsure(check, unknown, lane()).startswith("evidence-missing-object: fatal: Not a valid")


def test_a_snapshot_is_at_the_commit_that_it_is_called_by() -> None:
    check = checks.check_snapshots_are_of_the_commits_that_they_name

    held(check, refs((f"{BELOW}/{TIP}", TIP)), target(), lane())
    assert f"is at {OLD}" in refused(check, refs((f"{BELOW}/{TIP}", OLD)), target(), lane())
    assert "none of these refs" in refused(check, refs(), target(), lane())
    ahead = target(authority="snapshot", head=OTHER)
    kept = refs((f"{BELOW}/{TIP}", TIP))
    assert f"pending: v0.1 is at {OTHER}" in unsure(check, kept, ahead, lane())
    held(check, kept, target(authority="snapshot", head=OTHER, asked=True), lane())
    other = refs((f"{BELOW}/{OLD}", OLD))
    assert f"none of {TIP}" in refused(check, other, target(), lane())


def test_a_snapshot_that_moves_is_seen_within_a_run_and_between_runs() -> None:
    first = refs((f"{BELOW}/{TIP}", TIP), (f"{BELOW}/{OLD}", OLD))
    changed, gone = refs((f"{BELOW}/{TIP}", OTHER), (f"{BELOW}/{OLD}", OLD)), refs(first_pair())
    more = refs((f"{BELOW}/{TIP}", TIP), (f"{BELOW}/{OLD}", OLD), (f"{BELOW}/{OTHER}", OTHER))

    for check, turned in (
        (checks.check_snapshots_do_not_move_while_they_are_looked_at, False),
        (checks.check_snapshots_are_where_an_earlier_run_saw_them, True),
    ):
        for now in (first, more):
            held(check, *((now, first) if turned else (first, now)), lane())
        assert "none of these refs" in unsure(check, refs(), refs(), lane())
        for now, words in ((changed, f"is {OTHER}"), (gone, "is gone")):
            assert words in refused(check, *((now, first) if turned else (first, now)), lane())


def first_pair() -> tuple[str, str]:
    return (f"{BELOW}/{TIP}", TIP)


@pytest.mark.parametrize("path", ["sourceStageRef", "summary.source.sourceStageRef"])
def test_the_status_shows_the_snapshot_wherever_it_tells_of_it(path: str) -> None:
    check = checks.check_status_shows_the_snapshot
    ref = f"{BELOW}/{TIP}"
    wanted = target(authority="snapshot", ref=ref)

    def telling(value: Any) -> Any:
        for key in reversed(path.split(".")):
            value = {key: value}
        return told(value)

    assert (
        "as `agentrun control-plane status` tells" in held(check, telling(ref), wanted, lane())[0]
    )
    assert f"{path} is" in refused(check, telling(f"{BELOW}/{OLD}"), wanted, lane())
    older = target(commit=OLD, ancestry="contained", authority="snapshot", ref=f"{BELOW}/{OLD}")
    (superseded,) = held(check, telling(ref), older, lane())
    assert superseded.startswith("superseded: ")
    apart = target(commit=OLD, ancestry="not-contained", authority="snapshot", ref=f"{BELOW}/{OLD}")
    refused(check, telling(ref), apart, lane())
    assert "is absent" in refused(check, told({}), wanted, lane())
    assert "not a text" in unsure(check, telling(7), wanted, lane())
    failed = told({"error": "no such lane"}, status=1)
    assert "which ended with 1" in unsure(check, failed, wanted, lane())


def test_a_worktree_follows_its_branch() -> None:
    check = checks.check_worktree_follows_its_branch

    held(check, worktree(), of_worktree())
    for wrong, words in (
        (worktree(branch="master"), "is on master"),
        (worktree(branch=None), "a detached HEAD"),
        (worktree(upstream=None, ahead=None, behind=None), "follows nothing"),
        (worktree(ahead=None, behind=None), "is gone there"),
        (worktree(ahead=1, behind=2), "+1 -2"),
    ):
        assert words in refused(check, wrong, of_worktree())


def test_a_worktree_is_where_the_branch_is_now() -> None:
    check = checks.check_worktree_is_at_the_branchs_tip

    held(check, worktree(), target(), of_worktree())
    assert f"is at {OLD}" in refused(check, worktree(commit=OLD), target(), of_worktree())


def test_a_worktree_is_clean_and_ignores_work_folders() -> None:
    held(checks.check_worktree_is_clean, worktree(), of_worktree())
    dirty = worktree(*(Entry("??", f"new/{one}") for one in range(25)))
    said = refused(checks.check_worktree_is_clean, dirty, of_worktree())
    assert "?? new/0" in said
    assert "and 5 more" in said

    held(checks.check_worktree_ignores_work_folders, worktree(), of_worktree())
    said = refused(
        checks.check_worktree_ignores_work_folders,
        worktree(not_ignored=(".worktree/x",)),
        of_worktree(),
    )
    assert ".worktree/x is not ignored" in said
    unnamed = lane(source=source_fields(worktree={"path": "/root/agentrun-v01"}), gitops=GITOPS)
    with pytest.raises(NotApplicable, match="names no path"):
        checks.check_worktree_ignores_work_folders(worktree(), unnamed)


def test_publishing_leaves_the_worktree_alone() -> None:
    catalog = {"path": "deploy/catalog.json", "services": ["mgr"]}
    check, own = checks.check_publishing_left_the_worktree_alone, of_worktree(catalog=catalog)
    gitops = own.gitops

    held(check, worktree(Entry(".M", "src/a")), gitops, own)
    for wrong, words in (
        (worktree(branch="v0.1-gitops"), "is on v0.1-gitops"),
        (worktree(branch=None), "detached HEAD"),
        (worktree(Entry("??", "deploy/gitops/g14/runtime-v01/a.yaml")), "?? deploy/gitops"),
        (worktree(Entry(".M", "deploy/catalog.json")), ".M deploy/catalog.json"),
    ):
        assert words in refused(check, wrong, gitops, own)


def test_a_worktree_is_as_it_was_before_publishing() -> None:
    check = checks.check_publishing_since_left_the_worktree_as_it_was
    before = worktree(Entry("??", "notes"))

    held(check, worktree(Entry("??", "notes"), commit=OLD), before, of_worktree())
    assert "was on v0.1" in refused(check, worktree(branch="x"), before, of_worktree())
    assert ".M src" in refused(check, worktree(Entry(".M", "src")), before, of_worktree())


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ({"summary": {"source": {"workspaceDetached": True}}}, "workspaceDetached is true"),
        ({"summary": {"source": {"workspaceDirty": "True"}}}, "workspaceDirty"),
        ({"blockers": ["source-worktree-restore-failed"]}, "restore-failed"),
        ({"alignment": {"blockers": [{"code": "workspaceDirty"}]}}, "alignment.blockers has"),
        ({"blockers": ["the workspace is blocked: workspace-dirty"]}, "blockers has"),
        ({"blockers": [{"text": "x" * 90, "code": "workspaceDetached"}]}, "blockers has"),
    ],
)
def test_a_host_workspace_that_blocks_is_an_authority_again(status: Any, words: str) -> None:
    check = checks.check_no_host_workspace_is_the_authority
    fine = told({"summary": {"source": {"workspaceDetached": False}}, "blockers": ["other"]})

    assert held(check, fine, target(), lane())
    assert words in refused(check, told(status), target(), lane())
    assert "and not a list" in unsure(check, told({"blockers": "none"}), target(), lane())
    for nothing in ({}, {"blockers": None}, {"summary": {"sourceCommit": TIP}}):
        assert "neither blockers" in unsure(check, told(nothing), target(), lane())


def test_a_merge_is_in_the_branch_or_not_or_nobody_knows() -> None:
    check = checks.check_merge_is_in_the_source_branch

    held(check, ancestry("contained"), lane())
    held(check, ancestry("same"), lane())
    assert f"{OLD} is not in the history of {TIP}" in refused(
        check, ancestry("not-contained"), lane()
    )
    assert "evidence-missing-object: it is shallow" in unsure(
        check, ancestry("unknown", "it is shallow"), lane()
    )


@pytest.mark.parametrize(
    "value",
    [False, None, [], {}, "False", {"drifted": False, "head": TIP}, {"ahead": 0, "commits": []}],
)
def test_no_drift_is_told_by_no_word_of_it(value: Any) -> None:
    check = checks.check_no_branch_drift_is_told

    held(check, told({"summary": {"branchDrift": value}}), target(), lane())
    held(check, told({"summary": {}}), target(), lane())
    assert "neither a summary" in unsure(check, told({"ok": False}, status=1), target(), lane())


def test_drift_counts_unless_the_target_is_superseded_and_git_proves_it() -> None:
    check = checks.check_no_branch_drift_is_told
    drift = {"alignment": {"branchDrift": True}}
    superseded = told(drift | {"targetValidation": {"state": "superseded"}})
    old = target(commit=OLD, ancestry="contained")

    assert "alignment.branchDrift is true" in refused(check, told(drift), old, lane())
    for value in ({"drifted": True, "stale": False}, {"head": TIP}, {"drifted": "True"}):
        refused(check, told({"branchDrift": value}), old, lane())
    assert held(check, superseded, old, lane())[0].startswith("superseded: ")
    lost = target(commit=OLD, ancestry="not-contained")
    assert "branchDrift is true" in refused(check, superseded, lost, lane())
    unknown = target(commit=OLD, ancestry="unknown", why="gone")
    assert "evidence-missing-object" in unsure(check, superseded, unknown, lane())


def test_drift_counts_wherever_it_is_told_and_git_is_asked_beside_the_tool() -> None:
    check = checks.check_no_branch_drift_is_told
    both = told({"summary": {"branchDrift": False}, "alignment": {"branchDrift": True}})
    lost = target(commit=OLD, ancestry="not-contained")
    unknown = target(commit=OLD, ancestry="unknown", why="gone")

    assert "alignment.branchDrift is true" in refused(check, both, target(), lane())
    aligned = told({"alignment": {}})
    assert "no drift is told" in refused(check, aligned, lost, lane())
    assert "evidence-missing-object: gone" in unsure(check, told({}), unknown, lane())


def test_a_superseded_target_is_read_where_the_lanes_tool_tells_of_it() -> None:
    pipeline = made.lane(told={"target_validation": "check.state"}).pipeline
    own = lane(pipeline=pipeline)
    superseded = told({"branchDrift": True, "check": {"state": "superseded"}})
    old = target(commit=OLD, ancestry="contained")

    assert held(checks.check_no_branch_drift_is_told, superseded, old, own)


def test_a_newer_head_that_a_tool_tells_of_is_superseding_only_if_proved() -> None:
    check = checks.check_told_head_is_not_taken_for_the_target

    assert held(check, ancestry("same"), lane()) == []
    assert held(check, ancestry("contained"), lane())[0].startswith("superseded: ")
    assert "has not" in refused(check, ancestry("not-contained"), lane())
    assert "evidence-missing-object" in unsure(check, ancestry("unknown", "gone"), lane())


def test_a_pull_request_goes_into_the_lanes_branch() -> None:
    check = checks.check_pull_request_goes_into_the_lanes_branch

    assert "agentrun#12 into v0.1" in held(check, pull(), lane())[0]
    assert "into main" in refused(check, pull("main"), lane())


HERE = Places((("here", "local"),))
RETIRED = {"names": ["agentrun_dev"], "origins": ["master", "/root/agentrun", "/tmp"]}


@pytest.mark.parametrize(
    "seen",
    [
        target(ref="refs/heads/master"),
        target(repository="/root/agentrun"),
        worktree(path="/root/agentrun/sub"),
        worktree(upstream="origin/master"),
        refs((SOURCE, TIP), repository="ssh://root@g14:/root/agentrun/.git"),
        refs((SOURCE, TIP), repository="g14:/root/agentrun"),
        told({"summary": {"source": {"worktreePath": "/tmp/x"}}}),
        told({"namespace": "agentrun_dev"}),
        told({"sourceBranch": "master"}),
    ],
)
def test_what_was_read_from_what_is_no_evidence_is_none(seen: Any) -> None:
    own = of_worktree(retired=RETIRED)

    assert refused(checks.check_evidence_is_of_this_lane, (target(), seen), HERE, own)


def test_evidence_of_the_lane_itself_is_admitted() -> None:
    every = (
        target(),
        worktree(),
        refs((SOURCE, TIP)),
        told({"dumpPath": "/tmp/output/status.json"}),
        told({"note": "master is gone", "sourceBranch": "v0.1", "path": "/root/agentrun-v01/x"}),
    )

    held(checks.check_evidence_is_of_this_lane, every, HERE, of_worktree(retired=RETIRED))


def test_a_lane_that_is_declared_to_look_elsewhere_is_refused_by_its_profile() -> None:
    own = lane(source=source_fields(repository="/root/agentrun"), retired=RETIRED)

    said = refused(checks.check_evidence_is_of_this_lane, (target(),), HERE, own)

    assert "source.repository: /root/agentrun (/root/agentrun)" in said


def test_a_command_of_a_retired_folder_and_a_container_are_no_evidence() -> None:
    check = checks.check_evidence_is_of_this_lane
    asks = [{"name": "git", "tells": "git-mirror", "argv": ["sh", "/tmp/x/status.sh"]}]
    own = of_worktree(retired=RETIRED | {"origins": ["docker", "/tmp"]}, told=asks)
    other = of_worktree(retired=RETIRED | {"origins": ["docker"]})

    assert "told.git: /tmp/x/status.sh (/tmp)" in refused(check, (target(),), HERE, own)
    said = refused(check, (target(),), Places((("builder", "docker"),)), other)
    assert "the vantage builder: docker (docker)" in said
    held(check, (target(),), HERE, other)
