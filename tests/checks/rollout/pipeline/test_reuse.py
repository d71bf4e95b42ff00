"""What a run builds and what it takes from before: plans, publishing, and benchmarks."""

from typing import Any

import pytest
from pydantic import ValidationError

from checks.rollout import check_pipeline_benchmark as benchmarks
from checks.rollout import check_pipeline_reuse as checks
from checks.rollout.catalog.scanned import InputsChanged, NoInputs
from checks.rollout.pipeline.objects import Value
from checks.rollout.pipeline.plans import read_counts
from config.lanes.catalog import Catalog
from config.lanes.pipeline import Benchmark, EnvReuse, ServicePlan
from tests.checks.rollout.calling import judged
from tests.checks.rollout.pipeline import made, tekton

LANE = made.lane()
UPHELD, INCONCLUSIVE = ("upheld", ""), ("inconclusive", "")


def planned(**results: Any) -> Any:
    ran = tekton.task_run("plan", status={"results": tekton.results(**results)})
    return made.whole(tasks=tekton.task_runs(plan=ran))


def changed(*paths: str, newer: str = tekton.COMMIT) -> InputsChanged:
    return InputsChanged(older=tekton.OTHER, newer=newer, paths=paths, at=made.NOW)


def reuses(run: Any, inputs: Any = None) -> Any:
    return judged(
        checks.check_plan_reuses_the_environment,
        **made.given(LANE),
        env_reuse=EnvReuse(),
        env_inputs=inputs or NoInputs(why="the lane names none", at=made.NOW),
        whole_run=run,
    )


@pytest.mark.parametrize(
    "summary",
    [
        "build=0 reuse=1 unsafeReuse=0",
        '{"build": 0, "reuse": 1, "unsafeReuse": 0}',
        {"build": "0", "reuse": "1", "unsafeReuse": "0"},
    ],
)
def test_a_small_change_reuses_its_environment(summary: Any) -> None:
    assert reuses(planned(**{"planArtifacts.summary": summary})).words == UPHELD


@pytest.mark.parametrize(
    ("summary", "failure", "saw"),
    [
        ("build=1 reuse=0 unsafeReuse=0", "unexpected-build", "build=1, not 0"),
        ("build=0 reuse=1", "unexpected-build", "unsafeReuse=not told, not 0"),
        ("build=0 reuse=1 unsafeReuse=1", "unsafe-reuse", "unsafeReuse=1, not 0"),
    ],
)
def test_a_build_and_an_unsafe_reuse_are_told_apart(summary: str, failure: str, saw: str) -> None:
    found = reuses(planned(**{"planArtifacts.summary": summary}))

    assert found.words == ("violated", failure)
    assert saw in found.judgement.saw


def test_a_plan_that_tells_nothing_is_not_judged() -> None:
    assert reuses(planned(other="x")).words == INCONCLUSIVE
    assert reuses(planned(**{"planArtifacts.summary": "well"})).words == INCONCLUSIVE
    assert read_counts(Value(name="x", type="array", text="[1]")) is None


def test_a_plan_that_failed_is_another_checks() -> None:
    run = made.whole(tasks=tekton.task_runs(plan=tekton.failed_task("plan")))

    assert reuses(run).words == INCONCLUSIVE


def test_a_build_is_expected_where_inputs_changed_and_unsafe_reuse_never() -> None:
    built = planned(**{"planArtifacts.summary": "build=1 reuse=0 unsafeReuse=0"})
    unsafe = planned(**{"planArtifacts.summary": "build=1 reuse=0 unsafeReuse=1"})

    assert reuses(built, changed("bun.lock")).words == UPHELD
    assert "bun.lock" in reuses(built, changed("bun.lock")).remarks[0]
    assert reuses(built, changed()).words == ("violated", "unexpected-build")
    assert reuses(built, changed("bun.lock", newer=tekton.OTHER)).words[1] == "unexpected-build"
    assert reuses(unsafe, changed("bun.lock")).words == ("violated", "unsafe-reuse")


def publishes(inputs: Any = None, **results: Any) -> Any:
    ran = tekton.task_run("image-publish", status={"results": tekton.results(**results)})
    return judged(
        checks.check_publishing_reuses_the_image,
        lane=LANE,
        env_reuse=EnvReuse(),
        env_inputs=inputs or changed(),
        whole_run=made.whole(tasks=tekton.task_runs(image_publish=ran)),
    )


def test_publishing_reuses_the_image() -> None:
    assert publishes(status="reused\n").words == UPHELD
    assert publishes(status="built").words == ("violated", "unexpected-build")
    assert publishes(changed("bun.lock"), status="built").words == UPHELD
    assert publishes().words == INCONCLUSIVE


def hydrated(**results: Any) -> Any:
    return judged(
        checks.check_plan_was_made_with_the_catalog,
        **made.given(LANE),
        service_plan=ServicePlan(),
        whole_run=planned(**results),
    )


def services(affected: Any, build: Any, reused: Any) -> dict[str, Any]:
    return {"affectedServices": affected, "buildServices": build, "reusedServices": reused}


