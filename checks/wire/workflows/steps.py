"""The steps of a job, those of local composite actions among them."""

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from checks.wire.workflows.coercion import text_of
from checks.wire.workflows.expressions import ExpressionError
from checks.wire.workflows.functions import FUNCTIONS
from checks.wire.workflows.loading import Loaded
from checks.wire.workflows.nodes import Node
from checks.wire.workflows.seen import Input, Place, Step, Text, Unknown
from checks.wire.workflows.texts import has_expression, parts_of

NESTED = 10
"""Composite actions within each other that GitHub runs (actions/runner, `Constants.cs`)."""
LEGS = 10_000
STEPS = 20_000
"""Legs and steps that are made of one workflow, those of what it calls counted."""
_LONGEST = 21_000
"""Characters of a text in which inputs are put, as of an expression."""
Tell = Callable[[str, Place, str, Literal["error", "warning"]], None]
"""Takes a finding: its rule, its place, its words and its level."""


@dataclass(frozen=True, slots=True)
class Actions:
    """The local actions of a repository by their folder; None where there is none."""

    found: Mapping[str, Loaded | None]
    tell: Tell
    budget: "Budget"


@dataclass(slots=True)
class Budget:
    """How many legs and steps may still be made of a workflow, those that it calls counted."""

    legs: int = LEGS
    steps: int = STEPS

    def take(self, *, legs: int = 0, steps: int = 0) -> bool:
        """Take so many; tell whether there were."""
        self.legs -= legs
        self.steps -= steps
        return self.legs >= 0 and self.steps >= 0


def local_path(uses: str) -> str | None:
    """Return the folder or the file that a local `uses` names; None where it leaves the repository.

    Raises `ValueError` for what is not local.
    """
    if not uses.startswith(("./", ".\\")) and uses != ".":
        raise ValueError(f"{uses} is not local")
    path = posixpath.normpath(uses.replace("\\", "/"))
    return None if path == ".." or path.startswith(("../", "/")) else path


def is_local(uses: str) -> bool:
    return uses.startswith(("./", ".\\")) or uses == "."


def steps_of(
    loaded: Loaded, steps: Node | None, actions: Actions, given: Mapping[str, Text] | None = None
) -> tuple[Step, ...]:
    """Return the steps, those of composite actions after the step that uses them.

    `given` are the inputs of a called workflow: they stand for `${{ inputs.x }}`.
    """
    found: list[Step] = []
    for node in _listed(steps):
        step = _step(loaded, node, None, given or {})
        for one in chain((step,), _inner(step, actions, step.place, ())):
            if not actions.budget.take(steps=1):
                words = f"more than {STEPS:,} steps with those of actions: the rest is not read"
                actions.tell("too-many-steps", step.place, words, "error")
                return tuple(found)
            found.append(one)
    return tuple(found)


def _listed(steps: Node | None) -> list[Node]:
    return [one for one in steps.items if one.kind == "mapping"] if steps is not None else []


def _inner(step: Step, actions: Actions, began: Place, within: tuple[str, ...]) -> Iterator[Step]:
    """Yield the steps of the composite action that a step uses; `began` is the job's own step."""
    if not step.uses or not is_local(step.uses):
        return
    path = local_path(step.uses)
    fault = _fault(step, path, actions, within)
    if fault is not None:
        rule, words, level = fault
        where = "" if step.place == began else f"in {step.place}: "
        actions.tell(rule, began, where + words, level)
        return
    action = actions.found.get(path or "")
    root = action.root if action is not None else None
    using = root.get("runs", "using") if root is not None else None
    if action is None or root is None or using is None or using.text.lower() != "composite":
        return
    for node in _listed(root.get("runs", "steps")):
        if actions.budget.steps < 0:
            return
        one = _step(action, node, path, _given(root, step))
        yield one
        yield from _inner(one, actions, began, (*within, path or ""))


def _fault(
    step: Step, path: str | None, actions: Actions, within: tuple[str, ...]
) -> tuple[str, str, Literal["error", "warning"]] | None:
    if path is None:
        words = f"{step.uses} leaves the repository: it is not read"
        return "path-leaves-repository", words, "warning"
    if path in within:
        words = f"the action {path} uses itself: {' > '.join((*within, path))}"
        return "action-cycle", words, "error"
    if len(within) >= NESTED:
        words = f"composite actions within each other, {NESTED} deep: GitHub runs no more"
        return "action-too-deep", words, "error"
    if actions.found.get(path) is None:
        words = f"there is no action.yml in {path}: it may be made while the job runs"
        return "no-action", words, "warning"
    return None


def _given(action: Node, step: Step) -> Mapping[str, Text]:
    """Return the inputs of an action: what the step gives, or else their defaults."""
    declared = action.get("inputs")
    given: dict[str, Text] = {}
    for key, value in declared.pairs if declared else ():
        default = value.get("default")
        given[key.text.lower()] = text_of(default.value) if default else ""
    given.update({one.name.lower(): one.value for one in step.inputs})
    return given


def _step(loaded: Loaded, node: Node, within: str | None, given: Mapping[str, Text]) -> Step:
    def text(name: str) -> str | None:
        found = node.get(name)
        return None if found is None or found.value is None else text_of(found.value)

    goes_on = node.get("continue-on-error")
    env = node.get("env")
    with_ = node.get("with")
    return Step(
        name=text("name"),
        id=text("id"),
        uses=text("uses"),
        run=text("run"),
        condition=text("if"),
        inputs=tuple(_input(loaded, *pair, given) for pair in with_.pairs) if with_ else (),
        continue_on_error=_flag(goes_on),
        within=within,
        place=loaded.place(node),
        env=env_of(env),
    )


def _flag(node: Node | None) -> bool | Unknown:
    if node is None:
        return False
    if isinstance(node.value, str) and has_expression(node.value):
        return Unknown(text=node.value, why="it is known when the step runs")
    return node.value is True or node.text == "true"


def env_of(node: Node | None) -> tuple[tuple[str, str], ...]:
    """Return an environment as it stands."""
    pairs = node.pairs if node is not None else []
    return tuple((key.text, text_of(one.value)) for key, one in pairs if one.kind == "scalar")


def _input(loaded: Loaded, key: Node, value: Node, given: Mapping[str, Text]) -> Input:
    is_text = value.kind == "scalar"
    text: Text = text_of(value.value) if is_text else FUNCTIONS["tojson"](value.plain)
    return Input(
        name=key.text,
        value=put_in(text, given) if is_text and isinstance(text, str) else text,
        is_text=is_text,
        place=loaded.place(value),
    )


def put_in(text: str, given: Mapping[str, Text]) -> Text:
    """Put what inputs were given as in the place of `${{ inputs.x }}`; else leave the text."""
    if not given or not has_expression(text):
        return text
    try:
        parts = parts_of(text)
    except ExpressionError:
        return text
    found: list[str] = []
    for part in parts:
        name = part.text.strip()
        known = given.get(name[7:].lower()) if name.lower().startswith("inputs.") else None
        if not part.is_expression:
            found.append(part.text)
        elif known is None:
            found.append(f"${{{{{part.text}}}}}")
        elif isinstance(known, Unknown):
            return Unknown(text=text, why=known.why)
        else:
            found.append(known)
    if sum(map(len, found)) > _LONGEST:
        return Unknown(text=text, why=f"with its inputs it has more than {_LONGEST:,} characters")
    return "".join(found)
