"""What the answer of a health endpoint means, by what the lane expects of it."""

from dataclasses import dataclass
from ipaddress import ip_address

from checks.rollout.health.seen import HealthSeen
from checks.rollout.source.seen import NoTarget, Target
from checks.wire.responses import Response
from config.lanes.health import Health, place_of

COMMIT, SHORT = "{commit}", "{short12}"
_SHORT = 12
_NODE_PORTS = range(30000, 32768)
"""https://kubernetes.io/docs/reference/networking/virtual-ips/, service-node-port-range."""


@dataclass(frozen=True, slots=True)
class Identity:
    """How the answers stand to what they have to say: what differs, and what is later."""

    other: tuple[str, ...]
    superseded: tuple[str, ...]


def not_well(health: Health, seen: HealthSeen) -> list[str]:
    """Return what refused, and the answers with a status that does not mean that it is well."""
    first, last = health.status
    if not seen.outcomes:
        return [f"{seen.url} was asked at no address"]
    return [
        one.headline
        for one in seen.outcomes
        if not (isinstance(one, Response) and first <= one.status <= last)
    ]


def needs_commit(health: Health) -> bool:
    """Tell whether an answer has to name the commit that is to be proved."""
    return any(SHORT in one or COMMIT in one for one in health.identity.values())


def identified(health: Health, seen: HealthSeen, target: Target | NoTarget | None) -> Identity:
    """Compare each field of each answer with what it has to be.

    One that fits the tip, of which it is proved that it contains the target, is later, and no
    other. Without a target, only what names no commit can be compared: see `needs_commit`.
    """
    other: list[str] = []
    later: list[str] = []
    for told in seen.told:
        if told.fault:
            other.append(f"{told.address}: {told.fault}")
            continue
        for path, value in told.fields:
            wanted = _wanted(health.identity[path], target)
            words = f"{told.address}: {path} is {value!r}"
            if value is None:
                other.append(f"{told.address}: there is no {path}")
            elif value == wanted:
                continue
            elif isinstance(target, Target) and _is_later(value, health.identity[path], target):
                later.append(f"{words}, and {target.tip} contains {target.commit}")
            else:
                other.append(f"{words}, not {wanted!r}")
    return Identity(tuple(other), tuple(later))


def is_of_another(health: Health, seen: HealthSeen, target: Target | NoTarget | None) -> bool:
    """Tell whether all that differs of the answers is of which commit they are.

    That is so while an older release still answers.
    """
    named = {path for path, one in health.identity.items() if SHORT in one or COMMIT in one}
    if not isinstance(target, Target) or any(told.fault for told in seen.told):
        return False
    differing = {
        path
        for told in seen.told
        for path, value in told.fields
        if value is None or value != _wanted(health.identity[path], target)
    }
    silent = any(value is None for told in seen.told for _, value in told.fields)
    return bool(differing) and differing <= named and not silent


def inadmissible(health: Health, url: str) -> list[str]:
    """Return why an answer of a URL is no proof from outside; nothing where it is."""
    formal = health.formal or ""
    (_, host, port), wanted = place_of(url), place_of(formal)
    why: list[str] = []
    if place_of(url) != wanted:
        why.append(f"{url} was asked, and {formal} is the formal URL")
    if _is_address(host):
        why.append(f"{host} is an address, and no name")
    if port in _NODE_PORTS:
        why.append(f"{port} is a port of nodes (NodePort)")
    if port in health.inadmissible_ports:
        why.append(f"{port} is no public entry, as the lane says")
    return why


def filled(wanted: str, commit: str) -> str:
    """Return what a field has to be, of a commit."""
    return wanted.replace(SHORT, commit[:_SHORT]).replace(COMMIT, commit)


def _is_later(value: str, wanted: str, target: Target) -> bool:
    proved = target.ancestry == "contained"
    return proved and wanted != value and value == filled(wanted, target.tip)


def _wanted(wanted: str, target: Target | NoTarget | None) -> str:
    return filled(wanted, target.commit) if isinstance(target, Target) else wanted


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
