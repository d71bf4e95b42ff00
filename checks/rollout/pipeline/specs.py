"""Pipelines and tasks as they ran: their steps, and all that these are told."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from checks.rollout.pipeline.objects import (
    Env,
    PipelineSpec,
    PipelineTask,
    Step,
    TaskSpec,
    Value,
    text_of,
)
from reports.likely import hidden_value

Object = Mapping[str, Any]
_NOTHING: Object = {}


class Kept:
    """The definitions that were read so far, each once, however many runs had it."""

    def __init__(self) -> None:
        self._pipelines: dict[PipelineSpec, int] = {}
        self._tasks: dict[TaskSpec, int] = {}

    @property
    def pipelines(self) -> tuple[PipelineSpec, ...]:
        """Those of pipelines, each at the place that was returned for it."""
        return tuple(self._pipelines)

    @property
    def tasks(self) -> tuple[TaskSpec, ...]:
        """Those of tasks, each at the place that was returned for it."""
        return tuple(self._tasks)

    def pipeline(self, spec: Object | None) -> int | None:
        """Keep a pipeline's definition, and return its place; None where there is none yet."""
        if not spec:
            return None
        read = PipelineSpec(tasks=tuple(_pipeline_tasks(spec)))
        return self._pipelines.setdefault(read, len(self._pipelines))

    def task(self, spec: Object | None) -> int | None:
        """Keep a task's definition, and return its place; None where there is none yet."""
        if not spec:
            return None
        return self._tasks.setdefault(_task_spec(spec), len(self._tasks))


def envs_of(listed: Iterable[Object] | None) -> tuple[Env, ...]:
    """Return the variables of a container; one without a value of its own comes of elsewhere."""
    return tuple(
        Env(name=one["name"], value=None if "valueFrom" in one else _env_value(one))
        for one in listed or ()
    )


def _env_value(one: Object) -> str:
    return hidden_value(str(one["name"]), str(one.get("value") or ""))


def values_of(listed: Iterable[Object] | None, held: str = "value") -> tuple[Value, ...]:
    """Return parameters or results; `held` is the key of what each of them is."""
    return tuple(_value(one, held) for one in listed or () if held in one)


def _value(one: Object, held: str) -> Value:
    kind, text = text_of(one[held])
    return Value(name=one["name"], type=kind, text=hidden_value(str(one["name"]), text))


def _pipeline_tasks(spec: Object) -> Iterator[PipelineTask]:
    for final, name in ((False, "tasks"), (True, "finally")):
        for one in spec.get(name) or ():
            own = one.get("taskSpec")
            yield PipelineTask(
                name=one["name"],
                ref=(one.get("taskRef") or _NOTHING).get("name") or "",
                spec=_task_spec(own) if own else None,
                params=values_of(one.get("params")),
                final=final,
                conditional=bool(one.get("when")),
                may_fail=one.get("onError") == "continue",
            )


def _task_spec(spec: Object) -> TaskSpec:
    template = spec.get("stepTemplate") or _NOTHING
    steps = [_step(one, template, sidecar=False) for one in spec.get("steps") or ()]
    beside = [_step(one, _NOTHING, sidecar=True) for one in spec.get("sidecars") or ()]
    return TaskSpec(
        steps=(*steps, *beside),
        defaults=values_of(spec.get("params"), "default"),
        volumes=tuple(_volume(one) for one in spec.get("volumes") or ()),
    )


def _step(one: Object, template: Object, *, sidecar: bool) -> Step:
    own = envs_of(one.get("env"))
    named = {env.name for env in own}
    inherited = (env for env in envs_of(template.get("env")) if env.name not in named)
    told = [*(one.get("command") or template.get("command") or ())]
    told += [*(one.get("args") or template.get("args") or ()), one.get("script") or ""]
    security = one.get("securityContext") or template.get("securityContext") or _NOTHING
    return Step(
        name=one.get("name") or "",
        image=one.get("image") or template.get("image") or "",
        words="\n".join(line for line in told if line),
        env=(*own, *inherited),
        privileged=security.get("privileged") is True,
        sidecar=sidecar,
        sourced=bool(one.get("envFrom") or template.get("envFrom")),
    )


def _volume(one: Object) -> str:
    """Return a volume in words: what it is made of, and the place or name that it is taken from."""
    for kind, told in one.items():
        if kind != "name" and isinstance(told, Mapping):
            places = (told.get(key) for key in ("path", "claimName", "secretName", "name"))
            return f"{kind} {next((place for place in places if place), '')}".strip()
    return "nothing that it names"
