"""How long it takes to list the objects of many lanes, against kubectl, on a real API server."""

import json
import sys
from collections.abc import Iterator

from tests.apiserver import found_programs, running
from tests.bench import kubectl, rollouts
from tests.bench.lanes import Lanes, fill
from tests.bench.machine import BrokenError, Ended, MissingError, timed
from tests.bench.rows import Bench, Row, compared

_LANES = 200
_DEPLOYMENTS, _APPLICATIONS, _RUNS = 5000, 2000, 5000
_RATIO, _MEGABYTES = 1.5, 250
_KINDS = ("deployments.apps", "applications.argoproj.io", "pipelineruns.tekton.dev")


def measure(
    bench: Bench,
    lanes: int = _LANES,
    deployments: int = _DEPLOYMENTS,
    applications: int = _APPLICATIONS,
    runs: int = _RUNS,
) -> Iterator[Row]:
    """List three kinds: a process each, start to exit, of ours with all that a run writes."""
    if found_programs() is None:
        raise MissingError("kube-apiserver is not on this machine", ".ci/kube-apiserver")
    with running(bench.folder / "apiserver") as server:
        bench.say(f"making {deployments + applications + runs} objects of {lanes} lanes")
        made_lanes = fill(server, bench.folder, lanes, (deployments, applications, runs))
        yield from _rows(bench, made_lanes)
        yield from rollouts.rows(bench, made_lanes)


def _rows(bench: Bench, lanes: Lanes) -> Iterator[Row]:
    evidence = bench.folder / "evidence"
    ours = [sys.executable, "-m", "tests.bench.listing", str(lanes.kubeconfig), str(evidence)]
    peaks: list[float] = []

    def list_ours() -> Ended:
        ended = timed(ours)
        told = json.loads(ended.out.splitlines()[-1])
        if told["listed"] != lanes.listed:
            raise BrokenError(f"not all were listed: {told['listed']}")
        peaks.append(told["megabytes"])
        return ended

    kept = f"{sum(lanes.listed.values())} objects of {lanes.count} lanes, their bytes kept"
    theirs: list[float] | None = None
    try:
        peer = kubectl.peer()
        found = bench.by_turns(
            ours=list_ours, kubectl=lambda: kubectl.get(lanes.kubeconfig, _KINDS)
        )
        theirs = [float(one) for one in found["kubectl"]]
    except MissingError as error:
        peer = bench.without("kubectl", error)
        found = bench.by_turns(ours=list_ours)
    yield compared(
        "cluster-lists",
        [float(one) for one in found["ours"]],
        peer,
        theirs,
        unit="s",
        better="lower",
        target=_RATIO,
        note=kept,
    )
    yield Row(
        name="cluster-lists-memory",
        value=max(peaks),
        unit="MB",
        better="lower",
        target=_MEGABYTES,
        note=kept,
    )
