import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast

import pytest
import trustme

from checks.wire.connections import ConnectionRefusal
from checks.wire.handshakes import Handshake, HandshakeRefusal
from checks.wire.identity import Named, NoWay, StalePin, Stranger, identify
from checks.wire.names import Address, Answer
from fixtures.sightings import Sighting
from fixtures.vantages import Source, Vantage
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.far_sides import (
    far_side,
    over_tls,
    pem_of,
    reset_at_hello,
    server_context,
    stay_silent,
)
from tests.needs import need, need_namespace
from tests.program import ROOT

NOW = datetime(2026, 11, 21, tzinfo=UTC)
KNOWN = ("127.1.0.0/16", "::1/128")
ITS_OWN, ELSEWHERE, ANOTHERS, NOBODYS, CUT = (
    "127.1.0.1",
    "127.2.0.1",
    "127.2.0.2",
    "127.2.0.3",
    "127.2.0.4",
)
SILENT, EXPIRED = "127.2.0.5", "127.2.0.6"


class StreamsAlone:
    """A vantage that opens streams, and no datagrams."""

    def __init__(self, here: Vantage) -> None:
        self.open = here.open
        self.authorities = here.authorities
        self.store = here.store


class Site:
    """Addresses at one port: some show the name's identity, others do not."""

    def __init__(self, port: int, here: Vantage) -> None:
        self.port = port
        self.here = here

    def identify(
        self,
        *addresses: str,
        source: Source = "dns",
        known: tuple[str, ...] = KNOWN,
        forbidden: tuple[str, ...] = (),
        deadline: float = 10,
    ) -> tuple[Address | Stranger | StalePin | NoWay, ...]:
        named = Named("a.test", self.port, known, forbidden)
        answer = Answer(name="a.test", addresses=addresses, source=source, seconds=0.1, at=NOW)
        seen = asyncio.run(identify(named, self.here, answer, deadline=deadline))
        assert decode(encode(seen)) == seen
        assert all(one.headline for one in seen)
        return seen


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    authority = trustme.CA()
    own = over_tls(server_context(authority.issue_cert("a.test")))
    other = over_tls(server_context(authority.issue_cert("portal.test")))
    expired = over_tls(
        server_context(authority.issue_cert("a.test", not_after=datetime(2001, 1, 1, tzinfo=UTC)))
    )
    here = Local(authorities=(pem_of(authority, tmp_path_factory.mktemp("identity")),))
    with (
        far_side(own, ELSEWHERE) as port,
        far_side(other, ANOTHERS, port),
        far_side(reset_at_hello, CUT, port),
        far_side(stay_silent, SILENT, port),
        far_side(expired, EXPIRED, port),
    ):
        yield Site(port, here)


def test_a_known_address_from_dns_is_taken_as_it_is(site: Site) -> None:
    (seen,) = site.identify(ITS_OWN)  # where nobody listens

    assert isinstance(seen, Address)
    assert (seen.address, seen.source, seen.known) == (ITS_OWN, "dns", True)


def test_every_address_from_dns_is_taken_where_nothing_is_known(site: Site) -> None:
    (seen,) = site.identify(ANOTHERS, known=())

    assert isinstance(seen, Address)
    assert seen.known is None


def test_an_address_outside_that_shows_the_names_identity_is_its_own(site: Site) -> None:
    (seen,) = site.identify(ELSEWHERE)

    assert isinstance(seen, Address)
    assert seen.known is False


def test_an_address_outside_without_the_names_identity_is_a_stranger(site: Site) -> None:
    another, nobody, cut = site.identify(ANOTHERS, NOBODYS, CUT)

    assert isinstance(another, Stranger)
    assert not another.forbidden
    assert isinstance(another.showed, Handshake)
    assert another.showed.mismatch is not None
    assert isinstance(nobody, Stranger)
    assert isinstance(nobody.showed, ConnectionRefusal)
    assert nobody.showed.reason == "refused"
    assert isinstance(cut, Stranger)
    assert isinstance(cut.showed, HandshakeRefusal)
    assert cut.showed.reason == "reset"


def test_an_untrusted_identity_is_none(site: Site) -> None:
    strict = Site(site.port, Local())
    (seen,) = strict.identify(ELSEWHERE)

    assert isinstance(seen, Stranger)
    assert isinstance(seen.showed, Handshake)
    assert seen.showed.distrust


@pytest.mark.parametrize("source", ["dns", "hosts-file"])
@pytest.mark.parametrize("address", [ELSEWHERE, f"::ffff:{ELSEWHERE}"])
def test_a_forbidden_address_is_a_stranger_whatever_it_shows(
    site: Site, source: Source, address: str
) -> None:
    known = ("127.2.0.0/16",)
    (seen,) = site.identify(address, source=source, known=known, forbidden=(f"{ELSEWHERE}/32",))

    assert isinstance(seen, Stranger)
    assert seen.forbidden
    assert isinstance(seen.showed, Handshake)
    assert seen.showed.mismatch is None


