"""The links of source and mirror, and what a lane's case offers of both."""

from typing import Any

import pytest

from checks.rollout import check_mirror, check_source, check_source_content
from checks.rollout.cases import cases
from checks.rollout.links import Link, State
from checks.rollout.mirror.chain import link as mirror_link
from checks.rollout.source.chain import link as source_link
from checks.wire.worktrees import Entry
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Baseline, Case, Sighting, plan
from fixtures.subjects import wanted
from tests.checks.rollout.lanes import NONE, lane, mirror_fields, profile, source_fields
from tests.checks.rollout.seen import (
    GITOPS,
    OLD,
    SOURCE,
    TIP,
    no_target,
    refs,
    target,
    upstream,
    worktree,
)

GITOPS_FIELDS = {
    "repository": "/nowhere/mirror.git",
    "branch": "v0.1-gitops",
    "path": "deploy/gitops/g14/runtime-v01",
    "render": NONE,
}
TOLD = [
    {"name": "status", "tells": "control-plane", "argv": ["agentrun", "{lane}", "status"]},
    {"name": "mirror", "tells": "git-mirror", "argv": ["agentrun", "git-mirror", "status"]},
]


def of_lanes(given: Profile) -> list[Case]:
    """Return the case of each lane as a whole: what it has several of has others beside it."""
    whole_lanes = {one.name for one in given.lanes} if isinstance(given.lanes, tuple) else set()
    return [case for case in cases(given) if case.target in whole_lanes]


def whole(**changes: Any) -> Lane:
    fields: dict[str, Any] = {
        "source": source_fields(
            worktree={"path": "/root/agentrun-v01"},
            documents=["AGENTS.md"],
            definitions=["deploy/deploy.json"],
            robots=["A Robot"],
            merge_commit=OLD,
            pull_request=12,
            github="agentrun",
            snapshots="refs/unidesk/snapshots/agentrun-yaml-lane",
        ),
        "mirror": mirror_fields(manifests=["devops-infra/git-mirror.yaml"]),
        "gitops": GITOPS_FIELDS,
        "told": TOLD,
        "retired": {"names": ["agentrun_dev"], "origins": ["master"]},
        "next": {"mirror-source-lag": "agentrun git-mirror sync"},
    }
    return lane(**(fields | changes))


REPOSITORIES = [{"name": "agentrun", "github": {"repository": "o/agentrun"}}]


def state(link: Link) -> tuple[State, str]:
    return link.state, link.failure


@pytest.mark.parametrize(
    ("seen", "at", "wanted_state", "failure"),
    [
        (target(), worktree(), State.AGREES, ""),
        (target(), None, State.AGREES, ""),
        (target(commit=OLD, ancestry="contained"), worktree(), State.SUPERSEDED, ""),
        (target(commit=OLD, ancestry="unknown", why="gone"), worktree(), State.UNKNOWN, ""),
        (
            target(commit=OLD, ancestry="not-contained"),
            worktree(),
            State.BROKEN,
            "branch-drift-not-ancestor",
        ),
        (no_target(), None, State.BROKEN, "source-ref-missing"),
        (no_target("snapshot"), None, State.BROKEN, "source-snapshot-missing"),
        (target(), worktree(commit=OLD), State.BROKEN, "source-worktree-diverged"),
        (target(), worktree(Entry("??", "x")), State.BROKEN, "source-worktree-dirty"),
        (target(authority="snapshot"), worktree(commit=OLD), State.AGREES, ""),
        (None, None, State.UNKNOWN, ""),
    ],
)
def test_the_sources_link(seen: Any, at: Any, wanted_state: State, failure: str) -> None:
    assert state(source_link(whole(), seen, at)) == (wanted_state, failure)


