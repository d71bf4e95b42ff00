"""The filter between a run and its terminal: how it is started, told, waited for and ended."""

import json
import os
import secrets
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from reports.isolated import import_places
from reports.redaction import Redactor
from reports.terminal_between import Between, alike, between, follow_sizes, high, open_closed
from reports.terminal_filter import CONTROL, FIRST

_BOOT = "import sys; sys.path += sys.argv[2:]; from reports.terminal_filter import main; main()"
_STARTED_WITHIN = 30.0
"""Seconds in which the filter has to answer."""
_PATIENCE = 5.0
"""Seconds in which all has to be shown. A slow terminal may take longer; the filter goes on."""


class Filter:
    """The filter process and the way to it, from now on until this process ends.

    Nothing is put back at the end: what Python itself says when it ends may hold secrets too.
    """

    def __init__(self) -> None:
        """Start it, and put it between; raises `OSError`."""
        open_closed()
        _flush()
        self._between = [between(replaced) for replaced in alike()]
        ours, theirs = (high(one.detach()) for one in socket.socketpair())
        self._control = socket.socket(fileno=ours)
        self._answers: list[dict[str, Any]] = []
        self._answered = threading.Condition()
        self._told: set[str] = set()
        self._lost = self._was_stopped = False
        self.pid = _start(theirs, self._between)
        os.close(theirs)
        for one in self._between:
            for descriptor in one.replaced:
                os.dup2(one.inlet, descriptor)
            os.set_blocking(one.inlet, True)
        follow_sizes(self._between)
        self._token = b"\0" + secrets.token_hex(16).encode()
        self._tell({"expect": self._token.hex()})
        self._listener = threading.Thread(target=self._listen, name="terminal filter", daemon=True)
        self._listener.start()

    def forewarn(self, redactor: Redactor) -> None:
        """Tell it what is secret, before anything is written; it may not have started yet."""
        if redactor.names:
            self._tell({"forewarn": _secrets(redactor)})

    def arm(self, redactor: Redactor) -> bool:
        """Tell it what is secret, and return whether it knows."""
        _flush()
        return self._ask({"arm": _secrets(redactor)}) is not None

    def let_pass(self) -> None:
        """Let everything pass but what it was forewarned of, until it is armed."""
        self.settle()
        self._ask({"let_pass": True})

    def settle(self) -> bool:
        """Wait until everything that was written is shown, and return whether it could be.

        What was held back as a possible beginning of a secret is shown or hidden now. A
        filter that waits for a slow terminal goes on; one that was stopped never would.
        """
        _flush()
        self._tell({"hurry": True})  # it may be at rest
        if self._is_shown(time.monotonic() + _PATIENCE):
            return not self._told
        return not (self._lost or self._ends_stopped())

    def _is_shown(self, until: float) -> bool:
        for one in self._between:
            if not _write(one.inlet, self._token, until):
                return False
        for at, one in enumerate(self._between):
            answer = self._answer({"passed": at}, until)
            if answer is None:
                return False
            if answer["failed"]:
                self._say(f"{one.name}: {answer['failed']}; the rest is not shown")
        return True

    def _ends_stopped(self) -> bool:
        """End it if somebody has stopped it, and return whether that was so."""
        if not _is_stopped(self.pid):
            return False
        self._was_stopped = True
        os.kill(self.pid, signal.SIGKILL)
        with self._answered:
            if threading.current_thread() is not self._listener:
                self._answered.wait_for(lambda: self._lost, _PATIENCE)
        return True

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
        for line in self._lines():
            with self._answered:
                self._answers.append(json.loads(line))
                self._answered.notify_all()
        how = _how_it_ended(self.pid)
        how = "was stopped, did not go on and was ended" if self._was_stopped else how
        self._say(f"the filter of the terminal {how}; the rest is not shown")
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

    def _lines(self) -> Iterator[bytes]:
        """Yield what it tells; where it stays stopped, which would stop the run, it is ended."""
        heard, stopped = b"", False
        while True:
            if not select.select([self._control], [], [], _PATIENCE)[0]:
                before, stopped = stopped, _is_stopped(self.pid)
                if before and stopped:
                    self._ends_stopped()
                continue
            with suppress(OSError):
                if piece := self._control.recv(1 << 16):
                    *lines, heard = (heard + piece).split(b"\n")
                    yield from lines
                    continue
            return

    def _say(self, words: str) -> None:
        """Say something once, past the filter: it is said of the filter."""
        if words in self._told:
            return
        self._told.add(words)
        for one in reversed(self._between):
            with suppress(OSError):
                os.write(one.sink, f"\ntouchstone: {words}\n".encode())
                return


def _start(control: int, between: Sequence[Between]) -> int:
    """Start the filter in a session of its own, with nothing but its descriptors."""
    copies = [(control, CONTROL)]
    for at, one in enumerate(between):
        copies += [(one.source, FIRST + 2 * at), (one.sink, FIRST + 2 * at + 1)]
    return os.posix_spawn(
        sys.executable,
        [sys.executable, "-I", "-S", "-c", _BOOT, str(len(between)), *import_places()],
        {},
        file_actions=[
            *((os.POSIX_SPAWN_DUP2, ours, theirs) for ours, theirs in copies),
            *((os.POSIX_SPAWN_OPEN, std, os.devnull, os.O_RDWR, 0) for std in range(CONTROL)),
        ],
        setsid=True,
    )


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


def _is_stopped(pid: int) -> bool:
    """Tell whether a child is stopped now, and leave it as it is."""
    with suppress(ChildProcessError):
        return os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None
    return False


def _secrets(redactor: Redactor) -> dict[str, Any]:
    return {"key": redactor.key.hex(), "secrets": redactor.registered}


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
