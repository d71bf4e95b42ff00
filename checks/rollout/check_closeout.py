"""Whether a rollout can be closed, and whether that is written down where it has to be."""

from checks.rollout.chain.seen import Chain
from checks.rollout.chain.standing import in_order
from checks.rollout.closeout import rules
from checks.rollout.closeout.seen import CommentsSeen, Facts, IssuesSeen, PointersSeen
from checks.rollout.failures import Failure
from checks.rollout.links import State
from checks.rollout.pipeline.seen import Run
from checks.rollout.runtime.managers import foreign_hands
from checks.rollout.runtime.picking import WorkloadsSeen, those_there
from checks.rollout.source.seen import Target
from checks.rollout.told.fields import MISSING, dig, first_of, required, truth_at
from checks.rollout.told.seen import Told
from config.lanes import Lane
from config.lanes.argo import Argo
from config.lanes.closeout import RECORD_WORDS, Closeout, Compact
from config.lanes.pipeline import Pipeline
from config.lanes.runtime import Runtime
from config.model import Absent
from reports.verdicts import Inconclusive, Remark, expected, fails_as

_PAIR = 2
_ALIGNED = ("aligned", "summary.aligned", "alignment.aligned")


@fails_as(Failure.CLOSEOUT_INCOMPLETE)
def check_the_closeout_states_each_fact_by_itself(facts: Facts, lane: Lane) -> None:
    missing, mend = rules.not_there(facts), lane.next_for(Failure.CLOSEOUT_INCOMPLETE, "closeout")
    assert missing == [], expected(
        "each fact of the closeout from its own source",
        missing,
        Failure.CLOSEOUT_INCOMPLETE,
        mend=mend,
    )
    if unread := rules.missing_of(facts):
        raise Inconclusive(f"not all sources could be read: {'; '.join(unread)}", mend)


@fails_as(Failure.CLOSEOUT_INCOMPLETE)
def check_a_closeout_over_its_budget_tells_by_how_much(
    facts: Facts, pipeline: Pipeline, lane: Lane, remark: Remark
) -> None:
    missing, unread = rules.untold_of_the_time(facts)
    mend = lane.next_for(Failure.CLOSEOUT_INCOMPLETE, "closeout")
    assert missing == [], expected(
        "the time in all, the run's own, and the mirror's status beside what took too long",
        missing,
        Failure.CLOSEOUT_INCOMPLETE,
        mend=mend,
    )
    if unread:
        raise Inconclusive("; ".join(unread), mend)
    over = facts.over
    if over is None:
        remark(f"not over {pipeline.budget:.0f} s")
        return
    times = {"in all": over.elapsed, "for the run": over.waited}
    told = [f"{took:.0f} s {of}" for of, took in times.items() if took is not None]
    told.append(f"the mirror: {over.mirror}")
    remark(f"warning: {pipeline.over_budget}: {', '.join(told)}; of {over.budget:.0f} s")


@fails_as(Failure.CLOSED_ON_SUPERSEDED_RUN)
def check_the_closeout_is_of_the_latest_run(
    closeout: Closeout, target: Target, pipeline_run: Run, lane: Lane
) -> None:
    del closeout
    assert pipeline_run.commit == target.tip, expected(
        f"the run of the branch's tip, {target.tip}",
        f"{pipeline_run.name} of {pipeline_run.commit}",
        Failure.CLOSED_ON_SUPERSEDED_RUN,
        mend=lane.next_for(Failure.CLOSED_ON_SUPERSEDED_RUN, "closeout"),
    )


@fails_as(Failure.CLOSEOUT_COMMENT_MISSING)
def check_the_pull_request_has_the_closeout(
    closeout_comments: CommentsSeen, target: Target, pipeline_run: Run, lane: Lane
) -> None:
    mend = lane.next_for(Failure.CLOSEOUT_COMMENT_MISSING, "closeout")
    if pipeline_run.completed is None:
        raise Inconclusive(f"pending: {pipeline_run.name} has not ended, and is not closed", mend)
    found, unsaid = rules.nearest(closeout_comments.comments, target.commit, pipeline_run.name)
    none = f"none of {len(closeout_comments.comments)} comments names it"
    wrong = [f"{found.url} leaves out {one}" for one in unsaid] if found else [none]
    assert wrong == [], expected(
        f"a comment of #{closeout_comments.number} that closes {pipeline_run.name}",
        wrong,
        Failure.CLOSEOUT_COMMENT_MISSING,
        mend=mend,
    )


@fails_as(Failure.FAILURE_ISSUE_MISSING)
def check_a_failed_rollout_has_an_issue(
    failure_issues: IssuesSeen, chain: Chain, target: Target, lane: Lane
) -> None:
    if chain.standing in {State.PENDING, State.UNKNOWN}:
        why = f"{chain.standing}: whether the rollout failed is not known yet"
        raise Inconclusive(why, "look at the chain first")
    run = chain.link("pipeline")
    named = rules.naming(
        failure_issues.issues, target.commit, target.commit[:12], rules.run_of(run)
    )
    breaks = [f"the lane breaks at {one.node}: {one.failure}" for one in chain.broken]
    assert named or breaks == [], expected(
        f"an issue with the label {failure_issues.label} that names {target.commit}",
        [f"none of {len(failure_issues.issues)}", *breaks],
        Failure.FAILURE_ISSUE_MISSING,
        mend=lane.next_for(Failure.FAILURE_ISSUE_MISSING, "closeout"),
    )


