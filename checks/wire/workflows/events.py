"""The events that start a workflow, and what contexts hold then."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from checks.wire.workflows.coercion import Partly, Unsure, Value, number_of, text_of
from checks.wire.workflows.loading import Loaded
from checks.wire.workflows.nodes import Node
from checks.wire.workflows.seen import DispatchInput, Trigger

_GLOB = re.compile(r"[*?+\[\]!\\]")
_OF_PULLS = ("pull_request", "pull_request_target", "pull_request_review", "pull_request_comment")
_WITHOUT_PULLS = ("push", "schedule", "workflow_dispatch", "merge_group", "release", "create")
_ON_DEFAULT_BRANCH = ("schedule",)
EVENTS = 100
"""How many are read: GitHub has some forty."""
_RUNS = "is known when it runs"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of a repository: `owner/name` where that is told, and its default branch."""

    repository: str | None
    branch: str


def triggers_of(loaded: Loaded) -> tuple[Trigger, ...]:
    """Return what `on` says, whichever of its forms it has."""
    on = loaded.root.get("on") if loaded.root else None
    if on is None:
        return ()
    if on.kind == "mapping":
        return tuple(_trigger(key, value, loaded) for key, value in on.pairs[:EVENTS])
    return tuple(_trigger(one, None, loaded) for one in on.elements[:EVENTS])


def _trigger(event: Node, filters: Node | None, loaded: Loaded) -> Trigger:
    def listed(name: str) -> tuple[str, ...]:
        found = filters.get(name) if filters else None
        return tuple(text_of(one.value) for one in found.elements) if found else ()

    return Trigger(
        event=text_of(event.value) if not event.is_text else event.text,
        types=listed("types"),
        branches=listed("branches"),
        branches_ignore=listed("branches-ignore"),
        tags=listed("tags"),
        tags_ignore=listed("tags-ignore"),
        paths=listed("paths"),
        paths_ignore=listed("paths-ignore"),
        inputs=tuple(_inputs(filters)),
        place=loaded.place(event),
    )


def _inputs(filters: Node | None) -> Iterable[DispatchInput]:
    declared = filters.get("inputs") if filters else None
    for key, value in declared.pairs if declared else ():
        kind, required, default = (value.get(name) for name in ("type", "required", "default"))
        options = value.get("options")
        yield DispatchInput(
            name=key.text,
            type=kind.text if kind and kind.text else "string",
            required=bool(required and required.value is True),
            default=None if default is None or default.value is None else text_of(default.value),
            options=tuple(text_of(one.value) for one in options.elements) if options else (),
        )


def inputs_on(trigger: Trigger) -> Value:
    """Return the `inputs` of a workflow that nobody gives any: their defaults.

    Of an event that has none, an object without members.
    """
    if trigger.event not in ("workflow_dispatch", "workflow_call"):
        return {}
    return {one.name: default_of(one, trigger.event) for one in trigger.inputs}


def default_of(declared: DispatchInput, event: str) -> Value:
    """Return what an input is when it is not given; `Unsure` where it has to be."""
    if declared.default is None:
        if declared.required:
            return Unsure(f"inputs.{declared.name} is given by who starts it, and has no default")
        if declared.type == "choice" and declared.options:
            return declared.options[0]
        if declared.type == "number" and event == "workflow_dispatch":
            return Unsure(f"inputs.{declared.name} has no default")
        return {"boolean": False, "number": 0.0}.get(declared.type, "")
    if "${{" in declared.default:
        return Unsure(f"the default of inputs.{declared.name} is {declared.default}")
    return of_type(declared.type, declared.default)


def of_type(kind: str, text: str) -> Value:
    """Return an input's text as a value of its type."""
    if kind == "boolean":
        return {"true": True, "false": False}.get(text.strip().lower(), text)
    if kind == "number":
        return number_of(text)
    return text


def github_on(trigger: Trigger, around: Surroundings, workflow: str) -> Partly:
    """Return the `github` context as far as the event and its filters tell."""
    if trigger.event == "workflow_call":
        return Partly({"workflow": Unsure("is that of who calls it")}, "is that of who calls it")
    known: dict[str, Value] = {
        "event_name": trigger.event,
        "event": _event(trigger),
        "workflow": workflow,
        **_refs(trigger, around),
    }
    if around.repository:
        known["repository"] = around.repository
        known["repository_owner"] = around.repository.partition("/")[0]
    return Partly(known, _RUNS)


def _event(trigger: Trigger) -> Partly:
    known: dict[str, Value] = {}
    if trigger.event in _WITHOUT_PULLS:
        known["pull_request"] = None
    if trigger.event == "workflow_dispatch":
        known["inputs"] = {
            one.name: value if isinstance(value, Unsure) else text_of(value)
            for one in trigger.inputs
            for value in (default_of(one, trigger.event),)
        }
    elif trigger.event in (*_WITHOUT_PULLS, *_OF_PULLS):
        known["inputs"] = None
    return Partly(known, _RUNS)


def _refs(trigger: Trigger, around: Surroundings) -> dict[str, Value]:
    """Tell the branch where only one can be: named by the filter, or the default one."""
    branch = around.branch if trigger.event in _ON_DEFAULT_BRANCH else _only(trigger.branches)
    if trigger.event in ("pull_request", "pull_request_target"):
        return {} if branch is None else {"base_ref": branch}
    if trigger.event == "push" and (trigger.tags or trigger.tags_ignore):
        return {}
    if branch is None or trigger.event not in ("push", *_ON_DEFAULT_BRANCH):
        return {}
    ref = f"refs/heads/{branch}"
    return {"ref": ref, "ref_name": branch, "ref_type": "branch", "head_ref": "", "base_ref": ""}


def _only(branches: tuple[str, ...]) -> str | None:
    return branches[0] if len(branches) == 1 and not _GLOB.search(branches[0]) else None
