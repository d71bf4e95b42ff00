"""What was seen at length, a line each, for the log and for attachments."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from checks.wire.certificates import Certificate, ChainError, Staple
from checks.wire.printable import printable

_SHOWN = 32
"""Certificates, names and headers beyond so many are counted and not shown."""


def of_chain(chain: Sequence[Certificate]) -> list[str]:
    """Describe a chain as sent, the end entity first."""
    lines = []
    for depth, one in enumerate(chain[:_SHOWN]):
        lines += [
            f"{depth} subject {printable(one.subject)}",
            f"  issuer  {printable(one.issuer)}",
            f"  valid   {_instant(one.not_before)} to {_instant(one.not_after)}",
            f"  key     {one.key}, signed by {one.signature}",
            f"  sha256  {one.sha256}",
            f"  spki    {one.spki_sha256}",
        ]
        if one.names:
            lines.append(f"  names   {', '.join(printable(name) for name in one.names[:_SHOWN])}")
    return [*lines, *_more(chain, "certificates")]


def of_errors(errors: Iterable[ChainError], mismatch: str | None) -> list[str]:
    """Describe why a chain is not trusted, or not for the name."""
    lines = [f"error {one.code} at depth {one.depth}: {one.text}" for one in errors]
    return lines + ([f"mismatch: {printable(mismatch)}"] if mismatch is not None else [])


def of_staple(staple: Staple | None) -> list[str]:
    """Describe a stapled OCSP response, if there is one."""
    return [] if staple is None else [f"OCSP staple: {staple.status}"]


def of_headers(headers: Sequence[tuple[str, str]]) -> list[str]:
    """Write headers as they were sent."""
    lines = [f"{printable(name)}: {printable(value)}" for name, value in headers[:_SHOWN]]
    return [*lines, *_more(headers, "headers")]


def _more(every: Sequence[object], what: str) -> list[str]:
    return [f"and {len(every) - _SHOWN} more {what}"] if len(every) > _SHOWN else []


def _instant(at: datetime) -> str:
    return f"{at.isoformat(timespec='seconds').removesuffix('+00:00')}Z"  # UTC, as all times are
