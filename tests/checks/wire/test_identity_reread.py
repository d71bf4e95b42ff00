"""What was seen of addresses reads, by other expectations, as it would have been seen by them."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
import trustme

from checks.wire.connections import ConnectionRefusal
from checks.wire.identity import Identified, Named, NoWay, StalePin, Stranger, identify
from checks.wire.names import Address, Answer
from fixtures.sightings import NotRecordedError, Sighting, looked_at, plan
from fixtures.vantages import Source
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.far_sides import far_side, over_tls, pem_of, server_context

NOW = datetime(2026, 11, 21, tzinfo=UTC)
OWN, ANOTHERS, NOBODYS = "127.3.0.1", "127.4.0.1", "127.4.0.2"
KNOWN: tuple[tuple[str, ...], ...] = ((), ("127.3.0.0/16",), ("127.4.0.0/16",), ("127.0.0.0/8",))
FORBIDDEN: tuple[tuple[str, ...], ...] = ((), ("127.3.0.0/16",), ("127.4.0.0/16",))
EXPECTATIONS = tuple(product(KNOWN, FORBIDDEN))
SOURCES: tuple[Source, ...] = ("dns", "hosts-file")
Key = tuple[Source, str, tuple[tuple[str, ...], tuple[str, ...]]]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Key, Identified]]:
    """See every address by every expectation, live."""
    authority = trustme.CA()
    own = over_tls(server_context(authority.issue_cert("a.test")))
    other = over_tls(server_context(authority.issue_cert("portal.test")))
    here = Local(authorities=(pem_of(authority, tmp_path_factory.mktemp("reread")),))
    with far_side(own, OWN) as port, far_side(other, ANOTHERS, port):

        def look(source: Source, address: str, known: Any, forbidden: Any) -> Identified:
            answer = Answer(name="a.test", addresses=(address,), source=source, seconds=0, at=NOW)
            named = Named("a.test", port, known, forbidden)
            (one,) = asyncio.run(identify(named, here, answer, deadline=10))
            return one

        yield {
            (source, address, expected): look(source, address, *expected)
            for source in SOURCES
            for address in (OWN, ANOTHERS, NOBODYS)
            for expected in EXPECTATIONS
        }


def reread(one: Identified, known: tuple[str, ...], forbidden: tuple[str, ...]) -> Identified:
    sighting = Sighting(identify, Named("a.test", 443, known, forbidden), "here")
    (read,) = sighting.reread((one,))
    assert decode(encode(read)) == read
    assert read.headline
    return read  # type: ignore[no-any-return]


def judged(one: Identified) -> tuple[Any, ...]:
    """Return what checks judge, without what answered and when."""
    return (
        type(one),
        one.address,
        getattr(one, "known", None),
        getattr(one, "forbidden", None),
        getattr(one, "source", "hosts-file"),
    )


def test_by_the_same_expectations_it_reads_the_same(seen: dict[Key, Identified]) -> None:
    for (_, _, expected), one in seen.items():
        assert reread(one, *expected) == one


def test_by_others_it_reads_as_it_would_have_been_seen_or_is_not_recorded(
    seen: dict[Key, Identified],
) -> None:
    read_anew, unknown = 0, set()
    for (source, address, then), one in seen.items():
        for now in EXPECTATIONS:
            try:
                read = reread(one, *now)
            except NotRecordedError:
                unknown.add((type(one), judged(one)[2], source))
                continue
            assert judged(read) == judged(seen[source, address, now]), (one.headline, then, now)
            read_anew += now != then

    assert read_anew > 500
    assert unknown == {  # taken as they were, in the known ranges or where none were known
        (Address, known, source) for known in (True, None) for source in SOURCES
    }


def test_a_forbidden_address_needs_no_look(seen: dict[Key, Identified]) -> None:
    for (source, address, (known, _)), one in seen.items():
        read = reread(one, known, (f"{address}/32",))

        assert isinstance(read, Stranger)
        assert read.forbidden
        assert read.source == source
        if isinstance(one, Address):
            assert read.showed is None
            assert "was not looked at" in read.headline


def test_without_a_way_it_stays_so_unless_it_is_forbidden() -> None:
    one = NoWay(host="a.test", address="2001:db8::1", source="dns", errno="E", text="t", at=NOW)

    assert reread(one, ("2001:db8::/32",), ()) == one
    assert isinstance(reread(one, (), ("2001:db8::/32",)), Stranger)


def test_what_was_forbidden_and_could_not_be_reached_is_not_taken_for_a_strangers() -> None:
    refusal = ConnectionRefusal(
        host="a.test",
        address="2001:db8::1",
        port=443,
        reason="unreachable",
        errno="ENETUNREACH",
        text="t",
        seconds=0.0,
        at=NOW,
    )
    one = Stranger(
        host="a.test",
        address="2001:db8::1",
        source="dns",
        forbidden=True,
        showed=refusal,
        at=NOW,
    )

    with pytest.raises(NotRecordedError, match=r"what 2001:db8::1 shows for a\.test"):
        reread(one, ("192.0.2.0/24",), ())
    with pytest.raises(NotRecordedError):
        reread(replace(one, showed=None), ("192.0.2.0/24",), ())
    stale = StalePin(host="a.test", address="2001:db8::1", showed=refusal, at=NOW)
    with pytest.raises(NotRecordedError):
        reread(stale, ("192.0.2.0/24",), ())


def test_what_is_expected_does_not_tell_sightings_apart() -> None:
    one = Sighting(identify, Named("a.test", 443, (), ()), "here")
    other = Sighting(identify, Named("a.test", 443, ("192.0.2.0/24",), ("11.2.0.12/32",)), "here")

    assert one.id == other.id
    assert one.id != Sighting(identify, Named("a.test", 8443, (), ()), "here").id
    known = [
        Address(host="a", address="b", source="dns", known=known, at=NOW) for known in (True, None)
    ]
    assert looked_at((known[0],)) == looked_at((known[1],))
    with pytest.raises(ValueError, match="other things are expected"):
        plan([one, other])
