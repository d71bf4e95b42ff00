"""Who emits a context: the jobs of workflow files whose check runs are called so."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from checks.wire.workflows.seen import Job, Leg, Text, Trigger, Unknown, WorkflowFile

_EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
_CALLED = "workflow_call"
_PULL = ("pull_request", "pull_request_target")
_NEEDED_TYPES = ("opened", "synchronize")
"""Without these a pull request's new commits are not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emitter:
    """A job of a workflow file, and the leg whose check run has the name."""

    file: WorkflowFile
    job: Job
    leg: Leg

    def __str__(self) -> str:
        return f"{self.file.path}:{self.job.place.line} job {self.job.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Emission:
    """Who emits a context, who may, and what is called almost so."""

    context: str
    exact: tuple[Emitter, ...]
    possible: tuple[str, ...]
    """Jobs whose name is known only when they run, and could be this one."""
    near: tuple[str, ...]
    """What is meant, perhaps: the same but for case, a job's id, a workflow's prefix."""


def find_emitters(context: str, files: Sequence[WorkflowFile]) -> Emission:
    """Find the jobs that emit a context: its name exactly, as GitHub compares it."""
    exact, possible = [], []
    for file, job in _jobs(files):
        for leg in job.legs:
            if leg.name == context:
                exact.append(Emitter(file=file, job=job, leg=leg))
            elif may_be(leg.name, context):
                possible.append(f"{job.place}: {leg.name}")
        if not job.legs and job.unexpanded is not None:
            possible.append(f"{job.place}: {job.id}, {job.unexpanded.why}")
    possible += [f"{file.path} could not be read: {_why(file)}" for file in files if _why(file)]
    return Emission(
        context=context,
        exact=tuple(exact),
        possible=tuple(dict.fromkeys(possible)),
        near=tuple(dict.fromkeys(_near(context, files))),
    )


def may_be(name: Text, context: str) -> bool:
    """Tell whether a name that holds expressions could come out as the context."""
    if not isinstance(name, Unknown):
        return False
    texts = _EXPRESSION.split(name.text)
    if len(texts) == 1:
        return True
    at = 0
    for text in texts:
        found = context.find(text, at)
        if found < 0:
            return False
        at = found + len(text)
    return context.startswith(texts[0]) and context.endswith(texts[-1])


def obstacles(emitter: Emitter, branch: str, *, queue: bool) -> list[str]:
    """Say what keeps a required job from running on every pull request to the branch.

    `queue` says that a merge queue waits for it, too.
    """
    triggers = {one.event: one for one in emitter.file.triggers}
    pulls = [triggers[event] for event in _PULL if event in triggers]
    path, told = emitter.file.path, []
    if not pulls:
        told.append(f"{path} does not run on pull_request: the context is never emitted there")
    elif emitter.leg.events and not {one.event for one in pulls} & set(emitter.leg.events):
        told.append(f"{emitter} has this name on {', '.join(emitter.leg.events)} alone")
    elif pulls and {one.event for one in pulls} <= set(emitter.leg.skipped_on):
        told.append(_skipped(emitter, pulls[0].event))
    elif emitter.leg.condition is False:
        told.append(
            f"{emitter} never runs, by `if: {emitter.job.condition or 'that of another job'}`:"
            " where it is skipped, GitHub counts it as a success"
        )
    told += [line for pull in pulls[:1] for line in _filters(pull, branch)]
    if queue and "merge_group" not in triggers:
        told.append(f"{path} does not run on merge_group: the merge queue waits for ever")
    if queue and "merge_group" in emitter.leg.skipped_on:
        told.append(_skipped(emitter, "merge_group"))
    if queue and "merge_group" in triggers and triggers["merge_group"].branches:
        told += list(_filters(triggers["merge_group"], branch))
    return told


def _skipped(emitter: Emitter, event: str) -> str:
    """GitHub's documentation of required checks: a job that is skipped reports success."""
    condition = f"`if: {emitter.job.condition}`" if emitter.job.condition else "what it needs"
    return f"{emitter} is skipped on {event} by {condition}: GitHub takes that for a success"


def _filters(trigger: Trigger, branch: str) -> Iterator[str]:
    place, event = trigger.place, trigger.event
    for name, patterns in (("paths", trigger.paths), ("paths-ignore", trigger.paths_ignore)):
        if patterns:
            yield (
                f"{place}: {event} has `{name}: [{', '.join(patterns[:3])}]`: where it is filtered"
                " out, the context stays pending"
            )
    if trigger.branches and not chosen(trigger.branches, branch):
        yield f"{place}: {event} is for {', '.join(trigger.branches[:3])}, and not for {branch}"
    if trigger.branches_ignore and chosen(trigger.branches_ignore, branch):
        yield f"{place}: {event} ignores {branch}"
    lacking = [one for one in _NEEDED_TYPES if trigger.types and one not in trigger.types]
    if lacking and event in _PULL:
        yield f"{place}: {event} is for the types {', '.join(trigger.types)} alone"


def is_path_filtered(emitter: Emitter) -> bool:
    """Tell whether a workflow leaves out pull requests by their paths."""
    pulls = [one for one in emitter.file.triggers if one.event in _PULL]
    return any(one.paths or one.paths_ignore for one in pulls)


def chosen(patterns: Iterable[str], branch: str) -> bool:
    """Tell whether a filter's patterns choose a branch; the last that fits decides."""
    fits = False
    for pattern in patterns:
        bare = pattern.removeprefix("!")
        if _matches(bare, branch):
            fits = not pattern.startswith("!")
    return fits


def _matches(pattern: str, branch: str) -> bool:
    if "**" in pattern:
        return fnmatchcase(branch, pattern.replace("**", "*"))
    parts, names = pattern.split("/"), branch.split("/")
    return len(parts) == len(names) and all(map(fnmatchcase, names, parts))


def _jobs(files: Sequence[WorkflowFile]) -> Iterator[tuple[WorkflowFile, Job]]:
    """Walk the jobs that GitHub begins under their own names.

    Those of a workflow that others alone call have their caller's name before theirs, and stand
    among its jobs.
    """
    own = (one for one in files if {trigger.event for trigger in one.triggers} != {_CALLED})
    return ((file, job) for file in own for job in file.jobs)


def _why(file: WorkflowFile) -> str:
    """Say why a file has no jobs to look at; empty where it has some."""
    errors = [one for one in file.findings if one.level == "error"]
    return errors[0].text if errors and not file.jobs else ""


def _near(context: str, files: Sequence[WorkflowFile]) -> Iterator[str]:
    bare = context.casefold().strip()
    for file, job in _jobs(files):
        for leg in job.legs:
            if not isinstance(leg.name, str) or leg.name == context:
                continue
            prefixed = f"{(file.name or file.path).casefold()} / {leg.name.casefold()}"
            if job.id == context:
                yield f"{job.place}: {context!r} is the job's id; its check run is {leg.name!r}"
            elif leg.name.casefold() == bare:
                yield f"{job.place}: {leg.name!r} differs in case or blanks"
            elif prefixed == bare:
                yield f"{job.place}: {leg.name!r}, without the workflow's name before it"
            elif leg.name.partition(" (")[0] == context.partition(" (")[0]:
                yield f"{job.place}: {leg.name!r} has other values of the matrix"
