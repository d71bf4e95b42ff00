"""The fault lab's own process: it stands as long as somebody names faults on its input."""

import json
import sys
import traceback

from tests.faultlab import lab
from tests.faultlab.fault import Fault
from tests.faultlab.faults import FAULTS
from tests.faultlab.measuring import measure, to_line


def main() -> None:
    """Measure each fault that is named, a line each, and answer with a line each."""
    lab.start()
    faults = {one.name: one for one in FAULTS}
    for line in sys.stdin:
        sys.stdout.write(f"{_answer(faults[line.strip()])}\n")
        sys.stdout.flush()


def _answer(fault: Fault) -> str:
    """Say what was measured, or why nothing was: the next fault can be, all the same."""
    try:
        return to_line(measure(fault))
    except Exception:  # noqa: BLE001 - it is told, and fails the one test that asked
        return json.dumps({"broke": traceback.format_exc()})


if __name__ == "__main__":
    main()
