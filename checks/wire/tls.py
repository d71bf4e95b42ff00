"""What a TLS endpoint shows to whoever connects."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from checks.wire.connections import ConnectionRefusal
from reports.codec import observation

Phase = Literal["connect", "client-hello", "server-hello", "certificate", "key-exchange", "finished"]


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate of a chain, as sent. Times are UTC; digests are lower-case hex."""

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


@dataclass(frozen=True, slots=True)
class ChainError:
    """One error of chain verification, in OpenSSL's words; depth 0 is the end entity."""

    text: str
    depth: int
    code: int


@dataclass(frozen=True, slots=True)
class Alert:
    """A TLS alert, and which side sent it."""

    number: int
    name: str
    sender: Literal["peer", "us"]


@dataclass(frozen=True, slots=True)
class Staple:
    """An OCSP response that was stapled to the handshake."""

    status: str
    this_update: datetime | None
    next_update: datetime | None


@observation
class Handshake:
    """A completed handshake; the chain is kept whether it is trusted or not."""

    kind: Literal["handshake"] = "handshake"
    host: str
    address: str
    port: int
    protocol: str
    cipher: str
    group: str | None
    alpn: str | None
    chain: tuple[Certificate, ...]
    distrust: tuple[ChainError, ...]
    """Every verification error with its depth; empty means trusted."""
    mismatch: str | None
    """Why the certificate is not one for the host's name; None when it is."""
    staple: Staple | None
    hello_bytes: int
    """Size of our ClientHello."""
    sent: int
    received: int
    connected_after: float
    """Seconds from the start until TCP was connected; the rest of `seconds` is TLS."""
    seconds: float
    at: datetime


@observation
class HandshakeRefusal:
    """A handshake that one of the two sides would not finish."""

    kind: Literal["handshake-refusal"] = "handshake-refusal"
    host: str
    address: str
    port: int
    phase: Phase
    reason: Literal["reset", "closed", "silent", "not-tls", "alert", "protocol"]
    """RST; FIN; nothing until the deadline; another protocol's bytes; an alert; anything else."""
    alert: Alert | None
    first_bytes: bytes
    """The first bytes of the far side, at most 64."""
    errors: tuple[str, ...]
    """The raw error of every layer, innermost first."""
    hello_bytes: int
    sent: int
    received: int
    connected_after: float
    seconds: float
    at: datetime


@observation
class Distrust:
    """A completed handshake from which a client that verifies does not go on."""

    kind: Literal["distrust"] = "distrust"
    host: str
    address: str
    port: int
    chain: tuple[Certificate, ...]
    errors: tuple[ChainError, ...]
    mismatch: str | None
    at: datetime


HandshakeOutcome = Handshake | HandshakeRefusal | ConnectionRefusal


async def shake_hands(
    peer: Peer, vantage: Vantage, addresses: tuple[Address, ...], *, deadline: float
) -> tuple[HandshakeOutcome, ...]:
    """Complete one handshake with each of the addresses."""
