"""What keeps a workflow from being dispatched, as far as files and states tell. All pure."""

from collections.abc import Iterable, Iterator

from checks.wire.github.runners import WorkflowStatesSeen
from checks.wire.workflows.seen import DispatchInput, WorkflowFile, WorkflowsSeen
from checks.workflows.words import path_of
from config.workflows import Dispatch


def undeclared(workflows: WorkflowsSeen, dispatches: Iterable[Dispatch]) -> Iterator[str]:
    """Say of each workflow why these files do not let it be dispatched so."""
    files = {file.path: file for file in workflows.files}
    at = workflows.commit[:12] if workflows.commit else "the checkout"
    for dispatch in dispatches:
        path = path_of(dispatch.workflow)
        if path not in files:
            yield f"{path} is not there at {at}"
            continue
        yield from _of_file(files[path], dispatch)


def _of_file(file: WorkflowFile, dispatch: Dispatch) -> Iterator[str]:
    trigger = next((one for one in file.triggers if one.event == "workflow_dispatch"), None)
    broken = [one for one in file.findings if one.level == "error"]
    if trigger is None and broken:
        yield f"{broken[0]} ({broken[0].rule}): what starts it is not known"
    elif trigger is None:
        events = ", ".join(one.event for one in file.triggers) or "nothing"
        yield f"{file.path}:1:1: no workflow_dispatch; it is started by {events}"
    else:
        declared = {one.name: one for one in trigger.inputs}
        yield from (f"{trigger.place}: {words}" for words in _inputs(declared, dispatch))


def _inputs(declared: dict[str, DispatchInput], dispatch: Dispatch) -> Iterator[str]:
    for name, value in dispatch.inputs.items():
        one = declared.get(name)
        if one is None:
            yield f"it has no input {name}, which the profile gives it"
        elif one.options and value not in one.options:
            yield f"the input {name} is one of {', '.join(one.options)}, and not {value}"
    for name, one in declared.items():
        if one.required and one.default is None and name not in dispatch.inputs:
            yield f"the input {name} is required, and the profile gives none"


def inactive(states: WorkflowStatesSeen, names: Iterable[str]) -> Iterator[str]:
    """Say of each workflow that GitHub does not know, or has disabled."""
    known = {one.path: one.state for one in states.workflows}
    for path in dict.fromkeys(map(path_of, names)):
        if path not in known:
            yield f"{path}: GitHub knows no such workflow"
        elif known[path] != "active":
            yield f"{path} is {known[path]}: gh workflow enable {path.rpartition('/')[2]}"
