"""What vantages saw of a target, made by hand, and the comparison of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from checks.causes.differences import compare
from fixtures.comparing import Looked, View
from reports.comparisons import Comparison
from tests.checks import made

ONE, OTHER, THIRD = "192.0.2.1", "192.0.2.2", "192.0.2.3"
PROBES = {
    "Answer": "ask_system",
    "NoAnswer": "ask_system",
    "Address": "identify",
    "Stranger": "identify",
    "StalePin": "identify",
    "NoWay": "identify",
    "Reply": "ask_servers",
    "NoReply": "ask_servers",
    "Connection": "connect",
    "ConnectionRefusal": "connect",
    "Handshake": "shake_hands",
    "HandshakeRefusal": "shake_hands",
    "Attempt": "sample",
    "Response": "fetch",
    "HttpRefusal": "fetch",
    "Advertisement": "read_advertisement",
    "AdvertisementRefusal": "read_advertisement",
    "RefsListed": "list_refs",
    "RefsRefusal": "list_refs",
}


def view(name: str, *seen: Any, facts: Mapping[str, Any] | None = None) -> View:
    """Return what a vantage saw, each kind of observation by the probe that makes it."""
    by_probe: dict[str, list[Any]] = {}
    for one in seen:
        by_probe.setdefault(PROBES[type(one).__name__], []).append(one)
    looked = [
        Looked(f"{name}-{probe}", probe, "a.test", (*own,)) for probe, own in by_probe.items()
    ]
    return View(name, tuple(looked), facts or {})


def blind(name: str, probe: str, reason: str = "no such container") -> View:
    return View(name, (Looked(f"{name}-{probe}", probe, "a.test", (), reason),))


def both(*views: View) -> View:
    """Return one view of what several hold."""
    return replace(views[0], looked=tuple(one for part in views for one in part.looked))


def first(*views: View) -> Comparison:
    (told,) = compare("a.test", views)
    return told


def facts(nameserver: str = "192.0.2.53", mtu: int = 1500, *, order: str = "files dns") -> Any:
    files = {
        "/etc/resolv.conf": f"nameserver {nameserver}\n",
        "/etc/nsswitch.conf": f"hosts: {order}",
    }
    routes = ["0.0.0.0/0 via 10.0.0.1 dev eth0 metric 0", "10.0.0.0/8 dev br0 metric 0"]
    return {"files": files, "routes": routes, "interfaces": {"eth0": mtu, "br0": 9000}}


WHOLE = (made.answer(ONE), made.address(ONE), made.connection(), made.handshake(), made.response())
CUT = replace(made.handshake_refusal(), reason="closed", errors=("FIN",), sent=517)


def at(address: str) -> tuple[Any, ...]:
    """Return what is seen of one whole address, and connected there."""
    return (
        made.address(address, known=None),
        replace(made.connection(), address=address),
        made.handshake(address=address),
        made.response(address=address),
    )
