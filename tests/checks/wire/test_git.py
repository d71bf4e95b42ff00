import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme

from checks.wire.git import (
    Advertisement,
    RefsListed,
    Remote,
    list_refs,
    read_advertisement,
)
from checks.wire.handshakes import Distrust, HandshakeRefusal
from checks.wire.responses import HttpRefusal
from fixtures.sightings import Sighting
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from tests.checks.wire.far_sides import (
    ALERT_40,
    Behaviour,
    answer_hello,
    close_at_hello,
    far_side,
    pem_of,
    reset,
    reset_at_hello,
    shut,
    stay_silent,
)
from tests.checks.wire.git_sides import (
    ADVERTISES,
    advertised,
    git_server,
    listed,
    refused,
    unadvertised,
)
from tests.checks.wire.http_sides import Answer, address, https, part_well, saying
from tests.checks.wire.test_pkt_lines import WHOLE

FEED = b"""commit refs/heads/main
committer A <a@example.org> 1700000000 +0000
data 5
First
tag v1
from refs/heads/main
tagger A <a@example.org> 1700000000 +0000
data 2
v1
"""


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repositories")
    demo = str(folder / "demo.git")
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", demo], check=True)
    feeding = ["git", "-C", demo, "fast-import", "--quiet"]
    subprocess.run(feeding, input=FEED, check=True)
    return folder


def test_our_client_and_git_see_the_same_refs(
    authority: trustme.CA, here: Local, repositories: Path
) -> None:
    with git_server(authority, repositories) as port:
        ours = advertised(port, here, "/demo.git/")
        gits = listed(port, here)

    assert isinstance(ours, Advertisement)
    assert isinstance(gits, RefsListed)
    assert (ours.refs, gits.refs) == (4, 4)
    assert ours.head is not None
    assert ours.head == gits.head
    assert "multi_ack" in ours.capabilities
    assert ours.url == f"https://localhost:{port}/demo.git/info/refs?service=git-upload-pack"
    assert "=> Send header: GET /demo.git/info/refs" in gits.transcript


def test_a_repository_that_is_not_there_is_refused_by_git(
    authority: trustme.CA, here: Local, repositories: Path
) -> None:
    with git_server(authority, repositories) as port:
        ours = unadvertised(advertised(port, here, "other.git"))
        gits = refused(listed(port, here, "other.git"))

    assert (ours.status, ours.reason) == (404, "the status is 404")
    assert (gits.layer, gits.status) == ("git", 128)
    assert "not found" in gits.reason


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "the status is 403"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<hi>",
            "the content type is text/html",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "the content type is None"),
        (ADVERTISES + b"Content-Length: 4\r\n\r\n<hi>", "no length of a pkt-line: '<hi>'"),
        (
            ADVERTISES + b"Content-Length: %d\r\n\r\n%b" % (len(WHOLE) - 4, WHOLE[:-4]),
            "it ends before its flush packet",
        ),
    ],
)
def test_an_answer_that_is_no_advertisement_says_why(
    authority: trustme.CA, here: Local, raw: bytes, reason: str
) -> None:
    with https(authority, saying(raw)) as port:
        assert unadvertised(advertised(port, here)).reason == reason


def test_an_advertisement_behind_a_redirect_is_found(authority: trustme.CA, here: Local) -> None:
    def answer(session: ssl.SSLSocket, head: bytes) -> None:
        moved = b"HTTP/1.1 301 Moved\r\nLocation: /b/info/refs\r\nContent-Length: 1\r\n\r\nx"
        whole = ADVERTISES + b"Content-Length: %d\r\n\r\n%b" % (len(WHOLE), WHOLE)
        saying(whole if head.startswith(b"GET /b/") else moved)(session, head)

    with https(authority, answer) as port:
        seen = advertised(port, here)

    assert isinstance(seen, Advertisement)
    assert (seen.refs, seen.url) == (4, f"https://localhost:{port}/b/info/refs")


def test_an_advertisement_that_never_ends_is_ended(authority: trustme.CA, here: Local) -> None:
    def pour(session: ssl.SSLSocket, _head: bytes) -> None:
        session.sendall(ADVERTISES + b"\r\n" + WHOLE[:-4])
        line = b"003d" + b"1" * 40 + b" refs/heads/any\n"
        while True:
            session.sendall(line * 20_000)

    with https(authority, pour) as port:
        seen = advertised(port, here)

    assert isinstance(seen, HttpRefusal)
    assert (seen.phase, seen.reason) == ("body", "too-large")


def test_the_lower_layers_of_an_advertisement_refuse_in_their_own_types(
    authority: trustme.CA, here: Local
) -> None:
    with far_side(reset_at_hello) as port:
        assert isinstance(advertised(port, here), HandshakeRefusal)
    with https(trustme.CA(), saying(b"")) as port:
        assert isinstance(advertised(port, here), Distrust)


def part_of_a_body(end: Callable[[ssl.SSLSocket], None]) -> Answer:
    return saying(ADVERTISES + b"Content-Length: 5000\r\n\r\n" + WHOLE[:-4], end)


