"""What pytest does around each item is done once around all checks, where that tells the same."""

import logging
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from _pytest.threadexception import collect_thread_exception
from _pytest.unraisableexception import collect_unraisable
from _pytest.warnings import catch_warnings_for_item

from reports.keys import SUBJECT

_UNRAISED = {
    "threadexception": collect_thread_exception,
    "unraisableexception": collect_unraisable,
}
_LOGGING = "logging-plugin"
_ASKING = frozenset({"caplog", "recwarn"})
"""Fixtures by which a check asks for what pytest does around it."""


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Go around all of them, if nothing else than checks is judged."""
    config = session.config
    with ExitStack() as stack:
        if _can_go_around(session):
            stack.enter_context(_warnings_of_all(config))
            stack.enter_context(_unraised_of_all(config))
            if not _asks_for_logs(config):
                stack.enter_context(_logs_as_output(config))
        return (yield)


def _can_go_around(session: pytest.Session) -> bool:
    """Tell whether all are checks, and nobody has a say in how the warnings of one are taken."""
    config = session.config
    if config.option.pythonwarnings or config.getini("filterwarnings"):
        return False
    if not session.items or any(SUBJECT not in item.stash for item in session.items):
        return False
    functions = {getattr(item, "function", item): item for item in session.items}
    return not any(
        item.get_closest_marker("filterwarnings")
        or not _ASKING.isdisjoint(getattr(item, "fixturenames", ()))
        for item in functions.values()
    )


@contextmanager
def _warnings_of_all(config: pytest.Config) -> Iterator[None]:
    """Catch the warnings of all checks; each of them says itself where it was raised."""
    around_all = catch_warnings_for_item(config, config.hook, "runtest", None)
    with around_all, _without(config, "warnings"):
        yield


@contextmanager
def _unraised_of_all(config: pytest.Config) -> Iterator[None]:
    """Warn at the end of what was raised where nobody could catch it: in threads, in `__del__`."""
    there = [name for name in _UNRAISED if config.pluginmanager.hasplugin(name)]
    for name in there:
        config.pluginmanager.unregister(name=name)
    try:
        yield
    finally:
        for name in there:
            _UNRAISED[name](config)


@contextmanager
def _logs_as_output(config: pytest.Config) -> Iterator[None]:
    """Let what is logged, from WARNING on, be captured as what is written to standard error."""
    root, handler = logging.getLogger(), logging.lastResort
    if handler is None:
        yield
        return
    with _without(config, _LOGGING):
        root.addHandler(handler)
        try:
            yield
        finally:
            root.removeHandler(handler)


@contextmanager
def _without(config: pytest.Config, name: str) -> Iterator[None]:
    """Leave out a plugin."""
    plugins = config.pluginmanager
    plugin = plugins.unregister(name=name) if plugins.hasplugin(name) else None
    try:
        yield
    finally:
        if plugin is not None:
            plugins.register(plugin, name)


def _asks_for_logs(config: pytest.Config) -> bool:
    """Tell whether anything on the command line says how pytest has to treat logs."""
    said = [name for name, value in vars(config.option).items() if value]
    said += getattr(config.option, "override_ini", None) or []
    return any(one.startswith("log_") for one in said)
