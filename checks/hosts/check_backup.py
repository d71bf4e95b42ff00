"""The backup of the hosts file, and the way back to it."""

from difflib import unified_diff

import pytest

from checks.hosts.blocks import without_blocks
from checks.hosts.file import HostsFileSeen
from checks.hosts.rollback import BackupMissing, BackupSeen, Rehearsal, roll_back
from config.hosts import Block
from fixtures.subjects import holds
from fixtures.vantages.hosts_file import Line
from reports.verdicts import Remark, expected


@holds(BackupMissing)
def check_block_has_its_backup(
    backups: tuple[BackupSeen | BackupMissing, ...], hosts_file: HostsFileSeen, remark: Remark
) -> None:
    for backup in backups:
        if isinstance(backup, BackupSeen):
            remark(f"to roll back, {roll_back(hosts_file.path, backup.path)}")
    saw = [one.headline for one in backups if isinstance(one, BackupMissing)]
    assert not saw, expected("a backup of the hosts file for the block's time", saw=saw)


def check_backup_can_be_restored(backups: tuple[BackupSeen, ...]) -> None:
    saw = [
        f"{backup.path}:{line.number}: {line.text.strip()}: the resolver does not read it"
        for backup in backups
        for line in backup.lines
        if line.address and not line.answers
    ]
    saw += [
        f"{backup.path} has no line that answers for a name"
        for backup in backups
        if not any(line.answers for line in backup.lines)
    ]
    assert not saw, expected("a backup that is a hosts file", saw=saw)


def check_backup_differs_only_by_the_block(
    backups: tuple[BackupSeen, ...], hosts_file: HostsFileSeen, block: Block
) -> None:
    saw = [
        difference
        for backup in backups
        for difference in _differences(backup, hosts_file, block.marker)
    ]
    assert not saw, expected("a backup that differs from the file only by the block", saw=saw)


@pytest.mark.mutating
def check_rollback_works_both_ways(rehearsal: Rehearsal) -> None:
    there = rehearsal.restored == rehearsal.backup
    back = rehearsal.returned == rehearsal.current
    assert there and back, expected(  # noqa: PT018 - one sentence, with both ways in what was seen
        "the backup after the restore, and the file as it was after the undo",
        saw=[rehearsal.headline, *rehearsal.commands],
    )


def _differences(backup: BackupSeen, hosts_file: HostsFileSeen, marker: str) -> list[str]:
    was, now = _bare(backup.lines, marker), _bare(hosts_file.lines, marker)
    difference = unified_diff(was, now, backup.path, hosts_file.path, lineterm="", n=0)
    return list(difference)


def _bare(lines: tuple[Line, ...], marker: str) -> list[str]:
    """Return the lines outside blocks; blank ones do not count: they come and go with a block."""
    texts = (line.text.removesuffix("\\x0d") for line in without_blocks(lines, marker))
    return [text for text in texts if text.strip()]
