"""A workflow's jobs, expanded: every leg of every event, and what they call."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from checks.wire.workflows.coercion import Unsure, Value, member, text_of, truth_of, unsure_in
from checks.wire.workflows.conditions import holds
from checks.wire.workflows.evaluation import Contexts
from checks.wire.workflows.legs import (
    Made,
    called_matrix,
    contexts_of_leg,
    full_name,
    name_of,
    pairs_of,
    runner_of,
    values_of,
)
from checks.wire.workflows.loading import Loaded
from checks.wire.workflows.matrix import (
    Combination,
    MatrixError,
    ShapeError,
    TooLargeError,
    combinations,
)
from checks.wire.workflows.needs import in_order, jobs_of, needs_of
from checks.wire.workflows.nodes import Node
from checks.wire.workflows.resolving import resolved
from checks.wire.workflows.seen import Leg, Unknown
from checks.wire.workflows.situations import Situation, statuses
from checks.wire.workflows.steps import LEGS, Actions
from checks.wire.workflows.texts import has_expression

_MATRIX = ("strategy", "matrix")
_TOO_MANY = (
    f"the workflow makes more than {LEGS:,} legs on all its events: the rest is not expanded"
)


@dataclass(frozen=True, slots=True)
class Expanded:
    """A job in all its situations: `made` are its legs, `unexpanded` why there are none."""

    id: str
    key: Node
    node: Node
    made: tuple[tuple[Situation, Made], ...]
    keys: tuple[str, ...]
    unexpanded: Unknown | None


def expand(loaded: Loaded, situations: list[Situation], actions: Actions) -> list[Expanded]:
    """Expand the jobs of a workflow in these situations, in the order of the file."""
    jobs = jobs_of(loaded)
    order, cyclic = in_order(jobs)
    by_name = {one.lower(): one for one in jobs}
    ran: dict[tuple[str, int], bool | Unsure] = {}  # a job, and all that it needs
    found: dict[str, Expanded] = {}
    for name in (*order, *cyclic):
        needed = [by_name.get(need.lower(), need) for need in needs_of(jobs[name][1])]
        held: list[bool | Unsure] = []
        for number, one in enumerate(situations):
            before = _all(ran.get((need, number), True) for need in needed)
            held.append(_condition(jobs[name][1], one, before))
            ran[name, number] = _all((before, held[-1]))
        found[name] = _expanded(
            loaded, name, jobs[name], list(zip(situations, held, strict=True)), actions
        )
    return [found[name] for name in jobs]


def _condition(job: Node, situation: Situation, before: bool | Unsure) -> bool | Unsure:  # noqa: FBT001 - three-valued
    """Tell whether a job runs: its own condition, and that of who calls it."""
    contexts = replace(situation.contexts(), statuses=statuses(before))
    return _all((situation.condition, holds(job.get("if"), contexts)))


def _all(values: Iterable[bool | Unsure]) -> bool | Unsure:
    every = list(values)
    if any(truth_of(one) is False for one in every):
        return False
    return next((one for one in every if isinstance(one, Unsure)), True)


def _expanded(
    loaded: Loaded,
    name: str,
    job: tuple[Node, Node],
    held: list[tuple[Situation, bool | Unsure]],
    actions: Actions,
) -> Expanded:
    made: list[tuple[Situation, Made]] = []
    keys: dict[str, None] = {}
    unexpanded: Unknown | None = None
    for situation, condition in held:
        keys.update(dict.fromkeys(key for key, _ in situation.matrix))
        if actions.budget.legs < 0:
            unexpanded = Unknown(text=name, why=_TOO_MANY)
            break
        legs = _legs(loaded, job[1], situation, actions)
        if isinstance(legs, Unknown):
            unexpanded = legs
            continue
        keys.update(dict.fromkeys(key for one in legs for key in one.values))
        if not actions.budget.take(legs=len(legs) or 1):
            unexpanded = Unknown(text=name, why=_TOO_MANY)
            actions.tell("too-many-legs", loaded.place(job[0]), _TOO_MANY, "error")
            break
        made += [(situation, one) for one in _made(name, job[1], (situation, condition), legs)]
    keys.update(dict.fromkeys(_written_keys(job[1])))
    return Expanded(name, *job, tuple(made), tuple(keys), None if made else unexpanded)


def _written_keys(job: Node) -> list[str]:
    matrix = job.get(*_MATRIX)
    pairs = matrix.pairs if matrix is not None else []
    return [key.text for key, _ in pairs if key.text not in ("include", "exclude")]


def _legs(
    loaded: Loaded, job: Node, situation: Situation, actions: Actions
) -> list[Combination] | Unknown:
    """Return the legs of a job's matrix; none where it has no matrix."""
    node = job.get(*_MATRIX) or _whole_strategy(job)
    if node is None or (node.kind == "scalar" and node.value is None):
        return []
    value = resolved(node, situation.contexts())
    if node is job.get("strategy") and isinstance(value, dict):
        value = member(value, "matrix")[1]
        if value is None:
            return []
    text = node.text or "matrix"
    try:
        legs = combinations(value)
    except MatrixError as error:
        rule = "matrix-too-large" if isinstance(error, TooLargeError) else "matrix"
        if not isinstance(error, ShapeError) or _is_computed(node):
            actions.tell(rule, loaded.place(node), str(error), "error")
        return Unknown(text=text, why=str(error))
    return Unknown(text=text, why=legs.why) if isinstance(legs, Unsure) else legs


