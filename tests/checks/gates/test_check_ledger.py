"""Promotion and demotion, judged."""

import json
from typing import Any

import pytest

from checks.gates import check_ledger
from config.gates import Gate, Promotion
from fixtures.repositories import Source
from reports.verdicts import FailureClass, Inconclusive, NotApplicable, class_of
from tests.checks.gates.made import BEGAN, HOUR
from tests.checks.gates.seen import Said, protection, requirements, runs_seen

SOURCE = Source("r", None, None, "o/r", "https://api.github.com", "main")
REQUIRED = Gate(context="build")
CANDIDATE = Gate(context="lint", job="build", required=False, app=15368)
RULE = Promotion(rule="plan 266")


def greens(gate: Gate, *conclusions: str | None, total: int = 0, **given: Any) -> Said:
    said = Said()
    check_ledger.check_gate_has_its_greens_in_a_row(
        gate,
        RULE,
        runs_seen(*conclusions, total=total),
        requirements=requirements("build", **given),
        source=SOURCE,
        remark=said.remark,
        attach=said.attach,
    )
    return said


def demote(rule: Promotion, gate: Gate, *conclusions: str | None, said: Said, **given: Any) -> None:
    check_ledger.check_gate_is_not_to_be_demoted(
        gate,
        rule,
        runs_seen(*conclusions),
        requirements=requirements("build", **given),
        source=SOURCE,
        remark=said.remark,
        attach=said.attach,
    )


def test_a_required_job_with_three_greens_is_upheld_and_shows_them() -> None:
    said = greens(REQUIRED, "failure", "success", "success", "success")

    assert said.remarks[0] == "3/3; green: run 1001, run 1002, run 1003"
    assert "run 1000 red (failure)" in said.remarks[4]
    assert said.files == {}


def test_a_required_job_with_two_is_violated_with_all_that_is_between() -> None:
    with pytest.raises(AssertionError, match="2/3; green: run 1001, run 1002") as raised:
        greens(REQUIRED, "cancelled", "success", "success")

    assert "run 1000 cancelled (cancelled)" in str(raised.value)
    assert class_of(check_ledger.check_gate_has_its_greens_in_a_row) is FailureClass.POLICY


def test_a_candidate_that_is_not_there_yet_is_pending() -> None:
    with pytest.raises(Inconclusive, match=r"pending, 2/3; green: run 1000, run 1001; 1 not over"):
        greens(CANDIDATE, "success", "success", None)


def test_a_candidate_that_is_there_has_its_payload() -> None:
    said = greens(CANDIDATE, "success", "success", "success")

    told = json.loads(said.files["promote-lint.json"])
    assert told["dry_run"] is True
    assert told["request"]["method"] == "PUT"
    assert told["request"]["path"] == "/repos/o/r/rulesets/7"
    deletion, checks = told["request"]["body"]["rules"]
    assert deletion == {"type": "deletion"}
    assert checks["parameters"]["required_status_checks"] == [
        {"context": "build"},
        {"context": "lint", "integration_id": 15368},
    ]
    undone = told["undo"]["request"]["body"]["rules"][1]["parameters"]["required_status_checks"]
    assert undone == [{"context": "build"}]
    assert told["command"] == (
        "jq .request.body PAYLOAD.json | gh api --method PUT --input - repos/o/r/rulesets/7"
    )
    assert said.remarks[-1].endswith("what would be sent is attachments/promote-lint.json")


def test_nothing_is_known_of_runs_that_were_not_looked_at() -> None:
    with pytest.raises(Inconclusive, match="2/3"):
        greens(REQUIRED, "success", "success", total=50)
    with pytest.raises(Inconclusive, match="0/3"):
        greens(REQUIRED)


def test_what_came_after_the_promotion_is_no_matter_of_it() -> None:
    gate = REQUIRED.model_copy(update={"since": BEGAN + 3 * HOUR})

    said = greens(gate, "success", "success", "success", "failure")

    assert said.remarks[0].startswith("3/3")


def test_a_failure_demotes_with_the_rule_and_the_payload() -> None:
    said = Said()

    with pytest.raises(AssertionError, match="plan 266 demotes after 1 failure") as raised:
        demote(RULE, REQUIRED, "success", "failure", said=said)

    assert "run 1001 red (failure)" in str(raised.value)
    told = json.loads(said.files["demote-build.json"])
    assert told["request"]["body"] == {"rules": [{"type": "deletion"}]}
    assert told["because"][0] == "by plan 266: after 1 failure"
    assert "attachments/demote-build.json" in str(raised.value)


def test_two_failures_in_a_day_demote_where_one_does_not() -> None:
    rule = Promotion(rule="plan 263", demote_after=2, demote_within=24 * 3600)

    demote(rule, REQUIRED, "failure", "success", said=Said())
    with pytest.raises(AssertionError, match="after 2 failures within 24 h"):
        demote(rule, REQUIRED, "failure", "success", "failure", said=Said())


def test_what_is_required_by_the_protection_is_taken_out_there() -> None:
    said = Said()

    with pytest.raises(AssertionError):
        demote(
            RULE,
            REQUIRED,
            "failure",
            said=said,
            rules=(),
            rulesets=(),
            protection=protection("build"),
        )

    told = json.loads(said.files["demote-build.json"])
    path = "/repos/o/r/branches/main/protection/required_status_checks/contexts"
    assert (told["request"]["method"], told["request"]["path"]) == ("DELETE", path)
    assert told["undo"]["request"]["method"] == "POST"


@pytest.mark.parametrize(
    "given",
    [
        {"rules": (), "rulesets": (), "bodies": ()},
        {"rules": (), "rulesets": (), "bodies": (), "protection": protection("other")},
        {},
    ],
)
def test_what_nothing_requires_is_not_required_by_its_demotion(given: dict[str, Any]) -> None:
    said = Said()
    lint = Gate(context="lint", job="build")

    with pytest.raises(AssertionError, match="no rule that was seen requires it"):
        demote(RULE, lint, "failure", said=said, **given)

    assert said.files == {}


def test_a_request_says_what_it_was_made_without() -> None:
    hidden = (("the protection of main, which an administrator may see (403)", "give it more"),)
    said = greens(CANDIDATE, "success", "success", "success", hidden=hidden)

    assert json.loads(said.files["promote-lint.json"])["not_seen"] == [hidden[0][0]]


def test_without_any_rule_one_would_be_made() -> None:
    said = greens(CANDIDATE, "success", "success", "success", rules=(), rulesets=(), bodies=())

    told = json.loads(said.files["promote-lint.json"])
    assert (told["request"]["method"], told["request"]["path"]) == ("POST", "/repos/o/r/rulesets")
    assert told["request"]["body"]["conditions"]["ref_name"]["include"] == ["refs/heads/main"]


def test_a_candidate_is_not_demoted_and_a_gate_without_runs_is_not_known() -> None:
    with pytest.raises(NotApplicable):
        demote(RULE, CANDIDATE, "failure", said=Said())
    with pytest.raises(Inconclusive):
        demote(RULE, REQUIRED, None, said=Said())
