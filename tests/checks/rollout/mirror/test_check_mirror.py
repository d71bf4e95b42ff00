"""The sentences about a mirror: what it has, what its status tells, and what is only a cache."""

from typing import Any

import pytest

from checks.rollout import check_mirror as checks
from checks.rollout.mirror.fields import key_of
from checks.rollout.told.seen import Told
from config.lanes import Lane
from config.lanes.mirror import Mirror
from tests.checks.repositories import held, refused, unsure
from tests.checks.rollout.lanes import lane, mirror_fields
from tests.checks.rollout.seen import (
    GITOPS,
    OLD,
    OTHER,
    SOURCE,
    TIP,
    exact_fetch,
    flush,
    gate,
    refs,
    upstream,
)
from tests.checks.rollout.told.made import told

FLUSH = "agentrun git-mirror flush --confirm --wait"
STATUS: dict[str, Any] = {
    "ok": True,
    "localV01": TIP,
    "githubV01": TIP,
    "localGitops": OTHER,
    "githubGitops": OTHER,
    "pendingFlush": False,
    "githubInSync": True,
    "sourceInSync": True,
    "exactFetch": {"localV01": True},
    "refSources": {
        "githubFieldsAreMirrorStageCache": True,
        "githubV01": "refs/mirror-stage/heads/v0.1",
    },
    "githubTransport": {"mode": "ssh", "url": "ssh://git@ssh.github.com:443/o/agentrun.git"},
}
STAGED = "refs/mirror-stage/heads/v0.1"
MINE = refs((SOURCE, TIP), (GITOPS, OTHER), (STAGED, TIP), (f"{STAGED}-gitops", OTHER))
THEIRS = upstream((SOURCE, TIP), (GITOPS, OTHER))
UNREACHED = upstream(why="github.com did not answer")


def status(drop: str = "", **changes: Any) -> Told:
    fields = {key: value for key, value in (STATUS | changes).items() if key != drop}
    return told(fields, "git-mirror")


def own(**changes: Any) -> Lane:
    upstream_url = "ssh://git@ssh.github.com:443/o/agentrun.git"
    return lane(
        mirror=mirror_fields(upstream=upstream_url, **changes), next={"pending-flush": FLUSH}
    )


def declared(**changes: Any) -> Mirror:
    found = own(**changes).mirror
    assert isinstance(found, Mirror)
    return found


def test_a_whole_status_says_by_which_fields_it_was_read() -> None:
    said = held(checks.check_mirror_status_is_whole, status(), own())

    assert "by the fields localV01, githubInSync" in said[0]
    dropped = ("exactFetch", "githubInSync")
    fewer = told({key: STATUS[key] for key in STATUS if key not in dropped}, "git-mirror")
    said = held(checks.check_mirror_status_is_whole, fewer, own())
    assert said[0].endswith("sourceInSync; exactFetch is not told")


@pytest.mark.parametrize(
    "gone", ["localV01", "githubV01", "localGitops", "githubGitops", "pendingFlush"]
)
def test_a_status_that_lacks_a_field_is_incomplete(gone: str) -> None:
    assert f"{gone} is absent" in refused(checks.check_mirror_status_is_whole, status(gone), own())


def test_a_status_without_full_commit_ids_is_incomplete() -> None:
    check = checks.check_mirror_status_is_whole

    assert "no full commit id" in refused(check, status(localV01="abc1234"), own())
    assert "githubInSync is null" in refused(
        check, status("sourceInSync", githubInSync=None), own()
    )


def test_a_status_may_be_wrapped_and_name_another_lane() -> None:
    renamed = {key.replace("V01", "V02"): value for key, value in STATUS.items()}
    wrapped = told({"data": {"summary": {"gitMirror": renamed}}}, prefix="data")

    held(checks.check_mirror_status_is_whole, wrapped, lane(lane="v02"))
    assert "localV01 is absent" in refused(checks.check_mirror_status_is_whole, wrapped, own())


