"""What is bound to an address and what to a name, and the ways that were seen to work."""

from dataclasses import replace
from typing import Any

import pytest

from checks.causes.contrasts import choose
from checks.causes.rules import diagnose
from checks.causes.vocabulary import Cause
from checks.wire.connections import Peer
from checks.wire.elsewhere import MOST, Known, shake_hands_elsewhere
from checks.wire.tls import shake_hands
from fixtures.diagnosing import Facts
from fixtures.sightings import Sighting
from tests.checks import made
from tests.checks.causes.shown import (
    BUSY,
    GIVEN,
    OTHER,
    REPLIED,
    RST,
    SELF_SIGNED,
    SILENT,
    by_proxy,
    cut,
    elsewhere,
    facts,
    others,
    refused,
    stranger,
)

MISNAMED = made.handshake(mismatch="it is for b.test", address=OTHER)
SERVED = made.handshake(address=OTHER)
TO_ADDRESS = "bound to 192.0.2.1: at another address it is not so"
TO_NAME = "bound to the name: at another address it is the same"


@pytest.mark.parametrize(
    ("broken", "showed", "said"),
    [
        pytest.param(cut("closed"), SERVED, TO_ADDRESS, id="cut, and served elsewhere"),
        pytest.param(cut("closed"), MISNAMED, TO_ADDRESS, id="cut, and another's elsewhere"),
        pytest.param(cut("closed"), cut("closed", address=OTHER), TO_NAME, id="cut everywhere"),
        pytest.param(cut("closed"), cut("silent", address=OTHER), None, id="silent elsewhere"),
        pytest.param(SELF_SIGNED, SERVED, TO_ADDRESS, id="untrusted, and served elsewhere"),
        pytest.param(SELF_SIGNED, MISNAMED, None, id="untrusted, and another's elsewhere"),
        pytest.param(SELF_SIGNED, cut("closed", address=OTHER), None, id="untrusted, and cut"),
    ],
)
def test_a_fault_is_bound_to_the_address_or_to_the_name(
    broken: Any, showed: Any, said: str | None
) -> None:
    (found,) = diagnose(facts(broken, around=(elsewhere(showed),)))

    assert elsewhere(showed).headline in found.facts
    assert [line for line in found.facts if line.startswith("bound to")] == ([said] if said else [])


@pytest.mark.parametrize(
    ("cause", "judged", "around"),
    [
        (Cause.TLS_RESET_ON_SNI, RST, others(RST, "other-name")),
        (Cause.TLS_SILENT, SILENT, others(SILENT)),
        (Cause.TLS_ALERT, cut("alert"), ()),
        (Cause.NOT_TLS, cut("not-tls"), ()),
        (Cause.HOSTNAME_MISMATCH, made.handshake(mismatch="it is for b.test"), ()),
        (Cause.DNS_HIJACK, stranger(made.untrusted(), forbidden=True), ()),
        (Cause.UNKNOWN, cut("protocol"), ()),
    ],
)
def test_the_address_that_serves_is_told_with_its_undo(
    cause: Cause, judged: Any, around: tuple[Any, ...]
) -> None:
    (served,) = diagnose(facts(judged, around=(*around, elsewhere(SERVED))))
    (not_served,) = diagnose(facts(judged, around=(*around, elsewhere(MISNAMED))))

    assert served.cause == not_served.cause == cause
    assert f"seen to work: the same name at {OTHER}" in served.remedy
    assert f"the line '{OTHER} a.test' in /etc/hosts" in served.remedy
    assert "at that vantage: sudo cp -p /etc/hosts.before /etc/hosts" in served.undo
    assert "seen to work" not in not_served.remedy


def test_another_address_says_nothing_of_one_that_it_was_not_tried_beside() -> None:
    (found,) = diagnose(facts(cut("closed", address="192.0.2.9"), around=(elsewhere(SERVED),)))

    assert not [line for line in found.facts if line.startswith("bound to")]


@pytest.mark.parametrize(
    ("cause", "seen", "way"),
    [
        (Cause.TCP_TIMEOUT, refused("timeout"), by_proxy(200, refused("timeout"), SERVED)),
        (Cause.UNKNOWN, BUSY, by_proxy(200, BUSY, made.response())),
    ],
)
def test_the_proxy_that_serves_is_told_with_its_undo(cause: Cause, seen: Any, way: Any) -> None:
    (found,) = diagnose(facts(seen, around=(way,), given=GIVEN))

    assert found.cause == cause
    assert "seen to work: through the proxy proxy.test:3128, which https_proxy names" in (
        found.remedy
    )
    assert "at that vantage, unset https_proxy" in found.undo


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(by_proxy(403, refused("timeout")), id="it refuses"),
        pytest.param(by_proxy(200, refused("timeout"), BUSY), id="it is down behind it too"),
        pytest.param(by_proxy(200, SERVED, SERVED), id="it is served directly as well"),
    ],
)
def test_a_proxy_that_does_not_help_is_no_way(way: Any) -> None:
    told = diagnose(facts(refused("timeout"), around=(way,), given=GIVEN))

    assert not [one for one in told if "seen to work" in one.remedy]


def chosen(one: Facts) -> list[Sighting]:
    own = Sighting(shake_hands, Peer("a.test"), "here")
    return [made for made in choose(one, [own]) if made.probe is shake_hands_elsewhere]


def known(one: Facts) -> list[str]:
    (sighting,) = chosen(one)
    _, addresses = sighting.arguments
    assert all(isinstance(address, Known) for address in addresses)
    return [address.address for address in addresses]


def test_other_addresses_are_what_is_known_for_the_name_and_few() -> None:
    replied = made.reply("192.0.2.1", OTHER)
    answered = made.answer("192.0.2.78")
    of_others = replace(made.address("198.51.100.7"), host="b.test")
    beside = lambda: (of_others,)  # noqa: E731

    assert known(facts(RST, around=(replied,), elsewhere=(answered,))) == [OTHER, "192.0.2.78"]
    assert known(facts(RST, around=(made.address(OTHER),))) == [OTHER]
    networks = {"known": ("198.51.100.0/24",)}
    assert known(facts(RST, look_beside=beside, given=networks)) == ["198.51.100.7"]
    assert not chosen(facts(RST, look_beside=beside, given={"known": ("203.0.113.0/24",)}))
    assert not chosen(facts(RST, look_beside=beside))
    assert not chosen(facts(RST, around=(REPLIED,)))
    assert not chosen(facts(made.handshake(), around=(replied,)))
    many = made.reply(*(f"192.0.2.{at}" for at in range(1, 60)))
    assert len(known(facts(RST, around=(many,)))) == MOST


def test_an_address_that_is_not_the_names_is_not_tried_for_it() -> None:
    lying = made.reply("11.2.0.12", OTHER)
    hijacked = stranger(cut("closed", address="11.2.0.12"), forbidden=True)

    assert known(facts(hijacked, around=(lying,))) == [OTHER]


def test_trusted_resolvers_are_asked_before() -> None:
    (sighting,) = chosen(facts(RST, given={"trusted": ("as it is",)}))

    (asked,) = sighting.needs
    assert (asked.probe.__name__, asked.arguments) == ("ask_trusted", (("as it is",),))
