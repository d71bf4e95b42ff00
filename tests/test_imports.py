"""What a run does not need is not imported: who only lists the checks should not wait for it."""

import re
import subprocess
import sys

from tests.program import ROOT

_IMPORTED = re.compile(r"^import time: +\d+ \| +\d+ \| +(\S+)$", re.MULTILINE)


def imported_by(*arguments: str) -> set[str]:
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "pytest", "-s", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "check_name_resolves[github.com@host]" in ended.stdout
    return set(_IMPORTED.findall(ended.stderr))


def test_listing_the_network_checks_imports_no_client_that_they_do_not_use() -> None:
    imported = imported_by("--collect-only", "-q", "-m", "network")

    assert {"checks.network.probe", "config.schema"} <= imported
    assert not {name for name in imported if name.split(".")[0] in ("kubernetes", "testinfra")}


def test_what_is_imported_is_seen() -> None:
    imported = imported_by(
        *("--collect-only", "-q", "-m", "network"),
        *("-o", "addopts=--import-mode=importlib -p reports.terminal", "-p", "pytest11.testinfra"),
    )

    assert "testinfra.host" in imported
