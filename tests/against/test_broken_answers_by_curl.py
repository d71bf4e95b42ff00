"""Answers that nginx begins and does not end, or never begins: as curl tells of them."""

import asyncio
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from checks.wire.http import Ask, HttpRefusal, fetch
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.against.chains import CHAINS, HOST
from tests.against.curl import curl
from tests.against.nginx import Place, Site, nginx
from tests.checks.wire.far_sides import Behaviour, far_side, reset, shut, stay_silent
from tests.checks.wire.http_sides import address

NETWORK = "127.44.4"
BEHIND = "127.44.4.250"
BRIEF, LONG = 1.0, 10.0
"""Seconds for which silence is listened to, and for which what has to come is waited for."""


def answer(raw: bytes, then: Behaviour) -> Behaviour:
    """Answer nginx with these bytes, and go on so."""

    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(raw)
        then(connection)

    return behave


@dataclass(frozen=True)
class Broken:
    """Who stands behind nginx, and what becomes of it in front: (phase, reason, curl's exit)."""

    behind: Behaviour | None
    by_http1: tuple[str, str, int]
    by_http2: tuple[str, str, int]
    received: int = 0


COUNTED = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
CUT = ("body", "truncated", 18), ("body", "cancelled", 92)
BROKEN = {
    "cut-by-a-fin": Broken(answer(COUNTED, shut), *CUT, 9),
    "cut-by-a-reset": Broken(answer(COUNTED, reset), *CUT, 9),
    "cut-between-chunks": Broken(answer(CHUNKED, shut), *CUT, 5),
    "stalled": Broken(
        answer(COUNTED, stay_silent), ("body", "stalled", 28), ("body", "stalled", 28), 9
    ),
    "silent": Broken(stay_silent, ("headers", "stalled", 28), ("headers", "stalled", 28)),
    "dropped": Broken(None, ("headers", "truncated", 52), ("headers", "cancelled", 92)),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("broken")


@pytest.fixture(scope="module")
def places(folder: Path) -> Iterator[Mapping[str, Place]]:
    shown = CHAINS["good"].directives(folder, "good")
    through = "proxy_http_version 1.1; proxy_buffering off;"
    with ExitStack() as behind:
        locations = shown
        for name, broken in BROKEN.items():
            if broken.behind is None:
                does = "return 444;"
            else:
                port = behind.enter_context(far_side(broken.behind, BEHIND))
                does = f"{through} proxy_pass http://{BEHIND}:{port};"
            locations += f"    location = /{name} {{ {does} }}\n"
        sites = {"HTTP/1.1": Site(locations), "HTTP/2": Site(locations, "ssl http2")}
        with nginx(folder, NETWORK, sites) as serving:
            yield serving


@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/2"])
@pytest.mark.parametrize("name", BROKEN)
def test_an_answer_breaks_where_curl_says_that_it_breaks(
    name: str, version: str, places: Mapping[str, Place], folder: Path
) -> None:
    authorities = CHAINS["good"].authorities(folder, "root")
    place, broken = places[version], BROKEN[name]
    ask = Ask(HOST, place.port, "GET", f"/{name}", "touchstone", None, redirects=5)
    here = Local(authorities=(str(authorities),))
    patience = BRIEF if name in {"stalled", "silent"} else LONG

    (ours,) = asyncio.run(fetch(ask, here, (address(place.address),), deadline=patience))
    theirs = curl(ask, place, authorities, seconds=patience)

    assert decode(encode(ours)) == ours
    assert isinstance(ours, HttpRefusal), ours
    wanted = broken.by_http1 if version == "HTTP/1.1" else broken.by_http2
    assert (ours.phase, ours.reason, theirs.exit) == wanted
    assert (ours.status or 0) == theirs.status == (200 if broken.received else 0)
    assert ours.body_bytes == theirs.body_bytes == broken.received
    if ours.reason == "cancelled":
        assert _code(ours.errors[0], r"error_code:(\d+)") == _code(theirs.error, r"\(err (\d+)\)")


def _code(text: str | None, pattern: str) -> str:
    found = re.search(pattern, text or "")
    assert found is not None, text
    return found[1]
