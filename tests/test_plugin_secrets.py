"""A registered secret that a credential plugin prints in its error: in nothing that is written."""

from pathlib import Path

import pytest

from tests.program import run_checks
from tests.stoppable import slow_suite
from tests.test_plugins_left import CONFIG, LIST_PODS

SECRET = "correct-horse-battery-staple-of-this-run"
LIKELY = "ghp_0123456789abcdefghijklmnopqrstuvwxyz"
PLUGIN = """#!/bin/sh
printf 'no login with %s, nor %s: PADDING %s and more' "$1" "$2" "$1" >&2
exit 7
"""
SECRETS = "secrets: [{name: LOGIN, env: LOGIN_SECRET}]\n"
LONGEST = 300
"""Characters of a far side's words that a message has."""
BEGIN = f"no login with {SECRET}, nor {LIKELY}:  "


@pytest.mark.parametrize("cut", [12, len(SECRET) - 1])
def test_what_a_plugin_prints_is_hidden_wherever_it_is_written(tmp_path: Path, cut: int) -> None:
    suite, profile = slow_suite(tmp_path, LIST_PODS, checks=1)
    profile.write_text(profile.read_text() + SECRETS)
    called = f"command: ./plugin, args: [{SECRET}, {LIKELY}]"
    (tmp_path / "config").write_text(CONFIG.replace("command: ./plugin", called))
    padding = "x" * (LONGEST - 1 - len(BEGIN) - cut)
    (tmp_path / "plugin").write_text(PLUGIN.replace("PADDING", padding))
    (tmp_path / "plugin").chmod(0o700)

    ended = run_checks(
        tmp_path,
        *(f"--profile={profile}", "-vv", "-rA"),
        *(f"--junitxml={tmp_path}/junit.xml", f"--alluredir={tmp_path}/allure"),
        suite=suite,
        env={"LOGIN_SECRET": SECRET, "KUBECONFIG": str(tmp_path / "config")},
    )

    (verdict,) = ended.journal("verdict")
    assert verdict["verdict"] == "inconclusive"
    assert "plugin ended with 7: no login with \u2039secret:LOGIN#" in verdict["reason"]
    written = [*(tmp_path / "evidence").rglob("*"), *(tmp_path / "allure").rglob("*")]
    texts = {path.name: path.read_bytes() for path in written if path.is_file()}
    texts |= {"junit": (tmp_path / "junit.xml").read_bytes(), "terminal": ended.out.encode()}
    told = {name.rpartition(".")[2] for name, text in texts.items() if b"ended with 7" in text}
    assert {"jsonl", "log", "md", "junit", "terminal"} <= told
    begins = (SECRET[:8].encode(), LIKELY[:12].encode())
    assert [name for name, text in texts.items() if any(one in text for one in begins)] == []
