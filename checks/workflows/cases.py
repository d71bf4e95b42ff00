"""What is looked at of workflow files and of their runs, and judged."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from checks.wire.github.runners import look_at_workflow_states
from checks.wire.github.runs import RunsOf, look_at_runs
from checks.wire.github.sightings import ASKING, queued_of, runners_of
from checks.wire.repositories import vantage_of
from checks.wire.workflows.sightings import workflows_of
from checks.workflows.dispatching import Dispatching, dispatch_workflow
from checks.workflows.linting import Linted, lint
from checks.workflows.words import path_of
from config.labels import Labels
from config.model import Absent
from config.repositories import Repository
from config.schema import Profile
from config.workflows import Workflows
from fixtures.repositories import source_of
from fixtures.sightings import Case, Sighting

_LINTING = 120.0
_FEW = 5
"""How many runs of a workflow are looked at for one that is over."""


def cases(profile: Profile) -> Iterator[Case]:
    """Make a case of each repository, and one of each workflow that can be dispatched."""
    if isinstance(profile.repositories, Absent):
        yield Case("workflows", "profile", absent=profile.repositories)
        return
    for repository in profile.repositories or ():
        vantage, expected = vantage_of(profile, repository), repository.workflows
        if isinstance(expected, Absent):
            yield Case(repository.name, vantage, absent=expected)
            continue
        given = _arguments(profile, repository, vantage, expected)
        yield Case(repository.name, vantage, given)
        yield from _dispatched(repository, vantage, expected, given)


def _arguments(
    profile: Profile, repository: Repository, vantage: str, expected: Workflows
) -> dict[str, Any]:
    source = source_of(repository)
    given: dict[str, Any] = {
        "workflows_expected": expected,
        "workflows": workflows_of(profile, repository, vantage),
        "labels": repository.labels,
        "queued": queued_of(repository, vantage),
        "runners": runners_of(repository, vantage),
        "queue_limit": expected.queue_limit,
    }
    if isinstance(repository.labels, Absent):
        given["labels"] = Labels()
    active = (*expected.required, *(one.workflow for one in expected.dispatches))
    if active:
        given["active"] = active
        given["states"] = Sighting(look_at_workflow_states, source, vantage, deadline=ASKING)
    if expected.dispatches:
        given["dispatches"] = expected.dispatches
        given["on_default"] = _on_default(profile, repository, vantage)
    if expected.linters:
        tools = (Linted(source, tool) for tool in expected.linters)
        given["lints"] = tuple(Sighting(lint, one, vantage, deadline=_LINTING) for one in tools)
    return given | _of_runs(repository, vantage, expected)


def _on_default(profile: Profile, repository: Repository, vantage: str) -> Sighting:
    """Return the sighting of the default branch's files: GitHub's, where it is asked."""
    ref = repository.branch
    if repository.github is not None:
        there = repository.model_copy(update={"path": None, "ref": ref})
        return workflows_of(profile, there, vantage)
    return workflows_of(profile, repository.model_copy(update={"ref": ref}), vantage)


def _of_runs(repository: Repository, vantage: str, expected: Workflows) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if expected.legs:
        given["legs"] = expected.legs
    if expected.required_steps:
        given["required_steps"] = expected.required_steps
    named = [one.workflow for one in expected.legs]
    named += [one.workflow for one in expected.required_steps]
    if named:
        given["runs"] = _runs(repository, vantage, named)
    if expected.fast_paths:
        given["fast_paths"] = expected.fast_paths
        names = [one.workflow for one in expected.fast_paths]
        given["dispatched_runs"] = _runs(repository, vantage, names, event="workflow_dispatch")
    return given


def _runs(
    repository: Repository, vantage: str, names: Iterable[str], event: str | None = None
) -> tuple[Sighting, ...]:
    every = dict.fromkeys(path_of(name).rpartition("/")[2] for name in names)
    of = RunsOf(source_of(repository), branch=repository.branch, event=event, most=_FEW)
    return tuple(
        Sighting(look_at_runs, replace(of, workflow=name), vantage, deadline=ASKING)
        for name in every
    )


def _dispatched(
    repository: Repository, vantage: str, expected: Workflows, given: dict[str, Any]
) -> Iterator[Case]:
    for one in expected.dispatches:
        if not one.dispatched:
            continue
        name = path_of(one.workflow).rpartition("/")[2]
        ref = repository.ref or repository.branch
        inputs = tuple(sorted(one.inputs.items()))
        at = Dispatching(source_of(repository), name, ref, inputs, one.within)
        sighting = Sighting(
            dispatch_workflow, at, vantage, deadline=one.within + ASKING, takes=one.within
        )
        arguments = {
            "dispatched": sighting,
            "dispatch": one,
            "files_at_ref": given["workflows"],
            "files_on_default": given["on_default"],
            "states_now": given["states"],
        }
        yield Case(f"{repository.name}/{name}", vantage, arguments)
