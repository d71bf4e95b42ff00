"""What is published and not applied is a lag, and neither a defect nor yet a mismatch."""

from dataclasses import replace
from typing import Any

import pytest

from checks.rollout import check_publishing
from checks.rollout.catalog.manifests import ImageUse
from checks.rollout.catalog.scanned import Manifests
from checks.rollout.catalog.stored import Stored, StoredImage
from checks.rollout.runtime.images import LiveImagesShown
from fixtures.registries import Manifest, NotThere
from reports.verdicts import Verdict
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.runtime import made
from tests.checks.rollout.runtime.made import a_lane
from tests.checks.rollout.runtime.test_images import manifest
from tests.checks.rollout.runtime.test_workload_changes import catalog
from tests.checks.rollout.runtime.written import (
    DIGEST,
    IMAGE,
    NAMESPACE,
    NOW,
    deployment,
    pod,
    replica_set,
)

OLD = "sha256:" + "b" * 64
SHOWN = (manifest(DIGEST), manifest(OLD))


def stored(by_digest: Manifest | NotThere | None) -> Stored:
    images = tuple(
        StoredImage(one.service, "a/b", one.tag, one.digest, None, by_digest)
        for one in catalog().services
    )
    return Stored(registry="r", commit="b" * 40, images=images, shown=(), at=NOW)


def manifests(*images: str) -> Manifests:
    uses = tuple(ImageUse("a.yaml", "Deployment x/y", "y", one, is_job=False) for one in images)
    return Manifests(
        commit="b" * 40,
        path="deploy",
        files=1,
        objects=1,
        images=uses,
        installing=(),
        specs=(),
        unread=(),
        at=NOW,
    )


def applied(running: str, template: str, **more: Any) -> Judged:
    own = a_lane()
    named = deployment(spec__template__spec__containers__0__image=template)
    live = pod(status__containerStatuses__0__imageID=running)
    shown = LiveImagesShown(namespace=NAMESPACE, shown=SHOWN, unasked="", at=NOW)
    given: dict[str, Any] = {
        "catalog": catalog(),
        "registry_stored": stored(manifest(DIGEST)),
        "gitops_manifests": manifests(f"{IMAGE}@{DIGEST}"),
        "live_workloads": (made.deployments(named),),
        "live_replica_sets": made.replica_sets(replica_set()),
        "live_pods": made.pods(live),
        "live_images": shown,
        "runtime": own.runtime,
        "lane": own,
    }
    return judged(check_publishing.check_what_is_published_is_applied, **(given | more))


OTHER = replace(catalog().services[0], service="another")
NEW, BEFORE = f"{IMAGE}@{DIGEST}", f"{IMAGE}@{OLD}"


def test_what_is_published_and_runs_is_upheld() -> None:
    assert applied(NEW, NEW).words == ("upheld", "")


def test_workloads_that_name_no_service_are_compared_with_none() -> None:
    own = a_lane(workloads=[{"name": "agentrun-mgr"}])

    found = applied(NEW, BEFORE, runtime=own.runtime, lane=own)

    assert found.judgement.verdict is Verdict.NOT_APPLICABLE
    assert "no workload of the lane names its service" in found.judgement.reason


@pytest.mark.parametrize(("running", "template"), [(BEFORE, BEFORE), (BEFORE, NEW), (NEW, BEFORE)])
def test_what_is_published_and_does_not_run_lags(running: str, template: str) -> None:
    told = applied(running, template)

    assert told.words == ("violated", "runtime-lag")
    assert f"published is {NEW}" in told.judgement.saw
    assert f"has {BEFORE}: mismatch" in told.judgement.saw


def test_a_service_that_the_catalog_does_not_have_is_told_with_those_that_it_has() -> None:
    told = applied(NEW, NEW, catalog=replace(catalog(), services=(OTHER,)))

    assert told.words == ("inconclusive", "")
    assert "the catalog has no image of agentrun-mgr; it has another" in told.judgement.reason


def test_what_is_not_published_does_not_lag() -> None:
    gone = stored(NotThere("a/b", DIGEST, "MANIFEST_UNKNOWN"))

    for more in (
        {"registry_stored": gone},
        {"gitops_manifests": manifests(BEFORE)},
        {"registry_stored": replace(gone, images=())},
    ):
        assert applied(BEFORE, BEFORE, **more).words == ("inconclusive", "")


def test_pods_that_do_not_tell_are_not_judged() -> None:
    assert applied("", NEW).words == ("inconclusive", "")


def test_a_workload_that_is_not_there_is_not_judged() -> None:
    other = made.deployments(deployment("another"))

    assert applied(NEW, NEW, live_workloads=(other,)).words == ("inconclusive", "")
