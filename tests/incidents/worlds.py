"""The hosts on which incidents happen, and the program run on them as a user runs it."""

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.program import ROOT, Ended

INCIDENTS = "checks/causes/incidents"
"""Where the worked examples lie, from the checkout."""
_NAMED = """\
set -eu
{steps}
exec unshare --uts sh -c 'hostname {name}; exec "$@"' sh "$@"
"""


def text_of(incident: str, file: str) -> str:
    """Return the text of a file that is kept with an incident."""
    return (ROOT / INCIDENTS / incident / file).read_text(encoding="utf-8")


def named(within: Sequence[str], name: str, steps: str = "") -> tuple[str, ...]:
    """Return the command that runs another on a host that has this name, after some steps."""
    return (*within, "sh", "-c", _NAMED.format(steps=steps, name=shlex.quote(name)), "sh")


def run_there(host: Path, within: Sequence[str], incident: str, *arguments: str) -> Ended:
    """Run the checks by the incident's profile; inside, the folder `host` is `/mnt`.

    No path of this machine is among the arguments, so none is in the record.
    """
    evidence = host / "evidence"
    before = set(evidence.glob("*-*"))
    options = (f"--profile={INCIDENTS}/{incident}/profile.yaml", "--evidence-dir=/mnt/evidence")
    ended = subprocess.run(
        [*within, sys.executable, "-m", "pytest", *arguments, *options],
        cwd=ROOT,
        env=_own() | {"NO_COLOR": "1", "COLUMNS": "120", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
        check=False,
    )
    made = next(iter(set(evidence.glob("*-*")) - before), None)
    return Ended(ended.returncode, ended.stdout, made)


def _own() -> dict[str, str]:
    """Return this process's variables but those of its own network, which a record would name."""
    return {name: text for name, text in os.environ.items() if not name.endswith("_CA_BUNDLE")}
