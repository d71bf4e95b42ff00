"""Tekton's objects, projected: what is judged is kept, whatever version wrote it."""

import pytest

from checks.rollout.pipeline.objects import Skipped, Value
from checks.rollout.pipeline.projection import project_task_run
from checks.rollout.pipeline.specs import Kept
from reports.codec import decode, encode
from tests.checks.rollout.pipeline import made, tekton


def test_a_pod_template_is_read_where_v1beta1_has_it() -> None:
    old = tekton.pipeline_run(
        spec={"serviceAccountName": "runner", "podTemplate": {"hostNetwork": True}}
    )
    del old["spec"]["taskRunTemplate"]

    found = made.runs(old).runs[0]

    assert (found.service_account, found.network.host_network) == ("runner", True)
    assert found.network.dns_policy is None


def test_results_are_texts_lists_and_objects() -> None:
    told = {"results": tekton.results(one="a", many=["a", "b"], named={"k": "v"})}
    found = made.task_runs([tekton.task_run("plan", status=told)]).task_runs[0]

    assert [(one.type, one.plain) for one in found.results] == [
        ("string", "a"),
        ("array", ["a", "b"]),
        ("object", {"k": "v"}),
    ]
    assert found.result("never-written") is None


def test_a_text_that_looks_as_json_stays_a_text() -> None:
    assert Value(name="x", type="string", text="[1]").plain == "[1]"


def test_definitions_are_kept_once() -> None:
    seen = made.runs(*(tekton.pipeline_run(f"agentrun-{at}") for at in range(20)))

    assert {one.spec for one in seen.runs} == {0}
    assert len(seen.specs) == 1


def test_skipped_tasks_keep_their_reasons() -> None:
    assert made.runs(tekton.pipeline_run()).runs[0].skipped == (
        Skipped(task="build-agentrun", reason=tekton.WHEN),
    )


def test_a_task_run_of_no_pipeline_run_is_left_out() -> None:
    alone = tekton.task_run("check", metadata={"labels": {}})

    assert project_task_run(alone, Kept()) is None


@pytest.mark.parametrize("missing", ["uid", "name", "creationTimestamp"])
def test_an_object_of_another_shape_is_not_taken_for_a_run(missing: str) -> None:
    odd = tekton.pipeline_run()
    del odd["metadata"][missing]

    with pytest.raises(KeyError):
        made.runs(odd)


def test_children_are_known_by_who_owns_them_and_not_by_their_names() -> None:
    hashed = tekton.task_run("check", name="agentrun-v01-ci-012345678-0f3b2d1c")
    earlier = tekton.task_run(
        "plan",
        metadata={
            "ownerReferences": [{"kind": "PipelineRun", "name": tekton.NAME, "uid": "deleted"}]
        },
    )

    found = made.whole(tasks=[hashed, earlier])

    assert [one.name for one in found.tasks] == ["agentrun-v01-ci-012345678-0f3b2d1c"]
    assert "plan" in found.lost


def test_a_whole_run_survives_its_journal() -> None:
    seen = made.whole()

    assert decode(encode(seen)) == seen
    assert decode(encode(made.runs(tekton.pipeline_run()))) is not None
    assert seen.lost == ()
    assert seen.headline.endswith("Succeeded=True (Completed), 5 TaskRuns")
