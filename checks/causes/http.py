"""Causes in an HTTP exchange, and in git over it."""

import re
from collections.abc import Iterator

from checks.causes.proxies import is_served_by_proxy, with_status
from checks.causes.remedies import SET_PROXY, UNSET_PROXY
from checks.causes.rules import headlines, proves
from checks.causes.segments import is_too_large_a_body, ladders
from checks.causes.vocabulary import Cause
from checks.wire.connections import ConnectionRefusal
from checks.wire.contrasts import HttpChange, OtherRequest
from checks.wire.git import Advertisement, AdvertisementRefusal, RefsRefusal
from checks.wire.handshakes import HandshakeRefusal
from checks.wire.http import HttpOutcome, HttpRefusal, Response
from checks.wire.ladder import Ladder
from checks.wire.printable import printable
from fixtures.diagnosing import Facts, of_type

_UNAUTHORIZED, _FORBIDDEN, _TOO_MANY = 401, 403, 429
_NOT_ALLOWED = frozenset({403, 405, 501})
_FAILING = 500
_RPC = re.compile(r"RPC failed; HTTP (\d{3})")
"""Git's words for what was answered to its POST, which follows the advertisement's GET."""
_BY_WHOM = frozenset({"server", "via"})


@proves(
    Cause.BODY_TRUNCATED,
    contrast="the connection was closed in order (FIN) before the body's end: neither reset nor"
    " silent, and the handshake held",
    remedy="at that vantage, fetch it again by another way (another address, no proxy); if it"
    " ends at the same byte,"
    " look at the proxy's or the scanner's limit of sizes, else at the service",
    undo="take the changed proxy setting or limit back",
)
def body_truncated(facts: Facts) -> list[str]:
    """FIN in the body: the bytes received against Content-Length."""
    return _broken(facts, "truncated")


@proves(
    Cause.BODY_RESET,
    contrast="the connection was reset (RST) within the body: not closed in order, and the"
    " handshake held",
    remedy="at that vantage, fetch it again by another way (another address, no proxy); look at"
    " what on the way cuts"
    " by size or by content",
    undo="take the changed proxy setting or filter rule back",
)
def body_reset(facts: Facts) -> list[str]:
    """RST in the body: the bytes received against Content-Length."""
    return _broken(facts, "reset")


@proves(
    Cause.STALLED,
    contrast="the connection stood, and nothing more came until the deadline: it was neither"
    " closed nor reset, and smaller segments fare no better",
    remedy="compare ip link (MTU) and the bandwidth at that vantage with those of a place where"
    " it works; give"
    " it more time (--deadline) if it is merely slow",
    undo="leave --deadline away",
)
def stalled(facts: Facts) -> list[str]:
    """Silence in the body until the deadline: the bytes received against Content-Length.

    It was asked for otherwise too, and by smaller segments where they could be tried.
    """
    return _broken(facts, "stalled", tried=True)


@proves(
    Cause.METHOD_BLOCKED,
    contrast="the same URL at the same address answers GET, and not POST; POST fails again",
    remedy="let the proxy's or firewall's operator allow POST to this name; else " + SET_PROXY,
    undo=UNSET_PROXY,
)
def method_blocked(facts: Facts) -> Iterator[str]:
    """POST breaks, or is refused by somebody who does not answer GET; GET is answered whole.

    By whom is told by the headers Server and Via of the two answers. Git's own POST is refused,
    and the advertisement, which is a GET, was read.
    """
    for broken, others in _unexpected(facts):
        tried = {one.change: one.showed for one in others if one.method == "POST"}
        get, again = tried.get("get"), tried.get("again")
        if isinstance(get, Response) and get.status < _FAILING and again is not None:
            cut = isinstance(broken, HttpRefusal) and not isinstance(again, Response)
            if cut or _is_anothers_refusal(again, get):
                yield from headlines([broken, *others])
    for one in facts.judged(RefsRefusal):
        answered = facts.judged(Advertisement)
        posted = _RPC.search(one.reason)
        if answered and posted and int(posted[1]) in _NOT_ALLOWED:
            yield from headlines([one, *answered])


@proves(
    Cause.USER_AGENT_BLOCKED,
    contrast="the same request to the same address is answered as expected with another"
    " User-Agent; with this one it fails again",
    remedy="let the proxy's or firewall's operator allow this User-Agent; else ask with the other"
    " one (user_agent of the request, in the profile)",
    undo="put the former user_agent back into the profile",
)
def user_agent_blocked(facts: Facts) -> Iterator[str]:
    """With this User-Agent it fails, twice; with another one it is answered as expected."""
    for broken, others in _unexpected(facts):
        tried: dict[HttpChange, HttpOutcome] = {one.change: one.showed for one in others}
        with_other, again = tried.get("other-user-agent"), tried.get("again")
        if again is None or _is_expected(again, facts):
            continue
        if with_other is not None and _is_expected(with_other, facts):
            yield from headlines([broken, *others])


