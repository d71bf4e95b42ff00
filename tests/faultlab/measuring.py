"""Looking at a fault with the real program, and reading what its journal names."""

import json
import re
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.faultlab.fault import Fault, profile_of
from tests.faultlab.lab import FOLDER
from tests.faultlab.places import HOST
from tests.faultlab.wiring import at
from tests.program import Ended, run_checks

# What differs from run to run, or from one release of a tool to the next.
_UNSTEADY = (
    (re.compile(r"#[\w-]{16}"), "#…"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\dZ"), "…"),
    (re.compile(r"\b[1-9]\d* (of \d+ bytes|bytes)"), r"… \1"),
    (re.compile(r"\d+\.\d s\b"), "… s"),
    (re.compile(r"[+-]\d+ s\b"), "… s"),
    (re.compile(r"(segments|ClientHello) of \d+"), r"\1 of …"),
    (re.compile(r"(git ls-remote: broken at \w+): .*?((?: \d{3})?)$"), r"\1: …\2"),
)
_LINES = 2
"""Facts of the first diagnosis that a row shows."""


@dataclass(frozen=True)
class Measured:
    """What a run of the program said of a fault: a row of the table."""

    fault: str
    causes: tuple[str, ...]
    """All that its violated checks name, taken together."""
    violated: tuple[str, ...]
    """Its violated checks, each once."""
    seen: str
    """The first facts of the first diagnosis; without one, the first reason."""
    verdicts: tuple[str, ...]
    """The kinds of verdict that there are."""


def measure(fault: Fault) -> Measured:
    """Break the lab so, run the program, and mend it again."""
    folder = Path(mkdtemp(prefix="run-", dir=FOLDER))
    profile = folder / "faultlab.yaml"
    profile.write_text(json.dumps(profile_of(fault)))
    with ExitStack() as stack:
        stack.enter_context(fault.resolves())
        stack.enter_context(fault.breaks())
        ended = run_checks(
            folder,
            *(f"--profile={profile}", "-m", "network or tls or hosts"),
            env=dict(fault.env),
            within=(*at(HOST), *fault.within),
        )
    return _read(fault, ended)


def _read(fault: Fault, ended: Ended) -> Measured:
    assert ended.folder is not None, ended.out
    lines = ended.journal("verdict")
    violated = [line for line in lines if line["verdict"] == "violated"]
    named = [one for line in violated for one in line["diagnoses"]]
    facts = ["; ".join(one["facts"][:_LINES]) for one in named]
    reasons = [str(line["reason"]) for line in lines if line["verdict"] == "inconclusive"]
    return Measured(
        fault=fault.name,
        causes=tuple(dict.fromkeys(one["cause"] for one in named)),
        violated=tuple(dict.fromkeys(map(_name, violated))),
        seen=steady(next(iter(facts or reasons), "")),
        verdicts=tuple(sorted({line["verdict"] for line in lines})),
    )


def _name(line: dict[str, Any]) -> str:
    return str(line["check"]).partition("::")[2].partition("[")[0]


def steady(text: str) -> str:
    """Leave out of a fact what another run, or another release of a tool, says otherwise."""
    for pattern, instead in _UNSTEADY:
        text = pattern.sub(instead, text)
    return text


def to_line(measured: Measured) -> str:
    """Write it as one line."""
    return json.dumps(asdict(measured))


def as_measured(read: dict[str, Any]) -> Measured:
    """Read a row of the table; what else stands in it is left."""
    return Measured(
        fault=str(read["fault"]),
        causes=tuple(read["causes"]),
        violated=tuple(read["violated"]),
        seen=str(read["seen"]),
        verdicts=tuple(read["verdicts"]),
    )