@fails_as(Failure.UNDOCUMENTED_HOTFIX)
def check_a_change_by_hand_has_an_issue(
    *,
    live_workloads: tuple[WorkloadsSeen, ...],
    hotfix_issues: IssuesSeen,
    runtime: Runtime,
    argo: Argo,
    closeout: Closeout,
    lane: Lane,
    remark: Remark,
) -> None:
    mend = lane.next_for(Failure.UNDOCUMENTED_HOTFIX, "closeout")
    saw: list[str] = []
    for pair in those_there(runtime, live_workloads):
        if not pair.live.managers:
            why = f"{pair} tells of no manager of its fields"
            raise Inconclusive(why, "take snapshots with kubectl get --show-managed-fields")
        hands = foreign_hands(pair.live, (*argo.managers, *argo.controllers))
        if not hands:
            continue
        note, lacks = rules.told_best(hotfix_issues.issues, pair.expected.name, closeout)
        if note is None:
            saw.append(f"{pair}: {hands[0]}, and no issue names it")
        elif lacks:
            saw.append(f"{pair}: {hands[0]}, and {note.url} has no word of {', '.join(lacks)}")
        else:
            remark(f"{pair} was changed by hand, as {note.url} tells: {hands[0]}")
    what = f"an issue with the label {hotfix_issues.label} of each change by hand"
    assert saw == [], expected(what, saw, Failure.UNDOCUMENTED_HOTFIX, mend=mend)


@fails_as(Failure.POINTER_COLLISION)
def check_each_pointer_is_of_its_own_job(pointers: PointersSeen, lane: Lane) -> None:
    wrong = rules.collisions(pointers.pointers)
    assert wrong == [], expected(
        "each file to point to its own job",
        wrong,
        Failure.POINTER_COLLISION,
        mend=lane.next_for(Failure.POINTER_COLLISION, "closeout"),
    )
    if len(pointers.pointers) < _PAIR:
        why = f"{len(pointers.pointers)} files: there is none from which it has to be told apart"
        raise Inconclusive(why, "name each file in the closeout's `pointers`")


@fails_as(Failure.ROLLOUT_RECORD_MISSING)
def check_the_rollout_is_recorded(
    told_rollout_record: Told, target: Target, lane: Lane, remark: Remark
) -> None:
    closeout = lane.closeout
    words = RECORD_WORDS if isinstance(closeout, Absent) else closeout.record_words
    record = rules.record_of(dig(told_rollout_record, ""), target.commit)
    lacks = [] if record is None else rules.words_missing(record, words)
    saw = f"none, {told_rollout_record.worded}"
    if lacks:
        saw = f"{told_rollout_record.worded}, one that has no word of {', '.join(lacks)}"
    assert record is not None and not lacks, expected(  # noqa: PT018 - one sentence
        f"a record of {target.commit}, with how long it took, its tasks and what changed",
        saw,
        Failure.ROLLOUT_RECORD_MISSING,
        mend=lane.next_for(Failure.ROLLOUT_RECORD_MISSING, "closeout"),
    )
    remark(f"{told_rollout_record.worded}: nothing else tells of it")


@fails_as(Failure.VERBOSE_DEFAULT_LEAK)
def check_the_status_is_compact(
    told_control_plane: Told, compact: Compact, lane: Lane, remark: Remark
) -> None:
    lacks = [path for path in compact.told if dig(told_control_plane, path) is MISSING]
    shown = rules.untold_keys(told_control_plane.document, compact.untold)
    assert shown == [], expected(
        "a status that shows no detail of Secrets and no tails of logs unless it is asked to",
        shown,
        Failure.VERBOSE_DEFAULT_LEAK,
        mend=lane.next_for(Failure.VERBOSE_DEFAULT_LEAK, "closeout"),
    )
    assert lacks == [], expected(
        "a status that tells what is needed to go on",
        [f"{path} is not there" for path in lacks],
        Failure.VERBOSE_DEFAULT_LEAK,
        mend=lane.next_for(Failure.VERBOSE_DEFAULT_LEAK, "closeout"),
    )
    remark(told_control_plane.worded)


@fails_as(Failure.PRECEDENCE_VIOLATED)
def check_no_word_of_success_covers_what_is_broken(
    told_control_plane: Told, chain: Chain, lane: Lane
) -> None:
    if chain.standing not in {State.BROKEN, State.AGREES, State.SUPERSEDED}:
        raise Inconclusive(
            f"how the lane stands is {chain.standing}: no word can be held against it",
            "look at the chain first",
        )
    path, _ = first_of(told_control_plane, *_ALIGNED)
    said = required(told_control_plane, path, truth_at(told_control_plane, path))
    broken = tuple(reversed(in_order(chain.broken)))
    told = [f"{one.node} is broken: {one.observed or one.why}" for one in broken]
    assert not (said.holds and broken), expected(
        "no word that all is aligned while a link is broken: what runs counts most",
        [f"{told_control_plane.worded}, {path} is {said.raw}", *told],
        Failure.PRECEDENCE_VIOLATED,
        mend=lane.next_for(Failure.PRECEDENCE_VIOLATED, "closeout"),
    )
