"""A path that carries less than its ends believe, through the whole program."""

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
import trustme

from tests.checks.wire.far_sides import far_side, over_tls, pem_of, server_context, stay_silent
from tests.fixtures.vantages.spaces import inside
from tests.narrow import SERVER, narrow_path
from tests.program import Ended, run_checks

LARGE = b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n" + b"x" * 60_000
RANGE = b"HTTP/1.1 206 Partial Content\r\nContent-Length: 100\r\n\r\n" + b"x" * 100
DEADLINE = 4


def answer(session: ssl.SSLSocket) -> None:
    head = b""
    while b"\r\n\r\n" not in head:
        if not (part := session.recv(65536)):
            return
        head += part
    session.sendall(RANGE if b"Range:" in head else LARGE)
    stay_silent(session)


@contextmanager
def judging(
    folder: Path,
    authority: trustme.CA,
    drops: Literal["in", "out"],
    context: ssl.SSLContext,
) -> Iterator[list[str]]:
    """Serve a host and a runner, whose path is narrow; give the arguments that judge both."""

    def behave(connection: socket.socket) -> None:
        connection.settimeout(DEADLINE)
        over_tls(context, answer)(connection)

    with (
        narrow_path(1400, drops, wide_mtu=1420) as paths,
        inside(paths.server, far_side(behave, SERVER)) as port,
    ):
        profile = {
            "name": "narrow",
            "vantages": [
                {"name": "host", "kind": "netns", "namespace": paths.wide},
                {"name": "runner", "kind": "netns", "namespace": paths.narrow},
            ],
            "authorities": [pem_of(authority, folder)],
            "nameservers": {"absent": "no name is asked for"},
            "deadlines": dict.fromkeys(("connect", "tls", "http"), f"{DEADLINE}s"),
            "endpoints": [{"host": SERVER, "port": port, "http": [{"path": "/"}]}],
            "hosts": {"absent": "not looked at"},
        }
        path = folder / "narrow.yaml"
        path.write_text(json.dumps(profile))
        yield [f"--profile={path}", "-m", "network or tls"]


def violated(ended: Ended) -> dict[str, list[str]]:
    return {
        line["check"].rpartition("::")[2]: [one["cause"] for one in line["diagnoses"]]
        for line in ended.journal("verdict")
        if line["verdict"] == "violated"
    }


def proof(ended: Ended) -> list[str]:
    (line,) = [one for one in ended.journal("verdict") if one["verdict"] == "violated"]
    (found,) = line["diagnoses"]
    return list(found["facts"])


@pytest.fixture
def context(authority: trustme.CA) -> ssl.SSLContext:
    return server_context(authority.issue_cert(SERVER))


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def test_a_handshake_that_is_too_large_for_the_way_is_told_with_its_limit(
    tmp_path: Path, authority: trustme.CA, context: ssl.SSLContext
) -> None:
    with judging(tmp_path, authority, "in", context) as arguments:
        ended = run_checks(tmp_path, *arguments)

    (check,) = violated(ended)
    assert check.startswith("check_handshake_completes[")
    assert check.endswith("@runner]")
    assert violated(ended) == {check: ["mtu-black-hole"]}, ended.out
    told = proof(ended)
    assert any(
        "a handshake passes by segments of 1360 bytes (packets of 1400)" in one for one in told
    )
    assert "MTU at runner: eth0 1500, lo 65536" in told
    assert "MTU at host: eth0 1420, lo 65536" in told
    again = run_checks(tmp_path, f"--replay={ended.folder}")
    assert proof(again) == told


def test_a_body_that_is_too_large_for_the_way_is_told_with_its_limit(
    tmp_path: Path, authority: trustme.CA, context: ssl.SSLContext
) -> None:
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # whose flight fits into a small segment
    with judging(tmp_path, authority, "out", context) as arguments:
        ended = run_checks(tmp_path, *arguments)

    (check,) = violated(ended)
    assert check.startswith("check_response_is_whole[")
    assert violated(ended) == {check: ["mtu-black-hole"]}, ended.out
    told = proof(ended)
    assert any("a body passes by segments of 1360 bytes (packets of 1400)" in one for one in told)
    assert any("with the first 100 bytes alone" in one and "206, 100 bytes" in one for one in told)
