"""An authenticating and a refusing proxy, through the whole program."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.checks.wire.far_sides import pem_of
from tests.checks.wire.http_sides import https, saying
from tests.program import Ended, run_checks
from tests.tinyproxy import tinyproxy

NOBODY = "127.0.0.9"
WHO, PASSWORD = "anna", "passw0rd7Xq"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
CHECK = "check_connection_is_made"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def port(authority: trustme.CA) -> Iterator[int]:
    """Return the port of a service that is there, and where nobody is at the other address."""
    with https(authority, saying(OK)) as served:
        yield served


def profile(folder: Path, authority: trustme.CA, port: int, *vantages: str) -> str:
    told = {
        "name": "proxied",
        "vantages": [{"name": name, "kind": "local"} for name in vantages or ("here",)],
        "authorities": [pem_of(authority, folder)],
        "nameservers": {"absent": "no name is asked for"},
        "endpoints": [{"host": NOBODY, "port": port}],
        "hosts": {"absent": "not looked at"},
    }
    path = folder / "proxied.yaml"
    path.write_text(json.dumps(told))
    return f"--profile={path}"


def through(url: str) -> dict[str, str]:
    names = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY")
    return dict.fromkeys(names, "") | {"https_proxy": url}


def named(ended: Ended) -> list[tuple[str, list[str]]]:
    return [
        (
            line["check"].rpartition("::")[2].partition("[")[0],
            [one["cause"] for one in line["diagnoses"]],
        )
        for line in ended.journal("verdict")
        if line["verdict"] == "violated"
    ]


def test_a_proxy_that_asks_who_is_there_is_named_beside_the_closed_way(
    tmp_path: Path, authority: trustme.CA, port: int
) -> None:
    with tinyproxy(tmp_path, f"BasicAuth {WHO} {PASSWORD}") as proxy:
        env = through(f"http://127.0.0.1:{proxy}")
        ended = run_checks(tmp_path, profile(tmp_path, authority, port), "-m", "network", env=env)

    assert named(ended) == [(CHECK, ["tcp-refused", "proxy-auth"])], ended.out
    assert "answers CONNECT with 407 Proxy Authentication Required (Basic)" in ended.out
    again = run_checks(tmp_path, f"--replay={ended.folder}", env=through("http://127.0.0.1:1"))
    assert named(again) == named(ended)


def test_a_proxy_that_refuses_is_named_and_who_asks_is_written_nowhere(
    tmp_path: Path, authority: trustme.CA, port: int
) -> None:
    with tinyproxy(tmp_path, f"BasicAuth {WHO} {PASSWORD}", "ConnectPort 1") as proxy:
        env = through(f"http://{WHO}:{PASSWORD}@127.0.0.1:{proxy}")
        ended = run_checks(tmp_path, profile(tmp_path, authority, port), "-m", "network", env=env)

    assert named(ended) == [(CHECK, ["tcp-refused", "proxy-refused"])], ended.out
    assert "answers CONNECT with 403 Access violation" in ended.out
    assert ended.folder is not None
    token = base64.b64encode(f"{WHO}:{PASSWORD}".encode())
    written = b"".join(one.read_bytes() for one in ended.folder.rglob("*") if one.is_file())
    assert b"credentials" in written
    for secret in (PASSWORD.encode(), token):
        assert secret not in written + ended.out.encode()


def test_what_no_vantage_reaches_and_the_proxy_cannot_either_is_down(
    tmp_path: Path, authority: trustme.CA, port: int
) -> None:
    with tinyproxy(tmp_path) as proxy:
        env = through(f"http://127.0.0.1:{proxy}")
        told = profile(tmp_path, authority, port, "here", "there")
        ended = run_checks(tmp_path, told, "-m", "network", env=env)

    assert named(ended) == [(CHECK, ["tcp-refused", "service-down"])] * 2, ended.out
