"""Tekton's objects, from JSON to what is kept of them; v1, and v1beta1's place of pod templates."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from checks.rollout.pipeline.objects import (
    Child,
    Condition,
    Network,
    PipelineRun,
    Skipped,
    StepEnd,
    TaskRun,
)
from checks.rollout.pipeline.specs import Kept, envs_of, values_of
from reports.likely import hidden

Object = Mapping[str, Any]
RUN_LABEL, _TASK = "tekton.dev/pipelineRun", "tekton.dev/pipelineTask"
_NOTHING: Object = {}


def project_run(item: Object, kept: Kept, *, results: bool = True) -> PipelineRun:
    """Keep what is judged of a PipelineRun; raises `KeyError` and its like for another shape."""
    metadata, spec, status = item["metadata"], item["spec"], item.get("status") or _NOTHING
    template = spec.get("taskRunTemplate") or spec
    return PipelineRun(
        name=metadata["name"],
        namespace=metadata["namespace"],
        uid=metadata["uid"],
        pipeline=(spec.get("pipelineRef") or _NOTHING).get("name") or "",
        service_account=template.get("serviceAccountName") or "",
        network=_network(template.get("podTemplate")),
        params=values_of(spec.get("params")),
        ordered=spec.get("status") or "",
        ordered_by=_who_ordered(metadata) if spec.get("status") else "",
        condition=_succeeded(status),
        created=moment(metadata["creationTimestamp"]),
        started=_moment(status.get("startTime")),
        completed=_moment(status.get("completionTime")),
        deleting="deletionTimestamp" in metadata,
        children=tuple(
            Child(kind=one["kind"], name=one["name"], task=one.get("pipelineTaskName") or "")
            for one in status.get("childReferences") or ()
        ),
        skipped=tuple(
            Skipped(task=one["name"], reason=one.get("reason") or "")
            for one in status.get("skippedTasks") or ()
        ),
        results=values_of(status.get("results")) if results else None,
        spec=kept.pipeline(status.get("pipelineSpec")),
    )


def project_task_run(item: Object, kept: Kept) -> TaskRun | None:
    """Keep what is judged of a TaskRun; None for one that no PipelineRun made."""
    metadata, spec, status = item["metadata"], item["spec"], item.get("status") or _NOTHING
    labels = metadata.get("labels") or _NOTHING
    if RUN_LABEL not in labels:
        return None
    return TaskRun(
        name=metadata["name"],
        namespace=metadata["namespace"],
        uid=metadata["uid"],
        run=labels[RUN_LABEL],
        run_uid=_owner(metadata),
        task=labels.get(_TASK) or "",
        params=values_of(spec.get("params")),
        ordered=spec.get("status") or "",
        condition=_succeeded(status),
        created=moment(metadata["creationTimestamp"]),
        started=_moment(status.get("startTime")),
        completed=_moment(status.get("completionTime")),
        pod=status.get("podName") or "",
        results=values_of(status.get("results") or status.get("taskResults")),
        steps=tuple(map(_step, status.get("steps") or ())),
        retries=len(status.get("retriesStatus") or ()),
        network=_network(spec.get("podTemplate")),
        spec=kept.task(status.get("taskSpec")),
    )


def moment(text: str) -> datetime:
    """Read a time as Kubernetes writes it; raises `ValueError` for anything else."""
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else moment(text)


def _succeeded(status: Object) -> Condition | None:
    """Return the one condition that tells of a run; of several of its type, the last written."""
    own = [one for one in status.get("conditions") or () if one.get("type") == "Succeeded"]
    if not own:
        return None
    told = own[-1]
    return Condition(
        status=str(told.get("status") or ""),
        reason=str(told.get("reason") or ""),
        message=hidden(str(told.get("message") or "")),
        since=_moment(told.get("lastTransitionTime")),
    )


def _network(template: Object | None) -> Network:
    told = template or _NOTHING
    return Network(
        host_network=told.get("hostNetwork"),
        dns_policy=told.get("dnsPolicy"),
        env=envs_of(told.get("env")),
    )


def _step(one: Object) -> StepEnd:
    ended, waits = one.get("terminated") or _NOTHING, one.get("waiting") or _NOTHING
    return StepEnd(
        name=one.get("name") or "",
        waits=waits.get("reason") or "",
        code=ended.get("exitCode"),
        reason=ended.get("reason") or "",
        message=hidden(ended.get("message") or waits.get("message") or ""),
    )


def _owner(metadata: Object) -> str:
    owners = metadata.get("ownerReferences") or ()
    own = (one for one in owners if one.get("kind") == "PipelineRun")
    return str(next((one["uid"] for one in own), ""))


def _who_ordered(metadata: Object) -> str:
    """Return the field manager that owns `spec.status`: who cancelled, or held back."""
    for entry in metadata.get("managedFields") or ():
        spec = (entry.get("fieldsV1") or _NOTHING).get("f:spec") or _NOTHING
        if "f:status" in spec:
            return str(entry.get("manager") or "")
    return ""
