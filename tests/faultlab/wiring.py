"""The fault lab's networks: namespaces, wired by veth, and the middlebox that routes between them.

It is made inside a network and mount namespace of its own (`tests.stand_ins.enter`), and ends
with it: nothing of the machine's own network is touched.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench.delay import DEVICE
from tests.daemons import daemon
from tests.faultlab.places import (
    BRIDGED,
    CONTAINER,
    HOST,
    LYING,
    MIDDLEBOX,
    PROXY,
    RESOLVER,
    SERVED,
    SLOW,
    UNKNOWING,
    WEB,
    WIRES,
)
from tests.needs import need

_FORWARD = Path("/proc/sys/net/ipv4/ip_forward")
_FORGET = Path("/proc/sys/net/netfilter/nf_conntrack_udp_timeout")
_TABLE = "inet middlebox"
_CHAINS = """\
add table inet middlebox
add chain inet middlebox lead { type nat hook prerouting priority dstnat; }
add chain inet middlebox let { type filter hook forward priority filter; }
"""


def wire() -> None:
    """Make the namespaces, their addresses and routes; the middlebox is who calls."""
    for folder in ("/run", "/dev/shm"):  # named namespaces; faketime's own, by process number
        _run("mount", "-t", "tmpfs", "tmpfs", folder)
    for node in (HOST, CONTAINER, RESOLVER, WEB):
        _run("ip", "netns", "add", node)
        _run("ip", "-n", node, "link", "set", "lo", "up")
    named = Path("/run/netns", MIDDLEBOX)
    named.touch()
    _run("mount", "--bind", "/proc/self/ns/net", str(named))
    for node, (own, other) in WIRES.items():
        _join(None, f"to-{node}", other, node, own)
        _run("ip", "-n", node, "route", "add", "default", "via", other)
    _join(HOST, "docker0", BRIDGED[1], CONTAINER, BRIDGED[0])
    _run("ip", "-n", CONTAINER, "route", "add", "default", "via", BRIDGED[1])
    _run("ip", "route", "add", f"{BRIDGED[0]}/32", "via", WIRES[HOST][0])
    for network in SERVED:
        _run("ip", "route", "add", network, "via", WIRES[WEB][0])
    for address in (LYING, UNKNOWING, PROXY):
        _run("ip", "-n", RESOLVER, "address", "add", f"{address}/24", "dev", "eth0")
    _FORWARD.write_text("1")
    _run(*at(HOST), "sh", "-c", f"echo 1 >{_FORWARD}")
    _run(need("nft"), "-f", "-", feed=_CHAINS)
    _FORGET.write_text("1")  # a question over UDP is led by the rules of its own time


def at(node: str) -> tuple[str, ...]:
    """Return the command before which another runs in the node's network, with its `/etc`."""
    return ("ip", "netns", "exec", node)


@contextmanager
def ruled(*rules: str) -> Iterator[None]:
    """Let the middlebox have these rules of nftables, each of the chain `lead` or `let`."""
    text = "".join(f"add rule {_TABLE} {rule}\n" for rule in rules)
    _run(need("nft"), "-f", "-", feed=text)
    try:
        yield
    finally:
        _run(need("nft"), "flush", "table", *_TABLE.split())


@contextmanager
def routed(node: str, *words: str) -> Iterator[None]:
    """Let the node have a route."""
    _run("ip", "-n", node, "route", "add", *words)
    try:
        yield
    finally:
        _run("ip", "-n", node, "route", "del", *words)


@contextmanager
def slowed(seconds: float) -> Iterator[None]:
    """Let everything between the host and the middlebox take so long each way."""
    relay = (sys.executable, "-m", "tests.bench.delay", str(seconds), MIDDLEBOX, HOST)
    with daemon(("sh", "-c", 'exec "$@" >&2', "sh", *relay), until="relaying"):
        for node, address in ((MIDDLEBOX, SLOW[1]), (HOST, SLOW[0])):
            _run("ip", "-n", node, "address", "add", f"{address}/24", "dev", DEVICE)
            _run("ip", "-n", node, "link", "set", DEVICE, "up")
        for half in ("0.0.0.0/1", "128.0.0.0/1"):  # before the default route, and gone by itself
            _run("ip", "-n", HOST, "route", "add", half, "dev", DEVICE)
        yield


def _join(node: str | None, link: str, address: str, other: str, its_address: str) -> None:
    """Lay a wire from a node (none: the middlebox) to another one, where it is `eth0`."""
    there = ("-n", node) if node else ()
    _run("ip", *there, "link", "add", link, "type", "veth", "peer", "name", "far")
    _run("ip", *there, "link", "set", "far", "netns", other)
    _run("ip", "-n", other, "link", "set", "far", "name", "eth0")
    _run("ip", *there, "address", "add", f"{address}/24", "dev", link)
    _run("ip", *there, "link", "set", link, "up")
    _run("ip", "-n", other, "address", "add", f"{its_address}/24", "dev", "eth0")
    _run("ip", "-n", other, "link", "set", "eth0", "up")


def _run(*argv: str, feed: str | None = None) -> None:
    ended = subprocess.run(
        argv, input=feed, capture_output=True, text=True, timeout=30, check=False
    )
    if ended.returncode:
        raise RuntimeError(f"{' '.join(argv)}: {ended.stderr.strip()} {feed or ''}")


def run(argv: Sequence[str]) -> None:
    """Run a command of the lab's, which must succeed; raises `RuntimeError`."""
    _run(*argv)
