"""Findings as SARIF 2.1.0, for those who show them beside the code."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from reports.projections.text import visible
from reports.projections.told import Account, Seen, Sighting

NAME = "findings.sarif"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
VERSION = "2.1.0"
ROOT = "REPOSITORY"
"""The base of all paths: whoever shows them knows where the repository lies."""
FINGERPRINT = "touchstone/v1"
_LEVELS = ("none", "note", "warning", "error")
_MOST = 2**31 - 1


def write(told: Account) -> str | None:
    """Write the findings of a run; None for one that looked for none."""
    runs = [
        _run(told, sighting, seen, at)
        for sighting in sorted(told.sightings.values(), key=lambda one: (one.target, one.id))
        for at, seen in enumerate(sighting.seen)
        if seen.findings is not None
    ]
    if not runs:
        return None
    log = {"$schema": SCHEMA, "version": VERSION, "runs": runs}
    return json.dumps(log, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _run(told: Account, sighting: Sighting, seen: Seen, at: int) -> dict[str, Any]:
    findings = seen.findings or {}
    rules = [one for one in _mappings(findings.get("rules")) if one.get("id")]
    found = sorted(_mappings(findings.get("found")), key=_place)
    numbers = {str(one["id"]): number for number, one in enumerate(rules)}
    suite = told.begin.get("suite") or {}
    driver: dict[str, Any] = {"name": "Touchstone", "rules": [_rule(one) for one in rules]}
    if commit := suite.get("commit"):
        driver["version"] = str(commit)
    run: dict[str, Any] = {
        "automationDetails": {
            "id": f"{sighting.probe}/{sighting.target}/{sighting.id}{f'-{at}' if at else ''}"
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(sighting)],
        "originalUriBaseIds": {
            ROOT: {"description": {"text": f"The root of {findings.get('repository')}."}}
        },
        "results": [_result(one, numbers) for one in found],
        "tool": {"driver": driver},
    }
    if commit := findings.get("commit"):
        run["properties"] = {"commit": str(commit), "repository": str(findings.get("repository"))}
    return run


def _invocation(sighting: Sighting) -> dict[str, Any]:
    told: dict[str, Any] = {"executionSuccessful": True, "startTimeUtc": sighting.began}
    if sighting.ended:
        told["endTimeUtc"] = sighting.ended
    return told


def _rule(fields: Mapping[str, Any]) -> dict[str, Any]:
    told = {
        "id": str(fields["id"]),
        "shortDescription": {"text": _text(fields.get("text")) or str(fields["id"])},
        "defaultConfiguration": {"level": _level(fields)},
    }
    if words := _text(fields.get("help")):
        told["help"] = {"text": words}
    return told


def _result(fields: Mapping[str, Any], numbers: Mapping[str, int]) -> dict[str, Any]:
    rule = str(fields.get("rule", ""))
    told: dict[str, Any] = {
        "ruleId": rule,
        "level": _level(fields),
        "message": {"text": _text(fields.get("text")) or rule},
        "locations": [{"physicalLocation": _location(fields)}],
        "suppressions": [_suppression(one) for one in _mappings(fields.get("suppressions"))],
    }
    if rule in numbers:
        told["ruleIndex"] = numbers[rule]
    if mark := fields.get("fingerprint"):
        told["partialFingerprints"] = {FINGERPRINT: str(mark)}
    if isinstance(is_new := fields.get("is_new"), bool):
        told["baselineState"] = "new" if is_new else "unchanged"
    return told


def _location(fields: Mapping[str, Any]) -> dict[str, Any]:
    line, column = _number(fields.get("line")), _number(fields.get("column"))
    region: dict[str, Any] = {"startLine": line, "startColumn": column}
    if (end := _number(fields.get("end_column"))) > column:
        region["endColumn"] = end
    if snippet := _text(fields.get("snippet")):
        region["snippet"] = {"text": snippet}
    path = str(fields.get("path", "")).lstrip("/")
    return {
        "artifactLocation": {"uri": quote(path, errors="replace"), "uriBaseId": ROOT},
        "region": region,
    }


def _suppression(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": "inSource" if fields.get("where") == "in-source" else "external",
        "status": "accepted",
        "justification": f"{_text(fields.get('reason'))} (until {fields.get('until')})",
    }


def _place(fields: Mapping[str, Any]) -> tuple[str, int, int, str]:
    line, column = _number(fields.get("line")), _number(fields.get("column"))
    return str(fields.get("path")), line, column, str(fields.get("rule"))


def _level(fields: Mapping[str, Any]) -> str:
    level = fields.get("level")
    return str(level) if level in _LEVELS else "error"


def _number(value: Any) -> int:
    return value if type(value) is int and 1 <= value <= _MOST else 1


def _text(value: Any) -> str:
    return visible(value) if isinstance(value, str) else ""


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    several: Sequence[Any] = value if isinstance(value, list | tuple) else ()
    return (one for one in several if isinstance(one, dict))
