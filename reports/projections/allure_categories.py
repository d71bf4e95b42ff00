"""The groups in which Allure shows what is not upheld.

A result belongs to a group by how its message begins. A cause of violations gets its group
here, above the one of all violations, and its words in `words_for`; so does the class of
those that have one, and no known cause.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.projections.log import told_waiver
from reports.projections.told import Judged
from reports.verdicts import FailureClass

WAIVED = "waived"
CAUSE = "cause"
CLASS = "class"
NOT_APPLICABLE = "not applicable"
NOT_REACHED = "not reached"
COULD_NOT_LOOK = "could not look"
LOOKED_AT_NOTHING = "looked at nothing"
SUITE_BROKE = "the suite broke"
UNJUDGED = "could not be judged"
IN_FLIGHT = "in flight"
LOST = "lost with the worker"
NEVER_RUN = "never run"
INCOMPLETE = "INCOMPLETE"

_NOTHING = frozenset(
    {
        "it looked at nothing",
        "it judged nothing",
        "it returned a value, and asserted nothing by it",
    }
)
_STATUS = {"violated": "failed", "inconclusive": "broken"}
"""How Allure calls what has a cause."""
_RAISED = re.compile(r"\w+ in (?:setup|call|teardown)(?:: |$)")
"""How the reason reads that is made of an exception that nobody foresaw."""


@dataclass(frozen=True, slots=True)
class Category:
    """A group: its name, and the status and the beginning of the message of its results."""

    name: str
    status: str
    begins: str = ""
    """Empty for what no other group of the status takes."""


CATEGORIES = (
    Category("The run is not complete", "broken", INCOMPLETE),
    Category("In flight when the run ended", "broken", IN_FLIGHT),
    Category("Lost with a worker", "broken", LOST),
    Category("Never run", "broken", NEVER_RUN),
    Category("Violated, waived", "failed", WAIVED),
    *(Category(f"Violated: {one}", "failed", f"{CLASS} {one}") for one in FailureClass),
    Category("Violated", "failed"),
    Category("Inconclusive: the vantage could not look", "broken", COULD_NOT_LOOK),
    Category("Inconclusive: not reached, a layer below broke", "broken", NOT_REACHED),
    Category("Inconclusive: it looked at nothing", "broken", LOOKED_AT_NOTHING),
    Category("The suite broke", "broken", SUITE_BROKE),
    Category("Inconclusive: for another reason", "broken"),
    Category("Not applicable", "skipped", NOT_APPLICABLE),
)


def words_for(judged: Judged) -> str:
    """Return the message of a verdict: why it is not upheld, begun so that its group is known."""
    match judged.verdict:
        case "violated" if judged.waiver is not None:
            return f"{WAIVED}: {told_waiver(judged.waiver)}\n{judged.saw or judged.reason}"
        case "violated":
            return _violated(judged)
        case "not-applicable":
            return f"{NOT_APPLICABLE}: {judged.reason}"
        case "inconclusive":
            return _why(judged)
        case _:
            return ""


def _violated(judged: Judged) -> str:
    """Say what contradicts the sentence; its cause, or else its class, first."""
    saw = judged.saw or judged.reason or "the sentence does not hold"
    if judged.diagnoses:
        others = "".join(f" and {one.cause}" for one in judged.diagnoses[1:])
        return f"{CAUSE} {judged.diagnoses[0].cause}{others}: {saw}"
    if judged.failure:
        return f"{CLASS} {judged.failure}: {saw}"
    return f"violated: {saw}" if saw.startswith((WAIVED, CAUSE, CLASS)) else saw


def _why(judged: Judged) -> str:
    """Say why a check could not be judged, the kind of reason first."""
    reason = judged.reason
    if judged.diagnoses:
        return f"{CAUSE} {judged.diagnoses[0].cause}: {reason}"
    if reason.startswith(f"{NOT_REACHED}:"):
        return reason
    if any(one.reason and one.reason == reason for one in judged.sightings):
        return f"{COULD_NOT_LOOK}: {reason}"
    if reason in _NOTHING:
        return f"{LOOKED_AT_NOTHING}: {reason}"
    if _RAISED.match(reason):
        return f"{SUITE_BROKE}: {reason}"
    return f"{UNJUDGED}: {reason}"


def causes_of(verdicts: Iterable[Judged]) -> tuple[tuple[str, str], ...]:
    """Return the causes that verdicts are grouped by, each behind its verdict."""
    named = (one for one in verdicts if one.diagnoses and not one.waived)
    return tuple(sorted({(one.verdict, one.diagnoses[0].cause) for one in named}))


def rules(causes: Iterable[tuple[str, str]] = ()) -> list[dict[str, object]]:
    """Return the groups as `categories.json` takes them, one for each of the causes too.

    Allure's releases differ in how they match: some take the first group that fits, some
    every one, and some want the whole message to fit. Each group fits alone, and whole.
    """
    every = [
        *(
            Category(f"{verdict.capitalize()}: {cause}", _STATUS[verdict], f"{CAUSE} {cause}")
            for verdict, cause in causes
        ),
        *CATEGORIES,
    ]
    return [
        {
            "name": one.name,
            "matchedStatuses": [one.status],
            "messageRegex": rf"^{_among([one.begins])}[\s\S]*"
            if one.begins
            else rf"^(?!{_among(_begun_by_others(one, every))})[\s\S]*",
        }
        for one in every
    ]


def _begun_by_others(rest: Category, every: Sequence[Category]) -> list[str]:
    return [one.begins for one in every if one.status == rest.status and one.begins]


def _among(words: list[str]) -> str:
    return f"(?:{'|'.join(words)})(?::| |$)" if len(words) > 1 else f"{words[0]}(?::| |$)"
