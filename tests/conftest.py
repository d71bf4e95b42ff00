"""The suite's own tests are stricter than a run: a warning fails them.

pytest loads this file in every run, so it marks the tests below this folder alone.
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.apiserver import ApiServer

HERE = Path(__file__).parent


def pytest_configure() -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell's job in the background ignores it, and all that the tests start would, too.
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("error"))
    items.sort(key=_starts_no_program)


def _starts_no_program(item: pytest.Item) -> bool:
    """Put the files first that start the whole program: they are long, and would end alone."""
    return item.path.parent != HERE


@pytest.fixture(scope="session")
def api_server(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[ApiServer]":
    """Give the one API server of the run; each test takes namespaces of its own."""
    from tests.apiserver import shared  # noqa: PLC0415 - a run of checks loads this file too

    base = tmp_path_factory.getbasetemp()
    of_run = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with shared(of_run / "apiserver") as server:
        yield server
