"""The structure of workflow files and actions, by the schema that check-jsonschema carries.

The schema is stricter than GitHub in places; there GitHub's own parser is followed
(actions/languageservices, workflow-v1.0.json): see `is_tolerated`.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from checks.wire.workflows.loading import Loaded
from checks.wire.workflows.nodes import Node
from checks.wire.workflows.seen import Finding, Place
from checks.wire.workflows.tolerance import is_tolerated, unknown_keys

_MOST = 100
_SHOWN = 60
_KINDS = {
    "array": "a list",
    "object": "a mapping",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
}
_VERSION = re.compile(r"\d{1,9}(\.(\d{1,9}|\*))?")


def findings_of_structure(loaded: Loaded, *, is_action: bool = False) -> list[Finding]:
    """Return what is wrong with a file's structure: one finding for each thing."""
    if loaded.root is None:
        return []
    if loaded.root.kind != "mapping":
        words = "an action is a mapping" if is_action else "a workflow is a mapping: on, jobs, …"
        return [Finding(rule="structure", place=loaded.place(loaded.root), text=words)]
    validator = _validator("github-actions" if is_action else "github-workflows")
    found: dict[Finding, None] = {}
    for error in validator.iter_errors(_judged(loaded.root)):
        for one in _leaves(error):
            if not is_tolerated(one, is_action=is_action):
                found.update(dict.fromkeys(_told(one, loaded)))
        if len(found) > _MOST:
            return _cut(list(found))
    return list(found)


def _cut(found: list[Finding]) -> list[Finding]:
    """Keep the first, and say that there are more."""
    words = f"more is wrong in the structure: {_MOST} findings are told"
    return [*found[:_MOST], Finding(rule="more", place=found[_MOST].place, text=words)]


def _judged(root: Node) -> Any:
    """Return what is judged: of thousands of events, no more than there are."""
    plain: Any = root.plain
    if isinstance(plain.get("on"), list):
        plain["on"] = plain["on"][:_MOST]
    return plain


def import_late() -> None:
    """Import and compile what judges: who only lists the checks should not wait for it."""
    _validator("github-workflows")
    _validator("github-actions")


@cache
def _validator(name: str) -> Any:
    from jsonschema import Draft7Validator  # noqa: PLC0415 - see import_late
    from jsonschema.exceptions import ValidationError  # noqa: PLC0415
    from jsonschema.validators import extend  # noqa: PLC0415

    def pattern(_: Any, form: str, instance: Any, __: Any) -> Iterator[Any]:
        if isinstance(instance, str) and not _has_form(form, instance):
            yield ValidationError(f"{instance!r} does not match {form!r}")

    spec = find_spec("check_jsonschema")
    folder = Path(next(iter(spec.submodule_search_locations or ())) if spec else ".")
    path = folder / "builtin_schemas" / "vendor" / f"{name}.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    extending: Any = extend
    return extending(Draft7Validator, {"pattern": pattern})(schema)


def _has_form(form: str, text: str) -> bool:
    """Match one of the schema's patterns; those that take exponential time are said otherwise."""
    if "{\\{(.|" in form:
        inner = text if form.startswith("^.*") else text.strip()
        start, end = inner.find("${{"), inner.rfind("}}")
        whole = form.startswith("^.*") or (start == 0 and end == len(inner) - 2)
        return whole and 0 <= start < end
    if form.startswith("^(.+\\/)+"):
        path = re.split(r"\.ya?ml(?=@|$)", text[:1000], maxsplit=1)
        return len(path) > 1 and "/" in path[0].rstrip("/")[1:]
    if "\\*)?$" in form:
        return _VERSION.fullmatch(text) is not None
    return re.search(form, text[:1000]) is not None


def _leaves(error: Any) -> Iterator[Any]:
    """Yield what an error comes down to: of alternatives, what the nearest one lacks."""
    if not error.context:
        yield error
        return
    branches: dict[int, list[Any]] = {}
    for one in error.context:
        branches.setdefault(one.schema_path[0], []).append(one)
    chosen = _job_kind(branches, error)
    if chosen is not None:
        for one in chosen:
            yield from _leaves(one)
        return
    nearest = sorted(branches.values(), key=lambda several: _distance(several, error))
    alike = [several for several in nearest if _distance(several, error)[0]]
    if len(alike) == len(nearest):  # the value is of no kind that any alternative takes
        yield error
        return
    if all(_is_required(several, error) for several in nearest):
        yield error
        return
    for one in nearest[0]:
        yield from _leaves(one)


def _job_kind(branches: dict[int, list[Any]], error: Any) -> list[Any] | None:
    """Choose by the key `uses` between a job that has steps and one that calls a workflow."""
    names = [one.get("$ref", "") for one in error.validator_value if isinstance(one, dict)]
    calling = next((n for n, one in enumerate(names) if one.endswith("CallJob")), None)
    if calling is None or not isinstance(error.instance, dict):
        return None
    is_call = "uses" in error.instance and "runs-on" not in error.instance
    return next((one for n, one in branches.items() if (n == calling) is is_call), None)


