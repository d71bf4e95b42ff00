"""The verdict table, row by row, through the real program."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.program import Ended, run_checks, suite_with_area

CASES = """
from typing import Literal
from config.model import Absent
from fixtures.sightings import Case, Sighting, by_hand
from fixtures.vantages import VantageError
from reports.codec import observation

@observation
class Open:
    kind: Literal["demo-open"] = "demo-open"
    name: str
    @property
    def headline(self): return f"{self.name} is open"
    @property
    def faulty(self):
        assert False, "the observation breaks"

@observation
class Shut:
    kind: Literal["demo-shut"] = "demo-shut"
    name: str
    @property
    def headline(self): return f"{self.name} is shut"

@by_hand(lambda name: f"ls {name}")
async def knock(name, vantage, *, deadline):
    if name == "gone":
        raise VantageError("the vantage is gone", "bring it back")
    if name == "broken":
        raise AssertionError("the probe breaks")
    if name == "none":
        return ()
    if name == "both":
        return Open(name="left"), Shut(name="right")
    return Shut(name=name) if name == "shut" else Open(name=name)

def cases(profile):
    for name in ("open", "shut", "gone", "broken", "none", "both"):
        yield Case(name, "here", {"door": Sighting(knock, name, "here"), "name": name})
    yield Case("missing", "here", {"door": Absent(absent="there is no such door"), "name": "-"})
"""

CHECKS = """
import pytest
from checks.demo.cases import Open, Shut
from fixtures.subjects import holds
from reports.verdicts import Inconclusive, NotApplicable, expected

@pytest.fixture
def breaks_at_the_end():
    yield
    assert False, "the teardown breaks"

@pytest.fixture
def breaks_at_the_beginning():
    assert False, "the setup breaks"

@holds(Shut)
def check_door_opens(door: Open | Shut) -> None:
    assert isinstance(door, Open), expected("an open door", door.headline)

def check_door_is_wide(door: Open) -> None:
    assert door.name

def check_doors_are_wide(door: tuple[Open, ...], remark) -> None:
    remark(f"{len(door)} are wide")
    assert door

def check_fails_by_pytest(door: Open) -> None:
    pytest.fail("given up")

def check_skips(door: Open) -> None:
    pytest.skip("not today")

def check_expects_to_fail(door: Open) -> None:
    pytest.xfail("known")

def check_breaks(door: Open) -> None:
    {}["nothing"]

def check_asserts_elsewhere(door: Open) -> None:
    door.faulty

def check_breaks_at_the_end(door: Open, breaks_at_the_end) -> None:
    pass

def check_breaks_at_the_beginning(door: Open, breaks_at_the_beginning) -> None:
    pass

def check_does_not_apply(door: Open) -> None:
    raise NotApplicable("not on this host")

def check_cannot_tell(door: Open) -> None:
    raise Inconclusive("too dark", "bring a lamp")

@pytest.mark.skip(reason="switched off")
def check_is_switched_off(door: Open) -> None:
    pass

@pytest.mark.xfail(strict=False)
def check_is_expected_to_fail(door: Open) -> None:
    assert door.name == "another"

def check_looks_at_no_observation(name: str) -> None:
    assert name
"""

PROFILE = """
name: demo
endpoints: {absent: none here}
hosts: {absent: none here}
waivers:
  - {check: check_is_expected_to_fail, target: shut, reason: a waiver for another target,
     approved_by: the tests, until: 2999-12-31}
  - {check: check_never_was, reason: it speaks of nothing, approved_by: the tests,
     until: 2999-12-31}
  - {check: check_door_opens, target: both, reason: expired, approved_by: the tests,
     until: 2001-01-01}
