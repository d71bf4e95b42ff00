"""A lane judged by the real program: its chain on the terminal and in the record, its closeout."""

from pathlib import Path

import pytest
import yaml

from checks.rollout.__main__ import main
from fixtures.lab.faults import Fault
from tests.checks.rollout.lab_lane import lab_profile
from tests.program import Ended, run_checks

_CHAIN = ("-m", "rollout", "-k", "every_link or stood_still or states_each")


def run(folder: Path, *options: str) -> Ended:
    return run_checks(folder, f"--profile={folder / 'lane.yaml'}", *_CHAIN, *options)


def written(folder: Path, *faults: Fault) -> Path:
    told = lab_profile(folder, *faults)
    (folder / "lane.yaml").write_text(yaml.safe_dump(told))
    return folder


def test_the_first_broken_link_is_marked_told_and_closed_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = run(written(tmp_path, Fault.PIPELINE_FAILED))

    assert ended.status == 1
    assert "orders-v01 from here breaks at pipeline (pipelinerun-failed)" in ended.out
    (marked,) = [line for line in ended.out.splitlines() if line.startswith(">>")]
    assert marked.split()[1:3] == ["pipeline", "BROKEN"]
    assert len(marked) <= 100
    assert ended.folder is not None
    assert "**The chain breaks at pipeline" in (ended.folder / "record.md").read_text()
    assert ended.is_sealed()

    assert main(["closeout", str(ended.folder), "orders-v01"]) == 1
    assert "the first broken link is **pipeline** (pipelinerun-failed)" in capsys.readouterr().out

    again = run(tmp_path, f"--replay={ended.folder}")

    verdicts = again.verdicts()
    assert verdicts == ended.verdicts()
    assert verdicts["check_every_link_agrees[orders-v01@here]"] == "violated"
    assert "orders-v01 from here breaks at pipeline" in again.out


def test_a_lane_that_stood_still_says_so(tmp_path: Path) -> None:
    ended = run(written(tmp_path), "--wait=60s", "--lane=v01", "--node=lab")

    verdicts = ended.verdicts()
    assert verdicts["check_every_link_agrees[orders-v01@here]"] == "upheld"
    assert verdicts["check_the_lane_stood_still[orders-v01@here]"] == "upheld"
    assert "orders-v01 from here agrees as far as it goes: it has no " in ended.out
    shown = next(one for one in ended.out.splitlines() if one.startswith("closeout"))
    assert shown.endswith(f"-m checks.rollout closeout {ended.folder} orders-v01")
    assert "waited   nothing is on its way any more, after " in ended.out
    # What nobody had to look at once more left no line of itself.
    ended_lines = ended.journal("sighting.end")
    assert not any("unreached" in line for line in ended_lines)
    assert len(ended_lines) == len({line["sighting"] for line in ended_lines})
