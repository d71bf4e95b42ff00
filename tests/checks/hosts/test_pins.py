import asyncio
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from checks.hosts.pins import (
    Bypass,
    NothingPinned,
    Pinned,
    PinServes,
    examine_pins,
    look_past_pin,
)
from checks.wire.connections import ConnectionRefusal, Peer
from checks.wire.handshakes import Handshake
from checks.wire.identity import StalePin
from checks.wire.nameservers import NoReply, Reply
from fixtures.sightings import Sighting
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.hosts.files import BLOCK, PLAIN, hosts
from tests.checks.wire.far_sides import far_side, over_tls, pem_of, server_context

NOON = datetime(2025, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def here(authority: trustme.CA, tmp_path: Path) -> Local:
    return Local(authorities=(pem_of(authority, tmp_path),))


@pytest.fixture
def port(authority: trustme.CA) -> Iterator[int]:
    """Serve github.com at 127.0.0.1, another name at 127.0.0.2, and nothing at 127.0.0.3."""
    own = server_context(authority.issue_cert("github.com", "api.github.com"))
    other = server_context(authority.issue_cert("parked.example"))
    with far_side(over_tls(own)) as port, far_side(over_tls(other), "127.0.0.2", port):
        yield port


def examine(port: int, vantage: Local, *pins: str) -> tuple[object, ...]:
    block = "".join(f"{pin}\n" for pin in pins)
    file = hosts(f"{PLAIN}# Plan 267-D GitHub override (2025-11-20T08:00:00Z)\n{block}")
    pinned = Pinned("/etc/hosts", BLOCK.marker, port)
    seen = asyncio.run(examine_pins(pinned, vantage, file, deadline=10))
    assert decode(encode(seen)) == seen
    return seen


def test_a_pin_serves_where_the_names_trusted_identity_is_shown(port: int, here: Local) -> None:
    one, other = examine(port, here, "127.0.0.1 github.com api.github.com")

    assert isinstance(one, PinServes)
    assert isinstance(other, PinServes)
    assert (one.host, one.address, one.line) == ("github.com", "127.0.0.1", 4)
    assert (other.host, other.showed.mismatch) == ("api.github.com", None)


def test_a_pin_is_stale_where_another_name_is_served(port: int, here: Local) -> None:
    (seen,) = examine(port, here, "127.0.0.2 github.com")

    assert isinstance(seen, StalePin)
    assert (seen.host, seen.address) == ("github.com", "127.0.0.2")
    assert isinstance(seen.showed, Handshake)
    assert seen.showed.mismatch is not None


def test_a_pin_is_stale_where_nothing_listens(port: int, here: Local) -> None:
    serving, stale = examine(port, here, "127.0.0.1 github.com", "127.0.0.3 api.github.com")

    assert isinstance(serving, PinServes)
    assert isinstance(stale, StalePin)
    assert isinstance(stale.showed, ConnectionRefusal)
    assert stale.showed.reason == "refused"


def test_a_pin_is_stale_where_the_authority_is_not_trusted(port: int) -> None:
    (seen,) = examine(port, Local(), "127.0.0.1 github.com")

    assert isinstance(seen, StalePin)
    assert isinstance(seen.showed, Handshake)
    assert seen.showed.distrust != ()


def test_a_block_without_pins_pins_nothing(here: Local) -> None:
    (seen,) = examine(443, here)

    assert isinstance(seen, NothingPinned)


def reply(*addresses: str) -> Reply:
    return Reply(
        name="github.com",
        server="127.0.0.1",
        transport="udp",
        question="A",
        rcode="NOERROR" if addresses else "NXDOMAIN",
        flags=(),
        aliases=(),
        addresses=addresses,
        ttl=60 if addresses else None,
        edns_size=None,
        truncated=False,
        seconds=0.01,
        at=NOON,
    )


def look_past(port: int, vantage: Local, *replies: Reply | NoReply) -> Bypass:
    peer = Peer("github.com", port)
    seen = asyncio.run(look_past_pin(peer, vantage, replies, deadline=10))
    assert decode(encode(seen)) == seen
    return seen


def test_what_serves_without_the_override_is_told_apart(port: int, here: Local) -> None:
    seen = look_past(port, here, reply("127.0.0.2", "127.0.0.1"), reply("127.0.0.1"))

    assert seen.addresses == ("127.0.0.2", "127.0.0.1")
    assert seen.serving == ("127.0.0.1",)
    assert len(seen.showed) == 2


def test_a_negative_reply_leads_past_the_override_to_nothing(here: Local) -> None:
    seen = look_past(443, here, reply())

    assert (seen.addresses, seen.serving) == ((), ())


def test_silent_nameservers_lead_past_the_override_to_nothing(here: Local) -> None:
    silent = NoReply(
        name="github.com",
        server="127.0.0.1",
        transport="udp",
        question="A",
        reason="timeout",
        text="",
        seconds=3.0,
        at=NOON,
    )

    seen = look_past(443, here, silent)

    assert (seen.addresses, seen.serving) == ((), ())
    assert seen.headline == "github.com: no nameserver gives an address"


def test_a_silent_nameserver_does_not_hide_what_another_gives(port: int, here: Local) -> None:
    silent = NoReply(
        name="github.com",
        server="127.0.0.9",
        transport="tcp",
        question="A",
        reason="refused",
        text="",
        seconds=0.1,
        at=NOON,
    )

    assert look_past(port, here, silent, reply("127.0.0.1")).serving == ("127.0.0.1",)


def test_the_command_by_hand_asks_for_each_pin_of_the_block(tmp_path: Path) -> None:
    file, tools = tmp_path / "the hosts", tmp_path / "tools"
    file.write_text(
        f"{PLAIN}# Plan 267-D GitHub override (2025)\n1.1.1.1 a b\n2.2.2.2\tc\n\n3.3.3.3 d\n"
    )
    tools.mkdir()
    (tools / "openssl").write_text('#!/bin/sh\necho "$3 $5"\n')
    (tools / "openssl").chmod(0o755)
    sighting = Sighting(examine_pins, Pinned(str(file), BLOCK.marker, 8443), "here")

    output = subprocess.run(
        ["sh", "-c", sighting.by_hand],
        env={"PATH": f"{tools}:{os.environ['PATH']}"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert output.splitlines() == ["1.1.1.1:8443 a", "1.1.1.1:8443 b", "2.2.2.2:8443 c"]
