"""Lanes with all that lies in a cluster of them, and the profile that expects it."""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.apiserver import ApiServer
from tests.bench.objects import (
    ARGO,
    TASKS,
    Rolled,
    application,
    deployment,
    pipeline_run,
    pod,
    project,
    replica_set,
    task_runs,
)
from tests.fixtures.clusters.made import Made, made

_ABSENT = {"absent": "it is not measured"}
_NOT_OURS = "f" * 28
"""Of the commits of runs that are of no lane's target."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """An API server with the objects of so many lanes, and who asks it."""

    server: ApiServer
    kubeconfig: Path
    repository: Path
    """The lanes' source, with a branch for each."""
    rolled: Sequence[Rolled]
    listed: dict[str, int]
    """How many there are of each kind, by its plural."""

    @property
    def count(self) -> int:
        return len(self.rolled)


def fill(server: ApiServer, folder: Path, lanes: int, counts: tuple[int, int, int]) -> Lanes:
    """Make the objects of lanes, with their status: a namespace each, and one for Argo CD.

    The first Deployment, Application and run of each are those that its profile expects.
    """
    names = [f"lane-{at:03}" for at in range(lanes)]
    repository = folder / "source.git"
    rolled = [Rolled(*one) for one in zip(names, _branches(repository, names), strict=True)]
    server.apply_many([made("Namespace", name) for name in (*names, ARGO)])
    server.apply_many([made("ServiceAccount", "default", name) for name in names])
    deployments, applications, runs = counts
    server.apply_many([deployment(rolled[at % lanes], at) for at in range(deployments)])
    server.apply_many([application(rolled[at % lanes], at) for at in range(applications)])
    server.apply_many([project(one) for one in rolled])
    server.apply_many([pipeline_run(_of_run(rolled, at), at) for at in range(runs)])
    _own(server, rolled)
    listed = dict(zip(("deployments", "applications", "pipelineruns"), counts, strict=True))
    kubeconfig = server.kubeconfig(folder / "kubeconfig")
    return Lanes(server, kubeconfig, repository, rolled, listed)


def write_profile(path: Path, lanes: Lanes) -> Path:
    """Write the profile of the lanes; returns the path."""
    profile = {
        "name": "lanes",
        "vantages": [{"name": "here", "kind": "local"}],
        "nameservers": _ABSENT,
        "ranges": "lab",
        "hosts": _ABSENT,
        "endpoints": _ABSENT,
        "clusters": [{"name": "bench", "kubeconfig": str(lanes.kubeconfig)}],
        "lanes": [_lane(one, at, lanes.repository) for at, one in enumerate(lanes.rolled)],
    }
    path.write_text(json.dumps(profile))  # which is YAML too
    return path


def _lane(of: Rolled, at: int, repository: Path) -> dict[str, Any]:
    absent = ("mirror", "catalog", "gitops", "registry", "health", "secrets", "observability")
    return {
        "name": of.lane,
        "lane": of.lane,
        "cluster": "bench",
        "truth": "yaml-lane",
        **dict.fromkeys((*absent, "told", "closeout"), _ABSENT),
        "source": {
            "repository": str(repository),
            "branch": of.lane,
            "authority": "worktree",
            "worktree": _ABSENT,
            "snapshots": _ABSENT,
            "truth_file": _ABSENT,
        },
        "pipeline": {
            "namespace": of.lane,
            "name": f"{of.lane}-ci",
            "service_account": "tekton-runner",
            "run_name": f"{of.lane}-ci-{{short12}}",
            "checkout_task": TASKS[0],
            "required_tasks": list(TASKS[:4]),
            "no_proxy": [".svc", ".cluster.local"],
            "reuse": _ABSENT,
            "benchmark": _ABSENT,
        },
        "argo": {
            "application": f"{of.lane}-{at}",
            "project": of.lane,
            "repo_url": of.url,
            "destination": of.lane,
            "managers": ["python-httpx"],
            "exclusive": False,
        },
        "runtime": {
            "namespace": of.lane,
            "workloads": [
                {
                    "name": f"service-{at}",
                    "replicas": 1,
                    "commit_env": "AGENTRUN_BOOT_COMMIT",
                }
            ],
            "runner": _ABSENT,
        },
        "next": {"default": f"kubectl -n {of.lane} get all"},
    }


def _of_run(rolled: Sequence[Rolled], at: int) -> Rolled:
    """Return what a run is of: the first of each lane of its commit, all others of older ones."""
    own = rolled[at % len(rolled)]
    return own if at < len(rolled) else Rolled(own.lane, f"{at:012x}{_NOT_OURS}")


def _own(server: ApiServer, rolled: Sequence[Rolled]) -> None:
    """Make what is owned by each lane's Deployment and run: their pods and TaskRuns."""
    deployments = _uids(server, "/apis/apps/v1/deployments")
    runs = _uids(server, "/apis/tekton.dev/v1/pipelineruns")
    sets = [
        replica_set(of, at, deployments[of.lane, f"service-{at}"]) for at, of in enumerate(rolled)
    ]
    server.apply_many(sets)
    made_sets = _uids(server, "/apis/apps/v1/replicasets")
    pods = [pod(of, at, made_sets[of.lane, f"service-{at}-7d4b9c"]) for at, of in enumerate(rolled)]
    server.apply_many(pods)
    tasks: list[Made] = []
    for of in rolled:
        tasks += task_runs(of, runs[of.lane, of.run])
    server.apply_many(tasks)


def _uids(server: ApiServer, path: str) -> dict[tuple[str, str], str]:
    with server.client() as client:
        items = client.get(path).raise_for_status().json()["items"]
    told = (one["metadata"] for one in items)
    return {(one["namespace"], one["name"]): one["uid"] for one in told}


def _branches(repository: Path, names: Sequence[str]) -> list[str]:
    """Make a repository with a branch of one commit for each name; returns the commits."""
    git = ["git", f"--git-dir={repository}"]
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run([*git, "init", "-q", "--bare"], env=env, check=True, timeout=60)
    stream = "".join(
        f"commit refs/heads/{name}\ncommitter A <a@lanes.test> 1800000000 +0000\n"
        f"data {len(name)}\n{name}\nM 644 inline {name}.txt\ndata {len(name)}\n{name}\n"
        for name in names
    )
    imported = [*git, "fast-import", "--quiet"]
    subprocess.run(imported, input=stream, env=env, text=True, check=True, timeout=60)
    asked = [*git, "for-each-ref", "--sort=refname", "--format=%(objectname)", "refs/heads/"]
    told = subprocess.run(asked, env=env, capture_output=True, text=True, check=True, timeout=60)
    return told.stdout.split()
