"""Temporary folders that do not outlive their owner by long, even if it is killed.

Each is held by a lock that the kernel lets go of when its owner dies: who finds one that
nobody holds may remove it. The witness does so when its run is over, and the next run when
it begins, for the case that the witness died too.
"""

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

PREFIX = "touchstone-"
_HELD = ".held"
"""The file in such a folder that its owner holds locked."""


@contextlib.contextmanager
def temporary_folder(what: str) -> Iterator[Path]:
    """Make a folder among the temporary ones, for its owner only, and remove it at the end."""
    folder, held = _made(what)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def sweep() -> None:
    """Remove the folders of this user that nobody holds any more."""
    for held in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{_HELD}"):
        with contextlib.suppress(OSError):
            _remove_unheld(held)


def _made(what: str) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{what}-"))
        path = folder / _HELD
        held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with contextlib.suppress(OSError):  # a file system without locks: nobody removes it then
            fcntl.flock(held, fcntl.LOCK_EX)
        if path.exists():
            return folder, held
        os.close(held)  # somebody swept between the two lines before


def _remove_unheld(path: Path) -> None:
    """Remove the folder of a lock, unless it is held, or not ours; raises `OSError`."""
    found = path.parent.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        return
    held = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path.parent, ignore_errors=True)
    finally:
        os.close(held)
