"""What a user reads of a cause, everywhere; and that a diagnosis changes no verdict."""

import json
import re
from pathlib import Path

import pytest

from tests.program import Ended, run_checks, suite_with_area

WAY = ("-m", "network or tls or hosts")
FAULT = ("--profile", "lab", "--lab-fault", "tls-reset-on-sni", *WAY)
CONTRASTS = {
    *("shake_hands_otherwise", "shake_hands_elsewhere"),
    *("connect_elsewhere", "ask_otherwise", "ask_plainly"),
}
AREA = {
    "cases.py": """
from checks.door.probe import look
from fixtures.sightings import Case, Sighting

def cases(profile):
    yield Case("door", "here", {"seen": Sighting(look, "door", "here"), "wide": 3})
""",
    "probe.py": """
from typing import Literal
from reports.codec import observation

@observation
class Door:
    kind: Literal["door"] = "door"
    @property
    def headline(self) -> str:
        return "the door is shut"

async def look(target, vantage, *, deadline) -> Door:
    return Door()
""",
    "check_door.py": """
from checks.door.probe import Door
from reports.verdicts import expected

def check_door_is_open(seen: Door) -> None:
    assert not seen, expected("an open door", seen.headline)
""",
}
PROFILE = "{name: x, endpoints: {absent: none}, hosts: {absent: none}}\n"


def causes(ended: Ended) -> list[list[str]]:
    return [
        [one["cause"] for one in line["diagnoses"]]
        for line in ended.journal("verdict")
        if "diagnoses" in line
    ]


def probes(ended: Ended) -> set[str]:
    return {line["probe"] for line in ended.journal("sighting.begin")}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    folder = tmp_path_factory.mktemp("broken")
    ended = run_checks(folder, *FAULT, f"--alluredir={folder}/allure")
    assert ended.status == 1, ended.out
    assert ended.is_sealed()
    return ended


def test_the_terminal_tells_cause_proof_remedy_and_undo(broken: Ended) -> None:
    told = broken.out.partition("FAILURES")[2].partition("could not be judged")[0]

    assert re.search(r"^  cause +tls-reset-on-sni: at the same address", told, re.MULTILINE)
    assert re.search(r"^  proof +127\.77\.0\.10: \d+ bytes sent", told, re.MULTILINE)
    assert "with another name (neutral.example) in the ClientHello: 127.77.0.10: TLSv1.3" in told
    assert "bound to 127.77.0.10: at another address it is not so" in told
    assert re.search(r"^  remedy +something on the way reads the ClientHello", told, re.MULTILINE)
    assert re.search(r"^  undo +at that vantage: sudo cp", told, re.MULTILINE)


def test_the_log_and_the_record_tell_it_too(broken: Ended) -> None:
    assert broken.folder is not None
    (log,) = broken.folder.glob("*.log")
    record = (broken.folder / "record.md").read_text()

    judged = log.read_text().partition(" FAIL handshake completes")[2].partition("\n[")[0]
    assert "\n    cause:    tls-reset-on-sni\n    proof:    127.77.0.10: connection reset" in judged
    assert "\n    remedy:   something on the way" in judged
    problems = record.partition("## Problems")[2].partition("## Checks")[0]
    assert [line for line in problems.splitlines() if line.startswith("cause:")] == [
        "cause: `tls-reset-on-sni`"
    ]
    assert "- Undo: `at that vantage: sudo cp" in problems


def test_allure_groups_by_cause(broken: Ended) -> None:
    assert broken.folder is not None
    allure = broken.folder.parents[1] / "allure"
    groups = json.loads((allure / "categories.json").read_text())
    results = [json.loads(path.read_text()) for path in allure.glob("*-result.json")]
    (failed,) = [one for one in results if one["status"] == "failed"]

    message = failed["statusDetails"]["message"]
    taking = [
        group["name"]
        for group in groups
        if "failed" in group["matchedStatuses"] and re.fullmatch(group["messageRegex"], message)
    ]
    assert taking == ["Violated: tls-reset-on-sni"]
    assert {"name": "cause", "value": "tls-reset-on-sni"} in failed["labels"]


