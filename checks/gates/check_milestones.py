"""A plan's milestones are done on or before their day."""

from datetime import UTC, datetime

from checks.gates.plans.document import PlanSeen
from checks.gates.plans.judging import late, milestones
from checks.gates.plans.lookups import CitedRuns
from config.gates import Plan
from reports.tables import Tabulate
from reports.verdicts import FailureClass, Inconclusive, NotApplicable, expected, fails_as

_COLUMNS = ("milestone", "due", "done", "line", "runs")


@fails_as(FailureClass.POLICY)
def check_milestones_are_not_late(
    plan: Plan, document: PlanSeen, milestone_runs: CitedRuns, tabulate: Tabulate
) -> None:
    every = milestones(plan.milestones, document.citations, milestone_runs).values()
    if not every:
        raise NotApplicable(f"{document.path} has no milestones, and the profile names none")
    rows = [
        (
            one.name,
            str(one.due or "no day"),
            str(one.done_on or ("yes, no day" if one.done else "no")),
            str(one.line or "not in the plan"),
            ", ".join(map(str, one.runs)),
        )
        for one in every
    ]
    tabulate(f"Milestones of {document.path}", _COLUMNS, rows)
    today = datetime.now(UTC).date()
    saw = [told for one in every if (told := late(one, today))]
    assert not saw, expected("each milestone done on or before its day", saw)
    undated = [one.name for one in every if one.due is None or (one.done and not one.done_on)]
    if undated:
        raise Inconclusive(
            f"{', '.join(undated)}: the plan does not say when it was due, or done",
            "write both days into its line, or into the profile",
        )
