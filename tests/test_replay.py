"""An earlier run judged again, through the real program, and the world left alone."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from reports import chains
from tests.needs import need_namespace
from tests.program import Ended, run_checks

LAB = ("--profile", "lab")
WAY = ("-m", "network or tls or hosts")
"""What looks at the way to the endpoints, on which the faults lie."""
FAULTS = ("dns-hijack", "tcp-refused", "tls-reset-on-sni", "body-truncated", "hosts-regenerated")
_SAME = (
    "verdict",
    "reason",
    "mend",
    "expected",
    "saw",
    "remarks",
    "held_by",
    "sightings",
    "diagnoses",
)
AUDITED = """
import json, os, sys

OF_THE_WORLD = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "os.fork")
seen = []

def note(event, arguments):
    if event.startswith(OF_THE_WORLD):
        seen.append([event, repr(arguments)])

sys.addaudithook(note)

def pytest_unconfigure():
    with open(os.environ["AUDIT"], "w") as file:
        json.dump(seen, file)
"""


def judged(ended: Ended) -> dict[str, dict[str, Any]]:
    """Return all that was concluded of each check."""
    assert ended.folder is not None, ended.out
    lines = [line for line in chains.read(ended.folder).lines if line["kind"] == "verdict"]
    return {line["check"]: {name: line.get(name) for name in _SAME} for line in lines}


def replay(folder: Path, run: Ended, *arguments: str, **how: Any) -> Ended:
    return run_checks(folder, f"--replay={run.folder}", *arguments, **how)


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    ended = run_checks(tmp_path_factory.mktemp("healthy"), *LAB)
    assert ended.status == 0, ended.out
    return ended


@pytest.fixture(scope="module")
def replayed(healthy: Ended, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    return replay(tmp_path_factory.mktemp("replayed"), healthy)


def test_the_same_checks_get_the_same_verdicts(healthy: Ended, replayed: Ended) -> None:
    assert replayed.status == healthy.status == 0, replayed.out
    assert judged(replayed) == judged(healthy)
    assert len(judged(healthy)) > 90
    assert replayed.is_sealed()


def test_what_was_seen_is_written_again_as_it_was(healthy: Ended, replayed: Ended) -> None:
    def seen(ended: Ended) -> dict[str, Any]:
        return {line["sighting"]: line["seen"] for line in ended.journal("sighting.end")}

    assert seen(replayed) == seen(healthy)
    assert replayed.journal("vantage")[0]["files"] == healthy.journal("vantage")[0]["files"]


@pytest.mark.parametrize("fault", FAULTS)
def test_what_broke_then_is_told_in_the_same_words(fault: str, tmp_path: Path) -> None:
    then = run_checks(tmp_path, *LAB, "--lab-fault", fault, *WAY)

    now = replay(tmp_path, then, *WAY)

    assert now.status == then.status == 1, now.out
    assert judged(now) == judged(then)
    assert now.is_sealed()


def test_it_needs_no_network_not_even_loopback(healthy: Ended, tmp_path: Path) -> None:
    ended = replay(tmp_path, healthy, within=(*need_namespace(), "--"))

    assert ended.status == 0, ended.out
    assert judged(ended) == judged(healthy)


def events(folder: Path, *arguments: str) -> list[list[str]]:
    """Run the program, and return what it did that reaches beyond its own process."""
    folder.mkdir()
    (folder / "audited.py").write_text(AUDITED)
    audit = folder / "audit.json"
    env = {"AUDIT": str(audit), "PYTHONPATH": str(folder)}
    ended = run_checks(folder, "-p", "audited", *arguments, env=env)
    assert ended.status == 0, ended.out
    told: list[list[str]] = json.loads(audit.read_text())
    return told


def test_it_opens_no_socket_asks_for_no_name_and_runs_no_command(
    healthy: Ended, tmp_path: Path
) -> None:
    live = events(tmp_path / "live", *LAB, "-m", "smoke")
    again = events(tmp_path / "again", f"--replay={healthy.folder}", "-m", "smoke")

    assert sum(event == "socket.connect" for event, _ in live) > 10
    asked = [event for event, _ in again if event.startswith("socket.")]
    assert [event for event in asked if event != "socket.__new__"] == ["socket.gethostname"]
    started = [arguments for event, arguments in again if not event.startswith("socket.")]
    own = (
        "'uname', '-p'",
        "'git', '--no-optional-locks', 'status'",
        "witness.py",
        "terminal_filter",
    )
    assert [one for one in started if not any(words in one for words in own)] == []
    assert len(started) <= len(own)


def test_the_last_screen_says_so_before_anything_else(healthy: Ended, replayed: Ended) -> None:
    assert healthy.folder is not None
    began = healthy.journal("run.begin")[0]["at"]
    screen = replayed.out.partition("judged again ===")[2]

    first = next(line for line in screen.splitlines() if line.strip("= "))
    assert first.startswith(f"REPLAY of {healthy.folder.name}: nothing was looked")
    assert f"was seen from {began} to " in screen
    assert "to look now, leave --replay away" in screen
    assert "what was proved" not in replayed.out
    made = len(healthy.journal("sighting.begin"))
    assert made >= healthy.journal("plan")[0]["sightings"] > 50
    assert (
        f"replay of {healthy.folder.name}: {made} sightings of {began}, by pytest" in replayed.out
    )


def test_record_and_log_bear_the_times_of_then(healthy: Ended, replayed: Ended) -> None:
    assert healthy.folder is not None
    assert replayed.folder is not None
    record = (replayed.folder / "record.md").read_text()
    (log,) = (one.read_text() for one in replayed.folder.glob("*.log"))
    (log_of_then,) = (one.read_text() for one in healthy.folder.glob("*.log"))
    run, head = healthy.folder.name, chains.read(healthy.folder).head

    assert record.splitlines()[2].startswith(f"**REPLAY** of `{run}`: nothing was looked at now.")
    assert record.splitlines()[4].startswith("In a replay: **UPHELD**")
    assert f"| Replayed run | `{run}`, head `{head}` |" in record
    assert log.startswith(f"# replay    of {run}, head {head}: NOTHING WAS LOOKED AT NOW\n")

    def steps(text: str) -> set[str]:
        return {line for line in text.splitlines() if re.match(r"\[[^]]+\] (>>>|<<<) ", line)}

    assert steps(log) == steps(log_of_then)
    assert len(steps(log)) == 2 * len(healthy.journal("sighting.begin"))


def test_a_failure_is_told_with_the_time_of_then(tmp_path: Path) -> None:
    then = run_checks(tmp_path, *LAB, "--lab-fault", "tls-alert", "-m", "tls")
    now = replay(tmp_path, then, "-m", "tls")
    (at,) = {line for line in then.out.splitlines() if line.startswith("  at ")}

    assert at in now.out.splitlines()
    by_hand = [line for line in now.out.splitlines() if line.startswith("  by hand")]
    assert by_hand == [line for line in then.out.splitlines() if line.startswith("  by hand")]


def test_the_plan_alone_says_what_is_recorded(healthy: Ended, tmp_path: Path) -> None:
    assert healthy.folder is not None
    whole = replay(tmp_path, healthy, "--plan-only")
    part = run_checks(tmp_path, *LAB, "-k", "check_name_resolves")
    assert part.folder is not None
    more = replay(tmp_path, part, "--plan-only", "-m", "smoke")

    assert whole.folder is more.folder is None
    assert whole.status == more.status == 0
    made = healthy.journal("plan")[0]["sightings"]
    assert f"the replay would judge all {made} sightings, as {healthy.folder.name}" in whole.out
    assert "inconclusive" not in whole.out
    assert "(the replay is without it)" not in whole.out
    assert "it runs no command" in whole.out
    assert "ask_system[site.lab.test@lab]\n    getent ahosts site.lab.test\n" in more.out
    assert "fetch[site.lab.test@lab]  (the replay is without it)\n    curl " in more.out
    judged = (
        rf"would judge 4 of \d+ sightings, as {part.folder.name} saw them; what needs the others"
    )
    assert re.search(judged, more.out)


def test_what_was_not_selected_then_is_not_known_now(tmp_path: Path) -> None:
    then = run_checks(tmp_path, *LAB, "-m", "hosts", "-k", "check_file_is_there")
    assert then.folder is not None

    now = replay(tmp_path, then, "-m", "hosts", "-k", "check_file_is_there or wsl")

    assert now.status == 6, now.out
    assert now.verdicts()["check_file_is_there[/etc/hosts@lab]"] == "upheld"
    unknown = [line for line in now.journal("verdict") if line["verdict"] == "inconclusive"]
    assert unknown
    assert {line["reason"] for line in unknown} == {f"{then.folder.name} did not record it"}
    assert {line["mend"] for line in unknown} == {
        "look now, without --replay, or replay a run that recorded it"
    }
    assert now.is_sealed()


def test_workers_are_replayed_and_replay(healthy: Ended, tmp_path: Path) -> None:
    then = run_checks(tmp_path, *LAB, "-n", "2", "-m", "tls")
    alone = replay(tmp_path, then, "-m", "tls")
    shared = replay(tmp_path, healthy, "-m", "tls", "-n", "2")

    assert judged(alone) == judged(then) == judged(shared)
    assert alone.status == shared.status == 0, shared.out
    assert alone.is_sealed()
    assert shared.is_sealed()
    assert shared.folder is not None
    lines = chains.read(shared.folder).lines
    assert sum(line["kind"] == "vantage" for line in lines) == 1
    made = [line["sighting"] for line in lines if line["kind"] == "sighting.begin"]
    assert len(made) == len(set(made))


def test_a_replay_is_replayed_with_the_times_of_the_first(
    healthy: Ended, replayed: Ended, tmp_path: Path
) -> None:
    assert healthy.folder is not None
    assert replayed.folder is not None

    again = replay(tmp_path, replayed)

    assert judged(again) == judged(healthy)
    assert f"REPLAY of {healthy.folder.name}: nothing was looked at now." in again.out
    assert f"Of that run: it is replayed from {replayed.folder.name}." in again.out

    def looked(ended: Ended, at: str) -> dict[str, str]:
        return {line["sighting"]: line[at] for line in ended.journal("sighting.end")}

    assert looked(again, "looked_at") == looked(healthy, "at")
    assert again.is_sealed()


def test_what_changes_something_is_not_replayed(tmp_path: Path) -> None:
    then = run_checks(tmp_path, *LAB, "-m", "hosts", "--allow-mutating")
    mutating = judged(then).keys() - judged(run_checks(tmp_path, *LAB, "-m", "hosts")).keys()

    now = replay(tmp_path, then, "-m", "hosts")

    assert len(mutating) == 1
    assert mutating.isdisjoint(judged(now))
    assert judged(now).items() <= judged(then).items()


def test_a_baseline_is_held_against_what_is_replayed(healthy: Ended, tmp_path: Path) -> None:
    fault = ("--lab-fault", "hosts-regenerated", "-m", "hosts")
    then = run_checks(tmp_path, *LAB, *fault, f"--baseline={healthy.folder}")

    now = replay(tmp_path, then, "-m", "hosts", f"--baseline={healthy.folder}")

    without = replay(tmp_path, then, "-m", "hosts")

    assert judged(now) == judged(then)
    besides = {"diagnoses": None}  # which say what the baseline had
    differ = [
        check
        for check in judged(now)
        if judged(now)[check] | besides != judged(without)[check] | besides
    ]
    assert len(differ) == 1
    assert "/etc/hosts had the block at" in str(judged(now))
    assert "/etc/hosts had the block at" not in str(judged(without))
    assert judged(now)[differ[0]]["verdict"] == "violated"
    assert judged(without)[differ[0]]["reason"] == "no --baseline was given"