def test_contrasts_are_sightings_made_after_the_violation(broken: Ended) -> None:
    lines = broken.journal("sighting.begin")

    made = {line["probe"]: line for line in lines if line["probe"] in CONTRASTS}
    assert set(made) == {"shake_hands_otherwise", "shake_hands_elsewhere"}
    other_name = "openssl s_client -connect 127.77.0.10:443 -servername neutral.example"
    assert other_name in made["shake_hands_otherwise"]["by_hand"]
    assert "for at in 127.77.0.20 127.77.0.30; do" in made["shake_hands_elsewhere"]["by_hand"]
    (violated,) = [line for line in broken.journal("verdict") if line["verdict"] == "violated"]
    assert all(one["seq"] < violated["seq"] for one in made.values())
    assert not {one["sighting"] for one in made.values()} & set(violated["sightings"])


def test_without_escalation_nothing_more_is_looked_at(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, *FAULT, "--no-escalate")

    assert ended.status == 1
    assert causes(ended) == [["unknown"]]
    assert not probes(ended) & CONTRASTS


def test_a_contrast_proves_what_the_plan_alone_does_not(tmp_path: Path) -> None:
    stale = ("--profile", "lab", "--lab-fault", "hosts-override-stale", "-m", "network")

    quick = run_checks(tmp_path, *stale, "--no-escalate")
    whole = run_checks(tmp_path, *stale)

    assert causes(quick) == [["unknown"]]
    assert causes(whole) == [["hosts-override-stale"]]
    assert probes(whole) - probes(quick) == {"look_past_pin", "shake_hands_elsewhere"}


def test_a_replay_of_a_run_without_contrasts_names_no_cause(tmp_path: Path) -> None:
    quick = run_checks(tmp_path, *FAULT, "--no-escalate")

    again = run_checks(tmp_path, f"--replay={quick.folder}", *WAY)

    assert causes(again) == [["unknown"]]
    assert probes(again) == probes(quick)


def test_the_workers_name_the_same_causes(broken: Ended, tmp_path: Path) -> None:
    ended = run_checks(tmp_path, *FAULT, "-n", "2")

    assert ended.folder is not None
    lines = [
        json.loads(line)
        for path in ended.folder.glob("journal*.jsonl")
        for line in path.read_text().splitlines()
    ]
    told = [line["diagnoses"] for line in lines if "diagnoses" in line]
    assert [[one["cause"] for one in each] for each in told] == causes(broken)
    assert "cause: tls-reset-on-sni" in ended.out


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("raise KeyError('lost')", "the diagnosis itself broke: KeyError: 'lost'"),
        ("return (1 / 0,)", "the diagnosis itself broke: ZeroDivisionError"),
        ("assert False, 'no'", "the diagnosis itself broke: AssertionError: no"),
    ],
)
def test_a_diagnosis_that_breaks_leaves_the_verdict(tmp_path: Path, rule: str, words: str) -> None:
    suite = suite_with_area(tmp_path, "door", AREA)
    rules = suite / "checks" / "causes"
    rules.mkdir()
    (rules / "__init__.py").touch()
    (rules / "broken.py").write_text(
        f"from fixtures.diagnosing import diagnoses\n\n@diagnoses\ndef say(facts):\n    {rule}\n"
    )
    (tmp_path / "x.yaml").write_text(PROFILE)

    ended = run_checks(tmp_path, f"--profile={tmp_path}/x.yaml", suite=suite)

    assert ended.verdicts() == {"check_door_is_open[door@here]": "violated"}
    assert ended.status == 1
    assert causes(ended) == [["unknown"]]
    assert words in ended.out


def test_a_suite_without_rules_names_no_cause(tmp_path: Path) -> None:
    suite = suite_with_area(tmp_path, "door", AREA)
    (tmp_path / "x.yaml").write_text(PROFILE)

    ended = run_checks(tmp_path, f"--profile={tmp_path}/x.yaml", suite=suite)

    assert ended.verdicts() == {"check_door_is_open[door@here]": "violated"}
    assert causes(ended) == []
