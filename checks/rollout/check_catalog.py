"""The catalog is there, whole, of the commit that is to be proved, and reuses what it may."""

from checks.rollout.catalog import judging
from checks.rollout.catalog.manifests import Spec
from checks.rollout.catalog.scanned import (
    ImageRefsRead,
    InputsChanged,
    NoInputs,
    Specs,
    Standing,
)
from checks.rollout.catalog.seen import Catalog, EarlierCatalogs, NoCatalog
from checks.rollout.failures import Failure
from checks.rollout.pipeline.conditions import State as RunState
from checks.rollout.pipeline.conditions import standing_of
from checks.rollout.pipeline.seen import NoRun, Run
from checks.rollout.source.seen import Target
from config.lanes import Lane
from config.lanes.catalog import Catalog as Expected
from config.lanes.catalog import GitOps
from fixtures.subjects import holds
from reports.verdicts import Inconclusive, NotApplicable, Remark, expected, fails_as


@holds(NoCatalog)
@fails_as(Failure.CATALOG_MISSING)
def check_catalog_is_there(catalog: Catalog | NoCatalog, lane: Lane) -> None:
    mend = lane.next_for(Failure.CATALOG_MISSING, "catalog")
    assert isinstance(catalog, Catalog), expected(
        "a catalog on the GitOps branch: JSON, written by a promotion",
        catalog.headline,
        mend=mend,
    )


@fails_as(Failure.CATALOG_INCOMPLETE)
def check_catalog_names_what_it_has_to(
    catalog: Catalog, catalog_expected: Expected, gitops_expected: GitOps, lane: Lane
) -> None:
    saw = judging.incomplete(catalog, catalog_expected)
    saw += judging.of_other_lanes(catalog, lane.lane, lane.source.branch, gitops_expected.branch)
    mend = lane.next_for(Failure.CATALOG_INCOMPLETE, "catalog")
    assert not saw, expected(f"all that {catalog.path} has to name", saw, mend=mend)


@fails_as(Failure.CATALOG_SOURCE_MISMATCH)
def check_catalog_is_of_the_target(catalog_standing: Standing, lane: Lane, remark: Remark) -> None:
    stands, mend = catalog_standing.stands, lane.next_for("catalog-source-mismatch", "catalog")
    assert stands != "apart", expected(
        f"a catalog of {catalog_standing.target}",
        f"it is of {catalog_standing.commit}, and neither is in the history of the other",
        mend=mend,
    )
    if stands == "older":
        raise Inconclusive(
            f"pending: the catalog is of {catalog_standing.commit}, which the target's history"
            f" contains; {catalog_standing.target} has not been promoted yet",
            mend or "wait for the pipeline run: --wait 5m",
        )
    if stands == "unknown":
        raise Inconclusive(
            f"how the catalog stands to the target is not known: {catalog_standing.why}", mend
        )
    if stands == "newer":
        remark(
            f"superseded: the catalog is of {catalog_standing.commit}, which contains the target"
        )


@fails_as(Failure.CATALOG_SOURCE_MISMATCH)
def check_catalog_follows_the_finished_run(
    catalog_standing: Standing, catalog_run: Run | NoRun, catalog_target: Target, lane: Lane
) -> None:
    mend = lane.next_for(Failure.CATALOG_SOURCE_MISMATCH, "catalog")
    run, stands, target = catalog_run, catalog_standing.stands, catalog_target
    if isinstance(run, NoRun) or standing_of(run).state is not RunState.SUCCEEDED:
        raise Inconclusive(f"no finished run to follow: {run.headline}", mend or "see the run")
    if stands == "older" and target.ancestry == "contained":
        why = f"{run.name} may have left it to {target.tip}, which contains {target.commit}"
        raise Inconclusive(f"pending: superseded: {why}", mend or "prove the branch's tip")
    assert stands not in {"older", "apart"}, expected(
        f"a catalog of {run.commit}, of which {run.name} has succeeded",
        f"it is of {catalog_standing.commit}",
        mend=mend,
    )
    if stands == "unknown":
        raise Inconclusive(f"it is not known what it is of: {catalog_standing.why}", mend)


@fails_as(Failure.ENV_TAG_IS_COMMIT)
def check_tags_are_identities_of_environments(
    catalog: Catalog, catalog_expected: Expected, lane: Lane
) -> None:
    if not catalog_expected.env_images:
        raise NotApplicable("the lane says that its images are no environments: env_images")
    saw = judging.tagged_by_commit(catalog)
    mend = lane.next_for(Failure.ENV_TAG_IS_COMMIT, "catalog")
    assert not saw, expected("each tag to be the identity of its environment", saw, mend=mend)
    if not any(one.tag is not None and one.env_identity is not None for one in catalog.services):
        raise Inconclusive("the catalog names no tag and identity", "see what it has to name")


@fails_as(Failure.UNSAFE_REUSE)
def check_images_are_reused_by_the_catalog_alone(
    catalog: Catalog, catalog_earlier: EarlierCatalogs, lane: Lane, remark: Remark
) -> None:
    found = judging.unsafely_reused(catalog, catalog_earlier)
    first = found[0][0] if found else Failure.UNSAFE_REUSE
    assert not found, expected(
        "what is reused to be what an earlier catalog has for the same identity",
        [why for _, why in found],
        first,
        mend=lane.next_for(first, "catalog"),
    )
    if nameless := judging.reused_by_no_name(catalog):
        raise Inconclusive(
            f"{nameless[0]}: nothing tells of what it was reused",
            "let the catalog name the identity and the digest of what it reuses",
        )
    if unfollowed := judging.not_followed(catalog, catalog_earlier):
        raise Inconclusive(
            f"{unfollowed[0]}: not found in the {len(catalog_earlier.catalogs)} earlier catalogs"
            " that could be read",
            "raise `earlier` of the lane's catalog, or give git its whole history",
        )
    if not catalog.services:
        raise Inconclusive("the catalog has no service", "see what it has to name")
    for one in catalog.services:
        if judging.is_reused(one) and (before := judging.before_of(one, catalog_earlier)):
            remark(f"{one.service} is as it was at {before[0].commit[:12]}")


