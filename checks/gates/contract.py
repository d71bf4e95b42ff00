"""What a branch is to require: the checked-in contract, and what GitHub requires beside it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from config.gates import Gates
from fixtures.github.values import RequiredCheck
from reports.nesting import ensure_flat

LARGEST = 1 << 20
"""Bytes of a contract that are read."""
_LISTS = ("required_status_checks", "checks", "contexts", "required_checks", "required")
_APPS = ("integration_id", "app_id", "app")
_DEEPEST = 12


class ContractError(ValueError):
    """The file is no contract; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A context of the contract; `app` is None where any may say so."""

    context: str
    app: int | None = None

    def __str__(self) -> str:
        return self.context if self.app is None else f"{self.context} of app {self.app}"


def of_gates(gates: Gates) -> tuple[Wanted, ...]:
    """Return the contract that the profile's own gates make."""
    return tuple(Wanted(context=one.context, app=one.app) for one in gates.jobs if one.required)


def read_contract(content: bytes, path: str) -> tuple[Wanted, ...]:
    """Read a checked-in contract: JSON, YAML, a line each, or GitHub's own rulesets and bodies.

    Raises `ContractError`; a contract that names nothing is none.
    """
    if len(content) > LARGEST:
        raise ContractError(f"{path} has {len(content)} bytes, more than {LARGEST}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContractError(f"{path} is not UTF-8: {error.reason} at byte {error.start}") from None
    found = tuple(dict.fromkeys(_wanted(_loaded(text, path), path)))
    if not found:
        raise ContractError(f"{path} names no context")
    return found


def _loaded(text: str, path: str) -> Any:
    if path.endswith(".json"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ContractError(f"{path} is no JSON: {error}") from None
    if path.endswith((".yaml", ".yml")):
        return _yaml(text, path)
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _yaml(text: str, path: str) -> Any:
    import yaml  # noqa: PLC0415 - who only lists the checks should not wait for it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        ensure_flat(text)
        if any(isinstance(one, yaml.AliasToken) for one in yaml.scan(text, loader)):
            raise ContractError(f"{path} refers to its own parts with `*`; write them out")
        return yaml.load(text, loader)  # noqa: S506 - it is one of the safe ones
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        if isinstance(error, ContractError):
            raise
        told = " ".join(str(error).split())[:300]
        raise ContractError(f"{path} is no YAML: {told}") from None


def _wanted(value: Any, path: str, depth: int = 0) -> Iterator[Wanted]:
    """Yield the contexts of a list of names or checks, wherever GitHub's forms have it."""
    if depth > _DEEPEST:
        raise ContractError(f"{path} is nested too deep for a contract")
    match value:
        case list():
            for one in value:
                yield from _wanted(one, path, depth + 1)
        case str() if value:
            yield Wanted(context=value)
        case {"context": str() as context, **about}:
            app = next((about[name] for name in _APPS if about.get(name) is not None), None)
            yield Wanted(context=context, app=app if isinstance(app, int) and app > 0 else None)
        case dict():
            yield from _wanted(_below(value, path), path, depth + 1)
        case _:
            raise ContractError(f"{path}: {value!r:.60} is the name of no context")


def _below(value: dict[Any, Any], path: str) -> Any:
    """Return what of an object names the contexts: a ruleset's rules, or one of the lists."""
    rules = value.get("rules")
    if isinstance(rules, list):
        own = [one for one in rules if isinstance(one, dict) and one.get("type") == _LISTS[0]]
        return [one.get("parameters") for one in own]
    name = next((one for one in _LISTS if value.get(one)), None)
    if name is None:
        raise ContractError(f"{path}: none of {', '.join(_LISTS)} stands in it")
    return value[name]


def beyond(contract: Iterable[Wanted], required: Sequence[RequiredCheck]) -> list[str]:
    """Say what is required, and does not stand in the contract."""
    named = {one.context for one in contract}
    surplus: dict[str, list[str]] = {}
    for one in required:
        if one.context not in named:
            surplus.setdefault(one.context, []).append(one.source)
    return [
        f"{context!r} is required by {' and '.join(dict.fromkeys(sources))}, and not in the"
        " contract"
        for context, sources in surplus.items()
    ]


def missing(contract: Iterable[Wanted], required: Sequence[RequiredCheck]) -> list[str]:
    """Say what stands in the contract, and is not required."""
    names = dict.fromkeys(one.context for one in required)
    told = []
    for wanted in contract:
        if wanted.context not in names:
            like = [name for name in names if name.casefold() == wanted.context.casefold()]
            beside = f"; {like[0]!r} is" if like else ""
            told.append(f"{wanted.context!r} stands in the contract and is not required{beside}")
    return told


def of_other_apps(contract: Iterable[Wanted], required: Sequence[RequiredCheck]) -> list[str]:
    """Say which contexts another app may emit than the contract says."""
    told = []
    for wanted in contract:
        apps = [one.app for one in required if one.context == wanted.context]
        if apps and wanted.app is not None and wanted.app not in apps:
            may = ", ".join(f"app {app}" if app else "any app" for app in dict.fromkeys(apps))
            told.append(f"{wanted.context!r} is to come from app {wanted.app}: {may} may say so")
    return told
