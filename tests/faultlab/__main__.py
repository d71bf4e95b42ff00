"""`python -m tests.faultlab [--keep] [WORD …]` measures the faults whose names have a word, or all.

With `--keep`, the table beside the rules has what was measured, if all of it is as it should be.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.faultlab.faults import FAULTS
from tests.faultlab.kept import in_words, is_named, keep, row_of
from tests.faultlab.standing import fault_lab


def main(arguments: list[str]) -> int:
    """Print a row for each fault; 1 where one does not give its cause and no other."""
    parser = argparse.ArgumentParser(prog="python -m tests.faultlab", description=__doc__)
    parser.add_argument(
        "--keep", action="store_true", help="put it into the table beside the rules"
    )
    parser.add_argument("words", nargs="*", metavar="WORD", help="of the faults' names")
    asked = parser.parse_args(arguments)
    words = asked.words
    chosen = [one for one in FAULTS if not words or any(word in one.name for word in words)]
    rows, failed = [], 0
    with tempfile.TemporaryDirectory() as folder, fault_lab(Path(folder)) as look:
        for fault in chosen:
            measured = look(fault)
            rows.append(row_of(fault, measured))
            named = is_named(fault, measured)
            failed += not named
            told = "as it should be" if named else "NOT as it should be"
            sys.stdout.write(f"{told}: {in_words(fault, measured)}\n")
            sys.stdout.flush()
    if asked.keep and not failed:
        keep(rows)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
