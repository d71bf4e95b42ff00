"""The values of the secrets that a profile names, from where it says that they are."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from config.schema import Secret
from reports import files, terminal
from reports.keys import PROFILE, REDACTOR, handed
from reports.redaction import RedactionError, Redactor

_LONGEST = 1 << 20
"""Bytes of a file that holds a secret."""


def hide_secrets(config: pytest.Config) -> None:
    """Read the secrets that the profile names, now that it is known; raises `UsageError`."""
    told = handed(config)
    key = bytes.fromhex(told["key"]) if told and "key" in told else None
    secrets = config.stash[PROFILE].profile.secrets
    try:
        redactor = redactor_for(secrets, os.environ, key)
        config.stash[REDACTOR] = redactor
        told_of = config.stash[PROFILE].profile.model_dump_json(exclude={"secrets"})
        refuse_ordinary(redactor, "the profile", told_of)
    except RedactionError as error:
        raise pytest.UsageError(str(error)) from None
    terminal.arm(config, config.stash[REDACTOR])
    if config.getoption("allure_report_dir", None):
        from reports.projections import allure  # noqa: PLC0415 - nothing else needs it so early

        allure.attach(config, config.stash[REDACTOR])


def redactor_for(
    secrets: Iterable[Secret], environ: Mapping[str, str], key: bytes | None = None
) -> Redactor:
    """Return a redactor that hides the profile's secrets.

    A variable that is not set, and a file that is not there, hold nothing that could be
    written anywhere: their names are in the redactor's `absent`. Raises `RedactionError`
    for a file that cannot be read, and for a value that cannot be hidden.
    """
    values: dict[str, str] = {}
    absent: list[str] = []
    for secret in secrets:
        value = environ.get(secret.env) if secret.env is not None else _content(secret)
        if value is None:
            absent.append(secret.name)
        else:
            values[secret.name] = value
    return Redactor(values, absent, key=key)


def refuse_ordinary(redactor: Redactor, what: str, text: str) -> None:
    """Refuse secrets that stand in a text which is not secret, and would be unreadable without.

    Raises `RedactionError`, which says whose value it is, and where it stands.
    """
    if names := redactor.contains(text):
        raise RedactionError(
            f"the value of the secret {names[0]} is ordinary text: it stands in {what} too, and"
            " hiding it would make what is written unreadable; choose a less ordinary value, or"
            " take it out of the profile's secrets"
        )


def _content(secret: Secret) -> str | None:
    path = Path(secret.file or "").expanduser()
    try:
        return files.read(path, _LONGEST).decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RedactionError(
            f"the secret {secret.name} cannot be read from {path}: {error.strerror};"
            " make it readable, or take it out of the profile"
        ) from error
