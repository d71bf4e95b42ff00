"""Asking a cluster for Secrets by their metadata, and for the Jobs that they are mounted into."""

from datetime import UTC, datetime
from typing import Any

from checks.rollout.secrets.projecting import runner_job_of
from checks.rollout.secrets.seen import RunnerJobs, SecretSeen, SyncSeen
from checks.wire.clusters import gets, got, listed, lists
from config.clusters import ClusterSpec
from fixtures.clusters import Object
from fixtures.clusters.kinds import APPLICATION, JOB, SECRET
from fixtures.vantages import Vantage

Metadata = tuple[tuple[str, ...] | None, datetime | None, bool]


@gets(SECRET)
async def look_for_secret(
    cluster: ClusterSpec, vantage: Vantage, namespace: str, name: str, *, deadline: float
) -> SecretSeen:
    """Tell whether a Secret is there, and what its keys are called. No value is asked for.

    A live cluster tells the keys by who wrote them (`managedFields`): where nobody is said to have
    written any, it is not known what they are. Raises `VantageError`.
    """
    found = await got(cluster, vantage, SECRET, (namespace, name), _metadata, deadline=deadline)
    keys, created, deleting = found.items[0] if found.items else (None, None, False)
    return SecretSeen(
        namespace=namespace,
        name=name,
        there=bool(found.items),
        keys=None if cluster.snapshot is None and not keys else keys,
        created=created,
        deleting=deleting,
        listing=found.listing,
        asides=found.asides,
    )


@gets(APPLICATION)
async def look_for_sync(
    cluster: ClusterSpec, vantage: Vantage, namespace: str, name: str, *, deadline: float
) -> SyncSeen:
    """Tell when the last operation of an Application began. Raises `VantageError`."""
    found = await got(cluster, vantage, APPLICATION, (namespace, name), _began, deadline=deadline)
    return SyncSeen(
        application=f"{namespace}/{name}",
        there=bool(found.items),
        started=found.items[0][0] if found.items else None,
        listing=found.listing,
        asides=found.asides,
    )


@lists(JOB)
async def list_runner_jobs(
    cluster: ClusterSpec,
    vantage: Vantage,
    namespaces: tuple[str, ...] | None,
    *,
    deadline: float,
) -> RunnerJobs:
    """List the Jobs of some namespaces, as far as Secrets are concerned. Raises `VantageError`."""
    found = await listed(
        cluster, vantage, JOB, namespaces, runner_job_of, holed=True, deadline=deadline
    )
    return RunnerJobs(listing=found.listing, jobs=found.items, asides=found.asides)


def _metadata(secret: Object) -> Metadata:
    metadata: dict[str, Any] = secret["metadata"]
    keys: list[str] | None = secret["keys"]
    created = _time(metadata.get("creationTimestamp"))
    return None if keys is None else tuple(keys), created, "deletionTimestamp" in metadata


def _began(application: Object) -> tuple[datetime | None]:
    state = (application.get("status") or {}).get("operationState") or {}
    return (_time(state.get("startedAt")),)


def _time(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told).astimezone(UTC) if told else None
