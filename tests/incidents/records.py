"""What is kept of an incident: its records as the program wrote them, and how two runs compare."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.incidents.worlds import INCIDENTS
from tests.program import ROOT, Ended

_TIMES = re.compile(r", \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC")
_LINKS = re.compile(r" · \[?log:\d+\]?(?:\([^)]*\))?")
_IN_THE_FOLDER = re.compile(r"\[([^\]\[]+)\]\((?:attachments/|[\w-]+\.log)[^)\s]*\)")
"""A link to what stays in the folder of the run."""
_KEPT = re.compile(r"#|\*\*|✗|\?|cause: |<details>|- (?:Proof|Contrast|Remedy|Undo|Expected|Saw):")
_LABEL = re.compile(r"- \w+:")


def keep(incident: str, runs: Mapping[str, Ended]) -> Iterator[Path]:
    """Write the runs' records beside the incident's README; walks the files that were written."""
    folder = ROOT / INCIDENTS / incident
    for name, text in kept(runs).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        yield path


def kept(runs: Mapping[str, Ended]) -> dict[str, str]:
    """Return the text of each file that is kept, by its name.

    What a record links to beside itself is not kept: it is named, and not linked to.
    """
    records = {
        f"{name}/record.md": _IN_THE_FOLDER.sub(r"\1", record_of(ended))
        for name, ended in runs.items()
    }
    return {**records, "compared.md": compared(runs)}


def record_of(ended: Ended) -> str:
    """Return the record that a run wrote."""
    assert ended.folder is not None, ended.out
    return (ended.folder / "record.md").read_text(encoding="utf-8")


def outline(record: str) -> list[str]:
    """Return what must not change in a record: its verdicts, its causes and how it is built.

    Times, digests, versions, and what depends on the machine are left out.
    """
    return list(_outlined(record.splitlines()))


def _outlined(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        if line.startswith(("| ✓", "| ✗", "| ?", "| ·")):
            verdict, check = (cell.strip() for cell in line.strip("| ").split(" | ")[:2])
            yield f"{verdict} {check.partition('<br>')[0]}"
        elif _KEPT.match(line):
            labelled = _LABEL.match(line)
            yield labelled[0] if labelled else _LINKS.sub("", _TIMES.sub("", line))


def compared(runs: Mapping[str, Ended]) -> str:
    """Set the runs' verdicts side by side, of every check of all on which they differ."""
    verdicts = {name: ended.verdicts() for name, ended in runs.items()}
    rows = [
        [f"`{check}`", *(_word(told[check]) for told in verdicts.values())]
        for check in next(iter(verdicts.values()))
        if all(check in told for told in verdicts.values())
    ]
    differing = [row for row in rows if len(set(row[1:])) > 1]
    head = [["check", *verdicts], ["---", *("---" for _ in verdicts)]]
    table = "".join(f"| {' | '.join(row)} |\n" for row in [*head, *differing])
    return f"# What differs between the runs\n\n{table}"


def _word(verdict: str) -> str:
    return f"**{verdict}**" if verdict == "violated" else verdict
