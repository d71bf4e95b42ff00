"""Revisions beside the head, as git compares them: what differs below the path, and no more."""

import asyncio
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from checks.rollout.argo.revisions import RevisionsOf, compare_revisions
from checks.rollout.argo.seen import NoApplication, RevisionsCompared
from checks.rollout.catalog.seen import Head
from fixtures.vantages.local import Local
from tests.checks.rollout.argo.written import application, applications
from tests.checks.rollout.runtime.written import NOW, Json
from tests.checks.wire.gits import commit, git, make_bare, make_worktree

PATH = "deploy/runtime"
CATALOG = "deploy/catalog.json"


class Branch(NamedTuple):
    """A GitOps branch: a catalog alone was committed after `manifests`, and after `older`."""

    bare: Path
    older: str
    manifests: str
    head: str
    aside: str
    later: str


@pytest.fixture(scope="module")
def branch(tmp_path_factory: pytest.TempPathFactory) -> Branch:
    folder = tmp_path_factory.mktemp("gitops")
    work = make_worktree(folder / "work", "v0.1-gitops")
    older = commit(work, {f"{PATH}/app.yaml": "a: 1\n", f"{PATH}/notes/x.md": "1\n"})
    manifests = commit(work, {f"{PATH}/app.yaml": "a: 2\n"})
    head = commit(work, {CATALOG: "{}\n"})
    git(work, "checkout", "-q", "-b", "aside", older)
    aside = commit(work, {f"{PATH}/app.yaml": "a: 3\n"})
    git(work, "checkout", "-q", "-b", "later", head)
    later = commit(work, {f"{PATH}/notes/x.md": "2\n"})
    bare = make_bare(folder / "gitops.git", work)
    return Branch(bare, older, manifests, head, aside, later)


def compare(
    branch: Branch,
    revision: str,
    *items: Json,
    head: str = "",
    repository: str = "",
    by_branch: str | None = None,
) -> RevisionsCompared | NoApplication:
    of = RevisionsOf(
        repository=repository or str(branch.bare),
        path=PATH,
        urls=("https://git.example/gitops.git",),
        branch=by_branch,
        namespace="argocd",
        application="agentrun-g14-v01",
    )
    seen = applications(*(items or (application(status__sync__revision=revision),)))
    at = Head(
        repository=of.repository,
        ref="refs/heads/v0.1-gitops",
        commit=head or branch.head,
        at=NOW,
    )
    return asyncio.run(compare_revisions(of, Local(), seen, at, deadline=30))


def standing(seen: RevisionsCompared | NoApplication, of: str = "compared") -> list[str]:
    assert isinstance(seen, RevisionsCompared)
    return [one.standing for one in seen.of(of)]


def test_a_commit_beside_the_path_leaves_a_revision_equal(branch: Branch) -> None:
    seen = compare(branch, branch.manifests)

    assert standing(seen) == ["path-equal"]
    assert isinstance(seen, RevisionsCompared)
    assert seen.each[0].why == f"nothing differs below {PATH}"
    assert standing(compare(branch, branch.head)) == ["same"]


def test_a_commit_below_the_path_lets_a_revision_lag_and_tells_since_when(branch: Branch) -> None:
    seen = compare(branch, branch.older)

    assert standing(seen) == ["lags"]
    assert isinstance(seen, RevisionsCompared)
    assert f"{PATH}/app.yaml" in seen.each[0].why
    assert seen.changed is not None


def test_a_revision_may_be_ahead_apart_none_or_unknown(branch: Branch) -> None:
    assert standing(compare(branch, branch.later)) == ["ahead"]
    assert standing(compare(branch, branch.aside)) == ["diverged"]
    assert standing(compare(branch, "")) == ["none"]
    assert standing(compare(branch, "5" * 40)) == ["unknown"]
    assert standing(compare(branch, "main")) == ["unknown"]


def test_a_shallow_clone_tells_of_no_history(branch: Branch, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", "--branch=v0.1-gitops",
        f"file://{branch.bare}", str(shallow))  # fmt: skip

    seen = compare(branch, branch.older, repository=str(shallow))

    assert standing(seen) == ["unknown"]


def test_paths_of_which_no_manifest_is_made_do_not_count(branch: Branch) -> None:
    annotation = "metadata__annotations"
    paths = {annotation: {"argocd.argoproj.io/manifest-generate-paths": "app.yaml"}}
    wider = {annotation: {"argocd.argoproj.io/manifest-generate-paths": ".;/shared"}}
    revision = {"status__sync__revision": branch.head}

    def of(**changes: Any) -> list[str]:
        return standing(compare(branch, "", application(**revision, **changes), head=branch.later))

    assert of(**paths) == ["unread"]
    assert of(**wider) == ["lags"]
    assert of() == ["lags"]


def test_several_sources_are_compared_each_for_itself(branch: Branch) -> None:
    chart = {"repoURL": "https://charts.example", "chart": "redis", "targetRevision": "1.2.3"}
    source = {"repoURL": "https://git.example/gitops", "targetRevision": "v0.1-gitops"}
    other = {"repoURL": "https://git.example/other", "targetRevision": "main"}
    several = {
        "spec__source": None,
        "spec__sources": [chart, source | {"path": PATH}, other, source | {"ref": "values"}],
        "status__sync__revisions": ["1.2.3", branch.head, "6" * 40, branch.older],
        "status__operationState__syncResult__revisions": ["1.2.3", branch.manifests],
    }

    seen = compare(branch, "", application(**several))

    # one that lags is not hidden by one that does not
    assert standing(seen) == ["same", "lags"]
    assert standing(seen, "applied") == ["path-equal", "none"]


def test_an_application_that_is_not_there_has_no_revisions(branch: Branch) -> None:
    seen = compare(branch, "", application("another"))

    assert isinstance(seen, NoApplication)
    assert seen.headline == "there is no Application argocd/agentrun-g14-v01"
