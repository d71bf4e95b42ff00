"""What is seen of a lane's pipeline."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from checks.rollout.pipeline.conditions import State, standing_of
from checks.rollout.pipeline.objects import (
    Condition,
    PipelineRun,
    PipelineSpec,
    PodSeen,
    Step,
    TaskRun,
    TaskSpec,
)
from checks.rollout.pipeline.plain import by_name, matches, put_in
from reports.codec import observation


@observation
class Run:
    """The PipelineRun of a lane's target. Times are UTC.

    `status` and `reason` are those of its condition Succeeded, as they stand there.
    """

    kind: Literal["lane-run"] = "lane-run"
    name: str
    namespace: str
    uid: str
    commit: str | None
    """The full commit id that it is pinned to."""
    status: str | None
    reason: str | None
    message: str
    created: datetime
    completed: datetime | None
    ordered: str
    """`spec.status`: `Cancelled`, `PipelineRunPending` …; empty where nobody ordered anything."""
    ordered_by: str
    deleting: bool
    others: tuple[str, ...]
    """Older runs that are of the same commit by name and parameter."""
    at: datetime

    @property
    def condition(self) -> Condition | None:
        """Its condition Succeeded."""
        if self.status is None:
            return None
        return Condition(
            status=self.status, reason=self.reason or "", message=self.message, since=None
        )

    @property
    def headline(self) -> str:
        """One line for people."""
        return f"PipelineRun {self.name}: Succeeded={self.status} ({self.reason})"


@observation
class NoRun:
    """There is no run of the lane's target: what stands in its place. Times are UTC."""

    kind: Literal["no-lane-run"] = "no-lane-run"
    namespace: str
    expected: str
    """How it would be called."""
    commit: str
    named: tuple[tuple[str, str], ...]
    """Runs of that name, and what they are pinned to."""
    pinned: tuple[str, ...]
    """Runs of other names that are pinned to the commit."""
    rest: int
    """How many runs of the lane are of other commits."""
    newest: str
    """The newest of these; empty where there is none."""
    at: datetime

    @property
    def headline(self) -> str:
        there = f"the newest is {self.newest}" if self.newest else "there are none of the lane"
        if self.named:
            name, commit = self.named[0]
            there = f"{name} is pinned to {commit or 'nothing'}"
        elif self.pinned:
            there = f"{self.pinned[0]} is pinned to it"
        return f"no PipelineRun {self.expected} of {self.commit} in {self.namespace}: {there}"


@observation
class WholeRun:
    """The run of a lane's target with all that it made. Times are UTC."""

    kind: Literal["whole-run"] = "whole-run"
    run: PipelineRun
    commit: str
    """The full commit id that it is pinned to."""
    definition: PipelineSpec | None
    """None before it was resolved."""
    tasks: tuple[TaskRun, ...]
    """In the order in which they were made."""
    specs: tuple[TaskSpec, ...]
    lost: tuple[str, ...]
    """Pipeline tasks of which the run says that it made a TaskRun, and which are gone."""
    phases: tuple[tuple[str, float, float], ...]
    """Its phases: name, seconds from its creation, and how many seconds each took."""
    at: datetime

    @property
    def headline(self) -> str:
        told = self.run.condition
        stands = f"Succeeded={told.status} ({told.reason})" if told else "not begun"
        return f"PipelineRun {self.run.name}: {stands}, {len(self.tasks)} TaskRuns"

    def of(self, *tasks: str) -> tuple[TaskRun, ...]:
        """Return the TaskRuns of pipeline tasks of these names; `*` stands for any text."""
        return tuple(one for one in self.tasks if matches(one.task, tasks))

    def spec_of(self, task: TaskRun) -> TaskSpec | None:
        """Return what a TaskRun ran; None before that was resolved."""
        return None if task.spec is None else self.specs[task.spec]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its pipeline tasks: those of its definition, and those that ran."""
        defined = self.definition.tasks if self.definition else ()
        told = [*(one.name for one in defined), *(one.task for one in self.tasks)]
        return tuple(dict.fromkeys(told))

    @property
    def steps(self) -> Iterator[tuple[str, Step]]:
        """The steps of each task, as it ran, or as its pipeline has it where it did not run."""
        ran = {one.task for one in self.tasks if one.spec is not None}
        for task in self.tasks:
            spec = self.spec_of(task)
            yield from ((task.task, step) for step in (spec.steps if spec else ()))
        for one in self.definition.tasks if self.definition else ():
            if one.name not in ran and one.spec:
                yield from ((one.name, step) for step in one.spec.steps)

    @property
    def ran(self) -> Iterator[str]:
        """What the steps of tasks that succeeded were told, parameters put in their places."""
        for task in self.tasks:
            spec = self.spec_of(task)
            if spec is None or standing_of(task).state is not State.SUCCEEDED:
                continue
            params = by_name(spec.defaults, task.params)
            yield from (put_in(step.words, params) for step in spec.steps)

    @property
    def said(self) -> Iterator[str]:
        """All that its parameters and steps say, parameters put in their places."""
        yield from (one.text for one in self.run.params)
        yield from self.said_by("*")

    def said_by(self, *tasks: str) -> Iterator[str]:
        """All that the parameters and steps of pipeline tasks of these names say."""
        for task in self.of(*tasks):
            spec = self.spec_of(task)
            params = by_name(spec.defaults if spec else (), task.params)
            yield from params.values()
            for step in spec.steps if spec else ():
                yield put_in(f"{step.image}\n{step.words}", params)
                yield from (put_in(one.value or "", params) for one in step.env)
            yield from (one.value or "" for one in task.network.env)

    @property
    def unresolved(self) -> tuple[str, ...]:
        """The tasks of which it is not known, or not yet, what they run.

        One that was skipped runs nothing, and one that is defined in its pipeline runs that.
        """
        left = {one.task for one in self.run.skipped}
        ran = {one.task: one.spec is not None for one in self.tasks}
        defined = self.definition.tasks if self.definition else ()
        unknown = [name for name, is_known in ran.items() if not is_known]
        unknown += [
            one.name
            for one in defined
            if one.spec is None and one.name not in ran and one.name not in left
        ]
        return tuple(unknown)


@observation
class PodsOfRun:
    """The pods of a lane's run. Times are UTC."""

    kind: Literal["pods-of-run"] = "pods-of-run"
    run: str
    pods: tuple[PodSeen, ...]
    at: datetime

    @property
    def headline(self) -> str:
        return f"PipelineRun {self.run} has {len(self.pods)} pods"


@observation
class HeldUp:
    """What keeps a lane's run from going on, as its pods and their events tell. Times are UTC."""

    kind: Literal["run-held-up"] = "run-held-up"
    run: str
    reasons: tuple[str, ...]
    """Each of one pod: what it waits for, and what the cluster says of it."""
    at: datetime

    @property
    def headline(self) -> str:
        return f"PipelineRun {self.run}: {'; '.join(self.reasons) or 'nothing holds it up'}"
