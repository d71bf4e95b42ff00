"""`--lane`, `--node` and `--wait`: which lanes are judged, and when."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.program import Ended, run_checks, suite_with_area

CASES = """
from fixtures.sightings import Case, Sighting
from checks.roads.probe import climb, walk


def offered(lane):
    path = Sighting(walk, lane.name, "here")
    return {"lane": lane, "path": path, "hill": Sighting(climb, lane.name, "here")}


def cases(profile):
    for lane in profile.lanes or ():
        yield Case(lane.name, "here", offered(lane))
"""
PROBE = """
from dataclasses import dataclass
from pathlib import Path as File
from typing import Literal

from fixtures.waiting import awaited
from reports.codec import observation
from reports.links import Link


@observation
class Path:
    kind: Literal["test-roads"] = "test-roads"
    state: str

    @property
    def headline(self) -> str:
        return self.state

    @property
    def links(self):
        return [Link("argo", self.state, why="it syncs")]


@awaited(lambda path: path.links)
async def walk(lane: str, vantage, *, deadline: float) -> Path:
    # Each look moves the lane on: from the third on it agrees.
    looks = File(FOLDER, lane)
    seen = len(looks.read_text()) if looks.exists() else 0
    looks.write_text("x" * (seen + 1))
    return Path(state="agrees" if seen >= 2 or lane == "quick" else "pending")


async def climb(lane: str, vantage, *, deadline: float) -> Path:
    return Path(state="steep")
"""
CHECK = """
from checks.roads.probe import Path
from reports.verdicts import Inconclusive


def check_it_has_arrived(path: Path) -> None:
    if path.state == "pending":
        raise Inconclusive("pending: it syncs", "wait for it")
    assert path.state == "agrees"


def check_a_hill(hill: Path) -> None:
    assert hill.state == "steep"
"""
ABSENT = {"absent": "the test has none"}
NODES = ("mirror", "pipeline", "catalog", "gitops", "registry", "argo", "runtime", "health")


def lane(name: str, lane: str, node: str) -> dict[str, Any]:
    source = {"repository": "/r", "branch": "b", "authority": "worktree"}
    beside = ("cluster", "secrets", "observability", "told", "closeout")
    return {
        "name": name,
        "lane": lane,
        "node": node,
        "truth": "deploy-json",
        "source": source | {"worktree": ABSENT, "snapshots": ABSENT},
        **dict.fromkeys((*NODES, *beside), ABSENT),
    }


@pytest.fixture
def roads(tmp_path: Path) -> Path:
    looks = tmp_path / "looks"
    looks.mkdir()
    profile = {
        "name": "roads",
        "endpoints": ABSENT,
        "hosts": ABSENT,
        "lanes": [lane("slow", "v01", "G14"), lane("quick", "v02", "D601")],
    }
    (tmp_path / "roads.yaml").write_text(yaml.safe_dump(profile))
    files = {
        "cases.py": CASES,
        "probe.py": PROBE.replace("FOLDER", repr(str(looks))),
        "check_arrival.py": CHECK,
    }
    return suite_with_area(tmp_path, "roads", files)


def run(suite: Path, *options: str) -> Ended:
    profile = f"--profile={suite.parent / 'roads.yaml'}"
    return run_checks(suite.parent, profile, "-m", "roads", *options, suite=suite)


def judged(ended: Ended) -> dict[str, str]:
    return {name.partition("[")[2][:-1]: word for name, word in ended.verdicts().items()}


def test_the_lanes_that_are_named_are_judged(roads: Path) -> None:
    ended = run(roads, "--lane", "v02", "--node", "D601", "-k", "arrived")

    assert judged(ended) == {"quick@here": "upheld"}
    assert "quick from here is whole" in ended.out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--lane", "v03"), "--lane v03: the profile roads has no such lane"),
        (("--node", "D602"), "--node D602: the profile roads has no such machine"),
        (("--wait", "soon"), "'soon' is no duration; allowed: seconds above 0, or such as 500ms"),
        (("--wait", "5s", "--replay", "x"), "--wait looks until a rollout is over, and --replay"),
        (("--wait", "5s", "-k", "a_hill"), "--wait: no check that is selected judges the chain"),
    ],
)
def test_bad_options_are_refused_in_one_message(
    roads: Path, options: tuple[str, ...], words: str
) -> None:
    ended = run(roads, *options)

    assert ended.status == 4
    assert words in ended.out
    assert "Traceback" not in ended.out
    assert ended.folder is None


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_what_is_on_its_way_is_waited_for_and_then_judged_as_ever(
    roads: Path, workers: tuple[str, ...]
) -> None:
    ended = run(roads, "--wait", "60s", "-k", "arrived", *workers)

    assert ended.status == 0
    assert "2 checks, 2 upheld" in ended.out
    told = [line["told"] for line in ended.journal("wait")]
    assert told[0] == "slow argo: pending, it syncs"
    assert told[1] == "slow argo: pending -> agrees"
    assert told[2].startswith("nothing is on its way any more")
    assert all(line in ended.out for line in told)
    assert ended.is_sealed()


def test_a_wait_that_runs_out_is_pending(roads: Path) -> None:
    ended = run(roads, "--wait", "300ms", "--lane", "slow", "-k", "arrived")

    assert judged(ended) == {"slow@here": "inconclusive"}
    assert ended.status == 6
    assert "waited   ran out after" in ended.out
    assert "slow at argo" in ended.out


def test_a_plan_says_what_would_be_looked_at_and_waits_for_nothing(roads: Path) -> None:
    ended = run(roads, "--plan-only", "--wait", "60s", "-k", "arrived")

    assert "2 sightings would be made; none was" in ended.out
    assert list((roads.parent / "looks").iterdir()) == []
