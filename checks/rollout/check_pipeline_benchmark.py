"""A run that measures: it builds all, without caches, and tells how long each stage took."""

from checks.rollout.failures import Failure
from checks.rollout.pipeline.benchmarks import (
    cache_modes,
    is_same_path,
    rivals_of_catalog,
    stages_told,
    unbuilt,
)
from checks.rollout.pipeline.judging import ensure_over, ensure_resolved, listed
from checks.rollout.pipeline.listed import PipelineRuns
from checks.rollout.pipeline.seen import WholeRun
from config.lanes import Lane
from config.lanes.pipeline import Benchmark
from config.model import Absent
from reports.verdicts import expected, fails_as


@fails_as(Failure.BENCHMARK_CACHE_ENABLED)
def check_benchmark_has_its_cache_disabled(
    lane: Lane, benchmark: Benchmark, whole_run: WholeRun
) -> None:
    found = cache_modes(whole_run, benchmark.cache_param)
    wrong = [f"{place}: {mode}" for place, mode in found if mode != benchmark.cache_value]
    if not found:
        ensure_resolved(whole_run, lane)
    assert found and not wrong, expected(  # noqa: PT018 - one sentence
        f"{benchmark.cache_param}={benchmark.cache_value} in {whole_run.run.name}",
        saw=wrong or f"no parameter {benchmark.cache_param}",
        mend=lane.next_for(Failure.BENCHMARK_CACHE_ENABLED, "pipeline"),
    )


@fails_as(Failure.CACHE_HIT_FORBIDDEN)
def check_benchmark_builds_every_service(
    lane: Lane, benchmark: Benchmark, whole_run: WholeRun
) -> None:
    wrong = unbuilt(whole_run, benchmark.services)
    if wrong:
        skipped = [one for one in wrong if "skipped" in one]
        if not skipped:
            ensure_over(whole_run, lane)
            ensure_resolved(whole_run, lane)
    assert not wrong, expected(
        f"each of {listed(f'build-{one}' for one in benchmark.services)} to run",
        saw=wrong,
        mend=lane.next_for(Failure.CACHE_HIT_FORBIDDEN, "pipeline"),
    )


@fails_as(Failure.BENCHMARK_EVIDENCE_INCOMPLETE)
def check_benchmark_has_a_catalog_of_its_own(
    lane: Lane, benchmark: Benchmark, whole_run: WholeRun, pipeline_runs: PipelineRuns
) -> None:
    own = whole_run.run.param(benchmark.catalog_param)
    wrong = [] if own else [f"no parameter {benchmark.catalog_param}"]
    if not isinstance(lane.catalog, Absent) and is_same_path(own, lane.catalog.path):
        wrong.append(f"{benchmark.catalog_param}={own}, which is the lane's own catalog")
    wrong += rivals_of_catalog(whole_run.run, pipeline_runs, benchmark.catalog_param)
    assert not wrong, expected(
        f"a benchmark that is alone in its {benchmark.catalog_param}",
        saw=wrong,
        mend=lane.next_for(Failure.BENCHMARK_EVIDENCE_INCOMPLETE, "pipeline"),
    )


@fails_as(Failure.BENCHMARK_EVIDENCE_INCOMPLETE)
def check_benchmark_tells_the_time_of_every_stage(
    lane: Lane, benchmark: Benchmark, benchmark_stages: tuple[str, ...], whole_run: WholeRun
) -> None:
    ensure_over(whole_run, lane)
    told = stages_told(whole_run, benchmark.timings_result)
    missing = [one for one in benchmark_stages if one not in told]
    if missing:
        ensure_resolved(whole_run, lane)
    assert not missing, expected(
        f"timings of {listed(benchmark_stages)}",
        saw=f"nothing of {listed(missing)}; told are {listed(sorted(told))}",
        mend=lane.next_for(Failure.BENCHMARK_EVIDENCE_INCOMPLETE, "pipeline"),
    )
