"""Plain pytest: the same items as a run of ours, with nothing in them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

_INI = """\
[pytest]
addopts = --import-mode=importlib --strict-markers --strict-config -rN
cache_dir = .cache
python_files = check_*.py
python_functions = check_*
markers =
    network: as ours
    tls: as ours
    smoke: as ours
"""
_CONFTEST = """\
import pytest


@pytest.fixture
def remark(request):
    return [].append
"""
_HEAD = """\
import pytest

IDS = {ids!r}
"""
_ITEM = """

@pytest.mark.smoke
@pytest.mark.parametrize({names!r}, [pytest.param(*[object()] * {count}, id=one) for one in IDS])
def {name}({arguments}):
    pass
"""


def write_plain(
    folder: Path, checks: Mapping[str, Mapping[str, Sequence[str]]], ids: Sequence[str]
) -> Path:
    """Write a suite with these functions by file, each of them for every id.

    A function's arguments are parameters, as they are of a check; `remark` is the fixture
    that it is there too. Returns the folder.
    """
    folder.mkdir()
    (folder / "pytest.ini").write_text(_INI)
    (folder / "conftest.py").write_text(_CONFTEST)
    for file, functions in checks.items():
        text = _HEAD.format(ids=list(ids))
        for name, arguments in functions.items():
            names = [one for one in arguments if one != "remark"]
            told = ", ".join(arguments)
            text += _ITEM.format(names=names, count=len(names), name=name, arguments=told)
        (folder / f"check_{file}").write_text(text)
    return folder
