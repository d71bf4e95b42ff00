"""What is seen of a TLS handshake: completed, refused, or not to be trusted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from checks.wire.certificates import Certificate, ChainError, Staple
from checks.wire.connections import ConnectionRefusal
from checks.wire.printable import printable
from checks.wire.tls_words import Alert, Phase
from checks.wire.transcripts import of_chain, of_errors, of_staple
from fixtures.vantages import VantageError
from reports.codec import observation

Reason = Literal["reset", "closed", "silent", "not-tls", "alert", "protocol"]
ANCHORLESS = frozenset({2, 18, 19, 20, 21, 27})
"""OpenSSL's X509_V_ERR_… of a chain that leads to no anchor (x509_vfy.h)."""


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Why nobody can tell there whether a chain leads to an anchor, and what can be done."""

    reason: str
    mend: str


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
    unjudged: Unjudged | None = None
    """Why it is not known whether it is trusted; what is wrong with it anyway, `distrust` says."""
    staple: Staple | None
    hello_bytes: int
    """Size of our ClientHello."""
    sent: int
    received: int
    connected_after: float
    """Seconds from the start until TCP was connected; the rest of `seconds` is TLS."""
    seconds: float
    at: datetime

    @property
    def accepted(self) -> bool:
        """Whether a client that verifies goes on from here: trusted, and for the name."""
        return not self.distrust and self.mismatch is None and self.unjudged is None

    @property
    def rejected(self) -> bool:
        """Whether such a client certainly does not."""
        return bool(self.distrust) or self.mismatch is not None

    @property
    def headline(self) -> str:
        names = (self.protocol, self.cipher, self.group, self.alpn)
        spoken = " ".join(name for name in names if name)
        return f"{self.address}: {spoken}; {_judged(self, self.distrust)}"

    @property
    def transcript(self) -> str:
        return "\n".join(
            [
                f"ClientHello {self.hello_bytes} bytes; sent {self.sent}, received {self.received}",
                *of_errors(self.distrust, self.mismatch),
                *of_staple(self.staple),
                *of_chain(self.chain),
            ]
        )

    @property
    def phases(self) -> tuple[tuple[str, float, float], ...]:
        return _phases(self.connected_after, self.seconds)


@observation
class HandshakeRefusal:
    """A handshake that one of the two sides would not finish."""

    kind: Literal["handshake-refusal"] = "handshake-refusal"
    host: str
    address: str
    port: int
    phase: Phase
    """The last step that was made: after `client-hello` nothing of TLS came back."""
    reason: Reason
    """RST; FIN; nothing until the deadline; another protocol's bytes; the peer's alert; anything
    else, with our own alert where we sent one."""
    alert: Alert | None
    first_bytes: bytes
    """The first bytes of the far side, at most 64; and three dots where text went on that is no
    TLS."""
    errors: tuple[str, ...]
    """The raw error of every layer, innermost first."""
    hello_bytes: int
    sent: int
    received: int
    connected_after: float
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        match self.reason, self.alert:
            case "reset", _:
                what = "connection reset (RST)"
            case "closed", _:
                what = "connection closed (FIN)"
            case "silent", _:
                what = f"silent for {self.seconds - self.connected_after:.1f} s"
            case "not-tls", _:
                what = f"not TLS: {printable(_text(self.first_bytes), 40)}"
            case "alert", Alert(number, name, _):
                what = f"alert {number} {name} from the peer"
            case _:
                what = f"broken: {printable('; '.join(self.errors))}"
        return f"{self.address}: {what} after {self.phase}, {self.received} bytes received"

    @property
    def transcript(self) -> str:
        return "\n".join(
            [
                f"ClientHello {self.hello_bytes} bytes; sent {self.sent}, received {self.received}",
                *([f"first bytes {self.first_bytes.hex(' ')}"] if self.first_bytes else []),
                *(printable(error) for error in self.errors),
            ]
        )

    @property
    def phases(self) -> tuple[tuple[str, float, float], ...]:
        return _phases(self.connected_after, self.seconds)


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
    unjudged: Unjudged | None = None
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.address}: {_judged(self, self.errors)}"

    @property
    def transcript(self) -> str:
        return "\n".join([*of_errors(self.errors, self.mismatch), *of_chain(self.chain)])


HandshakeOutcome = Handshake | HandshakeRefusal | ConnectionRefusal


def is_accepted(showed: HandshakeOutcome) -> bool:
    """Tell whether a client that verifies goes on; raises `VantageError` where nobody can."""
    if not isinstance(showed, Handshake):
        return False
    if showed.unjudged is not None and not showed.rejected:
        raise VantageError(showed.unjudged.reason, showed.unjudged.mend)
    return showed.accepted


def _text(said: bytes) -> str:
    """Read what may be no text at all; what hides a secret in it is UTF-8."""
    try:
        return said.decode()
    except UnicodeDecodeError:
        return said.decode("latin-1")


def _judged(shown: Handshake | Distrust, errors: tuple[ChainError, ...]) -> str:
    faults = [f"{error.text} (depth {error.depth})" for error in errors]
    said = []
    if faults:
        more = f" and {len(faults) - 1} more" if len(faults) > 1 else ""
        said.append(f"not trusted: {faults[0]}{more}")
    if shown.mismatch is not None:
        said.append(f"not for the name: {printable(shown.mismatch)}")
    if shown.unjudged is not None:
        said.append(f"not known to be trusted: {printable(shown.unjudged.reason)}")
    if not said and shown.chain:
        said.append(f"trusted until {shown.chain[0].not_after.date()}")
    return "; ".join(said)


def _phases(connected_after: float, seconds: float) -> tuple[tuple[str, float, float], ...]:
    return (("connect", 0.0, connected_after), ("tls", connected_after, seconds - connected_after))
