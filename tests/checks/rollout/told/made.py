"""What a tool told, made by hand."""

import json
from datetime import UTC, datetime
from typing import Any

from checks.rollout.told.seen import Told

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def told(document: Any, tells: str = "control-plane", **changes: Any) -> Told:
    text = document if isinstance(document, str) else json.dumps(document)
    fields: dict[str, Any] = {
        "name": f"{tells} status",
        "tells": tells,
        "command": f"agentrun {tells} status",
        "prefix": None,
        "status": 0,
        "document": text,
        "transcript": text,
        "seconds": 0.1,
        "at": NOW,
    }
    return Told(**(fields | changes))
