"""What plans say, beside what GitHub and the tree hold."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from checks.gates import check_milestones, check_plan
from checks.gates.plans.document import NoPlan, PlanSeen
from checks.gates.plans.lookups import CitedLogs, CitedRuns, LogFound
from checks.gates.plans.reading import read_plan_text
from config.gates import Milestone, Plan
from fixtures.github.values import Run
from reports.verdicts import Inconclusive, NotApplicable
from tests.checks.gates.made import BEGAN, HOUR, SHA, job, run
from tests.checks.gates.seen import AT, Said, runs_seen

PLAN = Plan(path="docs/plan.md")


def document(text: str) -> PlanSeen:
    return PlanSeen(
        path="docs/plan.md",
        commit=None,
        sha256="0" * 64,
        citations=read_plan_text(text),
        at=AT,
    )


def cited(*runs: Run, absent: tuple[int, ...] = (), left: tuple[int, ...] = ()) -> CitedRuns:
    return CitedRuns(
        plan="docs/plan.md",
        runs=runs,
        jobs=tuple(job(one, conclusion=one.conclusion) for one in runs),
        absent=absent,
        elsewhere=(),
        left=left,
        at=AT,
    )


def as_said(text: str, *runs: Run) -> None:
    check_plan.check_cited_runs_are_as_the_plan_says(document(text), cited(*runs))


def test_what_is_as_the_plan_says_holds() -> None:
    at = f"{BEGAN + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"

    as_said(f"run 1000 (success), job 10005, commit {SHA[:7]}, at {at}", run(0))
    as_said("| Run | 结论 |\n|--|--|\n| 1000 | ❌ |\n", run(0, "timed_out"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("run 1000 ✅", "line 1: run 1000: the plan says success, and it is failure"),
        ("run 1000 failed, commit fffffff", "the plan says fffffff, and it was of 0123456789ab"),
        ("run 1000 failed 2025-11-21T08:00:00Z", "the plan says 2025-11-21T08:00:00Z"),
        ("run 1000 failed, job 777", "the run has no job 777"),
    ],
)
def test_what_is_not_as_the_plan_says_is_violated(text: str, told: str) -> None:
    with pytest.raises(AssertionError, match="as GitHub has them") as raised:
        as_said(text, run(0, "failure"))
    assert told in str(raised.value)


def test_a_plan_that_cites_nothing_is_not_known_to_be_right() -> None:
    with pytest.raises(Inconclusive, match="cites no run"):
        as_said("All green.")
    with pytest.raises(Inconclusive, match="1 cited runs were not looked up"):
        check_plan.check_cited_runs_are_there(
            document("run 1000"), cited(left=(1000,)), Said().remark
        )


def test_runs_of_other_repositories_alone_prove_nothing() -> None:
    text = "https://github.com/other/it/actions/runs/123456 ✅, job 123456789, commit 0123456"
    plan = Plan(path="docs/plan.md", logs=())
    found = replace(cited(), elsewhere=(123456,))

    with pytest.raises(Inconclusive, match="of another repository: 123456"):
        check_plan.check_cited_runs_are_there(document(text), found, Said().remark)
    with pytest.raises(Inconclusive, match="of another repository: 123456"):
        check_plan.check_cited_runs_are_documented(plan, document(text), found)


def test_a_run_that_github_does_not_know_is_violated() -> None:
    check_plan.check_cited_runs_are_there(document("run 1000"), cited(run(0)), Said().remark)
    with pytest.raises(AssertionError, match="line 2: run 1000: GitHub knows no such run"):
        check_plan.check_cited_runs_are_there(
            document("\nrun 1000"), cited(absent=(1000,)), Said().remark
        )


def consecutive(text: str, *conclusions: str) -> None:
    seen = runs_seen(*conclusions)
    named = {one.run for one in document(text).citations.runs}
    own = [one for one in seen.runs if one.id in named]
    check_plan.check_runs_called_consecutive_are_so(document(text), cited(*own), (seen,))


def test_consecutive_greens_hold() -> None:
    consecutive("三次连续通过：Run ID：1000、1001、1002", "success", "success", "success")
    with pytest.raises(NotApplicable):
        consecutive("run 1000", "success")


def test_a_list_that_leaves_out_a_run_between_is_violated() -> None:
    with pytest.raises(AssertionError, match="run 1001 of the same workflow and branch is left"):
        consecutive("consecutive greens: run 1000, 1002", "success", "failure", "success")
    with pytest.raises(AssertionError, match="line 1: run 1001 is failure"):
        consecutive("consecutive greens: run 1000, 1001", "success", "failure")


def test_what_ran_between_has_to_be_known() -> None:
    text = "consecutive greens: run 1000, 1001"

    with pytest.raises(Inconclusive, match="what ran between them is not known"):
        check_plan.check_runs_called_consecutive_are_so(document(text), cited(run(0), run(1)), ())
    with pytest.raises(Inconclusive, match="could not be looked up: 1001"):
        check_plan.check_runs_called_consecutive_are_so(document(text), cited(run(0)), ())


def log(name: str = "a-20251122T081500Z.log", **given: Any) -> LogFound:
    values: dict[str, Any] = {
        "cited": name,
        "line": 3,
        "path": f"logs/{name}",
        "unread": "",
        "day": date(2025, 11, 22),
        "first": datetime(2025, 11, 22, 8, 15, tzinfo=UTC),
        "last": datetime(2025, 11, 22, 8, 20, tzinfo=UTC),
        "days": (date(2025, 11, 22),),
    }
    return LogFound(**(values | given))


def logs(*found: LogFound) -> CitedLogs:
    return CitedLogs(plan="docs/plan.md", logs=found, left=0, at=AT)


def test_logs_are_there() -> None:
    seen = document("`a-20251122T081500Z.log`")

    check_plan.check_cited_logs_are_there(seen, logs(log()), Said().remark)
    with pytest.raises(AssertionError, match=r"line 3: a-20251122T081500Z\.log: no such file"):
        check_plan.check_cited_logs_are_there(seen, logs(log(path=None)), Said().remark)
    with pytest.raises(Inconclusive, match="cites no log"):
        check_plan.check_cited_logs_are_there(document("none"), logs(), Said().remark)


def test_a_log_whose_name_and_text_are_a_day_apart_is_violated() -> None:
    check_plan.check_logs_agree_on_their_day(logs(log()), Said().remark)
    apart = log(days=(date(2025, 11, 23),))
    with pytest.raises(AssertionError, match="its name says 2025-11-22, its text"):
        check_plan.check_logs_agree_on_their_day(logs(log(), apart), Said().remark)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (log(days=(), first=None, last=None), "has no day in its text"),
        (log(day=None), "has no day in its name"),
        (log(unread="no permission", days=()), "cannot be read: no permission"),
        (log(path=None), "no log was found to be compared"),
    ],
)
def test_what_cannot_be_compared_is_open(found: LogFound, told: str) -> None:
    seen = logs(found) if found.path else logs()
    with pytest.raises(Inconclusive, match=told):
        check_plan.check_logs_agree_on_their_day(seen, Said().remark)


WHOLE = """\
## Evidence
- run 1000, job 10005, commit 0123456
- logs/prep-20251122.log, logs/cleanup-20251122.log
"""


def documented(text: str, plan: Plan = PLAN) -> None:
    check_plan.check_cited_runs_are_documented(plan, document(text), cited(run(0)))


def test_a_run_with_all_that_belongs_to_it_holds() -> None:
    documented(WHOLE)
    documented("run 1000, job 10005, commit 0123456", Plan(path="docs/plan.md", logs=()))


@pytest.mark.parametrize(
    ("without", "told"),
    [
        (", job 10005", "a job id is not recorded"),
        (", commit 0123456", "a commit is not recorded"),
        ("logs/prep-20251122.log, ", "a log of the preparation is not recorded"),
        (", logs/cleanup-20251122.log", "a log of the clean-up is not recorded"),
    ],
)
def test_a_run_without_a_part_of_it_is_violated(without: str, told: str) -> None:
    with pytest.raises(AssertionError, match="line 2: run 1000: ") as raised:
        documented(WHOLE.replace(without, ""))
    assert told in str(raised.value)


def test_logs_of_another_section_are_of_another_run() -> None:
    with pytest.raises(AssertionError, match="a log of the preparation"):
        documented(WHOLE.replace("- logs", "## Others\n- logs"))


def test_a_plan_that_is_not_there_is_violated() -> None:
    gone = NoPlan(path="p.md", why="the tree has no file p.md", at=AT)

    check_plan.check_plan_can_be_read(document(""))
    with pytest.raises(AssertionError, match=r"no file p\.md"):
        check_plan.check_plan_can_be_read(gone)


def milestones(text: str, *expected: Milestone, runs: tuple[Run, ...] = ()) -> Said:
    said, plan = Said(), Plan(path="docs/plan.md", milestones=expected)
    check_milestones.check_milestones_are_not_late(
        plan, document(text), cited(*runs), said.tabulate
    )
    return said


def test_milestones_that_are_done_in_time_or_not_due_hold_and_are_shown() -> None:
    said = milestones("- M1 (2025-11-20) ✅ 2025-11-19\n- M2 (due 2099-01-01): open\n")

    assert said.rows == [
        ("M1", "2025-11-20", "2025-11-19", "1", ""),
        ("M2", "2099-01-01", "no", "2", ""),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- M1 (2025-11-20) ✅ 2025-11-21", "M1 was due on 2025-11-20, and done on 2025-11-21"),
        ("- M1 (due 2025-11-20): open", "M1 was due on 2025-11-20, and is not done"),
    ],
)
def test_a_late_milestone_is_violated(text: str, told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        milestones(text)


def test_the_profile_expects_milestones_that_the_plan_may_not_name() -> None:
    with pytest.raises(AssertionError, match="M9 was due on 2025-11-20, and is not done"):
        milestones("nothing", Milestone(name="M9", due=date(2025, 11, 20)))


def test_the_day_of_what_is_done_comes_from_its_run() -> None:
    text = "- M1 (2025-11-20): run 1000 ✅"

    assert milestones(text, runs=(run(0),)).rows[0][2] == "2025-11-20"
    with pytest.raises(AssertionError, match="done on 2025-11-21"):
        milestones(text, runs=(run(0, updated=BEGAN + 24 * HOUR),))
    with pytest.raises(Inconclusive, match="does not say when it was due, or done"):
        milestones(text)


def test_a_plan_without_milestones_has_none_that_are_late() -> None:
    with pytest.raises(NotApplicable):
        milestones("nothing")
