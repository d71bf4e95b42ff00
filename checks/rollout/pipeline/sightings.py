"""Sightings of a lane's pipeline, which nodes share."""

from collections.abc import Iterable, Iterator

from checks.rollout.listed_once import pods_of_runs, warnings_of_runs
from checks.rollout.pipeline import listing, probe
from checks.rollout.pipeline.budget import as_phases
from checks.rollout.pipeline.gathering import Sought
from checks.rollout.pipeline.logs import read_failed_logs
from checks.rollout.pipeline.tools import (
    ToolsStored,
    look_at_told_image,
    look_at_tools,
    none_stored,
)
from checks.rollout.places import cluster_of, once_for_all_lanes, vantage_of
from checks.rollout.source.sightings import target_of
from checks.rollout.told.sightings import told_of
from checks.wire.clusters import LISTING, list_of
from config.clusters import ClusterSpec
from config.lanes import Lane
from config.lanes.pipeline import Pipeline, PipelineTold
from config.model import Absent
from config.schema import Profile
from fixtures.registries import place_of
from fixtures.sightings import Look, Sighting


def run_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the run of the lane's target: a `Run`, or `NoRun`."""
    runs = runs_of(profile, lane)
    if isinstance(lane.pipeline, Absent):
        return lane.pipeline
    if isinstance(runs, Absent):
        return runs
    needs = (target_of(profile, lane), runs)
    return Sighting(probe.pick_run, sought(lane.pipeline), runs.vantage, needs=needs)


def whole_run_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of that run with its TaskRuns, and of what they ran: a `WholeRun`."""
    run, runs = run_of(profile, lane), runs_of(profile, lane)
    tasks = _listed(profile, lane, listing.list_task_runs)
    return _gathered(run, probe.gather_run, (run, runs, tasks))


def pods_of_run_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of that run's pods: `PodsOfRun`."""
    whole, pods = whole_run_of(profile, lane), pods_of_runs(profile, lane)
    return _gathered(whole, probe.gather_pods, (whole, pods))


def held_up_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of what keeps that run from going on: `HeldUp`."""
    whole, pods = whole_run_of(profile, lane), pods_of_run_of(profile, lane)
    warnings = warnings_of_runs(profile, lane)
    return _gathered(whole, probe.see_what_holds_up, (whole, pods, warnings))


def failed_logs_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of what that run's failed builds, and its promotion, wrote last."""
    cluster, whole, pipeline = cluster_of(profile, lane), whole_run_of(profile, lane), lane.pipeline
    for one in (cluster, whole, pipeline):
        if isinstance(one, Absent):
            return one
    if isinstance(cluster, Absent) or isinstance(whole, Absent) or isinstance(pipeline, Absent):
        raise TypeError("what is absent was returned above")
    asked = (pipeline.namespace, (*pipeline.build_tasks, pipeline.promote_task))
    return Sighting(
        read_failed_logs,
        cluster,
        whole.vantage,
        asked,
        needs=(whole,),
        deadline=LISTING,
        takes=LISTING,
    )


def runs_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the PipelineRuns of all lanes of a lane's cluster."""
    return _listed(profile, lane, listing.list_runs)


def volumes_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the PersistentVolumes of a lane's cluster."""
    cluster = cluster_of(profile, lane)
    if isinstance(cluster, Absent):
        return cluster
    return list_of(listing.list_volumes, cluster, vantage_of(profile, cluster.vantage), None)


def tools_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the images that a lane's builds stand on: `ToolsStored`."""
    if isinstance(lane.registry, Absent):
        return lane.registry
    if not lane.registry.tools:
        return Absent(absent="the lane's registry names no tools")
    vantage, place = vantage_of(profile, lane.vantage), place_of(lane.registry)
    return Sighting(look_at_tools, place, vantage, (lane.registry.tools,), deadline=LISTING)


def tools_beside_of(profile: Profile, lane: Lane) -> Sighting | ToolsStored:
    """Return what the registry shows of those images, to be held beside a tool's word of them."""
    tools = tools_of(profile, lane)
    if isinstance(tools, Sighting):
        return tools
    registry = "" if isinstance(lane.registry, Absent) else place_of(lane.registry).name
    return none_stored(registry)


