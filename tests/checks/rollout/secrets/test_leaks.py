"""Secrets in what is printed and published: where they are is told, and never what they are."""

import asyncio
import gzip
import os
import pwd
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from checks.rollout import check_leaks
from checks.rollout.secrets.leaks import leaks_in_print
from checks.rollout.secrets.published import search_files
from checks.rollout.secrets.seen import Searched
from checks.rollout.told.probe import Asked, ask_tool
from checks.rollout.told.seen import Told
from fixtures.github.tokens import hold_tokens
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from reports.likely import hidden
from reports.redaction import Redactor
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.given_lanes import lane

OURS = "a-value-that-nobody-may-see-7"
TOKEN = "ghp_" + "aB3" * 12


@pytest.fixture(autouse=True)
def _held() -> Iterator[None]:
    hold_tokens([("database", OURS)])
    yield
    hold_tokens(())


def told(folder: Path, *printed: str) -> Told:
    """Let a status command print these lines; what is kept of it went through the run's filter."""
    file = folder / "printed"
    file.write_text("".join(f"{one}\n" for one in printed))
    asked = Asked(name="status", tells="control-plane", argv=("cat", str(file)), prefix=None)
    seen = asyncio.run(ask_tool(asked, Local(), deadline=10))
    kept = decode(Redactor({"database": OURS}).redact(encode(seen)))
    assert isinstance(kept, Told)
    return kept


def prints(seen: Told) -> Judged:
    return judged(check_leaks.check_status_command_prints_no_secret, lane=lane(), told_printed=seen)


def test_fingerprints_and_names_are_no_secrets(tmp_path: Path) -> None:
    seen = told(
        tmp_path,
        '{"secret": {"name": "agentrun-v01-provider-codex", "key": "auth.json",'
        ' "fingerprint": "sha256:4f2a91c0", "password": "***", "apiKey": "present",'
        ' "token": "<redacted>", "secretKey": "agentrun-v01-key"}, "commit": "'
        + "0a1b" * 10
        + '"}',
    )

    assert prints(seen).words == ("upheld", "")


@pytest.mark.parametrize(
    ("printed", "where"),
    [
        (
            (f'{{"data": {{"env": [{{"value": "{OURS}"}}]}}}}',),
            "its JSON: .data.env.0.value: database",
        ),
        ((f'{{"data": {{"token": "{TOKEN}"}}}}',), "its JSON: .data.token: github-token"),
        (('{"db": {"password": "hunter2-or-so"}}',), "its JSON: .db.password: password"),
        (('{"url": "postgres://run:pass-w0rd@db/a"}',), "its JSON: .url: userinfo"),
        (("Authorization: Bearer abc", '{"ok": true}'), "what it wrote, line 1: authorization"),
    ],
)
def test_a_secret_that_is_printed_is_told_by_its_place(
    tmp_path: Path, printed: tuple[str, ...], where: str
) -> None:
    seen = told(tmp_path, *printed)

    answer = prints(seen)

    assert answer.words == ("violated", "secret-leak-in-output")
    assert f"status, {where}" in answer.judgement.saw
    kept = encode(seen) + answer.judgement.saw
    assert not any(one in kept for one in (OURS, TOKEN, "hunter2", "pass-w0rd", "Bearer abc"))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (f"pushing with {TOKEN}", "github-token"),
        (f"the DSN is {OURS}", "database"),
        ("Authorization: Bearer abc", "authorization"),
    ],
)
def test_a_secret_in_the_middle_of_much_that_is_printed_is_told_too(
    tmp_path: Path, line: str, what: str
) -> None:
    noise = ["working on it"] * 8000

    seen = told(tmp_path, *noise, line, *noise, '{"ok": true}')
    answer = prints(seen)

    assert answer.words == ("violated", "secret-leak-in-output")
    assert answer.judgement.saw.endswith(f": {what}")
    assert len(seen.transcript) < 80_000
    assert not any(one in encode(seen) for one in (OURS, TOKEN, "Bearer abc"))


def test_what_is_hidden_stays_the_json_that_it_was() -> None:
    assert (
        hidden('{"api_key":"k3y-of-ours-0815","n":1}')
        == '{"api_key":"\u2039leak:api_key\u203a","n":1}'
    )
    assert hidden("nothing here") == "nothing here"
    assert leaks_in_print("a", "[]") == ()


