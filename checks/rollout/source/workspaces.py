"""What a status tells of a host's workspace, where snapshots alone are the source. All pure."""

import json
import re
from typing import Any

from checks.rollout.told.fields import MISSING, Truth, dig, listed_at, shown, truth_at
from checks.rollout.told.seen import Told

_BLOCKERS = ("blockers", "alignment.blockers", "summary.blockers", "summary.source.blockers")
_STATES = ("summary.source.workspaceDetached", "summary.source.workspaceDirty")
_WORDS = ("workspacedetached", "sourceworktreerestorefailed", "workspacedirty")
"""As they are without what is no letter: a tool writes `workspace-dirty` or `workspace dirty`."""


def workspace_blockers(told: Told) -> list[str]:
    """Return what a status tells of a workspace that blocks the lane, or is not as it was."""
    saw = []
    for path in _STATES:
        truth = truth_at(told, path)
        if isinstance(truth, Truth) and truth.holds:
            saw.append(f"{path} is {truth.raw}")
    for path in _BLOCKERS:
        saw += [f"{path} has {shown(one)}" for one in listed_at(told, path) if _names_it(one)]
    return saw


def tells_of_blockers(told: Told) -> bool:
    """Tell whether a status says anything by which a workspace would be seen to block it."""
    return any(dig(told, path) not in (MISSING, None) for path in (*_BLOCKERS, *_STATES))


def _names_it(blocker: Any) -> bool:
    said = re.sub(r"[^a-z]", "", json.dumps(blocker).lower())
    return any(word in said for word in _WORDS)
