"""Verdicts: the four of them, how one is made, and the words that check authors use."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

Remark = Callable[[str], None]
"""What a check calls to say something of an upheld sentence: `remark("outside the ranges")`."""


class Verdict(StrEnum):
    """What is said of a check once it is over."""

    UPHELD = "upheld"
    VIOLATED = "violated"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not-applicable"


class FailureClass(StrEnum):
    """What kind of thing is wrong where a sentence does not hold: who has to act on it."""

    POLICY = "POLICY"
    """A rule is broken."""
    CONFIG = "CONFIG"
    """A file or a setting is wrong."""
    INFRA = "INFRA"
    """A runner, or the network."""
    CAPACITY = "CAPACITY"
    """All is well, and there is too little of it."""
    PLATFORM = "PLATFORM"
    """The other side: GitHub."""
    EVIDENCE = "EVIDENCE"
    """The proof is missing, or contradicts itself."""


Check = TypeVar("Check", bound=Callable[..., None])
_classes: dict[Callable[..., None], StrEnum] = {}
_diagnosed: set[Callable[..., None]] = set()


def fails_as(failure: StrEnum, *, diagnosed: bool = False) -> Callable[[Check], Check]:
    """Say of which class a check's violations are; `expected(..., failure)` says it of one.

    It is a `FailureClass`, or a word of an area's own vocabulary, such as `argo-outofsync`. A
    class says what is wrong, and no cause is looked for; with `diagnosed` one is all the same,
    where the class only says whose endpoint it is that failed.
    """

    def note(check: Check) -> Check:
        _classes[check] = failure
        if diagnosed:
            _diagnosed.add(check)
        return check

    return note


def class_of(check: Callable[..., None] | None) -> StrEnum | None:
    """Return the class of a check's violations, if it has said one."""
    return _classes.get(check) if check else None


def is_diagnosed(check: Callable[..., None], judgement: "Judgement") -> bool:
    """Tell whether causes are looked for: of violations without a class, or by its own word."""
    if judgement.verdict is not Verdict.VIOLATED:
        return False
    return check in _diagnosed or not (judgement.failure or class_of(check))


class NotApplicable(Exception):  # noqa: N818 - it is an answer, not an error
    """The sentence does not concern this target, for the reason given."""


class Inconclusive(Exception):  # noqa: N818 - it is an answer, not an error
    """It could not be judged. `mend` says what would help; `held_by` which check to look at."""

    def __init__(self, reason: str, mend: str = "", held_by: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.mend = mend
        self.held_by = tuple(held_by)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an item judges, in the words of projections."""

    area: str
    layer: str
    target: str
    vantage: str
    sentence: str
    severity: str = "normal"
    """How much hangs on it: blocker, critical, normal, minor or trivial."""
    markers: tuple[str, ...] = ()
    """What `-m` chooses it by."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The named cause of a violation: what proves it, what tells it from its neighbours, the mend.

    Text alone, so that a journal holds it as it is, and whoever reads one can show it.
    """

    cause: str
    facts: tuple[str, ...]
    """What was seen that proves it, a line each."""
    contrast: str
    remedy: str
    undo: str
    """How to take the remedy back."""


def read_diagnosis(fields: Mapping[str, Any]) -> Diagnosis:
    """Return the diagnosis that a journal's line holds; what it leaves out is empty."""
    return Diagnosis(
        cause=str(fields.get("cause", "")),
        facts=tuple(map(str, fields.get("facts", ()))),
        contrast=str(fields.get("contrast", "")),
        remedy=str(fields.get("remedy", "")),
        undo=str(fields.get("undo", "")),
    )


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with what led to it."""

    verdict: Verdict
    reason: str = ""
    mend: str = ""
    expected: str = ""
    saw: str = ""
    held_by: tuple[str, ...] = ()
    place: str = ""
    failure: str = ""
    """The class of a violation; empty where neither it nor its check has one."""
    surprise: bool = False
    """Whether the reason is an exception that nobody foresaw: its traceback is shown."""


_HOLDS = "the sentence to hold"
_ENDS = re.compile("[\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029]")


def expected(what: str, saw: object, failure: StrEnum | None = None, *, mend: str = "") -> str:
    """Word a failure: what the sentence demands, and what was seen (of a sequence, a line each).

    `failure` is its class, where that depends on what was seen; `mend` is the next step, where
    one is known: a command, or a few words. What ends a line within one of a
    sequence is escaped: a name that somebody else chose begins no line of ours, which a runner of
    GitHub's would read as a command (`::stop-commands::`).
    """
    begin = f"{failure}: " if failure else ""
    end = f"\nmend {_on_one_line(mend)}" if mend else ""
    if isinstance(saw, str) or not isinstance(saw, Sequence):
        return f"{begin}expected {what}\nsaw {saw}{end}"
    return f"{begin}expected {what}\nsaw " + "\n    ".join(map(_on_one_line, saw)) + end


def _on_one_line(text: object) -> str:
    return _ENDS.sub(lambda end: ascii(end[0])[1:-1], str(text))


def judge(raised: BaseException | None, phase: str, own: Path) -> Judgement:
    """Make the verdict of a check of which a phase ended so; `own` is the check's file."""
    match raised:
        case None:
            return Judgement(Verdict.UPHELD)
        case NotApplicable():
            return Judgement(Verdict.NOT_APPLICABLE, reason=str(raised))
        case Inconclusive():
            return Judgement(
                Verdict.INCONCLUSIVE, raised.reason, raised.mend, held_by=raised.held_by
            )
        case AssertionError() if phase == "call" and _file(raised) == own:
            place = f"{'/'.join(own.parts[-3:])}:{_innermost(raised).tb_lineno}"
            return replace(_worded(str(raised)), place=place)
        case _:
            return Judgement(
                Verdict.INCONCLUSIVE,
                reason=f"{type(raised).__name__} in {phase}: {raised}".rstrip(": "),
                mend="the check or what it stands on broke; its traceback is shown with -vv",
                surprise=True,
            )


def _worded(text: str) -> Judgement:
    """Read what `expected` worded; pytest indents it, and appends what its rewriting saw."""
    words = re.fullmatch(
        r"(?:([A-Za-z0-9-]+): )?expected (.*?)\n *saw (.*?)"
        r"(?:\n *mend ([^\n]*))?(\nassert .*)?",
        text,
        re.DOTALL,
    )
    failure, what, saw, mend = words.group(1, 2, 3, 4) if words else ("", _HOLDS, text, "")
    seen = "\n".join(line.strip() for line in saw.split("\n"))
    return Judgement(
        Verdict.VIOLATED, mend=mend or "", expected=what, saw=seen, failure=failure or ""
    )


def _innermost(raised: BaseException) -> TracebackType:
    at = raised.__traceback__
    if at is None:
        raise ValueError("an exception that was never raised has no place")
    while at.tb_next is not None:
        at = at.tb_next
    return at


def _file(raised: BaseException) -> Path | None:
    if raised.__traceback__ is None:
        return None
    return Path(_innermost(raised).tb_frame.f_code.co_filename)
