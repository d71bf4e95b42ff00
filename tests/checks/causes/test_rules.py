"""Each rule proves its own cause, from what was seen, and no other one."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.causes.__main__ import table
from checks.causes.rules import diagnose, every_rule
from checks.causes.vocabulary import Cause
from config.endpoints import Request
from fixtures.diagnosing import Facts
from reports.verdicts import read_diagnosis
from tests.checks.causes.contrasted import CONTRASTED, SEVERAL
from tests.checks.causes.proved import PROVED, TOGETHER
from tests.checks.causes.shown import NOT_CLIMBED, SILENT, others
from tests.checks.causes.shown import facts as facts_of
from tests.checks.causes.unproved import HEALTHY, UNPROVED
from tests.checks.hosts import files

README = Path(__file__).parents[3] / "checks" / "causes" / "README.md"
WITHOUT_A_RULE = {Cause.UNKNOWN, Cause.VANTAGE_UNAVAILABLE}


@pytest.mark.parametrize(
    ("cause", "facts"),
    [
        pytest.param(cause, facts, id=f"{cause}: {what}")
        for what, cause, facts in (*PROVED, *CONTRASTED)
    ],
)
def test_what_proves_a_cause_proves_no_other(cause: Cause, facts: Facts) -> None:
    (found,) = diagnose(facts)

    assert found.cause == cause
    assert found.facts
    assert all(line.isprintable() for line in found.facts)
    assert all((found.contrast, found.remedy, found.undo))


@pytest.mark.parametrize("facts", [pytest.param(facts, id=what) for what, facts in UNPROVED])
def test_what_resembles_a_cause_is_unknown(facts: Facts) -> None:
    (found,) = diagnose(facts)

    assert found.cause == Cause.UNKNOWN
    told = (*facts.seen, *facts.around)
    assert found.facts == tuple(dict.fromkeys(one.headline for one in told))


@given(seen=st.sets(st.integers(0, len(HEALTHY) - 1)))
def test_nothing_is_proved_by_what_is_well(seen: set[int]) -> None:
    judged = tuple(HEALTHY[at] for at in sorted(seen))
    expected: dict[str, Any] = {"http": Request(status=(200, 404)), "block": files.BLOCK}
    facts = Facts(
        seen=judged,
        around=HEALTHY,
        elsewhere=HEALTHY,
        before=HEALTHY,
        given=expected,
        look_beside=lambda: HEALTHY,
    )

    assert [rule.cause for rule in every_rule() if tuple(rule.prove(facts))] == []


@pytest.mark.parametrize(
    ("causes", "facts"),
    [
        pytest.param(causes, facts, id=" and ".join(causes))
        for causes, facts in (*TOGETHER, *SEVERAL)
    ],
)
def test_several_causes_are_named_where_each_is_proved(causes: list[Cause], facts: Facts) -> None:
    assert [one.cause for one in diagnose(facts)] == causes


def test_every_cause_has_a_rule_and_is_proved_here() -> None:
    ruled = {rule.cause for rule in every_rule()}

    assert ruled == set(Cause) - WITHOUT_A_RULE
    assert {cause for _, cause, _ in PROVED} == ruled


def test_what_changes_a_machine_says_at_which_vantage() -> None:
    told = [text for rule in every_rule() for text in (rule.remedy, rule.undo)]
    changing = [text for text in told if "sudo " in text or "/etc/" in text]

    assert len(changing) > 20
    assert [text for text in changing if "that vantage" not in text] == []


def test_a_diagnosis_survives_the_journal() -> None:
    for _, _, facts in (*PROVED, *CONTRASTED):
        for found in diagnose(facts):
            assert read_diagnosis(json.loads(json.dumps(asdict(found)))) == found


def test_a_long_proof_is_cut_and_says_so() -> None:
    (_, _, facts) = next(one for one in PROVED if one[1] == Cause.HOSTNAME_MISMATCH)
    (seen,) = facts.seen
    many = tuple(
        type(seen)(**{name: getattr(seen, name) for name in seen.__slots__} | {"address": f"a{at}"})
        for at in range(20)
    )

    (found,) = diagnose(Facts(seen=many))

    assert len(found.facts) == 13
    assert found.facts[-1] == "and 28 more, in the log"


@pytest.mark.parametrize("completing", [(), ("small-hello",)])
def test_where_segments_cannot_be_bounded_the_proof_says_so(completing: tuple[Any, ...]) -> None:
    around = (*others(SILENT, *completing), NOT_CLIMBED)

    (found,) = diagnose(facts_of(SILENT, around=around))

    assert NOT_CLIMBED.headline in found.facts


def test_the_table_of_causes_is_that_of_the_rules() -> None:
    assert README.read_text() == table(), "python -m checks.causes > checks/causes/README.md"
