"""Each request is answered, whole, and as the profile expects."""

import pytest

from checks.wire.http import HttpRefusal, Response
from config.endpoints import Request
from fixtures.subjects import holds
from reports.verdicts import Inconclusive, expected


@pytest.mark.smoke
@holds(HttpRefusal)
def check_response_is_whole(responses: tuple[Response | HttpRefusal, ...]) -> None:
    broken = [one.headline for one in responses if isinstance(one, HttpRefusal)]
    assert not broken, expected("a whole answer from every address", broken)


@pytest.mark.smoke
def check_response_has_the_expected_status(responses: tuple[Response, ...], http: Request) -> None:
    other = [one.headline for one in responses if one.status not in http.status]
    wanted = " or ".join(str(status) for status in http.status)
    assert not other, expected(f"HTTP status {wanted}", other)


def check_response_carries_its_headers(
    responses: tuple[Response, ...], carries: tuple[str, ...]
) -> None:
    missing = [
        f"{one.address} sent no {name}; it is not the service that was meant"
        for one in responses
        for name in carries
        if name.lower() not in {header.lower() for header, _ in one.headers}
    ]
    assert not missing, expected(f"the headers {', '.join(carries)}", missing)


def check_clock_agrees_with_the_date_header(
    responses: tuple[Response, ...], tolerance: float
) -> None:
    dated = [one for one in responses if one.clock_offset is not None]
    if not dated:
        raise Inconclusive("no answer carried a Date", "look at another endpoint's")
    off = [
        f"{one.address} is {one.clock_offset:+.0f} s ahead of this clock"
        for one in dated
        if one.clock_offset is not None and abs(one.clock_offset) > tolerance
    ]
    assert not off, expected(f"clocks within {tolerance:g} s of each other", off)
