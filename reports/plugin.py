"""The pytest plugin that begins a run where one is asked for; what writes it comes with it."""

import argparse
import os
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

from reports.keys import (
    EVERY_CHECK,
    FORGOTTEN,
    PROFILE,
    RECORDER,
    REMARKS,
    SEALED,
    SUBJECT,
    handed,
)
from reports.tables import Attach, Tabulate
from reports.verdicts import Remark
from reports.waivers import covers


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("touchstone").addoption(
        "--evidence-dir",
        type=given_path,
        metavar="DIR",
        help="the folder in which each run makes its own (default: evidence/ of the checkout)",
    )


def given_path(text: str) -> Path:
    """Take a path from the command line, where an empty one is a variable that is not set."""
    if not text:
        raise argparse.ArgumentTypeError("it is empty; name a folder, or leave the option away")
    return Path(text)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Refuse files that cannot be written before anything is looked at."""
    folders = {
        "--alluredir": config.getoption("allure_report_dir", None),
        "--junitxml": config.getoption("xmlpath", None),
    }
    for option, given in folders.items():
        if given and not hasattr(config, "workerinput"):
            path = Path(given)
            _make(option, path.parent if option == "--junitxml" else path)


def _make(option: str, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise pytest.UsageError(
            f"{option}: the folder {folder} cannot be made: {error.strerror}; name another"
        ) from None


def pytest_configure(config: pytest.Config) -> None:
    if told := handed(config):
        from reports.dying import die_with_parent  # noqa: PLC0415 - workers alone need it

        die_with_parent(told.get("process", os.getppid()))


@pytest.fixture
def remark(request: pytest.FixtureRequest) -> Remark:
    """Say something of an upheld sentence; it stands in the record and changes no verdict."""
    return remark_of(request.node)


def remark_of(item: pytest.Item) -> Remark:
    """Return what says something of an item."""
    return item.stash.setdefault(REMARKS, []).append


@pytest.fixture
def attach(request: pytest.FixtureRequest) -> Attach:
    """Write a file of the run, redacted, and return its path below the run's folder."""
    recorder = request.config.stash[RECORDER]

    def write(name: str, text: str, media_type: str) -> str:
        return recorder.run.attach(name, text, media_type, check=request.node.nodeid)

    return write


@pytest.fixture
def tabulate(request: pytest.FixtureRequest) -> Tabulate:
    """Show a table in the log and the record, whatever the verdict."""
    recorder = request.config.stash[RECORDER]

    def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        listed = [list(row) for row in rows]
        node = request.node.nodeid
        recorder.append("table", check=node, title=title, columns=list(columns), rows=listed)

    return show


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Find the waivers that match nothing, before `-m` and `-k` select."""
    if PROFILE not in config.stash:
        return
    waivers = config.stash[PROFILE].profile.waivers if config.stash[EVERY_CHECK] else ()
    config.stash[FORGOTTEN] = tuple(
        waiver
        for waiver in waivers
        if not any(
            covers(waiver, name_of(item), item.stash[SUBJECT])
            for item in items
            if SUBJECT in item.stash
        )
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Begin the run, now that it is known what will be judged."""
    config = session.config
    option = config.option
    checks = [item for item in session.items if SUBJECT in item.stash]
    broken = session.testsfailed and not option.continue_on_collection_errors
    if not checks or broken or option.collectonly or option.plan_only:
        return (yield)
    # Imported here: who only lists the checks should not wait for it.
    from reports.beginning import begin, join  # noqa: PLC0415

    if (told := handed(config)) is not None:
        join(config, told, [item.nodeid for item in checks])
    elif RECORDER not in config.stash:
        begin(config, checks)
    return (yield)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> Generator[None]:
    """End the run, whatever else breaks at its end; JUnit's file is written before."""
    config = session.config
    if RECORDER not in config.stash:
        return (yield)
    from reports import stops  # noqa: PLC0415 - a run is there, and has imported both
    from reports.ending import leave, seal  # noqa: PLC0415

    with stops.undisturbed():
        try:
            return (yield)
        finally:
            if handed(config) is None:
                seal(session, exitstatus)
            else:
                leave(config)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Say of a session without a run why there is none."""
    nothing = exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and PROFILE in config.stash
    if nothing and SEALED not in config.stash:
        terminalreporter.write_line("exit     5: no check is selected; --collect-only lists all")


def name_of(item: pytest.Item) -> str:
    """Return the name of the item's function, without its parameters."""
    return item.function.__name__ if isinstance(item, pytest.Function) else item.name
