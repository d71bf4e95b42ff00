"""The facts of a lane's rollout, each from its own source: none is derived of another. All pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from checks.rollout.argo.seen import ApplicationsSeen
from checks.rollout.catalog.seen import Catalog, Head
from checks.rollout.catalog.stored import Stored
from checks.rollout.catalog.storing import not_asked
from checks.rollout.chain.linking import Told
from checks.rollout.closeout.seen import Fact
from checks.rollout.pipeline.seen import NoRun, Run
from checks.rollout.runtime.seen import PodsSeen
from checks.rollout.source.seen import AncestrySeen, PullSeen, Target
from checks.rollout.told.fields import MISSING, first_of, shown
from checks.rollout.told.seen import Told as Word
from config.lanes import Lane
from config.model import Absent
from fixtures.outcomes import Unreached, Unseen
from fixtures.registries import Manifest, NotThere
from fixtures.vantages import VantageError
from reports.verdicts import Inconclusive

_VALIDATION = "targetValidation.state"
_IN_SYNC = ("githubInSync", "sourceInSync", "summary.gitMirror.githubInSync")
_LONGEST = 58
"""Characters that Kubernetes keeps of a name which it completes."""
_COMPLETED = re.compile(r"\d+|(?:[a-z0-9]*-?)?[a-z0-9]{5}")
"""What completes a pod's name: an ordinal, or a hash and five characters, or these alone."""
Read = Callable[[Lane, Any], Fact]


def facts_of(lane: Lane, told: Told, absent: Mapping[str, Absent]) -> Iterator[Fact]:
    """Walk the facts; one whose source could not be read, or is absent, says why."""
    for name, (asked, read) in _FACTS.items():
        if asked in absent:
            yield Fact(name, "", absent[asked].absent, absent=True)
        else:
            yield _read(lane, name, told.get(asked), read)


def _read(lane: Lane, name: str, seen: Any, read: Read) -> Fact:
    match seen:
        case None:
            return Fact(name, "", "it was not looked at")
        case Unseen(reason):
            return Fact(name, "", f"could not look: {reason}", unread=True)
        case Unreached(_, refusals):
            saw = "; ".join(one.headline for one in refusals)
            return Fact(name, "", f"not reached: {saw}", unread=True)
    try:
        return read(lane, seen)
    except Inconclusive as error:
        return Fact(name, "", f"could not be read: {error.reason}", unread=True)
    except VantageError as error:  # of a list that tells all but what this lane asks for
        return Fact(name, "", f"could not look: {error.reason}", unread=True)


def _source(_: Lane, seen: Any) -> Fact:
    if not isinstance(seen, Target):
        return _none("source-commit", seen)
    return Fact("source-commit", seen.commit, "", f"{seen.repository} {seen.ref}", seen.at)


def _tip(_: Lane, seen: Any) -> Fact:
    if not isinstance(seen, Target):
        return _none("current-tip", seen)
    return Fact("current-tip", seen.tip, "", f"{seen.repository} {seen.ref}", seen.at)


def _ancestry(_: Lane, seen: Any) -> Fact:
    """Tell how the tip stands to the commit, with the command that proves it."""
    if not isinstance(seen, Target):
        return _none("ancestry", seen)
    if seen.ancestry == "unknown":
        return Fact("ancestry", "", seen.why or "git does not tell", at=seen.at, unread=True)
    words = {
        "same": "the commit is the tip",
        "contained": "the tip contains the commit",
        "not-contained": "the tip does not contain the commit",
    }
    proof = f"git merge-base --is-ancestor {seen.commit} {seen.tip}"
    return Fact("ancestry", words[seen.ancestry], seen.why, proof, seen.at)


def _merge(_: Lane, seen: Any) -> Fact:
    if isinstance(seen, AncestrySeen):
        if seen.stands == "unknown":
            return Fact("merge-commit", seen.older, seen.why, seen.what, seen.at)
        why = f"in {seen.newer}: {seen.stands}"
        return Fact("merge-commit", seen.older, why, seen.what, seen.at)
    if isinstance(seen, PullSeen) and seen.merge_commit:
        where = f"{seen.repository}#{seen.number} merge_commit_sha"
        return Fact("merge-commit", seen.merge_commit, "", where, seen.at)
    return _none("merge-commit", seen)


def _run(_: Lane, seen: Any) -> Fact:
    if not isinstance(seen, Run):
        return _no_run("pipelinerun", seen)
    value = f"{seen.name}: Succeeded={seen.status} ({seen.reason})"
    where = f"PipelineRun {seen.namespace}/{seen.name} {seen.uid}"
    return Fact("pipelinerun", value, seen.message, where, seen.at)


def _began(_: Lane, seen: Any) -> Fact:
    if not isinstance(seen, Run):
        return _no_run("started", seen)
    return Fact("started", _time(seen.created), "", "metadata.creationTimestamp", seen.at)


def _ended(_: Lane, seen: Any) -> Fact:
    if not isinstance(seen, Run):
        return _no_run("ended", seen)
    if seen.completed is None:
        return Fact("ended", "", "it has not ended", "status.completionTime", seen.at)
    return Fact("ended", _time(seen.completed), "", "status.completionTime", seen.at)


def _catalog(_: Lane, seen: Any) -> Fact:
    if not isinstance(seen, Catalog):
        return _none("catalog-commit", seen)
    where = f"{seen.commit}:{seen.path}"
    why = "" if seen.source_commit else "it names none"
    return Fact("catalog-commit", seen.source_commit or "", why, where, seen.at)


