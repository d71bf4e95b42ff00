"""The secrets of the profile that a command names, before anything is refused or read."""

import argparse
import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.document import read_document
from config.loading import absolute, asked, find, read_text
from config.mistakes import ProfileError
from config.schema import Secret
from reports.redaction import RedactionError, Redactor
from reports.secrets import redactor_for


def redactor_beforehand(config: pytest.Config, environ: Mapping[str, str]) -> Redactor:
    """Return what hides the secrets that the profile names, as far as it can be read by now.

    Nothing is refused here, neither a profile nor a value: that is for those who load it.
    """
    arguments = [
        *config.getini("addopts"),
        *shlex.split(environ.get("PYTEST_ADDOPTS", "")),
        *map(os.fspath, config.invocation_params.args),
    ]
    redactor = Redactor()
    for secret in _secrets(asked(_profile_in(arguments))):
        with suppress(RedactionError):
            for name, value in redactor_for([secret], environ).registered:
                redactor.register(name, value)
    return redactor


def _profile_in(arguments: Sequence[str]) -> str | None:
    """Return what `--profile` says, read as pytest will read it."""
    parser = argparse.ArgumentParser(
        add_help=False, allow_abbrev=False, exit_on_error=False, fromfile_prefix_chars="@"
    )
    parser.add_argument("--profile")
    with suppress(argparse.ArgumentError, SystemExit):
        named: str | None = parser.parse_known_args(arguments)[0].profile
        return named
    return None


def _secrets(profile: str) -> Iterator[Secret]:
    """Yield those that are well written, whatever else is wrong with the profile."""
    try:
        source = find(profile)
        plain = read_document(read_text(source), "").value
    except ProfileError:
        return
    named = plain.get("secrets") if isinstance(plain, dict) else None
    for one in named if isinstance(named, list) else ():
        with suppress(ValidationError):
            secret = Secret.model_validate(one)
            yield secret.model_copy(update={"file": secret.file and _full(secret.file, source)})


def _full(file: str, source: Path) -> str:
    return str(absolute(file, source.parent))
