"""The whole program on the lab's repository, as it is and with its faults; findings as SARIF."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.program import ROOT, Ended, run_checks

SCHEMA = ROOT / "tests/reports/schemas/sarif-2.1.0-rtm.5.json"


def run(folder: Path, *options: str) -> tuple[Ended, dict[str, Any]]:
    ended = run_checks(folder, "--profile=lab", "-m", "hardcoded", *options)
    assert ended.folder is not None, ended.out
    told = json.loads((ended.folder / "findings.sarif").read_text())
    jsonschema.validate(told, json.loads(SCHEMA.read_text()))
    assert ended.is_sealed()
    return ended, told


def violated(ended: Ended) -> set[str]:
    return {check for check, verdict in ended.verdicts().items() if verdict == "violated"}


def test_all_of_it_holds(tmp_path: Path) -> None:
    ended, told = run(tmp_path)

    assert ended.status == 0, ended.out
    others = {check for check, verdict in ended.verdicts().items() if verdict != "upheld"}
    assert others == {"check_allowances_are_fresh[shop@lab]"}  # the shop allows nothing
    assert told["runs"][0]["results"] == []
    assert len(told["runs"][0]["tool"]["driver"]["rules"]) == 12


@pytest.mark.parametrize(
    ("fault", "checks", "places"),
    [
        (
            "hardcoded-origin",
            {"check_nothing_is_hardcoded[shop:allowed-origins@lab]"},
            {("cmd/command/origins.go", 4, "allowed-origins")},
        ),
        (
            "allowance-expired",
            {
                "check_allowances_are_fresh[shop@lab]",
                "check_nothing_is_hardcoded[shop:localhost-service@lab]",
                "check_nothing_is_hardcoded[shop:localhost-url@lab]",
                "check_nothing_is_hardcoded[shop:localhost@lab]",
            },
            {
                ("frontend/src/demo.ts", 2, "localhost-service"),
                ("frontend/src/demo.ts", 2, "localhost-url"),
                ("frontend/src/demo.ts", 2, "localhost"),
            },
        ),
    ],
)
def test_a_fault_is_found_and_told_as_sarif(
    tmp_path: Path, fault: str, checks: set[str], places: set[tuple[str, int, str]]
) -> None:
    ended, told = run(tmp_path, f"--lab-fault={fault}")

    assert ended.status == 1
    assert violated(ended) == checks
    assert "POLICY" in ended.out
    results = told["runs"][0]["results"]
    assert {
        place_of(one) for one in results if one["level"] == "error" or one["ruleId"] == "localhost"
    } == places
    assert all(one["partialFingerprints"] for one in results)
    assert rebuilt(ended, tmp_path) == (ended.folder / "findings.sarif").read_bytes()  # type: ignore[operator]


def place_of(one: dict[str, Any]) -> tuple[str, int, str]:
    place = one["locations"][0]["physicalLocation"]
    return place["artifactLocation"]["uri"], place["region"]["startLine"], one["ruleId"]


def rebuilt(ended: Ended, folder: Path) -> bytes:
    command = [
        sys.executable,
        "-m",
        "reports",
        "rebuild",
        str(ended.folder),
        "--into",
        str(folder / "again"),
    ]
    subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=True)
    return (folder / "again/findings.sarif").read_bytes()
