"""A run: its folder, its filter, its end; and two at once."""

import json
import re
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from reports import chain
from reports.journal import JournalError
from reports.redaction import Redactor
from reports.run import Run
from reports.sealed import NOT_SEALED, Sealed
from reports.surroundings import suite, variables
from reports.verify import State, verify
from tests.reports.lines import check, seen, sighting, verdict

SECRET = "hunter2-hunter2"


def begun(folder: Path, redactor: Redactor | None = None) -> Run:
    about = {"profile": {"name": "lab"}, "argv": ["pytest", "-m", "tls", f"--x={SECRET}"]}
    return Run.begin(folder, redact=redactor or Redactor({"PW": SECRET}), about=about)


def judged(run: Run) -> None:
    one = check("tls", "trusted", "github.com", "The certificate is trusted")
    lines: list[dict[str, Any]] = [
        {"kind": "plan", "checks": [one]},
        sighting("s1", "shake_hands", "github.com", f"openssl s_client # {SECRET}"),
        seen("s1", "trusted", f"Authorization: Basic {SECRET}\nrest"),
        verdict(one, "upheld", ["s1"]),
    ]
    for line in lines:
        run.append(line.pop("kind"), **line)


def sealed(run: Run, **fields: Any) -> Sealed:
    return run.seal({"upheld": 1}, exit_status=0, exit_words="all is well", **fields)


@pytest.fixture
def whole(tmp_path: Path) -> Sealed:
    run = begun(tmp_path / "evidence")
    judged(run)
    return sealed(run)


def test_a_run_is_sealed_with_all_of_its_files(whole: Sealed) -> None:
    manifest = json.loads((whole.folder / "manifest.json").read_text())

    assert whole.exit_status == 0
    assert whole.problems == ()
    assert manifest["chains"]["journal.jsonl"]["head"] == whole.head
    assert sorted(manifest["files"]) == [
        "attachments/canary.txt",
        "journal.jsonl",
        "record.md",
        whole.log.name,
    ]
    assert whole.head in whole.record.read_text()


