"""The acceptance record in Markdown: what holds, what does not, and how to see it again."""

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from reports.projections import log
from reports.projections.account import account
from reports.projections.between import between
from reports.projections.clocks import clocks, heard
from reports.projections.links import links
from reports.projections.log import Log, told_waiver
from reports.projections.problems import SIGNS, commands_of, link, problems
from reports.projections.replayed import Replayed, replayed
from reports.projections.statement import statement
from reports.projections.tables import tables
from reports.projections.text import block, clock, code, count, local, prose, read, utc
from reports.projections.told import Account, Check, Judged, Sighting
from reports.projections.vantages import vantages

_OBSERVATION = 160
"""Characters of an observation that a row of a table shows; the log shows all."""


def project(lines: Sequence[Mapping[str, Any]], head: str = "") -> str:
    """Write the record of a journal's lines; `head` is the digest of the last of them."""
    told = account(lines)
    return write(told, log.write(told, lines), head)


def write(told: Account, written: Log, head: str) -> str:
    """Write the record of an account, whose log was written before."""
    parts = [
        _head(told, written, head),
        _counts(told),
        problems(told, written),
        links(told),
        between(told),
        tables(told),
        vantages(told.vantages, heard(told)),
        _incomplete(told),
        _checks(told, written),
        statement(told),
    ]
    return "\n".join(part for part in parts if part)


def conclusion(told: Account) -> str:
    """Say in one line what came of the run."""
    return f"In a replay: {_concluded(told)}" if replayed(told.begin) else _concluded(told)


def _concluded(told: Account) -> str:
    if (told.canary or {}).get("found"):
        return "**NOT SEALED**: a planted secret was found in what was written."
    if told.gaps:
        worst = _worst(told) or "Nothing that was judged is violated."
        return f"**INCOMPLETE**: {'; '.join(told.gaps)}. {worst}"
    return _worst(told) or _best(told)


def _worst(told: Account) -> str:
    judged = count(len(told.verdicts), "check")
    violated, unclear = told.counts["violated"], told.counts["inconclusive"]
    if violated:
        beside = f", {unclear} could not be judged" if unclear else ""
        return f"**VIOLATED**: {violated} of {judged} violated{beside}."
    if unclear and not told.gaps:
        return f"**INCONCLUSIVE**: nothing is violated, {unclear} of {judged} could not be judged."
    return ""


def _best(told: Account) -> str:
    upheld, waived = told.counts["upheld"], told.counts["violated, waived"]
    if waived:
        return f"**UPHELD WITH DEVIATION**: {count(waived, 'violation')} waived, {upheld} upheld."
    if not upheld:
        return "**NOTHING UPHELD**: no check applies."
    beside = told.counts["not-applicable"]
    return f"**UPHELD**: {count(upheld, 'check')} upheld, none violated" + (
        f", {beside} not applicable." if beside else "."
    )


def _head(told: Account, written: Log, head: str) -> str:
    begin = told.begin
    profile = begin.get("profile") or {}
    of = replayed(begin)
    looked = begin if of is None else of.begin
    title = f"Acceptance record: {prose(str(profile.get('name', 'no profile')))}"
    rows = [
        ("Profile", _profile(profile)),
        ("Test window", _window(looked, told.last.get("at", "") if of is None else of.until)),
        ("Looked from", _places(told, looked)),
        ("Trusted besides", _authorities(told)),
        ("Clock", clocks(told)),
        ("Environment", _environment(looked)),
        *(_of_replay(told, of) if of else ()),
        ("Suite", _suite(begin.get("suite"))),
        ("Command", _command(begin.get("argv") or ())),
        ("CI", _ci(begin.get("ci"))),
        ("Run", f"{code(str(begin.get('run', '')))}, attempt {begin.get('attempt', 1)}"),
        ("Exit status", _exit(told)),
        ("Journal", f"{count(told.length, 'line')}, head {code(head)}"),
        ("Log", f"[{prose(written.name)}]({written.name})"),
    ]
    table = "".join(f"| {name} | {text} |\n" for name, text in rows if text)
    return f"# {title}\n\n{_banner(of)}{conclusion(told)}\n\n| | |\n|---|---|\n{table}"


