"""What is next after a run, and how it is typed."""

import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from reports.wrapping import beside as set_beside

LAB = "lab"
_REAL = "real evidence about GitHub, from here"
_FAULT = "how a fault reads (--lab-fault help lists them)"


def typed(program: str, beside: Path) -> str:
    """Return how a program of this environment is typed: its name where PATH leads to it."""
    own = Path(sys.executable).parent / program
    on_path = shutil.which(program)
    if on_path is not None and Path(on_path) == own:
        return program
    return shlex.quote(shown(own, beside))


def following_of(
    profile: str,
    words: Mapping[str, int],
    pytest_: str,
    python: str,
    *,
    width: int,
    chained: bool,
) -> list[str]:
    """Say what is next; `chained` is a run of one area that showed a chain, link by link."""
    if words.get("violated") or words.get("inconclusive"):
        return ["the record's problem list: what was seen, and the command to see it by hand"]
    if profile == LAB:
        fault = "runtime-image-old" if chained else "tls-alert"
        return set_beside(
            [
                *([] if chained else [(f"{pytest_} -m network", _REAL)]),
                (f"{pytest_} --profile lab --lab-fault {fault}", _FAULT),
                (f"{python} -m fixtures.lab", "keeps the lab up, to look at it by hand"),
            ],
            width,
        )
    if not words.get("upheld"):
        return ["nothing was proved: see what the profile declares absent"]
    return ["attach the log and the record to the plan, and note the head there"]


def shown(path: Path, root: Path) -> str:
    """Return a path relative to the root, where it lies below it."""
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
