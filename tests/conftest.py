"""The suite's own tests are stricter than a run: a warning fails them."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("filterwarnings", "error")