@pytest.mark.parametrize(
    "plan",
    [
        services(["api"], ["api"], ["web", "worker"]),
        services('["api"]', '["api"]', '["web"]'),
        services("api", "", "web,api"),
    ],
)
def test_a_plan_builds_what_is_affected_and_reuses_the_rest(plan: dict[str, Any]) -> None:
    assert hydrated(**plan).words == UPHELD


@pytest.mark.parametrize(
    ("plan", "saw"),
    [
        (services(["api"], ["api", "web"], []), "reusedServices=[]"),
        (services(["api"], ["api", "web"], ["worker"]), "web are built, and not among"),
    ],
)
def test_a_plan_that_builds_all_was_made_without_the_catalog(
    plan: dict[str, Any], saw: str
) -> None:
    found = hydrated(**plan)

    assert found.words == ("violated", "catalog-not-hydrated")
    assert saw in found.judgement.saw


def test_a_plan_without_its_services_is_not_judged() -> None:
    assert hydrated(buildServices=["api"]).words == INCONCLUSIVE


BENCHMARK = Benchmark(services=("mgr",), stages=("plan", "export"))


def measured(
    *, mode: str | None = "disabled", path: str | None = "bench/1.json", **status: Any
) -> dict[str, Any]:
    values = {"build_cache_mode": mode, "catalog_path": path, "commit": tekton.COMMIT}
    given = tekton.params(**{name: one for name, one in values.items() if one is not None})
    return tekton.pipeline_run(spec={"params": given}, status=status)


def benchmark(check: Any, run: Any, tasks: Any = None, **more: Any) -> Any:
    lane = made.lane(benchmark=BENCHMARK.model_dump())
    return judged(check, lane=lane, benchmark=BENCHMARK, whole_run=made.whole(run, tasks), **more)


def test_a_benchmark_has_its_cache_disabled() -> None:
    check = benchmarks.check_benchmark_has_its_cache_disabled

    assert benchmark(check, measured()).words == UPHELD
    assert benchmark(check, measured(mode="registry")).words == (
        "violated",
        "benchmark-cache-enabled",
    )
    assert benchmark(check, measured(mode=None)).words == ("violated", "benchmark-cache-enabled")


def built() -> list[dict[str, Any]]:
    return [*tekton.task_runs(), tekton.task_run("build-mgr")]


def test_a_benchmark_builds_every_service() -> None:
    check = benchmarks.check_benchmark_builds_every_service
    hit: dict[str, Any] = {"skippedTasks": [{"name": "build-mgr", "reason": tekton.WHEN}]}

    assert benchmark(check, measured(), built()).words == UPHELD
    assert benchmark(check, measured()).words == ("violated", "cache-hit-forbidden")
    going_on = measured(conditions=[tekton.condition("Unknown", "Running")])
    assert benchmark(check, going_on).words == INCONCLUSIVE
    found = benchmark(check, measured(**hit))
    assert found.words == ("violated", "cache-hit-forbidden")
    assert found.judgement.saw == f"build-mgr was skipped: {tekton.WHEN}"


def catalog(path: str | None, *others: dict[str, Any], own: str = "deploy/catalog.json") -> Any:
    run = measured(path=path)
    lane = made.lane(benchmark=BENCHMARK.model_dump()).model_copy(
        update={"catalog": Catalog(path=own, services=("mgr",))}
    )
    return judged(
        benchmarks.check_benchmark_has_a_catalog_of_its_own,
        lane=lane,
        benchmark=BENCHMARK,
        whole_run=made.whole(run),
        pipeline_runs=made.runs(run, *others),
    )


def test_a_benchmark_is_alone_in_its_catalog() -> None:
    rival = measured(path="bench/1.json")
    rival["metadata"] |= {"name": "rival", "uid": "rival"}

    assert catalog("bench/1.json").words == UPHELD
    for wrong in (
        catalog(None),
        catalog("deploy/catalog.json"),
        catalog("./deploy//catalog.json"),
        catalog("./bench/1.json", rival),
        catalog("bench/1.json", rival),
    ):
        assert wrong.words == ("violated", "benchmark-evidence-incomplete")


def timings(run: dict[str, Any], tasks: Any = None) -> Any:
    check = benchmarks.check_benchmark_tells_the_time_of_every_stage
    return benchmark(check, run, tasks, benchmark_stages=BENCHMARK.stages)


def test_a_benchmark_tells_every_stage() -> None:
    told: dict[str, Any] = {"results": tekton.results(timings='{"plan": 12, "export": 3}')}
    spec = tekton.pipeline_spec()
    spec["tasks"] = spec["tasks"][:-1]

    assert timings(measured(**told)).words == UPHELD
    assert timings(measured(results=tekton.results(export="3"))).words == UPHELD
    found = timings(measured(pipelineSpec=spec))
    assert found.words == ("violated", "benchmark-evidence-incomplete")
    assert found.judgement.saw.startswith("nothing of export")


def test_counts_that_are_expected_are_named() -> None:
    with pytest.raises(ValidationError):
        EnvReuse(expected={})