def searched(*paths: Path) -> Searched:
    asked = search_files(tuple(map(str, paths)), Local(), deadline=20)
    seen = asyncio.run(asked)
    assert decode(encode(seen)) == seen
    return seen


def publishes(seen: Searched) -> Judged:
    return judged(
        check_leaks.check_what_is_published_holds_no_secret, lane=lane(), published_searched=seen
    )


def test_names_keys_and_marks_may_be_published(tmp_path: Path) -> None:
    (tmp_path / "closeout.md").write_text(
        "SecretRef agentrun-v01-provider-codex, key auth.json\n"
        f"seen: {Redactor({'x': OURS}).redact(f'Authorization: Bearer {OURS}')}\n"
        "token=\u2039secret:database#a1b2c3\u203a\n"
    )

    assert publishes(searched(tmp_path)).words == ("upheld", "")


def test_a_secret_that_is_published_is_told_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"fine\nfine\nthe DSN is {OURS}\n")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "trace.json.gz").write_bytes(gzip.compress(f'["{TOKEN}"]'.encode()))

    seen = searched(tmp_path)
    answer = publishes(seen)

    assert answer.words == ("violated", "secret-leak-in-report")
    assert f"{tmp_path}/a.md, line 3: database" in answer.judgement.saw
    assert f"{tmp_path}/deep/trace.json.gz, line 1: github-token" in answer.judgement.saw
    assert OURS not in encode(seen)
    assert TOKEN not in encode(seen)


def test_what_cannot_be_read_leaves_it_open(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("fine\n")
    (tmp_path / "b.gz").write_bytes(b"no gzip")

    answer = publishes(searched(tmp_path, tmp_path / "gone"))

    assert answer.words == ("inconclusive", "")
    assert "b.gz" in answer.judgement.reason
    assert "gone: it is not there" in answer.judgement.reason


def test_what_is_packed_is_unpacked_or_told_of(tmp_path: Path) -> None:
    (tmp_path / "trace.tgz").write_bytes(gzip.compress(OURS.encode()))
    seen = searched(tmp_path)

    assert publishes(seen).words == ("violated", "secret-leak-in-report")

    (tmp_path / "trace.tgz").write_text("fine")
    with zipfile.ZipFile(tmp_path / "trace.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("trace.json", OURS * 20)
    answer = publishes(searched(tmp_path))

    assert answer.words == ("inconclusive", "")
    assert "trace.zip: it is packed in a way" in answer.judgement.reason


def test_a_link_that_leads_elsewhere_is_told_of_and_one_within_is_not(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "a.md").write_text("fine")
    (tmp_path / "runs" / "latest").symlink_to("a.md")

    assert publishes(searched(tmp_path / "runs")).words == ("upheld", "")

    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "b.md").write_text(OURS)
    (tmp_path / "runs" / "b.md").symlink_to(tmp_path / "far" / "b.md")
    (tmp_path / "runs" / "far").symlink_to(tmp_path / "far")
    answer = publishes(searched(tmp_path / "runs"))

    assert answer.words == ("inconclusive", "")
    assert "runs/b.md: it leads elsewhere" in answer.judgement.reason
    assert "runs/far: it leads elsewhere" in answer.judgement.reason


def test_links_alone_are_nothing_that_was_searched(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "gone").symlink_to(tmp_path / "nowhere")

    with pytest.raises(VantageError, match=r"there is nothing to search: .*gone: it leads"):
        searched(tmp_path / "runs")


@contextmanager
def as_anybody() -> Iterator[None]:
    """Be nobody for a while, if this is root, who may read whatever there is."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def test_a_folder_that_cannot_be_read_leaves_it_open() -> None:
    with TemporaryDirectory() as name:  # below no folder of root's
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "a.md").write_text("fine")
        (folder / "closed").mkdir(mode=0o000)
        with as_anybody():
            found = publishes(searched(folder))

    assert found.words == ("inconclusive", "")
    assert "closed" in found.judgement.reason


def test_a_leak_counts_whatever_was_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(OURS)

    assert publishes(searched(tmp_path, tmp_path / "gone")).words[0] == "violated"


def test_nothing_to_search_is_no_verdict(tmp_path: Path) -> None:
    with pytest.raises(VantageError, match=r"there is nothing to search: .*gone: it is not there"):
        searched(tmp_path / "gone")
