"""What tests of evidence need: a disk that is soon full, a folder of runs."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reports.folders import days_of_runs


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("needs root, to mount a small file system")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "touchstone", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("needs to mount a tmpfs, and may not")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.fixture(scope="session")
def _runs_of_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    evidence = tmp_path_factory.mktemp("days") / "evidence"
    days_of_runs(evidence, [50, 40, 30, 20, 10, 5])
    return evidence


@pytest.fixture
def evidence(_runs_of_days: Path, tmp_path: Path) -> Path:
    """Return a folder of six runs, which began 50, 40, 30, 20, 10 and 5 days ago."""
    return Path(shutil.copytree(_runs_of_days, tmp_path / "evidence"))
