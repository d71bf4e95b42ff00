"""What unbound and dnsmasq reply: read as dig reads it, field by field."""

import asyncio
import os
import pwd
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace

import pytest

from checks.wire.nameservers import NoReply, Question, Reply, Transport, ask_servers
from checks.wire.resolvers import Server
from fixtures.sightings import Sighting
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.against.dig import Told, Untold, dig, read_dig, run_dig
from tests.against.zones import BOGUS, MANY, REFUSED, SIGNED, SILENT, ZONE, write_zones
from tests.checks.wire.dns_sides import datagram_side, dnsmasq, free_place, unbound
from tests.checks.wire.far_sides import far_side, stay_silent

Asked = tuple[Question, Transport]
TRANSPORTS: tuple[Transport, ...] = ("udp", "tcp")
EVERY: tuple[Asked, ...] = tuple((kind, over) for kind in ("A", "AAAA") for over in TRANSPORTS)
AUTHORITY, RESOLVER = ("QR", "AA", "RD", "RA"), ("QR", "RD", "RA")


@dataclass(frozen=True)
class Leads:
    """What is said of a name: the addresses of each kind, the aliases, A's time to live."""

    a: tuple[str, ...] = ()
    aaaa: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    ttl: int | None = None
    rcode: str = "NOERROR"
    flags: tuple[str, ...] = AUTHORITY


