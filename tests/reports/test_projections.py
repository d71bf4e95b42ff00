"""Log and record: the same text for the same lines, harmless whatever was seen.

`python -m tests.reports.test_projections` writes the golden files again: look at their diff.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reports.projections import log, record
from reports.projections.account import account, without_observations
from reports.projections.text import block, code, one_line, prose, visible
from tests.reports.lines import HOSTILE, begin, check, killed_run, numbered, sealed_run, verdict

GOLDEN = Path(__file__).parent / "golden"
HEAD = "12" * 32


def projections() -> dict[str, str]:
    return {
        "sealed-record.md": record.project(sealed_run(), HEAD),
        "sealed-log.md": log.project(sealed_run()).text,
        "killed-record.md": record.project(killed_run(), HEAD),
        "killed-log.md": log.project(killed_run()).text,
    }


@pytest.mark.parametrize("name", projections())
def test_a_projection_is_as_it_was(name: str) -> None:
    assert projections()[name] == (GOLDEN / name).read_text(encoding="utf-8")


def run_of(*areas: str, argv: list[str]) -> list[dict[str, Any]]:
    checks = [check(area, "x", "t", "") for area in areas]
    return numbered([begin() | {"argv": argv}, {"kind": "plan", "checks": checks}])


@pytest.mark.parametrize(
    ("areas", "argv", "name"),
    [
        (["tls"], ["pytest", "-m", "network"], "tls"),
        (["network", "tls"], ["pytest", "-m", "network"], "network"),
        (["network", "tls"], ["pytest", "-mnetwork", "-x"], "network"),
        (["network", "tls"], ["pytest", "-m", "network and not slow"], "touchstone"),
        (["network", "tls"], ["pytest"], "touchstone"),
        (["network", "tls"], ["pytest", "-m", "../x"], "touchstone"),
        ([], [], "touchstone"),
    ],
)
def test_a_log_is_named_by_area_or_marker(areas: list[str], argv: list[str], name: str) -> None:
    assert log.project(run_of(*areas, argv=argv)).name == f"{name}-20261025T010203Z.log"


@pytest.mark.parametrize(
    ("clocks", "told"),
    [
        ([["a.test", 0.44, 1.5], ["b.test:8443", -90.0, 1.2], ["c.test", 5.0, 3.0]],
         "90.0 s ahead of the Date of `b.test:8443`, within 1.2 s, heard from `here`"),
        ([["a.test", 7200, 1.04], ["late", 1.0], None, ["b.test", "now", 1.0], ["x", 1e300, 0.0]],
         "7200.0 s behind the Date of `a.test`, within 1.0 s, heard from `here`"),
    ],
)  # fmt: skip
def test_the_clock_that_was_heard_best_is_told(clocks: list[Any], told: str) -> None:
    seen = [{"headline": "200", "phases": [], "observation": {}, "clock": one} for one in clocks]
    begun = {"kind": "sighting.begin", "sighting": "s", "probe": "fetch", "target": "a.test"}
    ended = {"kind": "sighting.end", "sighting": "s", "seconds": 0.1, "alone": False, "seen": seen}
    lines = numbered([begin(), begun | {"vantage": "here", "by_hand": "", "needs": []}, ended])

    assert f"| Clock | {told} |" in record.project(lines, HEAD)


def test_only_a_step_begins_with_a_bracket() -> None:
    steps = [line for line in log.project(sealed_run()).text.splitlines() if line[0] == "["]

    assert all(line[28:].split()[1] in {">>>", "<<<", "===", "END"} for line in steps)
    assert "[2026-10-25T01:02:23" in steps[-1]
    assert "1 FAIL: check_certificate_is_trusted[github.com@here]" in steps[-1]


def test_the_record_links_to_the_lines_of_the_log() -> None:
    written = log.project(sealed_run())
    lines = written.text.splitlines()

    for check_id, number in written.line_of.items():
        assert check_id.partition("::")[2].partition("[")[0] in lines[number - 1]
        assert f"({written.name}#L{number})" in record.project(sealed_run())


@pytest.mark.parametrize(
    "text", [HOSTILE, "|" * 3, "``` x", "a\\|b", "`", "\r\n\u2028x", "www.x.y"]
)
def test_hostile_text_stays_in_its_cell(text: str) -> None:
    for written in (prose(text), code(text)):
        tokens = MarkdownIt().enable("table").parse(f"| a | b |\n|---|---|\n| {written} | end |\n")
        cells = [one for one in tokens if one.type == "inline"][2:]
        kinds = {child.type for cell in cells for child in cell.children or []}
        html = {c.content for cell in cells for c in cell.children or [] if c.type == "html_inline"}

        assert [cell.content for cell in cells][1:] == ["end"]
        assert kinds <= {"text", "code_inline", "html_inline", "text_special"}
        assert html <= {"<code>", "</code>"}
        assert "@you" not in prose(text)


@example(text="__0__")
@given(text=st.text())
def test_prose_is_shown_as_it_is(text: str) -> None:
    rendered = MarkdownIt().parse(f"x{prose(text)}x")
    shown = "".join(c.content for t in rendered if t.type == "inline" for c in t.children or [])

    assert shown == f"x{one_line(text)}x"


@given(text=st.text())
def test_a_block_holds_what_it_was_given(text: str) -> None:
    fence, *rest = MarkdownIt().parse(block(text))

    assert fence.type == "fence"
    assert rest == []


def test_what_cannot_be_seen_is_shown() -> None:
    assert visible("a\x1b\u202e\u200b\x00\U000e0041") == r"a\x1b\u202e\u200b\x00\U000e0041"
    assert visible("a\r\nb\tc\rd") == "a\nb\tc\\x0dd"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["upheld"], "**UPHELD**: 1 check upheld, none violated."),
        (["upheld", "violated"], "**VIOLATED**: 1 of 2 checks violated."),
        (["upheld", "inconclusive"], "**INCONCLUSIVE**: nothing is violated, 1 of 2 checks"),
        (["not-applicable"], "**NOTHING UPHELD**"),
    ],
)
def test_the_conclusion_is_the_worst_that_was_found(words: list[str], said: str) -> None:
    checks = [check("tls", f"c{at}", "t", "") for at in range(len(words))]
    judged = [verdict(one, word, []) for one, word in zip(checks, words, strict=True)]
    end = {"kind": "run.end", "exit": {"status": 0, "words": ""}, "interrupted": False}
    lines = numbered([begin(), {"kind": "plan", "checks": checks}, *judged, end])

    assert record.conclusion(account(lines)).startswith(said)
    assert record.conclusion(account(lines[:-1])).startswith("**INCOMPLETE**")


def test_a_waived_violation_is_a_deviation() -> None:
    one = check("tls", "c", "t", "")
    waived = verdict(one, "violated", [], waiver={"reason": "r", "approved_by": "a", "until": "u"})
    end = {"kind": "run.end", "exit": {"status": 5, "words": ""}, "interrupted": False}
    lines = numbered([begin(), {"kind": "plan", "checks": [one]}, waived, end])

    assert record.conclusion(account(lines)).startswith("**UPHELD WITH DEVIATION**: 1 violation")


def test_lines_of_another_version_are_still_projected() -> None:
    lines = numbered([{"kind": "run.begin"}, {"kind": "unheard-of"}, {"kind": "plan"}])

    assert "INCOMPLETE" in record.project(lines)
    assert json.dumps(log.project(lines).text)


if __name__ == "__main__":
    for file, content in projections().items():
        (GOLDEN / file).write_text(content, encoding="utf-8")


def test_a_line_that_somebody_nested_is_read_and_equal_words_are_one() -> None:
    nested: list[Any] = []
    for _ in range(900):
        nested = [nested]
    raw = '{"kind":"verdict","check":"a check","of":["a check"]}'

    kept = without_observations({"kind": "x", "deep": nested})
    line = without_observations(json.loads(raw))

    assert kept["kind"] == "x"
    assert line == json.loads(raw)
    assert line["check"] is line["of"][0]
