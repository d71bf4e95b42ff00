"""The sentences about a mirror: what it has, what its status tells, and what is only a cache."""

from typing import Any

import pytest

from checks.rollout import check_mirror as checks
from checks.rollout.mirror.fields import key_of
from tests.checks.repositories import held, refused, unsure
from tests.checks.rollout.lanes import lane, mirror_fields
from tests.checks.rollout.mirror.made import (
    FLUSH,
    MINE,
    STAGED,
    STATUS,
    THEIRS,
    UNREACHED,
    declared,
    own,
    status,
)
from tests.checks.rollout.seen import (
    GITOPS,
    OLD,
    OTHER,
    SOURCE,
    TIP,
    exact_fetch,
    refs,
    upstream,
)
from tests.checks.rollout.told.made import told


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
