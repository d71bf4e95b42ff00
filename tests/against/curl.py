"""What curl is answered, in the words of our own observations."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from checks.wire.http import Ask, Hop
from tests.against.nginx import Place
from tests.needs import need

_VERSIONS = {"1": "HTTP/1.0", "1.1": "HTTP/1.1", "2": "HTTP/2"}


@dataclass(frozen=True)
class Answer:
    """A whole answer, or as much of one as there was."""

    exit: int
    error: str | None
    url: str
    address: str
    status: int
    version: str
    headers: tuple[tuple[str, str], ...]
    hops: tuple[Hop, ...]
    body: bytes
    body_bytes: int
    verify_code: int
    """OpenSSL's code of the error that curl stopped at; the name's is not among them."""


@dataclass(frozen=True)
class Head:
    """One of the answers on the way: its status, and its headers as they were sent."""

    status: int
    headers: tuple[tuple[str, str], ...]

    @property
    def location(self) -> str:
        return {name.lower(): value for name, value in self.headers}["location"]


def curl(ask: Ask, place: Place, authorities: Path, *more: str, seconds: float = 20) -> Answer:
    """Make the same request as our probe makes, of the place and of whom it redirects to."""
    at = f"[{ask.host}]" if ":" in ask.host else ask.host
    follow = ("--location", "--max-redirs", str(ask.redirects)) if ask.redirects else ()
    method = ("--head",) if ask.method == "HEAD" else ()
    sent = ("--data-raw", ask.body) if ask.body is not None else ()
    with TemporaryDirectory() as folder:
        heads, content = Path(folder, "heads"), Path(folder, "content")
        ended = subprocess.run(
            [
                *(need("curl"), "--disable", "--silent", "--noproxy", "*", "--http2"),
                *("--cacert", str(authorities), "--proto-redir", "=https"),
                *("--max-time", str(seconds), "--user-agent", ask.user_agent, *follow),
                *("--resolve", f"{ask.host}:{place.port}:{place.address}"),
                *("--dump-header", str(heads), "--output", str(content), "--write-out", "%{json}"),
                *(*method, *sent, *more, f"https://{at}:{ask.port}{ask.path}"),
            ],
            env=os.environ | {"LC_ALL": "C", "SSL_CERT_FILE": os.devnull},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        told = json.loads(ended.stdout)
        body = b"" if ask.method == "HEAD" else _read(content)  # there it writes the head again
        return _answer(told, read_heads(_read(heads)), body)


def read_heads(raw: bytes) -> list[Head]:
    """Read the heads of answers, one after the other, as `--dump-header` writes them."""
    blocks = (block.split("\r\n") for block in raw.decode("latin-1").split("\r\n\r\n"))
    return [
        Head(int(first.split()[1]), tuple(_header(line) for line in lines))
        for first, *lines in blocks
        if first
    ]


def _answer(told: dict[str, Any], heads: list[Head], body: bytes) -> Answer:
    redirects = heads[: told["num_redirects"]]
    return Answer(
        exit=told["exitcode"],
        error=told["errormsg"],
        url=told["url_effective"],
        address=told["remote_ip"],
        status=told["response_code"],
        version=_VERSIONS.get(told["http_version"], told["http_version"]),
        headers=heads[-1].headers if heads else (),
        hops=tuple(Hop(one.status, one.location) for one in redirects),
        body=body,
        body_bytes=told["size_download"],
        verify_code=told["ssl_verify_result"],
    )


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name, value.strip()
