"""Waiting for the lab's lane: its snapshot is taken anew while it is waited for."""

from pathlib import Path

from checks.rollout.chain.sightings import chain_of
from fixtures.lab.faults import Fault
from fixtures.lab.lane.making import PLACE
from fixtures.observatory import Observatory
from fixtures.sightings import plan
from fixtures.vantages.local import Local
from fixtures.waiting import Waiting
from tests.checks.rollout.lab_lane import lane_with_registry
from tests.fixtures.stars import Notebook

_UNDER_WAY = ("updatedReplicas: 1", "reason: ReplicaSetUpdated")
_OVER = ("updatedReplicas: 2", "reason: NewReplicaSetAvailable")


def test_a_rollout_is_waited_for_until_it_is_over(tmp_path: Path) -> None:
    workloads = tmp_path / PLACE / "cluster" / "workloads.yaml"
    told: list[str] = []

    def tell(text: str) -> None:
        """Let the rollout go on once it is known to be under way."""
        told.append(text)
        if len(told) == 1:
            written = workloads.read_text()
            for there, instead in zip(_UNDER_WAY, _OVER, strict=True):
                assert there in written
                written = written.replace(there, instead)
            workloads.write_text(written)

    with lane_with_registry(tmp_path, Fault.ROLLOUT_UNDER_WAY) as (profile, lane):
        links = chain_of(profile, lane).needs[:1]

        def observing() -> Observatory:
            here = {"here": Local()}
            return Observatory(plan(links), here, Notebook(), in_flight=4, limit=120)

        ended = Waiting(links, observing, tell, 120.0, pause=(0.01, 0.01)).wait()

    assert told[0] == "orders-v01 runtime: pending, 1 of 2 new replicas are updated"
    assert told[1].startswith("orders-v01 runtime: pending -> agrees, Deployment orders: ")
    assert told[2:] == [ended]
    assert ended.startswith("nothing is on its way any more")
