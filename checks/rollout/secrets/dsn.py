"""Connection strings, judged in memory: booleans and a fingerprint are all that leaves."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote

from checks.rollout.secrets.seen import DsnSeen
from fixtures.github.tokens import fingerprint, value_of
from fixtures.sightings import by_hand
from fixtures.vantages import SourceError, Vantage

_USERINFO = r"(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
"""RFC 3986, 3.2.1, without the colon, which ends the name and has to be encoded in a password."""
_HOST = r"(?:\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9._~%-]*)(?::[0-9]*)?"
_STRICT = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*://"
    rf"(?:(?P<user>{_USERINFO})(?::(?P<password>{_USERINFO}))?@)?"
    rf"{_HOST}(?:,{_HOST})*"
    r"(?:/(?P<database>[^/?#]*))?(?:\?[^#]*)?"
)
_BEGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a connection string states; the database only where it can be told."""

    database: str | None = field(repr=False)
    has_password: bool
    encoded: bool | None


def read_dsn(text: str) -> Stated | None:
    """Read a connection string that is a URL; None for one that is none.

    A password is encoded where the whole is a URL by RFC 3986 with it. Where it is not, what ends
    it cannot be told for sure: the last `@` before the path does, if there is one alone.
    """
    text = text.strip()
    if (strict := _STRICT.fullmatch(text)) is not None:
        has = bool(strict["password"])
        return Stated(unquote(strict["database"] or ""), has, True if has else None)
    begun = _BEGIN.match(text)
    if begun is None:
        return None
    login, at, rest = text[begun.end() :].rpartition("@")
    _, colon, password = login.partition(":")
    if not (at and colon and password):
        return None
    sure = "?" not in login and "/" in rest
    database = rest.partition("/")[2].partition("?")[0] if sure else None
    told = None if database is None else unquote(database)
    return Stated(told, has_password=True, encoded=False)


@by_hand(lambda secret, *_: f"# the secret {secret} is read in memory, and nothing is printed")
async def judge_dsn(secret: str, vantage: Vantage, database: str, *, deadline: float) -> DsnSeen:
    """Judge the connection string that is a secret of the profile.

    Raises `VantageError` where it has no value here, or is no URL.
    """
    del vantage, deadline  # the secrets of a profile are this process's
    value = value_of(secret)
    stated = read_dsn(value)
    if stated is None:
        raise SourceError(
            f"the secret {secret} is no URL of a database: nothing can be said of it",
            "give it as scheme://name:password@host/database",
        )
    return DsnSeen(
        secret=secret,
        names_database=None if stated.database is None else stated.database == database,
        has_password=stated.has_password,
        encoded=stated.encoded,
        fingerprint=fingerprint(secret, value),
        at=datetime.now(UTC),
    )
