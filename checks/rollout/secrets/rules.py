"""What is right of a lane's Secrets, by what was seen of them. All pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import PurePosixPath

from checks.rollout.runtime.runners import selected
from checks.rollout.secrets.seen import Mount, RunnerContainer, RunnerJob, SecretSeen


def missing_keys(keys: Sequence[str], seen: SecretSeen) -> tuple[str, ...]:
    """Return the keys that a Secret ought to have and has not; it tells what it has."""
    return tuple(one for one in keys if one not in (seen.keys or ()))


def fits(job: RunnerJob, namespace: str, selector: str) -> bool:
    """Tell whether a Job has the labels of a selector: `a=b,c!=d`."""
    return job.namespace == namespace and selected(job.labels, selector)


def uses(job: RunnerJob, secret: str) -> bool:
    """Tell whether any container of a Job is given a Secret."""
    return any(
        secret in one.by_variable or any(secret in mount.holds for mount in one.mounts)
        for one in job.containers
    )


def not_projected(job: RunnerJob, secret: str) -> Iterator[str]:
    """Say where a Secret is given otherwise than as files that are mounted read-only."""
    for one in job.containers:
        where = f"{job}, container {one.name}"
        if secret in one.by_variable:
            yield f"{where}: {secret} is given as a variable, and not as files"
        for mount in one.mounts:
            if secret in mount.holds and not mount.read_only:
                yield f"{where}: {secret} is mounted at {mount.path} without readOnly: true"


def not_writable(job: RunnerJob, home: str, secrets: Sequence[str]) -> Iterator[str]:
    """Say of which containers the folder that `home` names cannot be written.

    Of a Job that is given such a Secret, it is each container that names one. One has to: each
    that runs with the Secret, or, where an init container alone has it, any that runs after.
    """
    given = [
        one
        for one in job.containers
        if any(set(mount.holds) & set(secrets) for mount in one.mounts)
    ]
    if not given:
        return
    named = {one: path for one in job.containers if (path := dict(one.paths).get(home))}
    running = [one for one in given if not one.init]
    if not running and not any(not one.init for one in named):
        yield f"{job}: {home} names no folder in any container that runs"
    for one in running:
        if one not in named:
            yield f"{job}, container {one.name}: {home} names no folder"
    for one, path in named.items():
        if (why := _why_not(one, path)) is not None:
            yield f"{job}, container {one.name}: {home} is {path}, {why}"


def is_before(created: datetime | None, started: datetime | None) -> bool | None:
    """Tell whether a Secret was there when an operation began; both are of whole seconds.

    None where the Secret does not say when it was made. Where nothing was begun, it is.
    """
    if created is None:
        return None
    return started is None or created <= started


def _why_not(container: RunnerContainer, path: str) -> str | None:
    mount = _mount_of(container, path)
    if mount is None:
        return "in a root that is read-only" if container.read_only_root else None
    if mount.kept:
        return f"in the volume {mount.volume}, which the cluster fills"
    return f"in the volume {mount.volume}, mounted read-only" if mount.read_only else None


def _mount_of(container: RunnerContainer, path: str) -> Mount | None:
    """Return the mount that a path lies in: the deepest one."""
    own = PurePosixPath(path)
    fitting = [
        one
        for one in container.mounts
        if PurePosixPath(one.path) == own or PurePosixPath(one.path) in own.parents
    ]
    return max(fitting, key=lambda one: len(PurePosixPath(one.path).parts), default=None)
