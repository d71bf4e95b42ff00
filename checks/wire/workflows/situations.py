"""What is known where a job is expanded: by event, and by who calls it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from checks.wire.workflows.coercion import Partly, Unsure, Value
from checks.wire.workflows.evaluation import Contexts
from checks.wire.workflows.events import Surroundings, github_on, inputs_on
from checks.wire.workflows.loading import Loaded
from checks.wire.workflows.seen import Text, Trigger, Unknown

_RUNS = "is known when it runs"


@dataclass(frozen=True, slots=True)
class Situation:
    """A workflow as one event starts it, and as one leg of a job calls it.

    `prefix` is the name of the legs that call, None for the workflow itself; `matrix` their values.
    """

    event: str
    github: Value
    inputs: Value
    prefix: Text | None = None
    matrix: tuple[tuple[str, Value], ...] = ()
    condition: bool | Unsure = True

    def contexts(self, **more: Value) -> Contexts:
        """Return the contexts that are known of every job."""
        named = {"github": self.github, "inputs": self.inputs, "vars": Unsure(f"vars {_RUNS}")}
        return Contexts({**named, "needs": Partly({}, _RUNS), **more})

    def called(self, **changes: Value) -> "Situation":
        """Return the situation of what is called in this one."""
        return replace(self, **changes)


def situations_of(
    loaded: Loaded, around: Surroundings, triggers: tuple[Trigger, ...]
) -> list[Situation]:
    """Return one situation for each event that starts a workflow."""
    name = loaded.root.get("name") if loaded.root else None
    title = name.text if name is not None and name.text else loaded.path
    return [Situation(one.event, github_on(one, around, title), inputs_on(one)) for one in triggers]


def named(name: Text, prefix: Text | None) -> Text:
    """Join the name of who calls and of what is called, as GitHub does: `caller / inner`."""
    if prefix is None:
        return name
    joined = f"{prefix} / {name}"
    for part in (prefix, name):
        if isinstance(part, Unknown):
            return Unknown(text=joined, why=part.why)
    return joined


def statuses(condition: Value) -> Mapping[str, Value]:
    """Return the status functions where nothing fails and nobody cancels.

    `condition` is whether all jobs that are needed run.
    """
    return {"success": condition, "always": True, "failure": False, "cancelled": False}
