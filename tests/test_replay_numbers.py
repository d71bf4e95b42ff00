"""A journal with numbers that cannot be: it is told in a sentence which, by whoever reads it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.program import ROOT, run_checks
from tests.test_replay_refusals import replay, rewritten

ABSURD = 10**400
TLS = ("--profile", "lab", "-m", "tls")


def swell(line: dict[str, Any]) -> None:
    """Put numbers into a line that no clock and no count gave."""
    if "seconds" in line:
        line["seconds"] = ABSURD
    for seen in line.get("seen", ()):
        seen["phases"] = [["handshake", 0.0, ABSURD]]


def reports(command: str, run: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reports", command, str(run)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_absurd_numbers_are_named_in_a_sentence_and_break_nothing(tmp_path: Path) -> None:
    looked = run_checks(tmp_path, *TLS)
    assert looked.folder is not None, looked.out
    run = rewritten(looked.folder, tmp_path / "absurd" / looked.folder.name, swell)

    ended = replay(tmp_path / "again", run)
    verified, rebuilt = reports("verify", run), reports("rebuild", run)

    told = "recorded it with another version of the suite: its lines are not a sighting's: 1000000"
    assert ended.status == 6, ended.out
    assert f"? {run.name} {told}" in ended.out
    assert "cannot be its seconds" in ended.out
    assert "OverflowError" not in ended.out
    assert "defect of the suite" not in ended.out
    assert verified.stderr == ""
    assert "record.md is missing" in verified.stdout
    assert (rebuilt.returncode, rebuilt.stderr) == (0, "")
