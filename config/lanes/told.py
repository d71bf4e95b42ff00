"""What a lane's own command lines say of it: a tool's word, not something seen."""

from typing import Literal

from config.lanes.words import Argv, Text
from config.model import Duration, Model
from config.vantages import Name


class StatusCommand(Model):
    """A command that tells of the lane in JSON, after noise perhaps. It must change nothing."""

    name: Name
    tells: Literal[
        "control-plane",
        "git-mirror",
        "plan-artifacts",
        "trigger",
        "job",
        "runtime-image",
        "tools-image",
        "egress-proxy",
        "cleanup-runners",
        "observability",
        "migration",
        "rollout-record",
        "runtime",
    ]
    """What its JSON is read as."""
    argv: Argv
    """`{lane}`, `{node}` and `{commit}` stand for the lane's own."""
    vantage: Name | None = None
    """Where it is run; the lane's own vantage, if left out."""
    deadline: Duration = 60.0
    prefix: Text | None = None
    """The key under which its answer lies, where it is wrapped: `data`."""