@pytest.mark.parametrize("address", [ANOTHERS, NOBODYS, CUT, SILENT, EXPIRED])
def test_a_pin_outside_must_show_the_names_identity(site: Site, address: str) -> None:
    serving, stale = site.identify(ELSEWHERE, address, source="hosts-file", deadline=2)

    assert isinstance(serving, Address)
    assert (serving.source, serving.known) == ("hosts-file", False)
    assert isinstance(stale, StalePin)
    assert stale.showed.address == address


@pytest.mark.parametrize("known", [("127.2.0.0/16",), ()], ids=["known", "nothing-known"])
@pytest.mark.parametrize("address", [NOBODYS, CUT, SILENT, EXPIRED])
def test_a_fault_at_a_pin_that_may_be_the_names_is_left_to_the_layer_that_broke(
    site: Site, address: str, known: tuple[str, ...]
) -> None:
    (seen,) = site.identify(address, source="hosts-file", known=known, deadline=1)

    assert isinstance(seen, Address)
    assert seen.known is (True if known else None)


@pytest.mark.parametrize("known", [("127.2.0.0/16",), ()], ids=["known", "nothing-known"])
def test_a_pin_that_shows_another_names_certificate_is_stale(
    site: Site, known: tuple[str, ...]
) -> None:
    (seen,) = site.identify(ANOTHERS, source="hosts-file", known=known)

    assert isinstance(seen, StalePin)
    assert isinstance(seen.showed, Handshake)
    assert seen.showed.mismatch == "it is for portal.test"


def test_a_pin_that_is_not_trusted_is_left_to_the_tls_area(site: Site) -> None:
    (seen,) = Site(site.port, Local()).identify(ELSEWHERE, source="hosts-file", known=())

    assert isinstance(seen, Address)


def test_a_vantage_that_sends_no_datagrams_finds_every_way(site: Site) -> None:
    streams = cast(Vantage, StreamsAlone(site.here))

    outside, inside = Site(site.port, streams).identify(ELSEWHERE, "::1")

    assert isinstance(outside, Address)
    assert isinstance(inside, Address)


@pytest.fixture(scope="module")
def cut_off() -> tuple[Address | Stranger | StalePin | NoWay, ...]:
    """Identify addresses in a network of its own, in which nothing leads to them."""
    script = """
import asyncio, sys
from datetime import UTC, datetime
from checks.wire.identity import Named, identify
from checks.wire.names import Answer
from fixtures.vantages.local import Local
from reports.codec import encode

for source in ("dns", "hosts-file"):
    named = Named("a.test", 443, ("192.0.2.0/25", "2001:db8::/32"), ("2001:db8::bad/128",))
    addresses = ("192.0.2.1", "2001:db8::1", "192.0.2.200", "198.51.100.1", "2001:db8::bad")
    answer = Answer(
        name="a.test", addresses=addresses, source=source, seconds=0, at=datetime.now(UTC)
    )
    print(encode(asyncio.run(identify(named, Local(), answer, deadline=10))))
"""
    steps = "ip link set lo up; ip address add 192.0.2.1/24 dev lo; ip route add default dev lo"
    unreachable = "ip route add unreachable 198.51.100.0/24"
    command = f'{steps}; {unreachable}; exec "$@"'
    argv = (*need_namespace(), "sh", "-c", command, "sh", sys.executable, "-c", script)
    need("ip")
    env = {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
    seen = subprocess.run(
        argv, capture_output=True, text=True, timeout=60, check=True, cwd=ROOT, env=env
    )
    every: list[Address | Stranger | StalePin | NoWay] = []
    for line in seen.stdout.splitlines():
        every += decode(line)  # type: ignore[arg-type]  # it was encoded from these
    return tuple(every)


def test_an_address_without_a_way_is_told_apart(
    cut_off: tuple[Address | Stranger | StalePin | NoWay, ...],
) -> None:
    assert [(one.address, type(one)) for one in cut_off] == [
        ("192.0.2.1", Address),
        ("2001:db8::1", NoWay),
        ("192.0.2.200", Stranger),
        ("198.51.100.1", NoWay),
        ("2001:db8::bad", Stranger),
        ("192.0.2.1", Address),
        ("2001:db8::1", NoWay),
        ("192.0.2.200", StalePin),
        ("198.51.100.1", NoWay),
        ("2001:db8::bad", Stranger),
    ]
    codes = [one.errno for one in cut_off if isinstance(one, NoWay)]
    assert set(codes[::2]) <= {"ENETUNREACH", "EADDRNOTAVAIL", "EAFNOSUPPORT"}
    assert codes[1::2] == ["EHOSTUNREACH", "EHOSTUNREACH"]
    assert all(one.headline for one in cut_off)


def test_addresses_keep_the_answers_order(site: Site) -> None:
    seen = site.identify(ANOTHERS, ITS_OWN, ELSEWHERE)

    assert [one.address for one in seen] == [ANOTHERS, ITS_OWN, ELSEWHERE]
    assert [type(one) for one in seen] == [Stranger, Address, Address]


def test_the_command_by_hand_shows_the_answer_and_who_serves_it() -> None:
    sighting = Sighting(identify, Named("a.test", 8443, (), ()), "here")

    assert sighting.by_hand == "getent ahosts a.test; curl -sSvo /dev/null https://a.test:8443/"
