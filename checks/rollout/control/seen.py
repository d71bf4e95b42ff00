"""What is seen of a control plane. Times are UTC."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reports.codec import observation


@dataclass(frozen=True, slots=True)
class Beside:
    """A rendered object, and in what the live one is different; `absent` where there is none."""

    name: str
    """KIND NAMESPACE/NAME."""
    absent: bool
    differences: tuple[str, ...]
    unread: str = ""
    """Why the live one could not be read; empty where it was."""


@observation
class ControlPlaneCompared:
    """The objects that a lane's control plane is rendered to, beside the live ones."""

    kind: Literal["control-plane"] = "control-plane"
    command: str
    objects: tuple[Beside, ...]
    at: datetime

    @property
    def headline(self) -> str:
        unlike = sum(bool(one.absent or one.differences) for one in self.objects)
        unread = sum(bool(one.unread) for one in self.objects)
        told = f", {unread} could not be read" if unread else ""
        return f"`{self.command}` renders {len(self.objects)} objects, {unlike} are not so{told}"
