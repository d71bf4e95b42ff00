"""Rules: each proves one cause from what was seen, or says nothing."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path

from checks.causes.vocabulary import Cause
from checks.causes.ways import ways_that_work
from fixtures.diagnosing import Facts, diagnoses
from reports.verdicts import Diagnosis

Prove = Callable[[Facts], Iterable[str]]
"""Returns the lines that prove the cause; none where it is not proved."""
_HERE = Path(__file__).parent
_FACTS = 12
"""Lines of proof that a diagnosis shows; a name with many addresses has more."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one cause is proved, and what is said of it."""

    cause: Cause
    prove: Prove
    contrast: str
    """What separates it from its neighbours."""
    remedy: str
    undo: str

    @property
    def proof(self) -> str:
        """What proves the cause: the rule's own docstring, in one line."""
        return " ".join((inspect.getdoc(self.prove) or "").split())


_rules: dict[Cause, Rule] = {}


def proves(cause: Cause, *, contrast: str, remedy: str, undo: str) -> Callable[[Prove], Prove]:
    """Say that a function proves the cause, and what is to be said and done then."""

    def note(prove: Prove) -> Prove:
        _rules[cause] = Rule(cause, prove, contrast, remedy, undo)
        return prove

    return note


@cache
def every_rule() -> tuple[Rule, ...]:
    """Return the rules of all families, in the vocabulary's order."""
    for file in sorted(_HERE.glob("[a-z]*.py")):
        import_module(f"checks.causes.{file.stem}")
    return tuple(_rules[cause] for cause in Cause if cause in _rules)


@diagnoses
def diagnose(facts: Facts) -> tuple[Diagnosis, ...]:
    """Name each cause that what was seen proves on its own; `unknown` where none is proved.

    A way that was seen to work is told beside the remedy.
    """
    told = [(rule, tuple(dict.fromkeys(rule.prove(facts)))) for rule in every_rule()]
    proved = tuple(
        Diagnosis(str(rule.cause), _cut(lines), rule.contrast, rule.remedy, rule.undo)
        for rule, lines in told
        if lines
    )
    ways = tuple(ways_that_work(facts))
    return tuple(
        replace(
            one,
            remedy=_joined(one.remedy, *(way.remedy for way in ways)),
            undo=_joined(one.undo, *(way.undo for way in ways)),
        )
        for one in proved or (_unknown(facts),)
    )


def _unknown(facts: Facts) -> Diagnosis:
    """Tell what was judged, and then what else was seen of the target, contrasts among it."""
    lines = tuple(dict.fromkeys(headlines((*facts.seen, *facts.around))))
    return Diagnosis(
        str(Cause.UNKNOWN),
        _cut(lines),
        contrast="what was seen proves no cause that has a name",
        remedy="",
        undo="",
    )


def headlines(observations: Iterable[object]) -> list[str]:
    """Return what was seen, a line each."""
    return [str(getattr(one, "headline", one)) for one in observations]


def _joined(*texts: str) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))


def _cut(lines: tuple[str, ...]) -> tuple[str, ...]:
    more = len(lines) - _FACTS
    return (*lines[:_FACTS], f"and {more} more, in the log") if more > 0 else lines
