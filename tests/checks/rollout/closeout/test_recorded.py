"""`python -m checks.rollout closeout`: of finished runs alone, with one message for all else."""

import json
from pathlib import Path

import pytest

from checks.rollout.__main__ import main
from checks.rollout.chain.seen import Chain
from checks.rollout.closeout.seen import Facts
from fixtures.outcomes import said
from reports import codec
from reports.run import Run
from tests.checks.rollout.chain.made import OLD, chain, links
from tests.checks.rollout.closeout.made import broken, facts
from tests.reports.test_run import begun, judged, sealed


def see(run: Run, name: str, seen: Facts | Chain) -> None:
    line = {"probe": "put_together", "target": "agentrun-v01", "vantage": "here", "needs": []}
    run.append("sighting.begin", sighting=name, by_hand="", **line)
    told = said([seen], [codec.encode(seen)], alone=True)
    run.append("sighting.end", sighting=name, seconds=0.1, in_flight=1, lag=0.0, **told)


def recorded(evidence: Path, *seen: Facts | Chain) -> Path:
    run = begun(evidence)
    for at, one in enumerate(seen):
        see(run, f"s{at}", one)
    judged(run)
    return sealed(run).folder


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    return recorded(tmp_path, facts(), chain(links()))


@pytest.mark.parametrize("lane", ["agentrun-v01", "v01"])
def test_a_whole_lane_of_a_whole_run_is_closed_out(
    whole: Path, lane: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["closeout", str(whole), lane])

    told = capsys.readouterr().out
    head = json.loads((whole / "manifest.json").read_text())["head"]
    assert status == 0
    assert told.startswith("## Closeout: agentrun-v01\n\n**The lane is whole**")
    assert f"| Source commit | `{OLD}` |" in told
    assert f"python -m reports verify {whole} --head {head}" in told


def test_it_is_written_in_chinese_and_with_more(
    whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["closeout", str(whole), "v01", "--full", "--language", "zh"]) == 0

    told = capsys.readouterr().out
    assert told.startswith("## 收尾记录：agentrun-v01\n\n**链路完整**")
    assert "### 环节表" in told


def test_the_last_look_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = recorded(tmp_path, facts(), broken().chain, chain(links()))

    assert main(["closeout", str(run), "v01"]) == 0


def test_a_lane_that_is_broken_is_no_ground(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = recorded(tmp_path, broken().facts, broken().chain)

    assert main(["closeout", str(run), "v01"]) == 1
    assert "the first broken link is **argo** (argo-revision-lag)" in capsys.readouterr().out


def test_what_is_superseded_is_no_ground(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = recorded(tmp_path, facts(superseded=True), chain(links()))

    assert main(["closeout", str(run), "v01"]) == 6
    assert "**SUPERSEDED**" in capsys.readouterr().out


def test_a_run_that_is_not_complete_says_so_on_top(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = begun(tmp_path)
    see(run, "s0", facts())
    see(run, "s1", chain(links()))
    folder = sealed(run).folder

    assert main(["closeout", str(folder), "v01"]) == 6
    assert capsys.readouterr().out.splitlines()[2].startswith("**INCOMPLETE RUN**: ")


def test_a_run_that_was_never_sealed_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = begun(tmp_path)
    see(run, "s0", facts())
    see(run, "s1", chain(links()))
    judged(run)

    assert main(["closeout", str(run.folder), "v01"]) == 6
    told = capsys.readouterr()
    assert told.out == ""
    assert f"python -m reports seal {run.folder}" in told.err
    sealed(run)


def test_a_run_that_was_changed_is_refused(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = whole / "journal.jsonl"
    journal.write_text(journal.read_text().replace(OLD, "f" * 40))

    assert main(["closeout", str(whole), "v01"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "is BROKEN: " in told.err


@pytest.mark.parametrize(
    ("run", "lane", "words"),
    [
        ("nowhere", "v01", "is not the folder of a run"),
        (None, "agentrun-v1", "did you mean agentrun-v01?"),
        (None, "x", "it has: agentrun-v01"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(
    whole: Path, run: str | None, lane: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["closeout", run or str(whole), lane]) == 4

    told = capsys.readouterr()
    assert told.out == ""
    assert words in told.err
    assert told.err.count("\n") == 1


def test_a_run_without_lanes_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["closeout", str(recorded(tmp_path)), "v01"]) == 4
    assert "recorded no closeout of any lane" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["closeout"], ["closeout", "x"], ["close", "x", "y"]])
def test_wrong_use_is_one_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)

    assert ended.value.code == 4
    assert capsys.readouterr().err.startswith("python -m checks.rollout")
