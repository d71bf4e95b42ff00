"""Runners' hosts: real directories as a runner leaves them, real commands, a real tmux session."""

import asyncio
import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from checks.labels import check_runner_host as of
from checks.labels.keepers import Keeper, keeper_of
from checks.labels.runner_host import RunnerAt, RunnerMissing, RunnerSeen, look_at_runner
from checks.labels.toolchain import (
    CacheAt,
    CachedToolSeen,
    ToolAt,
    ToolMissing,
    ToolSeen,
    ask_tool,
    look_into_cache,
)
from checks.labels.versions import numbers, outdated
from config.labels import Labels, Release, RunnerHost
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.repositories import held, refused, unsure
from tests.needs import need

HERE = Local("here")
START = datetime(2026, 11, 21, 8, tzinfo=UTC)
RELEASES = Labels(
    releases=(
        Release(version="2.330.0", date=date(2026, 9, 1)),
        Release(version="2.331.0", date=date(2026, 11, 10)),
    )
)


def installed(folder: Path, *, start: datetime = START, listens: float | None = 4) -> Path:
    """Write what a runner that was started leaves behind."""
    (folder / "_diag").mkdir(parents=True)
    settings = {"agentId": 3, "agentName": "shop-1", "gitHubUrl": "https://github.com/a/shop"}
    (folder / ".runner").write_bytes(b"\xef\xbb\xbf" + json.dumps(settings).encode())
    older = folder / "_diag" / "Runner_20261101-000000-utc.log"
    older.write_text(logged(START - timedelta(days=20), "Listener", "Version: 2.100.0"))
    lines = logged(start, "Listener", "Starting Runner.Listener")
    lines += logged(start, "Listener", "Version: 2.331.0")
    if listens is not None:
        heard = start + timedelta(seconds=listens)
        lines += logged(heard, "Terminal", f"WRITE LINE: {heard:%H:%M:%SZ}: Listening for Jobs")
    (folder / "_diag" / f"Runner_{start:%Y%m%d-%H%M%S}-utc.log").write_text(lines)
    (folder / "_diag" / "Worker_20261121-090000-utc.log").write_text("no log of a start\n")
    return folder


def logged(at: datetime, who: str, text: str) -> str:
    return f"[{at:%Y-%m-%d %H:%M:%S}Z INFO {who}] {text}\n"


def look(folder: Path, **named: str) -> RunnerSeen | RunnerMissing:
    seen = asyncio.run(look_at_runner(RunnerAt("shop", str(folder), **named), HERE, deadline=20))
    assert decode(encode(seen)) == seen
    return seen


def host(**fields: object) -> RunnerHost:
    given = {"name": "shop", "vantage": "here", "directory": "/srv/runner", **fields}
    return RunnerHost.model_validate(given)


def test_a_runner_that_listens_holds(tmp_path: Path) -> None:
    seen = look(installed(tmp_path / "a runner"))

    assert isinstance(seen, RunnerSeen)
    assert (seen.runner, seen.version, seen.started) == ("shop-1", "2.331.0", START)
    assert seen.listening == START + timedelta(seconds=4)
    held(of.check_runner_is_installed, seen, host(runner="shop-1"))
    held(of.check_runner_listens_since_its_start, seen, host())
    assert held(of.check_runner_is_recent_enough_for_jobs, seen, RELEASES) == []


def test_a_directory_that_is_not_there_is_an_answer(tmp_path: Path) -> None:
    seen = look(tmp_path / "nowhere")

    assert isinstance(seen, RunnerMissing)
    assert "is no directory there" in refused(of.check_runner_is_installed, seen, host())


def test_a_runner_that_is_not_registered_or_another_one_is_found(tmp_path: Path) -> None:
    folder = installed(tmp_path / "a")
    saw = refused(of.check_runner_is_installed, look(folder), host(runner="shop-2"))
    assert "says that it is shop-1" in saw

    (folder / ".runner").unlink()
    assert "not registered" in refused(of.check_runner_is_installed, look(folder), host())


def test_a_settings_file_that_is_none_cannot_be_judged(tmp_path: Path) -> None:
    (installed(tmp_path / "a") / ".runner").write_text("[]")

    with pytest.raises(VantageError, match="not what a runner writes"):
        look(tmp_path / "a")


@pytest.mark.parametrize(
    ("listens", "told"), [(None, "never says 'Listening for Jobs'"), (500, "it took 500 s")]
)
def test_a_runner_that_does_not_listen_in_time_is_found(
    tmp_path: Path, listens: float | None, told: str
) -> None:
    seen = look(installed(tmp_path, listens=listens))

    assert told in refused(of.check_runner_listens_since_its_start, seen, host())


def test_a_runner_that_was_started_just_now_is_not_judged_yet(tmp_path: Path) -> None:
    seen = look(installed(tmp_path, start=datetime.now(UTC), listens=None))

    assert "a moment ago" in unsure(of.check_runner_listens_since_its_start, seen, host())


def test_a_log_that_is_continued_in_another_keeps_its_start(tmp_path: Path) -> None:
    folder = installed(tmp_path)
    later = logged(START + timedelta(days=1), "JobDispatcher", "a job")
    (folder / "_diag" / "Runner_20261122-080000-utc.log").write_text(later)

    seen = look(folder)

    assert isinstance(seen, RunnerSeen)
    assert (seen.started, seen.version) == (START, "2.331.0")


def test_no_log_of_a_start_is_found(tmp_path: Path) -> None:
    (tmp_path / "_diag").mkdir()

    seen = look(tmp_path)

    saw = refused(of.check_runner_listens_since_its_start, seen, host())
    assert "no log of a start" in saw
    assert "says the runner's version" in unsure(
        of.check_runner_is_recent_enough_for_jobs, seen, RELEASES
    )