def _is_computed(node: Node) -> bool:
    """Tell whether a matrix is made by expressions: else the structure tells of its shape."""
    return any(has_expression(one.text) for _, one in node.below())


def _whole_strategy(job: Node) -> Node | None:
    """Return a strategy that is an expression as a whole."""
    strategy = job.get("strategy")
    return strategy if strategy is not None and strategy.kind == "scalar" else None


def _made(
    name: str, job: Node, held: tuple[Situation, bool | Unsure], legs: list[Combination]
) -> Iterable[Made]:
    situation, condition = held
    strategy = _options(job, situation.contexts())
    for number in range(len(legs) or 1):
        leg = legs[number] if legs else None
        contexts = contexts_of_leg(situation, legs, number, strategy)
        own = name_of(name, job.get("name"), leg, contexts)
        labels, group = runner_of(job.get("runs-on"), contexts)
        values = leg.values if leg else {}
        yield Made(
            name=full_name(situation, own),
            matrix=called_matrix(situation, values),
            labels=labels,
            group=group,
            condition=condition,
            event=situation.event,
            contexts=contexts,
            own_name=own,
        )


def _options(job: Node, contexts: Contexts) -> Value:
    strategy = job.get("strategy")
    if strategy is None or strategy.kind != "mapping":
        return {}
    return {
        key.text: resolved(one, contexts) for key, one in strategy.pairs if key.text != "matrix"
    }


def merged(made: Iterable[Made], text: str) -> tuple[Leg, ...]:
    """Join the legs that are alike on several events; `text` is their condition's."""
    alike: dict[object, list[Made]] = {}
    for one in made:
        alike.setdefault((one.name, values_of(one.matrix), one.labels, one.group), []).append(one)
    return tuple(_leg(several, text) for several in alike.values())


def _leg(several: list[Made], text: str) -> Leg:
    first = several[0]
    return Leg(
        name=first.name,
        matrix=pairs_of(first.matrix),
        labels=first.labels,
        group=first.group,
        condition=_held(several, text),
        events=tuple(dict.fromkeys(one.event for one in several)),
        values=values_of(first.matrix),
        unknown=tuple(key for key, one in first.matrix if unsure_in(one) is not None),
        skipped_on=_skipped_on(several),
    )


def _skipped_on(several: list[Made]) -> tuple[str, ...]:
    """Return the events on which no leg runs; one that is called twice may run by one call."""
    runs = {one.event for one in several if one.condition is not False}
    return tuple(dict.fromkeys(one.event for one in several if one.event not in runs))


def _held(several: list[Made], text: str) -> bool | Unknown:
    conditions = [one.condition for one in several]
    unsure = next((one for one in conditions if isinstance(one, Unsure)), None)
    if unsure is not None:
        return Unknown(text=text, why=unsure.why)
    if len(set(conditions)) == 1:
        return conditions[0] is True
    on = ", ".join(dict.fromkeys(one.event for one in several if one.condition is True))
    off = ", ".join(dict.fromkeys(one.event for one in several if one.condition is False))
    return Unknown(text=text, why=f"it holds on {on}, and not on {off}")


def goes_on(job: Node, made: Iterable[Made]) -> bool | Unknown:
    """Tell whether a job may fail (`continue-on-error`), if that is the same in all its legs."""
    node = job.get("continue-on-error")
    if node is None:
        return False
    values = [resolved(node, one.contexts) for one in made] or [resolved(node, Contexts())]
    text = text_of(node.value)
    unsure = next((one for one in values if isinstance(one, Unsure)), None)
    if unsure is not None:
        return Unknown(text=text, why=unsure.why)
    flags = {one is True or one == "true" for one in values}
    return flags.pop() if len(flags) == 1 else Unknown(text=text, why="its legs differ in it")
