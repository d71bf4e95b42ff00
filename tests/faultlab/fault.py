"""A fault: what breaks in the lab, and the one cause that the program has to name."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from checks.causes.vocabulary import Cause
from tests.faultlab.lab import FOLDER
from tests.faultlab.places import API, CONTAINER, FORBIDDEN, HOST, HUB, MARKER
from tests.faultlab.resolving import resolving

Breaks = Callable[[], AbstractContextManager[object]]
AGENT = "browser"
HOSTS = {
    "vantages": [HOST],
    "wsl_conf": "/mnt/wsl.conf",
    "block": {"marker": MARKER, "names": [HUB], "backup": {"absent": "the lab keeps none"}},
}
"""The hosts file of the host, with a managed block."""
BLOCK = "# " + MARKER.format(stamp="2025-11-20T08:15:00Z") + "\n{address} " + HUB + "\n"
_VANTAGES = {
    HOST: {"name": HOST, "kind": "local"},
    CONTAINER: {"name": CONTAINER, "kind": "netns", "namespace": CONTAINER},
    "gone": {"name": "gone", "kind": "netns", "namespace": "gone"},
}


_healthy = partial(resolving, FOLDER)


@dataclass(frozen=True)
class Fault:
    """One way in which a network breaks, from the outside alone."""

    name: str
    cause: Cause | None
    """What is to be named; none: nothing is violated."""
    breaks: Breaks = nullcontext
    """What stands in the way while it is looked at."""
    resolves: Breaks = _healthy
    """The nameserver, as long as it runs."""
    vantages: tuple[str, ...] = (HOST,)
    profile: Mapping[str, Any] = field(default_factory=dict)
    """What the profile says otherwise."""
    silent: tuple[str, ...] = ()
    """Layers that hear nothing: there the deadline is near, and far elsewhere."""
    within: tuple[str, ...] = ()
    """A command before which the program runs."""
    env: Mapping[str, str] = field(default_factory=dict)


def profile_of(fault: Fault) -> dict[str, Any]:
    """Write the profile by which the lab is judged."""
    return {
        "name": "faultlab",
        "vantages": [_VANTAGES[name] for name in fault.vantages],
        "deadlines": dict.fromkeys(fault.silent, "2s"),
        "ranges": "github",
        "forbidden": [f"{FORBIDDEN}/32"],
        "endpoints": [
            {
                "host": HUB,
                "ranges": ["web"],
                "http": [
                    {"path": "/", "user_agent": AGENT, "carries": ["X-GitHub-Request-Id"]},
                    {"path": "/large"},
                    {"path": "/", "method": "POST", "body": "{}"},
                ],
                "git": {"path": "actions/checkout"},
            },
            {"host": API, "ranges": ["api"], "http": [{"path": "/"}]},
        ],
        "hosts": {"absent": "not looked at"},
        **fault.profile,
    }
