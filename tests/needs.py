"""What a test needs of the machine: skipped with the reason where it is absent, failed on CI."""

import os
import shutil
import subprocess
from typing import NoReturn

import pytest

_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
_UNSHARE = ("unshare", "-Urnmpf", "--kill-child")
_AS_ROOT = ("unshare", "-nmpf", "--kill-child")


def need(tool: str) -> str:
    """Return the path of a program."""
    return shutil.which(tool, path=_PATH) or absent(f"{tool} is not installed")


def need_namespace() -> tuple[str, ...]:
    """Return the command before which another runs as root of a network and mounts of its own."""
    return _namespace(_UNSHARE)


def need_root_namespace() -> tuple[str, ...]:
    """Return the same for who is root outside too: whose engine can run containers in it."""
    if os.geteuid():
        absent("only root can be sure to make containers here")
    return _namespace(_AS_ROOT)


def _namespace(words: tuple[str, ...]) -> tuple[str, ...]:
    argv = (need(words[0]), *words[1:])
    tried = subprocess.run([*argv, "true"], capture_output=True, text=True, timeout=30, check=False)
    if tried.returncode:
        absent(f"this machine makes no namespaces: {tried.stderr.strip()}")
    return argv


def absent(reason: str) -> NoReturn:
    """Skip the test for the reason; on CI everything has to be there."""
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(f"on CI this must be there: {reason}")
    pytest.skip(reason)
