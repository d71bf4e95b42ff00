"""Each address of the endpoint completes a handshake."""

import pytest

from checks.wire.tls import Handshake, HandshakeRefusal
from config.endpoints import Tls
from fixtures.subjects import holds
from reports.verdicts import expected

pytestmark = pytest.mark.network


@holds(HandshakeRefusal)
def check_handshake_completes(handshakes: tuple[Handshake | HandshakeRefusal, ...]) -> None:
    refused = [one.headline for one in handshakes if isinstance(one, HandshakeRefusal)]
    assert not refused, expected("a completed handshake at every address", refused)


def check_protocol_is_recent_enough(handshakes: tuple[Handshake, ...], tls: Tls) -> None:
    older = [one.headline for one in handshakes if one.protocol < tls.minimum]
    assert not older, expected(f"{tls.minimum} or newer", older)
