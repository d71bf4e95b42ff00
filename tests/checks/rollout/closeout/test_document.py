"""The closeout as Markdown, against golden files, and what it is ground for."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from checks.rollout.closeout.document import Recorded, document
from checks.rollout.closeout.words import LANGUAGES, word
from checks.rollout.links import NODES, State
from tests.checks.rollout.chain.made import chain, link, links
from tests.checks.rollout.closeout.made import (
    MOVE,
    OVER,
    broken,
    fact,
    facts,
    judged,
    recorded,
    superseded,
)

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(
    ("name", "given", "full", "language"),
    [
        ("whole", recorded(), False, "en"),
        ("whole-full", recorded(), True, "en"),
        ("whole-zh", recorded(), False, "zh"),
        ("broken", broken(), False, "en"),
        ("broken-full", broken(), True, "en"),
        ("broken-full-zh", broken(), True, "zh"),
        ("superseded", superseded(), False, "en"),
    ],
)
def test_a_closeout_reads_as_its_golden_file(
    name: str, given: Recorded, *, full: bool, language: str
) -> None:
    written = document(given, full=full, language=language)  # type: ignore[arg-type]

    assert written == (GOLDEN / f"{name}.md").read_text()


@pytest.mark.parametrize("given", [recorded(), broken(), superseded()])
def test_chinese_is_set_with_its_own_marks(given: Recorded) -> None:
    written = document(given, full=True, language="zh")

    assert re.findall(r"[\u4e00-\u9fff*] ?[:(.]|[：。（] ", written) == []
    assert "the commit is the tip" not in written


def test_a_whole_rollout_of_the_tip_is_ground_to_close() -> None:
    assert recorded().is_ground


@pytest.mark.parametrize(
    ("given", "standing"),
    [
        (broken(), "is-broken"),
        (superseded(), "is-superseded"),
        (recorded(links(argo=State.PENDING)), "is-pending"),
        (recorded(links(argo=State.UNKNOWN)), "is-unknown"),
        (recorded(tuple(link(node, State.ABSENT) for node in NODES)), "is-unknown"),
        (recorded(chain=chain(links(), moving=(MOVE,))), "is-moving"),
        (recorded(facts=facts(superseded=True)), "is-superseded"),
        (recorded(gaps=("it has no end",)), "ok"),
        (recorded(facts=facts(facts=(fact("gitops-revision", why="403"),))), "ok"),
    ],
)
def test_nothing_else_is(given: Recorded, standing: str) -> None:
    assert given.standing == standing
    assert not given.is_ground


def test_a_closeout_does_not_call_whole_what_was_not_looked_at() -> None:
    given = recorded(links(mirror=State.ABSENT, registry=State.ABSENT))

    written = document(given)

    assert "is whole" not in written
    assert "**Declared absent**, and not looked at: mirror, registry\n" in written
    assert "| Next | nothing: what the lane has agrees |" in written
    assert "链路完整" not in document(given, language="zh")


def test_a_whole_chain_covers_no_check_that_is_violated() -> None:
    leak = judged(
        "violated",
        "gitops branch holds no secret value",
        failure="secret-value-in-gitops",
        mend="make a new one",
    )
    given = recorded(judged=(leak,))

    assert given.standing == "ok"
    assert not given.is_ground
    said = "**CHECKS VIOLATED**: this is no ground for closing: gitops branch holds no secret value"
    assert f"{said} (secret-value-in-gitops)" in document(given).replace("\\", "")
    assert "`make a new one`" in document(given)
    assert "有检查被违反" in document(given, language="zh")
    waived = replace(leak, waiver={"reason": "known", "approved_by": "me", "until": "2027-01-01"})
    assert recorded(judged=(waived,)).is_ground


def test_over_budget_is_told_where_it_was_over_and_only_there() -> None:
    assert "Over budget" not in document(recorded())

    told = document(recorded(facts=facts(over=OVER)))

    assert "- Total elapsed: 204 s\n- PipelineRun wait: 131 s\n- Budget: 120 s" in told
    assert "- Mirror status: `githubInSync=true`" in told


def test_the_compact_closeout_has_no_chain_and_no_verdicts() -> None:
    compact = document(broken())

    assert "### Chain" not in compact
    assert "first broken link argo" not in compact


def test_the_closeout_says_itself_what_a_comment_has_to_say() -> None:
    from checks.rollout.closeout.rules import unsaid  # noqa: PLC0415
    from tests.checks.rollout.chain.made import OLD  # noqa: PLC0415

    for language in LANGUAGES:
        written = document(recorded(), language=language)  # type: ignore[arg-type]
        assert unsaid(written, OLD, "agentrun-v01-ci-aaaaaaaaaaaa") == []


def test_both_languages_have_every_word() -> None:
    words = ("closeout", "is-broken", "completeness", "source-commit", "over")

    assert all(word(name, "en") != word(name, "zh") for name in words)
    assert word("something-else", "zh") == "something-else"