def _banner(of: Replayed | None) -> str:
    """Say of a replay that it is one, before anything that it concludes."""
    if of is None:
        return ""
    told = (
        f"**REPLAY** of {code(of.folder)}: nothing was looked at now. What that run saw, from"
        f" {_instant(of.since)} to {_instant(of.until)}, is judged again here.\n\n"
    )
    return told + "".join(f"Of that run: {prose(one)}.\n\n" for one in of.evidence)


def _instant(at: str) -> str:
    return utc(at) if at else "an unknown time"


def _of_replay(told: Account, of: Replayed) -> list[tuple[str, str]]:
    """Tell what the run was that looked, and what this one is besides."""
    profile = of.begin.get("profile") or {}
    return [
        ("Replayed run", f"{code(of.folder)}, head {code(of.head)}"),
        ("Its profile", _profile(profile)),
        ("Its suite", _suite(of.begin.get("suite"))),
        ("Its command", _command(of.begin.get("argv") or ())),
        ("Judged again", _window(told.begin, told.last.get("at", ""))),
        ("Judged on", f"host {code(str(told.begin.get('host', 'unknown')))}"),
    ]


def _profile(profile: Mapping[str, Any]) -> str:
    if not profile:
        return ""
    told = f"{code(str(profile.get('name')))}, digest {code(str(profile.get('digest')))}"
    if ranges := profile.get("ranges"):
        told += f"; address ranges {code(str(ranges['name']))} of {prose(str(ranges['dated']))}"
    return told


def _window(begin: Mapping[str, Any], last: str) -> str:
    first = begin.get("at", "")
    if not (first and last):
        return "unknown"
    zone = begin.get("zone") or {}
    seconds = (read(last) - read(first)).total_seconds()
    text = f"{utc(first)} to {utc(last)} ({seconds:.1f} s)"
    if offset := zone.get("offset"):
        name = prose(str(zone.get("name", "")))
        text += f"; local time {local(first, offset)} to {local(last, offset)} ({name})"
    return text


def _places(told: Account, looked: Mapping[str, Any]) -> str:
    named = f"{', '.join(map(code, told.looked_from))} on " if told.looked_from else ""
    return f"{named}host {code(str(looked.get('host') or 'unknown'))}"


def _authorities(told: Account) -> str:
    """Name what is trusted beside the system's own store: commands by hand need it too."""
    held = {path: sha for line in told.vantages for path, sha in line["authorities"].items()}
    return "; ".join(f"{code(path)}, sha256 {code(str(sha))}" for path, sha in held.items())


def _environment(begin: Mapping[str, Any]) -> str:
    versions = [f"{name} {version}" for name, version in (begin.get("versions") or {}).items()]
    variables = [f"{name}={value}" for name, value in (begin.get("variables") or {}).items()]
    told = prose(", ".join([str(begin.get("system") or "unknown system"), *versions]))
    return told + "".join(f", {code(variable)}" for variable in variables)


def _suite(suite: Mapping[str, Any] | None) -> str:
    if not suite:
        return "commit unknown: git could not tell"
    changed = ", **with changes that are not committed**" if suite.get("dirty") else ", unchanged"
    return f"commit {code(str(suite.get('commit')))}{changed}"


def _command(argv: Sequence[str]) -> str:
    return code(shlex.join(argv))


def _ci(ci: Mapping[str, Any] | None) -> str:
    return f"run {code(str(ci.get('run')))}, attempt {code(str(ci.get('attempt')))}" if ci else ""


def _exit(told: Account) -> str:
    if told.end is None:
        return "none: the run has no end"
    said = told.end.get("exit") or {}
    return f"{said.get('status')}: {prose(str(said.get('words', '')))}"


