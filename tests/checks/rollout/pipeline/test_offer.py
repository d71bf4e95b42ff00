"""What a lane's pipeline offers: each list once for a cluster, and reasons for what is absent."""

from typing import Any

import pytest

from checks.rollout.pipeline.cases import offer
from checks.rollout.pipeline.listing import Parts
from checks.rollout.pipeline.sightings import runs_of
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Baseline, Sighting, plan
from tests.checks.rollout import lanes
from tests.checks.rollout.pipeline import made


def profile(*own: Lane) -> Profile:
    return lanes.profile(*own, clusters=[{"name": "g14", "context": "g14"}])


def named(one: Lane, name: str) -> Lane:
    return one.model_copy(update={"name": name})


def offered(one: Lane) -> dict[str, Any]:
    return dict(offer(profile(one), one, "host"))


def test_lanes_of_a_cluster_share_their_lists() -> None:
    own = [named(made.lane(namespace=f"ci-{at}"), f"lane-{at}") for at in range(9)]
    whole = profile(*own)
    every = [offer(whole, one, "host") for one in own]

    steps = plan(
        one for each in every for one in (each["whole_run"], each["held_up"], each["pods_of_run"])
    )
    lists = [one.probe.__name__ for one in steps if one.probe.__name__.startswith("list_")]

    assert sorted(lists) == ["list_events", "list_pods", "list_runs", "list_task_runs"]
    found = runs_of(whole, own[0])
    assert isinstance(found, Sighting)
    assert found.arguments == (tuple(f"ci-{at}" for at in range(9)), Parts(results=False))
    assert found.by_hand == (
        "kubectl --context g14 get pipelineruns.v1.tekton.dev --all-namespaces -o json"
    )


def test_a_lane_without_a_pipeline_says_why_everywhere() -> None:
    told = offered(lanes.lane())
    free = ("pipeline_target", "env_inputs", "tools_beside", "base_beside")

    assert [name for name, one in told.items() if not isinstance(one, Absent | Baseline)] == [*free]


def test_a_lane_without_a_cluster_says_why() -> None:
    one = made.lane().model_copy(update={"cluster": Absent(absent="it is gone")})
    told = offered(one)

    assert told["pipeline_run"] == told["held_up"] == Absent(absent="it is gone")
    assert told["pipeline"] == one.pipeline


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("pipeline_no_proxy", "names no no_proxy"),
        ("latest_only", "latest_only is false"),
        ("cleaned", "since_baseline"),
        ("service_plan", "says nothing of services"),
        ("cleanup_jobs_before", "since_baseline"),
    ],
)
def test_what_the_profile_leaves_out_has_its_reason(argument: str, words: str) -> None:
    found = offered(made.lane())[argument]

    assert isinstance(found, Absent)
    assert words in found.absent


def test_two_moments_are_compared_where_the_profile_says_what_lies_between() -> None:
    told = offered(made.lane(since_baseline="control-plane-apply", bystanders=["platform-infra"]))

    assert (
        told["applied_since"]
        == made.lane(since_baseline="control-plane-apply", bystanders=["platform-infra"]).pipeline
    )
    assert told["apply_deployments_before"] == Baseline(told["apply_deployments"])
    assert told["apply_deployments"].arguments == (("platform-infra",), "Deployment")
    assert isinstance(told["cleaned"], Absent)


@pytest.mark.parametrize(
    "name", ["agentrun-v01-ci", "x-{sha}", "x-{short", "Upper-{short}", "{commit}x{}"]
)
def test_a_runs_name_has_its_commit_in_it(name: str) -> None:
    with pytest.raises(ValueError, match="run_name"):
        made.lane(run_name=name)
