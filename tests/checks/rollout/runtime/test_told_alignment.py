"""What the lane's own tool tells, beside what was seen: never enough alone."""

from typing import Any

import pytest

from checks.rollout import check_told_alignment
from checks.rollout.argo.seen import RevisionsCompared
from checks.rollout.links import State
from checks.wire.objects import Stands as Ancestry
from tests.checks.rollout.argo.judging import revisions
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.chain.made import chain, links
from tests.checks.rollout.runtime import made
from tests.checks.rollout.runtime.made import a_lane
from tests.checks.rollout.runtime.test_runners import RUNNER, UNDER_WAY, told
from tests.checks.rollout.runtime.written import Json, deployment, job, template

ANSWER: dict[str, Any] = {
    "summary": {
        "sourceCommit": "0" * 40,
        "expectedPipelineRun": "agentrun-v01-ci-000000000000",
        "runtimeAlignment": {
            "argoSyncedToGitops": True,
            "managerSourceMatchesExpected": True,
        },
        "gitMirror": {},
        "ci": {"pipelineRun": {"status": "True"}},
        "argo": {},
    },
    "alignment": {"aligned": True, "blockers": []},
}
SAYS = "as `agentrun v01 control-plane` tells"


def told_of(check: Any, answer: dict[str, Any], *items: Json, **more: Any) -> Judged:
    own = a_lane(runner=RUNNER)
    wants = check.__annotations__
    offered = {
        "live_workloads": (made.deployments(*items),),
        "runtime": own.runtime,
        "target": made.target(),
        "told_control_plane": told(answer, "control-plane"),
    }
    given = {name: one for name, one in offered.items() if name in wants}
    return judged(check, lane=own, **(given | more))


def answer(**alignment: Any) -> dict[str, Any]:
    summary = ANSWER["summary"] | {
        "runtimeAlignment": ANSWER["summary"]["runtimeAlignment"] | alignment
    }
    return ANSWER | {"summary": summary}


@pytest.mark.parametrize(
    ("document", "seen", "words"),
    [
        (answer(), revisions("same"), ("upheld", "")),
        ({"argoSyncedToGitops": "True"}, revisions("path-equal"), ("upheld", "")),
        (answer(argoSyncedToGitops=False), revisions("same"), ("violated", "argo-gitops-mismatch")),
        # green upstream covers no red downstream
        (answer(), revisions("lags"), ("violated", "argo-gitops-mismatch")),
        (answer(), revisions("unknown"), ("inconclusive", "")),
        ({}, revisions("same"), ("inconclusive", "")),
        (answer(argoSyncedToGitops="perhaps"), revisions("same"), ("inconclusive", "")),
    ],
)
def test_the_tool_and_git_have_to_agree_of_argo(
    document: dict[str, Any], seen: RevisionsCompared, words: tuple[str, str]
) -> None:
    check = check_told_alignment.check_tool_and_git_agree_that_argo_is_at_the_gitops_branch
    said = told_of(check, document, argo_revisions=seen)

    assert said.words == words, said.judgement
    if words[0] == "upheld":
        assert said.remarks[0].startswith(SAYS)
    if words[0] == "violated":
        under_way = told_of(check, document, argo_revisions=seen, chain=UNDER_WAY)
        assert under_way.words == ("inconclusive", "")
        assert under_way.judgement.reason.startswith("pending: ")


def test_the_tool_and_the_cluster_have_to_agree_of_the_manager() -> None:
    check = check_told_alignment.check_tool_tells_that_the_manager_is_of_the_source
    other = deployment(spec__template=template(AGENTRUN_BOOT_COMMIT="f" * 40))

    assert told_of(check, answer()).words == ("upheld", "")
    denied = answer(managerSourceMatchesExpected=False)
    assert told_of(check, denied).words == ("violated", "manager-source-mismatch")
    assert told_of(check, answer(), other).words == ("violated", "manager-source-mismatch")
    for document, items in ((denied, ()), (answer(), (other,))):
        assert told_of(check, document, *items, chain=UNDER_WAY).words == ("inconclusive", "")
    ancestries: tuple[Ancestry, ...] = ("contained", "unknown", "not-contained")
    tips = [made.target(tip="f" * 40, ancestry=one) for one in ancestries]
    proved, *others = [told_of(check, answer(), other, target=one) for one in tips]
    assert proved.remarks[0].startswith("superseded: ")
    assert {one.words for one in others} == {("violated", "manager-source-mismatch")}
    assert told_of(check, answer(), deployment("another")).words == ("inconclusive", "")
    assert told_of(check, {}).words == ("inconclusive", "")


