"""What a user meets on the command line, through the real program on the lab."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.program import ROOT, run_checks

LAB = ("--profile", "lab")


def test_the_plan_alone_looks_at_nothing_and_writes_nothing(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, *LAB, "-m", "smoke", "--plan-only")

    assert ended.status == 0, ended.out
    assert ended.folder is None
    assert "ask_system[site.lab.test@lab]\n    getent ahosts site.lab.test\n" in ended.out
    assert "fetch[site.lab.test/moved@lab]\n    curl " in ended.out
    assert "list_refs[" not in ended.out
    assert re.search(r"\d+ sightings would be made; none was", ended.out)


def test_only_what_is_selected_is_looked_at(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, *LAB, "-k", "check_name_resolves")

    assert {line["probe"] for line in ended.journal("sighting.begin")} == {"ask_system"}
    assert len(ended.journal("sighting.begin")) == 4


def test_each_sighting_is_made_once_however_many_checks_judge_it(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, *LAB, "-m", "tls")
    made = [line["sighting"] for line in ended.journal("sighting.begin")]

    assert len(made) == len(set(made))
    judged = [one for line in ended.journal("verdict") for one in line["sightings"]]
    assert len(judged) > len(set(judged))


def test_the_smallest_flight_gives_the_same_verdicts(tmp_path: Path) -> None:
    one = run_checks(tmp_path / "one", *LAB, "-m", "network or tls", "--in-flight", "1")
    many = run_checks(tmp_path / "many", *LAB, "-m", "network or tls")

    assert one.verdicts() == many.verdicts()
    assert max(line["in_flight"] for line in one.journal("sighting.end")) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--in-flight", "0"], "--in-flight"),
        (["--deadline", "never"], "--deadline"),
        (["--deadline", "-1"], "--deadline"),
        (["--profile", "gitub"], "did you mean 'github'"),
        (["--profile=/nowhere/mine.yaml"], "/nowhere/mine.yaml"),
        (["--vantage", "moon"], "it has: lab"),
        (["--baseline=/nowhere"], "no run's folder"),
        (["--evidence-dir=/dev/null/x"], "name a folder"),
        (["--setup-plan"], "calls no check"),
        (["--setup-only"], "calls no check"),
        (["--profile", ""], "there is no such profile"),
        (["--deadline", "0s"], "no duration"),
    ],
)
def test_a_wrong_option_is_one_message(tmp_path: Path, arguments: list[str], words: str) -> None:
    ended = run_checks(tmp_path, *LAB, *arguments)

    assert ended.status == 4, ended.out
    assert words in ended.out
    assert "Traceback" not in ended.out
    assert ended.folder is None


def test_the_profile_may_come_from_the_environment(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, "-m", "smoke", env={"TOUCHSTONE_PROFILE": "lab"})

    assert ended.status == 0, ended.out
    assert "Profile lab" in ended.out


def test_a_profile_without_targets_for_an_area_says_so(tmp_path: Path) -> None:
    profile = tmp_path / "hosts.yaml"
    profile.write_text("name: h\nendpoints: {absent: none here}\nhosts: {absent: not here}\n")

    ended = run_checks(tmp_path, f"--profile={profile}")

    assert ended.status == 5, ended.out
    assert set(ended.verdicts().values()) == {"not-applicable"}
    assert "5: nothing was upheld at all" in ended.out


def test_two_runs_at_once_do_not_touch_each_other(tmp_path: Path) -> None:
    def run(_: int) -> int:
        return subprocess.run(
            [sys.executable, "-m", "pytest", *LAB, "-m", "smoke", f"--evidence-dir={tmp_path}"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            timeout=120,
            check=False,
        ).returncode

    with ThreadPoolExecutor() as pool:
        assert list(pool.map(run, range(3))) == [0, 0, 0]

    folders = sorted(tmp_path.iterdir())
    assert len(folders) == 3
    for folder in folders:
        verified = subprocess.run(
            [sys.executable, "-m", "reports", "verify", str(folder)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert verified.returncode == 0, verified.stdout


def test_an_interrupted_run_is_not_complete(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "pytest",
            *LAB,
            "--lab-fault",
            "tls-silent",
            "-m",
            "tls",
            "-v",
            f"--evidence-dir={tmp_path}",
            "--deadline=30",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert _comes(lambda: any("shake_hands" in one.read_text() for one in _journals(tmp_path)))
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=30)

    assert running.returncode == 2, out
    (folder,) = tmp_path.iterdir()
    assert "INCOMPLETE" in (folder / "record.md").read_text()
    assert "exit     2: the run was interrupted" in out


def _journals(folder: Path) -> list[Path]:
    return list(folder.glob("*/journal.jsonl"))


def _comes(true: Callable[[], bool]) -> bool:
    """Wait for something to become true, for half a minute at most."""
    end = time.monotonic() + 30
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_progress_is_shown_on_a_terminal_and_not_in_a_pipe(tmp_path: Path) -> None:
    arguments = (*LAB, "--lab-fault", "tls-silent", "-m", "tls")
    piped = run_checks(tmp_path, *arguments)
    shown = _on_a_terminal([*arguments, f"--evidence-dir={tmp_path}"])

    assert "in flight" not in piped.out
    assert "\x1b" not in piped.out
    assert re.search(r"\d+ of \d+ sightings, \d+ in flight, \d+ s", shown)


def _on_a_terminal(arguments: list[str]) -> str:
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=ROOT,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "120"},
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=slave,
    ):
        os.close(slave)
        shown = b""
        while select.select([master], [], [], 60)[0]:
            try:
                piece = os.read(master, 65536)
            except OSError:  # the far end is closed
                break
            shown += piece
    os.close(master)
    return shown.decode()


def test_x_stops_where_it_broke_and_not_at_what_stands_on_it(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, *LAB, "--lab-fault", "tls-alert", "-m", "tls or network", "-x")
    verdicts = ended.verdicts()

    assert ended.status == 1, ended.out
    assert list(verdicts.items())[-1] == (
        "check_handshake_completes[site.lab.test@lab]",
        "violated",
    )
    assert "never judged" in ended.out


def test_lower_layers_are_judged_before_what_stands_on_them(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, *LAB, "-m", "network")
    layers = list(dict.fromkeys(check["layer"] for check in ended.journal("plan")[0]["checks"]))

    assert layers[0] == "names"
    assert layers.index("overrides") < layers.index("connections")


def test_python_without_assertions_is_refused(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, *LAB, "--assert=plain", env={"PYTHONOPTIMIZE": "1"})

    assert ended.status == 4, ended.out
    assert "leave -O away" in ended.out


def test_a_failing_test_that_is_no_check_is_not_forgotten(tmp_path: Path) -> None:
    other = tmp_path / "test_stranger.py"
    other.write_text("def test_a_stranger_fails() -> None:\n    assert False\n")

    ended = run_checks(
        tmp_path,
        *LAB,
        "-k",
        "stranger_fails or check_name_resolves",
        str(ROOT / "checks"),
        str(other),
    )

    assert ended.status == 1, ended.out


def test_a_checkout_behind_a_link_is_the_same_checkout(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(ROOT)

    ended = run_checks(tmp_path, *LAB, str(tmp_path / "link" / "checks" / "tls"))

    assert ended.status == 0, ended.out
    assert set(ended.verdicts().values()) == {"upheld", "not-applicable"}


def test_evidence_is_where_the_checkout_is_unless_said_otherwise(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, "--help")

    assert "evidence/ of the checkout" in " ".join(ended.out.split())
