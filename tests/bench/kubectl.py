"""The peer of what is listed of a cluster: kubectl."""

import os
from collections.abc import Iterable
from pathlib import Path

from tests.bench.machine import TOOLS, Ended, program, timed, version_of
from tests.bench.rows import Peer

_OWN = TOOLS.parent / "kubectl" / "kubectl"


def path() -> str:
    """Return where kubectl is; raises `MissingError`."""
    return str(_OWN) if os.access(_OWN, os.X_OK) else program("kubectl", ".ci/kubectl")


def peer() -> Peer:
    """Return kubectl as what is compared with; raises `MissingError`."""
    return Peer("kubectl get -o json", version_of(path(), "version", "--client"))


def get(kubeconfig: Path, kinds: Iterable[str]) -> Ended:
    """Get all objects of the kinds, one kind after the other."""
    commands = [f"{path()} get {kind} -A -o json >/dev/null" for kind in kinds]
    return timed(["sh", "-c", " && ".join(commands)], env={"KUBECONFIG": str(kubeconfig)})
