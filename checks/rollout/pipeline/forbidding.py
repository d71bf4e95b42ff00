"""Where a run does what it must not: in its tasks, its steps, their images and their volumes."""

from collections.abc import Iterator, Sequence

from checks.rollout.pipeline.objects import Step
from checks.rollout.pipeline.plain import words_in
from checks.rollout.pipeline.seen import WholeRun

_LONGEST = 160


def forbidden_in(run: WholeRun, words: Sequence[str], task: str | None = None) -> list[str]:
    """Return each place in which one of the words stands; of one task alone where it is named."""
    found: dict[str, None] = {}
    for name, what, text in _places(run):
        if task is None or name == task:
            for word, line in words_in(text, words):
                found[f"{word} in {what} of {name}: {_short(line)}"] = None
    return list(found)


def _places(run: WholeRun) -> Iterator[tuple[str, str, str]]:
    """Walk task, place and text."""
    for name in run.names:
        yield name, "the name", name
    for one in run.definition.tasks if run.definition else ():
        yield one.name, "the reference", one.ref
    for name, step in run.steps:
        for what, text in _of_step(step):
            yield name, what, text
    for task in run.tasks:
        spec = run.spec_of(task)
        yield task.task, "the volumes", "\n".join(spec.volumes if spec else ())


def _of_step(step: Step) -> Iterator[tuple[str, str]]:
    what = f"{'sidecar' if step.sidecar else 'step'} {step.name}"
    yield f"the name of {what}", step.name
    yield f"the image of {what}", step.image
    yield what, step.words
    yield f"the variables of {what}", "\n".join(f"{one.name}={one.value}" for one in step.env)


def _short(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
