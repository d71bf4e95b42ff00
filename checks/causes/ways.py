"""Ways that were seen to work beside what was found broken: a remedy tells of them, by name."""

from collections.abc import Iterator
from dataclasses import dataclass

from checks.causes.remedies import KEEP_HOSTS, PUT_HOSTS_BACK, UNSET_PROXY
from checks.wire.elsewhere import OtherAddress
from checks.wire.handshakes import Handshake
from checks.wire.http import HttpOutcome, Response
from checks.wire.tls import HandshakeOutcome
from checks.wire.tunnels import ByProxy
from fixtures.diagnosing import Facts

_FAILING = 400


@dataclass(frozen=True, slots=True)
class Way:
    """One way that was seen to work."""

    remedy: str
    undo: str


def ways_that_work(facts: Facts) -> Iterator[Way]:
    """Walk ways by which the target was served: another of its addresses, then the proxy."""
    serving = next((one for one in facts.found(OtherAddress) if one.serves), None)
    if serving is not None:
        line = f"{serving.address} {serving.host}"
        yield Way(
            f"seen to work: the same name at {serving.address} ({KEEP_HOSTS}"
            f"then the line '{line}' in /etc/hosts)",
            PUT_HOSTS_BACK,
        )
    proxied = next((one for one in facts.found(ByProxy) if _helps(one, facts)), None)
    if proxied is not None:
        yield Way(
            f"seen to work: through the proxy {proxied.proxy}, which {_named(proxied)}",
            UNSET_PROXY,
        )


def _named(one: ByProxy) -> str:
    if one.named_by == "the profile":
        return f"the profile names (at that vantage: export https_proxy=http://{one.proxy})"
    return f"{one.named_by} names at that vantage: let what fails there use it"


def _helps(one: ByProxy, facts: Facts) -> bool:
    """Tell whether the target is served through the proxy, and is not directly."""
    return _is_served(one.through, facts) and not _is_served(one.directly, facts)


def _is_served(outcome: HttpOutcome | HandshakeOutcome | None, facts: Facts) -> bool:
    if isinstance(outcome, Response):
        expected = getattr(facts.given.get("http"), "status", ())
        return outcome.status in expected if expected else outcome.status < _FAILING
    return isinstance(outcome, Handshake) and outcome.accepted
