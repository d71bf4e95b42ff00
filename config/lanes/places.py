"""Where a lane's repositories are found: a path is read as relative to its profile."""

import re
from collections.abc import Callable
from typing import Any

from config.lanes import Lane
from config.model import Absent

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_LIKE_SCP = re.compile(r"[^/\s:]+:(?!//)\S")
_PLACES = (
    ("source", "repository"),
    ("source", "worktree", "path"),
    ("mirror", "repository"),
    ("gitops", "repository"),
)
Change = Callable[[str], str]


def is_url(repository: str) -> bool:
    """Tell whether git takes it as a remote, a URL or HOST:PATH, and not as a path."""
    return bool(_SCHEME.match(repository) or _LIKE_SCP.match(repository))


def placed(lane: Lane, full: Change) -> Lane:
    """Return the lane with each path of a repository as `full` makes it; URLs stay as they are."""
    changed: Any = lane
    for place in _PLACES:
        changed = _with(changed, place, full)
    found: Lane = changed
    return found


def plainly_placed(lane: dict[str, Any], short: Change) -> None:
    """Change the paths of a lane that is plain JSON, as `placed` does of a model."""
    for *way, last in _PLACES:
        part: Any = lane
        for name in way:
            part = part.get(name) if isinstance(part, dict) else None
        if isinstance(part, dict) and isinstance(part.get(last), str) and not is_url(part[last]):
            part[last] = short(part[last])


def _with(part: Any, place: tuple[str, ...], full: Change) -> Any:
    name, *rest = place
    if isinstance(part, Absent):
        return part
    value = getattr(part, name)
    if rest:
        value = _with(value, tuple(rest), full)
    elif not is_url(value):
        value = full(value)
    return part.model_copy(update={name: value})
