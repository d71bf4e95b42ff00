"""Files below a folder, opened without ever following a link."""

import errno
import os
import stat

from checks.hardcoded.asked import Why

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_BUFFER = 1 << 20
_LINKS = {errno.ELOOP, errno.ENOTDIR, errno.EMLINK}


class LeftOutError(Exception):
    """A file is not read; `why` says of what kind it is."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class Folders:
    """Opens files by their paths below a root; folders stay open while paths stay in them."""

    def __init__(self, root: str) -> None:
        """Open the root, which may be a link itself; raises `OSError`."""
        self._root = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._open: list[tuple[bytes, int]] = []
        self._within = b""
        self._here = self._root
        self.buffer = bytearray(_BUFFER)
        self._room = memoryview(self.buffer)

    def read(self, path: bytes, largest: int) -> tuple[bytearray, int]:
        """Return a buffer and how many bytes of it are the file's, until the next is read.

        Raises `LeftOutError`.
        """
        descriptor = self._descriptor(path)
        try:
            size = os.readv(descriptor, (self._room,))
            # Read to its end: nothing else cuts the read of a file short.
            if 0 < size < _BUFFER and size <= largest:
                return self.buffer, size
            return self._odd(descriptor, size, largest)
        except OSError as error:
            raise LeftOutError(_why(error)) from None
        finally:
            os.close(descriptor)

    def read_behind(self, at: int, path: bytes, largest: int) -> int:
        """Read a file into the buffer from a place on; returns how many bytes it has.

        0 where it has none, or does not fit: `read` tells what it is then. Raises `LeftOutError`.
        """
        descriptor = self._descriptor(path)
        try:
            size = os.readv(descriptor, (self._room[at:],))
        except OSError as error:
            raise LeftOutError(_why(error)) from None
        finally:
            os.close(descriptor)
        return size if size < _BUFFER - at and size <= largest else 0

    def _descriptor(self, path: bytes) -> int:
        folder, _, name = path.rpartition(b"/")
        if not name:  # git ends with a slash what is a checkout of its own
            raise LeftOutError("own-repository")
        try:
            if folder != self._within:
                self._enter(folder)
            return os.open(name, _FILE, dir_fd=self._here)
        except OSError as error:
            raise LeftOutError(_why(error)) from None

    def close(self) -> None:
        """Close what is open."""
        self._leave(0)
        os.close(self._root)

    def _odd(self, descriptor: int, size: int, largest: int) -> tuple[bytearray, int]:
        """Read on in a large file; an empty one may be no file at all."""
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise LeftOutError("special")
        if size == 0:
            return self.buffer, 0
        if found.st_size > largest:
            raise LeftOutError("too-large")
        large = bytearray(self.buffer)
        while part := os.read(descriptor, 1 << 22):
            large += part
            if len(large) > largest:
                raise LeftOutError("too-large")
        return large, len(large)

    def _enter(self, folder: bytes) -> None:
        parts = folder.split(b"/") if folder else []
        same = 0
        for (name, _), part in zip(self._open, parts, strict=False):
            if name != part:
                break
            same += 1
        self._leave(same)
        for part in parts[same:]:
            within = self._open[-1][1] if self._open else self._root
            self._open.append((part, os.open(part, _FOLDER, dir_fd=within)))
        self._within = folder
        self._here = self._open[-1][1] if self._open else self._root

    def _leave(self, kept: int) -> None:
        self._within = b"\0"  # no folder's name, until one is entered
        while len(self._open) > kept:
            os.close(self._open.pop()[1])


def _why(error: OSError) -> Why:
    if error.errno in _LINKS:
        return "link"
    if error.errno == errno.ENOENT:
        return "gone"
    if error.errno == errno.EISDIR:
        return "own-repository"
    return "special" if error.errno in {errno.ENXIO, errno.ENODEV} else "unreadable"