"""

DOORS = ("open", "shut")


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verdicts")
    (folder / "demo.yaml").write_text(PROFILE)
    return suite_with_area(folder, "demo", {"cases.py": CASES, "check_doors.py": CHECKS})


def run(suite: Path, tmp_path: Path, *arguments: str) -> Ended:
    profile = str(suite.parent / "demo.yaml")
    return run_checks(tmp_path, f"--profile={profile}", *arguments, suite=suite)


def waive(suite: Path, folder: Path, **fields: str) -> Ended:
    """Judge a door that is open and one that is shut, with a waiver for the shut one."""
    waiver = {
        "check": "check_door_opens",
        "target": "shut",
        "reason": "the key is being made",
        "approved_by": "the tests",
        "until": "2999-12-31",
    }
    profile = folder / "waiving.yaml"
    profile.write_text(PROFILE.partition("waivers:")[0] + f"waivers: [{waiver | fields}]\n")
    doors = [f"checks/demo/check_doors.py::check_door_opens[{one}@here]" for one in DOORS]
    return run_checks(folder, f"--profile={profile}", *doors, suite=suite)


@pytest.fixture(scope="module")
def whole(suite: Path, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    folder = tmp_path_factory.mktemp("whole")
    return run(suite, folder, "-m", "demo", f"--junitxml={folder}/junit.xml")


@pytest.mark.parametrize(
    ("check", "verdict"),
    [
        ("check_door_opens[open@here]", "upheld"),
        ("check_door_opens[shut@here]", "violated"),
        ("check_door_opens[both@here]", "inconclusive"),
        ("check_door_is_wide[shut@here]", "inconclusive"),
        ("check_doors_are_wide[open@here]", "upheld"),
        ("check_doors_are_wide[shut@here]", "inconclusive"),
        ("check_doors_are_wide[both@here]", "inconclusive"),
        ("check_doors_are_wide[none@here]", "inconclusive"),
        ("check_door_opens[gone@here]", "inconclusive"),
        ("check_door_opens[broken@here]", "inconclusive"),
        ("check_door_opens[missing@here]", "not-applicable"),
        ("check_fails_by_pytest[open@here]", "inconclusive"),
        ("check_skips[open@here]", "inconclusive"),
        ("check_expects_to_fail[open@here]", "inconclusive"),
        ("check_breaks[open@here]", "inconclusive"),
        ("check_asserts_elsewhere[open@here]", "inconclusive"),
        ("check_breaks_at_the_end[open@here]", "inconclusive"),
        ("check_breaks_at_the_beginning[open@here]", "inconclusive"),
        ("check_does_not_apply[open@here]", "not-applicable"),
        ("check_cannot_tell[open@here]", "inconclusive"),
        ("check_is_switched_off[open@here]", "inconclusive"),
        ("check_is_expected_to_fail[open@here]", "violated"),
        ("check_looks_at_no_observation[open@here]", "inconclusive"),
    ],
)
def test_a_row_of_the_table(whole: Ended, check: str, verdict: str) -> None:
    assert whole.verdicts()[check] == verdict, whole.out


def test_a_subject_that_was_not_reached_names_the_check_that_holds_the_refusal(
    whole: Ended,
) -> None:
    (line,) = [
        line
        for line in whole.journal("verdict")
        if line["check"].endswith("check_door_is_wide[shut@here]")
    ]

    assert line["reason"] == "not reached: shut is shut"
    assert line["held_by"] == ["check_door_opens"]


def test_a_violation_reads_well(whole: Ended) -> None:
    after = whole.out.partition("check_door_opens[shut@here] _")[2].lstrip("_\n")
    section = after.partition("\n____")[0]

    assert "expected an open door" in section
    assert "saw      shut is shut" in section
    assert "from     here" in section
    assert "by hand  ls shut" in section
    assert "check_doors.py:" in section
    assert "Z (" in section
    assert "def check_door_opens" not in section


def test_inconclusive_checks_have_a_section_with_reason_and_mend(whole: Ended) -> None:
    section = whole.out.partition("could not be judged")[2]

    assert "? too dark\n  bring a lamp" in section
    assert "? the vantage is gone\n  bring it back" in section


def test_junit_tells_a_violation_from_what_could_not_be_judged(whole: Ended) -> None:
    assert whole.folder is not None
    cases = {
        case.attrib["name"]: case
        for case in ET.parse(whole.folder.parents[1] / "junit.xml").iter("testcase")
    }

    assert cases["check_door_opens[shut@here]"].find("failure") is not None
    assert cases["check_cannot_tell[open@here]"].find("error") is not None
    assert cases["check_skips[open@here]"].find("error") is not None
    assert cases["check_does_not_apply[open@here]"].find("skipped") is not None
    assert len(cases["check_door_opens[open@here]"].findall("failure")) == 0


def test_a_waiver_that_matches_nothing_is_reported(whole: Ended) -> None:
    assert "matches no check: check_never_was" in whole.out
    assert "check_is_expected_to_fail of" not in whole.out


def test_a_waived_violation_is_shown_and_does_not_decide_the_exit(
    suite: Path, tmp_path: Path
) -> None:
    ended = waive(suite, tmp_path)
    (line,) = [line for line in ended.journal("verdict") if "shut" in line["check"]]

    assert ended.status == 0, ended.out
    assert line["verdict"] == "violated"
    assert line["waiver"]["reason"] == "the key is being made"
    assert "2 checks, 1 upheld, 1 violated, waived." in ended.out
    assert "1 passed, 1 xfailed" in ended.out
    assert "exit     0: " in ended.out
    assert "matches no check" not in ended.out


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("until", "2001-01-01"),
        ("target", "open"),
        ("target", "shu"),
        ("check", "check_door_is_wide"),
    ],
)
def test_a_waiver_that_expired_or_speaks_of_something_else_waives_nothing(
    suite: Path, tmp_path: Path, field: str, value: str
) -> None:
    ended = waive(suite, tmp_path, **{field: value})

    assert ended.status == 1, ended.out
    assert {line["waiver"] for line in ended.journal("verdict")} == {None}
    assert "2 checks, 1 upheld, 1 violated." in ended.out


@pytest.mark.parametrize(
    ("selection", "status"),
    [
        (["checks/demo/check_doors.py::check_door_opens[open@here]"], 0),
        (["-k", "check_door_opens"], 1),
        (["-k", "check_door_is_wide"], 6),
        (["checks/demo/check_doors.py::check_does_not_apply[open@here]"], 5),
        (["-k", "no_such_check"], 5),
        (["-m", "no syntax ("], 4),
    ],
)
def test_the_exit_status(suite: Path, tmp_path: Path, selection: list[str], status: int) -> None:
    ended = run(suite, tmp_path, *selection)

    assert ended.status == status, ended.out
    if ended.folder is not None:
        assert f"exit     {status}: " in ended.out


def test_an_area_without_a_target_is_refused(suite: Path, tmp_path: Path) -> None:
    ended = run(suite, tmp_path, "-m", "demo", "--vantage", "here")
    nothing = run(suite, tmp_path, "-m", "demo", "--vantage", "nowhere")

    assert ended.status == 1
    assert nothing.status == 4
    assert "it has: here" in nothing.out
    assert nothing.folder is None
