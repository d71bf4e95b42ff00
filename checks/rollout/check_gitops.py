"""The GitOps branch holds what a promotion may write, pins it, and keeps no secrets."""

import pytest

from checks.rollout.catalog.pinning import (
    escaped,
    missing_from,
    not_of_the_catalog,
    runs,
    unpinned,
    untrusted,
    writable,
)
from checks.rollout.catalog.rendered import NotRendered, Rendered
from checks.rollout.catalog.scanned import Manifests, Promotions, Searched
from checks.rollout.catalog.seen import Catalog, Head, NoHead
from checks.rollout.failures import Failure
from config.lanes import Lane
from config.lanes.catalog import GitOps
from config.model import Absent
from fixtures.subjects import holds
from reports.verdicts import Inconclusive, NotApplicable, Remark, expected, fails_as


@holds(NoHead)
@fails_as(Failure.GITOPS_MISSING)
def check_gitops_branch_is_there(gitops_head: Head | NoHead, lane: Lane) -> None:
    mend = lane.next_for(Failure.GITOPS_MISSING, "gitops")
    assert isinstance(gitops_head, Head), expected(
        "the GitOps branch", gitops_head.headline, mend=mend
    )


@fails_as(Failure.GITOPS_MISSING)
def check_gitops_branch_has_the_lanes_manifests(gitops_manifests: Manifests, lane: Lane) -> None:
    mend = lane.next_for(Failure.GITOPS_MISSING, "gitops")
    there = gitops_manifests.objects or gitops_manifests.unread
    assert there, expected(
        f"manifests below {gitops_manifests.path}", gitops_manifests.headline, mend=mend
    )
    if not gitops_manifests.objects:
        raise Inconclusive(*_unread(gitops_manifests))


@fails_as(Failure.UNPINNED_IMAGE)
def check_manifests_pin_every_image_by_digest(
    gitops_manifests: Manifests, gitops_expected: GitOps, lane: Lane
) -> None:
    saw = unpinned(gitops_manifests.images, gitops_expected.unpinned)
    mend = lane.next_for(Failure.UNPINNED_IMAGE, "gitops")
    assert not saw, expected("each container's image to be pinned by its digest", saw, mend=mend)
    _all_is_seen(gitops_manifests)


@fails_as(Failure.MANIFEST_CATALOG_MISMATCH)
def check_manifests_run_what_the_catalog_published(
    gitops_manifests: Manifests, catalog: Catalog, lane: Lane, remark: Remark
) -> None:
    saw = not_of_the_catalog(gitops_manifests.images, catalog)
    mend = lane.next_for(Failure.MANIFEST_CATALOG_MISMATCH, "gitops")
    assert not saw, expected("each image to be that of the catalog, by digest", saw, mend=mend)
    _all_is_seen(gitops_manifests)
    for why in missing_from(gitops_manifests.images, catalog):
        remark(f"warning: {why}")
    if not any(one.digest and runs(gitops_manifests, one) for one in catalog.services):
        raise Inconclusive("no manifest runs any image of the catalog", "see the GitOps path")


@fails_as(Failure.UNTRUSTED_IMAGE_TAG)
def check_jobs_run_images_of_the_catalog(
    gitops_manifests: Manifests,
    catalog: Catalog,
    gitops_expected: GitOps,
    lane: Lane,
) -> None:
    saw = untrusted(gitops_manifests.images, catalog, gitops_expected.unpinned)
    mend = lane.next_for(Failure.UNTRUSTED_IMAGE_TAG, "gitops")
    assert not saw, expected("each Job to run an image of the catalog, by digest", saw, mend=mend)
    _all_is_seen(gitops_manifests, containers=False)
    _has_jobs(gitops_manifests)


@fails_as(Failure.RUNTIME_INSTALL)
def check_jobs_install_nothing(gitops_manifests: Manifests, lane: Lane) -> None:
    saw = [str(one) for one in gitops_manifests.installing]
    mend = lane.next_for(Failure.RUNTIME_INSTALL, "gitops")
    assert not saw, expected(
        "Jobs to run what their image has, and install nothing", saw, mend=mend
    )
    _all_is_seen(gitops_manifests, containers=False)
    _has_jobs(gitops_manifests)


@pytest.mark.allure_label("critical", label_type="severity")
@fails_as(Failure.SECRET_VALUE_IN_GITOPS)
def check_gitops_branch_holds_no_secret_value(
    gitops_searched: Searched, gitops_promotions: Promotions, lane: Lane
) -> None:
    saw = [str(leak) for leak in gitops_searched.leaks]
    mend = lane.next_for(Failure.SECRET_VALUE_IN_GITOPS, "gitops")
    mend = mend or "take the secret back, make a new one, and name it by SecretRef"
    assert not saw, expected("references to Secrets, and no value of one", saw, mend=mend)
    if not gitops_searched.files:
        raise Inconclusive(
            "the branch has no file", "see check_gitops_branch_has_the_lanes_manifests"
        )
    if not gitops_promotions.whole:
        raise Inconclusive(
            f"only the newest {len(gitops_promotions.written)} of the commits since the catalog"
            " before were searched",
            "look through the older ones by hand",
        )


@fails_as(Failure.PROMOTION_PATH_ESCAPE)
def check_promotions_write_only_what_they_may(
    gitops_promotions: Promotions, gitops_expected: GitOps, lane: Lane
) -> None:
    catalog = None if isinstance(lane.catalog, Absent) else lane.catalog.path
    allowed = writable(catalog, gitops_expected.path, gitops_expected.generated)
    saw = escaped(gitops_promotions, allowed)
    mend = lane.next_for(Failure.PROMOTION_PATH_ESCAPE, "gitops")
    assert not saw, expected(f"promotions to write only {', '.join(allowed)}", saw, mend=mend)
    if not gitops_promotions.written or not gitops_promotions.whole:
        why = "more commits than were read" if gitops_promotions.written else "no commits"
        raise Inconclusive(f"since the catalog before there are {why}", "look at the branch's log")


@fails_as(Failure.GITOPS_RENDER_DRIFT)
def check_manifests_are_what_the_source_renders_to(
    gitops_rendered: Rendered | NotRendered, lane: Lane
) -> None:
    mend = lane.next_for(Failure.GITOPS_RENDER_DRIFT, "gitops")
    if isinstance(gitops_rendered, NotRendered):
        raise Inconclusive(gitops_rendered.headline, mend or "run it by hand in a clean clone")
    saw = [str(one) for one in gitops_rendered.differing]
    what = f"what {gitops_rendered.commit} renders to on the GitOps branch"
    assert not saw, expected(what, saw, mend=mend)


def _has_jobs(manifests: Manifests) -> None:
    """Say that a sentence about Jobs has no subject; raises `NotApplicable`."""
    if not any(use.is_job for use in manifests.images):
        raise NotApplicable(f"the manifests below {manifests.path} have no Job")


def _all_is_seen(manifests: Manifests, *, containers: bool = True) -> None:
    """Uphold nothing of manifests that could not be read, or of none."""
    if manifests.unread or not manifests.objects or (containers and not manifests.images):
        raise Inconclusive(*_unread(manifests))


def _unread(manifests: Manifests) -> tuple[str, str]:
    why = "; ".join(manifests.unread[:5])
    if why:
        return f"not all manifests could be read: {why}", "write them so that YAML reads them"
    return f"{manifests.headline}: nothing to judge", "correct `path` of the lane's gitops"