def test_everything_of_a_run_is_its_owners_alone(whole: Sealed) -> None:
    for path in [whole.folder, whole.folder.parent, *whole.folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_id_folder_log_and_first_line_are_of_one_instant(whole: Sealed) -> None:
    first = chain.read(whole.folder / "journal.jsonl").lines[0]
    stamp = re.sub(r"[-:]|\.\d+", "", first["at"])

    assert whole.folder.name == f"{stamp}-{first['run']}"
    assert whole.log.name == f"tls-{stamp}.log"


def test_no_secret_is_in_any_file(whole: Sealed) -> None:
    for path in whole.folder.rglob("*.*"):
        assert path.is_dir() or SECRET not in path.read_text()
    assert "\u2039secret:PW#" in whole.log.read_text()


def test_the_canary_was_looked_for_and_the_record_says_so(whole: Sealed) -> None:
    assert "No form of it was found in 2 files" in whole.record.read_text()


class Leaky(Redactor):
    """A filter that lets through what was base64-encoded."""

    def redact(self, text: str) -> str:
        return text if text.startswith("leak ") else super().redact(text)

    def redact_json(self, value: Any) -> Any:
        return value if isinstance(value, dict) and "leak" in value else super().redact_json(value)


def test_a_run_in_which_the_canary_is_found_is_not_sealed(tmp_path: Path) -> None:
    run = begun(tmp_path, Leaky())
    judged(run)
    run.append("plan", leak=run.canary.planted()["base64 after one byte"])

    ended = sealed(run)

    assert ended.exit_status == NOT_SEALED
    assert ended.manifest is None
    assert not (ended.folder / "manifest.json").exists()
    assert "found in journal.jsonl" in ended.problems[0]
    assert "**NOT SEALED**" in ended.record.read_text()
    last = chain.read(ended.folder / "journal.jsonl").lines[-1]
    assert last["exit"]["status"] == NOT_SEALED


def test_runs_at_once_do_not_touch_each_other(tmp_path: Path) -> None:
    def one(_: int) -> Sealed:
        run = begun(tmp_path)
        judged(run)
        return sealed(run)

    with ThreadPoolExecutor(8) as pool:
        ended = list(pool.map(one, range(16)))

    assert len({each.folder for each in ended}) == 16
    assert all(each.manifest is not None for each in ended)
    assert len({each.head for each in ended}) == 16


def test_a_run_names_the_newest_sealed_one_before_it(whole: Sealed) -> None:
    (whole.folder.parent / "99990101T000000Z-ffffff").mkdir()
    before = {path: path.read_bytes() for path in whole.folder.rglob("*.*") if path.is_file()}

    run = begun(whole.folder.parent)

    first = chain.read(run.folder / "journal.jsonl").lines[0]
    assert first["previous"] == {"run": whole.folder.name, "head": whole.head}
    assert before == {path: path.read_bytes() for path in before}


def test_attachments_are_redacted_and_never_replace_each_other(tmp_path: Path) -> None:
    run = begun(tmp_path)

    paths = [
        run.attach("../git log.txt", f"text {SECRET}", "text/plain"),
        run.attach("../git log.txt", b"\xff\x00 bytes " + SECRET.encode(), "text/plain"),
    ]

    assert paths == ["attachments/_git_log.txt", "attachments/_git_log-2.txt"]
    assert SECRET not in (run.folder / paths[0]).read_text()
    assert (run.folder / paths[1]).read_bytes().startswith(b"\xff\x00 bytes \xe2\x80\xb9secret:PW#")


def test_names_of_secrets_are_told_and_values_are_not(tmp_path: Path) -> None:
    run = begun(tmp_path, Redactor({"PW": SECRET}, absent=["OTHER"]))

    first = chain.read(run.folder / "journal.jsonl").lines[0]
    assert first["secrets"] == {"registered": ["PW"], "absent": ["OTHER"]}
    assert first["argv"][-1].startswith("--x=\u2039secret:PW#")


def test_a_log_is_copied_to_the_folder_that_the_profile_names(tmp_path: Path) -> None:
    copies = tmp_path / "logs"
    copies.mkdir()
    run = begun(tmp_path / "evidence")
    judged(run)
    stamp = run.folder.name.partition("-")[0]
    (copies / f"tls-{stamp}.log").write_text("of another run")

    ended = sealed(run, log_dir=copies)

    assert ended.copy == copies / f"tls-{stamp}-{run.id}.log"
    assert ended.copy.read_bytes() == ended.log.read_bytes()
    assert (copies / f"tls-{stamp}.log").read_text() == "of another run"
    assert str(ended.copy) in json.loads((ended.folder / "manifest.json").read_text())["outside"]


def test_a_log_that_cannot_be_copied_is_a_problem_of_a_sealed_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    run = begun(tmp_path / "evidence")
    judged(run)

    ended = sealed(run, log_dir=tmp_path / "file")

    assert ended.manifest is not None
    assert "could not be copied" in ended.problems[0]


def test_a_folder_that_vanished_leaves_the_run_unsealed(tmp_path: Path) -> None:
    run = begun(tmp_path)
    judged(run)
    (run.folder / "journal.jsonl").unlink()

    ended = sealed(run)

    assert ended.exit_status == NOT_SEALED
    assert "No such file" in ended.problems[0]


def test_on_a_full_disk_a_run_is_sealed_as_incomplete_and_earlier_ones_stand(
    small_disk: Path,
) -> None:
    earlier = begun(small_disk)
    judged(earlier)
    sealed(earlier)
    run = begun(small_disk)

    def fill() -> None:
        for _ in range(1000):
            run.append("verdict", check="x" * 10_000, verdict="upheld")

    with pytest.raises(JournalError, match="cannot be written"):
        fill()
    ended = sealed(run)

    found = verify(run.folder)
    assert ended.exit_status == NOT_SEALED
    assert "free the disk and run again" in found.told.gaps[0]
    assert (found.state, found.wrong) == (State.INCOMPLETE, [])
    assert verify(earlier.folder).state is State.COMPLETE


def test_a_disk_without_room_for_a_seal_is_told_at_the_beginning(small_disk: Path) -> None:
    (small_disk / "filling").write_bytes(bytes((2 << 20) + (512 << 10)))

    with pytest.raises(OSError, match="No space"):
        begun(small_disk)

    assert not list(small_disk.glob("2*"))


def test_after_its_end_a_run_takes_nothing_more(whole: Sealed, tmp_path: Path) -> None:
    run = begun(tmp_path)
    sealed(run)

    with pytest.raises(JournalError, match="closed"):
        run.append("verdict", check="late")


def test_a_folder_that_cannot_be_made_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(OSError, match="file"):
        begun(tmp_path / "file")


def test_the_suite_is_known_by_its_commit_and_by_its_changes(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    assert suite(tmp_path / "nothing") is None
    git("init")
    assert suite(tmp_path) is None
    git("commit", "--allow-empty", "-m", "first")

    committed = suite(tmp_path)
    (tmp_path / "mine.yaml").write_text("")
    assert suite(tmp_path) == committed
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "check_new.py").write_text("")
    changed = suite(tmp_path)

    assert committed is not None
    assert changed is not None
    assert re.fullmatch("[0-9a-f]{40}", committed["commit"])
    assert (committed["dirty"], changed["dirty"]) == (False, True)


def test_variables_that_change_what_is_seen_are_listed_whatever_their_case() -> None:
    environ = {"https_proxy": "http://p:1", "NO_PROXY": "*", "SSL_CERT_FILE": "/x", "HOME": "/"}

    assert variables(environ) == {
        "NO_PROXY": "*",
        "SSL_CERT_FILE": "/x",
        "https_proxy": "http://p:1",
    }