@proves(
    Cause.RATE_LIMITED,
    contrast="the service itself says that it was asked too often, and until when: it does not ask"
    " who is there",
    remedy="wait until the time that the headers name; ask less often, or with a token of one's own"
    " limit",
    undo="nothing to undo",
)
def rate_limited(facts: Facts) -> Iterator[str]:
    """429; or 403 with Retry-After, or with no request left by X-RateLimit-Remaining.

    For git the headers are those of another answer with that status, from the same address.
    """
    limited = [one for one in facts.found(Response) if _is_limited(one)]
    told = [one for one in facts.judged(Response) if one in limited]
    for refused in facts.judged(AdvertisementRefusal):
        same = (refused.address, refused.status)
        beside = [one for one in limited if (one.address, one.status) == same]
        if beside or refused.status == _TOO_MANY:
            yield refused.headline
            told += beside
    for one in told:
        yield one.headline
        headers = {name.lower(): value for name, value in one.headers}
        for name in sorted(headers):
            if name == "retry-after" or name.startswith("x-ratelimit-"):
                yield printable(f"{name}: {headers[name]}")


@proves(
    Cause.AUTHENTICATION_REQUIRED,
    contrast="the service itself asks who is there (401, not a proxy's 407): the way to it is open",
    remedy="give the credentials that the service asks for, from a secret; or ask for what is"
    " public",
    undo="revoke the credentials",
)
def authentication_required(facts: Facts) -> Iterator[str]:
    """The service answers 401."""
    yield from with_status(facts, _UNAUTHORIZED)


@proves(
    Cause.SERVICE_DOWN,
    contrast="it fails from every other vantage too: nothing of this one, or of the way to it, is"
    " the cause",
    remedy="see the service's own status page, or its operator; nothing is to be changed at any"
    " vantage",
    undo="nothing to undo",
)
def service_down(facts: Facts) -> Iterator[str]:
    """The service answers 5xx or refuses here, and from the other vantages it does so as well.

    Through the proxy that the environment names it is not served either, if there is one.
    """
    here = [one for one in _outcomes(facts.seen) if _is_down(one)]
    there = _outcomes(facts.elsewhere)
    everywhere = bool(there) and all(_is_down(one) for one in there)
    if here and everywhere and not is_served_by_proxy(facts):
        yield from headlines(here)
        yield from (f"elsewhere: {line}" for line in headlines(there))


def _is_limited(one: Response) -> bool:
    headers = {name.lower(): value for name, value in one.headers}
    used_up = headers.get("x-ratelimit-remaining", "").strip() == "0"
    refused = one.status == _FORBIDDEN and (used_up or "retry-after" in headers)
    return one.status == _TOO_MANY or refused


def _broken(facts: Facts, reason: str, *, tried: bool = False) -> list[str]:
    """Tell of bodies that broke so; of those alone of which more was `tried`, if that is asked."""
    contrasted = {one.address for one in facts.found(OtherRequest)}
    contrasted |= {one.address for one in facts.found(Ladder)}
    broken = [
        one
        for one in facts.judged(HttpRefusal)
        if (one.phase, one.reason) == ("body", reason)
        and (one.address in contrasted or not tried)
        and not is_too_large_a_body(facts, one)
    ]
    addresses = {one.address for one in broken}
    others = [one for one in facts.found(OtherRequest) if one.address in addresses]
    climbed = [line for address in sorted(addresses) for line in ladders(facts, address, "body")]
    return headlines([*broken, *others, *climbed])


def _unexpected(facts: Facts) -> Iterator[tuple[Response | HttpRefusal, list[OtherRequest]]]:
    """Walk what was not answered as expected, each with what else was asked of its address."""
    every: tuple[Response | HttpRefusal, ...]
    every = (*facts.judged(Response), *facts.judged(HttpRefusal))
    for one in every:
        others = [other for other in facts.found(OtherRequest) if other.address == one.address]
        if others and not _is_expected(one, facts):
            yield one, others


def _is_expected(outcome: HttpOutcome, facts: Facts) -> bool:
    statuses = getattr(facts.given.get("http"), "status", ())
    return isinstance(outcome, Response) and outcome.status in statuses


def _is_anothers_refusal(refused: HttpOutcome, answered: Response) -> bool:
    if not isinstance(refused, Response) or refused.status not in _NOT_ALLOWED:
        return False
    return _by_whom(refused) != _by_whom(answered)


def _by_whom(answered: Response) -> set[tuple[str, str]]:
    return {(name.lower(), text) for name, text in answered.headers if name.lower() in _BY_WHOM}


def _outcomes(observations: tuple[object, ...]) -> list[object]:
    kinds = (Response, HttpRefusal, AdvertisementRefusal, HandshakeRefusal, ConnectionRefusal)
    return [one for kind in kinds for one in of_type(observations, kind)]


def _is_down(outcome: object) -> bool:
    if isinstance(outcome, Response | AdvertisementRefusal):
        return outcome.status >= _FAILING
    return isinstance(outcome, ConnectionRefusal) and outcome.reason in ("refused", "timeout")
