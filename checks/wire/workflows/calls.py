"""Jobs that call reusable workflows: expanded in place, as deep as GitHub goes.

GitHub connects at most ten levels of workflows, the first among them, and 50 that are called
(since November 2025: four levels and 20 before; GitHub Enterprise Server may still have those).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checks.wire.workflows.coercion import Unsure, Value, member, text_of
from checks.wire.workflows.events import default_of, of_type, triggers_of
from checks.wire.workflows.jobs import Expanded, expand, goes_on, merged
from checks.wire.workflows.legs import Made
from checks.wire.workflows.loading import Loaded
from checks.wire.workflows.needs import needs_of
from checks.wire.workflows.nodes import Node
from checks.wire.workflows.resolving import resolved
from checks.wire.workflows.seen import DispatchInput, Job, Place, Text, Unknown
from checks.wire.workflows.situations import Situation
from checks.wire.workflows.steps import Actions, env_of, is_local, local_path, put_in, steps_of

LEVELS = 10
WORKFLOWS = 50
_FOLDER = ".github/workflows/"
_REMOTE = re.compile(r"[^/@\s]+/[^/@\s]+/\.github/workflows/[^/@\s]+\.ya?ml@\S+")


@dataclass(slots=True)
class Library:
    """The workflow files of a repository, and what is found while one of them is expanded."""

    files: Mapping[str, Loaded]
    actions: Actions
    called: set[str] = field(default_factory=set)
    calling: Place | None = None
    """Where the workflow calls what is being expanded."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Where a workflow stands among those that call it: by which ids, files and inputs."""

    ids: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    given: Mapping[str, Text] = field(default_factory=dict)
    began: Place | None = None
    """Where the first of them calls."""


def jobs_in(
    loaded: Loaded, situations: list[Situation], library: Library, chain: Chain
) -> Iterator[Job]:
    """Yield the jobs of a workflow, those that a job calls after it."""
    for one in expand(loaded, situations, library.actions):
        uses = one.node.get("uses")
        if uses is None or not uses.text:
            yield _job(loaded, one, library, chain, None)
        else:
            yield from _calling(loaded, one, uses, library, chain)


def _job(
    loaded: Loaded,
    one: Expanded,
    library: Library,
    chain: Chain,
    calls: tuple[str, Unknown | None] | None,
) -> Job:
    condition = one.node.get("if")
    text = None if condition is None or condition.value is None else text_of(condition.value)
    made = [leg for _, leg in one.made]
    runs_on = one.node.key("runs-on")
    env = dict(
        (*env_of(loaded.root.get("env") if loaded.root else None), *env_of(one.node.get("env")))
    )
    return Job(
        id="/".join((*chain.ids, one.id)),
        place=loaded.place(one.key),
        runs_on=None if runs_on is None else loaded.place(one.node.get("runs-on") or runs_on),
        needs=tuple("/".join((*chain.ids, need)) for need in needs_of(one.node)),
        condition=text,
        continue_on_error=goes_on(one.node, made),
        calls=calls[0] if calls else None,
        matrix_keys=one.keys,
        legs=() if calls else merged(made, text or "success()"),
        unexpanded=calls[1] if calls and calls[1] else one.unexpanded,
        steps=steps_of(loaded, one.node.get("steps"), library.actions, chain.given),
        env=tuple(env.items()),
    )


def _calling(
    loaded: Loaded, one: Expanded, uses: Node, library: Library, chain: Chain
) -> Iterator[Job]:
    place = chain.began or loaded.place(uses)
    called, why = _called(uses.text, place, library, (*chain.files, loaded.path))
    yield _job(loaded, one, library, chain, (uses.text, why))
    if called is None:
        return
    declared = next((t.inputs for t in triggers_of(called) if t.event == "workflow_call"), ())
    _judge_inputs(loaded, one, uses, declared, library)
    inner = Chain(
        (*chain.ids, one.id), (*chain.files, loaded.path), _given(one, declared, chain), place
    )
    library.calling = place
    yield from jobs_in(called, _situations(one, declared), library, inner)
    library.calling = chain.began


