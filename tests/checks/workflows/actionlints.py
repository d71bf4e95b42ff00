"""The real actionlint, which .ci/actionlint builds, in front of this process's PATH."""

import os
import re
import subprocess
from pathlib import Path

from tests.needs import absent
from tests.program import ROOT

_SCRIPT = (ROOT / ".ci" / "actionlint").read_text()
VERSION = re.findall(r"^version=([\d.]+)$", _SCRIPT, re.MULTILINE)[0]
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
_BUILT = _CACHE / "touchstone" / "actionlint"


def path_with_actionlint() -> str:
    """Return a PATH on which the actionlint comes first that the tests are written for."""
    path = os.environ.get("PATH", os.defpath)
    for folder in (str(_BUILT), *path.split(os.pathsep)):
        program = Path(folder, "actionlint")
        if program.is_file() and _version(program).startswith(VERSION):
            return os.pathsep.join((folder, path))
    return absent(f"actionlint {VERSION} is not there: .ci/actionlint builds it in {_BUILT}")


def _version(program: Path) -> str:
    command: list[str | Path] = [program, "-version"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return ended.stdout
