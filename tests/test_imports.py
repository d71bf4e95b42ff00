"""What a run does not need is not imported: who only lists the checks should not wait for it."""

import re
import subprocess
import sys
from pathlib import Path

from tests.program import ROOT, run_checks

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


_WATCH_PARSING = """
import sys, threading

def hear(event, arguments):
    if event == "compile" and threading.current_thread() is not threading.main_thread():
        if "PyCF_ONLY_AST" in sys._getframe(1).f_code.co_names:
            print("parsed in", threading.current_thread().name, file=sys.__stderr__)

sys.addaudithook(hear)
"""


def test_only_the_main_thread_parses_python(tmp_path: Path) -> None:
    (tmp_path / "watch_parsing.py").write_text(_WATCH_PARSING)
    env = {"PYTHONPATH": str(tmp_path)}

    ended = run_checks(tmp_path, "-s", "-p", "watch_parsing", "--profile=lab", env=env)

    assert ended.status == 0, ended.out
    assert "parsed in" not in ended.out
