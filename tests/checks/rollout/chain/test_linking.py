"""What was seen of nodes becomes links: one that is unknown does not hide the others."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, get_args

import pytest

from checks.rollout import check_chain
from checks.rollout.catalog.scanned import Standing
from checks.rollout.catalog.seen import Catalog, Published
from checks.rollout.chain.linking import Node, links_of
from checks.rollout.chain.moving import Reread, compared, together
from checks.rollout.chain.nodes import MOVING, NODES, _link_catalog
from checks.rollout.chain.seen import Move
from checks.rollout.failures import Failure
from checks.rollout.links import Link, State
from checks.rollout.pipeline.seen import Run
from checks.rollout.source.seen import NoTarget, Target
from config.lanes import Lane
from config.lanes.catalog import CatalogField
from config.model import Absent
from fixtures.outcomes import Unreached, Unseen
from fixtures.sightings import Sighting
from tests.checks.rollout.calling import judged
from tests.checks.rollout.chain.made import NEW, NOW, OLD, chain, lane, target
from tests.fixtures.stars import look

UNSEEN = Unseen("the API server refused it (403)", "let it be listed")
GONE = NoTarget(authority="worktree", ref="refs/heads/x", why="there is no branch x", at=NOW)


def at_target(_: Lane, seen: Target | None, *beside: Any) -> Link:
    if seen is None:
        return Link("source", State.UNKNOWN, "a target", "", "it was not looked at")
    wrong = seen.commit == NEW
    state = State.BROKEN if wrong else State.AGREES
    return Link("source", state, OLD, seen.commit, "", str(Failure.MISALIGNED) if wrong else "")


SOURCE = Node("source", ("target",), at_target)


def test_a_node_that_could_not_be_looked_at_is_unknown_and_the_others_are_linked() -> None:
    argo = Node("argo", ("app",), lambda _, app: Link("argo", State.AGREES, "", app, ""))
    lost = Node("runtime", ("pods",), lambda _, pods: Link("runtime", State.UNKNOWN, "e", "", "w"))
    told = {"target": target(), "app": "Synced", "pods": UNSEEN}

    links = links_of(lane(), told, (SOURCE, argo, lost))

    assert [link.state for link in links] == [State.AGREES, State.AGREES, State.UNKNOWN]
    assert links[2].why == "could not look: the API server refused it (403)"
    assert links[2].mend == "let it be listed"


def test_a_reason_that_nodes_share_is_told_once() -> None:
    def unseen(name: str) -> Node:
        return Node(name, ("target",), lambda _, __: Link(name, State.UNKNOWN, "e", "", "w"))

    nodes = (SOURCE, unseen("mirror"), unseen("pipeline"))
    links = links_of(lane(), {"target": UNSEEN}, nodes)

    assert [link.state for link in links] == [State.UNKNOWN] * 3
    assert links[0].why == "could not look: the API server refused it (403)"
    assert {link.why for link in links[1:]} == {"not looked at for the same reason as source"}
    found = judged(check_chain.check_every_link_agrees, chain=chain(links), lane=lane())
    assert found.judgement.reason == (
        "not known: source: could not look: the API server refused it (403);"
        " mirror, pipeline: not looked at for the same reason as source"
    )


def test_what_agrees_without_something_that_could_not_be_seen_is_not_proved() -> None:
    node = Node("source", ("target", "worktree"), at_target)

    (link,) = links_of(lane(), {"target": target(), "worktree": UNSEEN}, (node,))

    assert (link.state, link.failure) == (State.UNKNOWN, "")
    assert link.observed == OLD


def test_what_is_broken_is_broken_whatever_else_could_not_be_seen() -> None:
    node = Node("source", ("target", "worktree"), at_target)

    (link,) = links_of(lane(), {"target": target(commit=NEW), "worktree": UNSEEN}, (node,))

    assert (link.state, link.failure) == (State.BROKEN, "misaligned")
    assert link.mend == "agentrun v01 control-plane status"


def test_what_the_layer_below_saw_is_told_of_what_was_not_reached() -> None:
    needed = Sighting(look, "Vega", "here")

    (link,) = links_of(lane(), {"target": Unreached(needed, (GONE,))}, (SOURCE,))

    assert link.state is State.UNKNOWN
    assert link.why == "not reached: there is no target: there is no branch x"


def test_what_the_lane_declares_absent_is_absent_with_its_reason() -> None:
    node = Node("argo", ("app",), at_target, "argo")

    (link,) = links_of(lane(), {}, (node,))

    assert (link.state, link.why) == (State.ABSENT, "the test has none")


def test_what_a_node_is_itself_may_be_absent_though_the_node_is_declared() -> None:
    node = Node("source", ("target", "worktree"), at_target)
    gone = Absent(absent="the lane has no cluster")

    (link,) = links_of(lane(), {}, (node,), {"target": gone})
    (other,) = links_of(lane(), {"target": target()}, (node,), {"worktree": gone})

    assert (link.state, link.why) == (State.ABSENT, "the lane has no cluster")
    assert other.state is State.AGREES


def test_of_several_the_ones_that_were_seen_are_judged() -> None:
    def count(_: Lane, seen: Sequence[str]) -> Link:
        broken = "bad" in seen
        return Link("health", State.BROKEN if broken else State.AGREES, "", str(len(seen)), "")

    node = Node("health", ("healths",), count, None, frozenset({"healths"}))

    def state(*seen: Any) -> tuple[State, str]:
        (link,) = links_of(lane(), {"healths": seen if len(seen) != 1 else seen[0]}, (node,))
        return link.state, link.observed

    assert state("good") == (State.AGREES, "1")
    assert state("good", "good") == (State.AGREES, "2")
    assert state("good", UNSEEN) == (State.UNKNOWN, "1")
    assert state("bad", UNSEEN) == (State.BROKEN, "1")


def catalog() -> Catalog:
    manager = Published(
        service="mgr",
        repository=None,
        tag=None,
        digest=None,
        env_identity=None,
        boot_commit=None,
        status=None,
    )
    return Catalog(path="c.json", commit=OLD, source_commit=OLD, services=(manager,), at=NOW)


def standing(stands: Any) -> Standing:
    return Standing(target=NEW, commit=OLD, stands=stands, why="", at=NOW)


def run(status: str) -> Run:
    return Run(
        name="ci-1",
        namespace="agentrun-ci",
        uid="u",
        commit=NEW,
        status=status,
        reason="Succeeded" if status == "True" else "Running",
        message="",
        created=NOW,
        completed=NOW + timedelta(seconds=60) if status == "True" else None,
        ordered="",
        ordered_by="",
        deleting=False,
        others=(),
        at=NOW,
    )


@pytest.mark.parametrize(
    ("stands", "ran", "state"),
    [
        ("older", "Unknown", State.PENDING),
        ("older", "True", State.BROKEN),
        ("same", "True", State.AGREES),
        ("newer", "True", State.SUPERSEDED),
        ("apart", "True", State.BROKEN),
        ("unknown", "True", State.UNKNOWN),
    ],
)
def test_a_catalog_of_an_older_commit_is_late_once_its_run_is_over(
    stands: Any, ran: str, state: State
) -> None:
    known = {"path": "c.json", "services": ["mgr"], "without": get_args(CatalogField)}
    own = lane(catalog=known, pipeline={"absent": "x"})

    link = _link_catalog(own, catalog(), standing(stands), run(ran))

    assert link.state is state
    assert link.failure == ("catalog-source-mismatch" if state is State.BROKEN else "")


def test_refs_that_were_elsewhere_the_second_time_have_moved() -> None:
    read = compared("target", target(), target(tip=NEW), MOVING["target"])

    ref = "git@github.com:pikasTech/agentrun.git refs/heads/v0.1"
    assert read == Reread((ref,), (Move(ref, OLD, NEW),), ())


def test_a_ref_that_is_there_once_has_moved() -> None:
    (move,) = compared("target", target(), GONE, MOVING["target"]).moves

    assert (move.before, move.after) == (OLD, "nothing")


def test_a_new_snapshot_is_a_move_of_the_branchs_snapshots() -> None:
    kept = "refs/unidesk/snapshots/agentrun-yaml-lane/v0.2"
    first, second = (target(tip=one, ref=f"{kept}/{one}") for one in (OLD, NEW))

    (move,) = compared("target", first, second, MOVING["target"]).moves

    assert move.ref.endswith(kept)


def test_what_could_not_be_read_twice_is_told() -> None:
    assert compared("target", target(), UNSEEN, MOVING["target"]) == Reread(
        (), (), ("target: the API server refused it (403)",)
    )


def test_what_several_looks_tell_is_told_once() -> None:
    one = compared("target", target(), target(tip=NEW), MOVING["target"])

    assert together(one, one) == one


def test_every_link_of_a_lane_that_has_nothing_is_absent() -> None:
    links = links_of(lane(), {}, NODES)

    assert {link.state for link in links if link.node != "source"} == {State.ABSENT}