@pytest.mark.parametrize(
    ("called", "key"), [("v01", "V01"), ("v03", "V03"), ("d601-v03", "D601V03"), ("V1", "V1")]
)
def test_the_keys_are_made_of_the_lanes_name(called: str, key: str) -> None:
    assert key_of(lane(lane=called)) == key
    assert key_of(lane(lane=called, mirror=mirror_fields(key="Main"))) == "Main"


@pytest.mark.parametrize(
    ("check", "ref", "failure"),
    [
        (checks.check_mirror_has_the_source_branch_of_its_upstream, SOURCE, "mirror-source-lag"),
        (checks.check_mirror_has_the_gitops_branch_of_its_upstream, GITOPS, "mirror-gitops-lag"),
    ],
)
def test_a_branch_is_asked_of_both_directly(check: Any, ref: str, failure: str) -> None:
    mine = refs((ref, TIP))

    assert held(check, mine, upstream((ref, TIP)), ref, own())[0].startswith("direct: ")
    for theirs in (upstream((ref, OLD)), upstream()):
        assert refused(check, mine, theirs, ref, own()).startswith(f"{failure}: expected {ref}")
    assert "has it at None" in refused(check, refs(), upstream(), ref, own())
    assert "did not answer" in unsure(check, mine, UNREACHED, ref, own())


def test_a_status_with_one_commit_is_labelled_as_a_cache() -> None:
    source = checks.check_mirror_status_has_one_commit_of_the_source
    gitops = checks.check_mirror_status_has_one_commit_of_the_gitops_branch

    assert "cached" in held(source, status(), MINE, SOURCE, own())[0]
    assert "cached" in held(gitops, status(), MINE, GITOPS, own())[0]
    assert f"githubV01 is {OLD}" in refused(source, status(githubV01=OLD), MINE, SOURCE, own())
    assert "sourceInSync is false" in refused(
        source, status(sourceInSync=False), MINE, SOURCE, own()
    )
    assert f"localGitops is {OLD}" in refused(gitops, status(localGitops=OLD), MINE, GITOPS, own())
    assert "is absent" in unsure(gitops, status("localGitops"), MINE, GITOPS, own())


def test_a_status_that_the_mirror_contradicts_is_no_ground() -> None:
    said = unsure(
        checks.check_mirror_status_has_one_commit_of_the_source,
        status(localV01=OLD, githubV01=OLD),
        MINE,
        SOURCE,
        own(),
    )

    assert f"the mirror itself has {SOURCE} at {TIP}" in said


def test_a_flush_is_pending_by_its_word_or_by_what_both_have() -> None:
    check = checks.check_mirror_is_flushed
    given = {"gitops_ref": GITOPS, "lane": own(), "mirror": declared()}

    assert held(check, status(), MINE, THEIRS, **given)[0].startswith("direct: ")
    assert held(check, status(), MINE, UNREACHED, **given)[0].startswith("cached: ")
    said = refused(check, status(pendingFlush=True), MINE, THEIRS, **given)
    assert "pendingFlush is true" in said
    assert f"mend {FLUSH}" in said
    behind = upstream((SOURCE, TIP), (GITOPS, OLD))
    assert f"its upstream at {OLD}" in refused(check, status(), MINE, behind, **given)
    assert "absent" in unsure(check, status("pendingFlush"), MINE, THEIRS, **given)
    assert "and not true or false" in unsure(
        check, status(pendingFlush="soon"), MINE, THEIRS, **given
    )


@pytest.mark.parametrize(
    ("check", "ref"),
    [
        (checks.check_mirror_is_flushed, {"gitops_ref": GITOPS}),
        (checks.check_github_is_in_sync, {"source_ref": SOURCE}),
    ],
)
def test_a_tools_word_alone_and_two_branches_that_are_not_there_uphold_nothing(
    check: Any, ref: Any
) -> None:
    given = ref | {"lane": own(), "mirror": declared()}
    uncached = refs((SOURCE, TIP), (GITOPS, OTHER))
    stale = refs((SOURCE, TIP), (GITOPS, OTHER), (STAGED, OLD), (f"{STAGED}-gitops", OLD))

    assert "at None" in unsure(check, status(), refs(), upstream(), **given)
    assert "did not answer" in unsure(check, status(), uncached, UNREACHED, **given)
    assert f"at {OLD}" in refused(check, status(), stale, UNREACHED, **given)


