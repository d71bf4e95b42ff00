"""Allowances: comments in files, and baselines; they mark findings, and never remove one."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from checks.hardcoded.asked import Comment, Match
from checks.hardcoded.seen import Allowance, State
from config.allowed import Allowed
from fixtures.github.tokens import without_secrets
from reports import shapes
from reports.findings import Finding, Suppression, Where

_WORDS = re.compile(
    r"(?P<rules>[a-z0-9][a-z0-9-]*(?:\s*,\s*[a-z0-9][a-z0-9-]*)*)\s+until\s+(?P<until>\S+)"
    r"\s+because\s+(?P<reason>.*\S)"
)
_FORM = "allowed: touchstone: allow RULE until 2027-01-31 because REASON"
_HIDDEN = "\u2039hidden\u203a"
_DIGITS = 16

Place = tuple[str, int, str]
"""A path, a line, and the id of a rule."""


def hidden(text: str, secret: str) -> str:
    """Return a text without what a rule calls a secret, or the profile, or has a secret's shape."""
    if secret:
        text = text.replace(secret, _HIDDEN)
    text = without_secrets(text, _HIDDEN)
    return shapes.hide_in_text(text, lambda _what, _text: _HIDDEN)


def fingerprints(matches: Sequence[Match]) -> list[str]:
    """Return the fingerprint of each match: of its text and the lines around, of no number.

    Equal ones in one file are told apart by their order: `…-2` is the second.
    """
    counts: Counter[tuple[str, str]] = Counter()
    made = []
    for one in matches:
        parts = (one.rule, *(hidden(part, one.secret) for part in _texts(one)))
        digest = hashlib.sha256("\0".join(parts).encode(errors="backslashreplace")).hexdigest()
        key = (one.path, digest[:_DIGITS])
        counts[key] += 1
        made.append(key[1] if counts[key] == 1 else f"{key[1]}-{counts[key]}")
    return made


def _texts(match: Match) -> tuple[str, ...]:
    return (match.found, *(part.strip() for part in (match.text, match.before, match.after)))


@dataclass(slots=True)
class _InSource:
    """One permission of a comment, for one match of one rule on one line."""

    comment: Comment
    rule: str
    until: date
    reason: str
    used: bool = False


def allow_in_source(
    matches: Sequence[Match], comments: Iterable[Comment], today: date
) -> tuple[list[tuple[Suppression, ...]], list[Allowance]]:
    """Return of each match what a comment allows today, and what became of every comment.

    A comment allows one match for each time that it names a rule, on its own line, or on the
    next if nothing else stands in its line.
    """
    permits, malformed = _permits(comments)
    suppressions: list[tuple[Suppression, ...]] = []
    for one in matches:
        permit = next((p for p in permits[one.path, one.line, one.rule] if not p.used), None)
        if permit is not None:
            permit.used = True
        holds = permit is not None and permit.until >= today
        suppressions.append(
            (_suppression("in-source", permit.reason, permit.until),) if permit and holds else ()
        )
    read = (one for several in permits.values() for one in several)
    return suppressions, [*malformed, *(_told_comment(one, today) for one in read)]


def allow_by_baseline(
    findings: Sequence[Finding],
    baseline: Iterable[Allowed],
    today: date,
    is_read: Callable[[Allowed], bool] = lambda _entry: True,
) -> tuple[list[Finding], list[Allowance]]:
    """Return the findings with what a baseline allows today, and what became of its entries.

    An entry allows the finding of its fingerprint. `is_read` tells whether its file was read by
    its rule: of one that was not, nobody knows whether it still stands there.
    """
    entries = {(one.rule, one.path, one.fingerprint): one for one in baseline}
    matched: set[tuple[str, str, str]] = set()
    marked = []
    for one in findings:
        key = (one.rule, one.path, one.fingerprint)
        entry = entries.get(key)
        if entry is not None:
            matched.add(key)
        if entry is not None and entry.until >= today:
            ends = _suppression("external", entry.reason, entry.until)
            marked.append(replace(one, suppressions=(*one.suppressions, ends)))
        else:
            marked.append(one)
    told = [
        _told_entry(entry, today, found=key in matched)
        for key, entry in entries.items()
        if key in matched or entry.until < today or is_read(entry)
    ]
    return marked, told


def _permits(
    comments: Iterable[Comment],
) -> tuple[Mapping[Place, list[_InSource]], list[Allowance]]:
    permits: dict[Place, list[_InSource]] = defaultdict(list)
    malformed = []
    for comment in comments:
        try:
            for one in _read(comment):
                line = comment.line + 1 if comment.alone else comment.line
                permits[comment.path, line, one.rule].append(one)
        except ValueError as error:
            malformed.append(
                Allowance(
                    where="in-source",
                    rule="",
                    place=f"{comment.path}:{comment.line}",
                    until=None,
                    reason="",
                    state="malformed",
                    why=f"{error}; {_FORM}",
                )
            )
    return permits, malformed


def _read(comment: Comment) -> Iterator[_InSource]:
    words = _WORDS.fullmatch(comment.text)
    if words is None:
        raise ValueError(f"this allows nothing: {comment.text[:100]!r}")
    try:
        until = date.fromisoformat(words["until"])
    except ValueError:
        raise ValueError(f"{words['until'][:40]!r} is no date") from None
    for rule in re.split(r"\s*,\s*", words["rules"]):
        yield _InSource(comment, rule, until, words["reason"])


def _told_comment(one: _InSource, today: date) -> Allowance:
    state: State = "stale" if not one.used else "used" if one.until >= today else "expired"
    return Allowance(
        where="in-source",
        rule=one.rule,
        place=f"{one.comment.path}:{one.comment.line}",
        until=one.until,
        reason=one.reason,
        state=state,
    )


def _told_entry(one: Allowed, today: date, *, found: bool) -> Allowance:
    state: State = "stale" if not found else "used" if one.until >= today else "expired"
    return Allowance(
        where="external",
        rule=one.rule,
        place=f"{one.path} ({one.fingerprint})",
        until=one.until,
        reason=one.reason,
        state=state,
    )


def _suppression(where: Where, reason: str, until: date) -> Suppression:
    return Suppression(where=where, reason=reason, until=until.isoformat())
