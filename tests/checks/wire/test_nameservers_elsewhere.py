"""Nameservers asked from elsewhere: what is said to be UDP was UDP."""

import asyncio
import os
from pathlib import Path

import pytest

from checks.wire.nameservers import Reply, ask_servers
from fixtures.vantages import NoDatagramsError, Vantage
from fixtures.vantages.containers import ContainerVantage, EnteredContainer
from tests.checks.wire.dns_sides import dnsmasq
from tests.fixtures.vantages.podman import container, images, network_of
from tests.fixtures.vantages.spaces import inside
from tests.needs import need

__all__ = ["images"]
UDP, TCP = {("udp", "A"), ("udp", "AAAA")}, {("tcp", "A"), ("tcp", "AAAA")}
# Its process has a number there that says nothing here.
_FAR = """\
#!/bin/sh
[ "$1" = inspect ] || exec {podman} "$@"
{podman} "$@" | sed 's/"Pid": [0-9]*/"Pid": 1/'
"""


@pytest.fixture
def far_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine be one that runs its containers on another machine."""
    (tmp_path / "podman").write_text(_FAR.format(podman=need("podman")))
    (tmp_path / "podman").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")


def asked_from(vantage: Vantage, name: str) -> set[tuple[str, str]]:
    """Return how a nameserver in the container's network replied."""
    with inside(network_of(name), dnsmasq("127.53.0.1")) as server:
        seen = asyncio.run(ask_servers("served.test", vantage, (server,), deadline=20))
    assert all(isinstance(one, Reply) for one in seen), seen
    return {(one.transport, one.question) for one in seen}


def test_where_datagrams_can_be_sent_both_are_asked(images: None) -> None:
    with container() as name:
        runner = EnteredContainer(ContainerVantage("podman", name, "runner"))
        assert asked_from(runner, name) == UDP | TCP


def test_where_streams_alone_can_be_opened_it_is_tcp_and_called_so(images: None) -> None:
    with container() as name:
        assert asked_from(ContainerVantage("podman", name, "runner"), name) == TCP


def test_a_container_on_another_machine_sends_no_datagrams(images: None, far_engine: None) -> None:
    with container() as name:
        runner = EnteredContainer(ContainerVantage("podman", name, "runner"))
        with pytest.raises(NoDatagramsError, match="it has no process on this host"):
            asyncio.run(runner.open_datagrams("127.53.0.1", 53))
        assert asked_from(runner, name) == TCP