def _is_at_root(one: Any, error: Any) -> bool:
    return len(one.absolute_path) == len(error.absolute_path)


def _is_required(several: list[Any], error: Any) -> bool:
    return (
        len(several) == 1 and several[0].validator == "required" and _is_at_root(several[0], error)
    )


def _distance(several: list[Any], error: Any) -> tuple[bool, int, int]:
    """Rank an alternative: one of another kind last, then by how many things are wrong in it."""
    own = [one for one in several if _is_at_root(one, error)]
    is_other = any(one.validator in ("type", "enum", "const", "pattern") for one in own)
    count = sum(
        len(one.message.split("'")) if one.validator == "additionalProperties" else 2
        for one in several
    )
    return is_other, count, -max(len(one.absolute_path) for one in several)


def _told(error: Any, loaded: Loaded) -> Iterator[Finding]:
    path = list(error.absolute_path)
    where = _written(path)
    if error.validator == "additionalProperties":
        holder = _at(loaded, path)
        for name in unknown_keys(error)[: _MOST + 1]:
            key = holder.key(name) if holder else None
            words = f"{where} has an unknown key {_show(name)}{_among(error)}"
            yield _finding(loaded, key or holder, words)
        return
    if error.validator in ("required", "minProperties", "dependencies", "dependentRequired"):
        yield _finding(loaded, _key_of(loaded, path) or _at(loaded, path), _words(error, where))
        return
    yield _finding(loaded, _at(loaded, path), _words(error, where))


def _finding(loaded: Loaded, node: Node | None, words: str) -> Finding:
    place = loaded.place(node) if node else Place(path=loaded.path, line=1, column=1)
    return Finding(rule="structure", place=place, text=words)


def _at(loaded: Loaded, path: Iterable[str | int]) -> Node | None:
    node = loaded.root
    for step in path:
        if node is None:
            return None
        if isinstance(step, int):
            node = node.items[step] if step < len(node.items) else None
        else:
            node = node.get(step)
    return node


def _key_of(loaded: Loaded, path: list[str | int]) -> Node | None:
    holder = _at(loaded, path[:-1]) if path else None
    return holder.key(path[-1]) if holder is not None and isinstance(path[-1], str) else None


def _written(path: list[str | int]) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text[:200] or "the file"


def _among(error: Any) -> str:
    known = sorted(error.schema.get("properties", ()))
    return f"; allowed: {', '.join(known)}" if 0 < len(known) <= 30 else ""  # noqa: PLR2004


def _words(error: Any, where: str) -> str:
    """Say what is wrong with the value at a path."""
    if error.validator in ("oneOf", "anyOf"):
        return _words_of_several(error, where)
    if error.validator == "not":
        return _words_of_both(error, where)
    return f"{where} {_lack(error)}"


def _lack(error: Any) -> str:
    value, found = error.validator_value, _show(error.instance)
    match error.validator:
        case "required":
            lacking = next((one for one in value if one not in error.instance), "?")
            words = f"lacks the key {_show(lacking)}"
        case "type":
            words = f"is {found}; allowed: {_kinds(value)}"
        case "enum":
            words = f"is {found}; allowed: {', '.join(map(_show, value[:60]))}"
        case "const":
            words = f"is {found}; allowed: {_show(value)}"
        case "minItems" | "minLength" | "minProperties":
            words = "is empty"
        case "pattern":
            words = f"is {found}, which has not the form that GitHub reads"
        case _:
            words = f"is not as it should be: {error.message[: _SHOWN * 2]}"
    return words


def _words_of_both(error: Any, where: str) -> str:
    both = [one for one in error.validator_value.get("required", ()) if isinstance(one, str)]
    named = " and ".join(map(_show, both)) or "what does not go together"
    return f"{where} has {named}: GitHub takes one of them"


def _words_of_several(error: Any, where: str) -> str:
    lacking = {one.validator_value[0] for one in error.context if one.validator == "required"}
    if lacking and all(one.validator == "required" for one in error.context):
        return f"{where} lacks one of the keys {', '.join(sorted(map(_show, lacking)))}"
    kinds: dict[str, None] = {}
    for one in error.context:
        if one.validator == "type":
            kinds[_kinds(one.validator_value)] = None
        elif one.validator in ("enum", "const"):
            values = one.validator_value if one.validator == "enum" else [one.validator_value]
            kinds.update(dict.fromkeys(map(_show, values[:60])))
        elif one.validator == "pattern":
            kinds["${{ an expression }}" if "{\\{" in one.validator_value else "a name"] = None
    return f"{where} is {_show(error.instance)}; allowed: {', '.join(kinds) or 'another form'}"


def _kinds(types: str | list[str]) -> str:
    several = [types] if isinstance(types, str) else types
    return " or ".join(_KINDS.get(one, one) for one in several)


def _show(value: Any) -> str:
    if isinstance(value, dict | list):
        kind = _KINDS["object" if isinstance(value, dict) else "array"]
        return kind if value else f"{kind} of nothing"
    if value is None:
        return "nothing"
    text = repr(value) if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
