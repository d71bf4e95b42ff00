"""What GitHub refuses besides in steps: their ids, and what they use."""

import re
from collections.abc import Iterator

from checks.wire.workflows.loading import Loaded
from checks.wire.workflows.needs import jobs_of
from checks.wire.workflows.nodes import Node
from checks.wire.workflows.seen import Finding
from checks.wire.workflows.steps import is_local
from checks.wire.workflows.texts import has_expression

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,98}")
_USES = re.compile(r"[^/@\s]+/[^@\s]+@[^@\s]+")


def findings_of_steps(loaded: Loaded, *, is_action: bool = False) -> list[Finding]:
    """Return what is wrong with the ids of steps and with the actions that they name."""
    if is_action:
        lists = [loaded.root.get("runs", "steps") if loaded.root else None]
    else:
        lists = [job.get("steps") for _, job in jobs_of(loaded).values()]
    return [one for steps in lists if steps is not None for one in _of_steps(loaded, steps)]


def _of_steps(loaded: Loaded, steps: Node) -> Iterator[Finding]:
    ids: dict[str, Node] = {}
    for step in steps.items:
        id_, uses, inputs = step.get("id"), step.get("uses"), step.key("with")
        if inputs is not None and step.get("run") is not None and uses is None:
            beside = "`with` stands beside `run`: a command takes `env`, and an action `with`"
            yield Finding(rule="step", place=loaded.place(inputs), text=beside)
        if id_ is not None and id_.is_text and id_.text:
            words = _fault(id_, ids)
            if words:
                yield Finding(rule="step-id", place=loaded.place(id_), text=words)
        if uses is not None and uses.is_text and not _is_form(uses.text):
            allowed = "allowed: OWNER/NAME@REF, OWNER/NAME/PATH@REF, ./PATH, docker://IMAGE"
            place = loaded.place(uses)
            yield Finding(rule="uses", place=place, text=f"{uses.text[:120]!r}; {allowed}")


def _fault(id_: Node, ids: dict[str, Node]) -> str | None:
    first = ids.setdefault(id_.text.lower(), id_)
    if first is not id_:
        return f"the step id {id_.text!r} stands here again, after line {first.line}"
    if has_expression(id_.text) or (_ID.fullmatch(id_.text) and not id_.text.startswith("__")):
        return None
    return f"{id_.text[:120]!r} is no id of a step: letters, digits, - and _, a letter first"


def _is_form(uses: str) -> bool:
    if is_local(uses) or uses.startswith("docker://") or has_expression(uses):
        return True
    return _USES.fullmatch(uses) is not None
