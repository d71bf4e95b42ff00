"""The registry has what the catalog names, by digest; and its images hold no source."""

from checks.rollout.catalog.stored import LayersSeen, Stored
from checks.rollout.catalog.storing import not_asked, other_types, wrongly_stored
from checks.rollout.failures import Failure
from config.lanes import Lane
from reports.verdicts import Inconclusive, Remark, expected, fails_as


@fails_as(Failure.DIGEST_ABSENT)
def check_images_are_in_the_registry(registry_stored: Stored, lane: Lane, remark: Remark) -> None:
    found = wrongly_stored(registry_stored)
    first = found[0][0] if found else Failure.DIGEST_ABSENT
    assert not found, expected(
        "each image of the catalog by its tag and by its digest, in the second schema",
        [why for _, why in found],
        first,
        mend=lane.next_for(first, "registry"),
    )
    unasked = not_asked(registry_stored)
    if unasked or not registry_stored.images:
        raise Inconclusive(
            "; ".join(unasked) or "the catalog names no image",
            "see check_catalog_names_what_it_has_to, and `name` of the lane's registry",
        )
    for why in other_types(registry_stored):
        remark(why)


@fails_as(Failure.SOURCE_BAKED_IN_ENV)
def check_images_hold_no_source(catalog_layers: LayersSeen, lane: Lane) -> None:
    saw = [str(one) for one in catalog_layers.baked]
    mend = lane.next_for(Failure.SOURCE_BAKED_IN_ENV, "registry")
    assert not saw, expected("environments without the source in them", saw, mend=mend)
    if catalog_layers.unread or not catalog_layers.images:
        why = "; ".join(catalog_layers.unread) or "the catalog names no image by digest"
        raise Inconclusive(why, "raise `largest` of the lane's layers, or look by hand")