def base_beside_of(profile: Profile, lane: Lane) -> Sighting | ToolsStored:
    """Return what the registry shows of the base image that a tool names, beside its word."""
    told = told_of(profile, lane, "runtime-image")
    if isinstance(told, Absent) or isinstance(lane.registry, Absent):
        return none_stored("")
    field = PipelineTold() if isinstance(lane.pipeline, Absent) else lane.pipeline.told
    vantage, place = vantage_of(profile, lane.vantage), place_of(lane.registry)
    asked = (field.base_image,)
    return Sighting(look_at_told_image, place, vantage, asked, needs=(told,), deadline=LISTING)


def applied_of(profile: Profile, lane: Lane) -> tuple[Sighting, ...] | Absent:
    """Return the sightings of who wrote a lane's Pipeline and what else it names, one a kind."""
    cluster, pipeline = cluster_of(profile, lane), lane.pipeline
    if isinstance(pipeline, Absent):
        return pipeline
    if isinstance(cluster, Absent):
        return cluster
    namespaces = _namespaces(profile, cluster)
    return tuple(
        _of_kind(profile, cluster, listing.list_applied, (namespaces, kind))
        for kind in dict.fromkeys(kinds_of(pipeline))
    )


def identities_of(
    profile: Profile, lane: Lane, kind: str, namespaces: Iterable[str]
) -> Sighting | Absent:
    """Return the sighting of the objects of a kind in namespaces, as they are told apart."""
    cluster = cluster_of(profile, lane)
    if isinstance(cluster, Absent):
        return cluster
    wanted = tuple(sorted(set(namespaces)))
    return _of_kind(profile, cluster, listing.list_identities, (wanted, kind))


def kinds_of(pipeline: Pipeline) -> Iterator[str]:
    """Walk the kinds of objects of which it is judged how they were applied."""
    yield "Pipeline"
    yield from (one.partition("/")[0] for one in pipeline.objects)


def sought(pipeline: Pipeline) -> Sought:
    """Return where a lane's runs are, and what they are known by."""
    return Sought(
        pipeline.namespace,
        pipeline.run_name,
        pipeline.commit_param,
        as_phases({name: tuple(tasks) for name, tasks in pipeline.phases.items()}),
    )


def _gathered(
    first: Sighting | Absent, look: Look, needs: tuple[Sighting | Absent, ...]
) -> Sighting | Absent:
    """Return the sighting of what is put together of others; what is absent of them is told."""
    made = []
    for one in needs:
        if isinstance(one, Absent):
            return one
        made.append(one)
    if isinstance(first, Absent):
        return first
    return Sighting(look, first.target, first.vantage, needs=tuple(made))


def _listed(profile: Profile, lane: Lane, look: Look) -> Sighting | Absent:
    cluster = cluster_of(profile, lane)
    if isinstance(lane.pipeline, Absent):
        return lane.pipeline
    if isinstance(cluster, Absent):
        return cluster
    return _list(profile, cluster, look)


@once_for_all_lanes
def _list(profile: Profile, cluster: ClusterSpec, look: Look) -> Sighting:
    vantage = vantage_of(profile, cluster.vantage)
    parts = None
    if look is listing.list_runs:
        own = _pipelines(profile, cluster)
        parts = listing.Parts(results=any(not isinstance(one.benchmark, Absent) for one in own))
    return list_of(look, cluster, vantage, _namespaces(profile, cluster), parts)


@once_for_all_lanes
def _of_kind(
    profile: Profile, cluster: ClusterSpec, look: Look, arguments: tuple[tuple[str, ...], str]
) -> Sighting:
    vantage = vantage_of(profile, cluster.vantage)
    return Sighting(look, cluster, vantage, arguments, deadline=LISTING)


@once_for_all_lanes
def _namespaces(profile: Profile, cluster: ClusterSpec) -> tuple[str, ...]:
    """Return the namespaces in which the lanes of a cluster have their runs."""
    return tuple(sorted({one.namespace for one in _pipelines(profile, cluster)}))


def _pipelines(profile: Profile, cluster: ClusterSpec) -> Iterator[Pipeline]:
    lanes = () if isinstance(profile.lanes, Absent) else profile.lanes or ()
    for one in lanes:
        if one.cluster == cluster.name and not isinstance(one.pipeline, Absent):
            yield one.pipeline
