"""What a tool's JSON says of a run and of a trigger, read defensively."""

from dataclasses import dataclass
from typing import Any

from checks.rollout.told.fields import (
    MISSING,
    Missing,
    dig,
    number_at,
    required,
    text_at,
    truth_at,
)
from checks.rollout.told.seen import Told
from config.lanes.pipeline import PipelineTold


@dataclass(frozen=True, slots=True)
class TriggerTime:
    """How a trigger stands, and how long it took, in seconds; None where that is not told."""

    state: str
    is_over: bool
    elapsed: float | None
    waited: float | None

    @property
    def words(self) -> str:
        """`131 s in all, of which 96 s for the run`."""
        if self.elapsed is None:
            return "a time that is not told"
        own = "" if self.waited is None else f", of which {self.waited:.0f} s for the run"
        return f"{self.elapsed:.0f} s in all{own}"


def told_run(told: Told, fields: PipelineTold) -> tuple[str, str | None]:
    """Return the name of the run that a tool expects, and its status; None: no status yet.

    The status is the word of a Kubernetes condition, and may be JSON's own true or false.
    """
    name = required(told, fields.expected_run, text_at(told, fields.expected_run))
    raw = dig(told, fields.run_status)
    if raw is MISSING or raw is None:
        return name, None
    truth = truth_at(told, fields.run_status)
    holds = None if isinstance(truth, Missing) else truth.holds
    return name, "Unknown" if holds is None else str(holds)


def trigger_time(told: Told, fields: PipelineTold) -> TriggerTime:
    """Return what a trigger tells of itself."""
    state = dig(told, fields.trigger)
    word = str(state)
    ended = {one.lower() for one in fields.trigger_ended}
    return TriggerTime(
        state=word,
        is_over=word.lower() in ended,
        elapsed=_number(number_at(told, fields.elapsed)),
        waited=_number(number_at(told, fields.waited)),
    )


def clients_of(told: Told, fields: PipelineTold) -> list[tuple[str, Any]]:
    """Return the clients of a proxy that a tool names, each with its rate, or `MISSING`."""
    listed = dig(told, fields.proxy_clients)
    if isinstance(listed, dict):
        every = list(listed.items())
    elif isinstance(listed, list):
        every = [(str(_of(one, "name", at)), one) for at, one in enumerate(listed)]
    else:
        return []
    return [(str(name), _of(one, fields.proxy_rate, MISSING)) for name, one in every]


def _of(one: Any, key: str, default: Any) -> Any:
    return one.get(key, default) if isinstance(one, dict) else default


def _number(value: float | Missing | None) -> float | None:
    return None if isinstance(value, Missing) else value
