"""Asking a health endpoint, as the network's endpoints are asked, over TLS or in plain HTTP."""

import json
import shlex
import zlib
from datetime import UTC, datetime
from typing import Any

from checks.rollout.health.asking import PlainAsk, url_of
from checks.rollout.health.seen import HealthSeen, Refusal, Told
from checks.wire.endpoints import USER_AGENT
from checks.wire.http import Ask, request_of, response_of
from checks.wire.identity import Identified, Named, Stranger, identify, lies_in
from checks.wire.journey import Arrival, import_late, travel
from checks.wire.names import Address, Answer, NoAnswer
from checks.wire.plain_http import travel_plainly
from checks.wire.printable import printable
from checks.wire.responses import Response
from checks.wire.together import each
from fixtures.clusters.plain_json import read_json
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage

_LARGEST = 1024 * 1024
"""Bytes of a body that are read; a health endpoint says less."""
_VALUE = 200
"""Characters of a field's value that are kept."""


def _command(ask: Ask | PlainAsk, *_: object) -> str:
    return shlex.join(["curl", "-sSi", "-A", USER_AGENT, "--max-time", "60", url_of(ask)])


@prepared_by(import_late)
@by_hand(_command)
async def ask_health(
    ask: Ask,
    vantage: Vantage,
    fields: tuple[str, ...],
    named: Named,
    answer: Answer | NoAnswer,
    *,
    deadline: float,
) -> HealthSeen:
    """Ask at every address of the name that is its own, over TLS; what refuses is told.

    `fields` are those of the JSON body that are kept, as dotted paths. Raises `VantageError`.
    """

    async def at(address: str) -> tuple[Response | Refusal, Told | None]:
        body = bytearray()
        arrived = await travel(
            request_of(ask),
            address,
            vantage,
            lambda: body.extend,
            redirects=0,
            limit=_LARGEST,
            deadline=deadline,
        )
        return _answered(arrived, bytes(body), fields)

    if isinstance(answer, NoAnswer):
        return _seen(url_of(ask), answer, (answer,), ())
    identified = await identify(named, vantage, answer, deadline=deadline)
    own = [one.address for one in identified if isinstance(one, Address)]
    others = tuple(one for one in identified if not isinstance(one, Address))
    return _seen(url_of(ask), answer, others, await each([at(one) for one in own]))


@prepared_by(import_late)
@by_hand(_command)
async def ask_health_plainly(
    ask: PlainAsk,
    vantage: Vantage,
    fields: tuple[str, ...],
    named: Named,
    answer: Answer | NoAnswer,
    *,
    deadline: float,
) -> HealthSeen:
    """Do the same in plain HTTP, where an address shows no identity: a forbidden one is refused."""

    async def at(address: str) -> tuple[Response | Refusal, Told | None]:
        body = bytearray()
        arrived = await travel_plainly(
            ask.request, address, vantage, lambda: body.extend, limit=_LARGEST, deadline=deadline
        )
        return _answered(arrived, bytes(body), fields)

    if isinstance(answer, NoAnswer):
        return _seen(url_of(ask), answer, (answer,), ())
    strange = tuple(_forbidden(named, answer))
    own = [one for one in answer.addresses if one not in {strange.address for strange in strange}]
    return _seen(url_of(ask), answer, strange, await each([at(one) for one in own]))


def _forbidden(named: Named, answer: Answer) -> list[Stranger]:
    return [
        Stranger(
            host=named.host,
            address=one,
            source=answer.source,
            forbidden=True,
            showed=None,
            at=answer.at,
        )
        for one in answer.addresses
        if lies_in(one, named.forbidden)
    ]


def _seen(
    url: str,
    answer: Answer | NoAnswer,
    refused: tuple[Identified | NoAnswer, ...],
    asked: tuple[tuple[Response | Refusal, Told | None], ...],
) -> HealthSeen:
    before = tuple(one for one in refused if not isinstance(one, Address))
    return HealthSeen(
        url=url,
        outcomes=(*before, *(outcome for outcome, _ in asked)),
        told=tuple(told for _, told in asked if told is not None),
        source=answer.source if isinstance(answer, Answer) else None,
        at=datetime.now(UTC),
    )


def _answered(
    arrived: Arrival | Refusal, body: bytes, fields: tuple[str, ...]
) -> tuple[Response | Refusal, Told | None]:
    if not isinstance(arrived, Arrival):
        return arrived, None
    response = response_of(arrived, body)
    coding = arrived.exchange.header("content-encoding")
    return response, read_fields(response.address, _unpacked(body, coding), fields)


def read_fields(address: str, body: bytes, fields: tuple[str, ...]) -> Told:
    """Read the fields of a JSON body; what is no text is written as JSON has it."""
    if not fields:
        return Told(address, (), "")
    try:
        told = read_json(body)
    except (ValueError, RecursionError):
        begin = printable(body[:8192].decode("utf-8", "replace"), 80)
        return Told(address, tuple((one, None) for one in fields), f"no JSON: {begin!r}")
    return Told(address, tuple((one, _at(told, one.split("."))) for one in fields), "")


def _at(told: Any, path: list[str]) -> str | None:
    for name in path:
        if isinstance(told, dict) and name in told:
            told = told[name]
        elif isinstance(told, list) and name.isdecimal() and int(name) < len(told):
            told = told[int(name)]
        else:
            return None
    text = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
    return text if len(text) <= _VALUE else f"{text[: _VALUE - 1]}…"


def _unpacked(body: bytes, coding: str | None) -> bytes:
    if coding is None or coding.lower() not in ("gzip", "x-gzip", "deflate"):
        return body
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(body, _LARGEST)
    except zlib.error:
        return body
