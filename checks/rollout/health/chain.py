"""The link that a lane's health is: what runs says itself that it is well, and what it is."""

from collections.abc import Sequence

from checks.rollout.failures import Failure
from checks.rollout.health import rules
from checks.rollout.health.asking import asked_of, url_of
from checks.rollout.health.seen import HealthSeen
from checks.rollout.links import Link, State
from checks.rollout.source.seen import NoTarget, Target
from config.lanes import Lane
from config.lanes.health import Health
from config.model import Absent

NODE = "health"
_WORST = (State.BROKEN, State.PENDING, State.UNKNOWN, State.SUPERSEDED, State.AGREES, State.ABSENT)


def link(lane: Lane, healths: Sequence[HealthSeen], target: Target | NoTarget | None) -> Link:
    """Return how what the endpoints said stands to the target; None where it is not known.

    An endpoint that is not well breaks it. One that was not asked leaves it unknown.
    """
    if isinstance(lane.health, Absent):
        return Link(NODE, State.ABSENT, "", "", lane.health.absent)
    links = [_of_endpoint(lane, health, healths, target) for health in lane.health]
    return min(links, key=_how_bad)


def _of_endpoint(
    lane: Lane, health: Health, every: Sequence[HealthSeen], target: Target | NoTarget | None
) -> Link:
    asked = [one for one in every if one.url == url_of(asked_of(health))]
    if not asked:
        why = f"{health.url} was not asked"
        return Link(NODE, State.UNKNOWN, _expected(health, target), "", why, evidence=health.url)
    links = [_judged(lane, health, seen, target) for seen in asked]
    return min(links, key=_how_bad)


def _how_bad(one: Link) -> tuple[int, bool]:
    """Put the worst first: what is only late is better than what is ill."""
    return _WORST.index(one.state), one.late


def _judged(lane: Lane, health: Health, seen: HealthSeen, target: Target | NoTarget | None) -> Link:
    failure = Failure.PUBLIC_PROBE_FAILED if health.formal else Failure.HEALTH_FAILED
    wrong, identity = rules.not_well(health, seen), rules.Identity((), ())
    if not wrong and health.formal and (other := rules.inadmissible(health, seen.url)):
        wrong, failure = other, Failure.INADMISSIBLE_PROBE_URL
    unknown = rules.needs_commit(health) and not isinstance(target, Target)
    is_well = not wrong
    if not wrong and not unknown:
        identity = rules.identified(health, seen, target)
        wrong = list(identity.other)
    state, why = State.AGREES, ""
    if identity.superseded:
        state, why = State.SUPERSEDED, "; ".join(identity.superseded)
    if wrong:
        state, why = State.BROKEN, "; ".join(wrong)
    elif unknown:
        state, why = State.UNKNOWN, "there is no target to compare its answer with"
    return Link(
        NODE,
        state,
        _expected(health, target),
        _observed(seen),
        why,
        failure=str(failure) if wrong else "",
        evidence=seen.url,
        mend=lane.next_for(str(failure), NODE) if wrong else "",
        at=seen.at,
        late=bool(wrong) and is_well and rules.is_of_another(health, seen, target),
    )


def _expected(health: Health, target: Target | NoTarget | None) -> str:
    status = f"{health.status[0]} to {health.status[1]}"
    if not health.identity or not isinstance(target, Target):
        return status
    fields = sorted(health.identity.items())
    told = (f"{path}={rules.filled(one, target.commit)}" for path, one in fields)
    return f"{status}, {', '.join(told)}"


def _observed(seen: HealthSeen) -> str:
    answers = [str(one.status) for one in seen.answers] or [one.headline for one in seen.outcomes]
    told = [f"{path}={value}" for one in seen.told for path, value in one.fields]
    return ", ".join(dict.fromkeys([*answers, *told]))
