"""What a TLS endpoint shows to whoever connects."""

from checks.wire.certificates import Certificate, ChainError, Staple, is_address
from checks.wire.connections import ConnectionRefusal, Peer
from checks.wire.handshakes import Distrust, Handshake, HandshakeOutcome, HandshakeRefusal
from checks.wire.names import Address
from checks.wire.tls_words import Alert, Hello, Phase
from checks.wire.together import each
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage

__all__ = [
    "Alert",
    "Certificate",
    "ChainError",
    "Distrust",
    "Handshake",
    "HandshakeOutcome",
    "HandshakeRefusal",
    "Phase",
    "Staple",
    "shake_hands",
    "shake_hands_at",
]


def import_late() -> None:
    """Import what speaks TLS: who only lists the checks should not wait for it."""
    from checks.wire import tls_opening  # noqa: PLC0415, F401


def _command(peer: Peer, *_: object) -> str:
    at = f"[{peer.host}]" if ":" in peer.host else peer.host
    name = "-noservername" if is_address(peer.host) else f"-servername {peer.host}"
    return f"openssl s_client -connect {at}:{peer.port} {name} -showcerts </dev/null"


@prepared_by(import_late)
@by_hand(_command)
async def shake_hands(
    peer: Peer, vantage: Vantage, addresses: tuple[Address, ...], *, deadline: float
) -> tuple[HandshakeOutcome, ...]:
    """Complete one handshake with each of the addresses, all at once.

    A chain that is not trusted, and a name that does not match, are part of the
    handshake; a refusal is returned as a value. Raises `VantageError`.
    """
    return await each(
        [shake_hands_at(peer, one.address, vantage, deadline=deadline) for one in addresses]
    )


async def shake_hands_at(
    peer: Peer, address: str, vantage: Vantage, *, hello: Hello = "usual", deadline: float
) -> HandshakeOutcome:
    """Complete one handshake with one address, as `shake_hands` does with each."""
    from checks.wire.tls_opening import open_tls  # noqa: PLC0415 - see import_late

    opened = await open_tls(
        peer,
        address,
        vantage,
        alpn=("h2", "http/1.1"),
        hello=hello,
        leaving=True,
        deadline=deadline,
    )
    if isinstance(opened, HandshakeRefusal | ConnectionRefusal):
        return opened
    await opened.close()
    return opened.handshake
