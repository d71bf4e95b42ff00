"""How much is looked at more after violations: so much in a whole run, however many look."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.program import Ended, run_checks, suite_with_area

AREA = {
    "cases.py": """
from checks.door.probe import look
from fixtures.sightings import Case, Sighting

def cases(profile):
    for door in ("front", "back"):
        yield Case(door, "here", {"seen": Sighting(look, door, "here")})
""",
    "probe.py": """
import asyncio
from typing import Literal
from reports.codec import observation

@observation
class Door:
    name: str
    kind: Literal["door"] = "door"
    @property
    def headline(self) -> str:
        return f"the {self.name} is shut"

async def look(target, vantage, *, deadline) -> Door:
    await asyncio.sleep(SECONDS if "beside" in target else 0)
    return Door(name=target)
""",
    "check_door.py": """
from checks.door.probe import Door
from reports.verdicts import expected

def check_door_is_open(seen: Door) -> None:
    assert not seen, expected("an open door", seen.headline)
""",
}
MANY = """
from checks.door.probe import Door, look
from fixtures.diagnosing import contrasts, diagnoses
from fixtures.sightings import Sighting
from reports.verdicts import Diagnosis

@contrasts
def choose(facts, own):
    for number in range(100):
        yield Sighting(look, f"{number} beside {own[0].target}", own[0].vantage)

@diagnoses
def say(facts):
    seen = len([one for one in facts.found(Door) if "beside" in one.name])
    return (Diagnosis("counted", (f"{seen} doors",), "c", "r", "u"),)
"""
PROFILE = "{name: x, in_flight: 2, endpoints: {absent: none}, hosts: {absent: none}}\n"


def run_with_many(
    folder: Path,
    *options: str,
    each: float = 0,
    in_all: float = 30,
    more: Mapping[str, str] = MappingProxyType({}),
) -> Ended:
    """Run a suite of two doors that are shut, and 100 contrasts of each."""
    area = AREA | {"probe.py": AREA["probe.py"].replace("SECONDS", str(each))} | dict(more)
    suite = suite_with_area(folder, "door", area)
    rules = suite / "checks" / "causes"
    rules.mkdir()
    (rules / "__init__.py").touch()
    (rules / "many.py").write_text(MANY)
    diagnosing = suite / "fixtures" / "diagnosing.py"
    text = diagnosing.read_text()
    assert "seconds: float = 30.0" in text
    diagnosing.write_text(text.replace("seconds: float = 30.0", f"seconds: float = {in_all}"))
    (folder / "x.yaml").write_text(PROFILE)
    ended = run_checks(folder, f"--profile={folder}/x.yaml", *options, suite=suite)
    assert set(ended.verdicts().values()) <= {"violated"}, ended.out
    return ended


def told_by(ended: Ended) -> tuple[int, list[int], list[str]]:
    """Return how many contrasts the run made, how many each check had, and what was left out."""
    assert ended.folder is not None
    lines: list[dict[str, Any]] = [
        json.loads(line)
        for path in ended.folder.glob("journal*.jsonl")
        for line in path.read_text().splitlines()
    ]
    begun = [one for one in lines if one["kind"] == "sighting.begin"]
    facts = [one["diagnoses"][0]["facts"] for one in lines if one.get("diagnoses")]
    assert len(facts) == 2
    return (
        len([one for one in begun if "beside" in one["target"]]),
        sorted(int(one[0].split()[0]) for one in facts),
        [line for one in facts for line in one[1:]],
    )


def test_a_run_makes_so_many_contrasts_and_names_what_is_left_out(tmp_path: Path) -> None:
    made, had, left_out = told_by(run_with_many(tmp_path))

    assert (made, had) == (64, [0, 64])
    assert len(left_out) == 200 - 64
    bound = "half of what is left while others are to come"
    assert all(
        one.startswith("not tried: look")
        and "64 contrasts, in 30 s, at most" in one
        and one.endswith(bound)
        for one in left_out
    )


def test_workers_make_no_more_of_them_than_one_process(tmp_path: Path) -> None:
    made, had, left_out = told_by(run_with_many(tmp_path, "-n", "2"))

    assert (made, had) == (64, [32, 32])
    assert len(left_out) == 200 - 64
    assert all("and this worker 32 of them, in 15 s" in one for one in left_out)


def test_a_run_begins_none_after_its_time(tmp_path: Path) -> None:
    made, _, left_out = told_by(run_with_many(tmp_path, each=0.25, in_all=1))

    assert 2 <= made <= 2 * 4  # two at once, each of a quarter of a second
    assert len(left_out) == 200 - made
    assert all("a run makes 64 contrasts, in 1 s, at most" in one for one in left_out)


def test_workers_have_no_more_time_than_one_process(tmp_path: Path) -> None:
    made, had, _ = told_by(run_with_many(tmp_path, "-n", "2", each=0.25, in_all=1))

    assert 2 <= made <= 2 * 2  # one at once, each of a quarter of a second, in half a second
    assert all(had)


def test_a_layer_leaves_some_for_the_next(tmp_path: Path) -> None:
    gate = {"check_gate.py": AREA["check_door.py"].replace("check_door", "check_gate")}

    ended = run_with_many(tmp_path, "-k", "front", more=gate)

    made, had, _ = told_by(ended)
    assert (made, had) == (64, [32, 64])  # of these 64, 32 are those of the layer before
