"""What a scan answered, as the observation that is judged: allowed where it is, and redacted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from checks.hardcoded.allowing import allow_by_baseline, allow_in_source, fingerprints, hidden
from checks.hardcoded.asked import NAMED, Match
from checks.hardcoded.scanning import Scan
from checks.hardcoded.seen import HardcodedSeen, LeftOut, RuleSeen
from config.allowed import Allowed
from config.rules import Rule
from reports.findings import Finding, Findings, Suppression
from reports.findings import Rule as RuleTold

MOST = 5000
"""Findings of a look that are told one by one; the others are counted."""


def told(
    scan: Scan,
    *,
    repository: str,
    rules: Sequence[Rule],
    allowed: Sequence[Allowed],
    seconds: float,
    at: datetime,
) -> HardcodedSeen:
    """Make the observation of what a scan found."""
    found = scan.searched
    known = {rule.id: rule for rule in rules}
    marks = fingerprints(found.matches)
    suppressions, in_source = allow_in_source(found.matches, found.comments, at.date())
    new: Sequence[bool | None] = scan.new or [None] * len(found.matches)
    every = [
        _finding(match, known[match.rule], mark, is_new, ends)
        for match, mark, ends, is_new in zip(found.matches, marks, suppressions, new, strict=True)
        if known[match.rule].reads is None
    ]
    unread = {(rule, _path(path)) for rule, paths in scan.unread.items() for path in paths}
    marked, external = allow_by_baseline(
        every, allowed, at.date(), lambda one: (one.rule, one.path) not in unread
    )
    judged = [one for one in marked if one.is_new is not False]
    unlisted = Counter(one.rule for one in judged[MOST:])
    for key, count in found.unlisted.items():
        unlisted[key.partition("\0")[0]] += count
    reads = Counter(match.rule for match in found.matches)
    return HardcodedSeen(
        repository=repository,
        commit=scan.commit,
        since=scan.base,
        engine=scan.engine,
        rules=tuple(_rule_seen(rule, scan, unlisted[rule.id], reads[rule.id]) for rule in rules),
        files=found.files,
        bytes=found.bytes,
        outside=scan.outside,
        left_out=_left_out(scan),
        findings=Findings(
            repository=repository,
            commit=scan.commit,
            rules=tuple(_rule_told(rule) for rule in rules if rule.reads is None),
            found=tuple(judged[:MOST]),
        ),
        old=len(marked) - len(judged),
        allowances=tuple(sorted((*in_source, *external), key=lambda one: one.place)),
        seconds=round(seconds, 6),
        at=at,
    )


def told_again(seen: HardcodedSeen, allowed: Sequence[Allowed]) -> HardcodedSeen:
    """Return what was seen as another baseline marks it."""
    bare = [
        replace(one, suppressions=tuple(s for s in one.suppressions if s.where == "in-source"))
        for one in seen.findings.found
    ]
    unread = {(rule.id, path) for rule in seen.rules for path in rule.unread}
    marked, external = allow_by_baseline(
        bare, allowed, seen.at.date(), lambda one: (one.rule, one.path) not in unread
    )
    in_source = [one for one in seen.allowances if one.where == "in-source"]
    return replace(
        seen,
        findings=replace(seen.findings, found=tuple(marked)),
        allowances=tuple(sorted((*in_source, *external), key=lambda one: one.place)),
    )


def _rule_seen(rule: Rule, scan: Scan, unlisted: int, found: int) -> RuleSeen:
    unread = scan.unread.get(rule.id, [])
    return RuleSeen(
        id=rule.id,
        files=scan.scopes[rule.id],
        found=found,
        failing=tuple(scan.failing.get(rule.id, ())),
        unread=tuple(map(_path, unread[:NAMED])),
        unread_files=len(unread),
        unlisted=unlisted,
    )


def _left_out(scan: Scan) -> tuple[LeftOut, ...]:
    listed = [
        LeftOut(why=why, files=len(paths), named=tuple(map(_path, sorted(paths)[:NAMED])))
        for why, paths in sorted(scan.searched.left_out.items())
    ]
    if scan.ignored:
        listed.append(LeftOut(why="ignored by git", files=scan.ignored, named=()))
    return tuple(listed)


def _finding(
    match: Match,
    rule: Rule,
    mark: str,
    is_new: bool | None,  # noqa: FBT001 - a fact, and no switch
    suppressions: tuple[Suppression, ...],
) -> Finding:
    return Finding(
        rule=rule.id,
        level=rule.level,
        text=f"{rule.says}; instead: {rule.instead}",
        path=_path(match.path),
        line=match.line,
        column=match.column,
        end_column=match.end_column,
        snippet=hidden(match.text, match.secret),
        fingerprint=mark,
        is_new=is_new,
        suppressions=suppressions,
    )


def _rule_told(rule: Rule) -> RuleTold:
    return RuleTold(id=rule.id, text=rule.says, help=f"Instead: {rule.instead}", level=rule.level)


def _path(path: str) -> str:
    """Return a path as text that survives JSON: bytes that are no UTF-8 as escapes."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
