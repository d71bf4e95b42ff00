"""The link that what runs is: rolled out, of the target commit, with the published images.

It counts most: what is green before it covers nothing that is red here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from checks.rollout.catalog.identity import Sameness
from checks.rollout.catalog.seen import Catalog, NoCatalog
from checks.rollout.failures import Failure
from checks.rollout.links import Link, State
from checks.rollout.runtime.images import LiveImagesShown
from checks.rollout.runtime.objects import Deployment
from checks.rollout.runtime.picking import Paired, WorkloadsSeen, commit_of, found
from checks.rollout.runtime.pods import pods_of, stuck_in, why_not_ready
from checks.rollout.runtime.rollout_status import (
    is_of_an_earlier_rollout,
    is_scaled_to_none,
    proved_rollout,
    replicas_of,
)
from checks.rollout.runtime.running import running_of
from checks.rollout.runtime.seen import PodsSeen, ReplicaSetsSeen, SettledDeployments
from checks.rollout.runtime.settled import a_moment_later
from checks.rollout.source.seen import NoTarget, Target
from config.lanes import Lane
from config.lanes.runtime import Runtime
from config.model import Absent

NODE = "runtime"
_WORST = (State.BROKEN, State.PENDING, State.UNKNOWN, State.SUPERSEDED, State.AGREES)


@dataclass(frozen=True, slots=True)
class _Stands:
    state: State
    observed: str
    why: str = ""
    failure: Failure | None = None
    late: bool = False
    """Whether it is broken only because it is not at the target."""


@dataclass(frozen=True, slots=True)
class _Live:
    """What was seen of what runs, and of what it is to be; None where it was not looked at."""

    runtime: Runtime
    sets: ReplicaSetsSeen | None
    pods: PodsSeen | None
    images: LiveImagesShown | None
    catalog: Catalog | None
    target: Target | NoTarget | None


ASKS = (
    "live_workloads",
    "live_replica_sets",
    "live_pods",
    "live_images",
    "catalog",
    "target",
    "settled_deployments",
)
"""By which names a lane's case offers what `link` takes, in order."""


def link(  # noqa: PLR0917 - what the chain asks for, in its order
    lane: Lane,
    workloads: WorkloadsSeen | Sequence[WorkloadsSeen] | None,
    sets: ReplicaSetsSeen | None,
    pods: PodsSeen | None,
    images: LiveImagesShown | None,
    catalog: Catalog | NoCatalog | None,
    target: Target | NoTarget | None,
    settled: Sequence[SettledDeployments] = (),
) -> Link:
    """Return how what runs stands to the target and to the catalog: its worst workload decides.

    Each observation is None where the lane does not have it, or it was not looked at.
    """
    if isinstance(lane.runtime, Absent):
        return Link(NODE, State.ABSENT, "", "", lane.runtime.absent)
    expected = f"pods of {target.commit}" if isinstance(target, Target) else "pods of the target"
    listed = workloads if isinstance(workloads, Sequence) else [workloads] if workloads else []
    if not listed:
        return Link(NODE, State.UNKNOWN, expected, "", "its workloads were not looked at")
    there, missing = found(lane.runtime, listed)
    every = [
        _Stands(State.BROKEN, "none", f"{one.kind} {one.name} is not there", _NOT_READY, late=True)
        for one in missing
    ]
    known = catalog if isinstance(catalog, Catalog) else None
    live = _Live(lane.runtime, sets, pods, images, known, target)
    every += [_of(pair, live) for pair in there]
    every += _untied(there)
    every += _momentary(there, settled, lane.runtime.namespace)
    worst = min(every, key=_how_bad)
    return Link(
        NODE,
        worst.state,
        expected,
        worst.observed,
        worst.why,
        failure=str(worst.failure or ""),
        evidence=f"namespace {lane.runtime.namespace}",
        mend=lane.next_for(str(worst.failure), NODE) if worst.failure else "",
        at=listed[0].listing.at,
        late=worst.late,
    )


_NOT_READY = Failure.RUNTIME_NOT_READY


def _how_bad(one: _Stands) -> tuple[int, bool]:
    """Put the worst first: what is only late is better than what is ill."""
    return _WORST.index(one.state), one.late


