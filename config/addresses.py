"""Networks, and the dated lists of those that a system is known to live in."""

from collections.abc import Mapping
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any

from pydantic import Field, PlainValidator

from config.model import Model, takes


def _network(value: Any) -> IPv4Network | IPv6Network:
    if isinstance(value, IPv4Network | IPv6Network):
        return value
    if not isinstance(value, str):
        raise ValueError  # noqa: TRY004  # pydantic makes a mistake of a ValueError
    return ip_network(value)


Network = Annotated[
    IPv4Network | IPv6Network,
    PlainValidator(_network, json_schema_input_type=str),
    Field(
        json_schema_extra=takes(
            "an address or a network, such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32"
        )
    ),
]
"""A single address is the network that holds it alone."""


class KnownRanges(Model):
    """A dated file of the networks in which a system's addresses are known to lie.

    An address outside is a signal, and no verdict: these lists are never complete.
    """

    source: str = Field(min_length=1)
    """Where the networks come from, for people."""
    dated: date
    """The day on which they were taken from there."""
    answer_sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    """The digest of the answer that they were read from; none when they were entered by hand."""
    sets: Mapping[str, Annotated[tuple[Network, ...], Field(min_length=1)]] = Field(min_length=1)


class RangesFile(KnownRanges):
    """Known ranges, and the file that they were read from: recorded with every run."""

    name: str
    digest: str
    """SHA-256 of the file's bytes."""
