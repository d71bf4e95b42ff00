"""`python -m reports`: look at the evidence of a run, and project it again."""

import argparse
import sys
from pathlib import Path
from typing import NoReturn

from reports import chains, files, sealing
from reports.chains import JOURNAL
from reports.journal import JournalError
from reports.manifest import MANIFEST
from reports.projections import projected
from reports.projections.account import AccountError
from reports.sealing import SealingError
from reports.verify import NoRunError, State, told, verify

GOOD, BROKEN, WRONG_USE, INCOMPLETE = 0, 1, 4, 6


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(WRONG_USE, f"{self.prog}: {message}\n")


def main(argv: list[str] | None = None) -> int:
    """Run one command, and return its exit status."""
    arguments = _parser().parse_args(argv)
    folder = Path(arguments.run)
    try:
        if arguments.command == "verify":
            return _verify(folder, arguments.head)
        if arguments.command == "seal":
            return _seal(folder)
        return _rebuild(folder, arguments.into)
    except (NoRunError, SealingError, JournalError) as error:
        print(error, file=sys.stderr)  # noqa: T201
    except OSError as error:
        print(f"{error.filename or folder}: {error.strerror}", file=sys.stderr)  # noqa: T201
    return WRONG_USE


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m reports", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    looking = commands.add_parser(
        "verify",
        help="judge the evidence of a run, and write nothing",
        epilog="exit status: 0 complete, 1 broken, 6 incomplete or unsealed, 4 wrong use",
    )
    looking.add_argument("run", metavar="RUN", help="the folder of a run")
    looking.add_argument(
        "--head",
        type=_digest,
        metavar="HEX",
        help="the head of its chain, as it was kept elsewhere",
    )
    sealing_ = commands.add_parser(
        "seal",
        help="seal a run that was killed together with its witness, as far as it was written",
        epilog="exit status: 6 sealed as incomplete, 1 not sealed, 4 wrong use",
    )
    sealing_.add_argument("run", metavar="RUN", help="the folder of a run that nothing writes to")
    again = commands.add_parser(
        "rebuild",
        help="write the log and the record again from the journal, of a killed run too",
        epilog="exit status: 0 written, 1 the journal is broken, 4 wrong use",
    )
    again.add_argument("run", metavar="RUN", help="the folder of a run")
    again.add_argument("--into", type=Path, metavar="DIR", help="write there (default: into RUN)")
    return parser


def _digest(text: str) -> str:
    if len(text) != 64 or not set(text.lower()) <= set("0123456789abcdef"):  # noqa: PLR2004
        raise argparse.ArgumentTypeError(f"{text!r} is not a head: it has 64 hexadecimal digits")
    return text.lower()


def _verify(folder: Path, head: str | None) -> int:
    found = verify(folder, head)
    print(told(found, folder.resolve(), head))  # noqa: T201
    if found.state is State.BROKEN:
        return BROKEN
    return GOOD if found.state is State.COMPLETE else INCOMPLETE


def _seal(folder: Path) -> int:
    """Seal what was left behind; whether it still runs shows by who holds its FIFO."""
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
    print(f"sealed as incomplete; head {finished.chains.head}")  # noqa: T201
    return INCOMPLETE


def _rebuild(folder: Path, into: Path | None) -> int:
    """Project again; a sealed run's own files are never replaced by others."""
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
    target = into or folder
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
