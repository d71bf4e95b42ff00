"""The links of catalog, registry and GitOps branch, of what was seen of them."""

from dataclasses import replace
from typing import Any

import pytest

from checks.rollout import check_catalog, check_publishing
from checks.rollout.catalog.chain import link_catalog, link_gitops, link_registry
from checks.rollout.catalog.manifests import ImageUse
from checks.rollout.catalog.reading import read_catalog
from checks.rollout.catalog.scanned import Manifests, Standing
from checks.rollout.catalog.seen import Head, NoHead
from checks.rollout.catalog.stored import Stored, StoredImage
from checks.rollout.failures import Failure
from checks.rollout.links import Link, State
from checks.rollout.pipeline.seen import Run
from fixtures.registries import DOCKER_SCHEMA2, Manifest, NotThere
from tests.checks.rollout.catalog.lanes import (
    AT,
    CATALOG,
    DIGEST,
    IDENTITY,
    IMAGE,
    REF,
    RUNTIME,
    SERVICE,
    broken,
    catalog,
    held,
    lane,
    service,
    target,
    unsure,
)
from tests.registries import digest_of

ABSENT = {"absent": "not in this test"}


def standing(stands: Any) -> Standing:
    return Standing(target="c" * 40, commit="d" * 40, stands=stands, why="no such", at=AT)


@pytest.mark.parametrize(
    ("stands", "state"),
    [
        ("same", State.AGREES),
        ("newer", State.SUPERSEDED),
        ("older", State.PENDING),
        ("unknown", State.UNKNOWN),
        ("apart", State.BROKEN),
    ],
)
def test_a_catalogs_link_is_as_its_commit_stands(stands: str, state: State) -> None:
    link = link_catalog(lane(), catalog(), standing(stands))

    assert (link.node, link.state) == ("catalog", state)
    assert link.evidence == f"{'b' * 40}:{CATALOG}"
    assert link.failure == (Failure.CATALOG_SOURCE_MISMATCH if stands == "apart" else "")
    assert bool(link.mend) == (state not in {State.AGREES, State.SUPERSEDED})


def test_a_catalog_that_is_missing_or_not_whole_breaks_its_link() -> None:
    missing = link_catalog(lane(), read_catalog(None, CATALOG, "b" * 40, AT), None)
    partly = link_catalog(lane(), catalog(service(digest=None)), standing("same"))

    assert (missing.state, missing.failure) == (State.BROKEN, Failure.CATALOG_MISSING)
    assert (partly.state, partly.failure) == (State.BROKEN, Failure.CATALOG_INCOMPLETE)


def manifest(digest: str = DIGEST) -> Manifest:
    return Manifest(
        repository="agentrun/agentrun-mgr-env",
        reference=digest,
        digest=digest,
        declared=digest,
        media_type=DOCKER_SCHEMA2,
        form="image",
        children=(),
        config=None,
        layers=(),
        size=1,
    )


def stored(by_digest: Manifest | NotThere | None) -> Stored:
    path = "agentrun/agentrun-mgr-env"
    by_tag = manifest() if by_digest else None
    one = StoredImage(SERVICE, path, IDENTITY, DIGEST, by_tag, by_digest)
    return Stored(registry="r", commit="b" * 40, images=(one,), shown=(), at=AT)


def test_a_registrys_link_is_as_its_images_are() -> None:
    agrees = link_registry(lane(), stored(manifest()))
    gone = link_registry(lane(), stored(NotThere("p", DIGEST, "MANIFEST_UNKNOWN")))
    unasked = link_registry(lane(), stored(None))

    assert (agrees.state, agrees.observed) == (State.AGREES, f"{SERVICE} {DIGEST}")
    assert (gone.state, gone.failure) == (State.BROKEN, Failure.DIGEST_ABSENT)
    assert unasked.state is State.UNKNOWN


def run(status: str) -> Run:
    return Run(
        name="agentrun-v01-ci-cccccccccccc",
        namespace="agentrun-ci",
        uid="1",
        commit="c" * 40,
        status=status,
        reason="Completed" if status == "True" else "Running",
        message="",
        created=AT,
        completed=AT if status == "True" else None,
        ordered="",
        ordered_by="",
        deleting=False,
        others=(),
        at=AT,
    )


