"""python -m checks.hardcoded: scan a checkout by hand; write the baseline of a repository."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from checks.hardcoded.cases import target_of
from checks.hardcoded.probe import Scanned, look_for_hardcoded
from checks.hardcoded.seen import HardcodedSeen
from checks.wire.repositories import vantage_of
from config.files import create_file, replace_file
from config.loading import load
from config.mistakes import ProfileError, printable
from config.model import Absent
from config.reading_packs import load_pack
from config.repositories import Repository
from fixtures.github.tokens import hold_secrets
from fixtures.repositories import Source
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.redaction import RedactionError

GOOD, FOUND, UNUSABLE = 0, 1, 4
_DEADLINE = 600.0


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns 0, 1 where something was found, or 4 where it cannot be done."""
    arguments = _parser().parse_args(argv)
    try:
        status: int = arguments.command(arguments)
    except ProfileError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return UNUSABLE
    except (VantageError, RedactionError, OSError) as error:
        print(printable(str(error)), file=sys.stderr)  # noqa: T201
        return UNUSABLE
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m checks.hardcoded",
        description="Look for configuration that stands in code, as `pytest -m hardcoded` does.",
        epilog="Exit status: 0 nothing found, 1 something found, 2 wrong use, 4 cannot be done.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    scan = commands.add_parser("scan", help="print the findings of some packs in a checkout")
    scan.set_defaults(command=_scan)
    scan.add_argument("path", type=Path, help="a checkout, a bare repository or a folder")
    scan.add_argument("--pack", action="append", required=True, metavar="NAME|PATH")
    scan.add_argument("--ref", help="read this commit, and not the files as they lie")
    scan.add_argument("--since", metavar="REF", help="only lines that were added since it")
    baseline = commands.add_parser("baseline", help="write the baseline of a repository")
    baseline.set_defaults(command=_baseline)
    baseline.add_argument("repository", help="its name in the profile")
    baseline.add_argument("--profile", required=True, metavar="NAME|PATH")
    baseline.add_argument("--until", required=True, type=date.fromisoformat, metavar="DATE")
    baseline.add_argument("--reason", required=True)
    baseline.add_argument("--into", required=True, type=Path, metavar="FILE")
    baseline.add_argument("--replace", action="store_true", help="replace the file")
    return parser


def _scan(arguments: argparse.Namespace) -> int:
    packs = [load_pack(name, Path.cwd()) for name in arguments.pack]
    source = Source(
        name=arguments.path.name or "repository",
        path=str(arguments.path.absolute()),
        ref=arguments.ref,
        repository=None,
        api=None,
        branch="main",
    )
    rules = tuple(rule for pack in packs for rule in pack.rules)
    seen = _look(Scanned(source, rules, arguments.since, (), 1 << 26))
    print(printable_lines(seen.transcript))  # noqa: T201
    missing = [
        rule for rule in rules if rule.reads and (own := seen.rule(rule.id)) and not own.found
    ]
    for rule in missing:
        print(f"{rule.id}: nothing reads {rule.reads}")  # noqa: T201
    violating = [one for one in seen.findings.found if one.level != "note" and not one.suppressions]
    return FOUND if violating or missing else GOOD


def _baseline(arguments: argparse.Namespace) -> int:
    """Write a baseline that allows what is found now, and was not allowed in a file."""
    loaded = load(arguments.profile)
    repositories = loaded.profile.repositories
    every: Sequence[Repository] = repositories if isinstance(repositories, tuple) else ()
    named = [one for one in every if one.name == arguments.repository]
    if not named or isinstance(named[0].hardcoded, Absent):
        names = ", ".join(one.name for one in every) or "none"
        raise VantageError(
            f"the profile has no rules for a repository {arguments.repository}",
            f"name one of its repositories: {names}",
        )
    repository = named[0]
    vantage = vantage_of(loaded.profile, repository)
    kind = next(one.kind for one in loaded.profile.vantages if one.name == vantage)
    if kind != "local":
        raise VantageError(f"{vantage} is of the kind {kind}", "name a vantage of the kind local")
    redactor = hold_secrets(loaded.profile.secrets)
    seen = _look(target_of(repository, named[0].hardcoded))
    if unlisted := sum(one.unlisted for one in seen.rules):
        raise VantageError(
            f"{unlisted} findings more are counted only: they are too many for a baseline",
            "mend the rule that finds the most, or leave files out by `not_in`",
        )
    text = redactor.redact_registered(_written(seen, arguments.until, arguments.reason))
    write = replace_file if arguments.replace else create_file
    write(arguments.into, text)
    print(f"{arguments.into}: {text.count('  - rule: ')} findings, until {arguments.until}")  # noqa: T201
    return GOOD


def _written(seen: HardcodedSeen, until: date, reason: str) -> str:
    import yaml  # noqa: PLC0415

    entries = [
        {
            "rule": one.rule,
            "path": one.path,
            "fingerprint": one.fingerprint,
            "text": one.snippet,
            "until": until.isoformat(),
            "reason": reason,
        }
        for one in seen.findings.found
        if not any(ends.where == "in-source" for ends in one.suppressions)
    ]
    listed = "".join(
        "  " + line if line.startswith(" ") else f"  {line}"
        for line in yaml.safe_dump(
            entries, sort_keys=False, allow_unicode=True, width=10_000
        ).splitlines(keepends=True)
    )
    head = "# Findings that are allowed for a while: each stays one, and is marked.\n\n"
    return head + (f"findings:\n{listed}" if entries else "findings: []\n")


def _look(target: Scanned) -> HardcodedSeen:
    return asyncio.run(look_for_hardcoded(target, Local(name="here"), deadline=_DEADLINE))


def printable_lines(text: str) -> str:
    """Return the text with nothing in it that a terminal would obey, or that is a credential."""
    return "\n".join(map(printable, text.split("\n")))


if __name__ == "__main__":
    sys.exit(main())
