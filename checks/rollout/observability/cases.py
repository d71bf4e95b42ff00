"""What a lane's metrics offer to its checks."""

from collections.abc import Iterator, Mapping
from typing import Any

from checks.rollout.observability.sightings import answer_of, targets_of
from checks.rollout.source.sightings import target_of
from checks.rollout.told.sightings import told_by
from config.lanes import Lane
from config.lanes.observability import Observability
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Case, Sighting


def offer(profile: Profile, lane: Lane, _vantage: str) -> Mapping[str, Any]:
    """Offer the scrape targets; where the lane has no queries or no metrics, why."""
    asked = ("observability_query", "observability_answer")
    told = lane.observability
    if isinstance(told, Absent):
        beside = ("observability", "observability_targets", "observability_own")
        return dict.fromkeys((*asked, *beside), told)
    targets = targets_of(profile, lane, told)
    offered: dict[str, Any] = {
        "observability": told,
        "observability_targets": targets,
        "observability_own": _own(profile, lane, told, targets),
    }
    if isinstance(told.queries, Absent):
        offered |= dict.fromkeys(asked, told.queries)
    return offered


def _own(
    profile: Profile, lane: Lane, told: Observability, targets: Sighting | Absent
) -> tuple[Sighting, ...] | Absent:
    """Return what is looked at beside the tool's word: queries in order, and the targets."""
    queries = () if isinstance(told.queries, Absent) else told.queries
    target = target_of(profile, lane)
    own = [answer_of(profile, lane, told, query, target) for query in queries]
    if isinstance(targets, Sighting):
        own.append(targets)
    return tuple(own) or Absent(absent="the tool's word alone is no ground: there is no query")


def cases(profile: Profile, lane: Lane) -> Iterator[Case]:
    """Make a case of each query, and of each further command: one leaves the others judged.

    The first command that tells of it is offered with the lane as a whole.
    """
    told = lane.observability
    if isinstance(told, Absent):
        return
    own = _own(profile, lane, told, targets_of(profile, lane, told))
    commands = () if isinstance(lane.told, Absent) else lane.told
    for command in [one for one in commands if one.tells == "observability"][1:]:
        word = told_by(profile, lane, command)
        of_it = {"told_observability": word, "observability": told, "observability_own": own}
        yield Case(f"{lane.name}:{command.name}", word.vantage, {"lane": lane, **of_it})
    if isinstance(told.queries, Absent):
        return
    for query in told.queries:
        answer = answer_of(profile, lane, told, query, target_of(profile, lane))
        arguments = {
            "lane": lane,
            "observability_query": query,
            "observability_answer": answer,
        }
        yield Case(f"{lane.name}:{query.name}", answer.vantage, arguments)
