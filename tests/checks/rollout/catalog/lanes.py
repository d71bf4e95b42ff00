"""A lane with real repositories: a source branch, and promotions of it to a GitOps branch."""

import asyncio
import json
import re
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from checks.rollout.catalog import probe, scanning
from checks.rollout.catalog.probe import Branch
from checks.rollout.catalog.reading import read_catalog
from checks.rollout.catalog.scanned import Manifests, Promotions, Searched
from checks.rollout.catalog.seen import Catalog, EarlierCatalogs, Head, NoCatalog
from checks.rollout.failures import Failure
from checks.rollout.source.seen import Target
from config.lanes import Lane
from fixtures.vantages.local import Local
from reports.verdicts import class_of
from tests.checks.repositories import held, unsure
from tests.checks.wire.gits import commit, git, make_worktree
from tests.registries import digest_of

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
CATALOG = "deploy/artifact-catalog.v01.json"
RUNTIME = "deploy/gitops/g14/runtime-v01"
IMAGE = "127.0.0.1:5000/agentrun/agentrun-mgr-env"
IDENTITY, DIGEST = "e" * 16, digest_of(b"the environment")
REF = "refs/heads/v0.1-gitops"
URL = "git@github.com:pikasTech/agentrun.git"
SERVICE = "agentrun-mgr"
NEXT = {"default": "agentrun v01 status"}


def lane(**changes: Any) -> Lane:
    """Return the documents' lane; `catalog__without` and the like change a part of it."""
    nothing = {"absent": "not in this test"}
    fields: dict[str, Any] = {
        "name": "agentrun-v01",
        "lane": "v01",
        "cluster": nothing,
        "truth": "deploy-json",
        "source": {
            "repository": URL,
            "branch": "v0.1",
            "authority": "worktree",
            "worktree": nothing,
            "snapshots": nothing,
        },
        "catalog": {
            "path": CATALOG,
            "services": [SERVICE],
            "identity_inputs": ["package.json", "deploy/runtime/boot/*.sh"],
        },
        "gitops": {
            "repository": "gitops",
            "branch": "v0.1-gitops",
            "path": RUNTIME,
            "render": nothing,
        },
        "registry": {"url": "http://127.0.0.1:5000"},
        "next": NEXT,
    }
    absent = ("mirror", "pipeline", "argo", "runtime", "health", "secrets", "observability")
    fields |= dict.fromkeys((*absent, "told", "closeout"), nothing)
    for name, value in changes.items():
        part, _, key = name.partition("__")
        fields[part] = {**fields[part], key: value} if key else value
    return Lane.model_validate(fields)


def service(**changes: Any) -> dict[str, Any]:
    """Return a service as a promotion writes it into the catalog."""
    commit_id = changes.pop("commit", "c" * 40)
    fields = {
        "serviceId": SERVICE,
        "imageRef": {
            "kind": "env-image-dockerfile",
            "repoUrl": URL,
            "commitId": "d" * 40,
            "dockerfilePath": "deploy/env.Dockerfile",
        },
        "envImageTag": f"{IMAGE}:{IDENTITY}",
        "digest": DIGEST,
        "repositoryDigest": f"{IMAGE}@{DIGEST}",
        "envIdentity": IDENTITY,
        "bootCommit": commit_id,
        "toolchainInputs": {"base": "oven/bun:1.3", "packages": ["git"]},
        "status": "reused",
        "provenance": {"pipelineRun": f"agentrun-v01-ci-{commit_id[:12]}"},
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def catalog_text(*services: Mapping[str, Any], **changes: Any) -> str:
    fields = {
        "lane": "v01",
        "sourceBranch": "v0.1",
        "gitopsBranch": "v0.1-gitops",
        "sourceCommit": "c" * 40,
        "services": list(services) or [service()],
    }
    return json.dumps({name: one for name, one in (fields | changes).items() if one is not None})


def read(text: str, at: str = "b" * 40) -> Catalog:
    seen = read_catalog(text.encode(), CATALOG, at, AT)
    assert isinstance(seen, Catalog)
    return seen


def catalog(*services: Mapping[str, Any], at: str = "b" * 40, **changes: Any) -> Catalog:
    return read(catalog_text(*services, **changes), at)


def earlier(*catalogs: Catalog, whole: bool = True, **changes: Any) -> EarlierCatalogs:
    fields: dict[str, Any] = {"unread": (), "shallow": False} | changes
    return EarlierCatalogs(
        path=CATALOG, commit="b" * 40, catalogs=catalogs, whole=whole, at=AT, **fields
    )


def target(commit_id: str) -> Target:
    return Target(
        commit=commit_id,
        tip=commit_id,
        ref="refs/heads/v0.1",
        repository="source",
        authority="worktree",
        asked=False,
        ancestry="same",
        why="",
        at=AT,
    )


def broken(check: Callable[..., None], *given: Any, **named: Any) -> tuple[str, str]:
    """Call a check that must not hold; return the class of its failure, and what it says."""
    with suppress(KeyError):
        named |= {"remark": lambda _: None} if check.__annotations__["remark"] else {}
    with pytest.raises(AssertionError) as raised:
        check(*given, **named)
    said = re.sub(r"\n *", "\n", str(raised.value))
    failure, colon, rest = said.partition(": expected ")
    if not colon:
        failure, rest = str(class_of(check)), said.removeprefix("expected ")
    assert failure in set(Failure)
    assert "\nmend agentrun v01 status" in rest
    return failure, rest.partition("\nmend ")[0].partition("\nsaw ")[2]


def deployment(image: str = f"{IMAGE}@{DIGEST}", **more: str) -> str:
    containers = "".join(
        f"      - {{name: {name}, image: '{one}'}}\n" for name, one in more.items()
    )
    return (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: mgr, namespace: agentrun-v01}\n"
        "spec:\n  template:\n    spec:\n      containers:\n"
        f"      - {{name: mgr, image: '{image}'}}\n{containers}"
    )


