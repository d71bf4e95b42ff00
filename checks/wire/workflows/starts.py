"""What GitHub refuses besides in what starts a workflow, and in what a job is to run on.

The schema says most of it where validators of its draft do not look: beside a `$ref`
(actions/languageservices, workflow-v1.0.json, workflow-dispatch.ts, cron.ts, runs-on.ts).
"""

from collections.abc import Iterator

from checks.wire.workflows.loading import Loaded
from checks.wire.workflows.needs import jobs_of
from checks.wire.workflows.nodes import Node
from checks.wire.workflows.seen import Finding
from checks.wire.workflows.texts import has_expression

INPUTS = 25
"""How many inputs a dispatch may have; GitHub Enterprise Server takes ten."""
_TYPES = ("string", "boolean", "number", "choice", "environment")
_KEYS = ("description", "deprecationMessage", "required", "default", "type", "options")
_RUNS_ON = ("group", "labels")
_FIELDS = 5


def findings_of_starts(loaded: Loaded) -> list[Finding]:
    """Return what is wrong with dispatches, schedules and `runs-on`."""
    on = loaded.root.get("on") if loaded.root else None
    found: list[Finding] = []
    if on is not None and on.kind == "mapping":
        found += _of_dispatch(loaded, on.get("workflow_dispatch", "inputs"))
        found += _of_schedule(loaded, on.get("schedule"))
    for _, job in jobs_of(loaded).values():
        found += _of_runner(loaded, job.get("runs-on"))
    return found


def _of_dispatch(loaded: Loaded, inputs: Node | None) -> Iterator[Finding]:
    pairs = inputs.pairs if inputs is not None and inputs.kind == "mapping" else []
    if len(pairs) > INPUTS:
        words = f"workflow_dispatch has {len(pairs)} inputs; allowed: {INPUTS}"
        yield Finding(rule="dispatch-input", place=loaded.place(pairs[INPUTS][0]), text=words)
    for key, declared in pairs[: INPUTS + 1]:
        if declared.kind == "mapping":
            yield from _of_input(loaded, key, declared)


def _of_input(loaded: Loaded, key: Node, declared: Node) -> Iterator[Finding]:
    named, kind = f"the input {key.text[:60]!r}", declared.get("type")
    options = declared.get("options")
    if kind is not None and kind.text not in _TYPES:
        words = f"{named} has the type {kind.text[:60]!r}; allowed: {', '.join(_TYPES)}"
        yield Finding(rule="dispatch-input", place=loaded.place(kind), text=words)
    elif kind is not None and kind.text == "choice" and not (options and options.items):
        words = f"{named} is a choice, and has no options"
        yield Finding(rule="dispatch-input", place=loaded.place(key), text=words)
    for name, _ in declared.pairs:
        if name.text not in _KEYS:
            words = f"{named} has an unknown key {name.text[:60]!r}; allowed: {', '.join(_KEYS)}"
            yield Finding(
                rule="dispatch-input", place=loaded.place(name), text=words, level="warning"
            )


def _of_schedule(loaded: Loaded, schedule: Node | None) -> Iterator[Finding]:
    for one in schedule.items if schedule is not None else ():
        cron = one.get("cron")
        if cron is not None and cron.is_text and len(cron.text.split()) != _FIELDS:
            words = (
                f"{cron.text[:60]!r} is no schedule: five fields, `minute hour day month weekday`"
            )
            yield Finding(rule="schedule", place=loaded.place(cron), text=words)


def _of_runner(loaded: Loaded, runs_on: Node | None) -> Iterator[Finding]:
    if runs_on is None or has_expression(runs_on.text):
        return
    if runs_on.is_text and not runs_on.text.strip():
        yield Finding(rule="runs-on", place=loaded.place(runs_on), text="runs-on names no label")
    for key, _ in runs_on.pairs:
        if key.text not in _RUNS_ON:
            words = f"runs-on has an unknown key {key.text[:60]!r}; allowed: {', '.join(_RUNS_ON)}"
            yield Finding(rule="runs-on", place=loaded.place(key), text=words)
