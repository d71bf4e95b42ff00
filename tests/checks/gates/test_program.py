"""The gates through the whole program: what a scheduled gate prints, attaches and ends with."""

import json
from pathlib import Path

import pytest

from tests.program import ROOT, Ended, run_checks

GATES = ("-m", "gates", "--profile=lab")
BUILD, PLAN = "shop:build (1.24)@lab", "shop:docs/plan-266.md@lab"


def of(ended: Ended, verdict: str) -> set[str]:
    return {name for name, said in ended.verdicts().items() if said == verdict}


def test_all_gates_of_the_lab_hold_and_the_truth_table_is_in_the_record(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, *GATES)

    assert ended.status == 0, ended.out
    assert set(ended.verdicts().values()) == {"upheld"}
    assert ended.folder is not None
    record = (ended.folder / "record.md").read_text()
    assert "### Truth table of touchstone/shop on main" in record
    assert "| build (1.24) | ruleset 7 |" in record
    assert "is required, 3/3 |" in record
    (log,) = ended.folder.glob("gates-*.log")
    assert "=== (table) Milestones of docs/plan-266.md\n    milestone  due " in log.read_text()
    table = (ended.folder / "attachments" / "truth-table.tsv").read_text()
    assert table.startswith("context\trequired by\t")
    assert "attachments/truth-table.tsv" in record
    assert ended.is_sealed()


@pytest.mark.parametrize(
    ("faults", "violated", "words"),
    [
        (
            ("context-renamed",),
            {
                "check_required_contexts_are_the_contract[shop@lab]",
                "check_required_contexts_are_emitted_by_a_file[shop@lab]",
                "check_required_contexts_are_emitted_at_pull_requests[shop@lab]",
                "check_truth_table_names_a_producer_of_each_context[shop@lab]",
            },
            ("nothing emits 'frontend', and every pull request waits for it for ever",),
        ),
        (
            ("hollow-green", "bypass-added", "run-cited-wrong"),
            {
                f"check_gate_has_its_greens_in_a_row[{BUILD}]",
                "check_only_the_declared_may_pass_by[shop@lab]",
                f"check_cited_runs_are_there[{PLAN}]",
            },
            (
                "0/3; before that: run 7003 hollow (success, the step 'Test' did not run)",
                "OrganizationAdmin:1:always may pass by, and is not declared",
                "line 15: run 7009: GitHub knows no such run",
            ),
        ),
    ],
)
def test_faults_violate_what_they_break(
    faults: tuple[str, ...], violated: set[str], words: tuple[str, ...], tmp_path: Path
) -> None:
    named = [part for fault in faults for part in ("--lab-fault", fault)]

    ended = run_checks(tmp_path, *GATES, *named)

    assert ended.status == 1, ended.out
    assert of(ended, "violated") == violated
    assert [one for one in words if one not in ended.out] == []


def test_a_red_among_greens_demotes_with_a_payload_that_nobody_sent(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, *GATES, "--lab-fault", "red-among-greens")

    assert ended.status == 1, ended.out
    assert "1/3; green: run 7003; before that: run 7002 red (failure)" in ended.out
    assert "expected no reason to demote 'build (1.24)': plan 266 demotes after 1" in ended.out
    (written,) = [line for line in ended.journal("attachment") if "demote" in line["path"]]
    assert written["check"].endswith(f"check_gate_is_not_to_be_demoted[{BUILD}]")
    assert ended.folder is not None
    told = json.loads((ended.folder / written["path"]).read_text())
    assert told["dry_run"] is True
    assert told["request"]["method"] == "PUT"
    rules = told["request"]["body"]["rules"][0]["parameters"]["required_status_checks"]
    assert [one["context"] for one in rules] == ["build (1.25)", "web"]


def test_a_gate_that_may_not_ask_is_inconclusive_and_says_what_it_needs(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, *GATES, "--lab-fault", "github-forbidden")

    assert ended.status == 6, ended.out
    assert of(ended, "violated") == set()
    open_ones = of(ended, "inconclusive")
    assert f"check_gate_has_its_greens_in_a_row[{BUILD}]" in open_ones
    assert "check_contract_can_be_read[shop@lab]" in of(ended, "upheld")
    assert "give the token the permission actions=read" in ended.out


def profile(tmp_path: Path, gates: str) -> Path:
    shipped = (ROOT / "config" / "profiles" / "lab.yaml").read_text()
    head, found, _ = shipped.partition("    gates:\n")
    assert found
    path = tmp_path / "own.yaml"
    path.write_text(head + gates)
    return path


def test_a_candidate_that_is_not_there_yet_is_pending(tmp_path: Path) -> None:
    own = profile(
        tmp_path,
        "    gates:\n      promotion: {greens: 4, rule: plan 300}\n"
        "      jobs: [{context: web, required: false}]\n",
    )

    ended = run_checks(tmp_path, "-m", "gates", f"--profile={own}")

    assert ended.status == 6, ended.out
    assert "pending, 3/4; green: run 7001, run 7002, run 7003" in ended.out
    assert of(ended, "violated") == set()


def test_what_was_seen_is_judged_again_by_another_rule(tmp_path: Path) -> None:
    first = run_checks(tmp_path, *GATES)
    own = tmp_path / "stricter.yaml"
    shipped = (ROOT / "config" / "profiles" / "lab.yaml").read_text()
    own.write_text(shipped.replace("greens: 3,", "greens: 4,"))

    ended = run_checks(tmp_path, "-m", "gates", f"--profile={own}", f"--replay={first.folder}")

    assert ended.status == 1, ended.out
    assert "3/4; green: run 7001, run 7002, run 7003" in ended.out
    assert len(ended.journal("table")) == 2


def test_a_repository_of_which_nothing_is_said_has_no_gates(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, "-m", "gates", f"--profile={profile(tmp_path, '')}")

    assert ended.status == 4, ended.out
    assert "the area gates is selected, and the profile lab" in ended.out


def test_gates_that_are_absent_do_not_apply(tmp_path: Path) -> None:
    own = profile(tmp_path, "    gates: {absent: nothing is required here}\n")

    ended = run_checks(tmp_path, "-m", "gates", f"--profile={own}")

    assert ended.status == 5, ended.out
    assert set(ended.verdicts().values()) == {"not-applicable"}
