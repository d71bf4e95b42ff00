"""What a plan cites as evidence is there, and is as the plan says."""

from checks.gates.history import History
from checks.gates.plans.document import NoPlan, PlanSeen
from checks.gates.plans.judging import (
    disagreeing,
    incomparable,
    undocumented,
    wrong_commits,
    wrong_conclusions,
    wrong_jobs,
    wrong_streaks,
    wrong_times,
)
from checks.gates.plans.lookups import CitedLogs, CitedRuns
from config.gates import Plan
from fixtures.subjects import holds
from reports.verdicts import (
    FailureClass,
    Inconclusive,
    NotApplicable,
    Remark,
    expected,
    fails_as,
)


@holds(NoPlan)
@fails_as(FailureClass.EVIDENCE)
def check_plan_can_be_read(document: PlanSeen | NoPlan) -> None:
    assert isinstance(document, PlanSeen), expected("a plan in Markdown", saw=document.headline)


@fails_as(FailureClass.EVIDENCE)
def check_cited_runs_are_there(document: PlanSeen, cited_runs: CitedRuns, remark: Remark) -> None:
    first = {one.run: one for one in reversed(document.citations.runs)}
    saw = [f"{first[number]}: GitHub knows no such run" for number in cited_runs.absent]
    assert not saw, expected("every cited run to be on GitHub", saw)
    _some_are_cited(document, cited_runs)
    _some_are_own(cited_runs)
    if cited_runs.elsewhere:
        remark(f"runs of other repositories: {', '.join(map(str, cited_runs.elsewhere))}")


@fails_as(FailureClass.EVIDENCE)
def check_cited_runs_are_as_the_plan_says(document: PlanSeen, cited_runs: CitedRuns) -> None:
    cited = document.citations
    saw = [
        *wrong_conclusions(cited, cited_runs),
        *wrong_commits(cited, cited_runs),
        *wrong_times(cited, cited_runs),
        *wrong_jobs(cited, cited_runs),
    ]
    assert not saw, expected("conclusions, commits, times and jobs as GitHub has them", saw)
    _some_are_cited(document, cited_runs)
    if not cited_runs.runs:
        raise Inconclusive("no cited run could be looked up", "see check_cited_runs_are_there")


@fails_as(FailureClass.EVIDENCE)
def check_runs_called_consecutive_are_so(
    document: PlanSeen, cited_runs: CitedRuns, histories: tuple[History, ...]
) -> None:
    if not document.citations.streaks:
        raise NotApplicable(f"{document.path} calls no runs consecutive")
    listed = [run for one in histories for run in one.runs]
    saw = list(wrong_streaks(document.citations, listed, cited_runs))
    assert not saw, expected("runs that are green, with no others between them", saw)
    known = {run.id for run in cited_runs.runs}
    unseen = [one for streak in document.citations.streaks for one in streak.runs]
    if missing := [str(one) for one in unseen if one not in known]:
        raise Inconclusive(
            f"runs that could not be looked up: {', '.join(missing)}",
            "see check_cited_runs_are_there",
        )
    workflows = {run.workflow_id for run in listed}
    others = {run.path for run in cited_runs.runs if run.id in unseen} - {
        run.path for run in listed
    }
    if others or not workflows:
        raise Inconclusive(
            f"what ran between them is not known: {', '.join(sorted(others))}",
            "name a job of that workflow in the gates of the profile",
        )


@fails_as(FailureClass.EVIDENCE)
def check_cited_logs_are_there(document: PlanSeen, cited_logs: CitedLogs, remark: Remark) -> None:
    saw = [f"{one}: no such file" for one in cited_logs.logs if one.path is None]
    assert not saw, expected("every cited log in the repository", saw)
    if not document.citations.logs:
        raise Inconclusive(f"{document.path} cites no log", "cite the logs by their paths")
    if cited_logs.left:
        raise Inconclusive(f"{cited_logs.left} more logs were not looked for", "split the plan")
    remark(f"{len(cited_logs.logs)} logs")


@fails_as(FailureClass.EVIDENCE)
def check_logs_agree_on_their_day(cited_logs: CitedLogs, remark: Remark) -> None:
    saw = [told for one in cited_logs.logs if (told := disagreeing(one))]
    assert not saw, expected("the day of each log's name in its text", saw)
    unsure = [told for one in cited_logs.logs if (told := incomparable(one))]
    compared = [one for one in cited_logs.logs if one.day is not None and one.days]
    if unsure or not compared:
        raise Inconclusive(
            "; ".join(unsure[:5]) or "no log was found to be compared",
            "name logs by their UTC stamp, and begin their lines with the time",
        )
    remark(f"{len(compared)} logs compared")


@fails_as(FailureClass.EVIDENCE)
def check_cited_runs_are_documented(plan: Plan, document: PlanSeen, cited_runs: CitedRuns) -> None:
    kinds = plan.logs if isinstance(plan.logs, tuple) else ()
    saw = list(undocumented(document.citations, cited_runs, kinds))
    wanted = ", ".join(("job id", "commit", *(f"a log of the {kind}" for kind in kinds)))
    assert not saw, expected(f"with each cited run: {wanted}", saw)
    _some_are_cited(document, cited_runs)
    _some_are_own(cited_runs)


def _some_are_cited(document: PlanSeen, cited_runs: CitedRuns) -> None:
    """Raise `Inconclusive` where nothing, or not all, of what is cited could be judged."""
    if not document.citations.runs:
        raise Inconclusive(f"{document.path} cites no run", "cite runs by their URL or id")
    if cited_runs.left or not document.citations.whole:
        left = len(cited_runs.left)
        raise Inconclusive(f"{left or 'some'} cited runs were not looked up", "split the plan")


def _some_are_own(cited_runs: CitedRuns) -> None:
    """Raise `Inconclusive` where every cited run is of another repository."""
    if not cited_runs.runs and not cited_runs.absent:
        elsewhere = ", ".join(map(str, cited_runs.elsewhere[:5]))
        raise Inconclusive(
            f"every cited run is of another repository: {elsewhere}",
            "cite runs of this one, or describe the plan with the other repository",
        )
