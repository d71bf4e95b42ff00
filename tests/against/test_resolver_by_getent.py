"""The system's resolver on hosts of their own: asked by us and by getent for the same names."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks.wire.names import Answer, NoAnswer
from checks.wire.resolvers import Server, parse_resolvers
from tests.against.resolving import Resolved, resolve_within
from tests.against.zones import BOGUS, MANY, REFUSED, SIGNED, SILENT, ZONE, write_zones
from tests.checks.wire.dns_sides import write_unbound
from tests.needs import need
from tests.stand_ins import LOCALHOST, without_internet

NAMESERVER, NOBODY, DEAF = "127.0.0.53", ("127.0.0.66", "127.0.0.67", "127.0.0.68"), "203.0.113.1"
HOSTS = f"""\
{LOCALHOST}192.0.2.10 pinned.example
2001:db8::10 pinned.example
192.0.2.11 Four.example four-too.example
192.0.2.12 one.{ZONE}
2001:db8::12 both.{ZONE}
192.0.2.13 short
192.0.2.14 twice.example
192.0.2.15 twice.example
192.0.2.9 same.wild.{ZONE}
192.0.2.16 below.{REFUSED}
"""
FILE, DNS = "hosts-file", "dns"
ABSENT, WITHOUT, FAILED = "EAI_NONAME", "EAI_NODATA", "EAI_AGAIN"
TOO_MANY = "too-many"
"""More addresses than we look at; getent lists them all."""


@dataclass(frozen=True)
class Host:
    """What a host's files say; and of each name where it comes from, or why it does not."""

    found: Mapping[str, str]
    nsswitch: str | None = "hosts: files dns\n"
    resolv: str | None = f"nameserver {NAMESERVER}\n"
    steps: str = ""
    elsewhere: bool = False
    """Whether it has an IPv4 address, and a way on which whatever it asks for is lost."""


def nameservers(*addresses: str, options: str = "") -> str:
    return "".join(f"nameserver {one}\n" for one in addresses) + options


IMPATIENT = "options timeout:1 attempts:1\n"
HAS_IPV6 = "ip address add 2001:db8::53/128 dev lo nodad"
ONE, BOTH, FOUR, SIX = (f"{name}.{ZONE}" for name in ("one", "both", "four", "six"))
PLACES: Mapping[str, Host] = {
    "files-then-dns": Host(
        {
            "localhost": FILE,
            "pinned.example": FILE,
            "PINNED.Example": FILE,
            "pinned.example.": ABSENT,
            "four-too.example": FILE,
            "four.EXAMPLE": FILE,
            "twice.example": FILE,
            "short": FILE,
            ONE: FILE,
            BOTH: FILE,
            FOUR: DNS,
            SIX: DNS,
            f"chain.{ZONE}": DNS,
            f"to-six.{ZONE}": DNS,
            f"any.wild.{ZONE}": DNS,
            f"big.{ZONE}": DNS,
            f"large.{ZONE}": DNS,
            f"swarm.{ZONE}": TOO_MANY,
            f"one.{SIGNED}": DNS,
            f"words.{ZONE}": WITHOUT,
            f"nobody.{ZONE}": ABSENT,
            f"nowhere.{SIGNED}": ABSENT,
            f"one.{BOGUS}": FAILED,
            REFUSED: FAILED,
        }
    ),
    "dns-then-files": Host(
        {
            ONE: DNS,
            BOTH: DNS,
            SIX: DNS,
            f"same.wild.{ZONE}": DNS,
            f"nobody.{ZONE}": ABSENT,
            "pinned.example": FILE,
            f"below.{REFUSED}": FILE,
        },
        nsswitch="hosts: dns files\n",
    ),
    "dns-that-is-deaf-then-files": Host(
        {"pinned.example": FILE},
        nsswitch="hosts: dns files\n",
        resolv=nameservers(DEAF, options=IMPATIENT),
        elsewhere=True,
    ),
    "files-alone": Host({ONE: FILE, FOUR: ABSENT}, nsswitch="hosts: files\n"),
    "dns-alone": Host({ONE: DNS, "pinned.example": ABSENT}, nsswitch="hosts: dns\n"),
    "files-that-end-the-search": Host(
        {ONE: FILE, FOUR: ABSENT}, nsswitch="hosts: files [NOTFOUND=return] dns\n"
    ),
    "no-nsswitch": Host({ONE: FILE, FOUR: DNS}, nsswitch=None),
    "no-resolv": Host({ONE: FILE, FOUR: FAILED}, resolv=None),
    "search": Host(
        {"six": DNS, "chain": DNS, "any.wild": DNS, "short": FILE, FOUR: DNS, "nothing": ABSENT},
        resolv=nameservers(NAMESERVER, options=f"search nobody.example {ZONE}\n"),
    ),
    "search-before-dots": Host(
        {"any.wild": DNS, FOUR: DNS},
        resolv=nameservers(NAMESERVER, options=f"search {ZONE}\noptions ndots:3\n"),
    ),
    "second-nameserver": Host(
        {ONE: FILE, FOUR: DNS, f"nobody.{ZONE}": ABSENT},
        resolv=nameservers(NOBODY[0], NAMESERVER),
    ),
    "fourth-nameserver": Host({ONE: FILE, FOUR: FAILED}, resolv=nameservers(*NOBODY, NAMESERVER)),
    "deaf-nameserver": Host(
        {ONE: FILE, FOUR: FAILED}, resolv=nameservers(DEAF, options=IMPATIENT), elsewhere=True
    ),
    "deaf-nameserver-before-another": Host(
        {ONE: FILE, FOUR: DNS},
        resolv=nameservers(DEAF, NAMESERVER, options=IMPATIENT),
        elsewhere=True,
    ),
    "dropped-questions": Host({SILENT: FAILED}, resolv=nameservers(NAMESERVER, options=IMPATIENT)),
    "ipv4-alone": Host(
        {"pinned.example": FILE, ONE: FILE, BOTH: DNS, SIX: WITHOUT}, elsewhere=True
    ),
    "both-families": Host(
        {"pinned.example": FILE, ONE: FILE, BOTH: FILE, SIX: DNS}, elsewhere=True, steps=HAS_IPV6
    ),
}
ASKED = [(place, name) for place, host in PLACES.items() for name in host.found]


