"""YAML that is nested too deeply: libyaml's loaders call themselves until the process ends."""

import re
from typing import Any

DEPTH = 200
"""Levels that a text may have; Kubernetes itself takes fewer."""
_INDENT = re.compile(rf"[ \t?-]{{{DEPTH // 2}}}")
"""What stands before the first key of a line: a level of a block takes a column of it."""


class TooDeepError(ValueError):
    """A text has more levels than may be loaded."""


def ensure_flat(text: str) -> None:
    """Refuse a text that has, as YAML, more levels than may be loaded: raises `TooDeepError`.

    It is read event by event, and only where it could have as many. Raises `yaml.YAMLError`.
    """
    if text.count("[") + text.count("{") <= DEPTH // 2 and not _INDENT.search(text):
        return
    import yaml  # noqa: PLC0415 - for texts that could be

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    level = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            level += 1
            if level > DEPTH:
                raise TooDeepError(f"it has more than {DEPTH} levels")
        elif isinstance(event, yaml.CollectionEndEvent):
            level -= 1
