"""The lanes that are shipped as worked examples, without anything of what they tell about."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from checks.rollout.cases import cases
from config.lanes import Lane
from config.loading import load
from config.model import Absent
from tests.needs import need_namespace
from tests.program import run_checks

PROFILES = {
    "agentrun": ("agentrun-v01", "agentrun-v02"),
    "hwlab": ("hwlab-v02", "hwlab-d601-v03"),
}
NODES = ("mirror", "pipeline", "catalog", "gitops", "registry", "argo", "runtime", "health")
WORKED = pytest.mark.parametrize("name", PROFILES)


def lanes_of(name: str) -> Mapping[str, Lane]:
    lanes = load(name).profile.lanes
    assert isinstance(lanes, tuple)
    return {lane.name: lane for lane in lanes}


@WORKED
def test_they_are_the_lanes_of_their_documents(name: str) -> None:
    assert tuple(lanes_of(name)) == PROFILES[name]


@WORKED
def test_each_has_a_case_and_reasons_for_what_it_does_not_have(name: str) -> None:
    made = [case for case in cases(load(name).profile) if case.target in PROFILES[name]]

    assert [case.target for case in made] == list(PROFILES[name])
    for case in made:
        absent = [one for one in case.arguments.values() if isinstance(one, Absent)]
        assert all(len(one.absent.split()) > 3 for one in absent)


def test_the_truth_of_the_two_lanes_of_agentrun_is_another() -> None:
    first, second = lanes_of("agentrun").values()

    assert (first.truth, first.source.authority) == ("deploy-json", "worktree")
    assert (second.truth, second.source.authority) == ("yaml-lane", "snapshot")
    assert not [node for node in NODES[:-1] if isinstance(getattr(first, node), Absent)]
    assert isinstance(second.source.worktree, Absent)
    assert second.source.snapshots == "refs/unidesk/snapshots/agentrun-yaml-lane"


def test_the_lane_on_d601_is_probed_at_its_formal_url_alone() -> None:
    lane = lanes_of("hwlab")["hwlab-d601-v03"]

    assert isinstance(lane.health, tuple)
    (probe,) = lane.health
    assert probe.formal == "https://hwlab.pikapython.com"
    assert probe.inadmissible_ports == (20666, 20667)
    assert probe.vantages != (lane.vantage,)  # from outside


@WORKED
def test_failures_quote_the_lanes_own_next_command(name: str) -> None:
    for lane in lanes_of(name).values():
        assert lane.next_for("pending-flush").endswith("git-mirror flush --confirm --wait")
        assert lane.next_for("nothing-of-the-kind", "source") == lane.next["default"]


@WORKED
def test_where_nothing_of_it_is_there_its_chain_is_not_known(name: str, tmp_path: Path) -> None:
    within = need_namespace()

    ended = run_checks(
        tmp_path, "--profile", name, "-m", "rollout", "-k", "every_link_agrees", within=within
    )

    assert ended.status == 6, ended.out
    assert set(ended.verdicts().values()) == {"inconclusive"}
    judged = {check.partition("[")[2].partition("@")[0] for check in ended.verdicts()}
    assert judged >= set(PROFILES[name])
    for lane in PROFILES[name]:
        assert f"{lane} from " in ended.out
    assert ">>  source    not known" in ended.out
    assert "Traceback" not in ended.out


def test_what_would_be_looked_at_can_be_asked_anywhere(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, "--profile", "agentrun", "-m", "rollout", "--plan-only")

    assert ended.folder is None
    assert "sightings would be made; none was" in ended.out
    assert "git@github.com:pikasTech/agentrun.git" in ended.out
