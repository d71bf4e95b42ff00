"""The rendered control plane beside the live one, object by object."""

import asyncio
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from checks.rollout.control.comparing import differences
from checks.rollout.control.kinds import kind_of
from checks.rollout.control.seen import Beside, ControlPlaneCompared
from config.clusters import ClusterSpec
from fixtures.clusters import Cluster
from fixtures.clusters.asking import import_client
from fixtures.clusters.kinds import SECRET
from fixtures.clusters.opening import cluster_at
from fixtures.github.tokens import marked
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import SourceError, Vantage, VantageError
from fixtures.vantages.commands import LIMIT
from reports.nesting import ensure_flat

_MOST_OBJECTS = 300
_MOST_TOLD = 20
_GETTING = 15.0
_HEARD = 200


@dataclass(frozen=True, slots=True)
class ControlPlaneOf:
    """What renders a lane's control plane, and the cluster that it is of."""

    lane: str
    argv: tuple[str, ...]
    namespace: str
    """Of objects that name none."""
    cluster: ClusterSpec

    def __str__(self) -> str:
        return self.lane


@by_hand(lambda of: f"{shlex.join(of.argv)} | kubectl diff --server-side -f -")
@prepared_by(import_client)
async def compare_control_plane(
    of: ControlPlaneOf, vantage: Vantage, *, deadline: float
) -> ControlPlaneCompared:
    """Render the control plane, and compare each object with the live one.

    Raises `VantageError` where it cannot be rendered, or renders nothing. An object that cannot be
    read is told as such, and the others are compared.
    """
    at = datetime.now(UTC)
    rendered = _read(of, await _render(of, vantage, deadline))
    cluster = cluster_at(of.cluster, vantage)
    compared = [await _beside(one, of, cluster) for one in rendered]
    return ControlPlaneCompared(command=shlex.join(of.argv), objects=tuple(compared), at=at)


async def _render(of: ControlPlaneOf, vantage: Vantage, deadline: float) -> bytes:
    command = shlex.join(of.argv)
    ended = await vantage.run(of.argv, deadline=deadline)
    if ended.status is None:
        why = f"`{command}` did not end within {deadline:g} s"
        raise SourceError(why, "run it by hand, and look what it waits for")
    if ended.status != 0:
        said = " ".join(marked(ended.err.decode("utf-8", "replace")).split())[-_HEARD:]
        raise SourceError(
            f"`{command}` ended with {ended.status}: {said}",
            "correct control.render in the profile",
        )
    if len(ended.out) > LIMIT:
        raise SourceError(
            f"`{command}` wrote more than {LIMIT} bytes", "let it render the control plane alone"
        )
    return ended.out


def _read(of: ControlPlaneOf, content: bytes) -> list[Mapping[str, Any]]:
    """Read the documents that were written; raises `VantageError` for what are no objects."""
    import yaml  # noqa: PLC0415 - for runs that look

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    command = shlex.join(of.argv)
    try:
        text = content.decode("utf-8-sig")
        ensure_flat(text)
        every = list(yaml.load_all(text, Loader=loader))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        why = f"`{command}` writes no YAML: {str(error).splitlines()[0]}"
        raise SourceError(why, "correct control.render in the profile") from None
    found: list[Mapping[str, Any]] = []
    for one in every:
        found += (
            one["items"]
            if isinstance(one, dict) and isinstance(one.get("items"), list)
            else ([one] if one is not None else [])
        )
    odd = [one for one in found if not _is_object(one)]
    if odd or not found or len(found) > _MOST_OBJECTS:
        why = f"`{command}` writes {len(found)} documents, {len(odd)} of them no objects"
        raise SourceError(why, f"let it write objects of Kubernetes, at most {_MOST_OBJECTS}")
    return found


def _is_object(one: object) -> bool:
    if not isinstance(one, dict) or not isinstance(one.get("metadata"), dict):
        return False
    words = (one.get("apiVersion"), one.get("kind"), one["metadata"].get("name"))
    return all(isinstance(word, str) and word for word in words)


async def _beside(one: Mapping[str, Any], of: ControlPlaneOf, cluster: Cluster) -> Beside:
    kind = kind_of(one["apiVersion"], one["kind"])
    metadata = one["metadata"]
    namespace = str(metadata.get("namespace") or of.namespace) if kind.namespaced else None
    name = (
        f"{kind.name} {namespace}/{metadata['name']}"
        if namespace
        else (f"{kind.name} {metadata['name']}")
    )

    def unlike(live: Mapping[str, Any]) -> tuple[str, ...]:
        if kind == SECRET:
            return ()  # that it is there is all that is looked at
        return tuple(differences(one, live))[:_MOST_TOLD]

    try:
        got = await asyncio.wait_for(
            cluster.get_object(kind, namespace, metadata["name"], unlike, deadline=_GETTING),
            2 * _GETTING,
        )
    except VantageError as error:
        return Beside(name, absent=False, differences=(), unread=error.reason)
    except TimeoutError:
        return Beside(name, absent=False, differences=(), unread="it was not answered in time")
    if not got.items:
        return Beside(name, absent=True, differences=())
    return Beside(name, absent=False, differences=got.items[0])
