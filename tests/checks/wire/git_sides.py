"""Repositories behind TLS, and what our client and git say of them."""

import asyncio
import os
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme

from checks.wire.git import (
    AdvertisementOutcome,
    AdvertisementRefusal,
    RefsListed,
    RefsRefusal,
    Remote,
    list_refs,
    read_advertisement,
)
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.http_sides import Answer, address, https, saying

ADVERTISES = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement\r\n"


def by_git(repositories: Path) -> Answer:
    """Answer as git's own http-backend does for these repositories."""

    def answer(session: ssl.SSLSocket, head: bytes) -> None:
        request, _, body = head.partition(b"\r\n\r\n")
        first, *headers = request.decode().split("\r\n")
        method, target, _ = first.split(" ")
        named = dict(line.lower().split(": ", 1) for line in headers)
        while len(body) < int(named.get("content-length", 0)):
            body += session.recv(65536)
        path, _, query = target.partition("?")
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(repositories),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
            "GIT_PROTOCOL": named.get("git-protocol", ""),
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": method,
            "CONTENT_TYPE": named.get("content-type", ""),
            "REMOTE_ADDR": "127.0.0.1",
        }
        said = subprocess.run(
            ["git", "http-backend"], input=body, env=environment, stdout=subprocess.PIPE, check=True
        ).stdout
        fields, _, content = said.partition(b"\r\n\r\n")
        status = b"404 Not Found" if fields.startswith(b"Status: 404") else b"200 OK"
        length = b"Connection: close\r\nContent-Length: %d" % len(content)
        whole = b"HTTP/1.1 %b\r\n%b\r\n%b\r\n\r\n%b" % (status, fields, length, content)
        saying(whole)(session, head)

    return answer


@contextmanager
def git_server(authority: trustme.CA, repositories: Path) -> Iterator[int]:
    """Serve the repositories by git's own http-backend; yields the port."""
    with https(authority, by_git(repositories)) as port:
        yield port


def advertised(port: int, vantage: Local, path: str = "demo.git") -> AdvertisementOutcome:
    remote = Remote("localhost", port, path)
    (seen,) = asyncio.run(read_advertisement(remote, vantage, (address(),), deadline=20))
    assert decode(encode(seen)) == seen
    assert seen.headline.isprintable()
    return seen


def listed(
    port: int,
    vantage: Local,
    path: str = "demo.git",
    *,
    host: str = "localhost",
    deadline: float = 20,
) -> RefsListed | RefsRefusal:
    remote = Remote(host, port, path)
    seen = asyncio.run(list_refs(remote, vantage, (address(),), deadline=deadline))
    assert decode(encode(seen)) == seen
    assert seen.headline.isprintable()
    return seen


def refused(seen: RefsListed | RefsRefusal) -> RefsRefusal:
    assert isinstance(seen, RefsRefusal), seen
    return seen


def unadvertised(seen: AdvertisementOutcome) -> AdvertisementRefusal:
    assert isinstance(seen, AdvertisementRefusal), seen
    return seen
