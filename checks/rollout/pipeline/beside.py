"""What lies around a run, from JSON to what is kept of it: pods, events, volumes, identities."""

from collections.abc import Mapping
from typing import Any

from checks.rollout.pipeline.listed import Applied, Identity, Volume
from checks.rollout.pipeline.objects import PodSeen, Waiting, Warned
from checks.rollout.pipeline.projection import moment
from reports.likely import hidden

Object = Mapping[str, Any]
_NOTHING: Object = {}
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_OF_RUNS = ("PipelineRun", "TaskRun", "Pod")


def project_pod(item: Object) -> PodSeen | None:
    """Keep what is judged of a pod; None for one that is of no TaskRun."""
    metadata, spec, status = item["metadata"], item["spec"], item.get("status") or _NOTHING
    task_run = (metadata.get("labels") or _NOTHING).get("tekton.dev/taskRun")
    if task_run is None:
        return None
    return PodSeen(
        name=metadata["name"],
        namespace=metadata["namespace"],
        uid=metadata["uid"],
        task_run=task_run,
        phase=status.get("phase") or "",
        unscheduled=_unscheduled(status),
        waiting=tuple(
            Waiting(
                container=one["name"],
                reason=waits.get("reason") or "",
                message=waits.get("message") or "",
            )
            for listed in ("initContainerStatuses", "containerStatuses")
            for one in status.get(listed) or ()
            if (waits := (one.get("state") or _NOTHING).get("waiting"))
        ),
        host_network=spec.get("hostNetwork") is True,
        dns_policy=spec.get("dnsPolicy") or "ClusterFirst",
    )


def project_warning(item: Object) -> Warned | None:
    """Keep a warning of a run, a TaskRun or a pod; None for any other event."""
    about = item["involvedObject"]
    if item.get("type") != "Warning" or about.get("kind") not in _OF_RUNS:
        return None
    series = item.get("series") or _NOTHING
    last = item.get("lastTimestamp") or series.get("lastObservedTime") or item.get("eventTime")
    return Warned(
        kind=about["kind"],
        name=about.get("name") or "",
        namespace=about.get("namespace") or "",
        uid=about.get("uid") or "",
        reason=item.get("reason") or "",
        message=hidden(str(item.get("message") or "")),
        count=int(item.get("count") or series.get("count") or 1),
        at=moment(last) if last else None,
    )


def project_identity(item: Object) -> Identity:
    """Keep what tells an object from another."""
    metadata = item["metadata"]
    return Identity(
        name=metadata["name"],
        namespace=metadata.get("namespace") or "",
        uid=metadata["uid"],
        generation=metadata.get("generation"),
    )


def project_volume(item: Object) -> Volume:
    """Keep the phase of a PersistentVolume, and whose it is."""
    spec, claim = item["spec"], item["spec"].get("claimRef") or _NOTHING
    return Volume(
        name=item["metadata"]["name"],
        phase=(item.get("status") or _NOTHING).get("phase") or "",
        claim_namespace=claim.get("namespace") or "",
        claim=claim.get("name") or "",
        policy=spec.get("persistentVolumeReclaimPolicy") or "",
    )


def project_applied(item: Object, of: str) -> Applied:
    """Keep who wrote an object, and how; what controllers write of its status is left out."""
    metadata = item["metadata"]
    managed = metadata.get("managedFields") or ()
    return Applied(
        of=of,
        name=metadata["name"],
        namespace=metadata.get("namespace") or "",
        managers=tuple(
            (str(one.get("manager") or ""), str(one.get("operation") or ""))
            for one in managed
            if not one.get("subresource")
        ),
        last_applied=_LAST_APPLIED in (metadata.get("annotations") or _NOTHING),
    )


def _unscheduled(status: Object) -> str:
    """Return why no node takes a pod; empty where one did."""
    for one in status.get("conditions") or ():
        if one.get("type") == "PodScheduled" and one.get("status") == "False":
            return str(one.get("message") or one.get("reason") or "no node takes it")
    return ""
