"""Signals that end a run from outside: it ends in order, and is sealed as interrupted."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NoReturn

import pytest

_ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_Handler = Callable[[int, FrameType | None], object] | int | None


def _stop(number: int, _: FrameType | None) -> NoReturn:
    """Raise what pytest ends a session for, as it does for Ctrl-C."""
    pytest.exit(signal.Signals(number).name, returncode=pytest.ExitCode.INTERRUPTED)


def what_stopped(raised: BaseException) -> str | None:
    """Return the signal that a session was interrupted by; None where it stopped by itself."""
    if isinstance(raised, pytest.exit.Exception):
        return str(raised.msg) if raised.returncode in (None, pytest.ExitCode.INTERRUPTED) else None
    return "SIGINT" if type(raised) is KeyboardInterrupt else None


@contextlib.contextmanager
def ending_in_order(*, alone: bool) -> Iterator[None]:
    """Let the signals that would kill the process end the session instead.

    A worker, which is not `alone`, leaves Ctrl-C to the process that started it.
    """
    with _handling(_ENDING, _stop), _handling(() if alone else (signal.SIGINT,), signal.SIG_IGN):
        yield


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Let no signal that can be held off break what is done here; it is bounded."""
    with _handling((signal.SIGINT, *_ENDING), signal.SIG_IGN):
        yield


@contextlib.contextmanager
def _handling(signals: tuple[signal.Signals, ...], handler: _Handler) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say so
        return
    before = {one: signal.signal(one, handler) for one in signals}
    try:
        yield
    finally:
        for one, was in before.items():
            signal.signal(one, was)
