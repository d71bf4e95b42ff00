"""DNS messages (RFC 1035): asked, and read from servers that may be hostile."""

import struct
from dataclasses import dataclass
from typing import Literal

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.rcode
from dns.message import QueryMessage

Question = Literal["A", "AAAA"]
RECORDS = 2000
"""More records than this are not read: a hostile message of them takes seconds to take apart."""
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
        counted = sum(struct.unpack_from("!HHH", wire, 6))
        if counted > RECORDS:
            raise MalformedError(f"a message of {counted} records")
        reply = dns.message.from_wire(wire)
        if not query.is_response(reply):
            raise MalformedError(_stray(query, reply))
        reply.question = query.question  # servers that refuse may leave it out
        return _told(reply)
    except (dns.exception.DNSException, ValueError, struct.error) as error:
        raise MalformedError(f"{type(error).__name__}: {error}") from error


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


def _stray(query: QueryMessage, reply: dns.message.Message) -> str:
    if not reply.flags & dns.flags.QR:
        return "a question in place of a reply"
    if reply.id != query.id:
        return f"the reply to another message: its id is {reply.id}, not {query.id}"
    asked = ", ".join(one.to_text() for one in reply.question)
    return f"the reply to another question: {asked or 'none'}"
