"""A check that ends the whole process: nobody is told that it was a success."""

from pathlib import Path

import pytest

from reports.manifest import MANIFEST
from reports.verify import State, verify
from tests.program import Ended, run_checks
from tests.stoppable import CHECK, slow_suite, wait_for


def leaving(folder: Path, *statements: str) -> Ended:
    """Run the suite with a check that ends the process, and wait until it is sealed."""
    checkout, profile = slow_suite(folder)
    check = checkout / "checks" / "patient" / "check_patience.py"
    lines = "".join(f"    {one}\n" for one in ("import os, threading", *statements))
    check.write_text(CHECK.replace("    assert", f"{lines}    assert"))
    ended = run_checks(folder, f"--profile={profile}", "-k", "n1", suite=checkout)
    found = ended.folder
    assert found is not None, ended.out
    wait_for((found / MANIFEST).exists)
    return ended


@pytest.mark.parametrize(
    "leaves",
    [
        "os._exit(0)",
        "os._exit(256)",
        "threading.Thread(target=os._exit, args=(0,)).start(); threading.Event().wait(60)",
    ],
    ids=["at once", "as 256", "from a thread"],
)
def test_a_check_that_ends_the_process_with_success_ends_the_run_without(
    tmp_path: Path, leaves: str
) -> None:
    ended = leaving(tmp_path, f"if waited.number == 'n12': {leaves}")

    assert ended.folder is not None
    found = verify(ended.folder)
    assert ended.status == 3
    assert "before the end of the run: the exit is 3" in ended.out
    assert (found.state, found.wrong) == (State.INCOMPLETE, [])
    assert [check.id.partition("[")[2] for check in found.told.in_flight_checks] == ["n12@here]"]


def test_another_end_is_left_as_it_is(tmp_path: Path) -> None:
    ended = leaving(tmp_path, "os._exit(7)")

    assert ended.status == 7


def test_a_forked_child_may_end_with_success(tmp_path: Path) -> None:
    ended = leaving(
        tmp_path,
        "child = os.fork()",
        "if not child: os._exit(0)",
        "assert os.waitpid(child, 0)[1] == 0",
    )

    assert ended.status == 0, ended.out
    assert ended.is_sealed()
