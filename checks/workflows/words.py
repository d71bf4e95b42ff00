"""How workflows and actions are called in profiles and in files."""

import re
from collections.abc import Iterable

from checks.wire.globs import named_so
from checks.wire.workflows.seen import Step

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)


def path_of(name: str) -> str:
    """Return the path of a workflow's file, of which the name alone may be given."""
    return name if "/" in name else f".github/workflows/{name}"


def is_action(step: Step, names: Iterable[str]) -> bool:
    """Tell whether a step uses one of the actions, whatever their version."""
    if step.uses is None:
        return False
    action = step.uses.partition("@")[0].casefold().rstrip("/")
    return named_so(action, [name.casefold() for name in names])


def is_local(uses: str) -> bool:
    """Tell whether `uses` names an action of the repository itself."""
    return uses.startswith(("./", ".\\", "../"))


def expressions_in(text: str) -> tuple[str, ...]:
    """Return the expressions within a text, without what surrounds them."""
    return tuple(found.strip() for found in _EXPRESSION.findall(text))
