"""The backup of a hosts file, and the way back to it."""

import base64
import hashlib
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from checks.hosts.blocks import find_blocks, spellings
from checks.hosts.file import HostsFileSeen
from checks.hosts.pins import NothingPinned
from fixtures.sightings import by_hand, of_the_vantage
from fixtures.vantages import Vantage, VantageError
from fixtures.vantages.escaping import escape, unescape
from fixtures.vantages.hosts_file import Line, parse_text
from reports.codec import observation

_PIECE = 96 * 1024
"""Linux takes at most 128 KiB in one argument of a command."""
_REHEARSAL = """\
set -eu
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
cd "$folder"
count=$1
shift
while [ "$count" -gt 0 ]; do printf %s "$1" >> pieces; shift; count=$((count - 1)); done
base64 -d < pieces > hosts
printf %s "$@" | base64 -d > backup
"""


@dataclass(frozen=True, slots=True)
class BackupOf:
    """Where the backup of a hosts file's managed block is: a path with the block's `{stamp}`."""

    path: str
    marker: str
    pattern: str

    def __str__(self) -> str:
        return self.pattern


@dataclass(frozen=True, slots=True)
class Rollback:
    """Commands, for root: the way back to the backup, and the undo of that."""

    restore: tuple[str, ...]
    undo: tuple[str, ...]

    def __str__(self) -> str:
        return f"as root: {' && '.join(self.restore)}; to undo that: {' && '.join(self.undo)}"


@observation
class BackupSeen:
    """The backup that belongs to a block."""

    kind: Literal["hosts-backup"] = "hosts-backup"
    path: str
    stamp: str
    content: str
    """The whole file, as `escape` makes text of it."""
    sha256: str
    modified: datetime
    at: datetime

    @property
    def lines(self) -> tuple[Line, ...]:
        """The backup, line by line."""
        return parse_text(self.content)

    @property
    def headline(self) -> str:
        return f"{self.path}: {len(self.lines)} lines, sha256 {self.sha256[:12]}"


@observation
class BackupMissing:
    """A block without its backup."""

    kind: Literal["hosts-backup-missing"] = "hosts-backup-missing"
    stamp: str
    tried: tuple[str, ...]
    at: datetime

    @property
    def headline(self) -> str:
        return f"no backup for the block of {self.stamp}: none of {', '.join(self.tried)}"


@observation
class Rehearsal:
    """A rollback and its undo, made with copies in a folder of the run's own. All are SHA-256."""

    kind: Literal["rollback-rehearsal"] = "rollback-rehearsal"
    commands: tuple[str, ...]
    current: str
    backup: str
    restored: str
    """Of the file after the restore."""
    returned: str
    """Of the file after the undo."""
    at: datetime

    @property
    def headline(self) -> str:
        return (
            f"{self.current[:12]} became {self.restored[:12]} (the backup is {self.backup[:12]}),"
            f" and then {self.returned[:12]}"
        )


def roll_back(path: str, backup: str) -> Rollback:
    """Say how a hosts file goes back to its backup, and returns.

    Files are copied over, never renamed: a hosts file may be a mount, and keeps its inode.
    """
    here, there, aside = (shlex.quote(one) for one in (path, backup, f"{path}.before-rollback"))
    return Rollback(
        restore=(f"cp -p -- {here} {aside}", f"cp -p -- {there} {here}"),
        undo=(f"cp -p -- {aside} {here}", f"rm -- {aside}"),
    )


@by_hand(lambda backup: "ls -l " + "*".join(map(shlex.quote, backup.pattern.split("{stamp}"))))
@of_the_vantage
async def read_backup(
    backup: BackupOf, vantage: Vantage, hosts_file: HostsFileSeen, *, deadline: float
) -> tuple[BackupSeen | BackupMissing | NothingPinned, ...]:
    """Read the backup of each managed block, by the block's stamp in its usual spellings."""
    blocks = find_blocks(hosts_file.lines, backup.marker)
    if not blocks:
        return (NothingPinned(path=backup.path, marker=backup.marker, at=datetime.now(UTC)),)
    return tuple([await _find(backup, block.stamp, vantage, deadline=deadline) for block in blocks])


async def _find(
    backup: BackupOf, stamp: str, vantage: Vantage, *, deadline: float
) -> BackupSeen | BackupMissing:
    tried = tuple(backup.pattern.replace("{stamp}", one) for one in spellings(stamp))
    for path in tried:
        found = await vantage.read(path, deadline=deadline)
        if found is not None:
            return BackupSeen(
                path=path,
                stamp=stamp,
                content=escape(found.content),
                sha256=hashlib.sha256(found.content).hexdigest(),
                modified=found.modified,
                at=datetime.now(UTC),
            )
    return BackupMissing(stamp=stamp, tried=tried, at=datetime.now(UTC))


@by_hand(lambda backup: f"# with copies: {roll_back(backup.path, backup.pattern)}")
@of_the_vantage
async def rehearse_rollback(
    backup: BackupOf,  # noqa: ARG001 - it names the sighting
    vantage: Vantage,
    hosts_file: HostsFileSeen,
    kept: BackupSeen,
    *,
    deadline: float,
) -> Rehearsal:
    """Go back to the backup and return, with copies in a fresh folder that is removed after.

    Raises `VantageError` where the vantage cannot do that.
    """
    at = datetime.now(UTC)
    current, former = unescape(hosts_file.content), unescape(kept.content)
    way = roll_back("hosts", "backup")
    pieces = _pieces(current)
    arguments = (str(len(pieces)), *pieces, *_pieces(former))
    argv = ("sh", "-c", _script(way), "rehearsal", *arguments)
    output = await vantage.run(argv, deadline=deadline)
    digests = output.out.decode("ascii", "replace").split()
    if output.status != 0 or len(digests) != 2:  # noqa: PLR2004 - one after each way
        raise VantageError(
            f"the rehearsal of the rollback ended with status {output.status}:"
            f" {output.err.decode('utf-8', 'replace').strip()[-200:]}",
            "sh, base64, sha256sum and a writable temporary folder are needed there",
        )
    return Rehearsal(
        commands=(*way.restore, *way.undo),
        current=hashlib.sha256(current).hexdigest(),
        backup=hashlib.sha256(former).hexdigest(),
        restored=digests[0],
        returned=digests[1],
        at=at,
    )


def _script(way: Rollback) -> str:
    digest = 'sha256sum < hosts | cut -d " " -f 1'
    return _REHEARSAL + "\n".join((*way.restore, digest, *way.undo, digest))


def _pieces(content: bytes) -> tuple[str, ...]:
    text = base64.b64encode(content).decode()
    return tuple(text[at : at + _PIECE] for at in range(0, len(text) or 1, _PIECE))