@pytest.mark.parametrize(
    ("document", "item", "words"),
    [
        (ANSWER, deployment(), ("upheld", "")),
        ({"aligned": "true", "blockers": []}, deployment(), ("upheld", "")),
        ({"alignment": {"aligned": False, "blockers": []}}, deployment(),
         ("violated", "misaligned")),
        ({"alignment": {"aligned": True, "blockers": ["pending-flush"]}}, deployment(),
         ("violated", "misaligned")),
        ({"alignment": {"aligned": True}}, deployment(), ("inconclusive", "")),
        ({}, deployment(), ("inconclusive", "")),
        (ANSWER, deployment(status__updatedReplicas=1), ("inconclusive", "")),
        (ANSWER, deployment("another"), ("inconclusive", "")),
    ],
)  # fmt: skip
def test_alignment_that_a_tool_tells_has_to_be_borne_out(
    document: dict[str, Any], item: Json, words: tuple[str, str]
) -> None:
    check = check_told_alignment.check_tool_tells_that_the_lane_is_aligned
    said = told_of(check, document, item)

    assert said.words == words, said.judgement
    if words[0] == "violated":
        under_way = told_of(check, document, item, chain=UNDER_WAY)
        assert under_way.words == ("inconclusive", ""), "what is pending is not violated"
        broken = chain(links(argo=State.PENDING, runtime=State.BROKEN))
        assert told_of(check, document, item, chain=broken).words == words


def test_an_answer_has_its_declared_shape() -> None:
    check = check_told_alignment.check_tools_answer_has_the_declared_shape
    short: dict[str, Any] = {"summary": {}, "alignment": {}}

    assert told_of(check, ANSWER).words == ("upheld", "")
    said = told_of(check, short)
    assert said.words == ("violated", "status-schema-drift")
    assert "summary.sourceCommit is absent" in said.judgement.saw
    old = told_of(check, ANSWER | {"status": "ok"})
    assert old.words == ("violated", "status-schema-drift")
    assert old.judgement.saw == "status is there"


def test_reuse_that_is_blocked_is_refused_and_its_absence_is_borne_out_by_a_runner() -> None:
    check = check_told_alignment.check_tool_tells_of_no_blocked_reuse
    own = a_lane(runner=RUNNER)

    def of(document: dict[str, Any], *items: Json) -> tuple[str, str]:
        runner = getattr(own.runtime, "runner", None)
        seen = {"told_runtime": told(document, "runtime"), "live_jobs": made.jobs(*items)}
        return judged(check, **seen, runner=runner, runtime=own.runtime, lane=own).words

    assert of({"session": "reused"}, job()) == ("upheld", "")
    assert of({"reason": "reuse-blocked"}, job()) == ("violated", "reuse-blocked")
    assert of({"session": "reused"}) == ("inconclusive", "")


def test_a_migration_that_a_tool_tells_of_is_borne_out_by_what_runs() -> None:
    check = check_told_alignment.check_tool_tells_that_migrations_ran

    def of(document: dict[str, Any], item: Json, status: int = 0) -> tuple[str, str]:
        return told_of(check, {}, item, told_migration=told(document, "migration", status)).words

    assert of({"ok": True}, deployment()) == ("upheld", "")
    assert of({"ok": False}, deployment()) == ("violated", "migration-failed")
    assert of({"ok": True}, deployment(), 1) == ("violated", "migration-failed")
    assert of({"ok": True}, deployment(status__updatedReplicas=1)) == ("inconclusive", "")
    assert of({}, deployment()) == ("inconclusive", "")
