"""git, where this host's files are not found."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from checks.wire.git import RefsListed, RefsRefusal, Remote, list_refs
from fixtures.lab.git import make_repository
from fixtures.vantages import VantageError
from fixtures.vantages.containers import ContainerVantage
from tests.checks.wire.far_sides import pem_of, stay_silent
from tests.checks.wire.git_sides import git_server
from tests.checks.wire.http_sides import https
from tests.fixtures.vantages.podman import FULL, container, images, pid_of, podman
from tests.fixtures.vantages.spaces import inside
from tests.stoppable import wait_for

__all__ = ["images"]


@pytest.fixture(scope="module")
def runner(images: None) -> Iterator[str]:
    with container(FULL, "--tmpfs", "/tmp") as name:
        yield name


def listed(port: int, vantage: ContainerVantage, deadline: float = 30) -> RefsListed | RefsRefusal:
    remote = Remote("localhost", port, "demo.git")
    return asyncio.run(list_refs(remote, vantage, (), deadline=deadline))


def test_authorities_of_the_profile_are_given_to_it(
    runner: str, authority: trustme.CA, tmp_path: Path
) -> None:
    make_repository(tmp_path).rename(tmp_path / "demo.git")
    trusting = ContainerVantage("podman", runner, "runner", (pem_of(authority, tmp_path),))
    doubting = ContainerVantage("podman", runner, "runner")
    network = Path(f"/proc/{pid_of(runner)}/ns/net")

    with inside(network, git_server(authority, tmp_path)) as port:
        assert isinstance(listed(port, trusting), RefsListed)
        refused = listed(port, doubting)
        assert isinstance(refused, RefsRefusal)
        assert "certificate" in refused.reason
    left = asyncio.run(trusting.run(["sh", "-c", "ls -A /tmp"], deadline=20))
    assert left.out == b""


def test_authorities_do_not_stay_where_git_was_killed_at_its_deadline(
    runner: str, authority: trustme.CA, tmp_path: Path
) -> None:
    vantage = ContainerVantage("podman", runner, "runner", (pem_of(authority, tmp_path),))
    network = Path(f"/proc/{pid_of(runner)}/ns/net")

    def left() -> str:
        return podman("exec", runner, "ls", "-A", "/tmp").stdout

    with inside(network, https(authority, lambda session, _: stay_silent(session))) as port:
        seen = listed(port, vantage, deadline=3)
        assert isinstance(seen, RefsRefusal)
        assert seen.status is None
        wait_for(lambda: not left())


def test_where_they_cannot_be_written_nobody_looked(
    images: None, authority: trustme.CA, tmp_path: Path
) -> None:
    with container(FULL, "--read-only", "--read-only-tmpfs=false") as name:
        vantage = ContainerVantage("podman", name, "runner", (pem_of(authority, tmp_path),))
        with pytest.raises(VantageError, match="cannot be given the profile's authorities"):
            listed(443, vantage)
