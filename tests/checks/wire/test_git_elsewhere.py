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
from tests.checks.wire.far_sides import pem_of
from tests.checks.wire.test_git import git_server
from tests.fixtures.vantages.podman import FULL, container, images, pid_of
from tests.fixtures.vantages.spaces import inside

__all__ = ["images"]


@pytest.fixture(scope="module")
def runner(images: None) -> Iterator[str]:
    with container(FULL, "--tmpfs", "/tmp") as name:
        yield name


def listed(port: int, vantage: ContainerVantage) -> RefsListed | RefsRefusal:
    return asyncio.run(list_refs(Remote("localhost", port, "demo.git"), vantage, (), deadline=30))


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


def test_where_they_cannot_be_written_nobody_looked(
    images: None, authority: trustme.CA, tmp_path: Path
) -> None:
    with container(FULL, "--read-only", "--read-only-tmpfs=false") as name:
        vantage = ContainerVantage("podman", name, "runner", (pem_of(authority, tmp_path),))
        with pytest.raises(VantageError, match="cannot be given the profile's authorities"):
            listed(443, vantage)
