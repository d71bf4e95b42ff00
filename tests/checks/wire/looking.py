"""One look at a far side, taken through the real vantage."""

import asyncio

from checks.wire.connections import Peer
from checks.wire.handshakes import Handshake
from checks.wire.tls_opening import open_tls
from checks.wire.tls_stream import TlsStream
from fixtures.vantages.local import Local
from reports.codec import decode, encode


def look(port: int, vantage: Local, host: str = "localhost", at: str = "127.0.0.1") -> Handshake:
    """Complete a handshake; what was seen has survived the codec."""

    async def shake() -> object:
        peer = Peer(host, port)
        opened = await open_tls(peer, at, vantage, alpn=("h2", "http/1.1"), deadline=10)
        if not isinstance(opened, TlsStream):
            return opened
        await opened.close()
        trusted = not opened.handshake.distrust and opened.handshake.mismatch is None
        assert (opened.distrust is None) == trusted
        return opened.handshake

    seen = asyncio.run(shake())
    assert isinstance(seen, Handshake), seen
    assert decode(encode(seen)) == seen
    assert seen.headline.isprintable()
    return seen


def distrust(seen: Handshake) -> list[tuple[str, int]]:
    return [(error.text, error.depth) for error in seen.distrust]
