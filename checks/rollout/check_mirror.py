"""The git mirror: what it has is what its upstream has, and its status says so in full."""

from checks.rollout.failures import Failure
from checks.rollout.mirror.fields import (
    commits_of,
    exact_fetch_of,
    field_of,
    in_sync_of,
    key_of,
    says_yes,
)
from checks.rollout.mirror.rules import (
    both_have,
    exhausted_in,
    is_cached,
    missing_fields,
    optional_missing,
    partial_faults,
    transport_faults,
    transport_url,
    unlabelled,
)
from checks.rollout.mirror.seen import ExactFetch, FlushSeen, GateSeen, UpstreamSeen
from checks.rollout.told.fields import shown
from checks.rollout.told.seen import Told
from checks.wire.refs import RefsSeen
from config.lanes import Lane
from config.lanes.mirror import Mirror
from reports.verdicts import Inconclusive, Remark, expected, fails_as

_NODE = "mirror"
_CACHED = "cached, not asked of GitHub itself"


@fails_as(Failure.MIRROR_STATUS_INCOMPLETE)
def check_mirror_status_is_whole(told_mirror: Told, lane: Lane, remark: Remark) -> None:
    if told_mirror.status:
        _ensure_told(told_mirror, lane)
    saw = missing_fields(told_mirror, lane)
    mend = lane.next_for(Failure.MIRROR_STATUS_INCOMPLETE, _NODE)
    what = f"all fields of a mirror's status, {told_mirror.worded}"
    assert not saw, expected(what, saw, mend=mend)
    spelled = (
        f"{told_mirror.worded}, by the fields local{key_of(lane)}, {in_sync_of(told_mirror).path}"
    )
    remark("; ".join([spelled, *optional_missing(told_mirror, lane)]))


@fails_as(Failure.MIRROR_SOURCE_LAG)
def check_mirror_has_the_source_branch_of_its_upstream(
    mirror_refs: RefsSeen, upstream: UpstreamSeen, source_ref: str, lane: Lane, remark: Remark
) -> None:
    _judge_branch(mirror_refs, upstream, source_ref, Failure.MIRROR_SOURCE_LAG, lane)
    remark(f"direct: both were asked for {source_ref}")


@fails_as(Failure.MIRROR_GITOPS_LAG)
def check_mirror_has_the_gitops_branch_of_its_upstream(
    mirror_refs: RefsSeen, upstream: UpstreamSeen, gitops_ref: str, lane: Lane, remark: Remark
) -> None:
    _judge_branch(mirror_refs, upstream, gitops_ref, Failure.MIRROR_GITOPS_LAG, lane)
    remark(f"direct: both were asked for {gitops_ref}")


@fails_as(Failure.MIRROR_SOURCE_LAG)
def check_mirror_status_has_one_commit_of_the_source(
    told_mirror: Told, mirror_refs: RefsSeen, source_ref: str, lane: Lane, remark: Remark
) -> None:
    key = key_of(lane)
    saw = _apart(told_mirror, lane, f"local{key}", f"github{key}")
    in_sync = field_of(told_mirror, "sourceInSync")
    if in_sync.is_there and says_yes(told_mirror, in_sync) is False:
        saw.append(f"{in_sync.path} is {shown(in_sync.value)}")
    mend = lane.next_for(Failure.MIRROR_SOURCE_LAG, _NODE)
    what = f"one commit of {source_ref}, {told_mirror.worded} ({_CACHED})"
    assert not saw, expected(what, saw, mend=mend)
    _ensure_seen_alike(told_mirror, lane, f"local{key}", mirror_refs, source_ref)
    remark(f"{told_mirror.worded}: {_CACHED}; the mirror itself has it at {source_ref}")


@fails_as(Failure.MIRROR_GITOPS_LAG)
def check_mirror_status_has_one_commit_of_the_gitops_branch(
    told_mirror: Told, mirror_refs: RefsSeen, gitops_ref: str, lane: Lane, remark: Remark
) -> None:
    saw = _apart(told_mirror, lane, "localGitops", "githubGitops")
    mend = lane.next_for(Failure.MIRROR_GITOPS_LAG, _NODE)
    what = f"one commit of {gitops_ref}, {told_mirror.worded} ({_CACHED})"
    assert not saw, expected(what, saw, mend=mend)
    _ensure_seen_alike(told_mirror, lane, "localGitops", mirror_refs, gitops_ref)
    remark(f"{told_mirror.worded}: {_CACHED}; the mirror itself has it at {gitops_ref}")


