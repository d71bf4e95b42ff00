"""Findings as SARIF: valid by its schema, whatever the journal's lines hold."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reports.projections import sarif
from reports.projections.account import account, without_observations

SCHEMA = json.loads((Path(__file__).parent / "schemas/sarif-2.1.0-rtm.5.json").read_text())
FINDING = {
    "rule": "bad",
    "level": "warning",
    "text": "bad text; instead: write good text",
    "path": "a b/é#1.go",
    "line": 3,
    "column": 5,
    "end_column": 9,
    "snippet": "x\x1b[0m BAD1",
    "fingerprint": "0123456789abcdef",
    "is_new": True,
    "suppressions": [
        {"where": "in-source", "reason": "a demo", "until": "2099-01-31"},
        {"where": "external", "reason": "known", "until": "2099-01-31"},
    ],
}
RULE = {"id": "bad", "text": "bad text", "help": "Instead: good text", "level": "warning"}


def told(seen: dict[str, Any]) -> dict[str, Any] | None:
    at = "2026-11-21T12:00:00.000000Z"
    lines: list[dict[str, Any]] = [
        {"kind": "run.begin", "at": at, "run": "r", "suite": {"commit": "c"}},
        {"kind": "sighting.begin", "at": at, "sighting": "s", "probe": "look", "target": "shop"},
        {"kind": "sighting.end", "at": at, "sighting": "s", "seconds": 0.1, "seen": [seen]},
    ]
    written = sarif.write(account([without_observations(line) for line in lines]))
    if written is None:
        return None
    read: dict[str, Any] = json.loads(written)
    jsonschema.validate(read, SCHEMA)
    return read


def findings(**changes: Any) -> dict[str, Any]:
    return {"repository": "shop", "commit": "c0", "rules": [RULE], "found": [FINDING]} | changes


def test_a_field_and_what_is_told_beside_are_projected_alike() -> None:
    beside = told({"headline": "h", "findings": findings(), "observation": {"kind": "k"}})
    within = told({"headline": "h", "observation": {"kind": "k", "findings": findings()}})

    assert beside is not None
    assert beside == within
    (run,) = beside["runs"]
    assert run["originalUriBaseIds"].keys() == {sarif.ROOT}
    assert run["properties"] == {"commit": "c0", "repository": "shop"}
    assert run["tool"]["driver"]["rules"][0]["help"] == {"text": "Instead: good text"}


def test_a_result_has_place_fingerprint_state_and_suppressions() -> None:
    written = told({"headline": "h", "findings": findings()})

    assert written is not None
    (result,) = written["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a%20b/%C3%A9%231.go", "uriBaseId": sarif.ROOT}
    assert place["region"] == {
        "startLine": 3,
        "startColumn": 5,
        "endColumn": 9,
        "snippet": {"text": "x\\x1b[0m BAD1"},
    }
    assert result["partialFingerprints"] == {sarif.FINGERPRINT: "0123456789abcdef"}
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("bad", 0, "warning")
    assert result["baselineState"] == "new"
    assert [one["kind"] for one in result["suppressions"]] == ["inSource", "external"]
    assert result["suppressions"][0]["justification"] == "a demo (until 2099-01-31)"


def test_a_run_that_looked_for_no_findings_writes_none() -> None:
    assert told({"headline": "h", "observation": {"kind": "k"}}) is None


def test_no_finding_is_a_file_too() -> None:
    written = told({"headline": "h", "findings": findings(found=[])})

    assert written is not None
    assert written["runs"][0]["results"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"found": [{}]},
        {"found": [FINDING | {"line": -1, "column": "x", "end_column": 10**12}]},
        {"found": [FINDING | {"level": "fatal", "rule": "unknown", "path": "/etc/../x"}]},
        {"found": [FINDING | {"text": None, "suppressions": ["x", {}], "is_new": "yes"}]},
        {"found": "x", "rules": [1, {}, {"id": "a"}], "commit": 7},
    ],
)
def test_lines_that_are_not_ours_still_make_a_valid_file(changes: dict[str, Any]) -> None:
    assert told({"headline": "h", "findings": findings(**changes)}) is not None


def test_findings_are_in_the_order_of_their_places() -> None:
    several = [
        FINDING | {"path": path, "line": line} for path, line in (("b", 1), ("a", 9), ("a", 2))
    ]

    written = told({"headline": "h", "findings": findings(found=several)})

    assert written is not None
    places = [one["locations"][0]["physicalLocation"] for one in written["runs"][0]["results"]]
    assert [(one["artifactLocation"]["uri"], one["region"]["startLine"]) for one in places] == [
        ("a", 2),
        ("a", 9),
        ("b", 1),
    ]
