"""The lab's lane, made in a folder: real repositories, and a snapshot of its cluster."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from config.lanes import Lane
from config.schema import Profile
from fixtures.lab.faults import Fault
from fixtures.lab.lane.making import PLACE, images_of, make_lane
from fixtures.lab.lane.registry import registry_of
from fixtures.lab.places import REGISTRY
from fixtures.lab.serving import serve_pages

NONE = {"absent": "this test has none"}


def lab_profile(root: Path, *faults: Fault, **changes: Any) -> dict[str, Any]:
    """Make the lane below a folder, and return a profile of it, as a document."""
    make_lane(root, frozenset(faults))
    place = root / PLACE
    lane = {**lane_fields(place), **changes}
    cluster = {"name": "lab", "snapshot": str(place / "cluster"), "namespaces": "all"}
    return {
        "name": "lane",
        "endpoints": NONE,
        "hosts": NONE,
        "clusters": [cluster],
        "lanes": [lane],
    }


def lane_fields(place: Path) -> dict[str, Any]:
    """Return the lane's part of the profile."""
    mirror, url = place / "mirror.git", "http://git-mirror-{}.devops-infra.svc/shop/orders.git"
    return {
        "name": "orders-v01",
        "lane": "v01",
        "node": "lab",
        "cluster": "lab",
        "truth": "deploy-json",
        "source": {
            "repository": str(place / "origin.git"),
            "branch": "v0.1",
            "authority": "worktree",
            "worktree": {"path": str(place / "worktree")},
            "snapshots": NONE,
        },
        "mirror": {
            "repository": str(mirror),
            "read_url": url.format("http"),
            "write_url": url.format("write"),
            "cache": NONE,
        },
        "pipeline": {
            "namespace": "orders-ci",
            "name": "orders-v01-ci-image-publish",
            "service_account": "orders-v01-tekton-runner",
            "run_name": "orders-v01-ci-{short12}",
            "checkout_task": "prepare-source",
            "benchmark": NONE,
        },
        "catalog": {"path": "deploy/artifact-catalog.v01.json", "services": ["orders"]},
        "gitops": {
            "repository": str(mirror),
            "branch": "v0.1-gitops",
            "path": "deploy/gitops/lab/runtime-v01",
            "render": NONE,
        },
        "registry": NONE,
        "argo": {
            "application": "orders-lab-v01",
            "project": "orders-v01",
            "destination": "orders-v01",
            "repo_url": "http://git-mirror-http.devops-infra.svc.cluster.local/shop/orders.git",
        },
        "runtime": {
            "namespace": "orders-v01",
            "workloads": [
                {
                    "name": "orders",
                    "service": "orders",
                    "replicas": 2,
                    "commit_env": "ORDERS_BOOT_COMMIT",
                }
            ],
            "runner": NONE,
        },
        "health": NONE,
        "secrets": NONE,
        "observability": NONE,
        "told": NONE,
        "closeout": NONE,
        "next": {"default": "orders v01 status", "pipelinerun-failed": "orders v01 trigger"},
    }


@contextmanager
def lane_with_registry(root: Path, *faults: Fault) -> Iterator[tuple[Profile, Lane]]:
    """Make the lane, and serve the registry of its images."""
    whole = make_lane(root / "images", frozenset(faults))
    with serve_pages(registry_of(images_of(whole, frozenset(faults)))) as port:
        registry = {"url": f"http://127.0.0.1:{port}", "name": REGISTRY}
        yield made(root, *faults, registry=registry)


def made(root: Path, *faults: Fault, **changes: Any) -> tuple[Profile, Lane]:
    """Make the lane, and return the profile and the lane."""
    told = lab_profile(root, *faults, **changes)
    lane = Lane.model_validate(told["lanes"][0])
    profile = Profile.model_validate(told)
    return profile.model_copy(update={"lanes": (lane,)}), lane