def test_github_in_sync_is_second_hand_unless_github_was_asked() -> None:
    check = checks.check_github_is_in_sync
    given = {"source_ref": SOURCE, "lane": own(), "mirror": declared()}

    assert held(check, status(), MINE, THEIRS, **given)[0].startswith("direct: ")
    assert held(check, status(), MINE, UNREACHED, **given)[0].startswith("cached: ")
    assert held(check, status("githubInSync"), MINE, THEIRS, **given)
    assert "githubInSync is false" in refused(
        check, status(githubInSync=False), MINE, THEIRS, **given
    )
    for theirs in (
        upstream((SOURCE, OLD), (GITOPS, OTHER)),
        upstream((SOURCE, TIP), (GITOPS, OLD)),
    ):
        assert f"its upstream at {OLD}" in refused(check, status(), MINE, theirs, **given)
    none = told({}, "git-mirror")
    assert "is absent" in unsure(check, none, MINE, THEIRS, **given)


def test_a_commit_is_given_by_its_full_id() -> None:
    ours, theirs = (
        checks.check_mirror_gives_a_commit_by_its_full_id,
        checks.check_mirror_status_has_fetched_by_a_full_id,
    )
    no = exact_fetch("fatal: remote error: upload-pack: not our ref")

    held(ours, exact_fetch(), own())
    assert "not our ref" in refused(ours, no, own())
    assert "exactFetch.localV01 is true" in held(theirs, status(), exact_fetch(), own())[0]
    failing = status(exactFetch={"localV01": False})
    assert "is false" in refused(theirs, failing, exact_fetch(), own())
    assert "not our ref" in refused(theirs, status(), no, own())
    unknown = status(exactFetch={"localV01": "Unknown"})
    assert "Unknown" in unsure(theirs, unknown, exact_fetch(), own())
    assert "is absent" in unsure(theirs, status("exactFetch"), exact_fetch(), own())


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        (None, "githubFieldsAreMirrorStageCache is absent"),
        ({"githubFieldsAreMirrorStageCache": False}, "is false"),
        (
            {"githubFieldsAreMirrorStageCache": True, "githubGitops": "refs/heads/v0.1-gitops"},
            "refSources.githubGitops is",
        ),
    ],
)
def test_a_cache_is_called_a_cache(sources: Any, words: str) -> None:
    check = checks.check_mirror_status_calls_its_cache_a_cache

    held(check, status(), declared(), MINE, own())
    labelled = {"githubFieldsAreMirrorStageCache": "True"}
    held(check, status(refSources=labelled), declared(), MINE, own())
    assert words in refused(check, status(refSources=sources), declared(), MINE, own())
    assert "no ref below refs/mirror-stage" in unsure(
        check, status(), declared(), refs((SOURCE, TIP)), own()
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"githubTransport": {"mode": "https"}}, 'githubTransport.mode is "https"'),
        ({"githubTransport": {"mode": "ssh", "url": "https://github.com/o/a"}}, "url is"),
        ({"secretRef": "git-mirror-github-token"}, "names git-mirror-github-token"),
        ({"note": "transport=https"}, "names transport=https"),
        ({"githubTransport": {"mode": "ssh", "url": "git@evil.test:o/a.git"}}, "url is"),
        ({"env": ["GITHUB_TOKEN"]}, "names GITHUB_TOKEN"),
    ],
)
def test_the_way_to_github_is_the_declared_one(changes: Any, words: str) -> None:
    check = checks.check_mirror_reaches_github_as_declared

    assert 'githubTransport.mode is "ssh"' in held(check, status(), declared(), own())[0]
    assert words in refused(check, status(**changes), declared(), own())
    assert "is absent" in unsure(check, status("githubTransport"), declared(), own())
    without = status(githubTransport={"mode": "ssh"})
    assert "githubTransport.url is absent" in unsure(check, without, declared(), own())


