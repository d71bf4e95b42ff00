"""What keeps a runner running: a systemd service, a tmux session, or a container."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from fixtures.vantages import Output, Vantage, VantageError
from fixtures.vantages.escaping import escape

_NOT_FOUND = 127
_FRACTION = re.compile(r"\.\d+")


@dataclass(frozen=True, slots=True)
class Keeper:
    """What runs a runner; `since` is when it was started, where it tells."""

    form: str
    name: str
    runs: bool
    state: str
    since: datetime | None

    def __str__(self) -> str:
        return f"{self.form} {self.name} is {self.state}"


async def keeper_of(
    service: str | None,
    tmux: str | None,
    container: str | None,
    vantage: Vantage,
    *,
    deadline: float,
) -> Keeper | None:
    """Ask after the one of them that is named; raises `VantageError` where nobody can ask."""
    if service is not None:
        return await _service(service, vantage, deadline)
    if tmux is not None:
        return await _session(tmux, vantage, deadline)
    return await _container(container, vantage, deadline) if container is not None else None


async def _service(name: str, vantage: Vantage, deadline: float) -> Keeper:
    unit = name if "." in name and name.rpartition(".")[2] == "service" else f"{name}.service"
    wanted = "--property=LoadState,ActiveState,ActiveEnterTimestamp"
    output = await _run(
        ("systemctl", "show", "--timestamp=unix", wanted, unit), vantage, deadline, known=(0,)
    )
    told = dict(line.partition("=")[::2] for line in escape(output.out).splitlines())
    loaded, state = told.get("LoadState", ""), told.get("ActiveState", "")
    if loaded == "not-found":
        return Keeper("service", unit, runs=False, state="not there", since=None)
    since = told.get("ActiveEnterTimestamp", "").removeprefix("@")
    return Keeper(
        "service", unit, runs=state == "active", state=state or "unknown", since=_unix(since)
    )


async def _session(name: str, vantage: Vantage, deadline: float) -> Keeper:
    argv = ("tmux", "list-sessions", "-F", "#{session_created} #{session_name}")
    output = await _run(argv, vantage, deadline, known=(0, 1))  # 1: no server, so no session
    for line in escape(output.out).splitlines():
        created, _, session = line.partition(" ")
        if session == name:
            return Keeper("tmux session", name, runs=True, state="there", since=_unix(created))
    return Keeper("tmux session", name, runs=False, state="not there", since=None)


async def _container(name: str, vantage: Vantage, deadline: float) -> Keeper:
    wanted = "{{.State.Status}} {{.State.StartedAt}}"
    argv = ("docker", "inspect", "--type", "container", "--format", wanted, name)
    output = await _run(argv, vantage, deadline, known=(0, 1))
    if output.status == 1:
        told = escape(output.err)
        if "no such" not in told.lower():
            raise VantageError(f"docker could not be asked for {name}: {told[:300]}", _BY_HAND)
        return Keeper("container", name, runs=False, state="not there", since=None)
    state, _, since = escape(output.out).strip().partition(" ")
    return Keeper("container", name, runs=state == "running", state=state, since=_iso(since))


_BY_HAND = "try it by hand there"


async def _run(
    argv: tuple[str, ...], vantage: Vantage, deadline: float, *, known: tuple[int, ...]
) -> Output:
    output = await vantage.run(("sh", "-c", 'exec "$@"', "sh", *argv), deadline=deadline)
    if output.status == _NOT_FOUND:
        raise VantageError(f"there is no {argv[0]} there to ask", f"install {argv[0]}")
    if output.status not in known:
        ended = "did not end" if output.status is None else f"ended with {output.status}"
        words = escape(output.err).strip()[:300]
        raise VantageError(f"{' '.join(argv[:2])} {ended}: {words}", _BY_HAND)
    return output


def _unix(text: str) -> datetime | None:
    return datetime.fromtimestamp(int(text), UTC) if re.fullmatch(r"\d{1,11}", text) else None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(_FRACTION.sub("", text))
    except ValueError:
        return None
