"""What the fault lab showed of the rules: git is told the same as what it goes by, and no more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from checks.causes.rules import diagnose
from checks.causes.vocabulary import Cause
from fixtures.diagnosing import Facts
from tests.checks import made
from tests.checks.causes.shown import facts, tunnel

DNS = made.answer("192.0.2.1")
PINNED = replace(made.answer("192.0.2.2", source="hosts-file"), at=DNS.at + timedelta(seconds=1))
RPC = "error: RPC failed; HTTP {} curl 22 The requested URL returned error: {}"
USED_UP = made.response(403, headers=(("X-RateLimit-Remaining", "0"),))


def advertisement(status: int) -> object:
    return replace(made.advertisement_refusal(), status=status, address=USED_UP.address)


def posted(status: int) -> object:
    return replace(tunnel(403), reason=RPC.format(status, status))


SHOWN: dict[str, tuple[Cause, Facts]] = {
    "another vantage's file answers, and the two differ": (
        Cause.HOSTS_NOT_IN_CONTAINER,
        facts(DNS, PINNED, elsewhere=(PINNED,)),
    ),
    "both files answer, and the two differ": (
        Cause.UNKNOWN,
        facts(replace(PINNED, addresses=("192.0.2.3",)), PINNED, elsewhere=(PINNED,)),
    ),
    "another vantage's file answers, and nothing of it is judged": (
        Cause.UNKNOWN,
        facts(DNS, elsewhere=(PINNED,)),
    ),
    "git's POST is refused, and its GET was answered": (
        Cause.METHOD_BLOCKED,
        facts(posted(403), made.advertisement()),
    ),
    "git's POST is refused, and nothing is known of GET": (Cause.UNKNOWN, facts(posted(403))),
    "git's POST fails": (Cause.UNKNOWN, facts(posted(500), made.advertisement())),
    "git asked too often": (Cause.RATE_LIMITED, facts(advertisement(429))),
    "git has no request left": (
        Cause.RATE_LIMITED,
        facts(advertisement(403), around=(USED_UP,)),
    ),
    "git is refused": (Cause.UNKNOWN, facts(advertisement(403), around=(made.response(403),))),
    "git fails from everywhere": (
        Cause.SERVICE_DOWN,
        facts(advertisement(503), elsewhere=(advertisement(503), made.response(503))),
    ),
    "git fails here alone": (
        Cause.UNKNOWN,
        facts(advertisement(503), elsewhere=(advertisement(404),)),
    ),
}


@pytest.mark.parametrize("shown", SHOWN)
def test_a_rule_sees_what_the_fault_lab_shows(shown: str) -> None:
    cause, seen = SHOWN[shown]

    assert [one.cause for one in diagnose(seen)] == [cause]
