"""The suite's own tests are stricter than a run: a warning fails them.

pytest loads this file in every run, so it marks the tests below this folder alone.
"""

import signal
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_configure() -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell's job in the background ignores it, and all that the tests start would, too.
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("error"))
