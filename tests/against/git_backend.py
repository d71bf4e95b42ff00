"""Repositories behind nginx, by fcgiwrap and git's own http-backend; and git itself, asking."""

import os
import re
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.checks.wire.test_git import FEED
from tests.needs import need

BRANCHES = 3000
_TRACED = re.compile(r"packet: +git(?:-remote-https)?< [0-9a-f]+ \S+?\\0(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Listed:
    """What `git ls-remote --symref` printed, or why it did not."""

    status: int
    refs: Mapping[str, str]
    symref: str | None
    """What HEAD points to."""
    capabilities: tuple[str, ...] | None
    """What the server said that it can; None where git's trace does not tell."""
    error: str


def make_repositories(folder: Path) -> None:
    """Make bare repositories of every kind in the folder."""
    for name in ("whole", "unborn", "detached", "many", "hidden", "switched-off"):
        _make(folder / f"{name}.git")
    _make(folder / "sha256.git", "--object-format=sha256")
    _git("init", "--quiet", "--bare", "--initial-branch=main", str(folder / "empty.git"))
    _in(folder / "unborn.git", "symbolic-ref", "HEAD", "refs/heads/later")
    _in(folder / "detached.git", "update-ref", "--no-deref", "HEAD", "refs/heads/main")
    main = _in(folder / "many.git", "rev-parse", "main").decode().strip()
    created = (f"create refs/heads/branch-{one} {main}\n" for one in range(BRANCHES))
    _in(folder / "many.git", "update-ref", "--stdin", feed="".join(created).encode())
    _in(folder / "hidden.git", "config", "transfer.hideRefs", "refs/tags")
    _in(folder / "switched-off.git", "config", "http.uploadpack", "false")
    _in(folder / "whole.git", "update-server-info")  # for clients that know no smart HTTP


@contextmanager
def fcgiwrap(place: Path) -> Iterator[None]:
    """Run git's http-backend and other CGI programs for whoever asks at the socket."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place))
        listener.listen(64)
        process = subprocess.Popen(
            [need("fcgiwrap")], stdin=listener.fileno(), stderr=subprocess.DEVNULL
        )
    with process:
        try:
            yield
        finally:
            process.terminate()


def ls_remote(url: str, authorities: Path, protocol: int) -> Listed:
    """List the refs as somebody would by hand, in this version of git's protocol."""
    ended = subprocess.run(
        [
            need("git"),
            "-C",
            "/",
            "-c",
            f"protocol.version={protocol}",
            "ls-remote",
            "--symref",
            url,
        ],
        env=os.environ
        | {
            "LC_ALL": "C",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_SSL_CAINFO": str(authorities),
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_TRACE_PACKET": "1",
            "no_proxy": "*",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    lines = [line.split("\t") for line in ended.stdout.splitlines()]
    pointing = [value for value, name in lines if name == "HEAD" and value.startswith("ref: ")]
    traced = _TRACED.search(ended.stderr)
    said = [line for line in ended.stderr.splitlines() if " packet: " not in line]
    return Listed(
        status=ended.returncode,
        refs={name: value for value, name in lines if not value.startswith("ref: ")},
        symref=pointing[0].removeprefix("ref: ") if pointing else None,
        capabilities=tuple(traced[1].split()) if traced else None,
        error="\n".join(said),
    )


def _make(repository: Path, *more: str) -> None:
    _git("init", "--quiet", "--bare", "--initial-branch=main", *more, str(repository))
    _in(repository, "fast-import", "--quiet", feed=FEED)


def _in(repository: Path, *arguments: str, feed: bytes = b"") -> bytes:
    return _git("-C", str(repository), *arguments, feed=feed)


def _git(*arguments: str, feed: bytes = b"") -> bytes:
    return subprocess.run(
        [need("git"), *arguments],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"},
        input=feed,
        stdout=subprocess.PIPE,
        timeout=60,
        check=True,
    ).stdout
