"""A path that carries less than its ends believe, and drops the rest without a word (no ICMP)."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Literal

from tests.fixtures.vantages.spaces import ip, namespace
from tests.needs import need

SERVER = "198.51.100.9"
"""The address of the one who serves."""
NARROW, WIDE = ("198.51.100.1", "198.51.100.2"), ("198.51.100.5", "198.51.100.6")
"""The two ends of each path: the client's address, and that of the server's side."""
_RULE = {"in": "input", "out": "output"}


@dataclass(frozen=True)
class Paths:
    """Namespaces: of who serves, of who is behind the narrow path, and of who is not."""

    server: str
    narrow: str
    wide: str


@contextmanager
def narrow_path(limit: int, *drops: Literal["in", "out"], wide_mtu: int = 1500) -> Iterator[Paths]:
    """Drop what is larger than so many bytes (of IP), into the server or out of it."""
    with ExitStack() as stack:
        server, narrow, wide = (stack.enter_context(namespace()) for _ in range(3))
        ip("-n", server, "address", "add", SERVER, "dev", "lo")
        _join(server, "narrow", narrow, NARROW, 1500)
        _join(server, "wide", wide, WIDE, wide_mtu)
        rules = "\n".join(
            f"chain {way} {{ type filter hook {_RULE[way]} priority 0;"
            f' {way[0]}ifname "narrow" meta length > {limit} drop; }}'
            for way in drops
        )
        argv = [need("ip"), "netns", "exec", server, need("nft"), "-f", "-"]
        table = f"table ip path {{\n{rules}\n}}\n"
        subprocess.run(argv, input=table, check=True, text=True, timeout=30)
        yield Paths(server, narrow, wide)


def _join(server: str, link: str, client: str, ends: tuple[str, str], mtu: int) -> None:
    there, here = ("-n", server), ("-n", client)
    ip(*there, "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", client)
    ip(*there, "address", "add", f"{ends[1]}/30", "dev", link)
    ip(*here, "address", "add", f"{ends[0]}/30", "dev", "eth0")
    for side, name in ((there, link), (here, "eth0")):
        # One packet at a time, as on a wire: else several are one, and as large as all of them.
        ip(*side, "link", "set", name, "mtu", str(mtu), "gso_max_segs", "1", "up")
    ip(*here, "route", "add", f"{SERVER}/32", "via", ends[1])
