"""Runner Jobs as a manager makes them: of the catalog's images, and without installing."""

from typing import Any

import pytest

from checks.rollout import check_runner_images as checks
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.catalog.lanes import catalog, earlier, service
from tests.checks.rollout.catalog.lanes import lane as catalog_lane
from tests.checks.rollout.lanes import NONE
from tests.checks.rollout.runtime import made
from tests.checks.rollout.runtime.made import a_lane
from tests.checks.rollout.runtime.written import Json, job, template
from tests.registries import digest_of

RUNNER = {
    "manager": "agentrun-mgr",
    "selector": "app=agentrun-runner",
    "sessions": NONE,
    "writable_home": NONE,
}
IMAGE = "127.0.0.1:5000/agentrun/agentrun-mgr-env"
NOW, BEFORE, OTHER = (digest_of(one) for one in (b"now", b"before", b"other"))


def of(digest: str) -> Any:
    return catalog(service(digest=digest, repositoryDigest=f"{IMAGE}@{digest}"))


def runs(*images: str, active: int = 1, **cut: Any) -> Judged:
    own = a_lane(runner=RUNNER)
    every = [
        job(f"runner-{at}", spec__template=template(image), status__active=active)
        for at, image in enumerate(images)
    ]
    return judged(
        checks.check_runners_run_images_of_the_catalog,
        live_jobs=made.jobs(*every),
        catalog=of(NOW),
        catalog_earlier=earlier(of(BEFORE), **cut),
        gitops_expected=catalog_lane().gitops,
        runner=getattr(own.runtime, "runner", None),
        runtime=own.runtime,
        lane=own,
    )


def test_a_runner_runs_an_image_of_the_catalog_or_of_an_earlier_one() -> None:
    assert runs(f"{IMAGE}@{NOW}").words == ("upheld", "")
    found = runs(f"{IMAGE}@{NOW}", f"{IMAGE}@{BEFORE}")
    assert found.words == ("upheld", "")
    assert found.remarks == ("1 containers of runners have images of earlier catalogs",)


@pytest.mark.parametrize("image", [f"{IMAGE}:latest", f"evil.test/x@{OTHER}", ""])
def test_an_image_that_somebody_else_named_is_untrusted(image: str) -> None:
    found = runs(f"{IMAGE}@{NOW}", image)

    assert found.words == ("violated", "untrusted-image-tag")
    assert found.judgement.mend == "agentrun v01 restart --confirm"


def test_an_image_that_an_unread_catalog_may_have_is_not_judged() -> None:
    assert runs(f"{IMAGE}@{OTHER}", whole=False).words == ("inconclusive", "")
    assert runs(f"{IMAGE}:latest", whole=False).words == ("violated", "untrusted-image-tag")


def test_without_a_runner_nothing_is_said_of_its_image() -> None:
    assert runs().words == ("inconclusive", "")


def test_only_the_newest_runner_and_those_at_work_are_judged() -> None:
    over, fine = f"{IMAGE}:latest", f"{IMAGE}@{NOW}"

    assert runs(fine, over, active=0).words == ("upheld", "")  # of one second: as they were listed
    assert runs(over, fine, active=0).words == ("violated", "untrusted-image-tag")


def installs(**container: Any) -> Judged:
    own = a_lane(runner=RUNNER)
    wanted: Json = template(f"{IMAGE}@{NOW}")
    wanted["spec"]["containers"][0] |= container
    return judged(
        checks.check_runners_install_nothing,
        live_jobs=made.jobs(job(spec__template=wanted)),
        runner=getattr(own.runtime, "runner", None),
        runtime=own.runtime,
        lane=own,
    )


def test_a_runner_installs_nothing() -> None:
    assert installs(command=["bun"], args=["run", "start"]).words == ("upheld", "")
    for command in (["sh", "-c", "apt-get update && true"], ["bun", "install"]):
        assert installs(command=command).words == ("violated", "runtime-install")
