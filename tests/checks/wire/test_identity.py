import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import trustme

from checks.wire.connections import ConnectionRefusal
from checks.wire.handshakes import Handshake, HandshakeRefusal
from checks.wire.identity import Named, StalePin, Stranger, identify
from checks.wire.names import Address, Answer
from fixtures.sightings import Sighting
from fixtures.vantages import Source
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.far_sides import (
    far_side,
    over_tls,
    pem_of,
    reset_at_hello,
    server_context,
)

NOW = datetime(2026, 11, 21, tzinfo=UTC)
KNOWN = ("127.1.0.0/16", "::1/128")
ITS_OWN, ELSEWHERE, ANOTHERS, NOBODYS, CUT = (
    "127.1.0.1",
    "127.2.0.1",
    "127.2.0.2",
    "127.2.0.3",
    "127.2.0.4",
)


class Site:
    """Addresses at one port: some show the name's identity, others do not."""

    def __init__(self, port: int, here: Local) -> None:
        self.port = port
        self.here = here

    def identify(
        self,
        *addresses: str,
        source: Source = "dns",
        known: tuple[str, ...] = KNOWN,
        forbidden: tuple[str, ...] = (),
    ) -> tuple[Address | Stranger | StalePin, ...]:
        named = Named("a.test", self.port, known, forbidden)
        answer = Answer(name="a.test", addresses=addresses, source=source, seconds=0.1, at=NOW)
        seen = asyncio.run(identify(named, self.here, answer, deadline=10))
        assert decode(encode(seen)) == seen
        assert all(one.headline for one in seen)
        return seen


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    authority = trustme.CA()
    own = over_tls(server_context(authority.issue_cert("a.test")))
    other = over_tls(server_context(authority.issue_cert("portal.test")))
    here = Local(authorities=(pem_of(authority, tmp_path_factory.mktemp("identity")),))
    with (
        far_side(own, ELSEWHERE) as port,
        far_side(other, ANOTHERS, port),
        far_side(reset_at_hello, CUT, port),
    ):
        yield Site(port, here)


def test_a_known_address_from_dns_is_taken_as_it_is(site: Site) -> None:
    (seen,) = site.identify(ITS_OWN)  # where nobody listens

    assert isinstance(seen, Address)
    assert (seen.address, seen.source, seen.known) == (ITS_OWN, "dns", True)


def test_every_address_from_dns_is_taken_where_nothing_is_known(site: Site) -> None:
    (seen,) = site.identify(ANOTHERS, known=())

    assert isinstance(seen, Address)
    assert seen.known


def test_an_address_outside_that_shows_the_names_identity_is_its_own(site: Site) -> None:
    (seen,) = site.identify(ELSEWHERE)

    assert isinstance(seen, Address)
    assert not seen.known


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


def test_a_pin_must_show_the_names_identity(site: Site) -> None:
    serving, another, known = site.identify(ELSEWHERE, ANOTHERS, ITS_OWN, source="hosts-file")

    assert isinstance(serving, Address)
    assert (serving.source, serving.known) == ("hosts-file", False)
    assert isinstance(another, StalePin)
    assert isinstance(another.showed, Handshake)
    assert isinstance(known, StalePin)
    assert isinstance(known.showed, ConnectionRefusal)


def test_addresses_keep_the_answers_order(site: Site) -> None:
    seen = site.identify(ANOTHERS, ITS_OWN, ELSEWHERE)

    assert [one.address for one in seen] == [ANOTHERS, ITS_OWN, ELSEWHERE]
    assert [type(one) for one in seen] == [Stranger, Address, Address]


def test_the_command_by_hand_shows_the_answer_and_who_serves_it() -> None:
    sighting = Sighting(identify, Named("a.test", 8443, (), ()), "here")

    assert sighting.by_hand == "getent ahosts a.test; curl -sSvo /dev/null https://a.test:8443/"
