"""Lanes as a profile has them, made in one line for a test."""

from typing import Any

from config.lanes import Lane
from config.lanes.health import Health
from config.lanes.observability import Observability, Query
from config.lanes.secrets import LaneSecrets
from tests.checks.rollout import lanes

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def lane(**parts: Any) -> Lane:
    """Return a lane that has these parts and no others, and a command of its own."""
    return lanes.lane(**({"next": {"default": "agentrun v01 control-plane status"}} | parts))


def query(**fields: Any) -> Query:
    told = {"name": "ready", "promql": "up", "on_empty": "fail", "on_nan": "inconclusive"}
    return Query.model_validate(told | fields)


def observability(**fields: Any) -> Observability:
    told = {"prometheus": "http://127.0.0.1:9090", "queries": lanes.NONE, "jobs": lanes.NONE}
    return Observability.model_validate(told | fields)


def health(**fields: Any) -> Health:
    return Health.model_validate({"name": "mgr", "url": "https://a.test/health"} | fields)


def secrets(**fields: Any) -> LaneSecrets:
    return LaneSecrets.model_validate(fields)
