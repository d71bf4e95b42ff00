"""What a run's plan says: what is built, what is reused, and what that is safe of."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks.rollout.catalog.scanned import InputsChanged, NoInputs
from checks.rollout.failures import Failure
from checks.rollout.pipeline.objects import TaskRun, Value

_COUNT = re.compile(r"(\w+)\s*[=:]\s*(\d+)")
_UNSAFE = "unsafeReuse"


@dataclass(frozen=True, slots=True)
class Services:
    """The services of a plan, by what becomes of them; None: it does not tell."""

    affected: tuple[str, ...] | None
    build: tuple[str, ...] | None
    reused: tuple[str, ...] | None


def read_counts(value: Value) -> Mapping[str, int] | None:
    """Read a summary such as `build=0 reuse=1 unsafeReuse=0`, or as JSON; None for neither."""
    plain = _plain(value)
    if isinstance(plain, Mapping):
        try:
            return {str(key): int(str(told)) for key, told in plain.items()}
        except (TypeError, ValueError):
            return None
    if isinstance(plain, str):
        return {name: int(count) for name, count in _COUNT.findall(plain)} or None
    return None


def why_counts_are_wrong(
    counts: Mapping[str, int], expected: Mapping[str, int]
) -> tuple[Failure, tuple[str, ...]] | None:
    """Return the class of what is wrong with a summary, and each count that is; None: all is well.

    What was reused unsafely is worse than what was built without need.
    """
    wrong = tuple(
        f"{name}={counts.get(name, 'not told')}, not {count}"
        for name, count in expected.items()
        if counts.get(name) != count
    )
    if not wrong:
        return None
    is_unsafe = counts.get(_UNSAFE, 0) > expected.get(_UNSAFE, 0)
    return (Failure.UNSAFE_REUSE if is_unsafe else Failure.UNEXPECTED_BUILD), wrong


def why_build(inputs: InputsChanged | NoInputs, commit: str) -> str:
    """Say why a run of this commit has to build an environment; empty where nothing asks for it."""
    if isinstance(inputs, NoInputs) or inputs.newer != commit or not inputs.paths:
        return ""
    return f"inputs of the environment changed since {inputs.older[:12]}: {', '.join(inputs.paths)}"


def services_of(task: TaskRun, affected: str, build: str, reused: str) -> Services:
    """Read a plan's services of the results that tell them."""
    return Services(*(_names(task.result(name)) for name in (affected, build, reused)))


def why_not_hydrated(plan: Services) -> tuple[str, ...]:
    """Say what shows that a plan was made without the catalog: nothing where nothing does."""
    built, reused, affected = plan.build or (), plan.reused, plan.affected
    beyond = () if affected is None else tuple(one for one in built if one not in affected)
    found = []
    if built and reused == ():
        found.append(
            f"buildServices={list(built)} and reusedServices=[]: nothing was found to reuse"
        )
    if beyond:
        found.append(f"{', '.join(beyond)} are built, and not among affectedServices")
    return tuple(found)


def _names(value: Value | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    plain = _plain(value)
    if isinstance(plain, list):
        return tuple(map(str, plain))
    if isinstance(plain, Mapping):
        return tuple(map(str, plain))
    return tuple(re.split(r"[\s,]+", plain.strip())) if plain.strip() else ()


def _plain(value: Value) -> list[object] | Mapping[str, object] | str:
    """Return what a value stands for; text that is a list or a mapping in JSON is read as that."""
    plain = value.plain
    if isinstance(plain, str) and plain.lstrip()[:1] in ("[", "{"):
        try:
            plain = json.loads(plain)
        except ValueError:
            return str(value.plain)
    return plain if isinstance(plain, list | Mapping) else str(plain)
