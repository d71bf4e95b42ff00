"""Files that come compressed, and stay so: what is secret in them is hidden, large ones beside.

Lists of a cluster are many megabytes, and looking through them takes as long as reading them.
A process of its own does it while this one goes on; what it does not do is done here.
"""

import gzip
import json
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO

from reports.bytewise import rewritten
from reports.isolated import import_places
from reports.likely import hidden
from reports.offspring import handed_down
from reports.redaction import Redactor

_BOOT = "import sys; sys.path += sys.argv[1:]; from reports.packing import main; main()"
_WORTH = 1 << 15
"""Bytes of a compressed file for which another process is worth its start."""
_PATIENCE = 60.0
"""Seconds in which it has to take what it is asked, and to answer; then it hangs, and is ended."""
_LEAVING = 1.0


def repacked(packed: bytes, redactor: Redactor) -> bytes:
    """Return what is compressed by gzip without secrets; the same bytes where it holds none."""
    raw = gzip.decompress(packed)
    kept = rewritten(raw, lambda text: redactor.redact(hidden(text)))
    return packed if kept == raw else gzip.compress(kept, 1, mtime=0)


class Packing:
    """Hides secrets in compressed files, the large ones in a process that is started for them."""

    def __init__(self, redactor: Redactor, patience: float = _PATIENCE) -> None:
        """Take what hides them, and in how many seconds the process has to answer."""
        self._redactor = redactor
        self._patience = patience
        self._beside: _Beside | None = None
        self._is_broken = False
        self._turn = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The process's id, once there is one."""
        return self._beside.pid if self._beside else None

    def repacked(self, packed: bytes) -> bytes:
        """See `repacked`. Any thread may ask."""
        if len(packed) >= _WORTH:
            with self._turn:
                if (instead := self._asked(packed)) is not None:
                    return instead or packed
        return repacked(packed, self._redactor)

    def end(self) -> None:
        """End the process, if there is one."""
        if self._beside is not None:
            self._beside.end()

    def _asked(self, packed: bytes) -> bytes | None:
        """Ask the process: what is written instead, empty for the same; None if it cannot tell."""
        if self._is_broken:
            return None
        try:
            if self._beside is None:
                self._beside = _Beside(self._patience)
            return self._beside.ask(packed, self._redactor)
        except (OSError, ValueError):
            self._give_up()
            return None
        except BaseException:  # half an answer may be left, which is not that of the next question
            self._give_up()
            raise

    def _give_up(self) -> None:
        self._is_broken = True
        self.end()


class _Beside:
    """The process, in a session of its own, with nothing but a way to it."""

    def __init__(self, patience: float) -> None:
        """Start it; raises `OSError`."""
        self._way, theirs = socket.socketpair()
        self._way.settimeout(patience)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _BOOT, *import_places()],
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=subprocess.DEVNULL,
                env=handed_down(),
                start_new_session=True,
            )
        self._answers: IO[bytes] = self._way.makefile("rb")
        self.pid = self._process.pid

    def ask(self, packed: bytes, redactor: Redactor) -> bytes:
        """Ask it; raises `OSError`, and `ValueError` where its answer is cut off."""
        secrets = {"key": redactor.key.hex(), "secrets": redactor.registered, "size": len(packed)}
        self._way.sendall(json.dumps(secrets).encode() + b"\n")
        self._way.sendall(packed)
        size: int = json.loads(self._answers.readline())["size"]
        instead = self._answers.read(size)
        if len(instead) < size:
            raise ValueError("the answer is cut off")
        return instead

    def end(self) -> None:
        """End it: it ends by itself where nobody asks it any more, unless it hangs."""
        with suppress(OSError):
            self._way.shutdown(socket.SHUT_RDWR)
        self._answers.close()
        self._way.close()
        try:
            self._process.wait(_LEAVING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def main() -> None:
    """Answer until nobody asks any more."""
    asking, answering = sys.stdin.buffer, sys.stdout.buffer
    while line := asking.readline():
        asked = json.loads(line)
        redactor = Redactor(key=bytes.fromhex(asked["key"]))
        for name, value in asked["secrets"]:
            redactor.register(name, value)
        packed = asking.read(asked["size"])
        if len(packed) < asked["size"]:
            break
        made = repacked(packed, redactor)
        instead = b"" if made is packed else made
        answering.write(json.dumps({"size": len(instead)}).encode() + b"\n" + instead)
        answering.flush()