def _called(
    uses: str, place: Place, library: Library, files: tuple[str, ...]
) -> tuple[Loaded | None, Unknown | None]:
    """Return the workflow that is called; None where it is not known, and why."""
    tell = library.actions.tell
    if not is_local(uses):
        if _REMOTE.fullmatch(uses) is None:
            words = "a workflow is called by OWNER/NAME/.github/workflows/FILE@REF or ./.github/…"
            tell("call", place, f"{uses[:120]}: {words}", "error")
        return None, Unknown(text=uses, why="it stands in another repository, and is not read")
    path = local_path(uses)
    if path is None:
        tell("path-leaves-repository", place, f"{uses} leaves the repository", "error")
        return None, Unknown(text=uses, why="it leaves the repository")
    fault = _fault(path, library, files)
    if fault is not None:
        tell(*fault[:1], place, fault[1], "error")
        return None, Unknown(text=uses, why=fault[1])
    library.called.add(path)
    return library.files[path], None


def _fault(path: str, library: Library, files: tuple[str, ...]) -> tuple[str, str] | None:
    if path in files:
        return "call-cycle", f"workflows call each other: {' > '.join((*files, path))}"
    if path not in library.files:
        return "no-workflow", f"there is no workflow {path}"
    if len(files) >= LEVELS:
        return "call-too-deep", f"more than {LEVELS} levels of workflows: GitHub connects no more"
    if path not in library.called and len(library.called) >= WORKFLOWS:
        return "too-many-calls", f"more than {WORKFLOWS} workflows are called: GitHub calls no more"
    if not any(one.event == "workflow_call" for one in triggers_of(library.files[path])):
        return "not-callable", f"{path} is not to be called: it has no workflow_call under on"
    return None


def _judge_inputs(
    loaded: Loaded, one: Expanded, uses: Node, declared: tuple[DispatchInput, ...], library: Library
) -> None:
    with_ = one.node.get("with")
    given = {key.text.lower(): key for key, _ in with_.pairs} if with_ is not None else {}
    names = {each.name.lower() for each in declared}
    for each in declared:
        if each.required and each.name.lower() not in given:
            words = f"the input {each.name} of {uses.text} is required, and not given"
            library.actions.tell("input-missing", loaded.place(uses), words, "error")
    for name, key in given.items():
        if name not in names:
            words = f"{uses.text} has no input {key.text}"
            library.actions.tell("input-unknown", loaded.place(key), words, "error")


def _given(one: Expanded, declared: tuple[DispatchInput, ...], chain: Chain) -> Mapping[str, Text]:
    """Return the inputs of a called workflow as texts, as they are given or by default.

    What refers to the matrix of who calls is left out where the called job may have its own.
    """
    with_ = one.node.get("with")
    found: dict[str, Text] = {each.name.lower(): each.default or "" for each in declared}
    for key, value in with_.pairs if with_ is not None else ():
        if value.kind == "scalar":
            found[key.text.lower()] = put_in(text_of(value.value), chain.given)
    return found


def _situations(one: Expanded, declared: tuple[DispatchInput, ...]) -> list[Situation]:
    """Return the called workflow's situations: one for each leg that calls it."""
    with_ = one.node.get("with")
    return [
        situation.called(
            inputs=_inputs(with_, declared, leg),
            prefix=leg.name,
            matrix=leg.matrix,
            condition=leg.condition,
        )
        for situation, leg in one.made
    ]


def _inputs(with_: Node | None, declared: tuple[DispatchInput, ...], leg: Made) -> Value:
    given = resolved(with_, leg.contexts) if with_ is not None else {}
    if isinstance(given, Unsure):
        return given
    found: dict[str, Value] = {}
    for each in declared:
        known, value = member(given or {}, each.name)
        if not known:
            value = default_of(each, "workflow_call")
        elif isinstance(value, str):
            value = of_type(each.type, value)
        found[each.name] = value
    return found
