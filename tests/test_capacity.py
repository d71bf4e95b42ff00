"""What the way carries is looked at where it is asked for, alone, and told of where it is not."""

from pathlib import Path

import pytest

from tests.program import ROOT, Ended, run_checks

LAB = ("--profile", "lab")
SLOW = {
    "check_download_reaches_the_rate[site.lab.test@lab]",
    "check_upload_reaches_the_rate[site.lab.test@lab]",
    "check_long_poll_survives[site.lab.test@lab]",
    "check_shallow_clone_completes[git.lab.test@lab]",
}
NAMES = ", ".join(sorted(one.partition("[")[0] for one in SLOW))


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    return run_checks(tmp_path_factory.mktemp("run"), *LAB, "-m", "slow or smoke")


def ends_of(ended: Ended, *probes: str) -> list[tuple[int, int, int]]:
    """Return where the lines of the sightings begin and end, and how many were in flight."""
    begun = {one["sighting"]: one for one in ended.journal("sighting.begin")}
    return [
        (begun[one["sighting"]]["seq"], one["seq"], one["in_flight"])
        for one in ended.journal("sighting.end")
        if not probes or begun[one["sighting"]]["probe"] in probes
    ]


def test_asked_for_it_is_upheld(looked: Ended) -> None:
    verdicts = looked.verdicts()

    assert looked.status == 0, looked.out
    assert {verdicts[one] for one in SLOW} == {"upheld"}
    assert len(verdicts) > len(SLOW)
    assert "since -m does not name them" not in looked.out


def test_what_is_moved_is_moved_alone(looked: Ended) -> None:
    alone, every = ends_of(looked, "download", "upload"), ends_of(looked)

    assert [in_flight for _, _, in_flight in alone] == [1, 1]
    for begun, ended, _ in alone:
        meanwhile = [one for one in every if one[0] < ended and one[1] > begun]
        assert len(meanwhile) == 1


def test_not_asked_for_it_is_not_looked_at_and_told(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, *LAB, "-m", "network")

    assert ended.status == 0, ended.out
    assert not SLOW & ended.verdicts().keys()
    assert f"slow     not looked at, since -m does not name them: {NAMES}\n" in ended.out
    assert not ends_of(ended, "download", "upload", "poll", "clone")


def test_by_its_node_id_it_is_asked_for(tmp_path: Path) -> None:
    one = "check_long_poll_survives[site.lab.test@lab]"
    ended = run_checks(tmp_path, *LAB, f"checks/network/check_capacity.py::{one}")

    assert ended.verdicts() == {one: "upheld"}


def test_a_profile_without_it_has_none_that_could_be_slow(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, "--profile=cube-castle", "-m", "network", "--plan-only")

    assert ended.status == 0, ended.out
    assert "download" not in ended.out


def test_beside_other_processes_it_cannot_be_measured(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, *LAB, "-m", "slow", "-n", "2")

    assert ended.status == 6, ended.out
    assert "2 upheld, 2 inconclusive" in ended.out
    assert "it has to be measured alone\n  run it without -n" in ended.out


def test_it_is_judged_again_in_a_replay(looked: Ended, tmp_path: Path) -> None:
    ended = run_checks(tmp_path, f"--replay={looked.folder}", "-m", "slow")

    assert ended.verdicts() == dict.fromkeys(SLOW, "upheld")


def test_too_slow_a_way_is_violated_and_told_by_its_rate(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    lab = (ROOT / "config/profiles/lab.yaml").read_text()
    mine.write_text(lab.replace("at_least: 1Mbit/s", "at_least: 900000Gbit/s"))
    ended = run_checks(tmp_path, f"--profile={mine}", "-m", "slow")

    assert ended.status == 1
    verdicts = ended.verdicts()
    assert verdicts["check_upload_reaches_the_rate[site.lab.test@lab]"] == "violated"
    assert verdicts["check_shallow_clone_completes[git.lab.test@lab]"] == "upheld"
    assert "expected at least 9e+11 kbit/s" in ended.out
    assert "131072 bytes sent in" in ended.out