def test_a_finished_run_leaves_no_older_catalog() -> None:
    check = check_catalog.check_catalog_follows_the_finished_run

    held(check, standing("same"), run("True"), target("c" * 40), lane())
    held(check, standing("newer"), run("True"), target("c" * 40), lane())
    for stands in ("older", "apart"):
        failure, saw = broken(check, standing(stands), run("True"), target("c" * 40), lane())
        assert (failure, saw) == (Failure.CATALOG_SOURCE_MISMATCH, f"it is of {'d' * 40}")
    assert "no finished run" in unsure(
        check, standing("older"), run("Unknown"), target("c" * 40), lane()
    )
    assert "not known what it is of" in unsure(
        check, standing("unknown"), run("True"), target("c" * 40), lane()
    )
    gone_on = replace(target("c" * 40), tip="e" * 40, ancestry="contained")
    assert unsure(check, standing("older"), run("True"), gone_on, lane()).startswith("pending: ")
    assert broken(check, standing("apart"), run("True"), gone_on, lane())


def test_what_was_not_published_is_told() -> None:
    check = check_publishing.check_what_the_catalog_names_is_published
    pinned, other = manifests(f"{IMAGE}@{DIGEST}"), manifests(f"{IMAGE}@{digest_of(b'x')}")
    gone = stored(NotThere("p", DIGEST, "MANIFEST_UNKNOWN"))

    held(check, catalog(), stored(manifest()), pinned, lane())
    for registry, branch, words in (
        (gone, pinned, "the registry has no"),
        (stored(manifest()), other, "no manifest runs"),
    ):
        failure, saw = broken(check, catalog(), registry, branch, lane())
        assert failure == Failure.PUBLISH_DEFECT
        assert saw.startswith(f"{SERVICE}: {words} {DIGEST}")
    assert "not asked for" in unsure(check, catalog(), stored(None), pinned, lane())
    partly = manifests(f"{IMAGE}@{digest_of(b'x')}", unread=("b.yaml: no YAML",))
    assert "not all could be read" in unsure(check, catalog(), stored(manifest()), partly, lane())


def head() -> Head:
    return Head(repository="r", ref=REF, commit="b" * 40, at=AT)


def manifests(*images: str, unread: tuple[str, ...] = (), files: int = 1) -> Manifests:
    uses = tuple(ImageUse("a.yaml", "Deployment x/mgr", "mgr", one, is_job=False) for one in images)
    return Manifests(
        commit="b" * 40,
        path=RUNTIME,
        files=files,
        objects=files,
        images=uses,
        installing=(),
        specs=(),
        unread=unread,
        at=AT,
    )


@pytest.mark.parametrize(
    ("seen", "failure"),
    [
        (manifests(f"{IMAGE}@{DIGEST}"), ""),
        (manifests(f"{IMAGE}:1"), Failure.UNPINNED_IMAGE),
        (manifests(f"{IMAGE}@{digest_of(b'x')}"), Failure.MANIFEST_CATALOG_MISMATCH),
        (manifests(files=0), Failure.GITOPS_MISSING),
    ],
)
def test_a_branchs_link_is_as_its_manifests_pin(seen: Manifests, failure: str) -> None:
    link = link_gitops(lane(), head(), seen, catalog())

    assert link.state is (State.BROKEN if failure else State.AGREES)
    assert (link.failure, link.evidence) == (failure, f"{'b' * 40}:{RUNTIME}")


def test_a_branch_that_is_not_there_or_not_read_is_told() -> None:
    gone = link_gitops(lane(), NoHead(repository="r", ref=REF, at=AT), None, None)
    unread = link_gitops(lane(), head(), manifests(f"{IMAGE}@{DIGEST}", unread=("b: no",)), None)

    assert (gone.state, gone.failure) == (State.BROKEN, Failure.GITOPS_MISSING)
    assert unread.state is State.UNKNOWN


def test_what_a_lane_has_not_is_absent_and_what_nobody_saw_is_unknown() -> None:
    its = lane(catalog=ABSENT, registry=ABSENT, gitops=ABSENT)
    absent = (
        link_catalog(its, None, None),
        link_registry(its, None),
        link_gitops(its, None, None, None),
    )
    unseen = (
        link_catalog(lane(), None, None),
        link_registry(lane(), None),
        link_gitops(lane(), None, None, None),
    )

    assert {link.state for link in absent} == {State.ABSENT}
    assert {link.why for link in absent} == {"not in this test"}
    assert {link.state for link in unseen} == {State.UNKNOWN}
    assert all(isinstance(link, Link) for link in absent)
