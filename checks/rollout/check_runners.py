"""Runner Jobs are made as the lane declares: their environment, their session, their commit."""

from checks.rollout.chain.seen import Chain
from checks.rollout.chain.waiting import ensure_not_on_its_way
from checks.rollout.failures import Failure
from checks.rollout.runtime.objects import Deployment, Job, ReplicaSet
from checks.rollout.runtime.pods import current_set
from checks.rollout.runtime.runners import (
    differing,
    environment_of,
    keeps_session,
    runners_in,
)
from checks.rollout.runtime.seen import DeploymentsSeen, JobsSeen, ReplicaSetsSeen
from checks.rollout.runtime.seen_beside import ClaimsSeen
from checks.rollout.source.seen import Target
from checks.rollout.told.fields import MISSING, Truth, dig, items_at, truth_at
from checks.rollout.told.seen import Told
from config.lanes import Lane
from config.lanes.runtime import Runner, Runtime
from config.model import Absent
from reports.verdicts import Inconclusive, NotApplicable, Remark, expected, fails_as


@fails_as(Failure.RUNNER_PROXY_DRIFT)
def check_manager_has_the_declared_environment(
    live_deployments: DeploymentsSeen, runner: Runner, runtime: Runtime, lane: Lane
) -> None:
    if not runner.env:
        raise NotApplicable("the lane declares no variables of its runners")
    manager = _manager(live_deployments, runner, runtime)
    env = {name: value for one in manager.template.containers for name, value in one.env}
    saw = differing(env, runner.env, f"Deployment {runner.manager}")
    mend = lane.next_for(Failure.RUNNER_PROXY_DRIFT, "runtime")
    assert not saw, expected("the declared variables of runners", saw=saw, mend=mend)


def _manager(seen: DeploymentsSeen, runner: Runner, runtime: Runtime) -> Deployment:
    found = seen.named(runtime.namespace, runner.manager)
    if found is None:
        raise Inconclusive(
            f"{runtime.namespace} has no Deployment {runner.manager}",
            held_by=("check_workloads_are_rolled_out",),
        )
    return found


@fails_as(Failure.RUNNER_PROXY_DRIFT)
def check_newest_runner_has_the_declared_environment(
    live_jobs: JobsSeen, runner: Runner, runtime: Runtime, lane: Lane, remark: Remark
) -> None:
    if not runner.env:
        raise NotApplicable("the lane declares no variables of its runners")
    newest, *older = _runners(live_jobs, runner, runtime)
    saw = differing(environment_of(newest), runner.env, f"Job {newest.meta.name}")
    mend = lane.next_for(Failure.RUNNER_PROXY_DRIFT, "runtime")
    assert not saw, expected("the declared variables of runners", saw=saw, mend=mend)
    odd = [one for one in older if differing(environment_of(one), runner.env, "")]
    if odd:
        names = ", ".join(one.meta.name for one in odd[:5])
        remark(f"older Jobs have other variables: {names}")


def _runners(live_jobs: JobsSeen, runner: Runner, runtime: Runtime) -> tuple[Job, ...]:
    found = runners_in(live_jobs.inside(runtime.namespace), runner.selector)
    if not found:
        raise Inconclusive(
            f"{runtime.namespace} has no Job with {runner.selector}",
            "let the manager make one: create, apply, send",
        )
    return found


@fails_as(Failure.MANAGER_SOURCE_MISMATCH)
def check_newest_runner_is_of_the_target_commit(
    *,
    live_jobs: JobsSeen,
    live_deployments: DeploymentsSeen,
    live_replica_sets: ReplicaSetsSeen,
    target: Target,
    chain: Chain,
    runner: Runner,
    runtime: Runtime,
    lane: Lane,
    remark: Remark,
) -> None:
    if runner.commit_env is None:
        raise NotApplicable("the lane names no variable of its runners' commit (commit_env)")
    newest = _runners(live_jobs, runner, runtime)[0]
    have = environment_of(newest).get(runner.commit_env)
    mend = lane.next_for(Failure.MANAGER_SOURCE_MISMATCH, "runtime")
    told = f"Job {newest.meta.name}: {runner.commit_env} is {have or 'not set'}"
    same = have == target.commit
    if not same and have == target.tip and target.ancestry == "contained":
        remark(f"superseded: {told}, the tip, whose history has {target.commit}")
        return
    if not same:
        ensure_not_on_its_way(chain, "runtime", told)
        manager = _manager(live_deployments, runner, runtime)
        _ensure_made_since(newest, manager, live_replica_sets.inside(runtime.namespace), told)
    assert same, expected(f"the commit {target.commit}", saw=told, mend=mend)


