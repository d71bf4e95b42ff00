"""What stands between a run and its terminal: a pipe or a pseudo terminal, and the filter."""

import fcntl
import importlib.util
import json
import os
import pty
import secrets
import select
import signal
import socket
import sys
import termios
import threading
import time
import tty
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.redaction import Redactor
from reports.terminal_filter import CONTROL, FIRST

_BOOT = "import sys; sys.path += sys.argv[2:]; from reports.terminal_filter import main; main()"
_NAMES = {1: "standard output", 2: "standard error"}
_HIGH = 20
"""Where our descriptors begin: none of them is to take the place of a closed one."""
_STARTED_WITHIN = 30.0
"""Seconds in which the filter has to answer."""
_PATIENCE = 5.0
"""Seconds in which all has to be shown. A slow terminal may take longer; the filter goes on."""


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


class Filter:
    """The filter process and the way to it, from now on until this process ends.

    Nothing is put back at the end: what Python itself says when it ends may hold secrets too.
    """

    def __init__(self) -> None:
        """Start it, and put it between; raises `OSError`."""
        _open_closed()
        _flush()
        self._between = [_between(replaced) for replaced in _alike()]
        ours, theirs = (_high(one.detach()) for one in socket.socketpair())
        self._control = socket.socket(fileno=ours)
        self._answers: list[dict[str, Any]] = []
        self._answered = threading.Condition()
        self._told: set[str] = set()
        self._lost = False
        self.pid = _start(theirs, self._between)
        os.close(theirs)
        for one in self._between:
            for descriptor in one.replaced:
                os.dup2(one.inlet, descriptor)
            os.set_blocking(one.inlet, True)
        _follow_sizes(self._between)
        self._token = b"\0" + secrets.token_hex(16).encode()
        self._tell({"expect": self._token.hex()})
        threading.Thread(target=self._listen, name="terminal filter", daemon=True).start()

    def arm(self, redactor: Redactor) -> bool:
        """Tell it what is secret, and return whether it knows."""
        _flush()
        order = {"key": redactor.key.hex(), "secrets": redactor.registered}
        return self._ask({"arm": order}) is not None

    def let_pass(self) -> None:
        """Let everything pass as it is, until it is armed."""
        self.settle()
        self._ask({"let_pass": True})

    def settle(self) -> bool:
        """Wait until everything that was written is shown, and return whether it could be.

        What was held back as a possible beginning of a secret is shown or hidden now.
        """
        _flush()
        self._tell({"hurry": True})  # it may be at rest
        until = time.monotonic() + _PATIENCE
        for one in self._between:
            if not _write(one.inlet, self._token, until):
                return not self._lost
        for at, one in enumerate(self._between):
            answer = self._answer({"passed": at}, until)
            if answer is None:
                return not self._lost
            if answer["failed"]:
                self._say(f"{one.name}: {answer['failed']}; the rest is not shown")
        return not self._told

    def _ask(self, order: dict[str, Any]) -> dict[str, Any] | None:
        self._tell(order)
        return self._answer({"done": list(order)}, time.monotonic() + _STARTED_WITHIN)

    def _tell(self, order: dict[str, Any]) -> None:
        with suppress(OSError):  # it is lost, as will be seen
            self._control.sendall(json.dumps(order).encode() + b"\n")

    def _answer(self, wanted: dict[str, Any], until: float) -> dict[str, Any] | None:
        """Wait for an answer that says so; None where none comes in time, or ever."""
        with self._answered:
            self._answered.wait_for(
                lambda: self._lost or any(wanted.items() <= one.items() for one in self._answers),
                max(0.0, until - time.monotonic()),
            )
            found = next((one for one in self._answers if wanted.items() <= one.items()), None)
            if found is not None:
                self._answers.remove(found)
            return found

    def _listen(self) -> None:
        """Take answers, until the filter is gone: then nothing is shown, and nothing waits."""
        with suppress(OSError), self._control.makefile("rb") as lines:
            for line in lines:
                with self._answered:
                    self._answers.append(json.loads(line))
                    self._answered.notify_all()
        self._say(f"the filter of the terminal {_how_it_ended(self.pid)}; the rest is not shown")
        with self._answered:
            self._lost = True
            self._answered.notify_all()
        sources = {one.source for one in self._between}
        while sources:
            for source in select.select(list(sources), [], [])[0]:
                try:
                    gone = not os.read(source, 1 << 16)
                except OSError:
                    gone = True
                sources -= {source} if gone else set()

    def _say(self, words: str) -> None:
        """Say something once, past the filter: it is said of the filter."""
        if words in self._told:
            return
        self._told.add(words)
        for one in reversed(self._between):
            with suppress(OSError):
                os.write(one.sink, f"\ntouchstone: {words}\n".encode())
                return


def _open_closed() -> None:
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


def _alike() -> list[tuple[int, ...]]:
    """Return both descriptors, together if they are the same file."""
    if os.path.samestat(*map(os.fstat, _NAMES)):
        return [tuple(_NAMES)]
    return [(descriptor,) for descriptor in _NAMES]


def _between(replaced: tuple[int, ...]) -> Between:
    if os.isatty(replaced[0]):
        with suppress(OSError):
            return _pseudo_terminal(replaced)
    source, inlet = map(_high, os.pipe())
    return Between(replaced, _copy(replaced[0]), source, inlet)


def _pseudo_terminal(replaced: tuple[int, ...]) -> Between:
    source, inlet = map(_high, pty.openpty())
    tty.setraw(inlet)
    between = Between(replaced, _copy(replaced[0]), source, inlet)
    between.follow_size()
    return between


def _follow_sizes(between: Sequence[Between]) -> None:
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


def _start(control: int, between: Sequence[Between]) -> int:
    """Start the filter in a session of its own, with nothing but its descriptors."""
    yaml = importlib.util.find_spec("yaml")
    places = [str(Path(__file__).resolve().parents[1])]
    if yaml is not None and yaml.origin is not None:
        places.append(str(Path(yaml.origin).parents[1]))
    copies = [(control, CONTROL)]
    for at, one in enumerate(between):
        copies += [(one.source, FIRST + 2 * at), (one.sink, FIRST + 2 * at + 1)]
    return os.posix_spawn(
        sys.executable,
        [sys.executable, "-I", "-S", "-c", _BOOT, str(len(between)), *places],
        {},
        file_actions=[
            *((os.POSIX_SPAWN_DUP2, ours, theirs) for ours, theirs in copies),
            *((os.POSIX_SPAWN_OPEN, std, os.devnull, os.O_RDWR, 0) for std in range(CONTROL)),
        ],
        setsid=True,
    )


def _high(descriptor: int) -> int:
    """Move a descriptor of ours out of the way."""
    moved = _copy(descriptor)
    os.close(descriptor)
    return moved


def _copy(descriptor: int) -> int:
    return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _HIGH)


def _write(inlet: int, content: bytes, until: float) -> bool:
    """Write a few bytes, unless nobody makes room for them."""
    ready = select.select([], [inlet], [], max(0.0, until - time.monotonic()))[1]
    if not ready:
        return False
    os.write(inlet, content)
    return True


def _how_it_ended(pid: int) -> str:
    with suppress(OSError):
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if status < 0:
            return f"was killed by {signal.Signals(-status).name}"
        return f"ended with status {status}"
    return "ended"


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
