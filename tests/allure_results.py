"""Reading what Allure was told."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Result = dict[str, Any]


def results_in(folder: Path) -> dict[str, Result]:
    """Return the results in a folder by their names."""
    told = [json.loads(file.read_bytes()) for file in folder.glob("*-result.json")]
    found = {result["name"]: result for result in told}
    assert len(found) == len(told)
    return found


def labels_of(result: Result) -> dict[str, list[str]]:
    """Return a result's labels: all values by name."""
    labels: dict[str, list[str]] = {}
    for label in result["labels"]:
        labels.setdefault(label["name"], []).append(label["value"])
    return labels


def attachments_of(step: Result) -> list[Result]:
    """Return everything that is attached to a result, or to a step of it, however deep."""
    found: list[Result] = list(step.get("attachments", []))
    for below in step.get("steps", []):
        found += attachments_of(below)
    return found


def properties_in(text: str) -> dict[str, str]:
    """Read Java properties as `java.util.Properties.load` does, as far as they are used."""
    rows = {}
    for line in text.splitlines():
        key, value = "", ""
        chars, in_key = iter(line), True
        for char in chars:
            if char == "=" and in_key:
                in_key = False
                continue
            taken = _unescaped(chars) if char == "\\" else char
            key, value = (key + taken, value) if in_key else (key, value + taken)
        rows[key] = value.encode("utf-16", "surrogatepass").decode("utf-16")
    return rows


def _unescaped(chars: Iterator[str]) -> str:
    char = next(chars)
    if char == "u":
        return chr(int("".join(next(chars) for _ in range(4)), 16))
    return {"n": "\n", "t": "\t"}.get(char, char)
