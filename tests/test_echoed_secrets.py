"""Secrets that far sides say: in certificates, records, headers and proxies' answers."""

import json
import re
import secrets
import shlex
import sys
from pathlib import Path

import pytest
import trustme

from tests.echoing_peers import (
    CLOSED,
    LIE,
    LIED_TO,
    NAMESERVER,
    PROXY,
    RESOLVER,
    TRUSTED,
    addresses,
)
from tests.leaks import decodings
from tests.needs import need
from tests.program import ROOT, Ended, run_checks
from tests.stand_ins import LOCALHOST, enter, make_etc

TELLING = 10
HEXADECIMAL = re.compile(r"(?:[0-9a-f]{2} ){8,}[0-9a-f]{2}")
TOKEN = f"ghp_{secrets.token_hex(18)}"
ONE, TWO, THREE = (secrets.token_hex(4) for _ in range(3))
PHRASE = f'the {ONE}, of "{TWO}"; <{THREE}>+=\u00f6'
"""Of words that are short, and characters that each layer escapes otherwise."""
ECHOED = tuple(
    f"{before}\u2039secret:TOKEN#"
    for before in (
        "subject CN=",
        "names   ",
        "it is for ",
        "the chain ends with CN=",
        'aliases":["',
        "AAAA: http: HTTP 403, ",
        "answers CONNECT with 407 ",
        "WWW-Authenticate: Basic realm=",
        "X-Echo: ",
        "Location http://p.test/",
        "illegal status line: bytearray(b'HTTP/1.1 2o0 ",
        "illegal chunk header: bytearray(b'",
        "the server says: 'ERR ",
        "fatal: remote error: ",
        "the content type is ",
        "in plain HTTP: HTTP/1.1 511 ",
    )
)
"""What is said of each far side, with the mark in it."""
_SERVE = """\
{addresses}
cd {root}
{python} -m tests.echoing_peers >/mnt/echoing.log 2>&1 &
until test -e /mnt/listening; do kill -0 $! && sleep 0.05; done
"""


def profile(folder: Path) -> str:
    told = {
        "name": "echoed",
        "secrets": [{"name": "TOKEN", "env": "A_TOKEN"}, {"name": "PHRASE", "env": "A_PHRASE"}],
        "hosts": {"absent": "not looked at"},
        "deadlines": {"resolve": "4s", "connect": "4s", "tls": "4s", "http": "4s"}
        | {"git": "6s", "sighting": "12s"},
        "forbidden": [LIE],
        "https_proxy": f"http://{PROXY}:3128",
        "trusted_resolvers": [
            {
                "name": "ours",
                "address": TRUSTED,
                "dot": RESOLVER,
                "url": f"https://{RESOLVER}/dns-query",
            }
        ],
        "endpoints": [
            {"host": name, "http": [{"path": "/"}]}
            | ({"git": {"path": "a/b"}} if name.startswith("git") else {})
            for name in (*addresses(), LIED_TO)
        ],
    }
    path = folder / "echoed.yaml"
    path.write_text(json.dumps(told))
    return f"--profile={path}"


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    folder = tmp_path_factory.mktemp("echoed")
    there, authority = folder / "host", trustme.CA()
    there.mkdir()
    make_etc(there, authority.cert_pem.bytes(), LOCALHOST)
    names = authority.issue_cert(*addresses(), RESOLVER)
    (there / "names.pem").write_bytes(names.private_key_and_cert_chain_pem.bytes())
    (there / "words.json").write_text(json.dumps([TOKEN, PHRASE]))
    every = {*addresses().values(), NAMESERVER, TRUSTED, PROXY, LIE, CLOSED}
    serve = _SERVE.format(
        addresses="\n".join(f"ip address add {one} dev lo" for one in every),
        root=shlex.quote(str(ROOT)),
        python=shlex.quote(sys.executable),
    )
    need("git")
    told = (profile(folder), f"--alluredir={folder}/beside/allure", "-rA", "-vv", "--showlocals")
    ended = run_checks(
        folder,
        *(*told, f"--junitxml={folder}/beside/junit.xml", "-m", "network or tls"),
        env={"A_TOKEN": TOKEN, "A_PHRASE": PHRASE},
        within=enter(there, serve),
    )
    (folder / "beside" / "out").write_text(ended.out)
    return ended


def test_every_far_side_was_met(ended: Ended) -> None:
    seen = {line["probe"] for line in ended.journal("sighting.begin")}
    told = (ended.folder / "journal.jsonl").read_text() if ended.folder else ""

    assert {"ask_trusted", "ask_plainly", "ask_by_proxy", "read_advertisement"} <= seen
    assert [one for one in ECHOED if one not in told.replace('\\"', '"')] == []
    assert not [line for line in ended.journal("sighting.end") if "error" in line]
    assert ended.is_sealed()


def test_no_secret_that_was_said_comes_out(ended: Ended) -> None:
    assert ended.folder is not None
    folder = ended.folder.parents[1]
    files = [path for part in ("evidence", "beside") for path in (folder / part).rglob("*")]
    texts = {path: readings(path.read_bytes()) for path in files if path.is_file()}
    assert {"journal.jsonl", "record.md", "junit.xml", "out"} <= {path.name for path in texts}

    found = [
        f"{path.name}: {part!r}"
        for path, read in texts.items()
        for secret in (TOKEN, PHRASE)
        for part in {secret[at : at + TELLING] for at in range(len(secret) - TELLING + 1)}
        if any(part in text for text in read)
    ]

    assert found == []


def readings(content: bytes) -> list[str]:
    """Read a file in all ways; rows of hexadecimal bytes too."""
    texts = list(decodings(content))
    rows = [bytes.fromhex(row) for row in HEXADECIMAL.findall(texts[0])]
    return texts + [row.decode("latin-1") for row in rows]
