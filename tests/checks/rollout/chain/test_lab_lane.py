"""The chain of the lab's lane, on real git and a snapshot: whole, and broken link by link."""

from pathlib import Path

import pytest

from checks.rollout.chain.seen import Chain
from checks.rollout.chain.sightings import chain_of
from checks.rollout.closeout.rules import SEPARATE, missing_of
from checks.rollout.closeout.seen import Facts
from checks.rollout.closeout.sightings import facts_of
from checks.rollout.links import State
from config.lanes import Lane
from config.schema import Profile
from fixtures.lab.faults import Fault
from fixtures.observatory import Observatory
from fixtures.outcomes import Seen
from fixtures.sightings import plan
from fixtures.vantages.local import Local
from tests.checks.rollout.lab_lane import made
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
    assert set(absent) >= {"registry-digest", "target-validation", "mirror-status", "merge-commit"}
    assert set(SEPARATE) >= {one.partition(":")[0] for one in missing_of(facts)}


@pytest.mark.parametrize(
    ("fault", "node", "failure"),
    [
        (Fault.WORKTREE_DIRTY, "source", "source-worktree-dirty"),
        (Fault.MIRROR_BEHIND, "mirror", "mirror-source-lag"),
        (Fault.PIPELINE_FAILED, "pipeline", "pipelinerun-failed"),
        (Fault.CATALOG_BEHIND, "catalog", "catalog-source-mismatch"),
    ],
)
def test_a_fault_breaks_the_link_of_its_node_first(
    tmp_path: Path, fault: Fault, node: str, failure: str
) -> None:
    chain, _ = look(*made(tmp_path, fault))

    assert [(link.node, link.failure) for link in chain.broken][:1] == [(node, failure)], chain
    assert chain.standing is State.BROKEN


def test_the_cause_is_upstream_of_what_is_met(tmp_path: Path) -> None:
    chain, _ = look(*made(tmp_path, Fault.PIPELINE_FAILED, Fault.WORKTREE_DIRTY))

    assert [link.node for link in chain.broken] == ["source", "pipeline"]
