"""What a lane offers to the checks of its catalog, branch and registry."""

import inspect
from typing import Any

from checks.rollout import check_catalog, check_gitops, check_publishing, check_registry
from checks.rollout.catalog.cases import offer
from checks.rollout.runtime.cases import offer as of_runtime
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Sighting
from fixtures.subjects import wanted
from tests.checks.rollout.catalog.lanes import CATALOG, REF, lane

ABSENT = {"absent": "the documents do not say"}
MIRROR = {
    "repository": "/srv/mirror.git",
    "read_url": "http://mirror.test/o/r.git",
    "write_url": "http://mirror.test/o/r.git",
    "cache": ABSENT,
}


def profile_of(its: Lane) -> Profile:
    nothing = {"hosts": ABSENT, "endpoints": ABSENT}
    return Profile.model_validate({"name": "p", **nothing, "lanes": [its]})


def offered(its: Lane) -> dict[str, Any]:
    profile = profile_of(its)
    return {"lane": its, **of_runtime(profile, its, "here"), **offer(profile, its, "here")}


def asked() -> set[str]:
    return {
        name
        for module in (check_catalog, check_gitops, check_publishing, check_registry)
        for called, check in inspect.getmembers(module, inspect.isfunction)
        if called.startswith("check_")
        for name in wanted(check)
    } - {"remark"}


def test_every_argument_of_a_check_is_offered() -> None:
    assert asked() <= set(offered(lane()))


def test_a_lane_that_has_all_is_seen_in_all() -> None:
    its = lane(
        mirror=MIRROR,
        catalog__layers={},
        catalog__specs=["*.yaml"],
        gitops__render={"argv": ["render", "{out}"]},
    )

    names = asked() - of_runtime(profile_of(its), its, "here").keys()
    seen = {name: one for name, one in offered(its).items() if name in names}

    assert [name for name, one in seen.items() if isinstance(one, Absent)] == ["catalog_run"]
    looks = {one.id for one in seen.values() if isinstance(one, Sighting)}
    for one in seen.values():
        assert not isinstance(one, Sighting) or isinstance(one.by_hand, str)
    assert seen["catalog"].by_hand == f"git -C gitops show {REF}:{CATALOG}"
    assert len(looks) == sum(isinstance(one, Sighting) for one in seen.values())


def test_what_a_lane_has_not_is_absent_with_its_reason() -> None:
    its = lane(catalog=ABSENT, gitops=ABSENT, registry=ABSENT)

    seen = list(offer(profile_of(its), its, "here").values())

    reasons = {one.absent for one in seen if isinstance(one, Absent)}
    assert reasons == {"the documents do not say", "not in this test"}  # it has no mirror, too
    assert all(isinstance(one, Absent) for one in seen)


def test_a_branch_is_searched_though_the_lane_has_no_catalog() -> None:
    seen = offered(lane(catalog=ABSENT))

    alone = ("gitops_head", "gitops_manifests", "gitops_promotions", "gitops_searched")
    assert all(isinstance(seen[name], Sighting) for name in alone)


def test_what_is_asked_of_two_lanes_is_asked_once() -> None:
    one, other = offered(lane()), offered(lane(name="agentrun-too"))

    assert one["catalog"].id == other["catalog"].id
    assert one["gitops_searched"].id == other["gitops_searched"].id
