"""How long a run takes, and in which of its phases."""

from checks.rollout.pipeline.budget import elapsed, hint, waited
from checks.rollout.pipeline.conditions import State, standing_of
from checks.rollout.pipeline.judging import ensure_over
from checks.rollout.pipeline.plans import services_of
from checks.rollout.pipeline.seen import WholeRun
from config.lanes import Lane
from config.lanes.pipeline import Pipeline
from config.model import Absent
from reports.tables import Tabulate
from reports.verdicts import Inconclusive, Remark

_COLUMNS = ("phase", "from", "took")


def check_run_ends_and_tells_its_time(
    lane: Lane, pipeline: Pipeline, whole_run: WholeRun, *, remark: Remark, tabulate: Tabulate
) -> None:
    total, own = elapsed(whole_run.run, whole_run.at), waited(whole_run.run, whole_run.at)
    tabulate(
        f"Phases of {whole_run.run.name}",
        _COLUMNS,
        [
            *((name, f"+{begin:.0f} s", f"{took:.0f} s") for name, begin, took in whole_run.phases),
            ("total", "", f"{total:.0f} s of {pipeline.budget:.0f} s"),
        ],
    )
    stands = standing_of(whole_run.run)
    if stands.state is State.PENDING and total > pipeline.budget:
        raise Inconclusive(
            f"pending: {pipeline.over_budget} already, after {total:.0f} s: {stands.why}",
            lane.next_for("pending", "pipeline"),
        )
    ensure_over(whole_run, lane)
    if total <= pipeline.budget:
        remark(f"total {total:.0f} s of {pipeline.budget:.0f} s")
        return
    remark(
        f"warning: {pipeline.over_budget}: total {total:.0f} s, the run itself {own:.0f} s,"
        f" of {pipeline.budget:.0f} s; {hint(whole_run.phases, _reused(pipeline, whole_run))}"
    )


def _reused(pipeline: Pipeline, whole_run: WholeRun) -> tuple[str, ...] | None:
    if isinstance(pipeline.plan, Absent):
        return None
    names = (pipeline.plan.affected, pipeline.plan.build, pipeline.plan.reused)
    plans = (services_of(one, *names) for one in whole_run.of(pipeline.plan_task))
    return next((one.reused for one in plans), None)
