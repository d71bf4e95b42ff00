"""By hand: a scan of some packs, and the baseline that a repository begins with."""

import subprocess
import sys
from pathlib import Path

from config.loading import load
from tests.checks.hardcoded.repositories import repository, write
from tests.program import ROOT

PROFILE = """\
name: p
endpoints: {absent: none}
hosts: {absent: none}
repositories:
  - name: r
    path: r
    hardcoded:
      packs: [./mine.yaml]
"""
PACK = """\
rules:
  - {id: bad, says: bad, instead: good, pattern: 'BAD\\d', matches: [BAD1], passes: [good]}
"""


def command(*words: str) -> tuple[int, str]:
    ended = subprocess.run(
        [sys.executable, "-m", "checks.hardcoded", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


def test_a_scan_tells_what_it_finds(tmp_path: Path) -> None:
    root = str(repository(tmp_path / "r", {"a": "x BAD1\n"}))
    pack = str(write(tmp_path, {"mine.yaml": PACK}) / "mine.yaml")

    status, told = command("scan", root, "--pack", pack)
    assert (status, "a:1:3: bad: x BAD1" in told) == (1, True), told
    (tmp_path / "r/a").write_text("good\n")
    assert command("scan", root, "--pack", pack)[0] == 0
    status, told = command("scan", root, "--pack", "nothing")
    assert (status, "allowed: broader or plan-266" in told) == (4, True), told
    status, told = command("scan", str(tmp_path / "no"), "--pack", pack)
    assert (status, "there is nothing" in told) == (4, True), told


def test_a_baseline_allows_what_it_was_made_of(tmp_path: Path) -> None:
    repository(tmp_path / "r", {"a": "x BAD1\n", "b": "BAD2 BAD3"})
    profile = write(tmp_path, {"mine.yaml": PACK, "p.yaml": PROFILE}) / "p.yaml"
    into = tmp_path / "baseline.yaml"
    words = ["baseline", "r", f"--profile={profile}", "--until=2099-01-31", "--reason=it was so"]

    status, told = command(*words, f"--into={into}")
    assert (status, "3 findings" in told) == (0, True), told
    assert command(*words, f"--into={into}")[0] == 4
    assert command(*words, f"--into={into}", "--replace")[0] == 0
    profile.write_text(f"{PROFILE}      baseline: baseline.yaml\n")
    repositories = load(str(profile)).profile.repositories
    assert isinstance(repositories, tuple)
    baseline = repositories[0].hardcoded.baseline  # type: ignore[union-attr]
    assert [one.path for one in baseline.findings] == ["a", "b", "b"]  # type: ignore[union-attr]
    status, told = command("baseline", "s", *words[2:], f"--into={into}")
    assert (status, "name one of its repositories: r" in told) == (4, True), told
