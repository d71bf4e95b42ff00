"""Real repositories for tests: worktrees, bare mirrors, and mirrors served over HTTP."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from fixtures.lab.git import repositories_in
from fixtures.lab.serving import serve_pages

_WHO = "A Person"


def git(folder: Path, *words: str, feed: bytes = b"", env: Mapping[str, str] | None = None) -> str:
    """Run git in a folder, by nobody's configuration, and return its output."""
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": "/nonexistent"}
    ended = subprocess.run(
        ["git", "-C", str(folder), "-c", "protocol.file.allow=always", *words],
        input=feed,
        capture_output=True,
        timeout=60,
        check=False,
        env={"PATH": os.environ["PATH"], **own, **(env or {})},
    )
    assert ended.returncode == 0, ended.stderr.decode()
    return ended.stdout.decode("utf-8", "surrogateescape").strip()


def make_worktree(folder: Path, branch: str = "v0.1") -> Path:
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "--template=", "-b", branch)
    git(folder, "config", "user.name", _WHO)
    git(folder, "config", "user.email", "a.person@example.org")
    return folder


def commit(folder: Path, files: Mapping[str, str | None], who: str = _WHO) -> str:
    """Commit files to the branch that is checked out; None removes one. Returns the full id."""
    for name, content in files.items():
        path = folder / name
        if content is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    git(folder, "add", "-A")
    address = f"{who.lower().replace(' ', '.')}@example.org"
    author = {"GIT_AUTHOR_NAME": who, "GIT_AUTHOR_EMAIL": address}
    committer = {"GIT_COMMITTER_NAME": who, "GIT_COMMITTER_EMAIL": address}
    git(folder, "commit", "-q", "--allow-empty", "-m", "A change", env=author | committer)
    return git(folder, "rev-parse", "HEAD")


def make_bare(folder: Path, of: Path) -> Path:
    """Make a bare clone of a repository that serves every object that it has."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    git(of, "clone", "-q", "--bare", str(of), str(folder))
    git(folder, "config", "uploadpack.allowFilter", "true")
    git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
    return folder


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the bare repositories of a folder over HTTP, by git's own http-backend."""
    with serve_pages(repositories_in(folder)) as port:
        yield f"http://127.0.0.1:{port}"
