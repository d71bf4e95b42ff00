"""Distance between networks of this machine: packets held by a relay, of which each is told apart.

`python -m tests.bench.delay SECONDS FAR NEAR…` makes a TUN device in each of the namespaces (names
of `ip netns`), says `relaying`, and carries packets until it is ended, each one so many seconds
after it came: between FAR and one of the NEAR, never among these. Which NEAR a packet is for is
the third number of its address. It works in any kernel that has TUN; netem would be cheaper, and
nobody could tell what it costs.
"""

import fcntl
import os
import select
import struct
import sys
import time
from collections import deque
from contextlib import suppress
from pathlib import Path

from fixtures.vantages.namespaces import enter

TUN = Path("/dev/net/tun")
DEVICE = "apart"
_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000
"""linux/if_tun.h: packets as they are, without a header of the device's own."""
_LARGEST = 65536
_THIRD = 18
"""Where in an IPv4 packet the third number of its destination stands."""
_AT_ONCE = 64
"""Packets that are read of a device before those that are due are sent on."""


def main() -> None:
    """Relay as the command line says."""
    seconds, *names = sys.argv[1:]
    far, *nears = (_make_device(Path("/run/netns", name)) for name in names)
    print("relaying", flush=True)  # noqa: T201 - it is how it says that it is ready
    _relay(float(seconds), far, nears)


def _make_device(namespace: Path) -> int:
    enter(namespace)
    device = os.open(TUN, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    request = struct.pack("16sH22x", DEVICE.encode(), _IFF_TUN | _IFF_NO_PI)
    fcntl.ioctl(device, _TUNSETIFF, request)
    return device


def _relay(seconds: float, far: int, nears: list[int]) -> None:
    held: deque[tuple[float, int, bytes]] = deque()
    poll = select.poll()
    for device in (far, *nears):
        poll.register(device, select.POLLIN)
    while True:
        rest = max(0.0, held[0][0] - time.monotonic()) * 1000 if held else None
        for device, _ in poll.poll(rest):
            _take(device, time.monotonic() + seconds, far, nears, held)
        now = time.monotonic()
        while held and held[0][0] <= now:
            _, device, packet = held.popleft()
            with suppress(OSError):  # a device that is down loses what comes
                os.write(device, packet)


def _take(
    device: int, due: float, far: int, nears: list[int], held: deque[tuple[float, int, bytes]]
) -> None:
    with suppress(OSError):  # nothing more, or the device is not up yet
        for _ in range(_AT_ONCE):
            packet = os.read(device, _LARGEST)
            if packet[0] >> 4 != 4:
                continue
            onward = far if device != far else nears[min(packet[_THIRD], len(nears) - 1)]
            held.append((due, onward, packet))


if __name__ == "__main__":
    main()
