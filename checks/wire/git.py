"""What a git server shows over smart HTTP: to our own client, and to git."""

import shlex
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from checks.wire.certificates import is_address
from checks.wire.connections import ConnectionRefusal
from checks.wire.exchange import Request, target_of
from checks.wire.git_command import MEMORY, refs_in, run_ls_remote
from checks.wire.git_words import Layer, layer_of, said_by_git, shorten
from checks.wire.handshakes import Distrust, HandshakeRefusal
from checks.wire.journey import Arrival, Take, import_late, travel
from checks.wire.names import Address
from checks.wire.pkt_lines import Advertised
from checks.wire.printable import printable
from checks.wire.responses import HttpRefusal
from checks.wire.together import each
from config.endpoints import at_port
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage
from reports.codec import observation

_OK = 200
_CONTENT_TYPE = "application/x-git-upload-pack-advertisement"
_USER_AGENT = "git/2 (touchstone)"
_LIMIT = 64 * 1024 * 1024
"""Bytes; the largest public repositories advertise about half of it."""
_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Remote:
    """A repository at a host, over https."""

    host: str
    port: int
    path: str

    def __str__(self) -> str:
        at = at_port(self.host, self.port)
        return f"{at}/{self.path.strip('/')}"

    def request(self) -> Request:
        """Return the request for the advertisement (gitprotocol-http)."""
        headers = (("User-Agent", _USER_AGENT), ("Accept", "*/*"), ("Pragma", "no-cache"))
        target = target_of(f"/{self.path.strip('/')}/info/refs?service=git-upload-pack")
        return Request("GET", self.host, self.port, target, headers)

    def url(self, port: int | None = None) -> str:
        """Return the repository's URL; `port` is where it is found, if elsewhere."""
        target = target_of(f"/{self.path.strip('/')}")
        return replace(self.request(), port=port or self.port, target=target).url


@observation
class Advertisement:
    """What `info/refs?service=git-upload-pack` advertises, read by our own client."""

    kind: Literal["advertisement"] = "advertisement"
    url: str
    address: str
    refs: int
    """As `git ls-remote` counts: HEAD and peeled tags are lines of their own."""
    head: str | None
    capabilities: tuple[str, ...]
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        head = f"HEAD {self.head[:12]}" if self.head else "no HEAD"
        return f"{self.address}: {self.refs} refs advertised, {head}"


@observation
class AdvertisementRefusal:
    """An HTTP answer that is not a git advertisement."""

    kind: Literal["advertisement-refusal"] = "advertisement-refusal"
    url: str
    address: str
    status: int
    content_type: str | None
    reason: str
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.address}: HTTP {self.status}, no advertisement: {printable(self.reason)}"


@observation
class RefsListed:
    """`git ls-remote` ended with exit status 0."""

    kind: Literal["refs-listed"] = "refs-listed"
    url: str
    refs: int
    cut: bool = False
    """Whether there were more refs than are counted: what git printed is kept up to a bound."""
    head: str | None
    transcript: str
    """libcurl's trace, credentials hidden by git; the middle of a long one is left out."""
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        head = f"HEAD {self.head[:12]}" if self.head else "no HEAD"
        return f"git ls-remote: {'at least ' if self.cut else ''}{self.refs} refs, {head}"


@observation
class RefsRefusal:
    """`git ls-remote` failed, or was ended at its deadline (`status` is None)."""

    kind: Literal["refs-refusal"] = "refs-refusal"
    url: str
    status: int | None
    layer: Layer
    """The layer that git's own words name; at the deadline, the one in which its trace ends."""
    reason: str
    transcript: str
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        return f"git ls-remote: broken at {self.layer}: {printable(self.reason)}"


AdvertisementOutcome = (
    Advertisement
    | AdvertisementRefusal
    | HttpRefusal
    | Distrust
    | HandshakeRefusal
    | ConnectionRefusal
)


