import h2.connection
import h2.errors
import pytest
import trustme

from checks.wire.http import HttpRefusal
from fixtures.vantages.local import Local
from tests.checks.wire.http_sides import Play, get, https2


def say_half(speaker: h2.connection.H2Connection, stream: int) -> None:
    speaker.send_headers(stream, [(":status", "200"), ("content-length", "100")])
    speaker.send_data(stream, b"0123456789")


def end_early(speaker: h2.connection.H2Connection, stream: int) -> None:
    say_half(speaker, stream)
    speaker.end_stream(stream)


def cancel(speaker: h2.connection.H2Connection, stream: int) -> None:
    say_half(speaker, stream)
    speaker.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)


def go_away(speaker: h2.connection.H2Connection, stream: int) -> None:
    speaker.close_connection(h2.errors.ErrorCodes.ENHANCE_YOUR_CALM, last_stream_id=stream)


def say_no_number(speaker: h2.connection.H2Connection, stream: int) -> None:
    speaker.send_headers(stream, [(":status", "ok")], end_stream=True)


def say_too_much(speaker: h2.connection.H2Connection, stream: int) -> None:
    headers = [(f"x-{number}", "a" * 4000) for number in range(30)]
    speaker.send_headers(stream, [(":status", "200"), *headers], end_stream=True)


@pytest.mark.parametrize(
    ("play", "phase", "reason"),
    [
        (say_half, "body", "stalled"),
        (end_early, "headers", "truncated"),  # h2 takes or refuses all that came at once
        (cancel, "body", "cancelled"),
        (go_away, "headers", "cancelled"),
        (say_no_number, "headers", "malformed"),
        (say_too_much, "headers", "too-large"),
    ],
)
def test_a_fault_of_http_2_is_told_by_its_kind(
    authority: trustme.CA, here: Local, play: Play, phase: str, reason: str
) -> None:
    with https2(authority, play) as port:
        seen = get(port, here, deadline=0.5 if reason == "stalled" else 20)

    assert isinstance(seen, HttpRefusal), seen
    assert (seen.phase, seen.reason) == (phase, reason)
