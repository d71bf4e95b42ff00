"""What the source branch tracks: nothing that a build writes, no secret, no retired name."""

from checks.rollout.failures import Failure
from checks.rollout.source.seen import Mention, MentionsSeen, SourceLog, SourceTree, TruthFile
from config.lanes import Lane
from reports.verdicts import Inconclusive, NotApplicable, Remark, expected, fails_as

_NODE = "source"
_SHOWN = 40


@fails_as(Failure.SOURCE_CONTAINS_GENERATED)
def check_source_tracks_nothing_that_a_build_writes(source_tree: SourceTree, lane: Lane) -> None:
    mend = lane.next_for(Failure.SOURCE_CONTAINS_GENERATED, _NODE)
    what = f"none of {source_tree.files} files of {source_tree.commit[:12]} to be of a build"
    assert not source_tree.generated, expected(what, source_tree.generated[:_SHOWN], mend=mend)
    if not source_tree.files:
        raise Inconclusive(f"{source_tree.commit} tracks no file", "look at the commit by hand")


@fails_as(Failure.SOURCE_AUTO_COMMIT)
def check_source_commits_are_made_by_people(source_log: SourceLog, lane: Lane) -> None:
    saw = [
        f"{one.commit[:12]} of {one.robot}" if one.robot else f"{one.commit[:12]}: {path}"
        for one in source_log.suspect
        for path in (("",) if one.robot else one.outside)
    ]
    mend = lane.next_for(Failure.SOURCE_AUTO_COMMIT, _NODE)
    what = f"{source_log.headline}: none by a robot, none of what people do not change"
    assert not saw, expected(what, saw[:_SHOWN], mend=mend)
    if not source_log.commits:
        raise Inconclusive(f"no commit since {source_log.since}", "look at an earlier one's")


@fails_as(Failure.DEPLOY_JSON_CONTAINS_BUILD_OUTPUT)
def check_truth_file_holds_nothing_that_a_build_writes(truth_file: TruthFile, lane: Lane) -> None:
    if lane.truth != "deploy-json":
        raise NotApplicable(f"the truth of {lane.name} is YAML: {truth_file.path} says nothing")
    _ensure_read(truth_file)
    saw = [f"{one.field}: {one.what}" for one in truth_file.built]
    saw += [f"{one}: a field that the lane does not declare" for one in truth_file.undeclared]
    mend = lane.next_for(Failure.DEPLOY_JSON_CONTAINS_BUILD_OUTPUT, _NODE)
    what = f"{truth_file.path} to say what is to run, and nothing of a build"
    assert not saw, expected(what, saw[:_SHOWN], mend=mend)


@fails_as(Failure.SECRET_VALUE_IN_SOURCE)
def check_truth_file_holds_no_secrets_value(truth_file: TruthFile, lane: Lane) -> None:
    _ensure_read(truth_file)
    saw = [f"{one.field}: {one.what}" for one in truth_file.secrets]
    mend = lane.next_for(Failure.SECRET_VALUE_IN_SOURCE, _NODE)
    what = f"names and keys of SecretRefs alone in {truth_file.path}"
    assert not saw, expected(what, saw[:_SHOWN], mend=mend)


@fails_as(Failure.STALE_TRUTH_FILE)
def check_truth_is_where_the_lane_says(
    truth_file: TruthFile, truth_log: SourceLog, lane: Lane, remark: Remark
) -> None:
    mend = lane.next_for(Failure.STALE_TRUTH_FILE, _NODE)
    if lane.truth == "deploy-json":
        what = f"{truth_file.path}, by which the branch says what is to run"
        sound = truth_file.there and not truth_file.fault
        assert sound, expected(what, truth_file.headline, mend=mend)
        return
    kept_up = [one.commit[:12] for one in truth_log.suspect if one.touches_truth]
    what = f"nobody to keep up {truth_file.path}: the platform's YAML says what is to run"
    assert not kept_up or not truth_file.there, expected(
        what, [f"{one} changes it" for one in kept_up], mend=mend
    )
    if truth_file.there:
        remark(f"warning: {truth_file.path} is still there, and says nothing of what runs")


@fails_as(Failure.FORBIDDEN_LEGACY_NAME)
def check_definitions_name_nothing_retired(
    definition_mentions: MentionsSeen, lane: Lane, remark: Remark
) -> None:
    exact = [str(one) for one in definition_mentions.mentions if not one.is_variant]
    mend = lane.next_for(Failure.FORBIDDEN_LEGACY_NAME, _NODE)
    what = f"no retired name in {definition_mentions.documents} files that define what runs"
    assert not exact, expected(what, exact[:_SHOWN], mend=mend)
    _remark_variants(definition_mentions, remark)


@fails_as(Failure.FORBIDDEN_LEGACY_NAME)
def check_documents_tell_of_retired_names_as_history(
    document_mentions: MentionsSeen, lane: Lane, remark: Remark
) -> None:
    mentions = document_mentions.mentions
    review = [one for one in mentions if not one.is_variant and not one.allowed]
    history = [one for one in mentions if not one.is_variant and one.allowed]
    mend = lane.next_for(Failure.FORBIDDEN_LEGACY_NAME, _NODE)
    refused = [str(one) for one in review] if lane.retired.documents == "refuse" else []
    what = f"retired names as history alone in {document_mentions.documents} documents"
    assert not refused, expected(what, refused[:_SHOWN], mend=mend)
    if review:
        few = "; ".join(map(str, review[:5]))
        raise Inconclusive(
            f"review: {len(review)} lines name what is retired, outside of history: {few}",
            mend or "read them: mend the document, or add its heading to retired.allowed_in",
        )
    if history:
        remark(f"{len(history)} lines tell of retired names as history: {_few(history)}")
    _remark_variants(document_mentions, remark)


def _remark_variants(seen: MentionsSeen, remark: Remark) -> None:
    variants = [one for one in seen.mentions if one.is_variant and not one.allowed]
    if variants:
        remark(f"warning: {len(variants)} lines spell a retired name with dashes: {_few(variants)}")


def _few(mentions: list[Mention]) -> str:
    return "; ".join(f"{one.path}:{one.line}" for one in mentions[:5])


def _ensure_read(truth: TruthFile) -> None:
    if not truth.there:
        raise NotApplicable(f"{truth.path} is not at {truth.commit[:12]}")
    if truth.fault:
        raise Inconclusive(f"{truth.path}: {truth.fault}", "mend the file")
