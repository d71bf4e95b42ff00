"""Allure's groups: everything that is not upheld is in one of them, and in no other."""

import re
from dataclasses import replace
from typing import Any

import pytest

from reports.projections import allure_categories as categories
from reports.projections.account import account
from reports.projections.told import Judged
from reports.verdicts import Diagnosis
from tests.reports.lines import sealed_run

WAIVER = {"reason": "r", "approved_by": "a", "until": "u"}


def judged(**fields: Any) -> Judged:
    (first, *_) = account(sealed_run()).verdicts
    return replace(first, **fields)


def groups_of(status: str, message: str) -> list[str]:
    """Return the groups that take a message, whole as some of Allure's releases want it."""
    taking = [rule for rule in categories.rules() if status in str(rule["matchedStatuses"])]
    found = [rule for rule in taking if re.fullmatch(str(rule["messageRegex"]), message)]
    part = [rule for rule in taking if re.search(str(rule["messageRegex"]), message)]
    assert found == part
    return [str(rule["name"]) for rule in found]


@pytest.mark.parametrize(
    ("fields", "group"),
    [
        ({"verdict": "violated", "saw": "two\nlines"}, "Violated"),
        ({"verdict": "violated", "saw": ""}, "Violated"),
        ({"verdict": "violated", "saw": "waived: says the peer"}, "Violated"),
        ({"verdict": "violated", "saw": "class CONFIG"}, "Violated"),
        ({"verdict": "violated", "saw": "x\ny", "failure": "CONFIG"}, "Violated: CONFIG"),
        ({"verdict": "violated", "saw": "x\ny", "waiver": WAIVER}, "Violated, waived"),
        (
            {"verdict": "inconclusive", "reason": "not reached: refused"},
            "Inconclusive: not reached, a layer below broke",
        ),
        (
            {"verdict": "inconclusive", "reason": "it looked at nothing"},
            "Inconclusive: it looked at nothing",
        ),
        ({"verdict": "inconclusive", "reason": "KeyError in call: 'x'"}, "The suite broke"),
        ({"verdict": "inconclusive", "reason": "Skipped in setup"}, "The suite broke"),
        ({"verdict": "inconclusive", "reason": "too dark"}, "Inconclusive: for another reason"),
        ({"verdict": "inconclusive", "reason": ""}, "Inconclusive: for another reason"),
        ({"verdict": "not-applicable", "reason": "no\nsuch door"}, "Not applicable"),
    ],
)
def test_a_verdict_is_in_one_group(fields: dict[str, Any], group: str) -> None:
    statuses = {"violated": "failed", "inconclusive": "broken", "not-applicable": "skipped"}
    message = categories.words_for(judged(**fields))

    assert groups_of(statuses[fields["verdict"]], message) == [group]


def test_what_the_vantage_could_not_look_at_is_a_group_of_its_own() -> None:
    (blind,) = [one for one in account(sealed_run()).verdicts if one.check.area == "hosts"]

    assert groups_of("broken", categories.words_for(blind)) == [
        "Inconclusive: the vantage could not look"
    ]


def test_each_cause_is_a_group_of_its_verdict() -> None:
    cause = Diagnosis("tcp-reset", (), "", "", "")
    verdicts = [
        judged(verdict="violated", diagnoses=(cause,)),
        judged(verdict="inconclusive", reason="r", diagnoses=(replace(cause, cause="gone"),)),
        judged(verdict="violated", diagnoses=(cause,), waiver=WAIVER),
    ]

    assert categories.causes_of(verdicts) == (("inconclusive", "gone"), ("violated", "tcp-reset"))
    names = [rule["name"] for rule in categories.rules(categories.causes_of(verdicts))]
    assert {"Inconclusive: gone", "Violated: tcp-reset"} <= set(names)
    assert categories.words_for(verdicts[1]) == "cause gone: r"


@pytest.mark.parametrize(
    ("message", "group"),
    [
        (
            "in flight: it was being looked at when the run was killed",
            "In flight when the run ended",
        ),
        ("lost with the worker gw1: killed", "Lost with a worker"),
        ("never run: the run was killed", "Never run"),
        ("INCOMPLETE: the run was lost\n2 of 3", "The run is not complete"),
    ],
)
def test_what_was_never_judged_is_in_a_group_of_its_own(message: str, group: str) -> None:
    assert groups_of("broken", message) == [group]


def test_an_upheld_check_says_nothing() -> None:
    assert categories.words_for(judged(verdict="upheld")) == ""
