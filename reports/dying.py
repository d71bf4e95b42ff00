"""Processes that do not outlive the one that started them."""

import contextlib
import os


def die_with_parent(parent: int) -> None:
    """Let the kernel kill this process when the one that started it dies, or has died."""
    import ctypes  # noqa: PLC0415 - few processes need it
    import signal  # noqa: PLC0415

    parent_death_signal = 1
    with contextlib.suppress(OSError, AttributeError):  # Linux alone knows it
        ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
