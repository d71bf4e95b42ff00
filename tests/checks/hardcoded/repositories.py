"""Real repositories, and what is found in them."""

import asyncio
import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from checks.hardcoded.probe import Scanned, look_for_hardcoded
from checks.hardcoded.seen import HardcodedSeen
from config.rules import Rule
from fixtures.repositories import Source
from fixtures.vantages.local import Local

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
Files = Mapping[str, str | bytes]


def rule(pattern: str = "BAD[0-9]", **changes: Any) -> Rule:
    fields: dict[str, Any] = {
        "id": "bad",
        "says": "bad text",
        "instead": "write good text",
        "pattern": pattern,
        "matches": ("BAD1",),
        "passes": ("good",),
    }
    return Rule(**(fields | changes))


def reads(variable: str, **changes: Any) -> Rule:
    return rule(
        **{"id": "reads", "pattern": None, "reads": variable, "matches": (), "passes": ()} | changes
    )


def write(root: Path, files: Files) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def repository(root: Path, files: Files) -> Path:
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    commit(root, files)
    return root


def commit(root: Path, files: Files) -> str:
    write(root, files)
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "a commit")
    return git(root, "rev-parse", "HEAD")


def git(root: Path, *words: str) -> str:
    plain = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    ended = subprocess.run(
        ["git", "-C", root, *who, *words],
        env=os.environ | plain,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return ended.stdout.strip()


def look(
    root: Path, *rules: Rule, ref: str | None = None, deadline: float = 60, **changes: Any
) -> HardcodedSeen:
    source = Source("demo", str(root), ref, None, None, "main")
    fields = {"since": None, "not_in": (), "largest": 1 << 26} | changes
    target = Scanned(source, rules or (rule(),), **fields)
    return asyncio.run(look_for_hardcoded(target, Local(), deadline=deadline))


def places(seen: HardcodedSeen) -> list[str]:
    return [one.where for one in seen.findings.found]


def left_out(seen: HardcodedSeen) -> dict[str, Sequence[str]]:
    return {one.why: one.named for one in seen.left_out}
