"""Repositories and workflow files, written for the tests."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from checks.wire.workflows.events import Surroundings
from checks.wire.workflows.files import file_seen
from checks.wire.workflows.loading import Loaded, load
from checks.wire.workflows.seen import WorkflowFile
from fixtures.repositories import Source

CI = ".github/workflows/ci.yml"
AROUND = Surroundings("acme/app", "main")


def written(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, by nobody's configuration."""
    ended = subprocess.run(
        ["git", "-c", "user.name=T", "-c", "user.email=t@a.test", "-C", folder, *arguments],
        env={"PATH": "/usr/bin:/bin", "GIT_CONFIG_GLOBAL": "/dev/null", "HOME": str(folder)},
        check=True,
        capture_output=True,
        text=True,
    )
    return ended.stdout.strip()


def committed(folder: Path, files: Mapping[str, str | bytes]) -> str:
    """Commit files into the repository of a folder, made where there is none; return the SHA."""
    written(folder, files)
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "as it is now")
    return git(folder, "rev-parse", "HEAD")


def source(folder: Path, ref: str | None = None) -> Source:
    return Source("app", str(folder), ref, None, None, "main")


def seen(text: str | bytes, path: str = CI, **others: str) -> WorkflowFile:
    """Return what is seen of a workflow file; `others` are other files, `/` written as `__`."""
    raw = text if isinstance(text, bytes) else text.encode()
    files = {path: load(raw, path)}
    actions: dict[str, Loaded | None] = {}
    for name, content in others.items():
        other = f".github/{name.replace('__', '/')}"
        if name.startswith("workflows"):
            files[f"{other}.yml"] = load(content.encode(), f"{other}.yml")
        else:
            actions[other] = load(content.encode(), f"{other}/action.yml")
    return file_seen(raw, files[path], files, actions, AROUND)
