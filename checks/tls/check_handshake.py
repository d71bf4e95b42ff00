"""Each address of the endpoint completes a handshake, on every connection."""

import pytest

from checks.wire.git import Advertisement, AdvertisementRefusal
from checks.wire.http import HttpRefusal, Response
from checks.wire.tls import Distrust, Handshake, HandshakeRefusal
from config.endpoints import Tls
from fixtures.subjects import holds
from reports.verdicts import expected

pytestmark = pytest.mark.network

Completed = Response | HttpRefusal | Advertisement | AdvertisementRefusal | Distrust


@pytest.mark.smoke
@holds(HandshakeRefusal)
def check_handshake_completes(handshakes: tuple[Handshake | HandshakeRefusal, ...]) -> None:
    refused = [one.headline for one in handshakes if isinstance(one, HandshakeRefusal)]
    assert not refused, expected("a completed handshake at every address of the name", refused)


@pytest.mark.smoke
@holds(HandshakeRefusal)
def check_handshake_completes_every_time(
    handshakes: tuple[Handshake, ...], again: tuple[Completed | HandshakeRefusal, ...]
) -> None:
    refused = [one.headline for one in again if isinstance(one, HandshakeRefusal)]
    saw = [*refused, f"{handshakes[0].address} completed another one: it comes and goes"]
    assert not refused, expected("a completed handshake on every connection", saw)


def check_protocol_is_recent_enough(handshakes: tuple[Handshake, ...], tls: Tls) -> None:
    older = [one.headline for one in handshakes if one.protocol < tls.minimum]
    assert not older, expected(f"{tls.minimum} or newer", older)
