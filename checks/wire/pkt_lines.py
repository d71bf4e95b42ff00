"""The advertisement of a git server, as pkt-lines (gitprotocol-common, gitprotocol-http)."""

import re
from dataclasses import dataclass, field

_SERVICE = b"# service=git-upload-pack"
_LONGEST = 65520
_HEADER = 4
_REF = re.compile(rb"((?:[0-9a-f]{40}|[0-9a-f]{64})) (\S.*)", re.DOTALL)
_SHALLOW = re.compile(rb"shallow (?:[0-9a-f]{40}|[0-9a-f]{64})")
_NO_REFS = b"capabilities^{}"
_SHOWN = 40


@dataclass(slots=True)
class Advertised:
    """An advertisement while it is read; nothing of it is kept but what is asked for.

    Feed it the body in parts of any size, then ask for `fault`.
    """

    refs: int = 0
    """Lines that `git ls-remote` would print: HEAD, refs and peeled tags."""
    head: str | None = None
    capabilities: tuple[str, ...] = ()
    _buffer: bytearray = field(default_factory=bytearray)
    _broken: str | None = None
    _flushes: int = 0
    _lines: int = 0

    @property
    def fault(self) -> str | None:
        """Why what was fed is not a whole advertisement; None when it is."""
        if self._broken is not None:
            return self._broken
        if self._buffer:
            return f"it ends within a line: {_show(bytes(self._buffer))}"
        return None if self._flushes == 2 else "it ends before its flush packet"  # noqa: PLR2004 - one after the service, one at the end

    def feed(self, part: bytes) -> None:
        """Read on; after a fault, nothing more is looked at."""
        if self._broken is not None:
            return
        self._buffer += part
        start = 0
        while self._broken is None and len(self._buffer) - start >= _HEADER:
            length = self._length(bytes(self._buffer[start : start + _HEADER]))
            if length > len(self._buffer) - start:
                break
            payload = bytes(self._buffer[start + _HEADER : start + length])
            start += max(length, _HEADER)
            self._take(payload if length else None)
        del self._buffer[:start]

    def _length(self, header: bytes) -> int:
        """Return the length of a line with its header, or 0 for a flush packet."""
        if not re.fullmatch(rb"[0-9a-fA-F]{4}", header):
            self._broken = f"no length of a pkt-line: {_show(header)}"
            return 0
        length = int(header, 16)
        if 0 < length <= _HEADER or length > _LONGEST:
            self._broken = f"a pkt-line cannot have the length {length}"
            return 0
        return length

    def _take(self, payload: bytes | None) -> None:
        if self._broken is not None:
            return
        if self._flushes == 2:  # noqa: PLR2004 - the last one
            self._broken = "it goes on after its flush packet"
        elif payload is None:
            self._flushes += 1
            if not self._lines:
                self._broken = "the service is not named first"
        elif self._flushes == 0:
            if self._lines or payload.rstrip(b"\n") != _SERVICE:
                self._broken = f"not the service that was asked for: {_show(payload)}"
            self._lines += 1
        else:
            self._take_line(payload.removesuffix(b"\n"))

    def _take_line(self, line: bytes) -> None:
        if line.startswith(b"ERR "):
            self._broken = f"the server says: {_show(line)}"
            return
        if line == b"version 1" or _SHALLOW.fullmatch(line):
            return
        named, separator, capabilities = line.partition(b"\0")
        found = _REF.fullmatch(named)
        if found is None or (separator and self._lines > 1):
            self._broken = f"no line of a ref: {_show(line)}"
            return
        self._lines += 1
        if separator:
            self.capabilities = tuple(capabilities.decode("utf-8", "replace").split())
        if found[2] == _NO_REFS:
            return
        self.refs += 1
        if found[2] == b"HEAD":
            self.head = found[1].decode()


def _show(raw: bytes) -> str:
    return ascii(raw[:_SHOWN].decode("latin-1")) + ("…" if len(raw) > _SHOWN else "")
