"""The journal: what was written can be read, and nothing of it can be changed unseen."""

import json
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.chain import ROOT, Wrong, check, digest, read
from reports.journal import Journal, JournalError

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(), below, max_size=3),
    max_leaves=8,
)


def written(folder: Path, count: int = 5) -> bytes:
    journal = Journal.create(folder / "journal.jsonl")
    for number in range(count):
        journal.append("verdict", check=f"check {number}")
    journal.close()
    return (folder / "journal.jsonl").read_bytes()


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return written(tmp_path_factory.mktemp("journal"))


def test_a_line_carries_its_place_its_time_and_its_predecessor(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "j")
    journal.append("run.begin", at=datetime(2026, 10, 25, 1, 2, 3, 4, tzinfo=UTC), run="a1")
    journal.append("plan", checks=[])
    journal.close()

    first, second = (tmp_path / "j").read_bytes().splitlines(keepends=True)

    assert json.loads(first)["at"] == "2026-10-25T01:02:03.000004Z"
    assert (json.loads(first)["seq"], json.loads(first)["prev"]) == (1, ROOT)
    assert (json.loads(second)["seq"], json.loads(second)["prev"]) == (2, digest(first))
    assert json.loads(second)["mono"] > json.loads(first)["mono"]
    assert journal.head == digest(second)


def test_the_file_is_its_owners_alone_and_new(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "j")
    journal.close()

    assert stat.S_IMODE((tmp_path / "j").stat().st_mode) == 0o600
    with pytest.raises(JournalError, match="exists"):
        Journal.create(tmp_path / "j")


@settings(deadline=None)
@given(fields=st.dictionaries(st.text(min_size=1).map("x".__add__), JSON, max_size=4))
def test_what_is_appended_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("journal") / "j"
    journal = Journal.create(path)
    journal.append("plan", **fields)
    journal.close()

    chain = read(path)

    assert chain.wrong is None
    assert {name: chain.lines[0][name] for name in fields} == fields
    assert chain.head == journal.head


def test_half_a_surrogate_pair_is_kept_as_an_escape(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "j")
    journal.append("plan", name="\ud800")
    journal.close()

    assert read(tmp_path / "j").lines[0]["name"] == "\ud800"


def test_what_an_editor_or_a_terminal_obeys_is_kept_as_an_escape(tmp_path: Path) -> None:
    obeyed = "\x00\x1b[2J\x7f\x85\x9b2K\u061c\u200b\u2028\u2029\u202e\u2066\ufeff\U000e0041"
    journal = Journal.create(tmp_path / "journal.jsonl")
    journal.append("note", text=f"中文 é {obeyed} 🙂")
    journal.close()

    (line,) = (tmp_path / "journal.jsonl").read_text().splitlines()
    assert line.isprintable()
    assert "中文 é" in line
    assert json.loads(line)["text"] == f"中文 é {obeyed} 🙂"


def test_threads_append_whole_lines_in_one_chain(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "j")

    def append() -> None:
        for number in range(50):
            journal.append("verdict", text="x" * 3000, number=number)

    threads = [threading.Thread(target=append) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.close()

    chain = read(tmp_path / "j")

    assert chain.wrong is None
    assert len(chain.lines) == 400


@given(cut=st.integers(min_value=0))
def test_a_prefix_holds_and_has_another_head(content: bytes, cut: int) -> None:
    prefix = content[: cut % len(content)]

    chain = check(prefix)

    assert chain.wrong is None
    assert chain.cut == (prefix != b"" and not prefix.endswith(b"\n"))
    assert chain.head != check(content).head
    assert len(chain.lines) == prefix.count(b"\n")


@given(at=st.integers(min_value=0), mask=st.integers(min_value=1, max_value=255))
def test_a_changed_byte_is_found_in_its_line(content: bytes, at: int, mask: int) -> None:
    at %= len(content)
    changed = content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :]
    line = content[:at].count(b"\n") + 1
    head = check(content).head

    chain = check(changed, head)

    if chain.wrong is None:
        assert line == 5  # the last line is vouched for by the head alone
        assert chain.head != head
    else:
        assert chain.wrong.line == line