def _ensure_made_since(
    newest: Job, manager: Deployment, sets: tuple[ReplicaSet, ...], told: str
) -> None:
    """Raise `Inconclusive` for a runner that was made before its manager was rolled out."""
    current = current_set(manager, sets)
    since = current.meta.created if current else None
    if since is not None and newest.meta.created is not None and newest.meta.created < since:
        raise Inconclusive(
            f"{told}; no runner was made since {manager.meta.name} was rolled out, at {since}",
            "let the manager make one: create, apply, send",
        )


@fails_as(Failure.REUSE_BLOCKED)
def check_newest_runner_keeps_its_session(
    *, live_jobs: JobsSeen, live_claims: ClaimsSeen, runner: Runner, runtime: Runtime, lane: Lane
) -> None:
    if isinstance(runner.sessions, Absent):
        raise NotApplicable(runner.sessions.absent)
    newest = _runners(live_jobs, runner, runtime)[0]
    claims = {one.meta.name for one in live_claims.inside(runtime.namespace)}
    mend = lane.next_for(Failure.REUSE_BLOCKED, "runtime")
    what = f"the claim {runner.sessions}, and a mount of it in the newest runner"
    assert runner.sessions in claims, expected(what, "there is no such claim", mend=mend)
    kept = keeps_session(newest, runner.sessions)
    told = f"Job {newest.meta.name} has the claims {', '.join(newest.template.claims) or 'none'}"
    assert kept, expected(what, saw=told, mend=mend)


@fails_as(Failure.ACTIVE_RUNNER_SELECTED)
def check_cleanup_selects_no_active_runner(
    *,
    told_cleanup_runners: Told,
    live_jobs: JobsSeen,
    runner: Runner,
    runtime: Runtime,
    lane: Lane,
    remark: Remark,
) -> None:
    told = told_cleanup_runners
    chosen = items_at(told, "selected")
    if chosen is MISSING or not isinstance(chosen, list):
        raise Inconclusive(f"{told.worded}: `selected` is {chosen}", "look at what it writes")
    names = {_name_of(one) for one in chosen}
    jobs = runners_in(live_jobs.inside(runtime.namespace), runner.selector)
    active = {one.meta.name for one in jobs if one.active}
    saw = [f"Job {name} is active, and selected {told.worded}" for name in sorted(names & active)]
    risk = dig(told, "activeRunRisk")
    if risk not in (MISSING, None, False, "none", "low", [], 0):
        saw.append(f"activeRunRisk is {risk} {told.worded}")
    force = truth_at(told, "criteria.forceActive")
    if isinstance(force, Truth) and force.holds:
        remark(f"warning: criteria.forceActive is true {told.worded}: that has to be deliberate")
    mend = lane.next_for(Failure.ACTIVE_RUNNER_SELECTED, "runtime")
    assert not saw, expected("a selection without active runners", saw=saw, mend=mend)
    if names and active and not names & {one.meta.name for one in jobs}:
        raise Inconclusive(
            f"{told.worded}, {len(names)} are selected, and none is called as a Job of the cluster:"
            f" whether they are of the {len(active)} that are active cannot be told",
            "look at the names that it writes",
        )
    remark(f"{len(names)} selected {told.worded}; {len(active)} Jobs are active in the cluster")


def _name_of(chosen: object) -> str:
    """Return the name of what was selected: a text, or an object with a name."""
    if isinstance(chosen, dict):
        return str(next((chosen[key] for key in ("jobName", "name", "job") if key in chosen), ""))
    return str(chosen)
