"""What ends a run before its end: signals, in order and as interrupted, and an exit at once."""

import contextlib
import os
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
def never_ending_as_success(status: int, tell: Callable[[str], object]) -> Iterator[None]:
    """Let no code of this process end it at once with 0: only the end of the run may say that.

    Such an end becomes one with the `status`, and is told of. What ends the process past
    Python, as `exit` of a C library does, is not held.
    """
    process, leave = os.getpid(), os._exit

    def held(code: int) -> NoReturn:
        if os.getpid() != process or code & 0xFF:
            leave(code)  # a child that was forked ends as it likes
        try:
            tell(f"touchstone: os._exit({code}) before the end of the run: the exit is {status}")
        finally:
            leave(status)

    vars(os)["_exit"] = held
    try:
        yield
    finally:
        vars(os)["_exit"] = leave


@contextlib.contextmanager
def held_off() -> Iterator[None]:
    """Let a signal that comes while this is done wait until it is done; it is bounded."""
    came: list[int] = []
    with _handling((signal.SIGINT, *_ENDING), lambda number, _: came.append(number)):
        yield
    if came:
        signal.raise_signal(came[0])


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
