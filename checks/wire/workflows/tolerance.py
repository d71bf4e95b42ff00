"""What GitHub takes of a file, and the schema does not (actions/languageservices, actions/runner).

Both convert a number, a boolean or nothing to its text where a text may stand (TemplateReader).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from checks.wire.workflows.availability import allowed_at
from checks.wire.workflows.texts import has_expression

_FILTER = ("branches", "branches-ignore", "tags", "tags-ignore", "paths", "paths-ignore", "types")
_NEWER: Mapping[str, frozenset[str]] = {
    "on": frozenset(("image_version",)),
    "snapshot": frozenset(("if",)),
    "permissions": frozenset(("vulnerability-alerts", "copilot-requests")),
    "jobs.*": frozenset(("cancel-timeout-minutes",)),
    "": frozenset(("description",)),
}
"""Keys that GitHub's parser has, and the schema has not, by what they stand in."""
_OF_A_FORM = ("uses", "id", "cron")
"""Texts that no number and no boolean has the form of."""
_MAY_BE_EMPTY = ("name", "run-name", "description", "run", "working-directory", "options")
_OF_EMPTY = ("env", "with", "outputs")
"""What may hold nothing, and what values of nothing: they are empty texts."""
_FOR_PEOPLE = {"name", "description"}


def is_tolerated(error: Any, *, is_action: bool) -> bool:
    """Tell whether GitHub takes what the schema does not."""
    path, value = tuple(error.absolute_path), error.instance
    if isinstance(value, str) and has_expression(value):
        return allowed_at((*path, "x"), is_action=is_action) is not None or (
            allowed_at(path, is_action=is_action) is not None
        )
    if is_action and _is_for_people(path, value, error):
        return True
    return any(test(path, value, error) for test in _ALSO)


def _is_for_people(path: tuple[Any, ...], value: Any, error: Any) -> bool:
    """Tell whether something is wrong in an action's metadata that no runner reads."""
    of_input = path[:1] == ("inputs",) and path[2:3] not in ((), ("default",))
    if of_input or path[:1] == ("branding",):
        return True
    if path and path[0] not in ("inputs", "outputs"):
        return False
    if error.validator == "required":
        return {one for one in error.validator_value if one not in value} <= _FOR_PEOPLE
    return bool(error.validator == "additionalProperties")


def unknown_keys(error: Any) -> list[str]:
    """Return the keys of a mapping that its schema does not have."""
    known = set(error.schema.get("properties", ()))
    forms = list(error.schema.get("patternProperties", ()))
    return [
        one
        for one in error.instance
        if one not in known and not any(re.search(form, one[:1000]) for form in forms)
    ]


def _is_filter(path: tuple[Any, ...], value: Any, _: Any) -> bool:
    return path[:1] == ("on",) and path[-1] in _FILTER and not isinstance(value, dict | list)


def _is_nothing(path: tuple[Any, ...], value: Any, _: Any) -> bool:
    is_secret = path[:3] == ("on", "workflow_call", "secrets")
    return value is None and (is_secret or path[-1:] in (("container",), ("if",), ("services",)))


def _is_text(path: tuple[Any, ...], value: Any, error: Any) -> bool:
    """Tell whether a value that is no text stands where GitHub reads the text of it."""
    if not path or path[-1] in _OF_A_FORM:
        return False
    if value is None:
        is_one = path[-1] in _MAY_BE_EMPTY or (len(path) > 1 and path[-2] in _OF_EMPTY)
    else:
        is_one = isinstance(value, bool | int | float)
    return is_one and any(map(_wants_text, _alternatives(error)))


def _alternatives(error: Any) -> list[list[Any]]:
    """Return what each alternative has against a value; the error itself where there are none."""
    found: dict[Any, list[Any]] = {}
    for one in error.context:
        found.setdefault(one.schema_path[0], []).append(one)
    return list(found.values()) or [[error]]


def _wants_text(errors: Iterable[Any]) -> bool:
    """Tell whether all that is against a value is that it is no text."""
    return all(
        one.validator == "type" and "string" in _types(one.validator_value)
        for one in errors
        if not one.context
    )


def _types(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _lacks_matrix(path: tuple[Any, ...], value: Any, error: Any) -> bool:
    """Without a matrix, a strategy may say `fail-fast`."""
    return path[-1:] == ("strategy",) and error.validator == "required" and isinstance(value, dict)


def _is_newer(path: tuple[Any, ...], value: Any, error: Any) -> bool:
    """Tell whether all that is unknown are keys that the schema does not know yet."""
    if path[:1] == ("on",) and value == "image_version":
        return True
    if error.validator != "additionalProperties":
        return False
    is_job = len(path) == 2 and path[0] == "jobs"  # noqa: PLR2004 - jobs, and its id
    where = "jobs.*" if is_job else str(path[-1]) if path else ""
    return set(unknown_keys(error)) <= _NEWER.get(where, frozenset())


_ALSO: tuple[Callable[[tuple[Any, ...], Any, Any], bool], ...] = (
    _is_filter,
    _is_nothing,
    _is_text,
    _lacks_matrix,
    _is_newer,
)
"""What GitHub takes besides: one text instead of a list of filters, or none; no container; what is
no text where one may stand; a strategy without a matrix; what is newer than the schema."""
