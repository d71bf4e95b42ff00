"""Allure, live: its file logger replaced by a redacting one, and each result told its verdict."""

import json
from collections.abc import Mapping
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
from reports.keys import RECORDER, handed
from reports.projections.account import Sighting, account
from reports.projections.allure_categories import SUITE_BROKE
from reports.projections.allure_folder import ResultsFolder
from reports.projections.allure_logger import RedactingLogger
from reports.projections.allure_results import MAIN, AboutRun, Composed, about, of_verdict, stem
from reports.recorder import Recorder
from reports.redaction import Redactor
from reports.verdicts import Subject


class Live:
    """Allure's channel in one process of a run."""

    def __init__(self, folder: ResultsFolder, redactor: Redactor, logger: RedactingLogger) -> None:
        """Take what is redacted by, and what writes."""
        self.logger = logger
        self._folder = folder
        self._redactor = redactor
        self._run: AboutRun | None = None
        self._sightings: dict[str, Sighting] = {}

    def compose(
        self, recorder: Recorder, subject: Subject, verdict: Mapping[str, Any], thread: str
    ) -> Composed:
        """Compose a check's result of what the journal was told, and write what is attached."""
        if self._run is None:
            self._run = _about(recorder.run.folder)
        plan = {"kind": "plan", "checks": [{"id": verdict["check"], **asdict(subject)}]}
        line = {"kind": "verdict", "at": stamp(datetime.now(UTC)), **verdict}
        (judged,) = account(self._redacted([plan, line])).verdicts
        seen = tuple(self._sighting(recorder, one) for one in verdict["sightings"])
        composed = of_verdict(replace(judged, sightings=seen), self._run, thread)
        for name, text in composed.texts.items():
            self._folder.put(name, text.encode(errors="backslashreplace"))
        return composed

    def stem(self, check: str) -> str:
        """Return how the name of a check's result begins."""
        return stem(self._run.id if self._run else "", check)

    def redact(self, text: str) -> str:
        """Return text as the run would write it."""
        return self._redactor.redact(text)

    def _sighting(self, recorder: Recorder, sighting: str) -> Sighting:
        if sighting not in self._sightings:
            told = account(self._redacted(recorder.lines_of(sighting)))
            self._sightings[sighting] = told.sightings[sighting]
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
    config.stash[_LIVE] = Live(folder, redactor, logger)


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
    live = config.stash.get(_LIVE, None)
    if live is None:
        return
    recorder, thread = config.stash[RECORDER], (handed(config) or {}).get("worker", MAIN)
    listener: Any = config.pluginmanager.getplugin("allure_listener")
    test = listener.allure_logger.get_test(None)
    result = live.compose(recorder, subject, verdict, thread).result
    details = result.get("statusDetails", {})
    if shown and details.get("message", "").startswith(SUITE_BROKE):
        details["trace"] = live.redact(shown)
    live.logger.hold(test.uuid, live.stem(verdict["check"]), result)


def _about(folder: Path) -> AboutRun:
    """Read what the journal says of the run as a whole: redacted, as its completion reads it."""
    lines = []
    with (folder / JOURNAL).open("rb") as file:
        for raw in file:
            lines.append(json.loads(raw))
            if lines[-1]["kind"] == "plan":
                break
    return about(account(lines))
