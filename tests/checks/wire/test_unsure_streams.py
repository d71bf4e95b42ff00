"""What a relay cannot tell is told with what it told."""

import asyncio
from dataclasses import dataclass

from checks.wire.connections import Peer
from checks.wire.handshakes import HandshakeRefusal
from checks.wire.tls_opening import open_tls
from fixtures.vantages.carried import CarriedStream
from fixtures.vantages.elsewhere import Way
from fixtures.vantages.local import Local
from fixtures.vantages.relaying import Relays
from fixtures.vantages.relays import RELAYS
from tests.checks.wire.far_sides import close_at_hello, far_side, stay_silent

NC = next(relay for relay in RELAYS if relay.tool == "nc")


@dataclass(frozen=True)
class ByNc(Local):
    """This host, as if nc were all that it has."""

    async def open(self, address: str, port: int, *, deadline: float) -> CarriedStream:  # type: ignore[override]
        relays = Relays(Way("the test's place", lambda argv: argv, near=True))
        relays._left = [NC]
        return await relays.open(address, port, deadline=deadline)


def refusal(port: int, deadline: float) -> HandshakeRefusal:
    async def look() -> object:
        peer = Peer("localhost", port)
        return await open_tls(peer, "127.0.0.1", ByNc(), deadline=deadline)

    seen = asyncio.run(look())
    assert isinstance(seen, HandshakeRefusal)
    return seen


def test_silence_that_may_be_an_end_is_told_as_such() -> None:
    with far_side(close_at_hello) as port:
        refused = refusal(port, 1)

    assert refused.reason == "silent"
    assert refused.errors[-1] == "nc tells an RST from neither a FIN nor silence"


def test_silence_over_a_stream_that_tells_all_is_silence() -> None:
    async def look(port: int) -> object:
        return await open_tls(Peer("localhost", port), "127.0.0.1", Local(), deadline=0.5)

    with far_side(stay_silent) as port:
        seen = asyncio.run(look(port))

    assert isinstance(seen, HandshakeRefusal)
    assert not any("nc" in error.split() for error in seen.errors)
