"""What no lane names is kept in part: enough to judge lanes by, and told where it is not."""

from dataclasses import replace

import pytest

from checks.rollout.argo.objects import Application, Other
from checks.rollout.argo.reading import read_any
from checks.rollout.argo.seen import ApplicationsSeen
from checks.rollout.pipeline.benchmarks import stages_told
from checks.rollout.pipeline.projection import project_run
from checks.rollout.pipeline.specs import Kept
from checks.rollout.runtime.isolation import Scope, crossed_by_names, specs_of
from checks.rollout.runtime.picking import found
from checks.rollout.runtime.reading_objects import read_deployment
from checks.rollout.runtime.seen import DeploymentsSeen
from checks.wire.clusters import Judged
from config.lanes.runtime import Runtime
from fixtures.sightings import NotRecordedError
from reports import codec
from tests.checks.rollout.argo import written as of_argo
from tests.checks.rollout.pipeline import made, tekton
from tests.checks.rollout.runtime.made import LISTING, RUNTIME
from tests.checks.rollout.runtime.written import NAMESPACE, deployment

NOBODY = Judged(frozenset())
OWN = Judged(frozenset({(NAMESPACE, "agentrun-mgr")}))


def listed(judged: Judged) -> DeploymentsSeen:
    return DeploymentsSeen(listing=LISTING, items=(read_deployment(deployment(), judged),))


def test_a_deployment_that_a_lane_names_is_kept_whole() -> None:
    assert listed(OWN).items == (read_deployment(deployment()),)


def test_another_keeps_what_it_refers_to_and_none_of_its_variables() -> None:
    whole, (less,) = read_deployment(deployment()), listed(NOBODY).items

    assert any(one.env for one in whole.template.containers)
    assert not any(one.env or one.others for one in less.template.containers)
    assert (less.conditions, less.managers) == ((), ())
    assert less.meta == whole.meta
    assert [one.image for one in less.template.containers] == [
        one.image for one in whole.template.containers
    ]
    scope, other = Scope("a", "a"), Scope("b", "b", prefix=whole.template.service_account)
    assert crossed_by_names(scope, (other,), specs_of([less])) == crossed_by_names(
        scope, (other,), specs_of([whole])
    )
    assert crossed_by_names(scope, (other,), specs_of([less]))
    assert codec.decode(codec.encode(listed(NOBODY))) == listed(NOBODY)


def test_who_judges_it_all_the_same_is_told_that_nobody_looked() -> None:
    runtime = Runtime.model_validate(RUNTIME)

    with pytest.raises(NotRecordedError, match="agentrun-mgr, which no lane named then"):
        found(runtime, (listed(NOBODY),))
    with pytest.raises(NotRecordedError):
        listed(NOBODY).named(NAMESPACE, "agentrun-mgr")
    assert listed(NOBODY).named(NAMESPACE, "other") is None
    there, missing = found(runtime, (listed(OWN),))
    assert (len(there), missing) == (1, ())


def test_an_application_of_no_lane_tells_where_it_goes_and_is_no_application_to_judge() -> None:
    item = of_argo.application()
    place = item["metadata"]["namespace"], item["metadata"]["name"]

    other = read_any(item, NOBODY)

    whole = read_any(item, Judged(frozenset({place})))
    assert isinstance(other, Other)
    assert isinstance(whole, Application)
    assert other.destination == whole.destination
    seen = ApplicationsSeen(listing=LISTING, applications=(), others=(other,))
    with pytest.raises(NotRecordedError, match="which no lane named then"):
        seen.named(*place)
    assert seen.named("argocd", "nobody") is None
    assert codec.decode(codec.encode(seen)) == seen


def test_results_of_runs_are_kept_for_benchmarks_alone() -> None:
    ran = tekton.pipeline_run(status={"results": tekton.results(timings="{}")})

    kept, left = (project_run(ran, Kept(), results=results) for results in (True, False))

    assert [one.name for one in kept.results or ()] == ["timings"]
    assert left == replace(kept, results=None)
    whole = made.whole()
    with pytest.raises(NotRecordedError, match="no lane had a benchmark then"):
        stages_told(replace(whole, run=replace(whole.run, results=None)), "timings")