V4, V6 = ("192.0.2.1",), ("2001:db8::1",)
SEVEN = ("192.0.2.7",)
HOPS = tuple(f"hop{number}.{ZONE}" for number in range(1, 6))
LEADS: Mapping[str, Leads] = {
    f"one.{ZONE}": Leads(V4, ttl=300),
    f"one.{ZONE}.": Leads(V4, ttl=300),
    f"six.{ZONE}": Leads(aaaa=V6),
    f"both.{ZONE}": Leads(V4, V6, ttl=300),
    f"four.{ZONE}": Leads(("192.0.2.4", "192.0.2.3", "192.0.2.2", "192.0.2.1"), ttl=300),
    f"mapped.{ZONE}": Leads(aaaa=("::ffff:192.0.2.1",)),
    f"zero.{ZONE}": Leads(V4, ttl=0),
    f"words.{ZONE}": Leads(),
    f"mixed.{ZONE}": Leads(SEVEN, ttl=300),
    f"MIXED.{ZONE}": Leads(SEVEN, ttl=300),
    f"_under.{ZONE}": Leads(V4, ttl=300),
    f"any.wild.{ZONE}": Leads(("192.0.2.9",), ttl=300),
    f"alias.{ZONE}": Leads(V4, by=(f"one.{ZONE}",), ttl=120),
    f"chain.{ZONE}": Leads(V4, by=(f"alias.{ZONE}", f"one.{ZONE}"), ttl=60),
    f"hop0.{ZONE}": Leads(("192.0.2.5",), by=HOPS, ttl=60),
    f"to-six.{ZONE}": Leads(aaaa=V6, by=(f"six.{ZONE}",), ttl=60),
    f"to-capitals.{ZONE}": Leads(SEVEN, by=(f"mixed.{ZONE}",), ttl=300),
    f"outside.{ZONE}": Leads(by=("www.elsewhere.example",), ttl=60),
    f"www.below.{ZONE}": Leads(flags=RESOLVER),  # a referral
    ZONE: Leads(),
    f"nobody.{ZONE}": Leads(rcode="NXDOMAIN"),
    ".": Leads(rcode="NXDOMAIN"),
    f"one.{SIGNED}": Leads(V4, ttl=300, flags=RESOLVER),
    f"alias.{SIGNED}": Leads(V4, by=(f"one.{SIGNED}",), ttl=120, flags=RESOLVER),
    f"nobody.{SIGNED}": Leads(rcode="NXDOMAIN", flags=RESOLVER),
    f"nowhere.{SIGNED}": Leads(by=(f"nobody.{SIGNED}",), ttl=60, rcode="NXDOMAIN", flags=RESOLVER),
    f"one.{BOGUS}": Leads(rcode="SERVFAIL", flags=RESOLVER),
    REFUSED: Leads(rcode="REFUSED"),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("zones")
    with unbound("127.53.1.1", folder, write_zones(folder)) as serving:
        yield serving


def ask(name: str, server: Server, deadline: float = 10) -> Mapping[Asked, Reply | NoReply]:
    seen = asyncio.run(ask_servers(name, Local(), (server,), deadline=deadline))
    assert decode(encode(seen)) == seen
    told = {(one.question, one.transport): one for one in seen}
    assert set(told) == set(EVERY)
    return told


def as_told(seen: Reply | NoReply) -> Told:
    assert isinstance(seen, Reply), seen
    return Told(**{one.name: getattr(seen, one.name) for one in fields(Told)})


@pytest.mark.parametrize("name", LEADS)
def test_a_reply_says_what_dig_reads_in_it(name: str, server: Server) -> None:
    wanted, ours = LEADS[name], ask(name, server)

    for kind, transport in EVERY:
        theirs = dig(name, kind, server, transport)
        assert as_told(ours[kind, transport]) == theirs
        assert isinstance(theirs, Told)
        assert (theirs.rcode, theirs.flags) == (wanted.rcode, wanted.flags)
        assert theirs.addresses == (wanted.a if kind == "A" else wanted.aaaa)
        assert theirs.aliases == wanted.by
    first = ours["A", "udp"]
    assert isinstance(first, Reply)
    assert first.ttl == wanted.ttl


@pytest.mark.parametrize(("name", "kind"), [("big", "A"), ("large", "AAAA"), ("swarm", "A")])
def test_what_is_too_long_is_truncated_and_whole_over_tcp(
    name: str, kind: Question, server: Server
) -> None:
    asked, (_, count) = f"{name}.{ZONE}", MANY[name]
    ours = ask(asked, server)
    cut, whole = as_told(ours[kind, "udp"]), as_told(ours[kind, "tcp"])

    assert cut == dig(asked, kind, server, "udp")
    assert whole == dig(asked, kind, server, "tcp")
    assert whole == dig(asked, kind, server, "udp", "+noignore")  # dig's way to TCP
    assert (cut.truncated, cut.flags) == (True, ("QR", "AA", "TC", "RD", "RA"))
    assert len(cut.addresses) < count
    assert (whole.truncated, len(whole.addresses)) == (False, count)


def test_nobody_has_asked_whether_it_was_validated(server: Server) -> None:
    name = f"one.{SIGNED}"
    ours, unasked = ask(name, server)["A", "udp"], dig(name, "A", server, "udp")
    asked = dig(name, "A", server, "udp", "+adflag")

    assert as_told(ours) == unasked
    assert isinstance(asked, Told)
    assert (asked.flags, as_told(ours).flags) == ((*RESOLVER, "AD"), RESOLVER)  # RFC 6840, 5.8


def test_a_circle_of_aliases_is_no_reply_though_dig_shows_it(server: Server) -> None:
    name = f"round.{ZONE}"
    ours = ask(name, server, deadline=1)

    for asked in EVERY:
        theirs, seen = dig(name, asked[0], server, asked[1]), ours[asked]
        assert isinstance(theirs, Told)
        assert theirs.aliases == (f"about.{ZONE}", f"round.{ZONE}")
        assert isinstance(seen, NoReply)  # RFC 1034, 3.6.2: loops are signalled as an error
        assert (seen.reason, "CNAME chain is too long" in seen.text) == ("malformed", True)


def reasons(name: str, server: Server) -> Mapping[Transport, tuple[str, str]]:
    """Return why there was no reply, to us and to dig."""
    ours, found = ask(name, server, deadline=1), dict[Transport, tuple[str, str]]()
    for transport in TRANSPORTS:
        seen, theirs = ours["A", transport], dig(name, "A", server, transport)
        assert isinstance(seen, NoReply), seen
        assert isinstance(theirs, Untold), theirs
        found[transport] = (seen.reason, theirs.reason)
    return found


def test_a_server_that_drops_questions_is_silent_or_closes(server: Server) -> None:
    assert reasons(SILENT, server) == {
        "udp": ("timeout", "timeout"),
        "tcp": ("closed", "closed"),
    }


def test_a_deaf_server_is_silent() -> None:
    address = "127.53.1.4"
    with (
        datagram_side(lambda _: [], address) as deaf,
        far_side(stay_silent, address, deaf.port),
    ):
        assert reasons("any.example", deaf) == dict.fromkeys(TRANSPORTS, ("timeout", "timeout"))


def test_where_nobody_listens_both_are_refused() -> None:
    nobody = free_place("127.53.1.2")

    assert reasons("any.example", nobody) == dict.fromkeys(TRANSPORTS, ("refused", "refused"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    hosts = tmp_path_factory.mktemp("dnsmasq") / "hosts"
    hosts.write_text("".join(f"198.51.100.{one} big.test\n" for one in range(1, 101)))
    user = pwd.getpwuid(os.geteuid()).pw_name  # another one could not read the file
    more = (
        f"--addn-hosts={hosts}",
        f"--user={user}",
        "--address=/never.test/",
        "--txt-record=words.test,a,b",
    )
    with dnsmasq("127.53.1.3", *more, "--server=/far.test/127.53.1.250#1") as serving:
        yield serving


@pytest.mark.parametrize(
    ("name", "rcode"),
    [
        ("served.test", "NOERROR"),
        ("alias.test", "NOERROR"),
        ("words.test", "NOERROR"),
        ("big.test", "NOERROR"),
        ("absent.test", "NXDOMAIN"),
        ("never.test", "NXDOMAIN"),
        ("elsewhere.example", "REFUSED"),
    ],
)
def test_a_reply_of_dnsmasq_says_what_dig_reads_in_it(name: str, rcode: str, small: Server) -> None:
    ours = ask(name, small)

    for kind, transport in EVERY:
        seen, theirs = as_told(ours[kind, transport]), dig(name, kind, small, transport)
        assert isinstance(theirs, Told)
        if seen.truncated:  # of all that there are, each time some others
            assert 0 < len(seen.addresses) == len(theirs.addresses) < 100
        else:
            assert sorted(seen.addresses) == sorted(theirs.addresses)
        assert replace(seen, addresses=()) == replace(theirs, addresses=())
        assert seen.rcode == rcode
        assert seen.truncated == ((name, kind, transport) == ("big.test", "A", "udp"))


@pytest.mark.parametrize("name", [f"chain.{ZONE}", f"nobody.{ZONE}", f"one.{BOGUS}", REFUSED])
def test_the_commands_by_hand_are_told_the_same(name: str, server: Server) -> None:
    command = Sighting(ask_servers, name, "here", ((server,),)).by_hand
    over_udp, over_tcp = (run_dig(*shlex.split(one)[1:]) for one in command.split("; "))
    ours = ask(name, server)

    for said, transport in zip((over_udp, over_tcp), TRANSPORTS, strict=True):
        theirs, seen = read_dig(said, name, "A"), as_told(ours["A", transport])
        assert isinstance(theirs, Told)
        assert theirs.rcode == seen.rcode
        assert (theirs.aliases, theirs.addresses) == (seen.aliases, seen.addresses)
