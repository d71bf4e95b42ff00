"""Lanes for tests: all that a lane has to say, and what a test changes of it."""

from typing import Any

from config.lanes import Lane
from config.schema import Profile

NONE = {"absent": "this test has none"}


def source_fields(**changes: Any) -> dict[str, Any]:
    return {
        "repository": "/nowhere/source.git",
        "branch": "v0.1",
        "authority": "worktree",
        "worktree": NONE,
        "snapshots": NONE,
    } | changes


def mirror_fields(**changes: Any) -> dict[str, Any]:
    return {
        "repository": "/nowhere/mirror.git",
        "read_url": "http://git-mirror-http.devops-infra.svc.cluster.local/o/agentrun.git",
        "write_url": "http://git-mirror-write.devops-infra.svc.cluster.local/o/agentrun.git",
        "cache": NONE,
    } | changes


def lane_fields(**changes: Any) -> dict[str, Any]:
    names = (
        *("cluster", "mirror", "pipeline", "catalog", "gitops", "registry", "argo", "runtime"),
        *("health", "secrets", "observability", "told", "closeout"),
    )
    own = {"name": "agentrun-v01", "lane": "v01", "truth": "deploy-json"}
    return own | dict.fromkeys(names, NONE) | {"source": source_fields()} | changes


def lane(**changes: Any) -> Lane:
    return Lane.model_validate(lane_fields(**changes))


def profile(*lanes: Lane, **changes: Any) -> Profile:
    fields = {"name": "test", "endpoints": NONE, "hosts": NONE} | changes
    return Profile.model_validate(fields).model_copy(update={"lanes": lanes})
