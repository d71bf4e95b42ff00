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


def test_a_run_that_was_not_made_yet_is_waited_for(tmp_path: Path) -> None:
    told: list[str] = []
    with lane_with_registry(tmp_path) as (whole, lane):
        pipelines = tmp_path / PLACE / "cluster" / "pipelines.yaml"
        written = pipelines.read_text()
        assert written.count("kind: PipelineRun\n") == 1
        pipelines.write_text(written.replace("kind: PipelineRun\n", "kind: NoRun\n"))
        none = '{"apiVersion": "tekton.dev/v1", "kind": "PipelineRunList", "items": []}'
        (pipelines.parent / "none.json").write_text(none)
        elsewhere = lane.model_copy(
            update={"catalog": lane.catalog.model_copy(update={"path": "deploy/none-yet.json"})}
        )
        profile = whole.model_copy(update={"lanes": (elsewhere,)})
        links = chain_of(profile, elsewhere).needs[:1]

        def tell(text: str) -> None:
            told.append(text)
            pipelines.write_text(written)

        def observing() -> Observatory:
            here = {"here": Local()}
            return Observatory(plan(links), here, Notebook(), in_flight=4, limit=120)

        ended = Waiting(links, observing, tell, 120.0, pause=(0.01, 0.01)).wait()

    assert told[0].startswith("orders-v01 pipeline: pending, not made yet")
    assert told[1].startswith("orders-v01 pipeline: pending -> agrees, ")
    assert told[-1] == ended
    assert ended.startswith("nothing ")
