"""The mirror's ways to GitHub: how it goes there, what was given up, and how a flush goes on."""

from typing import Any

import pytest

from checks.rollout import check_mirror as checks
from checks.rollout.told.seen import Told
from tests.checks.repositories import held, refused, unsure
from tests.checks.rollout.mirror.made import (
    MINE,
    STATUS,
    declared,
    own,
    status,
)
from tests.checks.rollout.seen import (
    OLD,
    flush,
    gate,
)
from tests.checks.rollout.told.made import told


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
