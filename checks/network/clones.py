"""Whether git clones a repository, one commit deep."""

import math
import re
import shlex
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Literal

from checks.wire.certificates import is_address
from checks.wire.git import Remote
from checks.wire.git_command import LEFT_ALONE, LONGER, run_git
from checks.wire.git_words import Layer, layer_of, said_by_git, shorten
from checks.wire.names import Address
from checks.wire.printable import printable
from fixtures.sightings import by_hand
from fixtures.vantages import Output, Vantage, VantageError
from reports.codec import observation

_CLONE = ("clone", "--quiet", "--depth=1", "--no-checkout", "--template=")
TIDY = 5.0
"""Seconds in which a folder is made there, and in which it is removed."""
_MEGABYTES = 512
"""That a file of the repository may have: it is to be a small one."""
_MAKE = f"""{LEFT_ALONE}
folder=$(mktemp -d "${{TMPDIR:-/tmp}}/touchstone-clone-XXXXXX") || exit
left_alone "$folder" "$1"
echo "$folder"
"""
# A command elsewhere may outlive its deadline for a second, and write on.
_REMOVE = ("sh", "-c", 'rm -rf -- "$1" 2>/dev/null || { sleep 2; rm -rf -- "$1"; }', "sh")
# It prints HEAD, the count of files, and what `count-objects` counts.
_AND_COUNT = f"""
folder=$1; shift
ulimit -f {_MEGABYTES * 2048} 2>/dev/null
"$@" "$folder/clone" && cd "$folder/clone" || exit
git rev-parse HEAD
git ls-tree -r --name-only HEAD | wc -l
git count-objects -v
"""
_CLONED = re.compile(rb"^([0-9a-f]{40}|[0-9a-f]{64})\n\s*(\d+)\n")
_SIZES = re.compile(rb"^(?:size|size-pack): (\d+)$", re.MULTILINE)


@observation
class Cloned:
    """`git clone --depth 1` ended with exit status 0."""

    kind: Literal["cloned"] = "cloned"
    url: str
    head: str
    files: int
    """Of the commit."""
    size: int
    """Bytes of its objects, as git keeps them."""
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        what = f"HEAD {self.head[:12]}, {self.files} files, {self.size} bytes"
        return f"git clone --depth 1: {what}, in {self.seconds:.1f} s"


@observation
class CloneRefusal:
    """`git clone --depth 1` failed, or was ended at its deadline (`status` is None)."""

    kind: Literal["clone-refusal"] = "clone-refusal"
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
        return f"git clone --depth 1: broken at {self.layer}: {printable(self.reason)}"


@by_hand(
    lambda remote: (
        "GIT_TERMINAL_PROMPT=0 git -c credential.helper= clone --depth 1 --no-checkout"
        f' {shlex.quote(remote.url())} "$(mktemp -d)"'
    )
)
async def clone(
    remote: Remote, vantage: Vantage, addresses: tuple[Address, ...], *, deadline: float
) -> Cloned | CloneRefusal:
    """Let git clone the repository's newest commit to a folder there, which is removed.

    Nothing is checked out, and no hook or filter runs. Twice `TIDY` of the deadline is for
    the folder. git resolves the name itself; in the lab it is told the addresses. Raises
    `VantageError`, also where there is no git, or where no folder can be made or removed.
    """
    at = datetime.now(UTC)
    port, pins = remote.port, list[str]()
    if vantage.kind == "lab" and addresses and not is_address(remote.host):
        port = vantage.port(addresses[0].address, remote.port)
        pins = [f"{remote.host}:{port}:{','.join(one.address for one in addresses)}"]
    seconds = max(deadline - 2 * TIDY, deadline / 2)
    async with _folder(vantage, deadline) as folder:
        around = ("sh", "-c", _AND_COUNT, "sh", folder)
        arguments = (*_CLONE, remote.url(port))
        within = (("TMPDIR", folder),)
        ended = await run_git(arguments, vantage, pins, around=around, env=within, deadline=seconds)
    return _judged(remote.url(), ended, at)


@asynccontextmanager
async def _folder(vantage: Vantage, deadline: float) -> AsyncIterator[str]:
    """Make a folder there, and remove it, whatever became of the command that worked in it.

    Who ends a command at its deadline leaves it no time to tidy up: that is done by another,
    and where this run is killed, by one that waits there until after the deadline.
    """
    seconds = str(math.ceil(deadline) + LONGER)
    made = await vantage.run(("sh", "-c", _MAKE, "sh", seconds), deadline=TIDY)
    path = made.out.decode("utf-8", "replace").strip()
    if made.status != 0 or not path.startswith("/"):
        said = made.err.decode("utf-8", "replace").strip()
        raise VantageError(
            f"no folder can be made at {vantage.name}: {said}",
            "let commands there write to /tmp, or set TMPDIR",
        )
    try:
        yield path
    finally:
        removed = await vantage.run((*_REMOVE, path), deadline=TIDY)
        if removed.status != 0:
            raise VantageError(f"{path} is left at {vantage.name}", "remove it by hand")


def _judged(url: str, ended: Output, at: datetime) -> Cloned | CloneRefusal:
    if ended.status == 0 and (cloned := _CLONED.match(ended.out)):
        return Cloned(
            url=url,
            head=cloned[1].decode(),
            files=int(cloned[2]),
            size=1024 * sum(int(one) for one in _SIZES.findall(ended.out)),
            seconds=ended.seconds,
            at=at,
        )
    transcript = ended.err.decode("utf-8", "replace")
    silent = f"ended at the deadline, after {ended.seconds:.1f} s" if ended.status is None else ""
    empty = "it has no commit" if ended.status == 0 else ""
    return CloneRefusal(
        url=url,
        status=ended.status,
        layer=layer_of(transcript),
        reason="; ".join(filter(None, [said_by_git(transcript), empty, silent])),
        transcript=shorten(transcript),
        seconds=ended.seconds,
        at=at,
    )