def _registry(_: Lane, seen: Any) -> Fact:
    """Tell each image's digest as the registry shows it, computed of what it answered."""
    if not isinstance(seen, Stored):
        return _none("registry-digest", seen)
    shown = {one.service: one.by_digest for one in seen.images}
    held = [f"{name} {one.digest}" for name, one in shown.items() if isinstance(one, Manifest)]
    lost = [name for name, one in shown.items() if isinstance(one, NotThere)]
    why = f"not there by digest: {', '.join(lost)}" if lost else ""
    unasked = not_asked(seen) or ([] if seen.images else ["the catalog has no image"])
    return Fact(
        "registry-digest",
        ", ".join(held),
        "; ".join(filter(None, (why, *unasked))),
        seen.registry,
        seen.at,
        unread=bool(unasked) and not lost,
    )


def _gitops(_: Lane, seen: Any) -> Fact:
    if not isinstance(seen, Head):
        return _none("gitops-revision", seen)
    return Fact("gitops-revision", seen.commit, "", f"{seen.repository} {seen.ref}", seen.at)


def _argo(lane: Lane, seen: Any) -> Fact:
    if not isinstance(seen, ApplicationsSeen) or isinstance(lane.argo, Absent):
        return _none("argo-revision", seen)
    where = f"Application {lane.argo.namespace}/{lane.argo.application}"
    app = seen.named(lane.argo.namespace, lane.argo.application)
    if app is None:
        return Fact("argo-revision", "", f"there is no {where}", at=seen.at)
    revisions = [one for one in app.compared.each if one]
    value = f"{', '.join(revisions)}: {app.sync}, {app.health}" if revisions else ""
    why = "" if value else "it has none"
    return Fact("argo-revision", value, why, f"{where} status.sync", seen.at)


def _runtime(lane: Lane, seen: Any) -> Fact:
    """Tell the images that the lane's workloads run, as the kubelet tells them.

    A pod is called after its workload. What else runs there, a database, is no fact of the lane.
    """
    if not isinstance(seen, PodsSeen) or isinstance(lane.runtime, Absent):
        return _none("runtime-digest", seen)
    pods = seen.inside(lane.runtime.namespace)
    names = [one.name for one in lane.runtime.workloads]
    own = [
        pod
        for pod in pods
        if not pod.is_over and any(_is_called_after(pod.meta.name, name) for name in names)
    ]
    images = sorted({one.image_id for pod in own for one in pod.containers if one.image_id})
    where = f"pods of {lane.runtime.namespace} status.containerStatuses[].imageID"
    why = f"{len(own)} of {len(pods)} pods are the workloads', and none tells an image"
    return Fact("runtime-digest", ", ".join(images), "" if images else why, where, seen.listing.at)


def _is_called_after(pod: str, workload: str) -> bool:
    """Tell a pod of `mgr`, `mgr-0` or `mgr-5d4f8c-x2x4z`, from one of `mgr-db`."""
    begin = f"{workload}-"[:_LONGEST]
    return pod.startswith(begin) and _COMPLETED.fullmatch(pod, len(begin)) is not None


def _validation(lane: Lane, seen: Any) -> Fact:
    own = _VALIDATION if isinstance(lane.pipeline, Absent) else lane.pipeline.told.target_validation
    return _word("target-validation", seen, (own, f"summary.{own}"))


def _mirror(_: Lane, seen: Any) -> Fact:
    return _word("mirror-status", seen, _IN_SYNC)


def _word(name: str, seen: Any, paths: tuple[str, ...]) -> Fact:
    """Tell what a tool says, marked as its word."""
    if not isinstance(seen, Word):
        return _none(name, seen)
    path, value = first_of(seen, *paths)
    if value is MISSING or value is None:
        return Fact(name, "", f"{seen.worded}, {path} is not there", at=seen.at)
    return Fact(name, f"{path}={shown(value)}", seen.worded, f"`{seen.command}`", seen.at)


def _no_run(name: str, seen: Any) -> Fact:
    """Tell of no run: whether there was one nobody knows, unless another stands in its place."""
    if isinstance(seen, NoRun) and not (seen.named or seen.pinned):
        why = f"evidence-expired, or not made yet: {seen.headline}"
        return Fact(name, "", why, at=seen.at, unread=True)
    return _none(name, seen)


def _none(name: str, seen: Any) -> Fact:
    return Fact(name, "", getattr(seen, "headline", "") or "it was not looked at")


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


_FACTS: Mapping[str, tuple[str, Read]] = {
    "source-commit": ("target", _source),
    "current-tip": ("target", _tip),
    "ancestry": ("target", _ancestry),
    "merge-commit": ("merge", _merge),
    "pipelinerun": ("pipeline_run", _run),
    "started": ("pipeline_run", _began),
    "ended": ("pipeline_run", _ended),
    "catalog-commit": ("catalog", _catalog),
    "registry-digest": ("registry_stored", _registry),
    "gitops-revision": ("gitops_head", _gitops),
    "argo-revision": ("applications", _argo),
    "runtime-digest": ("live_pods", _runtime),
    "target-validation": ("told_trigger", _validation),
    "mirror-status": ("told_git_mirror", _mirror),
}
"""The facts, in the order in which they are told: what each is read of."""
