"""What holds of all checks and observations: holders, cases, and a headline in one line."""

import inspect
from importlib import import_module
from types import ModuleType

import pytest

from config.loading import load
from fixtures.cases import areas
from fixtures.profile import CHECKS
from fixtures.subjects import holders_of, wanted
from reports import codec

REFUSALS = (
    "no-answer",
    "no-reply",
    "stranger",
    "stale-pin",
    "connection-refusal",
    "handshake-refusal",
    "distrust",
    "http-refusal",
    "advertisement-refusal",
    "refs-refusal",
)


def modules() -> list[ModuleType]:
    return [
        import_module(f"checks.{file.parent.name}.{file.stem}")
        for file in sorted(CHECKS.glob("*/check_*.py"))
    ]


def checks() -> dict[str, tuple[str, object]]:
    return {
        name: (module.__name__.split(".")[1], function)
        for module in modules()
        for name, function in vars(module).items()
        if name.startswith("check_") and inspect.isfunction(function)
    }


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refusal_has_a_check_that_holds_it(kind: str) -> None:
    modules()

    assert holders_of([object.__new__(codec.type_of(kind))])


def test_every_check_has_a_case_in_a_shipped_profile() -> None:
    offered: dict[str, set[str]] = {area: set() for area in areas()}
    for name in ("lab", "github", "cube-castle"):
        for area in areas():
            for case in import_module(f"checks.{area}.cases").cases(load(name).profile):
                offered[area] |= case.arguments.keys()
    fixtures = {"remark"}

    for name, (area, function) in checks().items():
        asked = set(wanted(function)) - fixtures
        assert asked <= offered[area], name


def test_check_names_are_the_only_ones_so() -> None:
    named = [name for module in modules() for name in vars(module) if name.startswith("check_")]

    assert len(named) == len(set(named))
