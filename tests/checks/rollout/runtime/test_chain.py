"""The link of what runs: the worst of its workloads decides, and nothing covers it."""

from typing import Any

import pytest

from checks.rollout.links import Link, State
from checks.rollout.runtime.chain import link
from tests.checks.rollout.lanes import lane
from tests.checks.rollout.runtime import made
from tests.checks.rollout.runtime.made import NEXT, a_lane
from tests.checks.rollout.runtime.test_images import CONFIG, OTHER, manifest, runs, shown
from tests.checks.rollout.runtime.test_workload_changes import TIP, catalog
from tests.checks.rollout.runtime.written import (
    DIGEST,
    IMAGE,
    Json,
    deployment,
    exceeded,
    template,
    waiting,
)

NEWER = deployment(spec__template=template(AGENTRUN_BOOT_COMMIT=TIP))


def made_of(
    item: Json | None = None,
    pods: tuple[Json, ...] = (),
    images: Any = None,
    target: Any = None,
    settled: Any = (),
    **runtime: Any,
) -> Link:
    return link(
        a_lane(**runtime),
        (made.deployments(item or deployment()),),
        made.replica_sets(),
        made.pods(*pods),
        images or shown(),
        catalog(),
        target or made.target(),
        settled,
    )


@pytest.mark.parametrize(
    ("seen", "state", "failure"),
    [
        (made_of(), State.AGREES, ""),
        (made_of(deployment("another")), State.BROKEN, "runtime-not-ready"),
        (made_of(deployment(spec__replicas=0)), State.BROKEN, "runtime-not-ready"),
        (made_of(deployment(status__conditions__1=exceeded(), status__availableReplicas=1)),
         State.BROKEN, "runtime-not-ready"),
        (made_of(deployment(status__conditions__1=exceeded())), State.PENDING, ""),
        (made_of(deployment(status__updatedReplicas=1)), State.PENDING, ""),
        (made_of(settled=(made.settled(),)), State.AGREES, ""),
        (made_of(settled=(made.settled(deployment(status__availableReplicas=1)),)),
         State.PENDING, ""),
        (made_of(pods=(waiting("CrashLoopBackOff"),)), State.BROKEN, "runtime-not-ready"),
        (made_of(pods=(runs(f"{IMAGE}@{OTHER}"),), images=shown(manifest(DIGEST), manifest(OTHER))),
         State.BROKEN, "runtime-digest-mismatch"),
        (made_of(pods=(runs(CONFIG),), images=shown(manifest(DIGEST, config=CONFIG))),
         State.AGREES, ""),
        (made_of(pods=(runs(f"{IMAGE}@{OTHER}"),)), State.UNKNOWN, ""),
        (made_of(NEWER), State.BROKEN, "boot-commit-mismatch"),
        (made_of(NEWER, target=made.target(tip=TIP, ancestry="contained")), State.SUPERSEDED, ""),
        # of a commit that is pending and an image that is wrong, the wrong one is told
        (made_of(deployment(status__updatedReplicas=1), pods=(runs(f"{IMAGE}@{OTHER}"),),
                 images=shown(manifest(DIGEST), manifest(OTHER))),
         State.BROKEN, "runtime-digest-mismatch"),
    ],
)  # fmt: skip
def test_the_link_is_told_of_what_was_seen(seen: Link, state: State, failure: str) -> None:
    assert (seen.state, seen.failure) == (state, failure), seen
    assert seen.mend == (NEXT["runtime"] if failure else "")


def test_what_is_ill_is_told_before_what_is_only_of_another_commit() -> None:
    late = made_of(NEWER)
    stuck = made_of(NEWER, pods=(waiting("CrashLoopBackOff"),))

    assert (late.failure, late.late) == ("boot-commit-mismatch", True)
    assert (stuck.failure, stuck.late) == ("runtime-not-ready", False)
    assert made_of(deployment("another")).late, "it is made when Argo CD comes to it"


def test_that_something_runs_proves_nothing_of_the_target() -> None:
    untied = made_of(workloads=[{"name": "agentrun-mgr", "commit_env": None}])

    assert untied.state is State.UNKNOWN
    assert "names its service of the catalog" in untied.why


def test_what_nobody_looked_at_is_unknown_and_what_a_lane_has_not_is_absent() -> None:
    assert link(a_lane(), None, None, None, None, None, None).state is State.UNKNOWN
    unseen = link(a_lane(), made.deployments(), None, None, None, None, made.target())
    assert unseen.state is State.UNKNOWN
    assert "not compared with the catalog" in unseen.why
    assert link(lane(), None, None, None, None, None, None).state is State.ABSENT
