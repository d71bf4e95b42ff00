"""The record's problem list: what is violated, and what could not be judged, by its reason."""

from collections.abc import Iterable, Sequence

from reports.projections.log import Log, told_diagnosis, told_waiver
from reports.projections.text import block, code, count, prose, utc, visible
from reports.projections.told import Account, Judged
from reports.verdicts import Diagnosis

SIGNS = {
    "upheld": "✓ upheld",
    "violated": "✗ **violated**",
    "violated, waived": "✗ violated, *waived*",
    "inconclusive": "? **inconclusive**",
    "not-applicable": "· not applicable",
}
_ORDER = {"violated": 0, "inconclusive": 1, "violated, waived": 2}
"""What comes first among the problems."""


def problems(told: Account, written: Log) -> str:
    """List what is violated one by one, and what is inconclusive by its reason."""
    groups: dict[tuple[str, ...], list[Judged]] = {}
    for judged in sorted(told.verdicts, key=lambda one: _ORDER.get(one.word, len(_ORDER))):
        if judged.verdict == "violated":
            groups[judged.word, judged.check.id] = [judged]
        elif judged.verdict == "inconclusive":
            key = (judged.word, judged.reason, judged.mend, *judged.held_by)
            groups.setdefault(key, []).append(judged)
    if not groups:
        return ""
    entries = [_problem(at, group, written) for at, group in enumerate(groups.values(), start=1)]
    return "## Problems\n\n" + "\n".join(entries)


def _problem(number: int, group: Sequence[Judged], written: Log) -> str:
    first = group[0]
    title = first.check.sentence or first.check.name
    if len(group) > 1:
        title = f"{count(len(group), 'check')} could not be judged for the same reason"
    one = f" · {_at(first)} · {link(first, written)}" if len(group) == 1 else ""
    told = [f"### {number}. {prose(title)}\n", f"{SIGNS[first.word]}{one}\n"]
    rows = [
        ("Class", first.failure),
        ("Expected", first.expected),
        ("Saw", first.saw),
        ("Reason", first.reason),
        ("Look first at", ", ".join(first.held_by)),
        ("Mend", first.mend),
        ("Waived", told_waiver(first.waiver)),
        ("Place", first.place),
    ]
    told += [f"- {name}:{_shown(text)}" for name, text in rows if text]
    if first.verdict == "violated" and (commands := commands_of(group)):
        told.append(f"- By hand:\n\n{_indented(block(commands, 'sh'))}")
    told += [line for one in first.diagnoses for line in _diagnosed(one, first)]
    if len(group) > 1:
        told.append("- Checks:")
        told += [f"  - {_named(each)} · {_at(each)} · {link(each, written)}" for each in group]
    return "\n".join(told).rstrip() + "\n"


def _diagnosed(diagnosis: Diagnosis, judged: Judged) -> list[str]:
    """Name the cause on a line that begins so, and what belongs to it below."""
    _, *rows = told_diagnosis(diagnosis, judged)
    return [
        f"\ncause: {code(diagnosis.cause)}\n",
        *(f"- {name.capitalize()}:{_shown(text)}" for name, text in rows if text),
    ]


def _named(judged: Judged) -> str:
    return prose(judged.check.sentence or judged.check.name)


def _at(judged: Judged) -> str:
    check = judged.check
    return f"{code(check.target)} from {code(check.vantage)}, {utc(judged.began)}"


def _shown(text: str) -> str:
    """Show a line as a span, and several as a block below the entry."""
    if "\n" not in visible(text).strip():
        return f" {code(text)}"
    return f"\n\n{_indented(block(text.strip(), 'text'))}"


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.rstrip("\n").split("\n")).rstrip("\n")


def link(judged: Judged, written: Log) -> str:
    """Link to the line of the log at which the check stands."""
    line = written.line_of.get(judged.check.id)
    return f"[log:{line}]({written.name}#L{line})" if line else ""


def commands_of(group: Iterable[Judged]) -> str:
    """Return the commands that repeat what was judged, a line each."""
    every = [sighting.by_hand for judged in group for sighting in judged.sightings]
    return "\n".join(dict.fromkeys(command for command in every if command))
