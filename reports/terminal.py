"""Standard output and error of a run go through a filter.

Loaded by `-p` in addopts: capture saves the descriptors before any conftest is read.
"""

import atexit
import os
import traceback
from collections.abc import Generator
from functools import cache
from pathlib import Path

import pytest

from reports.redaction import Redactor
from reports.terminal_pipe import Filter

CHECKS = Path(__file__).resolve().parents[1] / "checks"
_filters: list[Filter] = []
"""The filter of this process; there is one at most, for as long as the process lives."""


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """Put the filter between as soon as this plugin is there: the next one may be refused.

    What is asked for is not known yet: options of conftests, and their values, are not. What
    the profile names as secret is, so that no message about the command shows it.
    """
    if _filters or _is_worker():
        return
    try:
        _filters.append(Filter())
    except OSError as error:
        raise pytest.UsageError(f"the terminal cannot be filtered: {error}") from None
    atexit.register(_filters[0].settle)
    # Imported here: the filter starts meanwhile, and a worker needs neither.
    from reports.beforehand import redactor_beforehand  # noqa: PLC0415

    config: pytest.Config = pluginmanager.get_plugin("pytestconfig")  # type: ignore[assignment]
    _filters[0].forewarn(redactor_beforehand(config, os.environ))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(
    config: pytest.Config,
) -> Generator[None, int | pytest.ExitCode, int | pytest.ExitCode]:
    """Wait until everything is shown; where it cannot be shown, that is no success."""
    if _filters and not _asks_for_checks(config):
        _filters[0].let_pass()
    status = yield
    if all(one.settle() for one in _filters):
        return status
    return status or pytest.ExitCode.INTERNAL_ERROR


def arm(config: pytest.Config, redactor: Redactor) -> None:
    """Tell the filter what is secret, now that the profile is read.

    Until then it hides what it was forewarned of, and what is secret by its shape. Raises
    `pytest.UsageError` where there is no filter, or where it does not answer.
    """
    if _is_worker():
        return  # what it writes goes through its controller's filter
    if not (_filters and config.pluginmanager.hasplugin(__name__)):
        raise pytest.UsageError(
            "the filter of the terminal is not there, and secrets could be shown;"
            " leave -p no:reports.terminal and -o addopts away"
        )
    if not _filters[0].arm(redactor):
        raise pytest.UsageError("the filter of the terminal does not answer")


def _asks_for_checks(config: pytest.Config) -> bool:
    """Tell whether any path on the command line lies in checks/, or above it."""
    places = [
        Path(config.invocation_params.dir, path.partition("::")[0]).resolve()
        for path in config.args
    ]
    return any(
        place == CHECKS or CHECKS in place.parents or place in CHECKS.parents for place in places
    )


@cache
def _is_worker() -> bool:
    """Tell a process that xdist started, which runs its code under a name that nobody else has.

    That a variable of its environment says so is not enough: what a test starts inherits it.
    """
    stack = (frame for frame, _ in traceback.walk_stack(None))
    return any(frame.f_globals.get("__name__") == "__channelexec__" for frame in stack)
