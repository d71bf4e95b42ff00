"""The ways in which text carries a value."""

import base64
import json
import shlex
from collections.abc import Callable
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape, quoteattr

Encoding = Callable[[str], str]


def percent_all(value: str) -> str:
    return "".join(f"%{byte:02x}" for byte in value.encode())


def every_other(value: str) -> str:
    return "".join(percent_all(char) if at % 2 else char for at, char in enumerate(value))


def in_units(value: str) -> str:
    units = value.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def in_base64(before: bytes, *, urlsafe: bool = False, padded: bool = True) -> Encoding:
    def encode(value: str) -> str:
        function = base64.urlsafe_b64encode if urlsafe else base64.b64encode
        text = function(before + value.encode() + b"!").decode()
        return text if padded else text.rstrip("=")

    return encode


def wrapped(value: str) -> str:
    return base64.encodebytes(b"user:" * 12 + value.encode()).decode()


ENCODINGS: dict[str, Encoding] = {
    "literal": str,
    "base64": in_base64(b""),
    "base64, one byte on": in_base64(b"u"),
    "base64, two bytes on": in_base64(b"u:"),
    "base64url": in_base64(b"", urlsafe=True, padded=False),
    "base64url, one byte on": in_base64(b"\xff", urlsafe=True),
    "base64url, two bytes on": in_base64(b"\xff\xff", urlsafe=True, padded=False),
    "base64 in lines": wrapped,
    "base64 in a URL": lambda value: quote(in_base64(b":")(value), safe=""),
    "base64 in JSON": lambda value: in_base64(b"")(value).replace("/", "\\/"),
    "percent-encoded": lambda value: quote(value, safe=""),
    "percent-encoded, lower": percent_all,
    "percent-encoded, in part": every_other,
    "percent-encoded twice": lambda value: quote(quote(value, safe=""), safe=""),
    "form": quote_plus,
    "JSON": json.dumps,
    "JSON, not ASCII": lambda value: json.dumps(value, ensure_ascii=False),
    "JSON in JSON": lambda value: json.dumps(json.dumps([value])),
    "JSON, every character": in_units,
    "XML text": escape,
    "XML attribute": quoteattr,
    "XML numbers": lambda value: "".join(f"&#{ord(char)};" for char in value),
    "XML hexadecimal": lambda value: "".join(f"&#x{ord(char):X};" for char in value),
    "shell": shlex.quote,
    "shell, doubled": lambda value: shlex.quote(shlex.quote(value)),
    "Python": repr,
    "Python bytes": lambda value: repr(value.encode()),
}
