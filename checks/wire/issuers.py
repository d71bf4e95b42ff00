"""Who issued what is shown: held against names, and against what another place is shown."""

from collections.abc import Iterable, Sequence

from checks.wire.certificates import Certificate
from checks.wire.handshakes import Handshake
from checks.wire.printable import printable


def is_issued_by(certificate: Certificate, issuers: Iterable[str]) -> bool:
    """Tell whether one of the texts is a part of the issuer's distinguished name.

    Case does not count, and neither do the backslashes that RFC 4514 puts before a comma.
    """
    name = certificate.issuer.casefold()
    plain = name.replace("\\", "")
    return any(one.casefold() in name or one.casefold() in plain for one in issuers)


def issued_by_none(seen: Iterable[Handshake], issuers: Sequence[str]) -> tuple[Handshake, ...]:
    """Return those whose certificate none of the named issued."""
    return tuple(one for one in seen if one.chain and not is_issued_by(one.chain[0], issuers))


def shared_with_none(
    here: Iterable[Handshake], there: Iterable[Handshake]
) -> tuple[Handshake, ...]:
    """Return those of here whose issuer and whose key nobody is shown there.

    Only chains that are accepted are compared; none is returned where there is none there.
    """
    other = [one.chain[0] for one in there if one.accepted and one.chain]
    issuers, keys = {one.issuer for one in other}, {one.spki_sha256 for one in other}
    return tuple(
        one
        for one in here
        if other and one.accepted and one.chain
        if one.chain[0].issuer not in issuers and one.chain[0].spki_sha256 not in keys
    )


def said_of(certificate: Certificate) -> str:
    """Write for people whose certificate it is, and who issued it."""
    return f"{printable(certificate.subject)}, issued by {printable(certificate.issuer)}"
