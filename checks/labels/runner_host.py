"""A runner's directory on its host: its name, its version, and since when it listens for jobs."""

import json
import re
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from checks.labels.keepers import Keeper, keeper_of
from fixtures.sightings import by_hand
from fixtures.vantages import Vantage, VantageError
from fixtures.vantages.escaping import escape
from reports.codec import observation

# The newest log of a start, and what was logged since: a log that grows too long is followed by
# another one, in which the start does not stand.
_SCRIPT = """\
cd -- "$1" 2>/dev/null || exit 40
[ -d _diag ] || exit 41
cd _diag || exit 42
found=
for log in $(ls -1 | grep -E '^Runner_[0-9A-Za-z_-]+\\.log$' | sort -r | head -n 20); do
    found="$log $found"
    if grep -aqE '\\] Version: |Current runner version' "$log"; then break; fi
done
[ -n "$found" ] || exit 41
for log in $found; do
    printf 'log %s\\n' "$log"
    head -n 1 "$log"
    grep -aE '\\] Version: |Current runner version|Listening for Jobs' "$log" | head -n 100
done
"""
_NO_DIRECTORY, _NO_LOGS = 40, 41
_TIME = re.compile(r"\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)Z ")
_VERSION = re.compile(r"(?:\] Version: |Current runner version: ')(\d+(?:\.\d+)+)")


@dataclass(frozen=True, slots=True)
class RunnerAt:
    """Where a runner lies, and by what it is run."""

    name: str
    directory: str
    service: str | None = None
    tmux: str | None = None
    container: str | None = None

    def __str__(self) -> str:
        return self.name


@observation
class RunnerSeen:
    """A runner's directory, as far as it tells: what it leaves out is None."""

    kind: Literal["runner"] = "runner"
    directory: str
    runner: str | None
    """Its name on GitHub, as `.runner` says; None where there is no such file."""
    url: str | None
    log: str | None
    """The newest log of a start; None where there is none below `_diag`."""
    started: datetime | None
    version: str | None
    listening: datetime | None
    """When it first said, since its start, that it listens for jobs."""
    keeper: Keeper | None
    """What runs it, where the profile says what does."""
    at: datetime

    @property
    def headline(self) -> str:
        name = self.runner or "no .runner"
        since = f"started {self.started:%Y-%m-%dT%H:%M:%SZ}" if self.started else "no start logged"
        heard = f"listening since {self.listening:%H:%M:%SZ}" if self.listening else "not listening"
        kept = f", {self.keeper}" if self.keeper else ""
        return f"{self.directory}: {name} {self.version or '(no version)'}, {since}, {heard}{kept}"


@observation
class RunnerMissing:
    """There is no such directory."""

    kind: Literal["runner-missing"] = "runner-missing"
    directory: str
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.directory} is no directory there"


def _command(at: RunnerAt) -> str:
    place = shlex.quote(at.directory)
    return (
        f"cat {place}/.runner; ls -1 {place}/_diag; grep -aE 'Version: |Listening for Jobs'"
        f" {place}/_diag/Runner_*.log | tail"
    )


@by_hand(_command)
async def look_at_runner(
    at: RunnerAt, vantage: Vantage, *, deadline: float
) -> RunnerSeen | RunnerMissing:
    """Read a runner's directory; raises `VantageError` where nobody can look."""
    now = datetime.now(UTC)
    argv = ("sh", "-c", _SCRIPT, "sh", place_at(vantage, at.directory))
    output = await vantage.run(argv, deadline=deadline)
    if output.status == _NO_DIRECTORY:
        return RunnerMissing(directory=at.directory, at=now)
    if output.status not in {0, _NO_LOGS}:
        raise VantageError(
            f"the logs below {at.directory}/_diag could not be read: {escape(output.err)[:300]}",
            "let the user of this run read them",
        )
    logs = escape(output.out).splitlines() if output.status == 0 else []
    name, url = await _registered(at, vantage, deadline)
    return RunnerSeen(
        directory=at.directory,
        runner=name,
        url=url,
        log=next((line.removeprefix("log ") for line in logs if line.startswith("log ")), None),
        started=_time(logs[1]) if len(logs) > 1 else None,
        version=next((found[1] for found in map(_VERSION.search, reversed(logs)) if found), None),
        listening=next((_time(one) for one in logs if "Listening for Jobs" in one), None),
        keeper=await keeper_of(at.service, at.tmux, at.container, vantage, deadline=deadline),
        at=now,
    )


def place_at(vantage: Vantage, path: str) -> str:
    """Return where a path of the vantage lies for a command there: the lab's lie below its own."""
    place = getattr(vantage, "place", None)
    return str(place(path)) if place else path


async def _registered(
    at: RunnerAt, vantage: Vantage, deadline: float
) -> tuple[str | None, str | None]:
    """Return what `.runner` says: the runner's name, and where it is registered."""
    found = await vantage.read(f"{at.directory}/.runner", deadline=deadline)
    if found is None:
        return None, None
    try:
        told = json.loads(found.content.decode("utf-8-sig"))  # .NET begins it with a mark
        name, url = told.get("agentName"), told.get("gitHubUrl")
    except (ValueError, AttributeError, RecursionError) as error:
        raise VantageError(
            f"{at.directory}/.runner is not what a runner writes: {type(error).__name__}",
            "look at it by hand",
        ) from None
    return _text(name), _text(url)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _time(line: str) -> datetime | None:
    found = _TIME.match(line)
    try:
        return datetime.strptime(f"{found[1]}+0000", "%Y-%m-%d %H:%M:%S%z") if found else None
    except ValueError:
        return None
