"""`python -m checks.rollout closeout RUN LANE`: what a run proves of a lane, to close it out."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from checks.rollout.closeout.document import Recorded, document
from checks.rollout.closeout.recorded import CloseoutError, recorded_of
from checks.rollout.closeout.words import LANGUAGES
from config.mistakes import printable

GROUND, VIOLATED, WRONG_USE, UNPROVED = 0, 1, 4, 6


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_USE, f"{self.prog}: {message}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Write one closeout; return 0 where it is ground to close, 1 where not, 6 where unproved."""
    arguments = _parser().parse_args(argv)
    try:
        recorded = recorded_of(arguments.run, arguments.lane)
    except CloseoutError as error:
        _say(str(error))
        return WRONG_USE if error.is_use else VIOLATED if "BROKEN" in str(error) else UNPROVED
    except KeyboardInterrupt:
        return 130
    told = document(recorded, full=arguments.full, language=arguments.language)
    print("\n".join(map(printable, told.splitlines())))  # noqa: T201
    return _status(recorded)


def _status(recorded: Recorded) -> int:
    if recorded.is_ground:
        return GROUND
    is_red = recorded.standing == "ok" and bool(recorded.violated)
    return VIOLATED if is_red or recorded.standing == "is-broken" else UNPROVED


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m checks.rollout", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    one = commands.add_parser(
        "closeout",
        help="write the closeout of a lane's rollout as Markdown, from a finished run's journal",
        epilog="exit status: 0 the rollout can be closed on it, 1 the lane or the run's evidence is"
        " broken, or a check of the lane violated, 6 it is not proved (pending, superseded,"
        " incomplete), 4 wrong use",
    )
    one.add_argument("run", metavar="RUN", type=Path, help="the folder of a run")
    one.add_argument("lane", metavar="LANE", help="a lane's name, or how its own tools call it")
    one.add_argument("--full", action="store_true", help="also the chain, and what is not upheld")
    one.add_argument(
        "--language", choices=LANGUAGES, default="en", help="in which language (default: en)"
    )
    return parser


def _say(words: str) -> None:
    print("\n".join(map(printable, words.splitlines())), file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
