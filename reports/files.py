"""Files of a run: for their owner only, and whole or not there."""

import errno
import hashlib
import os
import stat
from pathlib import Path


def write_new(path: Path, content: bytes) -> None:
    """Write a file that does not exist yet, and sync it; raises `OSError`."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb", closefd=False) as file:
            file.write(content)
        os.fsync(descriptor)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def write_beside(path: Path, content: bytes) -> Path:
    """Write and sync the content under a name of its own, next to where it will be put."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    beside.unlink(missing_ok=True)
    write_new(beside, content)
    return beside


def put(beside: Path, path: Path) -> None:
    """Put what was written beside into its place, in one step."""
    beside.replace(path)
    sync_folder(path.parent)


def write(path: Path, content: bytes) -> None:
    """Write a file so that it is there as a whole, or as it was before; raises `OSError`."""
    put(write_beside(path, content), path)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256(path: Path) -> str:
    """Return the digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(path: Path, limit: int) -> bytes:
    """Read an ordinary file whole; raises `OSError` for another kind, and for one over the limit.

    A pipe or a device would hold the run for ever.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is not an ordinary file")
        content = file.read(limit + 1)
    if len(content) > limit:
        raise OSError(errno.EFBIG, f"it has more than {limit} bytes")
    return content


def below(folder: Path) -> list[Path]:
    """Return everything below a folder but folders, sorted; links are not followed."""
    found: list[Path] = []
    for entry in os.scandir(folder):
        path = Path(entry)
        found += below(path) if entry.is_dir(follow_symlinks=False) else [path]
    return sorted(found)


def empty_below(folder: Path) -> list[Path]:
    """Return the folders below a folder that hold nothing, sorted; links are not followed."""
    found: list[Path] = []
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            found += empty_below(path) if any(path.iterdir()) else [path]
    return sorted(found)
