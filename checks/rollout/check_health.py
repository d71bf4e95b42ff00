"""A lane's services say that they are well, at the endpoints that count."""

from checks.rollout.chain.seen import Chain
from checks.rollout.chain.waiting import ensure_not_on_its_way
from checks.rollout.failures import Failure
from checks.rollout.health import rules
from checks.rollout.health.seen import HealthSeen
from checks.rollout.source.seen import NoTarget, Target
from config.lanes import Lane
from config.lanes.health import Health
from reports.verdicts import Inconclusive, NotApplicable, Remark, expected, fails_as

_NODE = "health"
_WELL = "check_health_endpoint_is_well"


@fails_as(Failure.HEALTH_FAILED, diagnosed=True)
def check_health_endpoint_is_well(
    lane: Lane, health: Health, health_seen: HealthSeen, remark: Remark
) -> None:
    failure = Failure.PUBLIC_PROBE_FAILED if health.formal else Failure.HEALTH_FAILED
    wrong = rules.not_well(health, health_seen)
    what = f"{health.url} to answer {health.status[0]} to {health.status[1]}, at every address"
    assert not wrong, expected(what, wrong, failure, mend=lane.next_for(str(failure), _NODE))
    if health.formal and health_seen.source == "hosts-file":
        remark("warning: the hosts file gave its addresses: DNS was not asked")


@fails_as(Failure.HEALTH_FAILED)
def check_health_endpoint_tells_the_target(
    *,
    lane: Lane,
    health: Health,
    health_seen: HealthSeen,
    health_target: Target | NoTarget,
    health_chain: Chain,
    remark: Remark,
) -> None:
    if not health.is_identified:
        raise NotApplicable(f"the profile names no field of the answer of {health.name}")
    if not health_seen.told:
        reason = f"not reached: {health_seen.headline}"
        raise Inconclusive(reason, f"look at {_WELL} first", held_by=(_WELL,))
    if rules.needs_commit(health) and isinstance(health_target, NoTarget):
        raise Inconclusive(health_target.headline, "look at the lane's source first")
    found = rules.identified(health, health_seen, health_target)
    failure = Failure.PUBLIC_PROBE_FAILED if health.formal else Failure.HEALTH_FAILED
    if rules.is_of_another(health, health_seen, health_target):
        ensure_not_on_its_way(health_chain, "health", "; ".join(found.other))
    assert not found.other, expected(
        f"the answer of {health.url} to tell what it should be",
        found.other,
        failure,
        mend=lane.next_for(str(failure), _NODE),
    )
    for line in found.superseded:
        remark(f"superseded: {line}")


@fails_as(Failure.INADMISSIBLE_PROBE_URL)
def check_public_health_is_asked_at_the_formal_url(
    lane: Lane, health: Health, health_seen: HealthSeen
) -> None:
    if health.formal is None:
        raise NotApplicable(f"{health.name} is no public endpoint of the lane")
    why = rules.inadmissible(health, health_seen.url)
    mend = lane.next_for(str(Failure.INADMISSIBLE_PROBE_URL), _NODE)
    assert not why, expected(f"a probe of {health.formal}", why, mend=mend)