@fails_as(Failure.PENDING_FLUSH)
def check_mirror_is_flushed(
    told_mirror: Told,
    mirror_refs: RefsSeen,
    upstream: UpstreamSeen,
    *,
    gitops_ref: str,
    mirror: Mirror,
    lane: Lane,
    remark: Remark,
) -> None:
    pending = field_of(told_mirror, "pendingFlush")
    mend = lane.next_for(Failure.PENDING_FLUSH, _NODE)
    saw = [f"{pending.path} is {shown(pending.value)}, {told_mirror.worded}"]
    says = says_yes(told_mirror, pending)
    assert says is not True, expected("nothing that waits to be flushed", saw, mend=mend)
    if says is None:
        raise Inconclusive(saw[0], "look at what the tool writes")
    beside = both_have(mirror_refs, upstream, gitops_ref, mirror.stage)
    saw.append(beside.words)
    assert beside.alike is not False, expected("nothing that waits to be flushed", saw, mend=mend)
    if beside.alike is None:
        raise Inconclusive("; ".join(saw), "let GitHub be reached, and look at the mirror")
    remark(f"{beside.how}: {saw[0]}; {beside.words}")


@fails_as(Failure.GITHUB_OUT_OF_SYNC)
def check_github_is_in_sync(
    told_mirror: Told,
    mirror_refs: RefsSeen,
    upstream: UpstreamSeen,
    *,
    source_ref: str,
    mirror: Mirror,
    lane: Lane,
    remark: Remark,
) -> None:
    field = in_sync_of(told_mirror)
    mend = lane.next_for(Failure.GITHUB_OUT_OF_SYNC, _NODE)
    saw = [f"{field.path} is {shown(field.value)}, {told_mirror.worded}"]
    says = says_yes(told_mirror, field)
    assert says is not False, expected("GitHub in sync", saw, mend=mend)
    if says is None:
        raise Inconclusive(saw[0], "look at what the tool writes")
    refs = (source_ref, *_others(mirror_refs, source_ref))
    every = [both_have(mirror_refs, upstream, ref, mirror.stage) for ref in refs]
    saw += [one.words for one in every]
    apart = any(one.alike is False for one in every)
    assert not apart, expected("GitHub in sync", saw, mend=mend)
    if any(one.alike is None for one in every):
        raise Inconclusive("; ".join(saw), "let GitHub be reached, and look at the mirror")
    remark(f"{every[0].how}: {'; '.join(saw)}")


@fails_as(Failure.EXACT_FETCH_FAILED)
def check_mirror_gives_a_commit_by_its_full_id(exact_fetch: ExactFetch, lane: Lane) -> None:
    mend = lane.next_for(Failure.EXACT_FETCH_FAILED, _NODE)
    what = f"{exact_fetch.commit} from {exact_fetch.repository}, by a shallow fetch of it alone"
    assert exact_fetch.fetched, expected(what, exact_fetch.headline, mend=mend)


@fails_as(Failure.EXACT_FETCH_FAILED)
def check_mirror_status_has_fetched_by_a_full_id(
    told_mirror: Told, exact_fetch: ExactFetch, lane: Lane, remark: Remark
) -> None:
    field = exact_fetch_of(told_mirror, lane)
    saw = f"{field.path} is {shown(field.value)}, {told_mirror.worded}"
    if not field.is_there:
        raise Inconclusive(saw, "this command line does not tell of it; look at our own fetch")
    mend = lane.next_for(Failure.EXACT_FETCH_FAILED, _NODE)
    says = says_yes(told_mirror, field)
    assert says is not False, expected("it to be true", saw, mend=mend)
    assert exact_fetch.fetched, expected("it to be true", exact_fetch.headline, mend=mend)
    if says is None:
        raise Inconclusive(saw, "look at what the tool writes")
    remark(f"{saw}; and our own: {exact_fetch.headline}")


@fails_as(Failure.MIRROR_STAGE_PROVENANCE_UNLABELLED)
def check_mirror_status_calls_its_cache_a_cache(
    told_mirror: Told, mirror: Mirror, mirror_refs: RefsSeen, lane: Lane, remark: Remark
) -> None:
    if told_mirror.status:
        _ensure_told(told_mirror, lane)
    saw = unlabelled(told_mirror, mirror)
    mend = lane.next_for(Failure.MIRROR_STAGE_PROVENANCE_UNLABELLED, _NODE)
    what = f"GitHub's fields to be said to be the cache {mirror.stage}"
    assert not saw, expected(what, saw, mend=mend)
    cached = [one for one in mirror_refs.refs if is_cached(one.name, mirror.stage)]
    if not cached:
        said = f"{mirror_refs.repository} has no ref below {mirror.stage}"
        raise Inconclusive(f"{told_mirror.worded}: {said}", "look at the mirror by hand")
    remark(f"{told_mirror.worded}; the mirror has {cached[0].name} at {cached[0].commit}")


@fails_as(Failure.MIRROR_TRANSPORT_REGRESSION)
def check_mirror_reaches_github_as_declared(
    told_mirror: Told, mirror: Mirror, lane: Lane, remark: Remark
) -> None:
    saw = transport_faults(told_mirror, mirror)
    mend = lane.next_for(Failure.MIRROR_TRANSPORT_REGRESSION, _NODE)
    what = f"{mirror.transport} {mirror.upstream or ''}".rstrip() + " to GitHub"
    assert not saw, expected(what, saw, mend=mend)
    mode = field_of(told_mirror, "githubTransport.mode")
    if not mode.is_there:
        raise Inconclusive(f"{told_mirror.worded}, {mode.path} is absent", "look at the tool")
    url = transport_url(told_mirror)
    if mirror.upstream and not url.is_there:
        raise Inconclusive(f"{told_mirror.worded}, {url.path} is absent", "look at the tool")
    remark(f"{told_mirror.worded}: {mode.path} is {shown(mode.value)}")


