"""Each address of the endpoint accepts a TCP connection."""

from checks.wire.connections import Connection, ConnectionRefusal
from fixtures.subjects import holds
from reports.verdicts import expected


@holds(ConnectionRefusal)
def check_connection_is_made(connections: tuple[Connection | ConnectionRefusal, ...]) -> None:
    refused = [one.headline for one in connections if isinstance(one, ConnectionRefusal)]
    assert not refused, expected("a connection to every address", refused)
