"""A vantage that cannot look: the cause is told everywhere, and nothing is violated."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.fixtures.vantages.sshds import sshd
from tests.needs import need
from tests.program import Ended, run_checks

CAUSE = "vantage-unavailable"


@pytest.fixture(scope="module")
def blind(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """Look from a container that is not there, and a host whose key nobody knows."""
    need("podman")
    folder = tmp_path_factory.mktemp("blind")
    (folder / "d").mkdir()
    with sshd(folder / "d"):
        (folder / "d" / "known").write_text("")
        profile = {
            "name": "blind",
            "vantages": [
                {"name": "gone", "kind": "podman", "container": "no-such-container"},
                {"name": "far", "kind": "ssh", "host": "far", "config": "d/config"},
            ],
            "nameservers": {"absent": "none is asked"},
            "hosts": {"absent": "none is looked at"},
            "endpoints": [{"host": "localhost", "port": 9}],
        }
        (folder / "blind.yaml").write_text(yaml.safe_dump(profile))
        options = ("-k", "check_name_resolves", f"--alluredir={folder}/allure")
        ended = run_checks(folder, f"--profile={folder}/blind.yaml", *options)
    assert ended.status == 6, ended.out
    assert ended.is_sealed()
    return ended


def test_the_verdict_holds_it_with_reason_remedy_and_undo(blind: Ended) -> None:
    lines = {line["check"].rpartition("@")[2]: line for line in blind.journal("verdict")}

    assert {line["verdict"] for line in lines.values()} == {"inconclusive"}
    for place, words in (("gone]", "there is no such"), ("far]", "host key")):
        (told,) = lines[place]["diagnoses"]
        assert told["cause"] == CAUSE
        assert words in told["facts"][0]
        assert told["facts"] == [lines[place]["reason"]]
        assert told["remedy"] == lines[place]["mend"] != ""
        assert told["undo"]
        assert "nothing is said of localhost" in told["contrast"]
    assert {line["error"]["cause"] for line in blind.journal("sighting.end")} == {CAUSE}


def test_terminal_log_and_record_tell_it_and_tell_nothing_twice(blind: Ended) -> None:
    assert blind.folder is not None
    (log,) = blind.folder.glob("*.log")
    record = (blind.folder / "record.md").read_text()

    told = blind.out.partition("could not be judged")[2].partition("what was proved")[0]
    assert told.count(f"\n  cause: {CAUSE}\n") == 2
    judged = [part.partition("\n[")[0] for part in log.read_text().split(" INCONCLUSIVE name ")[1:]]
    assert len(judged) == 2
    for one in judged:
        assert f"\n    cause:    {CAUSE}\n" in one
        assert one.count("cannot be asked") == 1
        assert "\n    mend: " in one
        assert "\n    undo: " in one
        assert "\n    remedy: " not in one  # it is the mend
    problems = record.partition("## Problems")[2].partition("## Checks")[0]
    causes = [line for line in problems.splitlines() if line.startswith("cause:")]
    assert causes == [f"cause: `{CAUSE}`"] * 2
    assert problems.count("- Undo: `") == 2


def test_allure_groups_by_it(blind: Ended) -> None:
    assert blind.folder is not None
    allure = blind.folder.parents[1] / "allure"
    groups = json.loads((allure / "categories.json").read_text())
    results = [json.loads(path.read_text()) for path in allure.glob("*-result.json")]
    judged = [one for one in results if {"name": "cause", "value": CAUSE} in one["labels"]]

    assert len(judged) == 2
    for one in judged:
        message = one["statusDetails"]["message"]
        taking = [
            group["name"]
            for group in groups
            if one["status"] in group["matchedStatuses"]
            and re.fullmatch(group["messageRegex"], message)
        ]
        assert (one["status"], taking) == ("broken", [f"Inconclusive: {CAUSE}"])


def test_a_replay_tells_it_again(blind: Ended, tmp_path: Path) -> None:
    again = run_checks(tmp_path, f"--replay={blind.folder}", "-k", "check_name_resolves")

    def told(ended: Ended) -> list[object]:
        return [line["diagnoses"] for line in ended.journal("verdict")]

    assert again.status == 6, again.out
    assert told(again) == told(blind)
