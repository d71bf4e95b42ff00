"""The manifest of a sealed run: the digest of each of its files, and the heads of its chains."""

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reports import files

MANIFEST = "manifest.json"
RECORD = "record.md"
FIELDS = frozenset({"run", "head", "chains", "files", "outside"})
"""What a manifest says, and nothing else."""
_FOLDER = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")


def newest_sealed(evidence_dir: Path) -> dict[str, str] | None:
    """Return the folder and the head of the newest sealed run, as its manifest says."""
    names = sorted((entry.name for entry in os.scandir(evidence_dir)), reverse=True)
    for name in names:
        if not _FOLDER.fullmatch(name):
            continue
        try:
            head = json.loads((evidence_dir / name / MANIFEST).read_bytes())["head"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if isinstance(head, str):
            return {"run": name, "head": head}
    return None


def manifest_of(
    folder: Path,
    run_id: str,
    *,
    head: str,
    heads: Mapping[str, Mapping[str, Any]],
    outside: Sequence[Path],
    redact: Callable[[str], str],
) -> bytes:
    """Compose the manifest of a run's folder.

    `head` is that of the run, `heads` are those of each journal (`Chains.heads`), and `outside`
    are files elsewhere, by their digests.
    """
    held = {
        "run": run_id,
        "head": head,
        "chains": heads,
        "files": {
            path.relative_to(folder).as_posix(): files.sha256(path) for path in files.below(folder)
        },
        "outside": {redact(str(path.resolve())): files.sha256(path) for path in outside},
    }
    return (json.dumps(held, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode()
