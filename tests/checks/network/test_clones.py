"""git clones from git's own http-backend, and leaves nothing behind wherever it runs."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from checks.network import check_capacity
from checks.network.clones import Cloned, CloneRefusal, clone
from checks.wire.git import Remote
from fixtures.lab.git import make_repository
from fixtures.vantages import Vantage, VantageError
from fixtures.vantages.containers import ContainerVantage
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks import made
from tests.checks.wire.conftest import authority, here
from tests.checks.wire.far_sides import pem_of, stay_silent
from tests.checks.wire.git_sides import git_server
from tests.checks.wire.http_sides import https
from tests.fixtures.vantages.podman import FULL, container, images, pid_of, podman
from tests.fixtures.vantages.spaces import inside
from tests.program import ROOT
from tests.stoppable import wait_for

__all__ = ["authority", "here", "images"]

# What is in the folder for what is temporary, and git, once it has had its second.
_LEFT = """
ls -A /tmp
for at in 1 2 3 4 5 6 7 8; do
  living=$(ps -eo stat=,comm= | grep '^[^Z].* git')
  [ "$living" ] || exit 0
  sleep 1
done
echo "$living"
"""


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give commands of this host a folder of their own for what is temporary."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def repositories(tmp_path: Path) -> Path:
    folder = tmp_path / "repositories"
    folder.mkdir()
    make_repository(folder).rename(folder / "demo.git")
    return folder


def cloned(
    port: int, vantage: Vantage, path: str = "demo.git", deadline: float = 30
) -> Cloned | CloneRefusal:
    remote = Remote("localhost", port, path)
    seen = asyncio.run(clone(remote, vantage, (made.address("127.0.0.1"),), deadline=deadline))
    assert decode(encode(seen)) == seen
    assert seen.headline.isprintable()
    return seen


def test_a_clone_that_completes(
    authority: trustme.CA, here: Local, repositories: Path, scratch: Path
) -> None:
    with git_server(authority, repositories) as port:
        seen = cloned(port, here)

    assert isinstance(seen, Cloned), seen
    assert len(seen.head) == 40
    assert seen.files > 0
    assert seen.size > 0
    assert list(scratch.iterdir()) == []
    check_capacity.check_shallow_clone_completes(seen, (made.advertisement(),))


def test_a_repository_that_is_not_there(
    authority: trustme.CA, here: Local, repositories: Path, scratch: Path
) -> None:
    with git_server(authority, repositories) as port:
        seen = cloned(port, here, "none.git")

    assert isinstance(seen, CloneRefusal)
    assert (seen.layer, seen.status) == ("git", 128)
    assert list(scratch.iterdir()) == []
    with pytest.raises(AssertionError, match=r"broken at git: .*not found"):
        check_capacity.check_shallow_clone_completes(seen, (made.advertisement(),))


def test_a_pack_that_never_comes_ends_and_leaves_nothing(
    authority: trustme.CA, here: Local, scratch: Path
) -> None:
    with https(authority, lambda session, _: stay_silent(session)) as port:
        seen = cloned(port, here, deadline=4)

    assert isinstance(seen, CloneRefusal)
    assert (seen.status, seen.layer) == (None, "http")
    assert "ended at the deadline" in seen.reason
    assert list(scratch.iterdir()) == []
    wait_for(lambda: still_running(scratch) == [])  # who waits for it looks once a second


def still_running(scratch: Path) -> list[str]:
    """Return the processes that have the folder for what is temporary: those of the clone."""
    mark, found = f"TMPDIR={scratch}".encode(), []
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) == os.getpid():
            continue
        try:
            if mark in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def test_a_place_without_a_folder_cannot_be_asked(
    here: Local, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "none"))
    with pytest.raises(VantageError, match="no folder can be made"):
        cloned(443, here)


@pytest.fixture(scope="module")
def runner(images: None) -> Iterator[str]:
    with container(FULL, "--tmpfs", "/tmp") as name:
        yield name


@pytest.mark.parametrize("path", ["demo.git", "none.git"])
def test_nothing_is_left_in_a_container(
    runner: str, authority: trustme.CA, repositories: Path, tmp_path: Path, path: str
) -> None:
    vantage = ContainerVantage("podman", runner, "runner", (pem_of(authority, tmp_path),))
    network = Path(f"/proc/{pid_of(runner)}/ns/net")

    with inside(network, git_server(authority, repositories)) as port:
        seen = cloned(port, vantage, path)

    assert isinstance(seen, Cloned if path == "demo.git" else CloneRefusal), seen
    left = asyncio.run(vantage.run(["sh", "-c", "ls -A /tmp"], deadline=20))
    assert left.out == b""


def test_a_clone_that_hangs_in_a_container_leaves_nothing(
    runner: str, authority: trustme.CA, tmp_path: Path
) -> None:
    vantage = ContainerVantage("podman", runner, "runner", (pem_of(authority, tmp_path),))
    network = Path(f"/proc/{pid_of(runner)}/ns/net")

    with inside(network, https(authority, lambda session, _: stay_silent(session))) as port:
        seen = cloned(port, vantage, deadline=8)

    assert isinstance(seen, CloneRefusal)
    left = asyncio.run(vantage.run(["sh", "-c", _LEFT], deadline=20))
    assert left.out == b""


_ALONE = """
import asyncio, sys
from checks.network.clones import clone
from checks.wire.git import Remote
from fixtures.vantages.containers import ContainerVantage
name, authority, port = sys.argv[1:]
vantage = ContainerVantage("podman", name, "runner", (authority,))
asyncio.run(clone(Remote("localhost", int(port), "demo.git"), vantage, (), deadline=6))
"""


def test_a_run_that_is_killed_leaves_nothing_in_a_container_for_long(
    runner: str, authority: trustme.CA, tmp_path: Path
) -> None:
    network = Path(f"/proc/{pid_of(runner)}/ns/net")
    argv = [sys.executable, "-c", _ALONE, runner, pem_of(authority, tmp_path)]

    def made() -> list[str]:
        return podman("exec", runner, "find", "/tmp", "-mindepth", "1").stdout.splitlines()

    with inside(network, https(authority, lambda session, _: stay_silent(session))) as port:
        looking = subprocess.Popen([*argv, str(port)], cwd=ROOT)
        try:
            wait_for(lambda: len(made()) >= 2)  # the folder, and the authorities in it
        finally:
            looking.kill()
            looking.wait()
        left = made()
        wait_for(lambda: made() == [])

    assert len(left) >= 2
    assert all(one.startswith("/tmp/touchstone-clone-") for one in left)
