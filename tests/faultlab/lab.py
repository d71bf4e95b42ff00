"""The fault lab, as long as it stands; it is made where `tests.stand_ins.enter` leads."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.checks.wire.far_sides import Behaviour, far_side
from tests.faultlab.identities import stores, write_identities
from tests.faultlab.places import HUB, NAMES, NAMESERVER, PROXY, RESOLVER
from tests.faultlab.sites import address_of, serve_web
from tests.faultlab.wiring import ruled, wire
from tests.fixtures.vantages.spaces import inside
from tests.stand_ins import LOCALHOST

FOLDER = Path("/mnt")
"""The lab's own folder, seen from inside."""
_ETC = Path("/etc/netns")
_VERSION = Path("/proc/version")
_HUB = f"ip daddr {NAMES[HUB]} tcp dport 443"
_HUB_PLAINLY = f"ip daddr {NAMES[HUB]} tcp dport 80"


def start() -> None:
    """Wire the networks, and serve what is healthy."""
    wire()
    authorities = write_identities(FOLDER)
    for node, store in stores(authorities):
        certificates = _ETC / node / "ssl" / "certs"
        certificates.mkdir(parents=True)
        (certificates / "ca-certificates.crt").write_bytes(store)
        (_ETC / node / "resolv.conf").write_text(f"nameserver {NAMESERVER}\n")
        (_ETC / node / "hosts").write_text(LOCALHOST)
    serve_web(FOLDER)


@contextmanager
def pinning(node: str, lines: str, whole: str = LOCALHOST) -> Iterator[None]:
    """Let the node's hosts file have these lines too."""
    file = _ETC / node / "hosts"
    file.write_text(whole + lines)
    try:
        yield
    finally:
        file.write_text(LOCALHOST)


@contextmanager
def led_to(site: str, *, to: str = "") -> Iterator[None]:
    """Let the middlebox lead connections for the first name to somebody else.

    `to` is nftables' own condition: whose connections; everybody's where there is none.
    """
    with ruled(f"lead {to} {_HUB} dnat ip to {address_of(site)}"):
        yield


@contextmanager
def led_wholly_to(site: str) -> Iterator[None]:
    """Let the middlebox lead everybody there, by plain HTTP too."""
    where = f"dnat ip to {address_of(site)}"
    with ruled(f"lead {_HUB} {where}", f"lead {_HUB_PLAINLY} {where}"):
        yield


@contextmanager
def let(verdict: str) -> Iterator[None]:
    """Let the middlebox's filter do so with what goes to the first name's port of HTTPS."""
    with ruled(f"let {_HUB} {verdict}"):
        yield


@contextmanager
def seen_by(behave: Behaviour) -> Iterator[None]:
    """Redirect the first name's connections to a middlebox that behaves so."""
    with ExitStack() as stack:
        port = stack.enter_context(far_side(behave, "0.0.0.0"))
        stack.enter_context(ruled(f"lead {_HUB} redirect to :{port}"))
        yield


@contextmanager
def proxied(behave: Behaviour, port: int = 3128) -> Iterator[None]:
    """Let a proxy listen that behaves so."""
    with inside(RESOLVER, far_side(behave, PROXY, port)):
        yield
