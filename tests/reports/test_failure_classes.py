"""The class of a violation: said by its check or its assertion, and shown where it is told."""

import json
from pathlib import Path

from reports.verdicts import expected
from tests.program import run_checks, suite_with_area

_CASES = """
from collections.abc import Iterator

from checks.classed.probe import look
from config.schema import Profile
from fixtures.sightings import Case, Sighting


def cases(profile: Profile) -> Iterator[Case]:
    yield Case("a", "here", {"seen": Sighting(look, "a", "here")})
"""
_PROBE = """
from typing import Literal

from reports.codec import observation


@observation
class Classed:
    kind: Literal["classed"] = "classed"

    @property
    def headline(self) -> str:
        return "it was looked at"


async def look(target, vantage, *, deadline) -> Classed:
    return Classed()
"""
_CHECKS = """
from checks.classed.probe import Classed
from reports.verdicts import FailureClass, expected, fails_as


@fails_as(FailureClass.POLICY)
def check_of_the_check(seen: Classed) -> None:
    assert not seen, expected("a rule to hold", "a breach")


@fails_as(FailureClass.INFRA)
def check_of_the_assertion(seen: Classed) -> None:
    assert not seen, expected("a runner", ["a queue", "and a line"], FailureClass.CAPACITY)


def check_of_neither(seen: Classed) -> None:
    assert not seen, expected("nothing", "something")


@fails_as(FailureClass.CONFIG)
def check_upheld(seen: Classed) -> None:
    assert seen
"""
_PROFILE = "name: p\nendpoints: {absent: none}\nhosts: {absent: none}\n"


def test_a_violation_is_told_with_its_class(tmp_path: Path) -> None:
    files = {"cases.py": _CASES, "probe.py": _PROBE, "check_it.py": _CHECKS}
    suite = suite_with_area(tmp_path, "classed", files)
    (tmp_path / "p.yaml").write_text(_PROFILE)

    ended = run_checks(
        tmp_path,
        f"--profile={tmp_path}/p.yaml",
        "-m",
        "classed",
        f"--alluredir={tmp_path}/allure",
        suite=suite,
    )

    assert ended.status == 1, ended.out
    classes = {
        one["check"].partition("::")[2]: one.get("class") for one in ended.journal("verdict")
    }
    assert classes == {
        "check_of_the_check[a@here]": "POLICY",
        "check_of_the_assertion[a@here]": "CAPACITY",
        "check_of_neither[a@here]": None,
        "check_upheld[a@here]": None,
    }
    saw = [one["saw"] for one in ended.journal("verdict") if one.get("class") == "CAPACITY"]
    assert saw == ["a queue\nand a line"]
    assert "  class    POLICY\n  expected a rule to hold\n" in ended.out
    assert ended.folder is not None
    assert "- Class: `CAPACITY`" in (ended.folder / "record.md").read_text()
    results = [json.loads(one.read_text()) for one in (tmp_path / "allure").glob("*-result.json")]
    told = {one["statusDetails"]["message"] for one in results if "statusDetails" in one}
    assert "class POLICY: a breach" in told


def test_what_is_seen_is_a_line_each_whatever_stands_in_it() -> None:
    told = expected("none", ["a\n::stop-commands::x", "b\r\u2028c"])

    assert told == "expected none\nsaw a\\n::stop-commands::x\n    b\\r\\u2028c"
    assert expected("none", "a\nb") == "expected none\nsaw a\nb"
