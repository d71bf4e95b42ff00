"""The values of the secrets that a profile names, from where it says that they are."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from config.schema import Secret
from reports import files
from reports.redaction import RedactionError, Redactor

_LONGEST = 1 << 20
"""Bytes of a file that holds a secret."""


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
