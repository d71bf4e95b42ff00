"""A run that is stopped while a kubeconfig's credential plugin hangs: nothing of it goes on."""

import signal
from pathlib import Path

import pytest

from tests.reports.test_offspring import is_alive
from tests.stoppable import slow_suite, under_way, wait_for

CONFIG = """
current-context: one
contexts: [{name: one, context: {cluster: one, user: one}}]
clusters: [{name: one, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: one, user: {exec: {command: ./plugin}}}]
"""
PLUGIN = """#!/bin/sh
setsid sleep 60 &
echo $! $$ > "$0.begun"
exec sleep 60
"""
LIST_PODS = """
import functools
import os

from fixtures.clusters.access import access_of
from fixtures.clusters.kinds import POD
from fixtures.clusters.live import Live


async def wait(target, vantage, *, deadline):
    cluster = Live("one", functools.partial(access_of, os.environ["KUBECONFIG"], None))
    await cluster.list_objects(POD, None, dict, deadline=60)
    return Waited(number=target)
"""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return slow_suite(tmp_path_factory.mktemp("plugin"), LIST_PODS, checks=1)


@pytest.mark.parametrize(
    ("number", "workers"),
    [
        (signal.SIGINT, ()),
        (signal.SIGTERM, ()),
        (signal.SIGKILL, ()),
        (signal.SIGTERM, ("-n", "1")),
    ],
    ids=["interrupted", "terminated", "killed", "terminated-workers"],
)
def test_a_plugin_that_hangs_goes_with_the_run_that_is_stopped(
    suite: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: signal.Signals,
    workers: tuple[str, ...],
) -> None:
    (tmp_path / "config").write_text(CONFIG)
    (tmp_path / "plugin").write_text(PLUGIN)
    (tmp_path / "plugin").chmod(0o700)
    begun = tmp_path / "plugin.begun"
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))

    with under_way(suite, tmp_path, "--deadline=60", *workers) as run:
        wait_for(lambda: begun.exists() and begun.read_text().endswith("\n"))
        processes = [int(word) for word in begun.read_text().split()]
        assert all(map(is_alive, processes))
        run.stop(number)
        wait_for(lambda: not any(map(is_alive, processes)), seconds=15)

    assert len(processes) == 2
