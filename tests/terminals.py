"""A real terminal around the real program: what it shows there, and what is typed into it."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

_TAKE = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    " os.execvpe(sys.argv[1], sys.argv[1:], os.environ)"
)


class Terminal:
    """A terminal that one program has for its own, as its controlling terminal."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        env: Mapping[str, str],
        *,
        columns: int = 100,
    ) -> None:
        """Start the program."""
        self._ours, theirs = pty.openpty()
        self.resize(columns)
        self.shown = b""
        self.process = subprocess.Popen(
            [sys.executable, "-c", _TAKE, *command],
            cwd=folder,
            env=env,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        """Keep it until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """End what still runs on it."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
        os.close(self._ours)

    def resize(self, columns: int) -> None:
        """Change its width; the kernel tells whom it belongs to."""
        size = struct.pack("HHHH", 40, columns, 0, 0)
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, size)

    def type(self, keys: bytes) -> None:
        """Type into it."""
        os.write(self._ours, keys)

    def wait_for(self, words: bytes, *, seconds: float = 60) -> None:
        """Read until the words were shown."""
        until = time.monotonic() + seconds
        while words not in self.shown:
            assert self._read(until), f"{words!r} is not shown: {self.shown.decode()}"

    def wait(self, *, seconds: float = 60) -> int:
        """Read until nobody has it open any more, and return the program's exit status."""
        until = time.monotonic() + seconds
        while self._read(until):
            pass
        return self.process.wait(max(0.0, until - time.monotonic()))

    def _read(self, until: float) -> bool:
        ready = select.select([self._ours], [], [], max(0.0, until - time.monotonic()))[0]
        assert ready, f"the terminal is open for ever: {self.shown.decode()}"
        try:
            piece = os.read(self._ours, 65536)
        except OSError:  # EIO: all other ends are closed
            piece = b""
        self.shown += piece
        return bool(piece)
