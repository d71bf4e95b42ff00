"""What a run has started on this host: known by a variable that it hands down, and so ended.

Every process inherits it, also one that has a session of its own by now, or whose parent is
gone. One that drops it is known by the session of the command that started it, which nobody
else can enter.
"""

import contextlib
import os
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

NAME = "TOUCHSTONE_RUN"
_PROC = Path("/proc")
_AGAIN = 0.01


def new_lineage() -> str:
    """Return the name of a lineage: no other run has it."""
    return secrets.token_hex(16)


@contextlib.contextmanager
def handing_down(lineage: str) -> Iterator[None]:
    """Let what this process starts meanwhile be of the lineage; it is not of it itself."""
    before = os.environ.get(NAME)
    os.environ[NAME] = lineage
    try:
        yield
    finally:
        del os.environ[NAME]
        if before is not None:
            os.environ[NAME] = before


def handed_down() -> dict[str, str]:
    """Return the variable, for who makes an environment of its own; nothing outside a run."""
    return {NAME: os.environ[NAME]} if NAME in os.environ else {}


def without_lineage() -> dict[str, str]:
    """Return this process's variables for one that is to outlive the run."""
    return {name: value for name, value in os.environ.items() if name != NAME}


def end_offspring(lineage: str, *, within: float) -> None:
    """Kill who is of the lineage, and the sessions that such lead, in so many seconds at most.

    Where there is no /proc, as elsewhere than on Linux, nobody is found.
    """
    line = f"\0{NAME}={lineage}\0".encode()
    until = time.monotonic() + within
    while _kill_those_there(line) and time.monotonic() < until:
        time.sleep(_AGAIN)


def _kill_those_there(line: bytes) -> bool:
    """Kill those that are there now, and tell whether there were any: they may have begun more."""
    living = [int(path.name) for path in _PROC.glob("[0-9]*")]
    known = {one for one in living if _is_of(one, line)}
    led = {one for one in known if _session_of(one) == one}
    dropped = {one for one in living if one not in known and _session_of(one) in led}
    for one in dropped:
        _kill(one, lambda process: _session_of(process) in led)
    for one in known:
        _kill(one, lambda process: _is_of(process, line))
    return bool(known or dropped)


def _is_of(process: int, line: bytes) -> bool:
    """Tell whether a process was handed it; a dead one, and another user's, shows nothing."""
    try:
        return line in b"\0" + (_PROC / str(process) / "environ").read_bytes() + b"\0"
    except OSError:
        return False


def _session_of(process: int) -> int | None:
    """Return the session that a living process is in (proc_pid_stat(5))."""
    try:
        told = (_PROC / str(process) / "stat").read_text("utf-8", "replace")
    except OSError:
        return None
    state, _, _, session, *_ = told.rpartition(")")[2].split()
    return None if state in {"Z", "X"} else int(session)


def _kill(process: int, is_ours: Callable[[int], bool]) -> None:
    """Kill a process, if it is still the one that was found: its number may be another's."""
    with contextlib.suppress(OSError, AttributeError):  # a kernel without such descriptors
        held = os.pidfd_open(process)
        try:
            if is_ours(process):
                signal.pidfd_send_signal(held, signal.SIGKILL)
        finally:
            os.close(held)
