"""Whom a profile lets be asked beside a vantage's own resolver and way: resolvers, and a proxy."""

import re
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from config.model import Model, takes
from config.vantages import Name

DOT = 853
"""The port of DNS over TLS (RFC 7858, 3.1)."""
PROXY = 1080
"""The port of a proxy that is named without one, as curl and git take it."""
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")


def host_and_port(text: str, port: int) -> tuple[str, int]:
    """Split `NAME`, `NAME:PORT` or `[ADDRESS]:PORT`; raises `ValueError`."""
    parts = urlsplit(f"//{text}")
    if parts.username or parts.path or parts.query or parts.fragment:
        raise ValueError("more than a name and a port")
    if not _HOST.fullmatch(parts.hostname or "") or parts.port == 0:
        raise ValueError("no name")
    return parts.hostname or "", parts.port or port


def _address(value: str) -> str:
    return str(ip_address(value))


def _dot(value: str) -> str:
    host_and_port(value, DOT)
    return value


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" or parts.query or parts.fragment or not value.isascii():
        raise ValueError("no https:// URL without a query")
    host_and_port(parts.netloc, PROXY)
    return value


def _proxy(value: str) -> str:
    parts = urlsplit(value)
    if parts.username or parts.password:
        raise ValueError("who asks is named in the environment alone")
    if parts.scheme == "https":
        raise ValueError("no proxy is itself asked over TLS here; name its http port")
    if parts.scheme != "http" or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("no http://HOST:PORT")
    host_and_port(parts.netloc, PROXY)
    if parts.port is None:
        raise ValueError(f"its port is missing: curl and git would take {PROXY}, others 80")
    return value


Dot = Annotated[
    str,
    AfterValidator(_dot),
    Field(json_schema_extra=takes("the name in its certificate, perhaps with a port")),
]
DohUrl = Annotated[
    str,
    AfterValidator(_url),
    Field(json_schema_extra=takes("a URL such as https://dns.quad9.net/dns-query")),
]
HttpsProxy = Annotated[
    str,
    AfterValidator(_proxy),
    Field(json_schema_extra=takes("http://HOST:PORT, without a name and a password")),
]


class TrustedResolver(Model):
    """A resolver whose answers are trusted, and how it is asked: its certificate is verified."""

    name: Name
    address: Annotated[
        str,
        AfterValidator(_address),
        Field(json_schema_extra=takes("an address such as 9.9.9.9 or 2620:fe::fe")),
    ]
    """Where it is reached: its own name is not looked up."""
    dot: Dot | None = None
    """The name in its certificate, where it speaks DNS over TLS (RFC 7858), perhaps with a port."""
    url: DohUrl | None = None
    """Where it speaks DNS over HTTPS (RFC 8484)."""

    @model_validator(mode="after")
    def _asked_somehow(self) -> "TrustedResolver":
        if self.dot is None and self.url is None:
            raise ValueError("a trusted resolver is asked in one way or both: dot or url")
        return self