@pytest.mark.parametrize(
    ("mine", "theirs", "wanted_state", "failure"),
    [
        (refs((SOURCE, TIP), (GITOPS, OLD)), upstream((GITOPS, OLD)), State.AGREES, ""),
        (refs((SOURCE, TIP)), upstream(why="no answer"), State.AGREES, ""),
        (refs((SOURCE, OLD)), None, State.BROKEN, "mirror-source-lag"),
        (refs(), None, State.BROKEN, "mirror-source-lag"),
        (
            refs((SOURCE, TIP), (GITOPS, OLD)),
            upstream((GITOPS, TIP)),
            State.BROKEN,
            "mirror-gitops-lag",
        ),
        (None, None, State.UNKNOWN, ""),
    ],
)
def test_the_mirrors_link(mine: Any, theirs: Any, wanted_state: State, failure: str) -> None:
    link = mirror_link(whole(), target(), mine, theirs)

    assert state(link) == (wanted_state, failure)
    if failure == "mirror-source-lag":
        assert link.mend == "agentrun git-mirror sync"


def test_a_mirrors_branch_that_went_on_from_the_newest_snapshot_does_not_lag() -> None:
    kept = target(commit=OLD, tip=OLD, authority="snapshot")
    ahead = refs((SOURCE, TIP), (GITOPS, OLD))

    for theirs in (None, upstream(why="no answer"), upstream((SOURCE, TIP), (GITOPS, OLD))):
        assert state(mirror_link(whole(), kept, ahead, theirs)) == (State.AGREES, "")
    behind = upstream((SOURCE, "d" * 40), (GITOPS, OLD))
    assert state(mirror_link(whole(), kept, ahead, behind)) == (State.BROKEN, "mirror-source-lag")
    assert state(mirror_link(whole(), kept, refs(), None)) == (State.BROKEN, "mirror-source-lag")


def test_a_mirror_that_is_absent_says_why_and_none_is_judged_without_a_target() -> None:
    assert state(mirror_link(lane(), None, None, None)) == (State.ABSENT, "")
    assert mirror_link(lane(), None, None, None).why == "this test has none"
    assert state(mirror_link(whole(), no_target(), refs(), None)) == (State.UNKNOWN, "")


def checks() -> list[Any]:
    return [
        found
        for module in (check_source, check_source_content, check_mirror)
        for name, found in vars(module).items()
        if name.startswith("check_")
    ]


def test_every_check_has_what_it_asks_for_in_a_whole_lane() -> None:
    by_worktree, by_snapshot = (
        whole(),
        whole(
            source=whole().source.model_copy(update={"authority": "snapshot"}), name="by-snapshot"
        ),
    )
    case, other = of_lanes(profile(by_worktree, by_snapshot, repositories=REPOSITORIES))
    every: list[Sighting] = []

    for check in checks():
        for name in set(wanted(check)) - {"remark"}:
            offered = other[name] if name == "told_of_snapshots" else case[name]
            assert not isinstance(offered, Absent), (check.__name__, name, offered)
            many = offered if isinstance(offered, tuple) else (offered,)
            every += [one for one in many if isinstance(one, Sighting)]
            every += [one.sighting for one in many if isinstance(one, Baseline)]
    assert case.id == "agentrun-v01@here"
    assert len(plan(every)) > 12
    assert all(one.by_hand for one in every)


def test_every_check_of_a_bare_lane_is_absent_with_a_reason_or_has_its_sightings() -> None:
    (case,) = of_lanes(profile(lane()))

    for check in checks():
        for name in set(wanted(check)) - {"remark"}:
            offered = case[name]
            assert isinstance(offered, Sighting | Lane) or offered.absent, name


def test_the_truth_file_of_a_lane_that_names_no_robots_is_judged_all_the_same() -> None:
    (case,) = of_lanes(profile(lane()))
    none = lane(source=source_fields(truth_file={"absent": "there never was one"}))
    (without,) = of_lanes(profile(none))

    assert isinstance(case["truth_log"], Sighting)
    assert isinstance(case["source_log"], Absent)
    assert without["truth_log"].absent == "there never was one"


def test_lanes_of_one_branch_share_their_sightings() -> None:
    one, other = whole(), whole(name="again")
    first, second = of_lanes(profile(one, other, repositories=REPOSITORIES))

    for name in ("target", "mirror_refs", "upstream", "source_tree", "worktree"):
        assert first[name] == second[name]
