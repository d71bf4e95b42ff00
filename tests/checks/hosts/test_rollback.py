import asyncio
import hashlib
import subprocess
from pathlib import Path

import pytest

from checks.hosts.pins import NothingPinned
from checks.hosts.rollback import (
    BackupMissing,
    BackupOf,
    BackupSeen,
    read_backup,
    rehearse_rollback,
    roll_back,
)
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.hosts.files import BLOCK, PINS, PLAIN, WHOLE, Elsewhere, a_host, backup, hosts

BACKUP = BackupOf("/etc/hosts", BLOCK.marker, "/etc/hosts.plan267.{stamp}.bak")


@pytest.mark.parametrize("stamp", ["2025-11-20T08:00:00Z", "20251120T080000Z", "20251120-080000"])
def test_a_backup_is_found_by_the_blocks_stamp(stamp: str, tmp_path: Path) -> None:
    host = a_host(tmp_path, {f"/etc/hosts.plan267.{stamp}.bak": PLAIN})

    (seen,) = asyncio.run(read_backup(BACKUP, host, hosts(WHOLE), deadline=5))

    assert isinstance(seen, BackupSeen)
    assert (seen.content, seen.stamp) == (PLAIN, "2025-11-20T08:00:00Z")
    assert seen.path == f"/etc/hosts.plan267.{stamp}.bak"
    assert decode(encode(seen)) == seen


def test_a_backup_of_another_time_is_not_the_blocks(tmp_path: Path) -> None:
    host = a_host(tmp_path, {"/etc/hosts.plan267.20251119T080000Z.bak": PLAIN})

    (seen,) = asyncio.run(read_backup(BACKUP, host, hosts(WHOLE), deadline=5))

    assert isinstance(seen, BackupMissing)
    assert "/etc/hosts.plan267.20251120T080000Z.bak" in seen.tried
    assert decode(encode(seen)) == seen


def test_each_block_has_its_own_backup(tmp_path: Path) -> None:
    older = PINS.replace("2025-11-20", "2025-10-01")
    host = a_host(tmp_path, {"/etc/hosts.plan267.20251120T080000Z.bak": PLAIN})

    seen = asyncio.run(read_backup(BACKUP, host, hosts(WHOLE + older), deadline=5))

    assert [type(one) for one in seen] == [BackupSeen, BackupMissing]


def test_without_a_block_there_is_no_backup_to_look_for(tmp_path: Path) -> None:
    (seen,) = asyncio.run(read_backup(BACKUP, a_host(tmp_path, {}), hosts(PLAIN), deadline=5))

    assert isinstance(seen, NothingPinned)


def test_the_commands_restore_the_backup_and_undo_that(tmp_path: Path) -> None:
    file, kept = tmp_path / "etc hosts", tmp_path / "it's a backup"
    file.write_text(WHOLE)
    kept.write_text(PLAIN)
    inode = file.stat().st_ino
    way = roll_back(str(file), str(kept))

    subprocess.run(["sh", "-ec", "\n".join(way.restore)], check=True)
    assert file.read_text() == PLAIN
    assert file.stat().st_ino == inode

    subprocess.run(["sh", "-ec", "\n".join(way.undo)], check=True)
    assert file.read_text() == WHOLE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["etc hosts", "it's a backup"]


@pytest.mark.parametrize("text", [WHOLE, "", "1.1.1.1 \\x\n" * 40_000])
def test_a_rehearsal_goes_to_the_backup_and_returns(text: str) -> None:
    kept = backup(PLAIN)

    seen = asyncio.run(rehearse_rollback(BACKUP, Local(), hosts(text), kept, deadline=20))

    assert seen.restored == seen.backup == hashlib.sha256(PLAIN.encode()).hexdigest()
    assert seen.returned == seen.current == hashlib.sha256(text.encode()).hexdigest()
    assert decode(encode(seen)) == seen


def test_a_rehearsal_leaves_nothing_behind(tmp_path: Path) -> None:
    host = Elsewhere(tmp_path, env=(("TMPDIR", str(tmp_path)),))

    asyncio.run(rehearse_rollback(BACKUP, host, hosts(WHOLE), backup(""), deadline=20))

    assert list(tmp_path.iterdir()) == []


def test_a_host_where_it_cannot_be_rehearsed_says_so(tmp_path: Path) -> None:
    nowhere = Elsewhere(tmp_path, env=(("TMPDIR", str(tmp_path / "nowhere")),))

    with pytest.raises(VantageError, match="rehearsal"):
        asyncio.run(rehearse_rollback(BACKUP, nowhere, hosts(WHOLE), backup(PLAIN), deadline=20))
