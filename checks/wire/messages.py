"""DNS messages (RFC 1035): asked, and read from servers that may be hostile."""

import struct
from contextlib import suppress
from dataclasses import dataclass

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
from dns.message import QueryMessage

from checks.wire.nameservers import Question

RECORDS = 2000
"""More records than this are not read, nor more than so many that are no addresses: names of a
hundred labels take five milliseconds each to take apart."""
OTHERS = 100
_ADDRESSES = (dns.rdatatype.A, dns.rdatatype.AAAA)
_POINTER = 0xC0
_PAYLOAD = 1232
"""The size of UDP reply that we offer: it fits where fragments are lost (DNS flag day 2020)."""


class NotANameError(ValueError):
    """No question can be asked for such a name."""


class MalformedError(Exception):
    """Bytes that are no reply to the question; the text says why."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a reply says, its CNAME chain followed."""

    rcode: str
    flags: tuple[str, ...]
    aliases: tuple[str, ...]
    addresses: tuple[str, ...]
    ttl: int | None
    edns_size: int | None
    truncated: bool


def question(name: str, kind: Question) -> QueryMessage:
    """Make the question, with EDNS and recursion desired; raises `NotANameError`."""
    try:
        return dns.message.make_query(name, kind, use_edns=0, payload=_PAYLOAD)
    except (dns.exception.DNSException, ValueError) as error:
        raise NotANameError(f"{name!r} is no domain name: {error}") from error


def read_reply(query: QueryMessage, wire: bytes) -> Told:
    """Read the reply to a question; raises `MalformedError` for anything else."""
    try:
        number, questions, *counts = struct.unpack_from("!H2xHHHH", wire)
        if number != query.id:
            raise MalformedError(f"the reply to another message: its id is {number}, not ours")
        if questions + sum(counts) > RECORDS:
            raise MalformedError(f"a message of {questions + sum(counts)} records")
        if _others(wire, questions, sum(counts)) > OTHERS:
            raise MalformedError(f"a message of more than {OTHERS} records that are no addresses")
        reply = dns.message.from_wire(wire)
        if not query.is_response(reply):
            raise MalformedError(_stray(reply))
        reply.question = query.question  # servers that refuse may leave it out
        return _told(reply)
    except (dns.exception.DNSException, ValueError, struct.error) as error:
        raise MalformedError(f"{type(error).__name__}: {error}") from error


def _others(wire: bytes, questions: int, records: int) -> int:
    """Count the records that are no addresses, as far as there are any, and take none apart."""
    at, others = 12, 0
    with suppress(IndexError, struct.error):
        for _ in range(questions):
            at = _after_name(wire, at) + 4
        for _ in range(records):
            at = _after_name(wire, at)
            kind, size = struct.unpack_from("!H6xH", wire, at)
            at += 10 + size
            others += kind not in _ADDRESSES
    return others


def _after_name(wire: bytes, at: int) -> int:
    while (length := wire[at]) and length < _POINTER:
        at += 1 + length
    return at + (2 if length else 1)


def _told(reply: dns.message.Message) -> Told:
    if not isinstance(reply, QueryMessage):
        raise MalformedError(f"a message of the kind {type(reply).__name__}")
    chain = reply.resolve_chaining()
    addresses = chain.answer or ()
    ttls = [alias.ttl for alias in chain.cnames] + ([chain.answer.ttl] if chain.answer else [])
    return Told(
        rcode=dns.rcode.to_text(reply.rcode()),
        flags=tuple(dns.flags.to_text(reply.flags).split()),
        aliases=tuple(alias[0].target.to_text(omit_final_dot=True) for alias in chain.cnames),
        addresses=tuple(record.address for record in addresses),
        ttl=min(ttls, default=None),
        edns_size=int(reply.payload) if reply.edns >= 0 else None,
        truncated=bool(reply.flags & dns.flags.TC),
    )


def _stray(reply: dns.message.Message) -> str:
    if not reply.flags & dns.flags.QR:
        return "a question in place of a reply"
    asked = ", ".join(one.to_text() for one in reply.question)
    return f"the reply to another question: {asked or 'none'}"