def job(image: str, command: str, kind: str = "Job") -> str:
    pod = (
        f"{{spec: {{initContainers: [{{name: boot, image: '{image}', command: [sh, -c,"
        f" {json.dumps(command)}]}}], containers: []}}}}"
    )
    spec = f"{{template: {pod}}}"
    if kind == "CronJob":
        spec = f"{{jobTemplate: {{spec: {spec}}}}}"
    return f"apiVersion: batch/v1\nkind: {kind}\nmetadata: {{name: runner}}\nspec: {spec}\n"


@dataclass
class Rollout:
    """Real repositories of a lane below a folder: `source`, and `gitops`."""

    folder: Path
    branch: Branch = field(init=False)
    source: Path = field(init=False)

    def __post_init__(self) -> None:
        self.source = make_worktree(self.folder / "source")
        make_worktree(self.folder / "gitops", "v0.1-gitops")
        self.branch = Branch(str(self.folder / "gitops"), REF)

    def change(self, **files: str) -> str:
        """Commit to the source; `package__json` is `package.json`."""
        named = {name.replace("__", "."): text for name, text in files.items()}
        return commit(self.source, named)

    def promote(self, files: Mapping[str, str | None]) -> str:
        return commit(self.folder / "gitops", files)

    def publish(self, commit_id: str, *, services: tuple[Any, ...] = (), **manifests: str) -> str:
        """Promote a commit: the catalog, and manifests of the lane's folder by name."""
        made = catalog_text(*services or (service(commit=commit_id),), sourceCommit=commit_id)
        named = {f"{RUNTIME}/{name}.yaml": text for name, text in manifests.items()}
        return self.promote({CATALOG: made, **named})

    def head(self) -> Head:
        seen = look(probe.look_at_head, self.branch)
        assert isinstance(seen, Head)
        return seen

    def catalog(self) -> Catalog | NoCatalog:
        seen = look(probe.look_at_catalog, self.branch, CATALOG, self.head())
        assert isinstance(seen, Catalog | NoCatalog)
        return seen

    def earlier(self, most: int = 10) -> EarlierCatalogs:
        seen = look(probe.look_at_earlier_catalogs, self.branch, CATALOG, most, self.head())
        assert isinstance(seen, EarlierCatalogs)
        return seen

    def manifests(self) -> Manifests:
        installers = lane().gitops.installers  # type: ignore[union-attr]
        seen = look(scanning.look_at_manifests, self.branch, RUNTIME, installers, self.head())
        assert isinstance(seen, Manifests)
        return seen

    def promotions(self) -> Promotions:
        seen = look(scanning.look_at_promotions, self.branch, self.head(), self.earlier())
        assert isinstance(seen, Promotions)
        return seen

    def searched(self) -> Searched:
        needed = (self.head(), self.promotions())
        seen = look(scanning.search_for_secrets, self.branch, *needed)
        assert isinstance(seen, Searched)
        return seen


def look(probing: Callable[..., Coroutine[Any, Any, Any]], target: Any, *arguments: Any) -> Any:
    """Look from this host, as a run does."""
    return asyncio.run(probing(target, Local(), *arguments, deadline=60.0))


__all__ = ["git", "held", "unsure"]  # what tests take from here