def _counts(told: Account) -> str:
    words = ["violated", "violated, waived", "inconclusive", "upheld", "not-applicable"]
    names = ["violated", "waived", "inconclusive", "upheld", "not applicable", "never judged"]
    rows = [_count_row(told, area, words) for area in told.areas]
    if len(rows) > 1:
        rows.append(_count_row(told, None, words))
    head = f"| Area | {' | '.join(names)} | planned |\n|---|{'--:|' * (len(names) + 1)}\n"
    return f"## Counts\n\n{head}{''.join(rows)}"


def _count_row(told: Account, area: str | None, words: Sequence[str]) -> str:
    planned = [check for check in told.checks if area in (None, check.area)]
    judged = Counter(one.word for one in told.verdicts if area in (None, one.check.area))
    numbers = [judged[word] for word in words]
    never = sum(area in (None, check.area) for check in told.never_judged)
    cells = [prose(area) if area else "**all**", *map(str, (*numbers, never, len(planned)))]
    return f"| {' | '.join(cells)} |\n"


def _incomplete(told: Account) -> str:
    """Name what never ended and what never ran: it is not passed."""
    parts = []
    flying = [f"- {code(check.id)}" for check in told.in_flight_checks]
    flying += [f"- {code(_step(one))}, begun {utc(one.began)}" for one in told.in_flight]
    if flying:
        parts.append("## In flight when the journal ended\n\n" + "\n".join(flying) + "\n")
    never = [check for check in told.never_judged if check not in told.in_flight_checks]
    if never:
        rows = [f"- {code(check.id)}{_lost(told, check)}" for check in never]
        parts.append("## Never judged\n\n" + "\n".join(rows) + "\n")
    if told.never_judged and told.sightings:
        parts.append(
            "What it had seen can still be judged, without looking again: `pytest --replay=RUN`,"
            " with the folder of this run.\n"
        )
    return "\n".join(parts)


def _lost(told: Account, check: Check) -> str:
    worker = told.lost.get(check.id)
    return f", lost with the worker {worker}" if worker else ""


def _step(sighting: Sighting) -> str:
    return f"{sighting.probe} {sighting.target} from {sighting.vantage}"


def _checks(told: Account, written: Log) -> str:
    parts = ["## Checks\n"]
    for area in dict.fromkeys(judged.check.area for judged in told.verdicts):
        parts.append(f"### {prose(area) or 'no area'}\n")
        targets: dict[str, dict[str, list[Judged]]] = {}
        for judged in told.verdicts:
            if (check := judged.check).area == area:
                targets.setdefault(check.target, {}).setdefault(check.vantage, []).append(judged)
        parts += [
            _place(target, vantage, groups[vantage], written)
            for target, groups in targets.items()
            for vantage in told.in_order(groups)
        ]
    return "\n".join(parts) if len(parts) > 1 else ""


def _place(target: str, vantage: str, group: Sequence[Judged], written: Log) -> str:
    rows = "".join(_row(judged, written) for judged in group)
    told = (
        f"#### {code(target)} from {code(vantage)}\n\n"
        f"| Verdict | Check | Seen | UTC | Log |\n|---|---|---|---|---|\n{rows}"
    )
    commands = commands_of(group)
    if not commands:
        return told
    return f"{told}\n<details><summary>By hand</summary>\n\n{block(commands, 'sh')}\n</details>\n"


def _row(judged: Judged, written: Log) -> str:
    said = prose(judged.check.sentence or judged.check.name)
    for remark in judged.remarks:
        said += f"<br>remark: {prose(remark)}"
    if judged.waived:
        said += f"<br>waived: {prose(told_waiver(judged.waiver))}"
    cells = (
        SIGNS.get(judged.word, prose(judged.word)),
        said,
        _key(judged),
        clock(judged.began),
        link(judged, written),
    )
    return f"| {' | '.join(cells)} |\n"


def _key(judged: Judged) -> str:
    """Return the key observation: what contradicts, why there is none, or what was seen."""
    if judged.verdict == "violated":
        return code(judged.saw, _OBSERVATION)
    if judged.reason:
        return code(judged.reason, _OBSERVATION)
    seen = [line for sighting in judged.sightings for line in sighting.headlines]
    return code("; ".join(dict.fromkeys(seen)), _OBSERVATION)
