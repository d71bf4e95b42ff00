"""`python -m reports`: look at the evidence of runs, project it again, remove what is old."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from reports import chains, files, sealing
from reports.chains import JOURNAL
from reports.folder import told_folder, verify_folder
from reports.journal import JournalError
from reports.manifest import MANIFEST
from reports.projections import projected
from reports.projections.account import AccountError
from reports.projections.text import one_line, visible
from reports.prune import NotRemovedError, Rule, prune, rehearse
from reports.sealing import SealingError
from reports.tombstones import TombstonesError
from reports.verify import NoRunError, State, told, verify

GOOD, BROKEN, WRONG_USE, INCOMPLETE, INTERRUPTED = 0, 1, 4, 6, 130
_MOST = 100_000
"""Of runs, or of days."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(WRONG_USE, f"{self.prog}: {message}\n")


def main(argv: list[str] | None = None) -> int:
    """Run one command, and return its exit status."""
    arguments = _parser().parse_args(argv)
    try:
        status: int = arguments.carry_out(arguments)
    except (NoRunError, SealingError, JournalError) as error:
        print(error, file=sys.stderr)  # noqa: T201
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"{where}{error.strerror}", file=sys.stderr)  # noqa: T201
    except KeyboardInterrupt:
        return INTERRUPTED
    else:
        return status
    return WRONG_USE


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m reports", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    looking = commands.add_parser(
        "verify",
        help="judge the evidence of a run, or of a folder of runs, and write nothing",
        epilog="exit status: 0 complete, 1 broken, 6 incomplete or unsealed, 4 wrong use;"
        " of a folder, that of its worst run, and 1 where a run is missing",
    )
    looking.set_defaults(carry_out=_verify)
    judged = looking.add_mutually_exclusive_group(required=True)
    judged.add_argument("run", nargs="?", type=Path, metavar="RUN", help="the folder of a run")
    judged.add_argument(
        "--folder",
        type=Path,
        metavar="DIR",
        help="judge all runs in it, and look for those that are missing between them",
    )
    looking.add_argument(
        "--head",
        type=_digest,
        metavar="HEX",
        help="the head of its chain, or of one run of the folder, as it was kept elsewhere",
    )
    sealing_ = commands.add_parser(
        "seal",
        help="seal a run that was killed together with its witness, as far as it was written",
        epilog="exit status: 6 sealed as incomplete, 1 not sealed, 4 wrong use",
    )
    sealing_.set_defaults(carry_out=_seal)
    sealing_.add_argument(
        "run", type=Path, metavar="RUN", help="the folder of a run that nothing writes to"
    )
    again = commands.add_parser(
        "rebuild",
        help="write the log and the record again from the journal, of a killed run too",
        epilog="exit status: 0 written, 1 the journal is broken, 4 wrong use",
    )
    again.set_defaults(carry_out=_rebuild)
    again.add_argument("run", type=Path, metavar="RUN", help="the folder of a run")
    again.add_argument("--into", type=Path, metavar="DIR", help="write there (default: into RUN)")
    _add_prune(commands.add_parser)
    return parser


def _add_prune(add: Callable[..., argparse.ArgumentParser]) -> None:
    pruning = add(
        "prune",
        help="remove old runs from a folder, and leave a tombstone of each",
        description="Removes what neither --keep nor --days keeps. The newest sealed run always"
        " stays, and so does what is under way, was never sealed, or is broken. Files of a run"
        " that are elsewhere, as copies of its log, stay too.",
        epilog="exit status: 0 done, 1 something that had to go is still there, 4 wrong use",
    )
    pruning.set_defaults(carry_out=_prune)
    pruning.add_argument("folder", type=Path, metavar="DIR", help="the folder of the runs")
    pruning.add_argument("--keep", type=_count, metavar="N", help="keep the newest N runs")
    pruning.add_argument(
        "--days", type=_count, metavar="D", help="keep the runs that ended in the last D days"
    )
    pruning.add_argument("--dry-run", action="store_true", help="say what would go, and stop")


def _digest(text: str) -> str:
    if len(text) != 64 or not set(text.lower()) <= set("0123456789abcdef"):  # noqa: PLR2004
        raise argparse.ArgumentTypeError(f"{text!r} is not a head: it has 64 hexadecimal digits")
    return text.lower()


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _MOST):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_MOST}")
    return int(text)


def _verify(arguments: argparse.Namespace) -> int:
    head: str | None = arguments.head
    if arguments.folder is not None:
        all_found = verify_folder(arguments.folder, head)
        state, words = all_found.state, told_folder(all_found, head)
    else:
        found = verify(arguments.run, head)
        state, words = found.state, told(found, arguments.run.resolve(), head)
    print(visible(words))  # noqa: T201
    if state is State.BROKEN:
        return BROKEN
    return GOOD if state is State.COMPLETE else INCOMPLETE


def _prune(arguments: argparse.Namespace) -> int:
    """Remove what the rule does not keep; a broken run that is as old stays, and is told."""
    rule = Rule(arguments.keep, arguments.days)
    if rule == Rule(None, None):
        print("prune: say what to keep: --keep N, --days D, or both", file=sys.stderr)  # noqa: T201
        return WRONG_USE
    carry_out = rehearse if arguments.dry_run else prune
    try:
        chosen = carry_out(arguments.folder, rule, _say)
    except (NotRemovedError, TombstonesError) as error:
        print(one_line(str(error)), file=sys.stderr)  # noqa: T201
        return BROKEN
    return BROKEN if chosen.broken else GOOD


def _say(line: str) -> None:
    """Print at once: whoever is killed has said what it did."""
    print(one_line(line), flush=True)  # noqa: T201


def _seal(arguments: argparse.Namespace) -> int:
    """Seal what was left behind; whether it still runs shows by who holds its FIFO."""
    folder: Path = arguments.run
    if sealing.is_alive(folder):
        raise SealingError(f"{folder} is still written to: end the run, and it seals itself")
    finished = sealing.seal_lost(
        folder,
        by="hand",
        reason="the run was lost, and its witness too",
        canary=None,
    )
    for problem in finished.problems:
        print(problem, file=sys.stderr)  # noqa: T201
    if finished.manifest is None:
        return BROKEN
    print(f"sealed as incomplete; head {finished.head}")  # noqa: T201
    return INCOMPLETE


def _rebuild(arguments: argparse.Namespace) -> int:
    """Project again; a sealed run's own files are never replaced by others."""
    folder: Path = arguments.run
    if not (folder / JOURNAL).is_file():
        raise NoRunError(f"{folder} is not the folder of a run: it has no {JOURNAL}")
    read = chains.read(folder)
    if read.wrong is not None:
        print(f"{folder}: {read.wrong}; nothing is projected from it", file=sys.stderr)  # noqa: T201
        return BROKEN
    try:
        texts = projected(read)
    except AccountError as error:
        print(f"{folder}: {error}", file=sys.stderr)  # noqa: T201
        return BROKEN
    target: Path = arguments.into or folder
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = GOOD
    for name, text in texts.items():
        told, put = _put(target / name, text)
        print(told)  # noqa: T201
        status = status if put else WRONG_USE
    return status


def _put(path: Path, content: bytes) -> tuple[str, bool]:
    if path.is_file() and path.read_bytes() == content:
        return f"{path}: as it was, byte for byte", True
    if (path.parent / MANIFEST).exists():
        return f"{path}: the run is sealed and would change; give another folder by --into", False
    files.write(path, content)
    return f"{path}: written", True


if __name__ == "__main__":
    sys.exit(main())
