"""The page of the lanes names each check, each class and each row, and no others."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

from checks.rollout.failures import Failure
from config.fields import fields_of
from fixtures.profile import CHECKS
from reports.verdicts import class_of

PAGE = CHECKS / "rollout" / "README.md"
LAST = dict(
    zip(
        ("SRC", "MIR", "TKN", "CAT", "ARG", "RUN", "SEC", "OBS", "CLO", "CTL"),
        (22, 16, 30, 21, 11, 19, 8, 4, 11, 2),
        strict=True,
    )
)
"""The last row of each group: rows are numbered from 1."""
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    checks: tuple[str, ...]
    classes: tuple[str, ...]
    needs: str


def rows() -> Iterator[Row]:
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 5 and "`check_" in cells[2]:
            named, classes = (tuple(_CODE.findall(one)) for one in cells[2:4])
            yield Row(cells[0], named, classes, cells[4])


def checks() -> dict[str, Callable[..., None]]:
    modules = (
        import_module(f"checks.rollout.{file.stem}")
        for file in sorted(PAGE.parent.glob("check_*.py"))
    )
    return {
        name: found
        for module in modules
        for name, found in vars(module).items()
        if name.startswith("check_") and inspect.isfunction(found)
    }


def test_every_check_has_a_row_and_every_row_a_check() -> None:
    named = {check for row in rows() for check in row.checks}

    assert named == set(checks())


def test_every_row_is_there_once_and_in_its_order() -> None:
    names = [row.name for row in rows() if row.name]

    assert names == [
        f"{group}-{at:02}" for group, last in LAST.items() for at in range(1, last + 1)
    ]


def test_a_row_names_the_class_of_its_checks() -> None:
    every = checks()

    for row in rows():
        assert row.needs, row
        assert set(row.classes) <= set(Failure), row
        for name in row.checks:
            said = class_of(every[name])
            of_all = {word for one in rows() if name in one.checks for word in one.classes}
            assert said is None or str(said) in of_all, (row.name, name)


def test_every_class_is_of_a_row_or_said_to_have_none() -> None:
    _, _, without = PAGE.read_text(encoding="utf-8").partition("### Classes without a check")
    told = {word for line in without.splitlines()[4:] for word in _CODE.findall(line)[:1]}
    of_rows = {word for row in rows() for word in row.classes}

    assert of_rows.isdisjoint(told)
    assert of_rows | told == set(Failure)


def test_what_the_page_says_of_a_lanes_fields_is_of_fields_that_are_there() -> None:
    written = PAGE.read_text(encoding="utf-8")
    table = written.partition("| Field | Where its value is found |")[2].partition("\n\n")[0]
    named: list[str] = []
    for row in table.splitlines()[2:]:
        first = ""
        for field in _CODE.findall(row.split("|")[1]):
            first = first if field.startswith(".") else field
            named.append(first.rpartition(".")[0] + field if field.startswith(".") else field)

    assert len(named) > 25
    for field in named:
        path = field if field == "clusters" else f"lanes.{field.replace('[]', '')}"
        part, _, name = path.rpartition(".")
        assert f"\n{name}: " in fields_of(part), field
