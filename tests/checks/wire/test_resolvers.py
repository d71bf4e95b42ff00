import asyncio
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.wire.resolvers import Resolvers, Server, parse_resolvers, read_resolvers
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode

NOW = datetime(2026, 11, 21, tzinfo=UTC)
NONE_NAMED = (Server("127.0.0.1"),)


def parse(text: str) -> Resolvers:
    return parse_resolvers("/etc/resolv.conf", text.encode(), NOW)


def test_what_a_resolver_takes_is_told_from_what_it_passes_over() -> None:
    seen = parse(
        "# a comment\n; another\n\n"
        "nameserver 192.0.2.1 # near\n"
        "nameserver\t2001:db8::1\r\n"
        "nameserver fe80::1%eth0\n"
        "nameserver 192.0.2.4\n"
        "nameserver resolver.test\n"
        " nameserver 192.0.2.5\n"
        "domain old.test\n"
        "search one.test two.test\n"
        "options ndots:2 timeout:1\noptions rotate\n"
        "sortlist 192.0.2.0\n"
    )

    assert seen.servers == (Server("192.0.2.1"), Server("2001:db8::1"), Server("fe80::1%eth0"))
    assert not seen.implied
    assert seen.search == ("one.test", "two.test")
    assert seen.options == ("ndots:2", "timeout:1", "rotate")
    assert seen.ignored == (
        "nameserver 192.0.2.4",
        "nameserver resolver.test",
        " nameserver 192.0.2.5",
        "sortlist 192.0.2.0",
    )
    assert seen.headline == "/etc/resolv.conf: 192.0.2.1, 2001:db8::1, fe80::1%eth0"


@given(st.binary())
def test_any_bytes_name_servers_or_imply_this_host(content: bytes) -> None:
    seen = parse_resolvers("/etc/resolv.conf", content, NOW)

    assert 1 <= len(seen.servers) <= 3
    assert seen.implied <= (seen.servers == NONE_NAMED)
    assert seen.headline.isprintable()
    assert decode(encode(seen)) == seen


@given(st.lists(st.ip_addresses(), min_size=1, max_size=3))
def test_servers_are_kept_in_their_order(addresses: list[object]) -> None:
    seen = parse("".join(f"nameserver {address}\n" for address in addresses))

    assert [ip_address(server.address) for server in seen.servers] == addresses


def test_a_missing_file_implies_this_host(tmp_path: Path) -> None:
    seen = asyncio.run(read_resolvers(str(tmp_path / "absent"), Local(), deadline=10))

    assert (seen.servers, seen.implied) == (NONE_NAMED, True)


def test_a_file_that_cannot_be_read_is_an_inability(tmp_path: Path) -> None:
    with pytest.raises(VantageError, match="is not a file"):
        asyncio.run(read_resolvers(str(tmp_path), Local(), deadline=10))


def test_a_server_names_its_port_where_it_is_another() -> None:
    servers = [Server("192.0.2.1"), Server("192.0.2.1", 5353), Server("::1", 5353)]

    assert list(map(str, servers)) == ["192.0.2.1", "192.0.2.1:5353", "[::1]:5353"]