@pytest.mark.parametrize(
    ("behave", "layer"),
    [
        (reset_at_hello, "tls"),
        (close_at_hello, "tls"),
        (answer_hello(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "tls"),
        (answer_hello(ALERT_40), "tls"),
    ],
)
def test_git_names_a_fault_of_the_handshake(here: Local, behave: Behaviour, layer: str) -> None:
    with far_side(behave) as port:
        assert refused(listed(port, here)).layer == layer


def test_git_names_a_reset_by_whether_it_could_send(here: Local) -> None:
    with far_side(reset) as port:
        seen = refused(listed(port, here))

    # Where the RST is quicker than git's own trace, it comes no further than the connection.
    assert seen.layer in (
        {"connection"} if "Send failure" in seen.reason else {"connection", "tls"}
    )


def test_git_names_a_refused_connection(here: Local) -> None:
    with far_side(stay_silent) as port:
        pass

    seen = refused(listed(port, here))

    assert (seen.layer, seen.status) == ("connection", 128)


def test_a_silent_far_side_does_not_hold_git_up(here: Local) -> None:
    with far_side(stay_silent) as port:
        seen = refused(listed(port, here, deadline=0.7))

    assert (seen.layer, seen.status) == ("tls", None)
    assert "ended at the deadline" in seen.reason
    assert seen.seconds < 5


@pytest.mark.parametrize("end", [reset, shut, part_well])
def test_git_names_a_cut_in_the_answer(
    authority: trustme.CA, here: Local, end: Callable[[ssl.SSLSocket], None]
) -> None:
    with https(authority, part_of_a_body(end)) as port:
        assert refused(listed(port, here)).layer == "http"


@pytest.mark.parametrize(("status", "reason"), [(401, "could not read Username"), (503, "503")])
def test_git_names_a_status_and_does_not_ask_for_a_password(
    authority: trustme.CA, here: Local, status: int, reason: str
) -> None:
    raw = f"HTTP/1.1 {status} No\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"
    with https(authority, saying(raw.encode())) as port:
        seen = refused(listed(port, here))

    assert seen.layer == "http"
    assert reason in seen.reason


def test_git_names_who_it_does_not_trust_even_where_leniency_is_set(
    authority: trustme.CA, here: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_SSL_NO_VERIFY", "1")
    with https(trustme.CA(), saying(b"")) as port:
        untrusted = refused(listed(port, here))
    with https(authority, saying(b""), address="127.0.0.2") as port:
        mismatch = refused(listed(port, here, host="127.0.0.2"))

    assert (untrusted.layer, mismatch.layer) == ("trust", "trust")


def test_git_names_an_advertisement_that_is_none(authority: trustme.CA, here: Local) -> None:
    raw = ADVERTISES + b"Content-Length: 8\r\n\r\nzzzzzzzz"
    with https(authority, saying(raw)) as port:
        assert refused(listed(port, here)).layer == "git"


def test_the_environments_own_authorities_stay_trusted(
    authority: trustme.CA,
    repositories: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GIT_SSL_CAINFO", pem_of(authority, tmp_path))
    (tmp_path / "other").mkdir()
    other = Local(authorities=(pem_of(trustme.CA(), tmp_path / "other"),))
    with git_server(authority, repositories) as port:
        assert isinstance(listed(port, Local()), RefsListed)
        assert isinstance(listed(port, other), RefsListed)


def test_credentials_of_the_users_settings_stay_out_of_the_transcript(
    authority: trustme.CA,
    here: Local,
    repositories: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = "[http]\n\textraHeader = Authorization: Basic c2VjcmV0LXRva2Vu\n"
    (tmp_path / ".gitconfig").write_text(settings)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_TRACE_REDACT", "0")
    with git_server(authority, repositories) as port:
        seen = listed(port, here)

    assert isinstance(seen, RefsListed)
    assert "Authorization: Basic <redacted>" in seen.transcript
    assert "c2VjcmV0LXRva2Vu" not in seen.transcript


@dataclass(frozen=True)
class Elsewhere(Local):
    """A vantage whose names and ports are its own, as the lab's are."""

    kind: str = field(default="lab", init=False)
    moved: int = 443

    def port(self, address: str, port: int) -> int:
        return self.moved if port == 443 else port


def test_in_the_lab_git_is_told_address_and_port(
    authority: trustme.CA, tmp_path: Path, repositories: Path
) -> None:
    with git_server(authority, repositories) as port:
        vantage = Elsewhere(authorities=(pem_of(authority, tmp_path),), moved=port)
        looking = list_refs(
            Remote("other.example", 443, "demo.git"), vantage, (address(),), deadline=20
        )
        seen = asyncio.run(looking)

    assert isinstance(seen, RefsListed)
    assert seen.url == "https://other.example/demo.git"


def test_a_host_without_git_could_not_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = shutil.which("env")
    assert found is not None
    (tmp_path / "env").symlink_to(found)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(VantageError, match="install git"):
        listed(443, Local())


def test_it_can_be_repeated_by_hand() -> None:
    remote = Remote("github.com", 443, "actions/checkout")

    assert Sighting(list_refs, remote, "here").by_hand.endswith(
        "ls-remote https://github.com/actions/checkout"
    )
    assert Sighting(read_advertisement, remote, "here").by_hand.endswith(
        "'https://github.com/actions/checkout/info/refs?service=git-upload-pack'"
    )
