"""python -m config: show, check and begin profiles; renew known address ranges."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from config import refreshing, starting
from config.describing import described
from config.fields import fields_of
from config.files import create_file, replace_file
from config.loading import Loaded, known_profiles, load, parse, ranges_path, shown
from config.mistakes import Mistake, Place, ProfileError, printable
from config.model import UNITS

UNUSABLE = 4


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 4 with a message where a file cannot be used."""
    arguments = _parser().parse_args(argv)
    try:
        text: str = arguments.command(arguments)
    except ProfileError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return UNUSABLE
    except refreshing.RefreshError as error:
        print(printable(str(error)), file=sys.stderr)  # noqa: T201
        return UNUSABLE
    except KeyboardInterrupt:
        return 130
    encoding = sys.stdout.encoding or "utf-8"
    _say(text.encode(encoding, "backslashreplace").decode(encoding))
    return 0


def _say(text: str) -> None:
    try:
        print(text, flush=True)  # noqa: T201
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m config",
        description="Profiles say what is expected; this shows, checks and begins them.",
        epilog="Exit status: 0 done, 2 wrong use, 4 a profile or file cannot be used.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: object, words: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
        one.set_defaults(command=command)
        return one

    add("list", _list, "name the profiles that are here, and where their files lie")
    show = add("show", _show, "print a resolved profile as YAML; secrets are masked")
    show.add_argument("profile", metavar="NAME|PATH")
    check = add("check", _check, "tell whether a profile can be used, with every mistake in it")
    check.add_argument("profile", metavar="NAME|PATH")
    part = add("fields", _fields, "tell the fields of a part of a profile: what may stand there")
    part.add_argument("path", metavar="PART", nargs="?", default="", help="such as lanes.pipeline")
    add("schema", _schema, "print the JSON Schema of profiles, for editors")
    init = add("init", _init, "write a commented first profile from what this host shows")
    init.add_argument("path", metavar="PATH", nargs="?", type=Path, default="touchstone.yaml")
    init.add_argument("--force", action="store_true", help="replace a file that is there")
    renew = add("refresh-ranges", _refresh, "replace GitHub's known address ranges by the API's")
    renew.add_argument("--from", dest="url", metavar="URL", default=refreshing.META)
    renew.add_argument("--to", dest="path", metavar="PATH", type=Path, default=refreshing.GITHUB)
    return parser


def _list(_: argparse.Namespace) -> str:
    lines = []
    for name, path in known_profiles().items():
        lines += [f"{name}: {load(name).profile.description}", f"    {shown(path)}"]
    return "\n".join(lines)


def _show(arguments: argparse.Namespace) -> str:
    loaded = load(arguments.profile)
    plain = loaded.profile.model_dump(mode="json", context=UNITS)
    head = [f"# file: {loaded.source}", f"# digest: {loaded.digest}"]
    ranges = loaded.profile.ranges
    if ranges is not None:
        path = ranges_path(ranges.name, loaded.source.parent)
        head.append(f"# ranges: {path}, dated {ranges.dated}, digest {ranges.digest}")
        plain["ranges"] = str(path)
    head += _secrets(loaded)
    body = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=100)
    return "\n".join([*map(printable, head), "", body.rstrip()])


def _secrets(loaded: Loaded) -> list[str]:
    lines = []
    for secret in loaded.profile.secrets:
        there = secret.env in os.environ if secret.env else Path(secret.file or "").exists()
        where = f"${secret.env}" if secret.env else secret.file
        lines.append(f"# secret {secret.name}: {where}, {'masked' if there else 'not there'}")
    return lines


def _check(arguments: argparse.Namespace) -> str:
    loaded = load(arguments.profile)
    profile = loaded.profile
    has = {"vantages": len(profile.vantages)}
    for name in ("endpoints", "repositories", "lanes"):
        value = getattr(profile, name)
        if isinstance(value, tuple) or name == "endpoints":
            has[name] = len(value) if isinstance(value, tuple) else 0
    counts = ", ".join(f"{name}: {count}" for name, count in has.items())
    return (
        f"{shown(loaded.source)}: the profile {profile.name} can be used"
        f" ({counts}, digest: {loaded.digest[:16]})"
    )


def _fields(arguments: argparse.Namespace) -> str:
    return fields_of(arguments.path)


def _schema(_: argparse.Namespace) -> str:
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | described(), indent=2)


def _init(arguments: argparse.Namespace) -> str:
    path = Path.cwd() / arguments.path
    findings = starting.look_around(Path("/"), Path.cwd(), os.environ)
    text = starting.profile_text(path.stem, findings)
    parse(text, path)
    try:
        (replace_file if arguments.force else create_file)(path, text)
    except FileExistsError:
        words = "this file is there already; --force replaces it"
        raise ProfileError([Mistake(Place(shown(path)), "", words)]) from None
    except OSError as error:
        words = f"the file cannot be written: {error.strerror}"
        raise ProfileError([Mistake(Place(shown(path)), "", words)]) from None
    return (
        f"{shown(path)} is written. Read it, then:\n"
        f"  python -m config check {shown(path)}\n"
        f"  pytest -m smoke --profile={shown(path)}"
    )


def _refresh(arguments: argparse.Namespace) -> str:
    path = Path.cwd() / arguments.path
    ranges = refreshing.refresh(arguments.url, path)
    count = sum(len(networks) for networks in ranges.sets.values())
    return (
        f"{shown(path)}: {count} networks in {len(ranges.sets)} sets, dated {ranges.dated}\n"
        f"  SHA-256 of the answer: {ranges.answer_sha256}\n"
        f"  SHA-256 of the file:   {ranges.digest}"
    )


if __name__ == "__main__":
    sys.exit(main())
