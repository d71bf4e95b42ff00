"""What a run has started, and who only looks like it."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reports.offspring import NAME, end_offspring, handed_down, handing_down, new_lineage
from tests.stoppable import wait_for

ENDS = 10.0


@contextmanager
def started(script: str, folder: Path, *, session: bool = False) -> Iterator[list[int]]:
    """Start a shell that writes the numbers of its processes; what is left of them is killed."""
    told = folder / "processes"
    shell = subprocess.Popen(["sh", "-c", script, "sh", told], start_new_session=session)
    try:
        wait_for(lambda: told.exists() and told.read_text().endswith("all\n"))
        yield [int(line) for line in told.read_text().splitlines()[:-1]]
    finally:
        for one in map(int, told.read_text().split()[:-1]):
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        shell.kill()
        shell.wait(timeout=30)


def is_alive(process: int) -> bool:
    try:
        told = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return told.rpartition(")")[2].split()[0] != "Z"


def test_what_was_started_ends_with_its_grandchildren_and_their_daemons(tmp_path: Path) -> None:
    script = """
        setsid sleep 60 & echo $! >> "$1"
        (sh -c 'sleep 60 & echo $! >> "$1"' sh "$1" &)
        while [ $(wc -l < "$1") -lt 2 ]; do sleep 0.01; done
        echo $$ >> "$1"; echo all >> "$1"; wait
    """
    lineage = new_lineage()
    with handing_down(lineage), started(script, tmp_path) as processes:
        assert all(map(is_alive, processes))
        end_offspring(lineage, within=ENDS)
        alive = [one for one in processes if is_alive(one)]

    assert len(processes) == 3
    assert not alive


def test_one_that_drops_its_variables_ends_with_the_session_of_its_command(tmp_path: Path) -> None:
    script = f"""
        env -u {NAME} sleep 60 & echo $! >> "$1"; echo all >> "$1"; wait
    """
    lineage = new_lineage()
    with handing_down(lineage), started(script, tmp_path, session=True) as processes:
        end_offspring(lineage, within=ENDS)
        alive = [one for one in processes if is_alive(one)]

    assert len(processes) == 1
    assert not alive


def test_others_live_on_in_the_same_session_and_of_another_lineage(tmp_path: Path) -> None:
    script = 'sleep 60 & echo $! >> "$1"; echo $$ >> "$1"; echo all >> "$1"; wait'
    mine, theirs = new_lineage(), new_lineage()
    unmarked, other = tmp_path / "unmarked", tmp_path / "other"
    unmarked.mkdir()
    other.mkdir()
    with started(script, unmarked) as first, handing_down(theirs), started(script, other) as second:
        with handing_down(mine):
            own = subprocess.Popen(["sleep", "60"])
        end_offspring(mine, within=ENDS)
        assert own.wait(timeout=30) < 0
        alive = [one for one in (*first, *second) if is_alive(one)]
        end_offspring(theirs, within=ENDS)

    assert alive == [*first, *second]
    assert len(alive) == 4


def test_what_was_handed_down_before_is_so_again() -> None:
    outer, inner = new_lineage(), new_lineage()
    with handing_down(outer):
        with handing_down(inner):
            within = handed_down()
        after = handed_down()

    assert (within, after) == ({NAME: inner}, {NAME: outer})
    assert os.environ.get(NAME) not in {inner, outer}
