"""What pytest does around each item is done once around all checks, where that tells the same."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from _pytest.warnings import catch_warnings_for_item

from reports.keys import SUBJECT

_LOGGING = "logging-plugin"


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Go around all of them, if nothing else than checks is judged."""
    with ExitStack() as stack:
        if session.items and all(SUBJECT in item.stash for item in session.items):
            stack.enter_context(_warnings_of_all(session.config))
            if not _asks_for_logs(session.config):
                stack.enter_context(_without(session.config, _LOGGING))
        return (yield)


@contextmanager
def _warnings_of_all(config: pytest.Config) -> Iterator[None]:
    """Catch the warnings of all checks; each of them says itself where it was raised."""
    around_all = catch_warnings_for_item(config, config.hook, "runtest", None)
    with around_all, _without(config, "warnings"):
        yield


@contextmanager
def _without(config: pytest.Config, name: str) -> Iterator[None]:
    """Leave out a plugin. What checks log is captured as what they write, from WARNING on."""
    plugin = config.pluginmanager.unregister(name=name) if _has(config, name) else None
    try:
        yield
    finally:
        if plugin is not None:
            config.pluginmanager.register(plugin, name)


def _has(config: pytest.Config, name: str) -> bool:
    return config.pluginmanager.hasplugin(name)


def _asks_for_logs(config: pytest.Config) -> bool:
    """Tell whether anything on the command line says how pytest has to treat logs."""
    said = [name for name, value in vars(config.option).items() if value]
    said += getattr(config.option, "override_ini", None) or []
    return any(one.startswith("log_") for one in said)