def test_an_outdated_runner_is_found() -> None:
    today = START

    assert outdated("2.329.0", RELEASES.releases, RELEASES.behind, today) == (
        "2.330.0 came out on 2026-09-01, and its time to update ended on 2026-10-01"
    )
    assert outdated("2.330.0", RELEASES.releases, RELEASES.behind, today) == ""
    assert outdated("2.400.0", RELEASES.releases, RELEASES.behind, today) == ""
    assert numbers("24") == (24, 0, 0, 0)
    assert numbers("v1.9") < numbers("1.10.0")


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Start a tmux session on a server of its own."""
    tmux = need("tmux")
    monkeypatch.setenv("TMUX_TMPDIR", str(tmp_path))
    monkeypatch.delenv("TMUX", raising=False)
    subprocess.run([tmux, "new-session", "-d", "-s", "runner", "sleep 600"], check=True, timeout=20)
    yield "runner"
    subprocess.run([tmux, "kill-server"], check=True, timeout=20)


def test_a_tmux_session_keeps_a_runner_or_is_missed(tmp_path: Path, session: str) -> None:
    folder = installed(tmp_path / "r", start=datetime.now(UTC), listens=0)

    there = look(folder, tmux=session)
    held(of.check_runner_listens_since_its_start, there, host(tmux=session))
    gone = look(folder, tmux="other")
    saw = refused(of.check_runner_listens_since_its_start, gone, host(tmux="other"))
    assert "the tmux session other is not there" in saw


def test_a_start_before_that_of_what_keeps_it_is_stale() -> None:
    keeper = Keeper("service", "r.service", runs=True, state="active", since=START)
    seen = runner_seen(keeper, START - timedelta(hours=1))

    saw = refused(of.check_runner_listens_since_its_start, seen, host())

    assert "nothing was logged since" in saw
    held(of.check_runner_listens_since_its_start, runner_seen(keeper, START), host())


def runner_seen(keeper: Keeper, started: datetime) -> RunnerSeen:
    return RunnerSeen(
        directory="/srv/runner",
        runner="shop-1",
        url=None,
        log="Runner_1-utc.log",
        started=started,
        version="2.331.0",
        listening=started + timedelta(seconds=5),
        keeper=keeper,
        at=START + timedelta(hours=2),
    )


def test_a_keeper_that_nobody_can_ask_for_is_not_judged(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sh").symlink_to("/bin/sh")
    monkeypatch.setenv("PATH", str(tmp_path))

    tools = ("systemctl", "tmux", "docker")
    for name in tools:
        service, tmux, docker = ("x" if name == one else None for one in tools)
        with pytest.raises(VantageError, match=f"there is no {name} there"):
            asyncio.run(keeper_of(service, tmux, docker, HERE, deadline=20))


def test_tools_are_asked_on_the_path_of_the_runner(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    tool(tools, "go", "go version go1.24.3 linux/amd64")
    tool(tools, "node", "v16.20.2")
    (tmp_path / ".path").write_text(f"{tools}:/usr/bin:/bin")
    asked = [ask(tmp_path, name) for name in ("go", "node", "no-such-tool")]

    assert [getattr(one, "version", None) for one in asked] == ["1.24.3", "16.20.2", None]
    assert isinstance(asked[2], ToolMissing)
    least = host(tools={"go": "1.24.0", "node": "18.0.0", "no-such-tool": "1"})
    held(of.check_toolchain_is_recent_enough, (asked[0],), least)
    saw = refused(of.check_toolchain_is_recent_enough, tuple(asked), least)
    assert "node 16.20.2; 18.0.0 is the least" in saw
    assert "no-such-tool is not there" in saw
    assert "go " not in saw


def test_a_tool_that_says_no_version_is_found() -> None:
    seen = ToolSeen(tool="go", version=None, said="hello", at=START)

    saw = refused(of.check_toolchain_is_recent_enough, (seen,), host(tools={"go": "1"}))

    assert "said no version" in saw


def ask(folder: Path, name: str) -> ToolSeen | ToolMissing:
    return asyncio.run(ask_tool(ToolAt(name, str(folder)), HERE, deadline=20))


def tool(folder: Path, name: str, says: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\necho '{says}'\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("files", "marked", "held_by"), [(2, True, True), (2, False, False), (0, True, False)]
)
def test_the_tool_cache_holds_a_complete_tool(
    tmp_path: Path,
    files: int,
    marked: bool,  # noqa: FBT001 - a column of the table
    held_by: bool,  # noqa: FBT001
) -> None:
    place = tmp_path / "node" / "18.20.8" / "x64"
    place.mkdir(parents=True)
    for at in range(files):
        (place / f"{at}").touch()
    if marked:
        (place.parent / "x64.complete").touch()

    seen = asyncio.run(
        look_into_cache(CacheAt(str(tmp_path), "node", "18.20.8", "x64"), HERE, deadline=20)
    )

    assert isinstance(seen, CachedToolSeen)
    assert (seen.entries, seen.complete) == (files, marked)
    if held_by:
        held(of.check_tool_cache_holds_what_jobs_need, (seen,))
    else:
        assert str(place) in refused(of.check_tool_cache_holds_what_jobs_need, (seen,))


def test_logs_that_may_not_be_read_are_not_judged(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    installed(tmp_path)
    (tmp_path / "_diag").chmod(0)

    with pytest.raises(VantageError, match="could not be read"):
        look(tmp_path)
