"""What holds of all checks and observations: holders, cases, and a headline in one line."""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, get_args, get_origin, get_type_hints

from checks.wire.connections import ConnectionRefusal
from checks.wire.handshakes import Distrust
from checks.wire.http import HttpRefusal
from checks.wire.identity import NoWay, StalePin, Stranger
from checks.wire.names import NoAnswer
from config.loading import load
from fixtures.areas import areas
from fixtures.profile import CHECKS
from fixtures.sightings import Baseline, Case, Sighting
from fixtures.subjects import holders_of, wanted, wanted_at

FIXTURES = {"remark", "attach", "tabulate"}


def modules() -> list[ModuleType]:
    return [
        import_module(f"checks.{file.parent.name}.{file.stem}")
        for file in sorted(CHECKS.glob("*/check_*.py"))
    ]


def checks() -> dict[str, tuple[str, Callable[..., None]]]:
    return {
        name: (module.__name__.split(".")[1], function)
        for module in modules()
        for name, function in vars(module).items()
        if name.startswith("check_") and inspect.isfunction(function)
    }


def cases() -> Iterator[tuple[str, Case]]:
    """Walk the cases of the shipped profiles, each with its area."""
    for name in ("lab", "github", "cube-castle", "runner", "agentrun", "hwlab"):
        for area in areas():
            for case in import_module(f"checks.{area}.cases").cases(load(name).profile):
                yield area, case


def refusals() -> set[type]:
    """Return the types that a probe gives, and from which a check or another probe cannot go on."""
    found: set[type] = set()
    for area, case in cases():
        for its_area, check in checks().values():
            asked = set(wanted(check)) - FIXTURES
            if its_area != area or not case.offers(asked):
                continue
            for name in asked:
                for sighting in sightings_in(case[name]):
                    found |= given_by(sighting) - {*wanted(check)[name].types}
                    found |= refused_on_the_way(sighting)
    return found


def sightings_in(argument: object) -> Iterator[Sighting]:
    for one in argument if isinstance(argument, tuple) else (argument,):
        if isinstance(one, Sighting | Baseline):
            yield one.sighting if isinstance(one, Baseline) else one


def refused_on_the_way(sighting: Sighting) -> set[type]:
    found: set[type] = set()
    for step in sighting.walk():
        asked = wanted_at(step.probe, 2 + len(step.arguments), len(step.needs))
        for need, want in zip(step.needs, asked, strict=True):
            found |= {one for one in given_by(need) if not issubclass(one, want.types)}
    return found


def given_by(sighting: Sighting) -> set[type]:
    return types_in(get_type_hints(sighting.probe)["return"])


def types_in(hint: Any) -> set[type]:
    if isinstance(hint, type) and get_origin(hint) is None:
        return {hint}
    return {found for part in get_args(hint) if part is not ... for found in types_in(part)}


def test_a_refusal_has_a_check_that_holds_it() -> None:
    every = refusals()

    assert every >= {NoAnswer, Stranger, StalePin, NoWay, ConnectionRefusal, Distrust, HttpRefusal}
    assert [kind for kind in every if not holders_of([object.__new__(kind)])] == []


def test_every_check_has_a_case_in_a_shipped_profile() -> None:
    offered: dict[str, set[str]] = {area: set() for area in areas()}
    for area, case in cases():
        offered[area] |= case.arguments.keys()

    for name, (area, function) in checks().items():
        asked = set(wanted(function)) - FIXTURES
        assert asked <= offered[area], name


def test_check_names_are_the_only_ones_so() -> None:
    named = [name for module in modules() for name in vars(module) if name.startswith("check_")]

    assert len(named) == len(set(named))