@pytest.mark.parametrize("line", [1, 2, 3, 4])
def test_a_deleted_line_is_named(content: bytes, line: int) -> None:
    lines = content.splitlines(keepends=True)
    del lines[line - 1]

    wrong = check(b"".join(lines)).wrong

    assert wrong is not None
    assert wrong.line == line
    assert f"line {line} is missing" in wrong.reason


@pytest.mark.parametrize("line", [1, 2, 3, 4])
def test_two_lines_that_changed_places_are_named(content: bytes, line: int) -> None:
    lines = content.splitlines(keepends=True)
    lines[line - 1], lines[line] = lines[line], lines[line - 1]

    wrong = check(b"".join(lines)).wrong

    assert wrong is not None
    assert wrong.line == line


def test_a_forged_line_at_the_end_of_the_chain_breaks_it(content: bytes) -> None:
    lines = content.splitlines(keepends=True)
    forged = json.loads(lines[-1]) | {"seq": 6, "prev": "0" * 64}

    wrong = check(content + json.dumps(forged).encode() + b"\n", check(content).head).wrong

    assert wrong == Wrong(6, "its prev is not the digest of the line before it")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{\n", "it is not JSON"),
        (b"[" * 100_000 + b"\n", "it is not JSON"),
        (b"[]\n", "it is not a JSON object"),
        (b'{"seq":1,"at":"x","mono":1,"kind":"","prev":""}\n', "its at is not an instant in UTC"),
        (b'{"seq":1}\n', "it has no at, kind, mono, prev"),
    ],
)
def test_a_line_that_is_none_is_named(line: bytes, reason: str) -> None:
    assert check(line).wrong == Wrong(1, reason)


def test_a_value_that_is_not_json_is_refused_before_it_is_written(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "j")
    with pytest.raises(ValueError, match="JSON compliant"):
        journal.append("verdict", seconds=float("nan"))
    with pytest.raises(ValueError, match="itself"):
        journal.append("verdict", seq=1)
    journal.append("verdict", seconds=1.0)
    journal.close()

    assert [line["seq"] for line in read(tmp_path / "j").lines] == [1]


def test_after_its_end_nothing_is_written(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "j")
    journal.close()
    journal.close()

    with pytest.raises(JournalError, match="closed"):
        journal.append("verdict")


def test_on_a_full_disk_the_journal_ends_and_what_it_held_stands(small_disk: Path) -> None:
    earlier = written(small_disk)
    (small_disk / "journal.jsonl").rename(small_disk / "earlier")
    journal = Journal.create(small_disk / "j")

    def fill() -> None:
        for _ in range(1000):
            journal.append("verdict", text="x" * 15_000)

    with pytest.raises(JournalError, match=r"(?s)cannot be written.*(No space|found room)"):
        fill()
    size = (small_disk / "j").stat().st_size
    (small_disk / "earlier").write_bytes(earlier[:100])  # there is room again, but not for us
    with pytest.raises(JournalError):
        journal.append("verdict", text="more")
    with pytest.raises(JournalError):
        journal.close()

    chain = read(small_disk / "j")
    assert (small_disk / "j").stat().st_size == size
    assert chain.wrong is None
    assert len(chain.lines) > 10


INTERRUPTED = """
import signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from reports.journal import Journal

class Signalled(Exception): pass

def stop(*_):
    if armed:
        raise Signalled

armed, caught = False, 0
signal.signal(signal.SIGALRM, stop)
journal = Journal.create(Path(sys.argv[2]))
for number in range(5_000):
    try:
        armed = True
        signal.setitimer(signal.ITIMER_REAL, 1e-6 * (1 + number % 60))
        journal.append("line", number=number)
        armed = False
    except Signalled:
        armed = False
        caught += 1
journal.append("end")
print(caught)
"""


def test_a_signal_in_the_middle_of_a_line_leaves_the_chain_whole(tmp_path: Path) -> None:
    path, root = tmp_path / "journal.jsonl", str(Path(__file__).parents[2])
    command = [sys.executable, "-I", "-S", "-c", INTERRUPTED, root, str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    found = read(path)

    assert int(ended.stdout) > 50
    assert (found.wrong, found.cut) == (None, False)
    assert found.lines[-1]["kind"] == "end"