@fails_as(Failure.MIRROR_PARTIAL_UNRECOVERED)
def check_flush_that_pushed_was_fetched_after(
    told_mirror: Told, lane: Lane, remark: Remark
) -> None:
    saw = partial_faults(told_mirror)
    mend = lane.next_for(Failure.MIRROR_PARTIAL_UNRECOVERED, _NODE)
    mend = mend or "synchronize the mirror; do not flush once more"
    assert not saw, expected("a push to be recovered that could not be fetched", saw, mend=mend)
    _ensure_told(told_mirror, lane)
    remark(told_mirror.worded)


@fails_as(Failure.GIT_MIRROR_RETRY_EXHAUSTED)
def check_mirror_has_not_given_up(told_mirror: Told, lane: Lane, remark: Remark) -> None:
    saw = exhausted_in(told_mirror)
    mend = lane.next_for(Failure.GIT_MIRROR_RETRY_EXHAUSTED, _NODE)
    assert not saw, expected(f"no retries given up, {told_mirror.worded}", saw, mend=mend)
    _ensure_told(told_mirror, lane)
    remark(told_mirror.worded)


@fails_as(Failure.NON_FAST_FORWARD_FLUSH)
def check_flush_loses_nothing(flush: FlushSeen, lane: Lane, remark: Remark) -> None:
    if flush.stands == "unknown":
        raise Inconclusive(f"evidence-missing-object: {flush.why}", "fetch what is missing")
    mend = lane.next_for(Failure.NON_FAST_FORWARD_FLUSH, _NODE)
    what = f"{flush.ref} of the mirror to go on from its upstream's"
    saw = f"{flush.older} is not in the history of {flush.newer}"
    assert flush.stands != "not-contained", expected(what, saw, mend=mend)
    remark(f"{'cached' if flush.cached else 'direct'}: {flush.headline}")


@fails_as(Failure.RETIRED_GATE_PRESENT)
def check_mirror_has_no_retired_gate(mirror_gate: GateSeen, lane: Lane) -> None:
    mend = lane.next_for(Failure.RETIRED_GATE_PRESENT, _NODE)
    what = f"no word of a removed gate in {mirror_gate.files} files that define the mirror"
    assert not mirror_gate.found, expected(what, mirror_gate.found, mend=mend)


def _judge_branch(
    refs: RefsSeen, upstream: UpstreamSeen, ref: str, failure: Failure, lane: Lane
) -> None:
    """Judge that both have the branch at one commit; raises `Inconclusive` where one is unasked."""
    if not upstream.reached:
        raise Inconclusive(f"{upstream.repository} could not be asked: {upstream.why}", "reach it")
    local, github = refs.commit_of(ref), upstream.commit_of(ref)
    saw = f"{refs.repository} has it at {local}, {upstream.repository} at {github}"
    mend = lane.next_for(failure, _NODE)
    alike = local is not None and local == github
    assert alike, expected(f"{ref} at one commit", saw, failure, mend=mend)


def _ensure_told(told: Told, lane: Lane) -> None:
    """Raise `Inconclusive` where a tool tells nothing of the mirror: it may have failed."""
    fields = (*commits_of(told, lane).values(), field_of(told, "pendingFlush"))
    if not any(field.is_there for field in fields):
        raise Inconclusive(f"{told.worded}, there is no field of the mirror", "run it by hand")


def _apart(told: Told, lane: Lane, local: str, github: str) -> list[str]:
    """Return how two commits of a status differ; raises `Inconclusive` where one is not told."""
    fields = commits_of(told, lane)
    one, other = fields[local], fields[github]
    for field in (one, other):
        if field.commit is None:
            said = f"{told.worded}, {field.path} is {shown(field.value)}"
            raise Inconclusive(said, "look at what the tool writes")
    if one.commit == other.commit:
        return []
    return [f"{one.path} is {one.commit}", f"{other.path} is {other.commit}"]


def _ensure_seen_alike(told: Told, lane: Lane, local: str, refs: RefsSeen, ref: str) -> None:
    """Raise `Inconclusive` where the mirror has another commit than its status tells."""
    said, seen = commits_of(told, lane)[local], refs.commit_of(ref)
    if said.commit != seen:
        raise Inconclusive(
            f"{told.worded}, {said.path} is {said.commit}; the mirror itself has {ref} at {seen}",
            "it moved while we looked, or the tool is wrong: look again",
        )


def _others(refs: RefsSeen, ref: str) -> tuple[str, ...]:
    return tuple(
        one.name for one in refs.refs if one.name.startswith("refs/heads/") and one.name != ref
    )