@prepared_by(import_late)
@by_hand(
    lambda remote: (
        f"curl -sS -D - -A {shlex.quote(_USER_AGENT)} --max-time 60 -L -o /dev/null "
        f"{shlex.quote(remote.request().url)}"
    )
)
async def read_advertisement(
    remote: Remote, vantage: Vantage, addresses: tuple[Address, ...], *, deadline: float
) -> tuple[AdvertisementOutcome, ...]:
    """Ask each of the addresses at once for `info/refs?service=git-upload-pack`.

    An HTTP answer that is not an advertisement is an `AdvertisementRefusal`; refusals of
    the lower layers are theirs. Raises `VantageError`.
    """
    return await each([_read(remote, one.address, vantage, deadline) for one in addresses])


async def _read(
    remote: Remote, address: str, vantage: Vantage, deadline: float
) -> AdvertisementOutcome:
    read = Advertised()

    def begin() -> Take:
        nonlocal read
        read = Advertised()
        return read.feed

    arrived = await travel(
        remote.request(),
        address,
        vantage,
        begin,
        redirects=_REDIRECTS,
        limit=_LIMIT,
        deadline=deadline,
    )
    return _judged(arrived, read) if isinstance(arrived, Arrival) else arrived


def _judged(arrived: Arrival, read: Advertised) -> Advertisement | AdvertisementRefusal:
    status, shown = arrived.exchange.status or 0, arrived.exchange.header("content-type")
    if status != _OK:
        reason: str | None = f"the status is {status}"
    elif (shown or "").partition(";")[0].strip().lower() != _CONTENT_TYPE:
        reason = f"the content type is {shown}"
    else:
        reason = read.fault
    if reason is not None:
        return AdvertisementRefusal(
            url=arrived.request.url,
            address=arrived.address,
            status=status,
            content_type=shown,
            reason=reason,
            seconds=arrived.seconds,
            at=arrived.at,
        )
    return Advertisement(
        url=arrived.request.url,
        address=arrived.address,
        refs=read.refs,
        head=read.head,
        capabilities=read.capabilities,
        seconds=arrived.seconds,
        at=arrived.at,
    )


@by_hand(
    lambda remote: (
        "GIT_TERMINAL_PROMPT=0 GIT_TRACE_CURL=1 GIT_TRACE_CURL_NO_DATA=1 "
        f"git -c credential.helper= ls-remote {shlex.quote(remote.url())}"
    )
)
async def list_refs(
    remote: Remote, vantage: Vantage, addresses: tuple[Address, ...], *, deadline: float
) -> RefsListed | RefsRefusal:
    """Run `git ls-remote` with its verbose log, and end it at the deadline.

    git resolves the name itself; in the lab, which this host's resolver does not know, it
    is told the addresses. Raises `VantageError`, also where there is no git.
    """
    at = datetime.now(UTC)
    port, pins = remote.port, list[str]()
    if vantage.kind == "lab" and addresses and not is_address(remote.host):
        port = vantage.port(addresses[0].address, remote.port)
        pins = [f"{remote.host}:{port}:{','.join(one.address for one in addresses)}"]
    ended = await run_ls_remote(remote.url(port), vantage, pins, deadline=deadline)
    transcript = ended.err.decode("utf-8", "replace")
    if ended.status == 0:
        listed = refs_in(ended.out)
        return RefsListed(
            url=remote.url(),
            refs=listed.refs,
            cut=listed.cut,
            head=listed.head,
            transcript=shorten(transcript),
            seconds=ended.seconds,
            at=at,
        )
    said = said_by_git(transcript)
    silent = f"ended at the deadline, after {ended.seconds:.1f} s" if ended.status is None else ""
    full = f"git was given {MEMORY} MiB" if "Out of memory, " in said else ""
    return RefsRefusal(
        url=remote.url(),
        status=ended.status,
        layer=layer_of(transcript),
        reason="; ".join(filter(None, [said, full, silent])),
        transcript=shorten(transcript),
        seconds=ended.seconds,
        at=at,
    )
