"""The same request through a real proxy and directly, and proxies that are none."""

import asyncio
import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme

from checks.wire.connections import ConnectionRefusal, Peer
from checks.wire.handshakes import Handshake
from checks.wire.http import Ask, Response
from checks.wire.tunnels import (
    ByProxy,
    ConnectAnswer,
    NoProxy,
    ask_by_proxy,
    shake_hands_by_proxy,
)
from fixtures.sightings import Sighting
from fixtures.vantages import NameNotResolvedError, Resolution
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.dns_sides import free_place
from tests.checks.wire.far_sides import Behaviour, far_side, stay_silent
from tests.checks.wire.floods import Flood
from tests.checks.wire.http_sides import https, saying
from tests.tinyproxy import tinyproxy

HERE, NOBODY = "127.0.0.1", "127.0.0.9"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
WHO, PASSWORD = "anna", "passw0rd7Xq"
IN_A_URL = "p%61ssw0rd7Xq"
VARIABLES = ("https_proxy", "all_proxy", "no_proxy")


@dataclass(frozen=True)
class Knowing(Local):
    """This host, with a resolver that knows these names."""

    names: dict[str, str] = field(default_factory=dict)
    kind: str = field(default="local", init=False)

    async def resolve(self, name: str, *, deadline: float) -> Resolution:
        if name not in self.names:
            raise NameNotResolvedError("EAI_NONAME", "Name or service not known")
        return Resolution((self.names[name],), "dns")


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="module")
def served(authority: trustme.CA) -> Iterator[int]:
    with https(authority, saying(OK)) as port:
        yield port


def ask(
    port: int,
    vantage: Local,
    named: str | None = None,
    *,
    address: str = HERE,
    deadline: float = 10,
) -> ByProxy | NoProxy:
    asked = Ask("localhost", port, "GET", "/", "touchstone", None, 5)
    seen = asyncio.run(ask_by_proxy(asked, vantage, address, named, deadline=deadline))
    assert decode(encode(seen)) == seen
    assert seen.headline.isprintable()
    return seen


def tried(port: int, vantage: Local, named: str | None = None, *, deadline: float = 10) -> ByProxy:
    seen = ask(port, vantage, named, deadline=deadline)
    assert isinstance(seen, ByProxy), seen.headline
    return seen


def why_not(port: int, vantage: Local, named: str | None = None) -> str:
    seen = ask(port, vantage, named)
    assert isinstance(seen, NoProxy), seen.headline
    return seen.why


