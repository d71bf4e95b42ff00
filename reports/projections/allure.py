"""Allure, live: its file logger replaced by a redacting one, and each result told its verdict."""

import json
from collections.abc import Generator, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from allure_commons import plugin_manager
from allure_commons.logger import AllureFileLogger

from reports.chains import JOURNAL
from reports.journal import stamp
from reports.keys import RECORDER, SUBJECT, handed
from reports.projections.account import account
from reports.projections.allure_categories import SUITE_BROKE
from reports.projections.allure_folder import ResultsFolder
from reports.projections.allure_logger import RedactingLogger
from reports.projections.allure_results import MAIN, AboutRun, Composed, about, of_verdict, stem
from reports.projections.told import Sighting
from reports.recorder import Recorder
from reports.redaction import Redactor
from reports.verdicts import Subject

_INTERRUPTED = (
    r"ignore:A plugin raised an exception .*teardown\.\sPlugin. allure_listener, Hook. \w+"
    r"\s(KeyboardInterrupt|Exit)\b:pluggy.PluggyTeardownRaisedWarning"
)
"""A signal may come while allure-pytest writes. What it left out is completed from the journal,
so there is nothing to warn of."""


class Live:
    """Allure's channel in one process of a run."""

    def __init__(self, listener: Any, redactor: Redactor, logger: RedactingLogger) -> None:
        """Take allure-pytest's own plugin, what is redacted by, and what writes."""
        self._listener = listener
        self._redactor = redactor
        self._logger = logger
        self._run: AboutRun | None = None
        self._sightings: dict[str, Sighting] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Let nothing be said of a check before its verdict is."""
        if SUBJECT in item.stash:
            self._logger.expect(self._test().uuid)
        return (yield)

    def tell(
        self,
        recorder: Recorder,
        subject: Subject,
        verdict: Mapping[str, Any],
        shown: str,
        thread: str,
    ) -> None:
        """Hold what is to be written of the check that has just been judged."""
        composed = self._compose(recorder, subject, verdict, thread)
        for name, text in composed.texts.items():
            self._logger.write(name, text.encode(errors="backslashreplace"))
        result, check = composed.result, verdict["check"]
        details = result.get("statusDetails", {})
        if shown and details.get("message", "").startswith(SUITE_BROKE):
            details["trace"] = self._redactor.redact(shown)
        self._logger.hold(self._test().uuid, stem(recorder.run.id, check), result)

    def _test(self) -> Any:
        """Return the test that allure-pytest is about to write."""
        return self._listener.allure_logger.get_test(None)

    def _compose(
        self, recorder: Recorder, subject: Subject, verdict: Mapping[str, Any], thread: str
    ) -> Composed:
        """Compose a check's result of what the journal was told."""
        if self._run is None:
            self._run = _about(recorder.run.folder)
        plan = {"kind": "plan", "checks": [{"id": verdict["check"], **asdict(subject)}]}
        line = {"kind": "verdict", "at": stamp(datetime.now(UTC)), **verdict}
        (judged,) = account(self._redacted([plan, line])).verdicts
        seen = (self._sighting(recorder, one) for one in verdict["sightings"])
        sightings = tuple(one for one in seen if one is not None)
        return of_verdict(replace(judged, sightings=sightings), self._run, thread)

    def _sighting(self, recorder: Recorder, sighting: str) -> Sighting | None:
        if sighting not in self._sightings:
            told = account(self._redacted(recorder.lines_of(sighting))).sightings
            if sighting not in told:
                return None  # it could not be written down
            self._sightings[sighting] = told[sighting]
        return self._sightings[sighting]

    def _redacted(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return self._redactor.redact_json(lines) if self._redactor.suspects_json(lines) else lines


_LIVE = pytest.StashKey[Live]()


def attach(config: pytest.Config, redactor: Redactor) -> None:
    """Put a redacting logger in the place of allure-pytest's, if the session has one."""
    plugins = plugin_manager.get_plugins()
    own = next((one for one in plugins if isinstance(one, AllureFileLogger)), None)
    if own is None or _LIVE in config.stash:
        return
    folder = ResultsFolder(Path(config.getoption("allure_report_dir")).absolute())
    logger = RedactingLogger(folder, redactor)
    plugin_manager.unregister(own)
    plugin_manager.register(logger)
    config.add_cleanup(partial(_give_back, logger, own))
    live = Live(config.pluginmanager.getplugin("allure_listener"), redactor, logger)
    config.pluginmanager.register(live, "touchstone-allure")
    config.stash[_LIVE] = live
    config.addinivalue_line("filterwarnings", _INTERRUPTED)


def _give_back(logger: RedactingLogger, own: AllureFileLogger) -> None:
    """Let allure-pytest find its logger where it left it."""
    plugin_manager.unregister(logger)
    plugin_manager.register(own)


def tell(
    config: pytest.Config, subject: Subject, verdict: Mapping[str, Any], shown: str = ""
) -> None:
    """Give the test that allure-pytest is about to write what its verdict says.

    `verdict` are the fields of the journal's line, and `shown` is what pytest shows of it.
    Without `--alluredir` nothing is done.
    """
    if (live := config.stash.get(_LIVE, None)) is not None:
        thread = (handed(config) or {}).get("worker", MAIN)
        live.tell(config.stash[RECORDER], subject, verdict, shown, thread)


def _about(folder: Path) -> AboutRun:
    """Read what the journal says of the run as a whole: redacted, as its completion reads it."""
    lines = []
    with (folder / JOURNAL).open("rb") as file:
        for raw in file:
            lines.append(json.loads(raw))
            if lines[-1]["kind"] == "plan":
                break
    return about(account(lines))
