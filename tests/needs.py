"""What a test needs of the machine: skipped with the reason where it is absent, failed on CI."""

import os
import shutil
import subprocess
from typing import NoReturn

import pytest

_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
_UNSHARE = ("unshare", "-Urnmpf", "--kill-child")


def need(tool: str) -> str:
    """Return the path of a program."""
    return shutil.which(tool, path=_PATH) or absent(f"{tool} is not installed")


def need_namespace() -> tuple[str, ...]:
    """Return the command before which another runs as root of a network and mounts of its own."""
    argv = (need(_UNSHARE[0]), *_UNSHARE[1:])
    tried = subprocess.run([*argv, "true"], capture_output=True, text=True, timeout=30, check=False)
    if tried.returncode:
        absent(f"this machine makes no namespaces: {tried.stderr.strip()}")
    return argv


def absent(reason: str) -> NoReturn:
    """Skip the test for the reason; on CI everything has to be there."""
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(f"on CI this must be there: {reason}")
    pytest.skip(reason)
