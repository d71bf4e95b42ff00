"""What is next after a run, and how it is typed."""

import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from reports.links import Linked
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


def closeouts_of(every: Sequence[Linked], run: str, python: str) -> list[str]:
    """Return how the closeout of the first chain that is not whole is written, or of the first.

    Below it stands of how many others one is written in the same way.
    """
    able = [one for one in every if one.closeout]
    first = next((one for one in able if one.first is not None), next(iter(able), None))
    if first is None:
        return []
    words = (run if word == "RUN" else word for word in first.closeout)
    told = f"{python} -m {shlex.join(words)}"
    more = len(able) - 1
    return [told, f"and so of {more} more, each by its name"] if more else [told]


def shown(path: Path, root: Path) -> str:
    """Return a path relative to the root, where it lies below it."""
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
