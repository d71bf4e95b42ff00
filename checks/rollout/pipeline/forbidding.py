"""Where a run does what it must not: in its tasks, its steps, their images and their volumes."""

from collections.abc import Iterator, Mapping, Sequence

from checks.rollout.pipeline.objects import Step
from checks.rollout.pipeline.plain import by_name, matches, put_in, words_in
from checks.rollout.pipeline.seen import WholeRun

_LONGEST = 160


def forbidden_in(
    run: WholeRun, words: Sequence[str], task: str | None = None, *, given: bool = False
) -> list[str]:
    """Return each place in which one of the words stands; of one task alone where it is named.

    Steps are read with their parameters in their places. With `given` each parameter is a place
    too, wherever it goes: to a file, or to whatever the step calls.
    """
    found: dict[str, None] = {}
    for name, what, text in (*_places(run), *(_params(run) if given else ())):
        if task is None or name == task:
            for word, line in words_in(text, words):
                found[f"{word} in {what} of {name}: {_short(line)}"] = None
    return list(found)


def gates_in(run: WholeRun, patterns: Sequence[str], commands: Sequence[str]) -> list[str]:
    """Return the tasks that are called, or refer to a task or have a step called, by a pattern.

    And those that run one of the commands, whatever they are called.
    """
    found: dict[str, None] = {}
    for name in run.names:
        if matches(name, patterns):
            found[name] = None
    for one in run.definition.tasks if run.definition else ():
        if matches(one.ref, patterns):
            found[f"{one.name}, which is {one.ref}"] = None
    for name, step, params in _steps(run):
        if matches(step.name, patterns):
            found[f"step {step.name} of {name}"] = None
        for word, line in words_in(put_in(step.words, params), commands):
            found[f"{word} in step {step.name} of {name}: {_short(line)}"] = None
    return list(found)


def _places(run: WholeRun) -> Iterator[tuple[str, str, str]]:
    """Walk task, place and text."""
    for name in run.names:
        yield name, "the name", name
    for one in run.definition.tasks if run.definition else ():
        yield one.name, "the reference", one.ref
    for name, step, params in _steps(run):
        for what, text in _of_step(step):
            yield name, what, put_in(text, params)
    for task in run.tasks:
        spec = run.spec_of(task)
        yield task.task, "the volumes", "\n".join(spec.volumes if spec else ())


def _params(run: WholeRun) -> Iterator[tuple[str, str, str]]:
    """Walk the values of parameters: the run's own, each task's, and what they are by default."""
    for one in run.run.params:
        yield run.run.name, f"the parameter {one.name}", one.text
    for task in run.tasks:
        spec = run.spec_of(task)
        for name, text in by_name(spec.defaults if spec else (), task.params).items():
            yield task.task, f"the parameter {name}", text
    ran = {one.task for one in run.tasks}
    for planned in run.definition.tasks if run.definition else ():
        if planned.name not in ran:
            yield from ((planned.name, f"the parameter {one.name}", one.text)
                        for one in planned.params)  # fmt: skip


def _steps(run: WholeRun) -> Iterator[tuple[str, Step, Mapping[str, str]]]:
    """Walk the steps of each task as it ran, or is to run, with its parameters."""
    ran = {one.task for one in run.tasks if one.spec is not None}
    for task in run.tasks:
        spec = run.spec_of(task)
        params = by_name(spec.defaults, task.params) if spec else {}
        yield from ((task.task, step, params) for step in (spec.steps if spec else ()))
    own = by_name(run.run.params)
    for one in run.definition.tasks if run.definition else ():
        if one.name not in ran and one.spec:
            given = {name: put_in(text, own) for name, text in by_name(one.params).items()}
            params = own | by_name(one.spec.defaults) | given
            yield from ((one.name, step, params) for step in one.spec.steps)


def _of_step(step: Step) -> Iterator[tuple[str, str]]:
    what = f"{'sidecar' if step.sidecar else 'step'} {step.name}"
    yield f"the name of {what}", step.name
    yield f"the image of {what}", step.image
    yield what, step.words
    yield f"the variables of {what}", "\n".join(f"{one.name}={one.value}" for one in step.env)


def _short(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
