"""Putting a chain together: of the look that counts, which is the last that was whole."""

import asyncio
from typing import Any

import pytest

from checks.rollout.chain.probe import ChainOf, put_together, told_of
from checks.rollout.chain.seen import Chain, Move, Moved, Round, Still
from checks.rollout.links import State
from fixtures.outcomes import Unreached, Unseen
from fixtures.sightings import Sighting
from fixtures.vantages.local import Local
from tests.checks.rollout.chain.made import NEW, NOW, OLD, lane, links
from tests.fixtures.stars import look

OF = ChainOf("agentrun-v01", (), lane())
MOVE = Move("refs/heads/v0.1", OLD, NEW)
STILL = Still(lane="agentrun-v01", refs=("refs/heads/v0.1",), unread=("mirror: 403",), at=NOW)
MOVED = Moved(lane="agentrun-v01", moves=(MOVE,), refs=(MOVE.ref,), unread=(), at=NOW)
FIRST = Round(lane="agentrun-v01", looked=links(argo=State.PENDING), at=NOW)
SECOND = Round(lane="agentrun-v01", looked=links(), at=NOW)
LEFT_OUT = Unreached(Sighting(look, "x", "here"), (STILL,))


def put(*seen: Any) -> Chain:
    return asyncio.run(put_together(OF, Local(), *seen, deadline=1))


def test_what_stood_still_counts_as_it_was_seen_first() -> None:
    chain = put(FIRST, STILL, LEFT_OUT, LEFT_OUT)

    assert chain.links == FIRST.looked
    assert (chain.moved, chain.moving) == ((), ())
    assert (chain.reread, chain.unread) == (STILL.refs, STILL.unread)


def test_what_moved_counts_as_it_was_seen_once_more() -> None:
    chain = put(FIRST, MOVED, SECOND, STILL)

    assert chain.links == SECOND.looked
    assert (chain.moved, chain.moving) == ((MOVE,), ())
    assert chain.headline.startswith("agentrun-v01 is whole")


@pytest.mark.parametrize(
    ("second", "moving"),
    [(SECOND, MOVED), (SECOND, Unseen("it hangs", "x")), (Unseen("it hangs", "x"), LEFT_OUT)],
)
def test_what_moved_and_was_not_seen_standing_still_is_of_no_one_moment(
    second: Any, moving: Any
) -> None:
    assert put(FIRST, MOVED, second, moving).moving == (MOVE,)


def test_what_is_asked_as_the_same_several_times_is_a_tuple() -> None:
    assert told_of(("a", "b", "a"), (1, 2, 3)) == {"a": (1, 3), "b": 2}
