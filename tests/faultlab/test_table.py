"""The table has a fault for every cause, and the lab leaves nothing behind."""

import json
from pathlib import Path

from checks.causes.__main__ import MEASURED
from checks.causes.vocabulary import Cause
from tests.faultlab.faults import FAULTS
from tests.faultlab.kept import RENEW, expected
from tests.faultlab.measuring import steady
from tests.faultlab.places import CONTAINER, HOST, MIDDLEBOX
from tests.faultlab.standing import fault_lab
from tests.stoppable import wait_for


def test_every_cause_is_shown_by_a_fault() -> None:
    assert {one.cause for one in FAULTS} == {*Cause, None}
    assert len({one.name for one in FAULTS}) == len(FAULTS)


def test_the_table_that_is_kept_has_the_faults_in_their_order() -> None:
    rows = json.loads(MEASURED.read_text())

    kept = [(row["fault"], row["cause"], tuple(row["causes"])) for row in rows]
    assert kept == [(one.name, one.cause and str(one.cause), expected(one)) for one in FAULTS], (
        RENEW
    )


def test_what_changes_from_run_to_run_is_left_out() -> None:
    for text, left in (
        ("CN=a,OU=Testing cert #oHgVBECbCBKfKzFB", "CN=a,OU=Testing cert #…"),
        ("48909 of 300000 bytes received", "… of 300000 bytes received"),
        ("client-hello, 0 bytes received", "client-hello, 0 bytes received"),
        ("silent for 2.0 s", "silent for … s"),
        ("a is -600 s ahead", "a is … s ahead"),
        (
            "git ls-remote: broken at http: fatal: it, response 407",
            "git ls-remote: broken at http: … 407",
        ),
    ):
        assert steady(text) == left


def test_all_of_the_lab_ends_with_it(tmp_path: Path) -> None:
    def inside() -> set[str]:
        return {
            one.name
            for one in Path("/proc").glob("[0-9]*")
            if str(tmp_path) in _words(one / "cmdline") + _words(one / "mountinfo")
        }

    with fault_lab(tmp_path) as look:
        look(FAULTS[0])
        assert inside()

    wait_for(lambda: not inside())  # the kernel ends them, and tells nobody when
    assert not {HOST, CONTAINER, MIDDLEBOX} & {one.name for one in Path("/run/netns").glob("*")}


def _words(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except OSError:  # it has ended
        return ""
