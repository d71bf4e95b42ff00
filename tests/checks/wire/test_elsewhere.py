"""The same name at another address, against far sides on loopback."""

import asyncio
import ssl
from datetime import UTC, datetime

import pytest
import trustme

from checks.wire.connections import Peer
from checks.wire.elsewhere import Known, NoOtherAddress, OtherAddress, shake_hands_elsewhere
from checks.wire.handshakes import Handshake, HandshakeRefusal
from checks.wire.trusted import OtherAnswer
from fixtures.sightings import Sighting
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks import made
from tests.checks.wire.far_sides import far_side, over_tls, reset_at_hello, server_context

BROKEN, OTHER, THIRD = "127.0.0.1", "127.0.0.2", "127.0.0.3"
Seen = tuple[OtherAddress | NoOtherAddress, ...]


def look(port: int, *addresses: str, trusted: tuple[str, ...] = ()) -> Seen:
    reply = made.reply(*trusted, server="quad9 (9.9.9.9)")
    answers = [OtherAnswer(name="localhost", trusted=True, showed=reply, at=datetime.now(UTC))]
    looking = shake_hands_elsewhere(
        Peer("localhost", port),
        Local(),
        BROKEN,
        tuple(Known(one, "192.0.2.53") for one in addresses),
        tuple(answers if trusted else ()),
        deadline=10,
    )
    seen = asyncio.run(looking)
    assert decode(encode(seen)) == seen
    assert all(one.headline.isprintable() for one in seen)
    return seen


@pytest.fixture
def context(authority: trustme.CA) -> ssl.SSLContext:
    return server_context(authority.issue_cert("localhost"))


def test_what_is_reset_at_one_address_is_served_at_another(context: ssl.SSLContext) -> None:
    with (
        far_side(reset_at_hello, BROKEN) as port,
        far_side(over_tls(context), OTHER, port),
    ):
        (seen,) = look(port, BROKEN, OTHER)

    assert isinstance(seen, OtherAddress)
    assert isinstance(seen.showed, Handshake)
    assert (seen.beside, seen.address, seen.known_by) == (BROKEN, OTHER, "192.0.2.53")
    assert seen.showed.mismatch is None
    assert not seen.serves  # of an authority that this host does not trust


def test_what_is_bound_to_the_name_is_reset_there_too() -> None:
    with far_side(reset_at_hello, BROKEN) as port, far_side(reset_at_hello, OTHER, port):
        (seen,) = look(port, OTHER)

    assert isinstance(seen, OtherAddress)
    assert isinstance(seen.showed, HandshakeRefusal)
    assert seen.showed.reason == "reset"


def test_what_trusted_resolvers_give_comes_first_and_few_are_tried() -> None:
    with far_side(reset_at_hello, BROKEN) as port:
        seen = look(port, BROKEN, OTHER, "::1", trusted=(BROKEN, THIRD))

    tried = [(one.address, one.known_by) for one in seen if isinstance(one, OtherAddress)]
    assert tried == [(THIRD, "quad9 (9.9.9.9)"), (OTHER, "192.0.2.53")]


def test_where_no_other_address_is_known_it_says_so() -> None:
    (seen,) = look(1, BROKEN, trusted=(BROKEN,))

    assert isinstance(seen, NoOtherAddress)
    assert seen.headline == "no other address than 127.0.0.1 is known for localhost"


def test_the_command_by_hand_names_the_addresses() -> None:
    known = (Known(OTHER, "here"), Known("::1", "here"))
    arguments = (BROKEN, known)
    told = Sighting(shake_hands_elsewhere, Peer("a.test"), "here", arguments).by_hand

    assert told == (
        "for at in 127.0.0.2 ::1; do test $at = 127.0.0.1 ||"
        ' openssl s_client -connect "[$at]:443" -servername a.test </dev/null; done'
    )