@fails_as(Failure.REUSE_NOT_REPORTED)
def check_reuse_is_reported(catalog: Catalog, catalog_earlier: EarlierCatalogs, lane: Lane) -> None:
    saw = judging.reuse_unreported(catalog, catalog_earlier)
    mend = lane.next_for(Failure.REUSE_NOT_REPORTED, "catalog")
    assert not saw, expected("each service to say that it was built, or reused", saw, mend=mend)
    if not catalog.services:
        raise Inconclusive("the catalog has no service", "see what it has to name")


@fails_as(Failure.ENV_IDENTITY_INSENSITIVE)
def check_identities_follow_their_inputs(
    catalog: Catalog,
    catalog_earlier: EarlierCatalogs,
    catalog_inputs: InputsChanged | NoInputs,
    *,
    catalog_expected: Expected,
    lane: Lane,
    remark: Remark,
) -> None:
    if isinstance(catalog_inputs, NoInputs):
        raise Inconclusive(catalog_inputs.why, "look again after the next promotion")
    parts = catalog_expected.identity_parts
    found = judging.identity_changes(catalog, catalog_earlier, catalog_inputs, parts)
    first = found[0][0] if found else Failure.ENV_IDENTITY_INSENSITIVE
    assert not found, expected(
        "another identity where an input changed, and the same one where none did",
        [why for _, why in found],
        first,
        mend=lane.next_for(first, "catalog"),
    )
    if not judging.have_identities(catalog, catalog_earlier):
        raise Inconclusive(
            f"no service has an identity both at {catalog.commit[:12]} and in the catalog before",
            "look again after the next promotion; let the catalog name its identities",
        )
    for why in judging.explained(catalog, catalog_earlier, catalog_inputs, parts):
        remark(why)


@fails_as(Failure.IMAGEREF_INVALID)
def check_imagerefs_are_whole(catalog: Catalog, catalog_expected: Expected, lane: Lane) -> None:
    refs = [(one.service, one.image_ref) for one in catalog.services]
    if "imageRef" in catalog_expected.without:
        raise NotApplicable("the lane says that its catalog names no imageRef: `without`")
    saw = list(judging.invalid_refs(refs, catalog_expected.imageref_kind))
    mend = lane.next_for(Failure.IMAGEREF_INVALID, "catalog")
    assert not saw, expected("each imageRef to be a Dockerfile at a full commit", saw, mend=mend)
    if not refs:
        raise Inconclusive("the catalog has no service", "see what it has to name")


@fails_as(Failure.IMAGEREF_INVALID)
def check_specs_name_whole_imagerefs(
    catalog_specs: Specs, catalog_expected: Expected, lane: Lane
) -> None:
    refs = [(_named(one), one.image_ref) for one in catalog_specs.specs]
    saw = list(judging.invalid_refs(refs, catalog_expected.imageref_kind))
    saw += [
        f"{_named(one)}: it names no kind" for one in catalog_specs.specs if not one.image_ref.kind
    ]
    mend = lane.next_for(Failure.IMAGEREF_INVALID, "catalog")
    assert not saw, expected("each spec's imageRef to be a Dockerfile at a commit", saw, mend=mend)
    if catalog_specs.unread or not refs:
        why = "; ".join(catalog_specs.unread) or "no file of `specs` has one with an imageRef"
        raise Inconclusive(why, "correct `specs` of the lane's catalog, or the files")


@fails_as(Failure.IMAGEREF_UNREADABLE)
def check_imagerefs_can_be_read_from_the_mirror(
    catalog_imagerefs: ImageRefsRead, lane: Lane
) -> None:
    saw = [
        f"{one.of}: {one.place}: {'no such commit' if one.state == 'no-commit' else 'no such file'}"
        for one in catalog_imagerefs.read
        if one.state in {"no-commit", "no-file"}
    ]
    mend = lane.next_for(Failure.IMAGEREF_UNREADABLE, "mirror", "catalog")
    what = f"each Dockerfile to be read from {catalog_imagerefs.repository}"
    assert not saw, expected(what, saw, mend=mend)
    elsewhere = [one.place for one in catalog_imagerefs.read if one.state == "elsewhere"]
    if elsewhere or not catalog_imagerefs.read:
        why = f"this mirror is of another repository: {elsewhere[0]}" if elsewhere else ""
        raise Inconclusive(why or "the catalog names no Dockerfile", "look at it by hand")


@fails_as(Failure.CATALOG_NOT_HYDRATED)
def check_catalog_can_be_read_where_plans_read_it(
    catalog: Catalog, catalog_at_mirror: Catalog | NoCatalog, lane: Lane
) -> None:
    mend = lane.next_for(Failure.CATALOG_NOT_HYDRATED, "mirror", "catalog")
    assert isinstance(catalog_at_mirror, Catalog), expected(
        "the catalog at the mirror, from which plans read it",
        catalog_at_mirror.headline,
        mend=mend,
    )
    missing = [
        one.service for one in catalog.services if not catalog_at_mirror.service(one.service)
    ]
    assert not missing, expected(
        "the mirror's catalog to have each service",
        [f"it has no {one}" for one in missing],
        mend=mend,
    )


def _named(one: Spec) -> str:
    return f"{one.path}: {one.of}"
