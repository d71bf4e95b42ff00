"""Whether a poll survives: far sides that hold it, cut it, and nginx that loses patience."""

import asyncio
import ssl
import threading
from pathlib import Path

import pytest
import trustme

from checks.network import check_capacity
from checks.network.polls import Poll, poll
from checks.wire.http import Ask
from checks.wire.names import Address
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from reports.verdicts import Inconclusive
from tests.against.nginx import Site, nginx
from tests.checks import made
from tests.checks.wire.conftest import authority, here
from tests.checks.wire.far_sides import far_side, reset, stay_silent
from tests.checks.wire.http_sides import Answer, https, part_well, saying

__all__ = ["authority", "here"]

HELD = 0.5
NOTHING_NEW = b"HTTP/1.1 204 No Content\r\n\r\n"


def polled(port: int, vantage: Local, *at: Address, deadline: float = 10) -> tuple[Poll, ...]:
    ask = Ask("localhost", port, "GET", "/messages", "touchstone", None, 0)
    every = at or (made.address("127.0.0.1"),)
    seen = asyncio.run(poll(ask, vantage, every, deadline=deadline))
    assert decode(encode(seen)) == seen
    polls = tuple(one for one in seen if isinstance(one, Poll))
    assert polls == seen
    return polls


def holding(then: Answer) -> Answer:
    """Say nothing for a while, and then go on."""

    def hold(session: ssl.SSLSocket, head: bytes) -> None:
        threading.Event().wait(HELD)
        then(session, head)

    return hold


def test_a_poll_that_is_held_and_answered_survives(authority: trustme.CA, here: Local) -> None:
    with https(authority, holding(saying(NOTHING_NEW))) as port:
        (seen,) = polled(port, here)

    assert (seen.status, seen.broken) == (204, None)
    assert seen.seconds >= HELD
    check_capacity.check_long_poll_survives((seen,), HELD)


def test_an_answer_that_was_not_held_tells_nothing(authority: trustme.CA, here: Local) -> None:
    with https(authority, saying(NOTHING_NEW)) as port:
        seen = polled(port, here)

    with pytest.raises(Inconclusive, match="did not hold its answer for 50 s"):
        check_capacity.check_long_poll_survives(seen, 50.0)


@pytest.mark.parametrize(("end", "reason"), [(reset, "reset"), (part_well, "truncated")])
def test_a_poll_that_is_cut_says_when(
    authority: trustme.CA, here: Local, end: object, reason: str
) -> None:
    with https(authority, holding(lambda session, _: end(session))) as port:  # type: ignore[operator]
        (seen,) = polled(port, here)

    assert seen.broken is not None
    assert (seen.broken.reason, seen.outcomes) == (reason, (seen.broken,))
    assert seen.seconds >= HELD
    with pytest.raises(AssertionError, match=rf"{reason} in the headers.* s after the request"):
        check_capacity.check_long_poll_survives((seen,), 50.0)


def test_a_poll_that_nobody_ends_is_ended(authority: trustme.CA, here: Local) -> None:
    with https(authority, lambda session, _: stay_silent(session)) as port:
        (seen,) = polled(port, here, deadline=1)

    with pytest.raises(AssertionError, match="stalled in the headers"):
        check_capacity.check_long_poll_survives((seen,), HELD)


def test_a_gateway_that_loses_patience_is_told(
    authority: trustme.CA, here: Local, tmp_path: Path
) -> None:
    pem = tmp_path / "localhost.pem"
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(pem)
    with far_side(stay_silent) as behind:
        through = f"proxy_pass http://127.0.0.1:{behind}; proxy_read_timeout 500ms;"
        site = Site(f"ssl_certificate {pem}; ssl_certificate_key {pem}; location / {{ {through} }}")
        with nginx(tmp_path, "127.46.2", {"gateway": site}) as places:
            place = places["gateway"]
            seen = polled(place.port, here, made.address(place.address))

    assert [one.status for one in seen] == [504]
    with pytest.raises(AssertionError, match=r"after 2 s\n *saw .*HTTP 504"):
        check_capacity.check_long_poll_survives(seen, 2.0)


def test_every_address_is_waited_for_at_once(authority: trustme.CA, here: Local) -> None:
    with (
        https(authority, holding(saying(NOTHING_NEW))) as port,
        far_side(reset, "127.0.0.2", port=port),
    ):
        ask = Ask("localhost", port, "GET", "/", "touchstone", None, 0)
        at = (made.address("127.0.0.1"), made.address("127.0.0.2"))
        seen = asyncio.run(poll(ask, here, at, deadline=10))

    assert [type(one).__name__ for one in seen] == ["Poll", "ConnectionRefusal"]
