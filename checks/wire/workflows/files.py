"""A repository's workflow files, read one by one: what is seen of each."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from checks.wire.workflows.calls import Chain, Library, jobs_in
from checks.wire.workflows.events import Surroundings, triggers_of
from checks.wire.workflows.loading import Loaded, load
from checks.wire.workflows.needs import findings_of_needs
from checks.wire.workflows.rules import findings_of_steps
from checks.wire.workflows.seen import ActionFile, Finding, Job, Place, WorkflowFile
from checks.wire.workflows.situations import situations_of
from checks.wire.workflows.standing import findings_of_expressions
from checks.wire.workflows.starts import findings_of_starts
from checks.wire.workflows.steps import Actions, Budget
from checks.wire.workflows.structure import findings_of_structure

FINDINGS = 200
"""Findings that are told of a file; one more says that there are others."""
_OF_CALLS = ("matrix", "matrix-too-large", "too-many-legs", "too-many-steps")
"""What a called workflow may do for this caller alone."""


def file_seen(
    raw: bytes,
    loaded: Loaded,
    files: Mapping[str, Loaded],
    actions: Mapping[str, Loaded | None],
    around: Surroundings,
) -> WorkflowFile:
    """Return what is seen of a workflow file, what it calls and uses expanded in place."""
    triggers = triggers_of(loaded)
    found: list[Finding] = [
        *loaded.findings,
        *findings_of_structure(loaded),
        *findings_of_needs(loaded),
        *findings_of_steps(loaded),
        *findings_of_starts(loaded),
        *findings_of_expressions(loaded),
    ]

    def tell(rule: str, place: Place, words: str, level: Literal["error", "warning"]) -> None:
        if place.path != loaded.path and rule in _OF_CALLS and library.calling is not None:
            place, words = library.calling, f"in {place}: {words}"
        found.append(Finding(rule=rule, place=place, text=words, level=level))

    library = Library(files, Actions(actions, tell, Budget()))
    jobs = tuple(jobs_in(loaded, situations_of(loaded, around, triggers), library, Chain()))
    found += _same_names(jobs)
    name = loaded.root.get("name") if loaded.root else None
    return WorkflowFile(
        path=loaded.path,
        sha256=hashlib.sha256(raw).hexdigest(),
        name=name.text if name is not None and name.text else None,
        triggers=triggers,
        jobs=jobs,
        comments=loaded.comments,
        findings=_told(found, loaded.path),
    )


def action_seen(raw: bytes, loaded: Loaded) -> ActionFile:
    """Return what is seen of an action that a workflow uses."""
    found = (
        *loaded.findings,
        *findings_of_structure(loaded, is_action=True),
        *findings_of_steps(loaded, is_action=True),
        *findings_of_expressions(loaded, is_action=True),
    )
    return ActionFile(
        path=loaded.path,
        sha256=hashlib.sha256(raw).hexdigest(),
        comments=loaded.comments,
        findings=_told(found, loaded.path),
    )


def _same_names(jobs: Iterable[Job]) -> Iterator[Finding]:
    """Note the legs that have one name on one event: their check runs cannot be told apart."""
    seen: set[tuple[str, str]] = set()
    noted: set[str] = set()
    for job in jobs:
        for leg in job.legs:
            name = leg.name
            if not isinstance(name, str):
                continue
            here = {(name, event) for event in leg.events}
            if here & seen and name not in noted:
                noted.add(name)
                words = f"more than one job is called {name!r} on one event"
                yield Finding(rule="same-name", place=job.place, text=words, level="note")
            seen |= here


def _told(found: Iterable[Finding], path: str) -> tuple[Finding, ...]:
    """Return the findings of this file, each once, in order of their places."""
    own = {one: None for one in found if one.place.path == path}
    ordered = sorted(own, key=lambda one: (one.place.line, one.place.column))
    if len(ordered) <= FINDINGS:
        return tuple(ordered)
    words = f"{len(ordered) - FINDINGS:,} more findings are not told"
    more = Finding(rule="more", place=ordered[FINDINGS].place, text=words)
    return (*ordered[:FINDINGS], more)


def expand_text(text: str, path: str = ".github/workflows/ci.yml") -> tuple[Job, ...]:
    """Return the jobs of one workflow by itself: for trying, and for tests."""
    raw = text.encode()
    loaded = load(raw, path)
    seen = file_seen(raw, loaded, {path: loaded}, {}, Surroundings(None, "main"))
    return seen.jobs
