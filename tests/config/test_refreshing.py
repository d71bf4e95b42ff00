"""Known ranges, taken anew from an API: a server of our own on loopback."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme

from config.loading import load_ranges
from config.refreshing import RefreshError, refresh

META: dict[str, Any] = {
    "verifiable_password_authentication": False,
    "web": ["192.30.252.0/22", "140.82.112.0/20", "2a0a:a440::/29", "20.201.28.151/32"],
    "api": ["192.30.252.0/22"],
    "git": ["192.30.252.0/22"],
    "packages": ["140.82.121.33/32"],
    "actions": ["4.148.0.0/16"],
}
OLD = 'source: ours\ndated: "2020-01-31"\nsets: {web: [192.0.2.0/24]}\n'

Serve = Callable[..., str]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Start a server that answers with a status, a body and headers; return its URL."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    servers = []

    def start(
        body: bytes, status: int = 200, tls: ssl.SSLContext | None = None, **headers: str
    ) -> str:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        servers.append((server, thread))
        return f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}/meta"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def ranges(tmp_path: Path) -> Path:
    path = tmp_path / "github.yaml"
    path.write_text(OLD)
    return path


def test_the_file_is_replaced_with_its_source_its_date_and_its_digest(
    serve: Serve, ranges: Path
) -> None:
    answer = json.dumps(META).encode()
    url = serve(answer)

    fresh = refresh(url, ranges)

    assert fresh.source == f"fetched from {url}"
    assert fresh.answer_sha256 == sha256(answer).hexdigest()
    assert fresh.digest == sha256(ranges.read_bytes()).hexdigest()
    assert {name: len(networks) for name, networks in fresh.sets.items()} == {
        "web": 4,
        "api": 1,
        "git": 1,
        "packages": 1,
    }
    assert load_ranges("./github.yaml", ranges.parent).sets == fresh.sets


def test_the_sources_of_hosted_runners_are_not_taken(serve: Serve, ranges: Path) -> None:
    assert "actions" not in refresh(serve(json.dumps(META).encode()), ranges).sets


def test_nothing_is_left_beside_the_file(serve: Serve, ranges: Path) -> None:
    refresh(serve(json.dumps(META).encode()), ranges)

    assert [path.name for path in ranges.parent.iterdir()] == ["github.yaml"]
    assert ranges.stat().st_mode & 0o777 == 0o644


def test_a_redirect_is_followed(serve: Serve, ranges: Path) -> None:
    there = serve(json.dumps(META).encode())

    assert "web" in refresh(serve(b"", 302, Location=there), ranges).sets


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is not JSON"),
        (b"<html>Please log in</html>", "it begins with b'<html>Please log in"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"web": ' + b"9" * 5000 + b"}", "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"[]", "no JSON object"),
        (b"{}", "no networks named web, api, git"),
        (json.dumps(META | {"git": []}).encode(), "git is no list of networks, or an empty one"),
        (json.dumps(META | {"git": "x"}).encode(), "git is no list of networks, or an empty one"),
        (json.dumps(META | {"api": ["x"]}).encode(), "api holds 'x', which is no network"),
        (json.dumps(META | {"api": [11]}).encode(), "api holds '11', which is no network"),
        (json.dumps(META | {"api": ["192.0.2.1/24"]}).encode(), "which is no network"),
        (json.dumps(META | {"web": ["0.0.0.0/0"]}).encode(), "0.0.0.0/0, which is too wide"),
        (json.dumps(META | {"web": ["::/3"]}).encode(), "::/3, which is too wide"),
        (b" " * (9 << 20), "answers more than 8388608 bytes"),
    ],
    ids=lambda value: value[:20].decode("latin-1") if isinstance(value, bytes) else "",
)
def test_nonsense_is_refused_and_the_old_file_stays(
    serve: Serve, ranges: Path, body: bytes, words: str
) -> None:
    with pytest.raises(RefreshError) as caught:
        refresh(serve(body), ranges)

    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert ranges.read_text() == OLD


def test_a_status_that_is_not_200_is_refused(serve: Serve, ranges: Path) -> None:
    url = serve(json.dumps(META).encode(), 403)

    with pytest.raises(RefreshError) as caught:
        refresh(url, ranges)

    assert str(caught.value) == f"{url} answers 403; expected 200"
    assert ranges.read_text() == OLD


def test_a_redirect_loop_is_ended(serve: Serve, ranges: Path) -> None:
    with pytest.raises(RefreshError, match="redirects more than 5 times"):
        refresh(serve(b"", 302, Location="/meta"), ranges)

    assert ranges.read_text() == OLD


def test_a_cut_answer_is_refused(serve: Serve, ranges: Path) -> None:
    body = json.dumps(META).encode()

    with pytest.raises(RefreshError, match="cannot be read"):
        refresh(serve(body, Content_Length=str(len(body) + 1)), ranges)

    assert ranges.read_text() == OLD


def test_nobody_there_is_told(serve: Serve, ranges: Path) -> None:
    with pytest.raises(RefreshError, match=r"cannot be read: .*refused"):
        refresh("http://127.0.0.1:1/meta", ranges)


@pytest.mark.parametrize(
    "url", ["", "meta", "ftp://127.0.0.1/", "http://[", "http://127.0.0.1:99999"]
)
def test_what_is_no_url_is_told(serve: Serve, ranges: Path, url: str) -> None:
    with pytest.raises(RefreshError, match="cannot be read"):
        refresh(url, ranges)


def test_a_redirect_away_from_https_is_refused(
    serve: Serve, ranges: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    there = serve(json.dumps(META).encode())

    with pytest.raises(RefreshError, match=f"leads away from https, to {there}"):
        refresh(serve(b"", 302, tls, Location=there), ranges)

    assert ranges.read_text() == OLD


def test_nothing_is_left_of_a_file_that_could_not_be_put_in_place(
    serve: Serve, tmp_path: Path
) -> None:
    folder = tmp_path / "github.yaml"
    folder.mkdir()

    with pytest.raises(RefreshError, match="cannot be written: Is a directory"):
        refresh(serve(json.dumps(META).encode()), folder)

    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_that_is_not_there_is_told(serve: Serve, tmp_path: Path) -> None:
    with pytest.raises(RefreshError, match="cannot be written: No such file"):
        refresh(serve(json.dumps(META).encode()), tmp_path / "no-such" / "github.yaml")