@pytest.fixture(scope="module")
def resolved(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mapping[str, Resolved]]:
    """Let each host resolve its names, two at a time: some wait for who never answers."""
    folders = [tmp_path_factory.mktemp("host") for _ in PLACES]
    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(PLACES, pool.map(resolve, PLACES.values(), folders), strict=True))


def resolve(host: Host, folder: Path) -> Mapping[str, Resolved]:
    within = without_internet(folder, silent=host.elsewhere)
    for name, content in (
        ("hosts", HOSTS),
        ("nsswitch.conf", host.nsswitch),
        ("resolv.conf", host.resolv),
    ):
        path = folder / "etc" / name
        path.write_text(content) if content is not None else path.unlink()
    conf = write_unbound(folder, Server(NAMESERVER), write_zones(folder))
    script = f'{host.steps}\n{need("unbound")} -c {conf}\nexec "$@"'
    return resolve_within((*within, "sh", "-ec", script, "sh"), tuple(host.found))


@pytest.mark.parametrize(("place", "name"), ASKED)
def test_a_name_is_what_getent_says(
    place: str, name: str, resolved: Mapping[str, Mapping[str, Resolved]]
) -> None:
    seen, wanted = resolved[place][name], PLACES[place].found[name]

    if isinstance(seen.ours, Answer):
        assert seen.ours.addresses == seen.getent
        assert seen.ours.source == wanted
    else:
        assert seen.ours.code == wanted
        assert (seen.getent == ()) == (wanted != TOO_MANY)
    if wanted == FILE:
        assert seen.getent == seen.by_files


@pytest.mark.parametrize(
    ("place", "name", "addresses"),
    [
        ("files-then-dns", "pinned.example", ("2001:db8::10", "192.0.2.10")),
        ("files-then-dns", ONE, ("192.0.2.12",)),
        ("dns-then-files", ONE, ("192.0.2.1",)),
        ("search", "any.wild", ("192.0.2.9",)),
        ("ipv4-alone", "pinned.example", ("192.0.2.10",)),
        ("ipv4-alone", BOTH, ("192.0.2.1",)),  # the file has no IPv4 address of it
        ("both-families", BOTH, ("2001:db8::12",)),
    ],
)
def test_the_addresses_are_those_of_who_is_asked_first(
    place: str,
    name: str,
    addresses: tuple[str, ...],
    resolved: Mapping[str, Mapping[str, Resolved]],
) -> None:
    ours = resolved[place][name].ours

    assert isinstance(ours, Answer)
    assert ours.addresses == addresses


@pytest.mark.parametrize("name", ["big", "large"])
def test_many_addresses_come_over_tcp(
    name: str, resolved: Mapping[str, Mapping[str, Resolved]]
) -> None:
    seen = resolved["files-then-dns"][f"{name}.{ZONE}"]

    assert isinstance(seen.ours, Answer)
    assert len(seen.ours.addresses) == len(seen.getent) == MANY[name][1]


def test_more_addresses_than_are_looked_at_are_no_answer_though_getent_lists_them(
    resolved: Mapping[str, Mapping[str, Resolved]],
) -> None:
    seen = resolved["files-then-dns"][f"swarm.{ZONE}"]

    assert isinstance(seen.ours, NoAnswer)
    assert (seen.ours.code, len(seen.getent)) == (TOO_MANY, MANY["swarm"][1])


def test_a_nameserver_that_the_resolver_does_not_ask_is_not_configured() -> None:
    for place, servers in (
        ("second-nameserver", (NOBODY[0], NAMESERVER)),  # answers are found there
        ("fourth-nameserver", NOBODY),  # and are not here, where the next one has them
    ):
        content = PLACES[place].resolv or ""
        seen = parse_resolvers("/etc/resolv.conf", content.encode(), datetime.now(UTC))
        assert tuple(one.address for one in seen.servers) == servers
