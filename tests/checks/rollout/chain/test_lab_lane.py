"""The chain of the lab's lane, on real git and a snapshot: whole, and broken link by link."""

from pathlib import Path

import pytest

from checks.rollout.chain.seen import Chain
from checks.rollout.chain.sightings import chain_of
from checks.rollout.closeout.rules import missing_of, not_there
from checks.rollout.closeout.seen import Facts
from checks.rollout.closeout.sightings import facts_of
from checks.rollout.links import State
from config.lanes import Lane
from config.lanes.catalog import Registry
from config.schema import Profile
from fixtures.lab.faults import Fault
from fixtures.observatory import Observatory
from fixtures.outcomes import Seen
from fixtures.sightings import plan
from fixtures.vantages.local import Local
from tests.checks.rollout.lab_lane import lane_with_registry, made
from tests.fixtures.stars import Notebook


def look(profile: Profile, lane: Lane) -> tuple[Chain, Facts]:
    wanted = (chain_of(profile, lane), facts_of(profile, lane))
    here = {"here": Local()}
    observatory = Observatory(plan(wanted), here, Notebook(), in_flight=4, limit=120)
    observatory.start()
    try:
        chain, facts = (observatory.see(one, lambda _: None) for one in wanted)
    finally:
        observatory.stop()
    assert isinstance(chain, Seen)
    assert isinstance(facts, Seen)
    assert isinstance(chain.observations, Chain)
    assert isinstance(facts.observations, Facts)
    return chain.observations, facts.observations


def test_a_lane_in_which_all_is_well_is_whole(tmp_path: Path) -> None:
    chain, facts = look(*made(tmp_path))

    assert {link.node: link.state for link in chain.links if link.state is not State.ABSENT} == {
        link.node: State.AGREES for link in chain.links if link.state is not State.ABSENT
    }, chain.links
    assert (chain.moved, chain.moving, chain.unread) == ((), (), ())
    source = facts.fact("source-commit")
    assert source is not None
    assert [one.value for one in facts.facts if one.name == "gitops-revision"] != [""]
    assert facts.superseded is False
    assert facts.over is None
    absent = [one.name for one in facts.facts if one.absent]
    assert set(absent) == {"registry-digest", "target-validation", "mirror-status", "merge-commit"}
    assert missing_of(facts) == []


def test_a_namespace_that_the_snapshot_was_not_taken_of_is_unknown_and_not_empty(
    tmp_path: Path,
) -> None:
    profile, lane = made(tmp_path)
    (taken,) = profile.clusters or ()
    argo = lane.argo.model_copy(update={"namespace": "argocd-of-g14"})
    lane = lane.model_copy(update={"argo": argo})
    shown = taken.model_copy(update={"namespaces": ()})
    chain, facts = look(profile.model_copy(update={"clusters": (shown,), "lanes": (lane,)}), lane)

    links = {link.node: link for link in chain.links}
    assert links["argo"].state is State.UNKNOWN
    assert "no Application outside of argocd, and does not say" in links["argo"].why
    assert links["runtime"].state is State.AGREES
    (unread,) = [one for one in facts.facts if one.name == "argo-revision"]
    assert unread.unread
    assert "no Application outside of argocd, and does not say" in unread.why


@pytest.mark.parametrize(
    ("fault", "node", "failure"),
    [
        (Fault.WORKTREE_DIRTY, "source", "source-worktree-dirty"),
        (Fault.MIRROR_BEHIND, "mirror", "mirror-source-lag"),
        (Fault.PIPELINE_FAILED, "pipeline", "pipelinerun-failed"),
        (Fault.CATALOG_BEHIND, "catalog", "catalog-source-mismatch"),
        (Fault.ARGO_BEHIND, "argo", "argo-revision-lag"),
        (Fault.APPLICATION_DEGRADED, "argo", "argo-degraded"),
        (Fault.ROLLOUT_STUCK, "runtime", "runtime-not-ready"),
    ],
)
def test_a_fault_breaks_the_link_of_its_node_first(
    tmp_path: Path, fault: Fault, node: str, failure: str
) -> None:
    chain, _ = look(*made(tmp_path, fault))

    assert [(link.node, link.failure) for link in chain.broken][:1] == [(node, failure)], chain
    assert chain.standing is State.BROKEN


@pytest.mark.parametrize(
    ("fault", "node", "failure"),
    [
        (Fault.RUNTIME_IMAGE_OLD, "runtime", "runtime-digest-mismatch"),
        (Fault.IMAGE_GONE, "registry", "digest-absent"),
    ],
)
def test_images_are_compared_with_what_the_registry_has(
    tmp_path: Path, fault: Fault, node: str, failure: str
) -> None:
    with lane_with_registry(tmp_path, fault) as (profile, lane):
        chain, _ = look(profile, lane)

    assert [(link.node, link.failure) for link in chain.broken][:1] == [(node, failure)], chain


def test_a_rollout_under_way_is_pending(tmp_path: Path) -> None:
    with lane_with_registry(tmp_path, Fault.ROLLOUT_UNDER_WAY) as (profile, lane):
        chain, _ = look(profile, lane)

    assert chain.standing is State.PENDING
    assert [link.node for link in chain.links if link.state is State.PENDING] == ["runtime"]


def test_what_is_whole_with_its_registry_states_every_fact(tmp_path: Path) -> None:
    with lane_with_registry(tmp_path) as (profile, lane):
        chain, facts = look(profile, lane)

    assert chain.standing is State.AGREES, chain
    assert missing_of(facts) == []
    told = {one.name: one.value for one in facts.facts}
    digest = told["registry-digest"].split()[-1]
    assert told["runtime-digest"].endswith(digest)
    assert told["argo-revision"] == f"{told['gitops-revision']}: Synced, Healthy"


def test_a_registry_that_has_other_images_was_not_asked_for_the_catalogs(tmp_path: Path) -> None:
    with lane_with_registry(tmp_path) as (profile, lane):
        assert isinstance(lane.registry, Registry)
        registry = lane.registry.model_copy(update={"name": "another.test"})
        other = lane.model_copy(update={"registry": registry})
        chain, facts = look(profile, other)

    assert [one.node for one in chain.links if one.state is State.UNKNOWN] == ["registry"]
    assert missing_of(facts) == [
        "registry-digest: orders: its image is of another registry than another.test"
    ]
    assert not_there(facts) == []


def test_the_cause_is_upstream_of_what_is_met(tmp_path: Path) -> None:
    chain, _ = look(*made(tmp_path, Fault.PIPELINE_FAILED, Fault.WORKTREE_DIRTY))

    assert [link.node for link in chain.broken] == ["source", "pipeline"]
