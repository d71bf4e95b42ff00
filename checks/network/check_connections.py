"""Each address of the endpoint accepts a TCP connection, every time."""

import pytest

from checks.wire.connections import Connection, ConnectionRefusal
from checks.wire.git import Advertisement, AdvertisementRefusal
from checks.wire.http import HttpRefusal, Response
from checks.wire.tls import Distrust, HandshakeRefusal
from fixtures.subjects import holds
from reports.verdicts import expected

Connected = (
    Response | HttpRefusal | Advertisement | AdvertisementRefusal | Distrust | HandshakeRefusal
)


@pytest.mark.smoke
@holds(ConnectionRefusal)
def check_connection_is_made(connections: tuple[Connection | ConnectionRefusal, ...]) -> None:
    refused = [one.headline for one in connections if isinstance(one, ConnectionRefusal)]
    assert not refused, expected("a connection to every address of the name", refused)


@pytest.mark.smoke
@holds(ConnectionRefusal)
def check_connection_is_made_every_time(
    connections: tuple[Connection, ...], again: tuple[Connected | ConnectionRefusal, ...]
) -> None:
    refused = [one.headline for one in again if isinstance(one, ConnectionRefusal)]
    saw = [*refused, f"{connections[0].address} accepted another one: it comes and goes"]
    assert not refused, expected("every connection to be made", saw)