def test_both_ways_are_shown(
    served: int, here: Local, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tinyproxy(tmp_path) as port:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        seen = tried(served, here)

    assert (seen.named_by, seen.credentials) == ("https_proxy", False)
    assert seen.answer is not None
    assert (seen.answer.status, seen.answer.opens) == (200, True)
    assert isinstance(seen.through, Response)
    assert isinstance(seen.directly, Response)
    assert seen.headline.startswith(f"through the proxy 127.0.0.1:{port} (https_proxy): 127.0.0.1")


def test_what_is_closed_directly_may_be_open_through_the_proxy(
    served: int, here: Local, tmp_path: Path
) -> None:
    peer = Peer("localhost", served)
    with tinyproxy(tmp_path) as port:
        named = f"http://127.0.0.1:{port}"
        looking = shake_hands_by_proxy(peer, here, NOBODY, named, deadline=10)
        seen = asyncio.run(looking)

    assert isinstance(seen, ByProxy)
    assert decode(encode(seen)) == seen
    assert seen.named_by == "the profile"
    assert isinstance(seen.through, Handshake)
    assert seen.through.accepted
    assert isinstance(seen.directly, ConnectionRefusal)
    assert seen.directly.address == NOBODY


def test_a_proxy_that_asks_who_is_there_is_told_and_nobody_is_written_down(
    served: int, here: Local, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tinyproxy(tmp_path, f"BasicAuth {WHO} {PASSWORD}") as port:
        without = tried(served, here, f"http://127.0.0.1:{port}")
        monkeypatch.setenv("HTTPS_PROXY", f"http://{WHO}:{IN_A_URL}@127.0.0.1:{port}")
        with_them = tried(served, here)

    assert without.answer == ConnectAnswer(407, "Proxy Authentication Required", ("Basic",))
    assert without.through is None
    assert isinstance(without.directly, Response)
    assert "answers CONNECT with 407 Proxy Authentication Required (Basic)" in without.headline
    assert isinstance(with_them.through, Response)
    assert (with_them.named_by, with_them.credentials) == ("HTTPS_PROXY", True)
    token = base64.b64encode(f"{WHO}:{PASSWORD}".encode()).decode()
    written = encode(with_them) + repr(with_them) + with_them.headline
    assert [one for one in (WHO, PASSWORD, IN_A_URL, token) if one in written] == []


def test_a_proxy_that_refuses_or_cannot_reach_is_told(
    served: int, here: Local, tmp_path: Path
) -> None:
    nobody = free_place(HERE).port
    with tinyproxy(tmp_path, "ConnectPort 1") as port:
        refusing = tried(served, here, f"http://127.0.0.1:{port}")
    with tinyproxy(tmp_path) as port:
        failing = tried(nobody, here, f"http://127.0.0.1:{port}")

    assert refusing.answer == ConnectAnswer(403, "Access violation", ())
    assert failing.answer is not None
    assert failing.answer.status == 500
    assert isinstance(failing.directly, ConnectionRefusal)


def test_a_proxy_where_nobody_listens_gives_no_answer(served: int, here: Local) -> None:
    nobody = free_place(HERE).port
    seen = tried(served, here, f"http://127.0.0.1:{nobody}")

    assert seen.answer is None
    assert isinstance(seen.through, ConnectionRefusal)
    assert (seen.through.port, seen.through.reason) == (nobody, "refused")
    assert isinstance(seen.directly, Response)


def babble(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"220 mail.example ESMTP\r\n\r\n")


def endless(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    Flood().pour(connection.sendall, b"X: y\r\n")


def drip(connection: socket.socket) -> None:
    connection.recv(65536)
    over = threading.Event()
    with suppress(OSError):
        while not over.wait(0.05):
            connection.sendall(b"H")


def close(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 2")


@pytest.mark.parametrize(
    ("behave", "words"),
    [
        (babble, "what the proxy answered is not HTTP"),
        (endless, "does not end within 8192 bytes"),
        (drip, "nothing came until the deadline"),
        (close, "closed the connection after 10 bytes"),
        (stay_silent, "nothing came until the deadline"),
    ],
)
def test_what_is_no_proxy_is_none(behave: Behaviour, words: str, served: int, here: Local) -> None:
    with far_side(behave) as port:
        seen = tried(served, here, f"http://127.0.0.1:{port}", deadline=2)

    assert seen.answer is None
    assert isinstance(seen.through, ConnectionRefusal)
    assert words in seen.through.text


@pytest.mark.parametrize(
    ("exempt", "host"),
    [
        ("*", "git.example.net"),
        ("example.net", "git.example.net"),
        (".example.net, other.test", "GIT.Example.net"),
        ("one.test git.example.net", "git.example.net."),
        ("192.0.2.0/24", "192.0.2.7"),
        ("[2001:db8::1]", "2001:db8::1"),
    ],
)
def test_no_proxy_exempts(exempt: str, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", exempt)
    looking = shake_hands_by_proxy(Peer(host), Local(), NOBODY, None, deadline=5)

    seen = asyncio.run(looking)

    assert isinstance(seen, NoProxy)
    assert seen.why == f"no_proxy exempts {host}"


@pytest.mark.parametrize(
    "exempt", ["ample.net", "git.example.net.evil.test", "192.0.2.0/24", "", "nonsense/33"]
)
@pytest.mark.parametrize("host", ["git.example.net", "198.51.100.7"])
def test_no_proxy_exempts_nobody_else(
    exempt: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{free_place(HERE).port}")
    monkeypatch.setenv("no_proxy", exempt)
    looking = shake_hands_by_proxy(Peer(host, 1), Local(), NOBODY, None, deadline=5)

    assert isinstance(asyncio.run(looking), ByProxy)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "neither the environment nor the profile names a proxy"),
        ("socks5://anna:hidden-word@127.0.0.1:1080", "a proxy of the kind socks5"),
        ("https://127.0.0.1", "a proxy of the kind https"),
        ("http://anna:hidden-word@nobody.test:3128", "nobody.test does not resolve"),
        ("http://127.0.0.1:99999", "what https_proxy holds is no URL"),
        ("http://", "names no host"),
    ],
)
def test_who_cannot_be_asked_is_told_without_who_asks(
    value: str | None, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is not None:
        monkeypatch.setenv("https_proxy", value)

    told = why_not(1, Knowing())

    assert words in told
    assert "hidden-word" not in told


def test_the_environment_goes_before_the_profile_and_lower_case_before_upper(
    served: int, here: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (free_place(HERE).port for _ in range(2))
    monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{second}")
    upper = tried(served, here, "http://127.0.0.1:1")
    monkeypatch.setenv("https_proxy", f"127.0.0.1:{first}")
    lower = tried(served, here, "http://127.0.0.1:1")

    assert (upper.proxy, upper.named_by) == (f"127.0.0.1:{second}", "HTTPS_PROXY")
    assert (lower.proxy, lower.named_by) == (f"127.0.0.1:{first}", "https_proxy")


def test_a_proxy_is_found_by_the_vantages_own_resolver(
    served: int, here: Local, tmp_path: Path
) -> None:
    knowing = Knowing(authorities=here.authorities, names={"proxy.test": HERE})
    with tinyproxy(tmp_path) as port:
        seen = tried(served, knowing, f"http://proxy.test:{port}")

    assert seen.proxy == f"proxy.test:{port}"
    assert isinstance(seen.through, Response)


def test_it_can_be_repeated_by_hand() -> None:
    one = Sighting(shake_hands_by_proxy, Peer("a.test"), "here", ("192.0.2.1", None))
    asked = Ask("a.test", 443, "GET", "/x", "touchstone", None, 0)
    other = Sighting(ask_by_proxy, asked, "here", ("192.0.2.1", "http://proxy.test:3128"))

    curl = "curl -sSv -o /dev/null --max-time 10 https://a.test/"
    assert one.by_hand == f"{curl}; {curl} --noproxy '*'"
    assert other.by_hand == (
        f"https_proxy=\"${{https_proxy:-http://proxy.test:3128}}\" {curl}x; {curl}x --noproxy '*'"
    )
    assert one.about == other.about == "a.test"
