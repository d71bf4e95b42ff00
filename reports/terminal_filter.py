"""The process through which standard output and error of a run go to where they went before.

It is a child of pytest, in a session of its own, and needs the standard library only. It
ends when the last process that writes into it has closed its end, which is how it outlives
a pytest that was killed for as long as it takes to show what that had written.
"""

import codecs
import errno
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from reports.redaction import Redactor
from reports.stream import Stream

CONTROL, FIRST = 3, 4
"""Descriptors: what pytest tells and is told, then a source and a sink for each stream."""
_PIECE = 1 << 16
_REST = 0.01
"""Seconds for which it rests after little was written: pytest writes dot by dot."""
_LITTLE = 1 << 12


class Channel:
    """One stream on its way from pytest, and from what pytest started, to the real descriptor."""

    def __init__(self, source: int, sink: int, redactor: Redactor) -> None:
        """Take the end to read from, and what to write to."""
        self.source = source
        self.stream = Stream(redactor)
        self.passes = False
        self.failed: str | None = None
        self._sink = sink
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self.token = b""
        self._begun = b""

    def go_on(self) -> tuple[int, int]:
        """Show the next piece; returns how long it was, and how often the token came.

        It was empty if there is no more. What pytest wrote before a token has been shown then.
        """
        try:
            piece = os.read(self.source, _PIECE)
        except OSError as error:
            if error.errno != errno.EIO:  # a terminal that nobody has open any more
                raise
            piece = b""
        if not piece:
            self._show(self._begun, last=True)
            return 0, 0
        size = len(piece)
        *ended, piece = (self._begun + piece).split(self.token) if self.token else [piece]
        for before in ended:
            self._show(before, last=True)
        kept = _begun_at(piece, self.token)
        self._begun = piece[kept:]
        self._show(piece[:kept])
        return size, len(ended)

    def _show(self, piece: bytes, *, last: bool = False) -> None:
        """Filter a piece and write it; what cannot be filtered is not written."""
        if self.passes:
            self._write(piece)
            return
        try:
            text = self.stream.feed(self._decoder.decode(piece, final=last))
            text += self.stream.finish() if last else ""
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing may pass
            self.failed = self.failed or f"the filter broke ({type(error).__name__})"
        else:
            self._write(text.encode(errors="surrogateescape"))

    def _write(self, content: bytes) -> None:
        try:
            while content and self.failed is None:
                try:
                    content = content[os.write(self._sink, content) :]
                except BlockingIOError:
                    select.select([], [self._sink], [])
        except OSError as error:
            self.failed = f"it cannot be written ({os.strerror(error.errno or 0)})"


def main() -> None:
    """Filter until all streams have ended."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(ignored, signal.SIG_IGN)
    _wake_when_alone()
    redactor = Redactor()
    count = int(sys.argv[1])
    channels = [Channel(at, at + 1, redactor) for at in range(FIRST, FIRST + 2 * count, 2)]
    control = socket.socket(fileno=CONTROL)
    waiting = {CONTROL, *(channel.source for channel in channels)}
    told = b""
    while waiting - {CONTROL}:
        ready = select.select(list(waiting), [], [])[0]
        if CONTROL in ready:  # first, since it may tell how to read the rest
            received = _received(control)
            waiting -= set() if received else {CONTROL}
            *orders, told = (told + received).split(b"\n")
            for order in map(json.loads, orders):
                if "hurry" not in order:
                    _tell(control, _obey(order, channels))
            continue
        most = 0
        for at, channel in enumerate(channels):
            if channel.source not in ready:
                continue
            size, passed = channel.go_on()
            for _ in range(passed):
                _tell(control, {"passed": at, "failed": channel.failed})
            waiting -= set() if size else {channel.source}
            most = max(most, size)
        if 0 < most < _LITTLE:
            select.select(list(waiting & {CONTROL}), [], [], _REST)


def _wake_when_alone() -> None:
    """Let the kernel wake this process when pytest dies: stopped, it would stay for ever."""
    import ctypes  # noqa: PLC0415 - after the signals are ignored

    parent_death_signal = 1
    with suppress(OSError, AttributeError):  # Linux alone knows it
        ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGCONT)


def _obey(order: dict[str, Any], channels: Sequence[Channel]) -> dict[str, Any]:
    match order:
        case {"arm": {"key": key, "secrets": secrets}} | {
            "forewarn": {"key": key, "secrets": secrets}
        }:
            redactor = Redactor(key=bytes.fromhex(key))
            for name, value in secrets:
                redactor.register(name, value)
            for channel in channels:
                channel.stream.redactor = redactor
                channel.stream.by_name_only = channel.passes = False
        case {"let_pass": _}:
            for channel in channels:
                channel.stream.by_name_only = bool(channel.stream.redactor.names)
                channel.passes = not channel.stream.by_name_only
        case {"expect": token}:
            for channel in channels:
                channel.token = bytes.fromhex(token)
    return {"done": list(order)}


def _received(control: socket.socket) -> bytes:
    try:
        return control.recv(_PIECE)
    except OSError:
        return b""


def _tell(control: socket.socket, told: dict[str, Any]) -> None:
    with suppress(OSError):  # pytest is gone, and nobody needs to know
        control.sendall(json.dumps(told).encode() + b"\n")


def _begun_at(piece: bytes, token: bytes) -> int:
    """Return where the piece's end may begin the token, or its length."""
    for size in range(min(len(token) - 1, len(piece)), 0, -1):
        if piece.endswith(token[:size]):
            return len(piece) - size
    return len(piece)
