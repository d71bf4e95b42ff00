"""A prune that is killed at any instant: no run is lost without its tombstone."""

import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reports.folder import verify_folder
from reports.tombstones import ASIDE, TOMBSTONES
from reports.verify import State
from tests.reports.folders import head_of, run_in
from tests.reports.test_verify import ROOT, reports

INSTANTS = 25
RUNS = 8
KEPT = 2
REMOVING = 0.03
"""Seconds after the first run is gone in which most of the others go."""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    evidence = tmp_path_factory.mktemp("original") / "evidence"
    for _ in range(RUNS):
        run_in(evidence, attachments=30)
    return evidence


@pytest.mark.parametrize("seed", range(INSTANTS))
def test_a_prune_that_is_killed_loses_nothing(original: Path, tmp_path: Path, seed: int) -> None:
    evidence = Path(shutil.copytree(original, tmp_path / "evidence"))
    heads = {run.name: head_of(run) for run in sorted(evidence.glob("2*"))}
    command = [sys.executable, "-m", "reports", "prune", str(evidence), "--keep", str(KEPT)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as pruning:
        assert pruning.stdout is not None
        first = pruning.stdout.readline()
        time.sleep(random.Random(seed).uniform(0, REMOVING))
        pruning.kill()
    stones = [json.loads(line) for line in whole_lines(evidence / TOMBSTONES)]
    buried = {stone["run"]: stone["head"] for stone in stones}
    gone = {name: head for name, head in heads.items() if not (evidence / name).exists()}

    found = verify_folder(evidence)
    said = reports("prune", evidence, "--keep", str(KEPT))
    after = verify_folder(evidence)

    assert first.startswith("removed 2")
    assert gone.items() <= buried.items() <= heads.items()
    assert len(gone) <= len(buried) <= len(gone) + 1
    assert (found.state, found.wrong) == (State.COMPLETE, ())
    assert (said.returncode, said.stderr) == (0, "")
    assert [run.name for run in sorted(evidence.glob("2*"))] == list(heads)[-KEPT:]
    assert not list(evidence.glob(f"{ASIDE}*"))
    assert (after.state, after.wrong) == (State.COMPLETE, ())
    assert len(whole_lines(evidence / TOMBSTONES)) == RUNS - KEPT


def whole_lines(path: Path) -> list[bytes]:
    return path.read_bytes().split(b"\n")[:-1]
