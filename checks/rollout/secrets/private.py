"""Whether a lane is configured with a copy of somebody's own file."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from checks.rollout.secrets.seen import ConfigCompared
from fixtures.github.tokens import fingerprint, value_of
from fixtures.sightings import by_hand
from fixtures.vantages import SourceError, Vantage


@by_hand(lambda file, *_: f"# {file} is compared in memory, and not printed")
async def compare_config(
    file: str, vantage: Vantage, secret: str, options: tuple[str, ...], *, deadline: float
) -> ConfigCompared:
    """Compare what a secret of the profile holds with a file of this host.

    It is a copy where the bytes are the same, or the TOML says the same. `options` are those that
    it may have (none: any). Raises `VantageError` where either cannot be read.
    """
    ours = value_of(secret)
    theirs = (await _content(file, vantage, deadline)).strip()
    told, private = _toml(ours), _toml(theirs)
    copied = ours == theirs or (bool(told) and told == private)
    if options and told is None:
        raise SourceError(
            f"the secret {secret} is no TOML: its options cannot be compared",
            "take `options` out of the lane's private file, or mend what the secret holds",
        )
    beyond = tuple(sorted(_beyond(told or {}, options))) if options else None
    return ConfigCompared(
        file=file,
        secret=secret,
        copied=copied,
        beyond=beyond,
        fingerprints=(fingerprint(secret, theirs), fingerprint(secret, ours)),
        at=datetime.now(UTC),
    )


async def _content(file: str, vantage: Vantage, deadline: float) -> str:
    if vantage.kind not in {"local", "lab"}:
        raise SourceError(
            f"{file} is of this host, and {vantage.name} is elsewhere",
            "name a vantage of this host in the lane",
        )
    found = await vantage.read(_at_home(file), deadline=deadline)
    if found is None:
        raise SourceError(
            f"there is no {file} here: nothing can be compared with it",
            "run it where that file is, or take it out of the lane's private files",
        )
    return found.content.decode("utf-8", "surrogateescape")


def _at_home(file: str) -> str:
    try:
        return str(Path(file).expanduser())
    except RuntimeError:
        raise SourceError(f"{file} has no home here", "name the file by its path") from None


def _toml(text: str) -> Mapping[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def _beyond(told: Mapping[str, Any], options: tuple[str, ...]) -> Iterator[str]:
    for path in _leaves(told, ""):
        if not any(path == one or path.startswith(f"{one}.") for one in options):
            yield path


def _leaves(told: Mapping[str, Any], above: str) -> Iterator[str]:
    for name, value in told.items():
        path = f"{above}{name}"
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{path}.")
        else:
            yield path
