"""What a lane's pipeline offers its checks."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from checks.rollout.catalog.scanned import NoInputs
from checks.rollout.catalog.sightings import inputs_of
from checks.rollout.pipeline import sightings
from checks.rollout.source.sightings import target_of
from config.lanes import Lane
from config.lanes.pipeline import Pipeline
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Baseline, Sighting

_BETWEEN = Absent(
    absent="the profile does not say that this was done between the baseline and this run:"
    " `since_baseline` of the pipeline"
)
_EARLIER = ("Job", "Pod", "Secret")
_WORKLOADS = ("Deployment", "StatefulSet")


def offer(profile: Profile, lane: Lane, _: str) -> Mapping[str, Any]:
    """Offer what is expected of a lane's pipeline, and the sightings of its run."""
    return {
        **dict(_expected(lane)),
        "pipeline_target": target_of(profile, lane),
        "pipeline_run": sightings.run_of(profile, lane),
        "pipeline_runs": sightings.runs_of(profile, lane),
        "whole_run": sightings.whole_run_of(profile, lane),
        "pods_of_run": sightings.pods_of_run_of(profile, lane),
        "failed_logs": sightings.failed_logs_of(profile, lane),
        "held_up": sightings.held_up_of(profile, lane),
        "pipeline_volumes": sightings.volumes_of(profile, lane),
        "pipeline_applied": sightings.applied_of(profile, lane),
        "env_inputs": _inputs(profile, lane),
        "tools_stored": sightings.tools_of(profile, lane),
        "tools_beside": sightings.tools_beside_of(profile, lane),
        "base_beside": sightings.base_beside_of(profile, lane),
        "pipeline_mirror": lane.mirror,
        "pipeline_registry": lane.registry,
        **_between(profile, lane),
    }


def _expected(lane: Lane) -> Iterator[tuple[str, Any]]:
    """Walk what the profile says of the pipeline; of what it leaves out, the reason."""
    pipeline = lane.pipeline
    yield "pipeline", pipeline
    yield "pipeline_plan", pipeline
    for argument, field in (
        ("pipeline_network", "network"),
        ("env_reuse", "reuse"),
        ("service_plan", "plan"),
        ("benchmark", "benchmark"),
    ):
        yield argument, _of(pipeline, field)
    for field in (
        "no_proxy",
        "endpoints",
        "required_tasks",
        "required_commands",
        "forbidden",
        "forbidden_gates",
    ):
        yield f"pipeline_{field}", _some(_of(pipeline, field), field)
    yield "benchmark_stages", _some(_of(_of(pipeline, "benchmark"), "stages"), "stages")
    yield "latest_only", _if_latest_only(pipeline)
    yield "pipeline_retired", _if_retired(pipeline)


def _inputs(profile: Profile, lane: Lane) -> Sighting | NoInputs:
    """Offer what changed of the environments' inputs; where nobody knows, every build is judged."""
    changed = inputs_of(profile, lane)
    if isinstance(changed, Sighting):
        return changed
    return NoInputs(why=changed.absent, at=datetime.fromtimestamp(0, UTC))


def _of(part: Any, field: str) -> Any:
    return part if isinstance(part, Absent) else getattr(part, field)


def _some(named: tuple[str, ...] | Absent, field: str) -> tuple[str, ...] | Absent:
    return named or Absent(absent=f"the lane's pipeline names no {field}")


def _if_latest_only(pipeline: Pipeline | Absent) -> Pipeline | Absent:
    if isinstance(pipeline, Absent) or pipeline.latest_only:
        return pipeline
    return Absent(absent="the lane carries every commit through: latest_only is false")


def _if_retired(pipeline: Pipeline | Absent) -> Pipeline | Absent:
    if isinstance(pipeline, Absent) or pipeline.retired_tasks or pipeline.retired_commands:
        return pipeline
    return Absent(absent="the lane's pipeline names no retired_tasks and no retired_commands")


def _between(profile: Profile, lane: Lane) -> dict[str, Any]:
    """Offer two moments: what there was at the baseline, and what there is now."""
    runs = sightings.runs_of(profile, lane)
    cleaned, applied = (_done(lane, one) for one in ("cleanup-runs", "control-plane-apply"))
    offered: dict[str, Any] = {
        "cleaned": cleaned,
        "applied_since": applied,
        "pipeline_runs_before": _before(runs),
    }
    runtime, pipeline = lane.runtime, lane.pipeline
    own = () if isinstance(runtime, Absent) else (runtime.namespace,)
    more = () if isinstance(pipeline, Absent) else pipeline.bystanders
    for kind in _EARLIER:
        now = cleaned if isinstance(cleaned, Absent) else _now(profile, lane, kind, own)
        offered[f"cleanup_{kind.lower()}s"] = now
        offered[f"cleanup_{kind.lower()}s_before"] = _before(now)
    for kind in _WORKLOADS:
        now = applied if isinstance(applied, Absent) else _now(profile, lane, kind, (*own, *more))
        name = "apply_deployments" if kind == "Deployment" else "apply_stateful_sets"
        offered[name], offered[f"{name}_before"] = now, _before(now)
    return offered


def _done(lane: Lane, what: str) -> Pipeline | Absent:
    if isinstance(lane.pipeline, Absent) or lane.pipeline.since_baseline == what:
        return lane.pipeline
    return _BETWEEN


def _now(profile: Profile, lane: Lane, kind: str, namespaces: tuple[str, ...]) -> Sighting | Absent:
    if not namespaces:
        return Absent(absent="the lane has no runtime, and names no bystanders")
    return sightings.identities_of(profile, lane, kind, namespaces)


def _before(now: Sighting | Absent) -> Baseline | Absent:
    return now if isinstance(now, Absent) else Baseline(now)
