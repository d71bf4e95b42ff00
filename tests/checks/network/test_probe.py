"""Trying again and again keeps every attempt, however it ends."""

import asyncio
import itertools
import time

from checks.network.probe import Attempt, Sampling, sample
from checks.wire.connections import Peer
from checks.wire.handshakes import HandshakeRefusal
from fixtures.vantages.local import Local
from tests.checks import made
from tests.checks.wire.far_sides import far_side, stay_silent


def attempts_at(port: int, sampling: Sampling) -> tuple[Attempt, ...]:
    addresses = (made.address("127.0.0.1"),)
    return asyncio.run(
        sample(Peer("a.test", port), Local(), sampling, addresses, deadline=5),
    )


def test_attempts_that_end_in_silence_do_not_wait_for_each_other() -> None:
    began = time.monotonic()

    with far_side(stay_silent) as port:
        seen = attempts_at(port, Sampling(count=6, interval=0.02, deadline=1.5))

    assert time.monotonic() - began < 6  # in a row they would take nine seconds
    assert [one.number for one in seen] == [1, 2, 3, 4, 5, 6]
    for one in seen:
        (outcome,) = one.outcomes
        assert isinstance(outcome, HandshakeRefusal)
        assert outcome.reason == "silent"
        assert not one.succeeded
    assert all(one.at < other.at for one, other in itertools.pairwise(seen))


def test_a_distrusted_handshake_is_no_success() -> None:
    assert made.attempt(1).succeeded
    assert not made.attempt(1, made.untrusted()).succeeded
    assert not made.attempt(1, made.handshake(mismatch="it is for b.test")).succeeded
    assert not made.attempt(1, made.handshake(), made.connection_refusal()).succeeded