def _untied(there: Sequence[Paired]) -> list[_Stands]:
    """Say where nothing ties what runs to the target: that something runs proves nothing of it."""
    if not there or any(one.expected.service or one.expected.commit_env for one in there):
        return []
    why = "no workload names its service of the catalog, or the variable of its commit"
    return [_Stands(State.UNKNOWN, f"{there[0]}", why)]


def _momentary(
    there: Sequence[Paired], settled: Sequence[SettledDeployments], namespace: str
) -> list[_Stands]:
    """Say what was rolled out only when it was seen first."""
    failed, momentary = a_moment_later(there, settled, namespace)
    found = [_Stands(State.BROKEN, namespace, one, _NOT_READY) for one in failed]
    return found + [_Stands(State.PENDING, namespace, one) for one in momentary]


def _of(pair: Paired, live: _Live) -> _Stands:
    """Judge a workload: how far it is, what its pods run, and of which commit they are."""
    stands = (
        _rolled_out(pair),
        _images(pair, live),
        _commit(pair, live.target),
    )
    return min(stands, key=_how_bad)


def _rolled_out(pair: Paired) -> _Stands:
    rollout, declared = proved_rollout(pair.live), pair.expected.replicas
    have = replicas_of(pair.live)
    observed = f"{pair}: {rollout.why}"
    if have != declared if declared is not None else is_scaled_to_none(pair.live):
        why = f"{pair} has {have} replicas"
        return _Stands(State.BROKEN, observed, why, _NOT_READY)
    if rollout.state == "failed":
        if "strategy" in rollout.why or _is_of_an_earlier_one(pair):
            return _Stands(State.PENDING, observed, rollout.why)
        return _Stands(State.BROKEN, observed, rollout.why, _NOT_READY)
    if rollout.state == "waiting":
        return _Stands(State.PENDING, observed, rollout.why)
    return _Stands(State.AGREES, observed)


def _is_of_an_earlier_one(pair: Paired) -> bool:
    return isinstance(pair.live, Deployment) and is_of_an_earlier_rollout(pair.live)


def _images(pair: Paired, live: _Live) -> _Stands:
    if pair.expected.service is None:
        return _Stands(State.AGREES, f"{pair}")
    if live.sets is None or live.pods is None or live.images is None or live.catalog is None:
        return _Stands(State.UNKNOWN, f"{pair}", "its images were not compared with the catalog's")
    here = live.runtime.namespace
    own = pods_of(pair.live, live.sets.inside(here), live.pods.inside(here))
    broken = [why_not_ready(pod) for pod in own.current if stuck_in(pod)]
    if broken:
        return _Stands(State.BROKEN, f"{pair}", broken[0], _NOT_READY)
    running = running_of(pair, own, live.catalog, live.images.shown)
    if running is None or not running.current:
        why = f"the catalog has no image of {pair.expected.service}, or no pod runs it"
        return _Stands(State.UNKNOWN, f"{pair}", why)
    for sameness, state in ((Sameness.MISMATCH, State.BROKEN),
                            (Sameness.INCONCLUSIVE, State.UNKNOWN)):  # fmt: skip
        odd = [one for one in running.current if one.identity.sameness is sameness]
        if odd:
            is_broken = state is State.BROKEN
            failure = Failure.RUNTIME_DIGEST_MISMATCH if is_broken else None
            return _Stands(state, odd[0].image, str(odd[0]), failure, late=is_broken)
    return _Stands(State.AGREES, running.current[0].image)


def _commit(pair: Paired, target: Target | NoTarget | None) -> _Stands:
    if pair.expected.commit_env is None:
        return _Stands(State.AGREES, f"{pair}")
    name, value = commit_of(pair)
    observed = f"{pair}: {name}={value or 'not set'}"
    if not isinstance(target, Target):
        return _Stands(State.UNKNOWN, observed, "there is no target to compare it with")
    if value == target.commit:
        return _Stands(State.AGREES, observed)
    if value == target.tip and target.ancestry == "contained":
        return _Stands(State.SUPERSEDED, observed, f"the tip {value} runs, which contains it")
    why = f"{name} is {value or 'not set'}"
    return _Stands(State.BROKEN, observed, why, Failure.BOOT_COMMIT_MISMATCH, late=True)
