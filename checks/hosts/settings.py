"""The files that decide whether the hosts file lives and is asked: wsl.conf and nsswitch.conf."""

import re
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from fixtures.sightings import by_hand, of_the_vantage
from fixtures.vantages import Vantage
from fixtures.vantages.escaping import escape, unescape
from fixtures.vantages.nsswitch import Step, read_orders
from reports.codec import observation

_VERSION = "/proc/version"
_SECTION = re.compile(r"\[([A-Za-z][A-Za-z0-9]*)\][ \t]*(?:#.*)?")
_KEY = re.compile(r"([A-Za-z][A-Za-z0-9]*)[ \t]*=[ \t]*(.*)")
_VALUE = re.compile(r'((?:[^"\\#]|\\[\\"bnt]|"(?:[^"\\]|\\[\\"bnt])*")*)(?:#.*)?')


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that WSL reads, with the line's number; section and key in lower case."""

    number: int
    section: str
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class WslSettings:
    """What WSL reads of its file. It reads nothing after the first malformed line."""

    settings: tuple[Setting, ...]
    malformed: int | None
    """The number of the line at which WSL gives up."""
    unread: tuple[Setting, ...]
    """Settings that stand after that line."""


@observation
class NotWsl:
    """The host's kernel is not WSL's."""

    kind: Literal["not-wsl"] = "not-wsl"
    release: str | None
    at: datetime

    @property
    def headline(self) -> str:
        return f"not WSL: the kernel is {self.release or 'unknown'}"


@observation
class WslConfMissing:
    """A host under WSL without a wsl.conf: WSL's defaults hold, and it generates the hosts file."""

    kind: Literal["wsl-conf-missing"] = "wsl-conf-missing"
    path: str
    release: str
    at: datetime

    @property
    def headline(self) -> str:
        return f"WSL ({self.release}) without {self.path}"


@observation
class WslConfSeen:
    """The wsl.conf of a host under WSL."""

    kind: Literal["wsl-conf"] = "wsl-conf"
    path: str
    release: str
    content: str
    """The whole file, as `escape` makes text of it."""
    at: datetime

    @property
    def read(self) -> WslSettings:
        """What WSL reads of it."""
        return read_settings(self.content)

    @property
    def headline(self) -> str:
        return f"{self.path}: {len(self.read.settings)} settings under WSL ({self.release})"


@observation
class NsswitchSeen:
    """The file that orders the sources of names."""

    kind: Literal["nsswitch"] = "nsswitch"
    path: str
    content: str
    """The whole file, as `escape` makes text of it."""
    at: datetime

    @property
    def orders(self) -> tuple[tuple[int, tuple[Step, ...]], ...]:
        """Each `hosts:` line: its number, and its sources in order."""
        return read_orders(unescape(self.content))

    @property
    def headline(self) -> str:
        orders = [" ".join(step.source for step in steps) for _, steps in self.orders]
        return f"{self.path}: hosts: {' / '.join(orders) or 'no such line'}"


@observation
class NsswitchMissing:
    """There is no such file: the C library's own order holds."""

    kind: Literal["nsswitch-missing"] = "nsswitch-missing"
    path: str
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.path} does not exist"


@by_hand(lambda path: f"uname -r && cat -A {shlex.quote(path)}")
@of_the_vantage
async def read_wsl_conf(
    path: str, vantage: Vantage, *, deadline: float
) -> WslConfSeen | WslConfMissing | NotWsl:
    """Read wsl.conf, if the kernel's release says that this is WSL."""
    at = datetime.now(UTC)
    kernel = await vantage.read(_VERSION, deadline=deadline)
    release = _release(kernel.content) if kernel else None
    if release is None or "microsoft" not in release.lower():
        return NotWsl(release=release, at=at)
    found = await vantage.read(path, deadline=deadline)
    if found is None:
        return WslConfMissing(path=path, release=release, at=at)
    return WslConfSeen(path=path, release=release, content=escape(found.content), at=at)


@by_hand(lambda path: f"grep -n hosts: {shlex.quote(path)}")
@of_the_vantage
async def read_nsswitch(
    path: str, vantage: Vantage, *, deadline: float
) -> NsswitchSeen | NsswitchMissing:
    """Read nsswitch.conf."""
    at = datetime.now(UTC)
    found = await vantage.read(path, deadline=deadline)
    if found is None:
        return NsswitchMissing(path=path, at=at)
    return NsswitchSeen(path=path, content=escape(found.content), at=at)


def _release(version: bytes) -> str | None:
    """Return the release in what proc(5) shows: `Linux version RELEASE (builder) …`."""
    match escape(version).split():
        case ["Linux", "version", release, *_]:
            return release
    return None


def read_settings(text: str) -> WslSettings:
    """Read a wsl.conf as WSL does (src/shared/configfile of github.com/microsoft/WSL).

    Sections and keys are read without regard to case, `#` begins a comment, quotes are
    dropped, and reading ends at the first line that is malformed.
    """
    section = ""
    malformed: int | None = None
    settings: list[Setting] = []
    unread: list[Setting] = []
    for number, line in _plain_lines(text):
        if opened := _SECTION.fullmatch(line):
            section = opened[1].lower()
        elif (pair := _KEY.fullmatch(line)) and (value := _VALUE.fullmatch(pair[2])):
            setting = Setting(number, section, pair[1].lower(), value[1].replace('"', "").strip())
            (settings if malformed is None else unread).append(setting)
        elif malformed is None:
            malformed = number
    return WslSettings(tuple(settings), malformed, tuple(unread))


def _plain_lines(text: str) -> tuple[tuple[int, str], ...]:
    """Return the lines that are neither blank nor a comment, with their numbers."""
    content = unescape(text).decode("utf-8", "replace")
    lines = enumerate((line.strip(" \t\r") for line in content.split("\n")), 1)
    return tuple((number, line) for number, line in lines if line and not line.startswith("#"))
