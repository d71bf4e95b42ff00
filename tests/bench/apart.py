"""Networks of this machine that are as far from each other as those of the world."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from fixtures.vantages.namespaces import enter
from tests.bench.delay import DEVICE, TUN
from tests.bench.machine import ROOT, BrokenError, MissingError, program

FAR = "10.77"
"""The network of the far side: each of its addresses is there."""
_NEAR = "10.78"
_QUEUE = 10000
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Apart:
    """Network namespaces by name; between each of the near ones and the far one is the relay."""

    nears: tuple[str, ...]
    far: str
    relay: int
    """The relay's process."""

    def relay_cpu(self) -> float:
        """Return the seconds of processor time that the relay has used."""
        fields = Path(f"/proc/{self.relay}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK


@contextmanager
def apart(nears: int, round_trip: float) -> Iterator[Apart]:
    """Make so many near networks and a far one, all of `FAR` a round trip (seconds) away.

    Raises `MissingError` where this machine, or this user, makes none.
    """
    if os.geteuid():
        raise MissingError("only root makes networks", "run it as root")
    if not TUN.exists():
        raise MissingError(
            f"there is no {TUN}", "mknod /dev/net/tun c 10 200, with TUN in the kernel"
        )
    names = (f"bench-{os.getpid()}-far", *(f"bench-{os.getpid()}-{at}" for at in range(nears)))
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(_namespace(name))
        relay = stack.enter_context(_relay(round_trip / 2, names))
        _connect(names)
        yield Apart(names[1:], names[0], relay.pid)


@contextmanager
def inside(namespace: str) -> Iterator[None]:
    """Let this thread, and what it starts, be in the namespace."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        enter(Path("/run/netns", namespace))
        yield
    finally:
        enter(Path(f"/proc/self/fd/{home}"))
        os.close(home)


def within(namespace: str) -> tuple[str, ...]:
    """Return the words before a command that run it in the namespace."""
    return (_ip(), "netns", "exec", namespace)


@contextmanager
def _namespace(name: str) -> Iterator[None]:
    try:
        _say("netns", "add", name)
    except subprocess.CalledProcessError as error:
        raise MissingError(f"no network can be made: {error.stderr}", "run it as root") from error
    try:
        _say("-n", name, "link", "set", "lo", "up")
        yield
    finally:
        _say("netns", "delete", name)


@contextmanager
def _relay(seconds: float, names: tuple[str, ...]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.bench.delay", str(seconds), *names]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            if process.stdout.readline() != "relaying\n":
                raise BrokenError("the relay did not start; what it said stands above")
            yield process
        finally:
            process.terminate()


def _connect(names: tuple[str, ...]) -> None:
    far, *nears = names
    for name in names:
        _say("-n", name, "link", "set", DEVICE, "up", "txqueuelen", str(_QUEUE))
    _say("-n", far, "address", "add", f"{FAR}.255.254/32", "dev", "lo")
    _say("-n", far, "route", "add", "local", f"{FAR}.0.0/16", "dev", "lo")
    _say("-n", far, "route", "add", f"{_NEAR}.0.0/16", "dev", DEVICE)
    for at, name in enumerate(nears):
        _say("-n", name, "address", "add", f"{_NEAR}.{at}.1/32", "dev", DEVICE)
        _say("-n", name, "route", "add", f"{FAR}.0.0/16", "dev", DEVICE)


def _ip() -> str:
    return program("ip", "apt-get install iproute2")


def _say(*words: str) -> None:
    subprocess.run([_ip(), *words], check=True, capture_output=True, text=True, timeout=30)
