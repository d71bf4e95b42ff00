"""Where a job's labels lead: to GitHub's own runners, to self-hosted ones, or nowhere. All pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from enum import StrEnum

from checks.wire.workflows.seen import Job, Leg, Place, Unknown, WorkflowFile
from config.hosted import hosted_labels
from config.labels import Labels
from fixtures.github.values import Runner

SELF_HOSTED = "self-hosted"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of labels, in lower case: GitHub compares them so."""

    hosted: frozenset[str]
    gone: Mapping[str, date]
    """Labels to which no runner of GitHub's answers any more."""
    larger: frozenset[str]
    scale_sets: frozenset[str]
    declared: frozenset[str]
    dated: date

    @property
    def every(self) -> frozenset[str]:
        return self.hosted | self.larger | self.scale_sets | self.declared


def known_of(expected: Labels) -> Known:
    """Return what the profile, and the dated list that it names, know of labels."""
    listed = hosted_labels(expected.hosted_labels)
    return Known(
        hosted=lower(listed.labels),
        gone={label.casefold(): since for label, since in listed.retired.items()},
        larger=lower(expected.larger_runners),
        scale_sets=lower(expected.scale_sets),
        declared=lower(expected.declared),
        dated=listed.dated,
    )


def lower(labels: Iterable[str]) -> frozenset[str]:
    return frozenset(label.casefold() for label in labels)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one leg of a job asks for; `unknown` is what only a run can tell."""

    job: str
    name: str
    place: Place
    labels: tuple[str, ...]
    group: str | None
    unknown: tuple[Unknown, ...]

    @property
    def shown(self) -> str:
        """The labels as they stand, and the group."""
        words = ", ".join((*self.labels, *(one.text for one in self.unknown)))
        group = f"group {self.group}" if self.group else ""
        return " of ".join(part for part in (f"[{words}]" if words else "", group) if part)

    def __str__(self) -> str:
        return f"{self.place}: job {self.name} asks for {self.shown}"


def asked_by(
    files: Iterable[WorkflowFile], expressions: Mapping[str, Sequence[str]]
) -> tuple[Asked, ...]:
    """Return what the jobs of workflow files ask for, each once.

    `expressions` says what some come to. A workflow that others alone call is judged where they
    call it: what it asks for by its own is left out if that is not known.
    """
    comes_to = {squeezed(text): tuple(labels) for text, labels in expressions.items()}
    found: dict[Asked, None] = {}
    for file in files:
        called = {trigger.event for trigger in file.triggers} == {"workflow_call"}
        for job in file.jobs:
            for one in asked_by_job(job, comes_to):
                if not (called and one.unknown):
                    found[one] = None
    return tuple(found)


def asked_by_job(job: Job, comes_to: Mapping[str, tuple[str, ...]]) -> Iterator[Asked]:
    """Walk what the legs of a job ask for; those of a workflow that it calls ask for themselves.

    What a workflow of another repository asks for is not known, unless it is told by its `uses`.
    """
    place = job.runs_on or job.place
    if job.unexpanded is not None and (job.calls is not None or not job.legs):
        one = replace(job.unexpanded, text=job.calls or job.unexpanded.text)
        labels = comes_to.get(squeezed(one.text), ())
        yield Asked(job.id, job.id, place, labels, None, () if labels else (one,))
    for leg in job.legs:
        if job.calls is None or leg.labels or leg.group:
            yield _asked_by_leg(job, leg, place, comes_to)


def _asked_by_leg(
    job: Job, leg: Leg, place: Place, comes_to: Mapping[str, tuple[str, ...]]
) -> Asked:
    labels: list[str] = []
    unknown: list[Unknown] = []
    for text in leg.labels:
        if isinstance(text, str):
            labels.append(text)
        elif (squeezed(text.text)) in comes_to:
            labels += comes_to[squeezed(text.text)]
        else:
            unknown.append(text)
    group = leg.group
    if isinstance(group, Unknown):
        unknown.append(group)
        group = None
    name = leg.name if isinstance(leg.name, str) else leg.name.text
    return Asked(job.id, name, place, tuple(labels), group, tuple(unknown))


def squeezed(text: str) -> str:
    """Return an expression without the spaces that mean nothing."""
    return "".join(text.split())


class Kind(StrEnum):
    """What runs a job: by its labels alone."""

    HOSTED = "hosted"
    SCALE_SET = "scale set"
    SELF_HOSTED = "self-hosted"
    UNLISTED = "unlisted"
    """A label that nobody knows: it may be a mistake in writing."""
    UNKNOWN = "unknown"


def kind_of(asked: Asked, known: Known) -> Kind:
    """Tell what is to run a job; `known` says which labels are GitHub's, and which declared."""
    labels = lower(asked.labels)
    if asked.unknown:
        return Kind.UNKNOWN
    if SELF_HOSTED in labels or (asked.group and not labels):
        return Kind.SELF_HOSTED
    if len(labels) == 1:
        if labels <= known.hosted | known.larger:
            return Kind.HOSTED
        if labels <= known.scale_sets:
            return Kind.SCALE_SET
    return Kind.SELF_HOSTED if labels and labels <= known.every else Kind.UNLISTED


def unlisted(asked: Asked, known: Known) -> tuple[str, ...]:
    """Say of each label that nobody knows what may be meant, or since when it is gone."""
    told = []
    for label in asked.labels:
        low = label.casefold()
        if low in known.every or low == SELF_HOSTED:
            continue
        if low in known.gone:
            told.append(f"{label}: GitHub has no such runner since {known.gone[low]}")
            continue
        near = get_close_matches(low, sorted(known.every), n=1)
        told.append(f"{label}: did you mean {near[0]}?" if near else f"{label}: nobody knows it")
    return tuple(told)


def covering(asked: Asked, runners: Iterable[Runner]) -> tuple[Runner, ...]:
    """Return the runners that have every label which is asked for, and are of the group."""
    labels = lower(asked.labels)
    return tuple(
        one
        for one in runners
        if labels <= lower(one.labels) and asked.group in (None, one.group or asked.group)
    )


def nearest_runner(asked: Asked, runners: Iterable[Runner]) -> str:
    """Say which runner comes nearest, and what it lacks; empty where there is none at all."""
    labels = lower(asked.labels)
    every = sorted(runners, key=lambda one: (len(labels - lower(one.labels)), one.name))
    if not every:
        return ""
    one = every[0]
    if not (lacking := labels - lower(one.labels)):
        return f"{one.name} has the labels, and is of the group {one.group}"
    missing = ", ".join(sorted(lacking))
    return f"{one.name} comes nearest, and lacks {missing}; it has {', '.join(one.labels)}"
