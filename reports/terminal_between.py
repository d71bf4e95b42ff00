"""What stands in the place of standard output and error: a pipe or a pseudo terminal."""

import fcntl
import os
import pty
import signal
import sys
import termios
import threading
import tty
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

_NAMES = {1: "standard output", 2: "standard error"}
_HIGH = 20
"""Where our descriptors begin: none of them is to take the place of a closed one."""


@dataclass(frozen=True)
class Between:
    """What stands in the place of one or both of the descriptors."""

    replaced: tuple[int, ...]
    sink: int
    """Where they went before."""
    source: int
    """What the filter reads from."""
    inlet: int
    """What is written to instead."""

    @property
    def name(self) -> str:
        """What the user calls it."""
        return " and ".join(_NAMES[one] for one in self.replaced)

    def follow_size(self) -> None:
        """Give the pseudo terminal the size of the real one."""
        with suppress(OSError):
            size = fcntl.ioctl(self.sink, termios.TIOCGWINSZ, bytes(8))
            fcntl.ioctl(self.inlet, termios.TIOCSWINSZ, size)


def open_closed() -> None:
    """Open what was closed: pytest does not run without, and the next file would take its place."""
    for descriptor in (0, *_NAMES):
        try:
            os.fstat(descriptor)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)  # the lowest that is free, which is this one
            os.set_inheritable(opened, True)  # noqa: FBT003
    for descriptor, name in ((0, "stdin"), (1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            mode = "w" if descriptor in _NAMES else "r"
            stream = open(descriptor, mode, closefd=False)  # noqa: SIM115 - Python closes it
            setattr(sys, name, stream)


def alike() -> list[tuple[int, ...]]:
    """Return both descriptors, together if they are the same file."""
    if os.path.samestat(*map(os.fstat, _NAMES)):
        return [tuple(_NAMES)]
    return [(descriptor,) for descriptor in _NAMES]


def between(replaced: tuple[int, ...]) -> Between:
    """Make what is to stand in their place; they stay as they are. Raises `OSError`."""
    if os.isatty(replaced[0]):
        with suppress(OSError):
            return _pseudo_terminal(replaced)
    source, inlet = map(high, os.pipe())
    return Between(replaced, _copy(replaced[0]), source, inlet)


def _pseudo_terminal(replaced: tuple[int, ...]) -> Between:
    source, inlet = map(high, pty.openpty())
    tty.setraw(inlet)
    between = Between(replaced, _copy(replaced[0]), source, inlet)
    between.follow_size()
    return between


def follow_sizes(between: Sequence[Between]) -> None:
    """Let the size of pseudo terminals follow that of the real ones."""
    terminals = [one for one in between if os.isatty(one.inlet)]
    if not terminals or threading.current_thread() is not threading.main_thread():
        return
    before = signal.getsignal(signal.SIGWINCH)

    def follow(number: int, frame: Any) -> None:
        for one in terminals:
            one.follow_size()
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGWINCH, follow)


def high(descriptor: int) -> int:
    """Move a descriptor of ours out of the way."""
    moved = _copy(descriptor)
    os.close(descriptor)
    return moved


def _copy(descriptor: int) -> int:
    return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _HIGH)
