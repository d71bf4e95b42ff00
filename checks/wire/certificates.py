"""What a certificate says, and what of it is not trusted: values, without opinion."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate of a chain, as sent. Times are UTC; digests are lower-case hex.

    A text that does not parse reads `unreadable: why`, a time that does not is the
    year 1; the other fields stand.
    """

    subject: str
    issuer: str
    serial: str
    names: tuple[str, ...]
    """DNS names and addresses of subjectAltName."""
    not_before: datetime
    not_after: datetime
    key: str
    """For people: `RSA 2048`, `EC P-256`, `Ed25519`."""
    signature: str
    """The signature algorithm: `sha256WithRSAEncryption`."""
    sha256: str
    spki_sha256: str
    issuer_urls: tuple[str, ...] = ()
    """Where it says that its issuer's certificate can be had (RFC 5280, 4.2.2.1)."""


@dataclass(frozen=True, slots=True)
class ChainError:
    """One error of chain verification, in OpenSSL's words; depth 0 is the end entity."""

    text: str
    depth: int
    code: int


@dataclass(frozen=True, slots=True)
class Staple:
    """An OCSP response that was stapled to the handshake."""

    status: str
    """`good`, `revoked` or `unknown`; or what the responder said instead; `for another
    certificate`; or `unreadable: why`."""
    this_update: datetime | None
    next_update: datetime | None


def is_address(host: str) -> bool:
    """Tell whether the host is an IPv4 or IPv6 literal."""
    if ":" not in host and not host[-1:].isdigit():
        return False
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
