"""How long it takes to list the objects of many lanes, against kubectl, on a real API server."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.apiserver import ApiServer, found_programs, running
from tests.bench.machine import TOOLS, BrokenError, Ended, MissingError, program, timed, version_of
from tests.bench.rows import Bench, Peer, Row, compared
from tests.fixtures.clusters.made import Made, made

_LANES = 200
_DEPLOYMENTS, _APPLICATIONS, _RUNS = 5000, 2000, 5000
_RATIO, _MEGABYTES = 1.5, 250
_KUBECTL = TOOLS.parent / "kubectl" / "kubectl"
_KINDS = ("deployments.apps", "applications.argoproj.io", "pipelineruns.tekton.dev")
_COMMIT = "4f1c0ffee0ddba11ca11ab1edeadbeef00c0ffee"
_DIGEST = "sha256:" + "ab" * 32
_AT = "2026-11-21T10:00:00Z"


@dataclass(frozen=True, slots=True)
class Lanes:
    """An API server with the objects of so many lanes, and who asks it."""

    server: ApiServer
    kubeconfig: Path
    count: int
    listed: dict[str, int]
    """How many there are of each kind, by its plural."""


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


def fill(server: ApiServer, folder: Path, lanes: int, counts: tuple[int, int, int]) -> Lanes:
    """Make the objects of lanes, with their status: a namespace each, and one for Argo CD."""
    names = [f"lane-{at:03}" for at in range(lanes)]
    spaces = [made("Namespace", name) for name in (*names, "argocd")]
    server.apply_many(spaces)
    deployments, applications, runs = counts
    server.apply_many([_deployment(names[at % lanes], at) for at in range(deployments)])
    server.apply_many([_application(names[at % lanes], at) for at in range(applications)])
    server.apply_many([_run(names[at % lanes], at) for at in range(runs)])
    listed = dict(zip(("deployments", "applications", "pipelineruns"), counts, strict=True))
    return Lanes(server, server.kubeconfig(folder / "kubeconfig"), lanes, listed)


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
    try:
        path = str(_KUBECTL) if os.access(_KUBECTL, os.X_OK) else program("kubectl", ".ci/kubectl")
        peer = Peer("kubectl get -o json", version_of(path, "version", "--client"))
    except MissingError as error:
        found = bench.by_turns(ours=list_ours)
        peer = bench.without("kubectl", error)
        yield compared(
            "cluster-lists", _seconds(found["ours"]), peer, None, unit="s", better="lower"
        )
    else:
        theirs = " && ".join(f"{path} get {kind} -A -o json >/dev/null" for kind in _KINDS)
        env = {"KUBECONFIG": str(lanes.kubeconfig)}
        command = ["sh", "-c", theirs]
        found = bench.by_turns(ours=list_ours, kubectl=lambda: timed(command, env=env))
        yield compared(
            "cluster-lists",
            _seconds(found["ours"]),
            peer,
            _seconds(found["kubectl"]),
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


def _seconds(ended: Any) -> list[float]:
    return [float(one) for one in ended]


