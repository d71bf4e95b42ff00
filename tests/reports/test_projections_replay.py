"""What log and record say of a replay: whose observations, of when, and that nobody looked."""

from typing import Any

from markdown_it import MarkdownIt

from reports.projections import log, record
from reports.projections.account import account
from tests.reports.lines import HOSTILE, begin, killed_run, sealed_run

THEN = "2025-01-02T03:04:05.000000Z"
UNTIL = "2025-01-02T03:05:05.000000Z"


def replay(**fields: Any) -> list[dict[str, Any]]:
    """Return a whole run that replays another; its third sighting was never looked at."""
    before = begin() | {"at": THEN, "host": "runner-of-then", "system": "Linux-5"}
    told = {
        "folder": "20250102T030405Z-0ddba1",
        "head": "9a" * 32,
        "sealed": True,
        "gaps": [],
        "until": UNTIL,
        "begin": before,
        "through": [],
    }
    lines = sealed_run()
    lines[0]["replay"] = told | fields
    for line in lines:
        if line["kind"].startswith("sighting."):
            line["looked_at"] = None if line["sighting"] == "s3" else THEN
    return lines


def head_of(lines: list[dict[str, Any]]) -> str:
    return record.project(lines).partition("## Counts")[0]


def test_the_record_begins_with_whose_observations_they_are() -> None:
    title, banner, concluded = head_of(replay()).split("\n\n")[:3]

    assert title.startswith("# Acceptance record")
    assert banner == (
        "**REPLAY** of `20250102T030405Z-0ddba1`: nothing was looked at now. What that run saw,"
        " from 2025-01-02 03:04:05 UTC to 2025-01-02 03:05:05 UTC, is judged again here."
    )
    assert concluded.startswith("In a replay: **VIOLATED**")


def test_the_record_tells_the_surroundings_of_then_and_who_judges_now() -> None:
    told = head_of(replay())

    assert "| Test window | 2025-01-02 03:04:05 UTC to 2025-01-02 03:05:05 UTC (60.0 s)" in told
    assert "host `runner-of-then` |" in told
    assert "| Environment | Linux-5, python 3.11.7" in told
    assert f"| Replayed run | `20250102T030405Z-0ddba1`, head `{'9a' * 32}` |" in told
    assert "| Judged again | 2026-10-25 01:02:03 UTC to " in told
    assert "| Judged on | host `runner-1` |" in told


def test_times_of_looking_are_those_of_then() -> None:
    text = record.project(replay())
    steps = log.project(replay()).text.splitlines()

    assert "| 03:04:05 |" in text
    assert "`github.com` from `here`, 2025-01-02 03:04:05 UTC" in text
    looked = [line for line in steps if line.startswith("[2025-01-02T03:04:05.000000Z] >>>")]
    assert len(looked) == 3
    assert any("=== " in line for line in steps if line.startswith("[2026-10-25T"))


def test_what_is_known_of_its_evidence_stands_in_both() -> None:
    lines = replay(gaps=["it was killed"], sealed=False, through=["again"])
    text, (first, *steps) = head_of(lines), log.project(lines).text.splitlines()

    assert "Of that run: it is INCOMPLETE: it was killed.\n" in text
    assert "Of that run: it was never sealed.\n" in text
    assert "Of that run: it is replayed from again.\n" in text
    assert first.endswith("NOTHING WAS LOOKED AT NOW")
    assert "# evidence  it is INCOMPLETE: it was killed" in steps
    assert "# evidence  it was never sealed" in steps
    assert any(line.startswith("# order     as planned; >>> and <<< bear when") for line in steps)


def test_hostile_words_of_then_are_harmless() -> None:
    lines = replay(folder=HOSTILE, gaps=[HOSTILE], through=[HOSTILE])
    text, written = record.project(lines), log.project(lines).text

    parsed = MarkdownIt().enable("table").parse(text.partition("## Counts")[0])
    parts = [child for one in parsed for child in one.children or []]

    assert "\x1b" not in text + written
    assert {one.content for one in parts if one.type == "html_inline"} <= {"<code>", "</code>"}
    assert [one.attrs for one in parts if one.type == "link_open"] == [
        {"href": log.project(lines).name}
    ]
    assert [line for line in written.splitlines() if line[:1] not in ("#", "[", " ")] == []


def test_a_first_line_that_tells_little_is_enough() -> None:
    lines = replay()
    lines[0]["replay"] = {}

    assert "**REPLAY** of `unknown`" in record.project(lines)
    assert "an unknown host" in log.project(lines).text
    lines[0]["replay"] = "x"
    assert "REPLAY" not in record.project(lines)


def test_a_killed_replay_is_incomplete() -> None:
    lines = killed_run()
    lines[0]["replay"] = replay()[0]["replay"]

    assert record.conclusion(account(lines)).startswith("In a replay: **INCOMPLETE**")
