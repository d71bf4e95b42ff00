"""Connection strings: what can be told of them without telling them."""

import asyncio
from collections.abc import Iterator

import pytest

from checks.rollout import check_secret_values
from checks.rollout.secrets.dsn import judge_dsn, read_dsn
from checks.rollout.secrets.seen import DsnSeen
from config.lanes.secrets import Dsn
from fixtures.github.tokens import hold_tokens
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from reports.redaction import Redactor
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.given_lanes import lane

DSN = Dsn(secret="database-url", database="agentrun_v01")


@pytest.fixture(autouse=True)
def _none_held() -> Iterator[None]:
    hold_tokens(())
    yield
    hold_tokens(())


@pytest.mark.parametrize(
    ("text", "database", "has", "encoded"),
    [
        ("postgresql://run:p%40ss%2Fw0rd@db:5432/agentrun_v01", "agentrun_v01", True, True),
        ("postgresql://run:plain-pass@db/agentrun%5Fv01?sslmode=a@b", "agentrun_v01", True, True),
        ("postgres://run:p@ss@db:5432/agentrun_v01", "agentrun_v01", True, False),
        ("postgres://run:pa/ss@db:5432/agentrun_v01", "agentrun_v01", True, False),
        ("postgres://run:pa%ss@db:5432/agentrun_v01", "agentrun_v01", True, False),
        ("postgres://run:pa:ss@db/agentrun_v01?a=b", "agentrun_v01", True, False),
        ("postgres://run:pa?ss@db/agentrun_v01", None, True, False),
        ("postgres://run:pa#ss@[::1]:5432/agentrun_v01", "agentrun_v01", True, False),
        ("postgres://run@db/agentrun_v01", "agentrun_v01", False, None),
        ("postgres://db/agentrun_v01", "agentrun_v01", False, None),
        ("postgres://run:pässword@db/agentrun_v01", "agentrun_v01", True, False),
        ("postgres://run:p%40ss@a:1,b:2/agentrun_v01", "agentrun_v01", True, True),
    ],
)
def test_a_url_states_its_database_and_whether_its_password_is_encoded(
    text: str, database: str | None, *, has: bool, encoded: bool | None
) -> None:
    stated = read_dsn(text)

    assert stated is not None
    assert (stated.database, stated.has_password, stated.encoded) == (database, has, encoded)


def test_what_is_no_url_states_nothing() -> None:
    assert read_dsn("host=db password=secret dbname=agentrun_v01") is None


def seen_of(value: str, key: bytes = b"k" * 32) -> DsnSeen:
    hold_tokens([("database-url", value)], key=key)
    asked = judge_dsn("database-url", Local(), "agentrun_v01", deadline=5)
    seen = asyncio.run(asked)
    assert decode(encode(seen)) == seen
    return seen


def names(seen: DsnSeen) -> Judged:
    check = check_secret_values.check_dsn_names_its_database
    return judged(check, lane=lane(), dsn=DSN, dsn_seen=seen)


def encodes(seen: DsnSeen) -> Judged:
    check = check_secret_values.check_dsn_has_its_password_encoded
    return judged(check, lane=lane(), dsn=DSN, dsn_seen=seen)


def test_a_right_connection_string_holds() -> None:
    seen = seen_of("postgresql://run:p%40ss-w0rd@db:5432/agentrun_v01")

    assert names(seen).words == ("upheld", "")
    assert encodes(seen).words == ("upheld", "")


def test_a_wrong_database_and_a_bare_password_fail_as_their_rows_say() -> None:
    seen = seen_of("postgresql://run:p@ss@db:5432/agentrun_dev")

    assert names(seen).words == ("violated", "dsn-wrong-db")
    assert encodes(seen).words == ("violated", "dsn-not-encoded")


def test_what_cannot_be_told_is_left_open() -> None:
    assert names(seen_of("postgresql://run:p?ss@db/agentrun_v01")).words == ("inconclusive", "")
    assert encodes(seen_of("postgresql://run@db/agentrun_v01")).words == ("not-applicable", "")


def test_nothing_of_it_leaves_but_its_mark() -> None:
    value = "postgresql://run:p@ss-w0rd@db-of-ours:5432/agentrun_dev"
    seen = seen_of(value)

    written = encode(seen) + names(seen).judgement.saw + encodes(seen).judgement.saw
    assert not any(part in written for part in ("ss-w0rd", "db-of-ours", "agentrun_dev", "run:"))
    assert seen.fingerprint == Redactor({"database-url": value}, key=b"k" * 32).redact(value)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([], "the secret database-url has no value here"),
        ([("database-url", "host=db password=hunter2")], "is no URL of a database"),
    ],
)
def test_what_is_not_there_or_no_url_is_no_verdict(values: list[tuple[str, str]], why: str) -> None:
    hold_tokens(values)
    with pytest.raises(VantageError, match=why):
        asyncio.run(judge_dsn("database-url", Local(), "agentrun_v01", deadline=5))
