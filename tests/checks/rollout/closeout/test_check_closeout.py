"""What closes a rollout: facts, comment, issue, pointers, record, a compact and honest status."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from checks.rollout import check_closeout as checks
from checks.rollout.closeout.document import document
from checks.rollout.closeout.seen import (
    CommentsSeen,
    Fact,
    IssuesSeen,
    Note,
    OverBudget,
    Pointer,
    PointersSeen,
)
from checks.rollout.failures import Failure
from checks.rollout.links import State
from checks.rollout.pipeline.seen import Run
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.chain.made import (
    NEW,
    NOW,
    OLD,
    chain,
    link,
    links,
    target,
)
from tests.checks.rollout.chain.test_linking import run as made_run
from tests.checks.rollout.closeout.made import CLOSEOUT, LANE, OVER, fact, facts, note, recorded
from tests.checks.rollout.pipeline.made import lane as pipelined
from tests.checks.rollout.pipeline.made import pipeline_of


def run(status: str = "True", **parts: Any) -> Run:
    return replace(made_run(status), name="agentrun-v01-ci-aaaaaaaaaaaa", commit=OLD, **parts)


def test_a_closeout_with_each_fact_is_upheld() -> None:
    assert judged(
        checks.check_the_closeout_states_each_fact_by_itself, facts=facts(), lane=LANE
    ).words == ("upheld", "")


@pytest.mark.parametrize(
    "name",
    [
        "source-commit",
        "registry-digest",
        "gitops-revision",
        "argo-revision",
        "runtime-digest",
        "pipelinerun",
        "current-tip",
        "ancestry",
        "merge-commit",
    ],
)
def test_a_closeout_without_one_is_incomplete(name: str) -> None:
    given = facts(facts=(fact(name, why="403 from the API server"),))

    found = judged(checks.check_the_closeout_states_each_fact_by_itself, facts=given, lane=LANE)

    assert found.words == ("violated", "closeout-incomplete")
    assert found.judgement.saw == f"{name}: 403 from the API server"


def test_a_source_that_could_not_be_read_leaves_it_open() -> None:
    unread = fact("argo-revision", why="could not look: 403", unread=True)

    found = judged(
        checks.check_the_closeout_states_each_fact_by_itself,
        facts=facts(facts=(unread,)),
        lane=LANE,
    )
    also_gone = facts(facts=(unread, fact("gitops-revision", why="there is no branch")))

    assert found.words == ("inconclusive", "")
    assert "argo-revision: could not look: 403" in found.judgement.reason
    assert judged(
        checks.check_the_closeout_states_each_fact_by_itself, facts=also_gone, lane=LANE
    ).words == ("violated", "closeout-incomplete")


def timed(*given: Fact, over: OverBudget | None = OVER) -> Judged:
    return judged(
        checks.check_a_closeout_over_its_budget_tells_by_how_much,
        facts=facts(facts=given, over=over),
        pipeline=pipeline_of(pipelined()),
        lane=LANE,
    )


def test_a_closeout_over_its_budget_tells_by_how_much() -> None:
    found = timed()

    assert found.words == ("upheld", "")
    (told,) = found.remarks
    assert told.startswith("warning: over-120s: 204 s in all, 131 s for the run, the mirror: ")
    assert told.endswith("githubInSync=true; of 120 s")
    assert timed(over=None).remarks == ("not over 120 s",)


@pytest.mark.parametrize(
    ("given", "over", "told"),
    [
        ((), replace(OVER, elapsed=None), "the time in all is not there"),
        ((), replace(OVER, waited=None), "the run's own time is not there"),
        ((fact("mirror-status", why="it is not there"),), OVER, "the mirror's status"),
    ],
)
def test_a_closeout_that_leaves_out_by_how_much_is_incomplete(
    given: tuple[Fact, ...], over: OverBudget, told: str
) -> None:
    found = timed(*given, over=over)

    assert found.words == ("violated", "closeout-incomplete")
    assert told in found.judgement.saw


@pytest.mark.parametrize(
    ("given", "over"),
    [
        (fact("ended", why="it has not ended"), None),
        (fact("target-validation", why="could not look: x", unread=True), None),
        (fact("target-validation", why="could not look: x", unread=True),
         replace(OVER, elapsed=None)),
        (fact("mirror-status", why="could not look: x", unread=True), OVER),
    ],
)  # fmt: skip
def test_a_time_of_which_not_all_is_known_is_left_open(given: Fact, over: Any) -> None:
    assert timed(given, over=over).words == ("inconclusive", "")


def test_what_the_lane_does_not_have_is_not_missing_of_its_time() -> None:
    without = fact("target-validation", why="no command tells of it", absent=True)

    assert timed(without, over=replace(OVER, elapsed=None)).words == ("upheld", "")


def latest(**of: Any) -> Judged:
    return judged(
        checks.check_the_closeout_is_of_the_latest_run,
        closeout=CLOSEOUT,
        target=target(**of),
        pipeline_run=run(),
        lane=LANE,
    )


def test_the_run_of_the_tip_closes_a_rollout() -> None:
    assert latest().words == ("upheld", "")


def test_a_run_that_was_superseded_does_not_close_it() -> None:
    found = latest(ancestry="contained")

    assert found.words == ("violated", "closed-on-superseded-run")
    assert NEW in found.judgement.expected


def commented(*notes: Note, status: str = "True") -> Judged:
    seen = CommentsSeen(repository="x", number=7, comments=notes, at=NOW)
    ended = run(status) if status == "True" else run(status, completed=None)
    return judged(
        checks.check_the_pull_request_has_the_closeout,
        closeout_comments=seen,
        target=target(),
        pipeline_run=ended,
        lane=LANE,
    )


def test_our_own_closeout_is_the_comment_that_is_asked_for() -> None:
    assert commented(note("LGTM"), note(document(recorded()))).words == ("upheld", "")


@pytest.mark.parametrize("notes", [(), (note("done"),), (note(f"shipped {NEW}"),)])
def test_a_pull_request_without_the_comment_is_not_closed(notes: Sequence[Note]) -> None:
    assert commented(*notes).words == ("violated", "closeout-comment-missing")


@pytest.mark.parametrize(
    ("left_out", "what"),
    [
        ("target-?[Vv]alidation", "targetValidation"),
        ("irror", "the mirror's status"),
        (OLD, "the source commit"),
        ("agentrun-v01-ci-aaaaaaaaaaaa", "the PipelineRun"),
    ],
)
def test_a_comment_that_leaves_something_out_is_not_enough(left_out: str, what: str) -> None:
    found = commented(note(re.sub(left_out, "…", document(recorded()))))

    assert found.words == ("violated", "closeout-comment-missing")
    assert found.judgement.saw.endswith(f"leaves out {what}")


def test_a_run_under_way_has_no_comment_yet() -> None:
    assert commented(status="Unknown").words == ("inconclusive", "")


def failed(given: Any, *issues: Note) -> Judged:
    seen = IssuesSeen(repository="x", label="cd-failure", issues=issues, at=NOW)
    return judged(
        checks.check_a_failed_rollout_has_an_issue,
        failure_issues=seen,
        chain=chain(given),
        target=target(),
        lane=LANE,
    )


BROKEN = links(argo=link("argo", State.BROKEN, Failure.ARGO_DEGRADED))


def test_a_failed_rollout_has_an_issue_that_names_it() -> None:
    assert failed(BROKEN, note(f"{OLD[:12]} is degraded")).words == ("upheld", "")
    assert failed(links()).words == ("upheld", "")


def test_an_issue_may_name_the_run_alone_and_no_other_word_of_the_chain() -> None:
    ran = f"agentrun-v01-ci-1 of {OLD}, failed"
    given = links(pipeline=link("pipeline", State.BROKEN, Failure.PIPELINERUN_FAILED, observed=ran))
    gone = links(pipeline=link("pipeline", State.BROKEN, observed="no run"))

    assert failed(given, note("agentrun-v01-ci-1 has failed")).words == ("upheld", "")
    assert failed(gone, note("there was no run")).words == ("violated", "failure-issue-missing")


def test_a_failed_rollout_without_one_is_told() -> None:
    found = failed(BROKEN, note(f"of {NEW}"))

    assert found.words == ("violated", "failure-issue-missing")
    assert found.judgement.saw.splitlines()[1] == "the lane breaks at argo: argo-degraded"


@pytest.mark.parametrize("state", [State.PENDING, State.UNKNOWN])
def test_a_rollout_that_may_yet_fail_needs_none_yet(state: State) -> None:
    assert failed(links(runtime=state)).words == ("inconclusive", "")


def pointed(*pointers: Pointer) -> Judged:
    seen = PointersSeen(pointers=pointers, at=NOW)
    return judged(checks.check_each_pointer_is_of_its_own_job, pointers=seen, lane=LANE)


def pointer(path: str, job: str | None, why: str = "") -> Pointer:
    return Pointer(path, there=job is not None, job=job, why=why)


def test_pointers_to_different_jobs_are_upheld() -> None:
    assert pointed(pointer("m.json", "1"), pointer("o.json", "2")).words == ("upheld", "")


@pytest.mark.parametrize(
    "second", [pointer("o.json", "1"), pointer("o.json", None, "it is not there")]
)
def test_a_pointer_that_was_overwritten_or_is_gone_is_told(second: Pointer) -> None:
    assert pointed(pointer("m.json", "1"), second).words == ("violated", "pointer-collision")


def test_files_of_which_there_is_one_alone_are_not_told_apart() -> None:
    assert pointed().words == ("inconclusive", "")
    assert pointed(pointer("m.json", "1")).words == ("inconclusive", "")
