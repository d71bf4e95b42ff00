"""Putting together what a closeout states of a lane; nothing is looked at here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from checks.rollout.chain.linking import Told
from checks.rollout.chain.probe import last_of, told_of
from checks.rollout.closeout.facts import facts_of
from checks.rollout.closeout.seen import Fact, Facts, OverBudget
from checks.rollout.pipeline.seen import Run
from checks.rollout.pipeline.telling import trigger_time
from checks.rollout.source.seen import Target
from checks.rollout.told.seen import Told as Word
from config.lanes import Lane
from config.model import Absent
from fixtures.outcomes import Unreached, Unseen
from fixtures.sightings import EXPECTED, derived
from fixtures.vantages import Vantage
from reports.verdicts import Inconclusive


@dataclass(frozen=True, slots=True)
class FactsOf:
    """A lane, as what each of the needed observations was asked for, and what it does not have."""

    name: str
    asked: tuple[str, ...]
    lane: Lane = field(metadata=EXPECTED)
    absent: Mapping[str, Absent] = field(metadata=EXPECTED)

    def __str__(self) -> str:
        return self.name


@derived
async def gather_facts(of: FactsOf, _vantage: Vantage, *seen: object, deadline: float) -> Facts:
    """State the facts of a lane's rollout, each of what was seen of its own source."""
    del deadline
    told = told_of(of.asked, seen)
    target = told.get("target")
    facts = tuple(facts_of(of.lane, told, of.absent))
    return Facts(
        lane=of.name,
        called=of.lane.lane,
        facts=facts,
        superseded=isinstance(target, Target) and target.commit != target.tip,
        over=_over(of.lane, told, facts),
        unread=_unread(told),
        at=last_of(seen),
    )


def _over(lane: Lane, told: Told, facts: tuple[Fact, ...]) -> OverBudget | None:
    """Return by how much the rollout took too long; None where it did not, or is not over."""
    if isinstance(lane.pipeline, Absent):
        return None
    run, word = told.get("pipeline_run"), told.get("told_trigger")
    waited = elapsed = None
    if isinstance(run, Run) and run.completed is not None:
        waited = (run.completed - run.created).total_seconds()
    if isinstance(word, Word):
        elapsed = _elapsed(lane, word)
    budget = lane.pipeline.budget
    if max(waited or 0.0, elapsed or 0.0) <= budget:
        return None
    mirror = next((fact for fact in facts if fact.name == "mirror-status"), None)
    return OverBudget(
        budget=budget,
        waited=waited,
        elapsed=elapsed,
        mirror=(mirror.value or mirror.why) if mirror else "",
    )


def _elapsed(lane: Lane, word: Word) -> float | None:
    if isinstance(lane.pipeline, Absent):
        return None
    try:
        return trigger_time(word, lane.pipeline.told).elapsed
    except Inconclusive:
        return None


def _unread(told: Told) -> tuple[str, ...]:
    """Name the sources that could not be read, each reason once."""
    lost: dict[str, None] = {}
    for name, seen in told.items():
        for one in seen if isinstance(seen, tuple) else (seen,):
            match one:
                case Unseen(reason):
                    lost[f"{name}: {reason}"] = None
                case Unreached(_, refusals):
                    saw = "; ".join(refusal.headline for refusal in refusals)
                    lost[f"{name}: not reached: {saw}"] = None
    return tuple(lost)
