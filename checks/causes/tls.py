"""Causes in the TLS handshake."""

from checks.causes.addresses import at_others
from checks.causes.portals import plainly
from checks.causes.remedies import KEEP_HOSTS, PUT_HOSTS_BACK
from checks.causes.rules import headlines, proves
from checks.causes.segments import completes, is_too_large, ladders, otherwise
from checks.causes.vocabulary import Cause
from checks.wire.contrasts import Change
from checks.wire.handshakes import HandshakeRefusal
from checks.wire.printable import printable
from fixtures.diagnosing import Facts

_ANOTHER_WAY = (
    "something on the way reads the ClientHello: reach the name by another address that it does"
    " not watch (" + KEEP_HOSTS + "put its line into the managed block), or by another network"
)
_EASIER: tuple[Change, ...] = ("again", "small-hello")
"""Handshakes that complete where not all that is said is met by silence."""


@proves(
    Cause.TLS_RESET_ON_SNI,
    contrast="at the same address a handshake for a neutral name completes: the address and the"
    " service are well, and the name in the ClientHello (SNI) is what is reset",
    remedy=_ANOTHER_WAY,
    undo=PUT_HOSTS_BACK,
)
def tls_reset_on_sni(facts: Facts) -> list[str]:
    """RST after the ClientHello; at the same address a handshake for another name completes.

    With this name none does: neither once more, nor with a small ClientHello, nor by TLS 1.2.
    """
    with_it: tuple[Change, ...] = ("again", "small-hello", "tls-1.2")
    return [
        line
        for one in _refused(facts, "reset")
        if completes(facts, one, "other-name")
        and not any(completes(facts, one, change) for change in with_it)
        for line in _told(facts, one)
    ]


@proves(
    Cause.TLS_CUT_IN_HANDSHAKE,
    contrast="the far side, or something in its place, closed the connection in order (FIN): it"
    " neither reset it nor fell silent, and sent no alert",
    remedy=_ANOTHER_WAY,
    undo=PUT_HOSTS_BACK,
)
def tls_cut_in_handshake(facts: Facts) -> list[str]:
    """FIN in the handshake: the phase, the bytes sent and received."""
    return [line for one in _refused(facts, "closed") for line in _told(facts, one)]


@proves(
    Cause.TLS_SILENT,
    contrast="TCP was connected, and TLS heard nothing until the deadline; a smaller ClientHello"
    " and smaller segments fare no better, so that size is not what matters",
    remedy="see whether the service hangs (from another network); else " + _ANOTHER_WAY,
    undo=PUT_HOSTS_BACK,
)
def tls_silent(facts: Facts) -> list[str]:
    """Silence in the handshake until the deadline: the phase, the bytes sent and received.

    Once more it was silent too; a smaller ClientHello was tried, and smaller segments where they
    could be.
    """
    return [
        line
        for one in _refused(facts, "silent")
        if otherwise(facts, one)
        and not any(completes(facts, one, change) for change in _EASIER)
        and not is_too_large(facts, one)
        for line in (*_told(facts, one), *headlines(ladders(facts, one.address)))
    ]


@proves(
    Cause.TLS_ALERT,
    contrast="the far side speaks TLS, and says by an alert that it will not go on: nobody cut the"
    " connection",
    remedy="let both sides offer a common protocol and cipher; for unrecognized_name, see whether"
    " the name is served at this address at all; for access_denied or certificate alerts, present"
    " the client certificate that is asked for",
    undo="take the changed TLS setting back",
)
def tls_alert(facts: Facts) -> list[str]:
    """An alert of the peer: its number and name."""
    return [line for one in _refused(facts, "alert") for line in _told(facts, one)]


@proves(
    Cause.NOT_TLS,
    contrast="bytes came back at once, and they are not TLS: a captive portal or a proxy answers,"
    " where a filter would cut and a broken service would be silent",
    remedy="at that vantage, log in at the portal that answers (curl -v http://NAME/ shows where it"
    " leads), or let"
    " the network's operator exempt that vantage; see that the port is one of TLS",
    undo="at that vantage, log out of the portal",
)
def not_tls(facts: Facts) -> list[str]:
    """The first bytes that came back are not of a TLS record; the HTTP answer, and its Location."""
    return [
        line
        for one in _refused(facts, "not-tls")
        for line in (
            *_told(facts, one),
            *_of_http(one.first_bytes),
            *plainly(facts, one.host, one.address, one.port),
        )
    ]


def _refused(facts: Facts, reason: str) -> list[HandshakeRefusal]:
    return [one for one in facts.judged(HandshakeRefusal) if one.reason == reason]


def _told(facts: Facts, refused: HandshakeRefusal) -> list[str]:
    sent = f"{refused.address}: {refused.sent} bytes sent, a ClientHello of {refused.hello_bytes}"
    changed = headlines(otherwise(facts, refused))
    return [refused.headline, sent, *changed, *at_others(facts, refused)]


def _of_http(first: bytes) -> list[str]:
    """Return the lines of an HTTP answer that were kept to their end."""
    if not first.startswith(b"HTTP/"):
        return []
    *whole, _ = first.decode("latin-1").split("\r\n")
    return [f"it answers {printable(line)}" for line in whole if line]
