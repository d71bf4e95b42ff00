"""Observations of files, made by really reading text, and a host whose files are a folder."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from checks.hosts.file import HostsFileSeen
from checks.hosts.rollback import BackupSeen
from checks.hosts.settings import NsswitchSeen, WslConfSeen
from config.hosts import Block
from fixtures.vantages import FileFound, Output, Resolution, Store
from fixtures.vantages.escaping import escape
from fixtures.vantages.local import Local
from fixtures.vantages.streams import SocketStream

NOON = datetime(2025, 11, 20, 12, tzinfo=UTC)
RELEASE = "5.15.167.4-microsoft-standard-WSL2"
BLOCK = Block(marker="Plan 267-D GitHub override ({stamp})", names=("github.com", "api.github.com"))
PLAIN = "127.0.0.1 localhost\n::1 localhost ip6-localhost\n"
PINS = """\
# Plan 267-D GitHub override (2025-11-20T08:00:00Z)
140.82.112.3 github.com
140.82.112.6 api.github.com
"""
WHOLE = PLAIN + PINS


def hosts(
    text: str | bytes,
    *,
    owner: str = "root",
    mode: int = 0o644,
    hostname: str | None = "runner-7",
) -> HostsFileSeen:
    content = text.encode() if isinstance(text, str) else text
    return HostsFileSeen(
        path="/etc/hosts",
        content=escape(content),
        sha256=hashlib.sha256(content).hexdigest(),
        modified=NOON,
        owner=owner,
        mode=mode,
        hostname=hostname,
        at=NOON,
    )


def backup(text: str) -> BackupSeen:
    content = text.encode()
    return BackupSeen(
        path="/etc/hosts.plan267.20251120T080000Z.bak",
        stamp="2025-11-20T08:00:00Z",
        content=escape(content),
        sha256=hashlib.sha256(content).hexdigest(),
        modified=NOON,
        at=NOON,
    )


def wsl(text: str | bytes) -> WslConfSeen:
    content = text.encode() if isinstance(text, str) else text
    return WslConfSeen(path="/etc/wsl.conf", release=RELEASE, content=escape(content), at=NOON)


def nsswitch(text: str) -> NsswitchSeen:
    return NsswitchSeen(path="/etc/nsswitch.conf", content=escape(text.encode()), at=NOON)


@dataclass(frozen=True)
class Elsewhere:
    """This host, with its files below a folder, and variables for its commands."""

    root: Path
    name: str = "elsewhere"
    kind: str = "local"
    authorities: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    here: Local = field(default_factory=Local)

    def port(self, address: str, port: int) -> int:
        return self.here.port(address, port)

    async def run(
        self, argv: Sequence[str], *, deadline: float, env: Sequence[tuple[str, str]] = ()
    ) -> Output:
        return await self.here.run(argv, deadline=deadline, env=(*env, *self.env))

    async def open(self, address: str, port: int, *, deadline: float) -> SocketStream:
        return await self.here.open(address, port, deadline=deadline)

    async def resolve(self, name: str, *, deadline: float) -> Resolution:
        return await self.here.resolve(name, deadline=deadline)

    async def store(self, *, deadline: float) -> Store | None:
        return await self.here.store(deadline=deadline)

    async def read(self, path: str, *, deadline: float) -> FileFound | None:
        return await self.here.read(f"{self.root}{path}", deadline=deadline)


def a_host(root: Path, files: Mapping[str, str | bytes]) -> Elsewhere:
    """Write files below the root, by their paths, and return the host that has them."""
    for name, text in files.items():
        path = root / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return Elsewhere(root)
