"""A process that lists what lanes have in a cluster, as a run does: `KUBECONFIG FOLDER`."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from checks.wire.clusters import list_of, listed, lists
from config.clusters import ClusterSpec
from fixtures.clusters import Listing, Object
from fixtures.clusters.kinds import APPLICATION, DEPLOYMENT, PIPELINE_RUN, Kind
from fixtures.observatory import Observatory
from fixtures.outcomes import Seen
from fixtures.sightings import plan
from fixtures.vantages import Vantage
from fixtures.vantages.local import Local
from reports.asides import Aside
from reports.codec import observation
from reports.garbage import keep_little, search_from_here
from reports.recorder import Recorder
from reports.redaction import Redactor
from reports.run import Run
from tests.bench.machine import BrokenError, most_memory

_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Kept:
    """What a lane is judged by, of any of the kinds."""

    name: str
    namespace: str
    uid: str
    generation: int
    told: str
    """What its status tells, as JSON: of a Deployment counts, of the others their revisions."""


@observation
class Lot:
    """The objects of a kind."""

    kind: Literal["bench-lot"] = "bench-lot"
    listing: Listing
    items: tuple[Kept, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))


def _kept(item: Object) -> Kept:
    metadata, status = item["metadata"], item.get("status", {})
    told = [status.get(name) for name in ("conditions", "sync", "health", "replicas", "results")]
    return Kept(
        name=metadata["name"],
        namespace=metadata["namespace"],
        uid=metadata["uid"],
        generation=metadata["generation"],
        told=json.dumps(told),
    )


async def _list(
    kind: Kind,
    cluster: ClusterSpec,
    vantage: Vantage,
    namespaces: tuple[str, ...] | None,
    deadline: float,
) -> Lot:
    found = await listed(cluster, vantage, kind, namespaces, _kept, deadline=deadline)
    return Lot(listing=found.listing, items=found.items, asides=found.asides)


@lists(DEPLOYMENT)
async def list_deployments(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Any, *, deadline: float
) -> Lot:
    """List Deployments."""
    return await _list(DEPLOYMENT, cluster, vantage, namespaces, deadline)


@lists(APPLICATION)
async def list_applications(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Any, *, deadline: float
) -> Lot:
    """List Applications."""
    return await _list(APPLICATION, cluster, vantage, namespaces, deadline)


@lists(PIPELINE_RUN)
async def list_runs(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Any, *, deadline: float
) -> Lot:
    """List PipelineRuns."""
    return await _list(PIPELINE_RUN, cluster, vantage, namespaces, deadline)


def main() -> None:
    """List, record, and say how many came and how much memory it took at most."""
    kubeconfig, folder = sys.argv[1:]
    search_from_here()  # as any run does
    keep_little()
    cluster = ClusterSpec(name="bench", kubeconfig=kubeconfig)
    wanted = [
        list_of(look, cluster, "here", None)
        for look in (list_deployments, list_applications, list_runs)
    ]
    recorder = Recorder(Run.begin(Path(folder), redact=Redactor(), about={}))
    observatory = Observatory(
        plan(wanted), {"here": Local()}, recorder, in_flight=4, limit=_PATIENCE
    )
    observatory.start()
    counts: dict[str, int] = {}
    for one in wanted:
        outcome = observatory.see(one, lambda _: None)
        if not isinstance(outcome, Seen):
            raise BrokenError(f"{one}: {outcome}")
        counts[outcome.observations.listing.of] = len(outcome.observations.items)
    observatory.stop()
    peak = most_memory()
    sys.stdout.write(json.dumps({"listed": counts, "megabytes": peak}) + "\n")


if __name__ == "__main__":
    main()
