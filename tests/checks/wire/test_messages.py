import struct
import time
from contextlib import suppress

import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.wire.messages import (
    OTHERS,
    RECORDS,
    MalformedError,
    NotANameError,
    Told,
    question,
    read_reply,
)

QUERY = question("a.test", "A")
QUESTION = b"\x01a\x04test\x00\x00\x01\x00\x01"


def answered(*records: str) -> bytes:
    reply = dns.message.make_response(QUERY)
    for record in records:
        owner, kind, value = record.split()
        reply.answer.append(dns.rrset.from_text(owner, 60, "IN", kind, value))
    return reply.to_wire(max_size=65535)


def raw(records: bytes, count: int = 1) -> bytes:
    """Build a reply to the question by hand, with whatever records."""
    return struct.pack("!HHHHHH", QUERY.id, 0x8180, 1, count, 0, 0) + QUESTION + records


def test_a_question_offers_edns_and_wants_recursion() -> None:
    asked = dns.message.from_wire(QUERY.to_wire())

    assert (asked.edns, asked.payload) == (0, 1232)
    assert asked.flags == 0x0100


@pytest.mark.parametrize("name", ["", "a..b", "x" * 64 + ".test", ".".join(["x" * 60] * 5)])
def test_a_name_that_cannot_be_encoded_is_none(name: str) -> None:
    if name == "":
        assert question(name, "A").question[0].name.to_text() == "."
        return
    with pytest.raises(NotANameError):
        question(name, "A")


def test_a_chain_of_aliases_is_kept_in_its_order() -> None:
    told = read_reply(
        QUERY,
        answered("c.test. A 192.0.2.1", "a.test. CNAME b.test.", "b.test. CNAME c.test."),
    )

    assert told.aliases == ("b.test", "c.test")
    assert told.addresses == ("192.0.2.1",)


def test_addresses_of_other_names_are_not_the_names() -> None:
    told = read_reply(QUERY, answered("b.test. A 192.0.2.66"))

    assert told.addresses == ()
    assert told.ttl is None


def test_aliases_in_a_circle_are_malformed() -> None:
    with pytest.raises(MalformedError, match="ChainTooLong"):
        read_reply(QUERY, answered("a.test. CNAME b.test.", "b.test. CNAME a.test."))


def test_compression_pointers_in_a_circle_are_malformed() -> None:
    itself = 12 + len(QUESTION)
    pointer = struct.pack("!H", 0xC000 | itself)
    with pytest.raises(MalformedError, match="BadPointer"):
        read_reply(
            QUERY, raw(pointer + b"\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x7f\x00\x00\x01")
        )


def test_a_refusal_may_leave_out_the_question() -> None:
    wire = struct.pack("!HHHHHH", QUERY.id, 0x8185, 0, 0, 0, 0)

    assert read_reply(QUERY, wire).rcode == "REFUSED"


@pytest.mark.parametrize(
    ("wire", "text"),
    [
        (b"", "unpack_from requires"),
        (answered()[:20], "FormError|ShortHeader|BadLabelType"),
        (bytes(12), "the reply to another message: its id is 0"),
        (struct.pack("!H", QUERY.id) + bytes(10), "a question in place of a reply"),
        (struct.pack("!H", QUERY.id ^ 1) + answered()[2:], "the reply to another message"),
        (answered().replace(b"\x01a", b"\x01b"), "the reply to another question: b.test"),
        (QUERY.to_wire(), "a question in place of a reply"),
        (answered() + b"!", "TrailingJunk"),
        (raw(b"", count=3), "FormError"),
        (raw(b"", count=RECORDS), f"a message of {RECORDS + 1} records"),
    ],
    ids=[
        "nothing",
        "cut",
        "zeros",
        "zeros-of-ours",
        "another-id",
        "another-question",
        "a-question",
        "junk-behind",
        "fewer-records",
        "too-many-records",
    ],
)
def test_bytes_that_are_no_reply_are_malformed(wire: bytes, text: str) -> None:
    with pytest.raises(MalformedError, match=text):
        read_reply(QUERY, wire)


def test_a_thousand_addresses_are_read_in_a_moment() -> None:
    records = [f"a.test. A 192.0.{high}.{low}" for high in range(4) for low in range(250)]
    wire = answered(*records)
    before = time.process_time()

    assert len(read_reply(QUERY, wire).addresses) == 1000
    assert time.process_time() - before < 2


ADDRESS = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x7f\x00\x00\x01"
ALIAS = b"\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x3c\x00\x02\xc0\x0c"


@pytest.mark.parametrize(
    ("records", "count", "text"),
    [
        (b"\xff\xff" + ADDRESS[2:], 1, "BadPointer"),  # forward, beyond the end
        (b"\xc0\x23" + ADDRESS[2:], 1, "BadPointer"),  # forward, to what comes after it
        (b"\x3f" + b"a" * 10, 1, "FormError"),
        (ADDRESS[:-5] + b"\xff\xff" + ADDRESS[-4:], 1, "FormError"),  # a length that lies
        (ADDRESS[:-6] + b"\x00\x03\x7f\x00\x00", 1, "FormError|Text input is malformed|short"),
        (ADDRESS * 10_000, 10_000, "a message of 10001 records"),
        (ALIAS * (OTHERS + 1), OTHERS + 1, "that are no addresses"),
        (b"", 65535, "a message of 65536 records"),
    ],
)
def test_a_hostile_message_is_malformed_in_a_moment(records: bytes, count: int, text: str) -> None:
    before = time.process_time()
    with pytest.raises(MalformedError, match=text):
        read_reply(QUERY, raw(records, count))
    assert time.process_time() - before < 1


def test_names_that_take_long_to_take_apart_do_not_add_up() -> None:
    deep = b"\x01a" * 110 + b"\xc0\x0c"
    place = struct.pack("!H", 0xC000 | 12 + len(QUESTION))
    first = deep + b"\x00\x05\x00\x01\x00\x00\x00\x3c\x00\x02" + place
    owners = (bytes([2, high, low]) + place for high in range(1, 9) for low in range(1, 250))
    aliases = [one + ALIAS[2:10] + b"\x00\x05" + one for one in owners]
    before = time.process_time()
    with pytest.raises(MalformedError, match="that are no addresses"):
        read_reply(QUERY, raw(first + b"".join(aliases[:1000]), 1001))
    read_reply(QUERY, raw(first + b"".join(aliases[: OTHERS - 1]), OTHERS))
    assert time.process_time() - before < 4


@given(st.binary(max_size=600))
def test_any_bytes_are_a_reply_or_malformed(noise: bytes) -> None:
    for wire in (noise, answered()[:2] + noise, raw(noise), raw(noise, count=len(noise))):
        _read(wire)


@given(st.data())
def test_any_changed_reply_is_a_reply_or_malformed(data: st.DataObject) -> None:
    wire = bytearray(answered("a.test. CNAME b.test.", "b.test. A 192.0.2.1"))
    for _ in range(data.draw(st.integers(1, 4))):
        wire[data.draw(st.integers(0, len(wire) - 1))] = data.draw(st.integers(0, 255))
    _read(bytes(wire))


def _read(wire: bytes) -> None:
    with suppress(MalformedError):
        assert isinstance(read_reply(QUERY, wire), Told)


def test_the_edns_size_is_a_plain_number() -> None:
    told = read_reply(QUERY, answered("a.test. A 192.0.2.1"))

    assert type(told.edns_size) is int  # an enum of dnspython's does not survive a copy on 3.11.2
