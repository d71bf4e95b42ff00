"""Two namespaces that differ of one host at each layer, and of some at none: real servers in both.

In both, dnsmasq answers at one address, and a web of far sides is served on loopback. Green is the
one that is worse off.
"""

import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme
import yaml

from fixtures.lab.git import make_repository
from tests.checks.wire.far_sides import (
    Behaviour,
    close_at_hello,
    far_side,
    over_tls,
    pem_of,
    server_context,
)
from tests.checks.wire.git_sides import by_git
from tests.checks.wire.http_sides import Answer, reading, saying
from tests.daemons import daemon
from tests.fixtures.vantages.spaces import inside, ip, namespace
from tests.needs import need

HTTPS, NAMESERVER, OTHER_NAMESERVER = 443, "192.0.2.53", "192.0.2.54"
NAMES: Mapping[str, Sequence[str]] = {
    "same.test": ["192.0.2.11"],
    "shared.test": ["192.0.2.12", "192.0.2.13"],
    "names.test": ["192.0.2.14"],
    "route.test": ["198.51.100.9"],
    "tcp.test": ["192.0.2.15"],
    "tls.test": ["192.0.2.16"],
    "http.test": ["192.0.2.17"],
    "git.test": ["192.0.2.18"],
}
"""What is served in blue, and at which addresses."""
HIJACKED = {**NAMES, "shared.test": ["192.0.2.13", "192.0.2.19"], "names.test": ["192.0.2.66"]}
"""What green's nameserver says: other addresses, of which one is nobody's."""
_MTU = {"blue": "1500", "green": "1420"}
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
_FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"


@dataclass(frozen=True)
class World:
    """A profile that looks from both, and from a third where there is nothing to look from."""

    profile: Path
    blue: str
    """The names of the namespaces."""
    green: str


@contextmanager
def differing(folder: Path) -> Iterator[World]:
    """Make the two namespaces, and what is in them."""
    authority = trustme.CA()
    make_repository(folder).rename(folder / "demo.git")
    context = server_context(authority.issue_cert(*NAMES))
    with ExitStack() as stack:
        blue, green = (stack.enter_context(namespace()) for _ in _MTU)
        for space, names, mtu in ((blue, NAMES, "1500"), (green, HIJACKED, "1420")):
            _connect(space, mtu, wide=space == blue)
            stack.enter_context(_nameserver(space, names))
            web = _web(context, folder, broken=space == green)
            stack.enter_context(inside(space, _serving(web)))
        path = folder / "differing.yaml"
        path.write_text(yaml.safe_dump(_profile(blue, green, pem_of(authority, folder))))
        yield World(path, blue, green)


def etc(nameserver: str = NAMESERVER, pins: str = "") -> dict[str, str]:
    """Return the files that a namespace's resolver reads; `pins` are lines of its hosts file."""
    return {
        "hosts": f"127.0.0.1 localhost\n{pins}",
        "nsswitch_conf": "hosts: files dns\n",
        "resolv_conf": f"nameserver {nameserver}\noptions timeout:2 attempts:2\n",
    }


def _connect(space: str, mtu: str, *, wide: bool) -> None:
    every = {one for names in (NAMES, HIJACKED) for ones in names.values() for one in ones}
    every -= {"198.51.100.9"} if not wide else {"192.0.2.66"}
    for address in sorted({*every, NAMESERVER, OTHER_NAMESERVER}):
        ip("-n", space, "address", "add", address, "dev", "lo")
    ip("-n", space, "link", "set", "lo", "mtu", mtu)
    ip("-n", space, "route", "add", "192.0.2.0/24", "dev", "lo")


@contextmanager
def _nameserver(space: str, names: Mapping[str, Sequence[str]]) -> Iterator[None]:
    """Answer at both addresses; of any other name below `test` there is none."""
    argv = [
        *(need("ip"), "netns", "exec", space, need("dnsmasq"), "--keep-in-foreground"),
        *("--conf-file=/dev/null", "--pid-file=", "--no-resolv", "--no-hosts", "--user=root"),
        *("--bind-interfaces", "--log-facility=-", "--local=/test/"),
        *(f"--listen-address={one}" for one in (NAMESERVER, OTHER_NAMESERVER)),
        *(f"--host-record={name},{one}" for name, ones in names.items() for one in ones),
    ]
    with daemon(argv, until="started, version"):
        yield


def _web(context: ssl.SSLContext, folder: Path, *, broken: bool) -> dict[str, Behaviour]:
    """Return what is served at each address; what is not, refuses."""

    def by(answer: Answer) -> Behaviour:
        return over_tls(context, reading(answer))

    web = {one: by(saying(_OK)) for ones in NAMES.values() for one in ones}
    web["192.0.2.19"] = by(saying(_OK))
    web["192.0.2.18"] = by(by_git(folder))
    if broken:
        del web["198.51.100.9"], web["192.0.2.15"]
        web["192.0.2.16"] = close_at_hello
        web["192.0.2.17"] = by(saying(_FORBIDDEN))
        web["192.0.2.18"] = by(saying(_OK))
    return web


@contextmanager
def _serving(web: Mapping[str, Behaviour]) -> Iterator[None]:
    with ExitStack() as stack:
        for address, behave in web.items():
            stack.enter_context(far_side(behave, address, HTTPS))
        yield


def _profile(blue: str, green: str, authority: str) -> dict[str, object]:
    return {
        "name": "differing",
        "vantages": [
            {"name": "blue", "kind": "netns", "namespace": blue},
            {"name": "green", "kind": "netns", "namespace": green},
            {"name": "gone", "kind": "netns", "namespace": "touchstone-there-is-none"},
        ],
        "authorities": [authority],
        "nameservers": {"absent": "none is asked"},
        "hosts": {"absent": "none is looked at"},
        "endpoints": [_endpoint(name) for name in NAMES],
    }


def _endpoint(name: str) -> dict[str, object]:
    """Look from both; at one of them from nowhere as well."""
    asked = {"git": {"path": "demo.git"}} if name == "git.test" else {"http": [{"path": "/"}]}
    nowhere = ["gone"] if name == "same.test" else []
    return {"host": name, **asked, "vantages": ["blue", "green", *nowhere]}
