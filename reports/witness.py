"""The witness: a process that outlives the run, and seals it when it dies without an end.

It holds the read end of a FIFO in the run's folder; every process of the run holds it open
for writing. When the last of them is gone, and the run is not sealed, the witness seals it.
"""

import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ALIVE = ".alive"
"""The FIFO that every process of a run holds open."""
_LINGERING = 0.5
"""Seconds in which what a dead run has started must let go; then it is sealed all the same."""
_NOT_SEALED = "not sealed: "
"""So the words of a refusal begin; the status alone may have another cause."""
_ENDING = 1.0
"""Seconds in which what a dead run has started is killed; one that the kernel holds is left."""
_LEAVING = 2.0
"""Seconds in which the witness of a run that has sealed itself ends."""


class Watched:
    """A run that is watched, as seen from the process that began it."""

    def __init__(self, folder: Path, canary: str, lineage: str) -> None:
        """Start the witness of the run in the folder; raises `OSError` where it cannot be.

        Who is of the lineage (see `reports.offspring`) is ended if the run dies without an end.
        """
        from reports.offspring import without_lineage  # noqa: PLC0415 - as a program it finds none

        self._read, self._held = _fifo(folder / ALIVE)
        self._tell({"canary": canary, "lineage": lineage, "process": os.getpid()})
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, str(folder)],
            stdin=self._read,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=without_lineage(),
            start_new_session=True,
        )

    def leave_behind(self, folder: Path) -> None:
        """Name a temporary folder that is to be removed if the run dies before it does that."""
        self._tell({"remove": str(folder)})

    def end(self) -> None:
        """Let go of the run, which has been sealed, and wait for the witness to see it."""
        for descriptor in (self._held, self._read):
            os.close(descriptor)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_LEAVING)

    def _tell(self, said: dict[str, Any]) -> None:
        with contextlib.suppress(BrokenPipeError):
            os.write(self._held, json.dumps(said).encode() + b"\n")


def _fifo(path: Path) -> tuple[int, int]:
    """Open a FIFO at both ends; a plain pipe, where the file system has no such thing."""
    try:
        os.mkfifo(path, 0o600)
    except OSError:  # as on a Windows drive that WSL shows: further processes do without
        return os.pipe()
    return os.open(path, os.O_RDONLY | os.O_NONBLOCK), os.open(path, os.O_WRONLY)


def hold(folder: Path) -> None:
    """Hold the run open in a further process of it, for as long as this process lives."""
    with contextlib.suppress(OSError):  # it dies with the one that holds it, if need be
        os.open(folder / ALIVE, os.O_WRONLY | os.O_NONBLOCK)


def _watch(folder: Path) -> None:
    """Wait for the end of the run, and seal it if nobody did."""
    told = _wait(sys.stdin.fileno())
    has_ended = (folder / "manifest.json").exists() or _was_refused(folder)
    if not has_ended and "lineage" in told:
        _end_offspring(told["lineage"])
    for path in told.get("remove", ()):
        _remove(Path(path))
    try:
        if not has_ended:
            _seal(folder, told.get("canary"))
    finally:
        _sweep()


def _was_refused(folder: Path) -> bool:
    """Tell whether the run came to its end, and found that it must not be sealed."""
    with contextlib.suppress(ValueError, OSError):
        with (folder / "journal.jsonl").open("rb") as journal:
            last = b""
            for line in journal:
                last = line
        end = json.loads(last)
        return bool(end["kind"] == "run.end" and end["exit"]["words"].startswith(_NOT_SEALED))
    return False


def _wait(pipe: int) -> dict[str, Any]:
    """Return what the run has told, when it is gone."""
    told: dict[str, Any] = {"remove": []}
    heard = b""
    waiting = select.poll()
    waiting.register(pipe, select.POLLIN | select.POLLHUP)
    dead: int | None = None
    limit: float | None = None
    while events := waiting.poll(limit):
        if dead is not None and dead in dict(events):  # POLLHUP too, once it is waited for
            waiting.unregister(dead)
            limit = _LINGERING * 1000
            continue
        heard_now = os.read(pipe, 1 << 16)
        if not heard_now:
            break
        *lines, heard = (heard + heard_now).split(b"\n")
        for line in lines:
            _hear(json.loads(line), told)
        if dead is None and "process" in told:
            dead = _death_of(told["process"])
            if dead is not None:
                waiting.register(dead, select.POLLIN)
    return told


def _hear(said: dict[str, Any], told: dict[str, Any]) -> None:
    if "remove" in said:
        told["remove"].append(said["remove"])
    else:
        told.update(said)


def _death_of(process: int) -> int | None:
    """Return a descriptor that becomes readable when the process dies, where there are such."""
    try:
        return os.pidfd_open(process)
    except (AttributeError, OSError):
        return None


def _remove(folder: Path) -> None:
    """Remove a folder that the run made among the temporary ones, and nothing else."""
    if folder.parent == Path(tempfile.gettempdir()) and folder.name.startswith("touchstone-"):
        shutil.rmtree(folder, ignore_errors=True)


def _end_offspring(lineage: str) -> None:
    """End what the run has started and can no longer end, before it is sealed."""
    from reports.offspring import end_offspring  # noqa: PLC0415 - it is read at the end, if at all

    end_offspring(lineage, within=_ENDING)


def _sweep() -> None:
    """Remove what processes of the run left that were lost, and could not tell of it."""
    from reports.temporary import sweep  # noqa: PLC0415 - it is read at the end

    sweep()


def _seal(folder: Path, canary: str | None) -> None:
    from reports.canary import Canary  # noqa: PLC0415 - it is read at the end, if at all
    from reports.sealing import seal_lost  # noqa: PLC0415

    seal: Callable[..., Any] = seal_lost
    seal(
        folder,
        by="the witness",
        reason="the run was lost: its process ended without an end",
        canary=Canary(canary) if canary else None,
    )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    _watch(Path(sys.argv[1]))
