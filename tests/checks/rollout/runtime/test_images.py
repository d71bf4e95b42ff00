"""The images that run, beside the catalog's: the five outcomes, as a check tells of them."""

import asyncio
from typing import Any

import pytest

from checks.rollout import check_images_live
from checks.rollout.links import State
from checks.rollout.runtime.images import LiveImagesOf, LiveImagesShown, show_live_images
from fixtures.registries import Child, Manifest, NotThere, RegistryPlace
from fixtures.vantages.local import Local
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.chain.made import chain, links
from tests.checks.rollout.runtime import made
from tests.checks.rollout.runtime.made import a_lane
from tests.checks.rollout.runtime.test_workload_changes import catalog
from tests.checks.rollout.runtime.written import (
    DIGEST,
    IMAGE,
    NAMESPACE,
    NOW,
    Json,
    deployment,
    pod,
    replica_set,
    template,
)
from tests.ports import free_port

OTHER, CONFIG = "sha256:" + "b" * 64, "sha256:" + "c" * 64
SECOND = "agentrun-mgr-7c9f-z9w8q"


def manifest(digest: str, *, children: tuple[str, ...] = (), config: str | None = None) -> Manifest:
    return Manifest(
        repository="agentrun/agentrun-mgr-env",
        reference=digest,
        digest=digest,
        declared=digest,
        media_type="application/vnd.docker.distribution.manifest.v2+json",
        form="index" if children else "image",
        children=tuple(Child(one, "linux/amd64") for one in children),
        config=config,
        layers=(),
        size=1,
    )


def shown(*manifests: Manifest | NotThere, unasked: str = "") -> LiveImagesShown:
    return LiveImagesShown(namespace=NAMESPACE, shown=manifests, unasked=unasked, at=NOW)


def runs(image_id: str, name: str = "agentrun-mgr-7c9f-x2k4p", **changes: Any) -> Json:
    return pod(name, status__containerStatuses__0__imageID=image_id, **changes)


def told_of(
    *pods: Json, images: LiveImagesShown | None = None, item: Json | None = None, **more: Any
) -> Judged:
    own = a_lane(**more.pop("runtime", {}))
    given: dict[str, Any] = {
        "live_workloads": (made.deployments(item or deployment()),),
        "live_replica_sets": made.replica_sets(replica_set()),
        "live_pods": made.pods(*pods),
        "catalog": catalog(),
        "live_images": images or shown(),
        "runtime": own.runtime,
        "lane": own,
    }
    return judged(check_images_live.check_pods_run_the_published_images, **(given | more))


@pytest.mark.parametrize(
    ("image_id", "images", "words"),
    [
        (f"{IMAGE}@{DIGEST}", shown(), ("upheld", "")),
        (f"docker-pullable://{IMAGE}@{DIGEST}", shown(), ("upheld", "")),
        (f"{IMAGE}@{OTHER}", shown(manifest(DIGEST, children=(OTHER,)), manifest(OTHER)),
         ("upheld", "")),
        (f"{IMAGE}@{OTHER}", shown(manifest(OTHER, children=(DIGEST,)), manifest(DIGEST)),
         ("upheld", "")),
        (CONFIG, shown(manifest(DIGEST, config=CONFIG)), ("upheld", "")),
        (f"{IMAGE}@{OTHER}", shown(manifest(DIGEST), manifest(OTHER)),
         ("violated", "runtime-digest-mismatch")),
        (f"{IMAGE}@{OTHER}", shown(unasked="registry: connection refused"), ("inconclusive", "")),
        (f"{IMAGE}:latest", shown(), ("inconclusive", "")),
        ("", shown(), ("inconclusive", "")),
    ],
)  # fmt: skip
def test_what_runs_has_to_be_the_published_image(
    image_id: str, images: LiveImagesShown, words: tuple[str, str]
) -> None:
    said = told_of(runs(image_id), images=images)

    assert said.words == words, said.judgement
    assert all(one in said.judgement.reason for one in (images.unasked,))


def test_one_pod_of_another_image_is_enough_and_an_old_one_is_not() -> None:
    known = shown(manifest(DIGEST), manifest(OTHER))
    mixed = told_of(pod(), runs(f"{IMAGE}@{OTHER}", SECOND), images=known)
    old = told_of(
        pod(),
        runs(f"{IMAGE}@{OTHER}", "agentrun-mgr-5d4c-x", metadata__ownerReferences__0__uid="old"),
        live_replica_sets=made.replica_sets(
            replica_set(), replica_set("agentrun-mgr-5d4c", "6", metadata__uid="old")
        ),
        images=known,
    )

    assert mixed.words == ("violated", "runtime-digest-mismatch")
    under_way = chain(links(argo=State.PENDING, runtime=State.PENDING))
    on_its_way = told_of(pod(), runs(f"{IMAGE}@{OTHER}", SECOND), images=known, chain=under_way)
    assert on_its_way.words == ("inconclusive", "")
    assert on_its_way.judgement.reason.startswith("pending: ")
    assert f"pod {SECOND}" in mixed.judgement.saw
    assert old.words == ("upheld", "")
    assert "of an older revision, and not judged: " in old.remarks[0]


def test_a_proof_is_remarked_and_a_template_of_another_digest_is_refused() -> None:
    proved = told_of(runs(CONFIG), images=shown(manifest(DIGEST, config=CONFIG)))
    moved = told_of(
        item=deployment(spec__template=template(f"{IMAGE}@{OTHER}")),
        images=shown(manifest(DIGEST), manifest(OTHER)),
    )
    tagged = told_of(item=deployment(spec__template=template(f"{IMAGE}:env-1")))

    assert "config-equal" in proved.remarks[0]
    assert moved.words == ("violated", "runtime-digest-mismatch")
    assert "'s template has" in moved.judgement.saw
    assert tagged.words == ("upheld", "")


def test_without_a_service_or_an_image_of_it_nothing_is_compared() -> None:
    bare = {"workloads": [{"name": "agentrun-mgr"}]}

    assert told_of(runtime=bare).words == ("not-applicable", "")
    assert told_of(catalog=catalog(service="other")).words == ("inconclusive", "")


def test_a_registry_is_asked_only_where_digests_differ() -> None:
    here = Local()
    place = RegistryPlace(f"http://127.0.0.1:{free_port()}", "127.0.0.1:5000")

    def look(registry: RegistryPlace | None, *pods: Json) -> LiveImagesShown:
        of = LiveImagesOf(NAMESPACE, registry, "the lane has none")
        return asyncio.run(show_live_images(of, here, catalog(), made.pods(*pods), deadline=20))

    equal, differing = look(place), look(place, runs(f"{IMAGE}@{OTHER}"))

    assert (equal.shown, equal.unasked) == ((), "")
    assert "127.0.0.1" in differing.unasked
    assert look(None, runs(f"{IMAGE}@{OTHER}")).unasked == "the lane has none"
    assert look(place, runs(f"10.0.0.1/another/image@{OTHER}")).unasked == ""