def test_two_remotes_as_scp_writes_them_are_of_two_servers() -> None:
    mirror = declared().model_copy(update={"upstream": "git@github.com:o/agentrun.git"})
    check = checks.check_mirror_reaches_github_as_declared

    def at(url: str) -> Told:
        return status(githubTransport={"mode": "ssh", "url": url})

    held(check, at("git@github.com:O/other.git"), mirror, own())
    assert "evil.test" in refused(check, at("git@evil.test:o/agentrun.git"), mirror, own())


def test_a_push_that_could_not_be_fetched_has_to_be_recovered() -> None:
    check = checks.check_flush_that_pushed_was_fetched_after
    partial: dict[str, Any] = {"partialSuccess": "push-succeeded-fetch-failed"}
    recovered = partial | {"partialSuccessRecovered": True, "postPushRecovery": {"steps": 1}}

    held(check, status(), own())
    held(check, status(**recovered), own())
    held(check, status(**(recovered | {"partialSuccessRecovered": "True"})), own())
    other = status("partialSuccessRecovered", partialSuccess="push-succeeded-verify-failed")
    assert "partialSuccess is" in refused(check, other, own())
    for gone, words in (
        ("partialSuccessRecovered", "partialSuccessRecovered is absent"),
        ("postPushRecovery", "postPushRecovery is not told"),
        ("ok", "ok is absent"),
    ):
        said = refused(check, status(gone, **recovered), own())
        assert words in said
        assert "mend synchronize the mirror; do not flush once more" in said


@pytest.mark.parametrize(
    "changes",
    [
        {"sync": {"state": "stopped"}},
        {"message": "retry exhausted after 5 attempts"},
        {"retry": {"exhausted": True}},
    ],
)
def test_retries_that_were_given_up_are_not_hidden(changes: Any) -> None:
    check = checks.check_mirror_has_not_given_up

    held(check, status(retry={"exhausted": False, "attempts": 2}), own())
    assert refused(check, status(**changes), own())


@pytest.mark.parametrize(
    ("check", "beside"),
    [
        (checks.check_mirror_status_is_whole, ()),
        (checks.check_mirror_status_calls_its_cache_a_cache, (declared(), MINE)),
        (checks.check_flush_that_pushed_was_fetched_after, ()),
        (checks.check_mirror_has_not_given_up, ()),
    ],
)
def test_a_command_that_failed_tells_nothing_of_the_mirror(check: Any, beside: Any) -> None:
    failed = told({"ok": False, "error": "no such lane"}, "git-mirror", status=1)

    assert "which ended with 1" in unsure(check, failed, *beside, own())


def test_retries_that_were_given_up_are_seen_beside_the_json() -> None:
    noise = told(STATUS, "git-mirror", transcript="git-mirror sync: retry exhausted (5)\n{}")

    assert "retry exhausted (5)" in refused(checks.check_mirror_has_not_given_up, noise, own())


def test_a_flush_goes_on_from_what_github_has() -> None:
    check = checks.check_flush_loses_nothing

    assert held(check, flush("contained"), own())[0].startswith("direct: ")
    assert held(check, flush("same", cached=True), own())[0].startswith("cached: ")
    assert f"{OLD} is not in the history" in refused(check, flush("not-contained"), own())
    assert "evidence-missing-object: gone" in unsure(check, flush("unknown", "gone"), own())


def test_a_gate_that_was_removed_does_not_come_back() -> None:
    check = checks.check_mirror_has_no_retired_gate

    held(check, gate(), own())
    assert "git-mirror.yaml:7: allowlist" in refused(
        check, gate("git-mirror.yaml:7: allowlist"), own()
    )
