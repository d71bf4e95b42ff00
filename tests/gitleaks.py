"""gitleaks, which .ci/gitleaks builds where it is not installed: one more pair of eyes."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.needs import absent

_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
_BUILT = _CACHE / "touchstone" / "gitleaks"


def gitleaks(folder: Path) -> Sequence[str]:
    """Return what it finds below a folder."""
    path = os.pathsep.join((str(_BUILT), os.environ.get("PATH", os.defpath)))
    program = shutil.which("gitleaks", path=path) or absent(
        f"gitleaks is not there: .ci/gitleaks builds it in {_BUILT}"
    )
    command = [program, "dir", str(folder), "--no-banner", "--no-color", "--verbose"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode in (0, 1), ended.stderr
    return ended.stdout.splitlines() if ended.returncode else []
