"""Far sides that never stop by themselves, and the bounds within which we stop them."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

GIGABYTE = 1 << 30
MEGABYTE = 1 << 20
BUFFERED = 16 * MEGABYTE
"""What the kernel's two buffers take of a far side that nobody reads, and some more."""
_MEMORY = re.compile(r"Vm(HWM|RSS):\s+(\d+) kB")
_ROOM = 96 * MEGABYTE
"""Bytes of memory, the far side's own among them: it runs in a thread of this process.
A tenth of what is poured, and twice what was ever seen."""


@dataclass
class Flood:
    """What is sent again and again, up to a gigabyte; `sent` counts the bytes that were taken."""

    sent: int = 0

    def pour(self, send: Callable[[bytes], object], part: bytes) -> None:
        """Send it until the other side ends, which raises an `OSError` here."""
        whole = part * max(1, 16384 // len(part))
        with suppress(OSError):
            while self.sent < GIGABYTE:
                send(whole)
                self.sent += len(whole)


@contextmanager
def bounded(seconds: float, room: int = _ROOM) -> Iterator[None]:
    """Hold what is done inside to a time, and to so much memory more than there was before."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew (proc_pid_clear_refs(5))
    before, began = _memory()["RSS"], time.monotonic()
    yield
    took, grown = time.monotonic() - began, _memory()["HWM"] - before
    assert took < seconds, f"{took:.1f} s"
    assert grown < room, f"{grown >> 20} MiB"


def _memory() -> dict[str, int]:
    """Return the bytes of memory that this process has (RSS), and had at its peak (HWM)."""
    found = _MEMORY.findall(Path("/proc/self/status").read_text())
    return {name: int(kilobytes) * 1024 for name, kilobytes in found}
