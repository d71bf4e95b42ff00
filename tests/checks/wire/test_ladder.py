"""The ladder of segment sizes, on paths of this machine's kernel that carry less than they say."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
import trustme

from checks.wire.connections import Peer
from checks.wire.http import Ask
from checks.wire.interfaces import INTERFACES, Interface, read_interfaces
from checks.wire.ladder import (
    RUNGS,
    UNBOUND,
    Ladder,
    Limit,
    NoLadder,
    climb_by_bodies,
    climb_by_handshakes,
)
from fixtures.sightings import Sighting
from fixtures.vantages import Segmented, VantageError
from fixtures.vantages.local import Local
from fixtures.vantages.netns import Netns
from fixtures.vantages.ssh import Destination, SshVantage
from reports.codec import decode, encode
from tests.checks.wire.far_sides import (
    far_side,
    over_tls,
    pem_of,
    server_context,
    stay_silent,
)
from tests.fixtures.vantages.spaces import inside
from tests.narrow import SERVER, Paths, narrow_path

LARGE = b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + b"x" * 300_000
HERE = "127.0.0.1"
DEADLINE = 3.0


def body(session: ssl.SSLSocket) -> None:
    session.recv(65536)
    session.sendall(LARGE)
    stay_silent(session)


@contextmanager
def served(paths: Paths, context: ssl.SSLContext) -> Iterator[int]:
    def behave(connection: socket.socket) -> None:
        connection.settimeout(DEADLINE)  # of one whose end was lost on the way nothing is heard
        over_tls(context, body)(connection)

    with inside(paths.server, far_side(behave, SERVER)) as port:
        yield port


def climb(vantage: Local | Netns, address: str, port: int, deadline: float = DEADLINE) -> Ladder:
    looking = climb_by_handshakes(Peer("a.test", port), vantage, address, deadline=deadline)
    seen = asyncio.run(looking)
    assert isinstance(seen, Ladder), seen.headline
    return survived(seen)


def climb_bodies(vantage: Local | Netns, address: str, port: int) -> Ladder:
    ask = Ask("a.test", port, "GET", "/", "touchstone", None, 5)
    seen = asyncio.run(climb_by_bodies(ask, vantage, address, deadline=DEADLINE))
    assert isinstance(seen, Ladder), seen.headline
    return survived(seen)


def survived(seen: Ladder) -> Ladder:
    assert decode(encode(seen)) == seen
    assert [one.size for one in seen.rungs] == list(RUNGS)
    assert seen.headline.isprintable()
    return seen


@pytest.fixture
def context(authority: trustme.CA) -> ssl.SSLContext:
    issuer = authority
    for _ in range(4):  # a chain that takes more than one segment
        issuer = issuer.create_child_ca()
    return server_context(issuer.issue_cert("a.test"))


@pytest.mark.parametrize("drops", ["in", "out"])
def test_the_limit_of_a_path_is_found(context: ssl.SSLContext, drops: Literal["in", "out"]) -> None:
    with narrow_path(1280, drops) as paths, served(paths, context) as port:
        behind = climb(Netns(paths.narrow, "runner"), SERVER, port)
        beside = climb(Netns(paths.wide, "host"), SERVER, port)

    assert behind.limit == Limit(1240, 1320)
    assert behind.headline == (
        f"{SERVER} port {port}: a handshake passes by segments of 1240 bytes (packets of 1280),"
        " and stalls by those of 1320 and more"
    )
    assert "1240 (1228 used): passed" in behind.transcript
    assert beside.limit is None
    assert beside.headline.endswith("by segments of every size: passed")
    assert beside.rungs[-1].used == 1448


def test_a_large_body_finds_the_limit_where_the_handshake_passes(
    authority: trustme.CA, tmp_path: Path
) -> None:
    context = server_context(authority.issue_cert("a.test"))
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # whose flight fits into a small segment
    trusting = (pem_of(authority, tmp_path),)
    with narrow_path(1400, "out") as paths, served(paths, context) as port:
        runner = Netns(paths.narrow, "runner", trusting)
        shaken = climb(runner, SERVER, port)
        fetched = climb_bodies(runner, SERVER, port)

    assert {one.end for one in shaken.rungs} == {"passed"}
    assert fetched.limit == Limit(1360, 1380)
    assert "too-large in the body" in fetched.rungs[0].said
    assert "stalled in the headers" in fetched.rungs[-1].said


def test_silence_at_every_size_has_no_limit() -> None:
    with far_side(stay_silent) as port:
        seen = climb(Local(), HERE, port, deadline=0.5)

    assert seen.limit is None
    assert seen.headline.endswith("by segments of every size: stalled")


def test_what_is_refused_is_neither(context: ssl.SSLContext) -> None:
    with far_side(over_tls(context)) as port:
        pass
    seen = climb(Local(), HERE, port)

    assert {one.end for one in seen.rungs} == {"other"}
    assert seen.limit is None
    assert {one.used for one in seen.rungs} == {None}


def test_only_an_ascent_has_a_limit() -> None:
    with far_side(stay_silent) as port:
        stalled = climb(Local(), HERE, port, deadline=0.3)
    first, second, *rest = stalled.rungs
    passed = replace(second, end="passed")

    ascent = replace(stalled, rungs=(replace(first, end="passed"), passed, *rest))
    mixed = replace(stalled, rungs=(first, passed, *rest))
    broken = replace(ascent, rungs=(*ascent.rungs[:-1], replace(rest[-1], end="other")))

    assert ascent.limit == Limit(1000, 1200)
    assert mixed.limit is None
    assert "by segments of several sizes: 536 stalled, 1000 passed" in mixed.headline
    assert broken.limit is None
    jumbo = replace(
        ascent, rungs=(*(replace(one, end="passed") for one in ascent.rungs[:-1]), ascent.rungs[-1])
    )
    assert jumbo.limit == Limit(1460, UNBOUND)
    assert jumbo.headline.endswith("(packets of 1500), and stalls by those of more")


def test_who_makes_no_sockets_says_that_it_cannot(tmp_path: Path) -> None:
    vantage = SshVantage(Destination("build-host"), "build", tmp_path)
    assert not isinstance(vantage, Segmented)

    looking = climb_by_handshakes(Peer("a.test"), vantage, "192.0.2.1", deadline=1)
    seen = asyncio.run(looking)

    assert isinstance(seen, NoLadder)
    assert decode(encode(seen)) == seen
    assert seen.headline == (
        "192.0.2.1 port 443: no ladder of segment sizes: build (ssh) makes no sockets of its own"
    )


def test_a_size_that_no_kernel_takes_is_not_the_far_sides() -> None:
    with pytest.raises(VantageError, match="makes no segments of 7 bytes"):
        asyncio.run(Local().open_segmented(HERE, 1, 7, deadline=1))


def test_the_interfaces_of_each_end_are_told() -> None:
    with narrow_path(1280, "in", wide_mtu=1420) as paths:
        runner, host = (
            asyncio.run(read_interfaces(INTERFACES, Netns(name, name), deadline=10))
            for name in (paths.narrow, paths.wide)
        )

    assert decode(encode(runner)) == runner
    assert Interface("eth0", 1500) in runner.interfaces
    assert (set(runner.sizes), set(host.sizes)) == ({1500}, {1420})
    assert host.headline == f"MTU at {paths.wide}: eth0 1420, lo 65536"


def test_it_can_be_repeated_by_hand() -> None:
    sighting = Sighting(climb_by_handshakes, Peer("a.test"), "here", ("192.0.2.1",))

    assert sighting.by_hand == (
        f"for mss in {' '.join(map(str, RUNGS))}; do timeout 5 socat -u /dev/null"
        ' "OPENSSL:192.0.2.1:443,snihost=a.test,verify=0,mss=$mss"; echo $mss: $?; done'
    )
