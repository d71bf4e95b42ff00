"""The pytest plugin that writes verdicts and tells what came of them. It comes with a run."""

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from reports import closing, failure, stops
from reports.journal import JournalError
from reports.keys import (
    DIAGNOSES,
    FORGOTTEN,
    JUDGED,
    LINES,
    NOT_ASKED_FOR,
    PLANNED_CHECKS,
    PROFILE,
    RAISED,
    RECORDER,
    REMARKS,
    REPLAYED,
    SEALED,
    STOPPED_BY,
    SUBJECT,
    TOLD,
    TROUBLE,
    UNASKED,
    WAITED,
    handed,
)
from reports.lines import Line, redacted, to_plain
from reports.plugin import name_of
from reports.projections import allure, links
from reports.projections.replayed import replayed
from reports.recorder import Recorder
from reports.sealed import NOT_SEALED, Sealed
from reports.verdicts import Judgement, Verdict, class_of, judge
from reports.waivers import waiver_for
from reports.wrapping import columns

_TONES = {"bad": ("red", "bold"), "unsure": ("yellow",), "good": ("green",)}
"""The colours of a table's rows."""
_NAMED = 6
"""How many checks the last screen names of those that nobody asked for."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> pytest.TestReport | None:
    """Keep what was raised in each phase, for the verdict, and make the report.

    Where no traceback is going to be shown it is not worded: pytest reads the sources for that,
    and writes out all that a check was called with.
    """
    if call.excinfo is None or RAISED not in item.stash:
        return None
    item.stash[RAISED][call.when] = call.excinfo.value
    outside = isinstance(call.excinfo.value, pytest.skip.Exception)
    if outside or item.config.get_verbosity() > 1 or item.config.getoption("usepdb"):
        return None
    return failure.untraced(item, call)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object | None:
    """Run a check to the end of its teardown, make its verdict, write it, and then show it."""
    recorder = item.config.stash.get(RECORDER, None)
    if recorder is None or SUBJECT not in item.stash:
        return None
    item.stash[JUDGED], item.stash[REMARKS], item.stash[RAISED] = [], [], {}
    hook = item.ihook
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    began = time.monotonic()
    reports = runtestprotocol(item, log=False, nextitem=nextitem)
    if os.getpid() != recorder.run.written_by:
        os._exit(1)  # the check has forked, and this is the child: the run is its parent's
    line = redacted(
        _judged(item, called=any(one.when == "call" for one in reports)), recorder.redact
    )
    item.stash[RAISED].clear()  # with it go the frames that it was raised through
    seconds = round(time.monotonic() - began, 6)
    fields = _fields(item, line)
    try:
        recorder.judge(fields, seconds, told_nothing=line.says_nothing)
    except JournalError as error:
        # A worker says so by its status. Alone the seal does, and pytest shows what there is.
        alone = handed(item.config) is None
        pytest.exit(str(error), pytest.ExitCode.INTERRUPTED if alone else NOT_SEALED)
    _tell(item, line, fields, reports, recorder)
    for report in reports:
        hook.pytest_runtest_logreport(report=report)
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    _forget_what_is_not_shown(item.config, reports)
    return True


def _forget_what_is_not_shown(config: pytest.Config, reports: list[pytest.TestReport]) -> None:
    """Let the terminal forget setups and teardowns that went well: `--durations` alone shows them.

    It holds them all to the end, which is two in three of the reports of a run; of those that
    went well it shows no keywords, which are the most of each.
    """
    for report in reports:
        if report.passed:
            report.keywords = {}
    terminal = config.pluginmanager.getplugin("terminalreporter")
    if terminal is not None and config.option.durations is None:
        terminal.stats.get("", []).clear()


def _tell(
    item: pytest.Item,
    line: Line,
    fields: Mapping[str, Any],
    reports: list[pytest.TestReport],
    recorder: Recorder,
) -> None:
    """Make pytest's reports, and Allure's, say what the verdict says."""
    config, judged = item.config, item.stash[JUDGED]
    told = failure.reshape(
        reports,
        line,
        recorder,
        judged,
        told_before=config.stash[TOLD][line.name],
        tracebacks=config.get_verbosity() > 1,
    )
    config.stash[TOLD][line.name] += line.judgement.verdict is Verdict.VIOLATED
    if handed(config) is None:
        config.stash[LINES].append(line)
    else:
        reports[-1].__dict__["line"] = to_plain(line)
    allure.tell(config, line.subject, fields, told)


class Interruptions:
    """Writes down what interrupted the session from outside."""

    def __init__(self, config: pytest.Config) -> None:
        """Take the session's configuration."""
        self._config = config

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Write down what interrupted the session from outside."""
        # pytest shows where; of some places CPython does not tell the line (python/cpython#93662).
        excinfo.traceback = type(excinfo.traceback)(
            entry
            for entry in excinfo.traceback
            if entry._rawentry.tb_lineno is not None  # noqa: SLF001
        )
        stash, by = self._config.stash, stops.what_stopped(excinfo.value)
        if by is None or RECORDER not in stash:
            return
        stash[STOPPED_BY] = by
        if handed(self._config) is None:
            with suppress(JournalError):  # the seal will say that it could not be written
                stash[RECORDER].append("run.interrupted", by=by)


def pytest_report_teststatus(
    report: pytest.TestReport,
) -> tuple[str, str, tuple[str, dict[str, bool]]] | None:
    told = getattr(report, "user_properties", ())  # a collection has none
    if report.failed and ("verdict", Verdict.INCONCLUSIVE.value) in told:
        return "inconclusive", "?", ("INCONCLUSIVE", {"yellow": True})
    return None


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Show what could not be judged, and the last screen."""
    if SEALED not in config.stash:
        return
    sealed = config.stash[SEALED]
    lines = config.stash[LINES]
    width = columns(terminalreporter)
    if told := closing.unjudged(lines, width):
        terminalreporter.section("could not be judged", "=")
        terminalreporter.write_line(told)
    if sealed.linked:
        _show_links(terminalreporter, sealed, width)
    of = replayed({"replay": config.stash.get(REPLAYED, None)})
    title = "what was proved" if of is None else "what was seen then, judged again"
    terminalreporter.section(title, "=", bold=True)
    loaded = config.stash[PROFILE]
    terminalreporter.write_line(
        closing.screen(
            lines,
            profile=loaded.profile.name,
            planned=config.stash[PLANNED_CHECKS],
            sealed=sealed,
            notes=_notes(config),
            beside=config.invocation_params.dir,
            of=of,
            width=width,
        )
    )


def _show_links(terminal: pytest.TerminalReporter, sealed: Sealed, width: int) -> None:
    """Show the table of each chain, in colour where there is a terminal."""
    terminal.section("chains, link by link", "=")
    for row in links.screen(sealed.linked, width or links.WIDTH):
        terminal.write_line(row.text, **dict.fromkeys(_TONES.get(row.tone, ()), True))


def _notes(config: pytest.Config) -> list[tuple[str, str]]:
    """Say which checks had nothing to judge, and which waivers waive nothing."""
    today = _today(config)
    expired = [one for one in config.stash[PROFILE].profile.waivers if one.until < today]
    unasked, forgotten = config.stash[UNASKED], config.stash[FORGOTTEN]
    notes = [("trouble", told) for told in config.stash.get(TROUBLE, ())]
    if WAITED in config.stash:
        notes.append(("waited", config.stash[WAITED]))
    if unasked:
        notes.append(("unasked", f"nothing to judge in this profile: {_few(unasked)}"))
    if slow := config.stash[NOT_ASKED_FOR]:
        told = f"not looked at, since -m does not name them: {_few(slow)}"
        notes.append(("slow", told))
    notes += [("waiver", f"matches no check: {one.check} of {one.target}") for one in forgotten]
    notes += [("waiver", f"expired on {one.until}: {one.check} of {one.target}") for one in expired]
    return notes


def _few(names: Sequence[str]) -> str:
    """List names for the last screen; the journal's plan has them all."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _today(config: pytest.Config) -> date:
    """Return the day on which a waiver must hold: a replay is of the day on which it was looked."""
    of = replayed({"replay": config.stash.get(REPLAYED, None)})
    return datetime.fromisoformat(of.since).date() if of else datetime.now(UTC).date()


def _judged(item: pytest.Item, *, called: bool) -> Line:
    """Make the verdict of a check that has run to the end of its teardown."""
    raised, judged = item.stash[RAISED], item.stash[JUDGED]
    phase = next((phase for phase in ("setup", "call", "teardown") if phase in raised), "call")
    judgement = judge(raised.get(phase), phase, item.path)
    if judgement.verdict is Verdict.UPHELD and not (called and judged):
        judgement = Judgement(Verdict.INCONCLUSIVE, "it judged nothing", "let it be called")
    subject = item.stash[SUBJECT]
    waiver = None
    if judgement.verdict is Verdict.VIOLATED:
        own = class_of(getattr(item, "function", None))
        judgement = replace(judgement, failure=judgement.failure or str(own or ""))
        waivers = item.config.stash[PROFILE].profile.waivers
        waiver = waiver_for(waivers, name_of(item), subject, _today(item.config))
    upheld = judgement.verdict is Verdict.UPHELD
    remarks = item.stash[REMARKS]
    named = judgement.verdict in {Verdict.VIOLATED, Verdict.INCONCLUSIVE}
    diagnoses = item.stash.get(DIAGNOSES, ()) if named else ()
    told = tuple(remarks) if upheld else ()
    return Line(item.nodeid, subject, judgement, waiver, told, diagnoses)


def _fields(item: pytest.Item, line: Line) -> dict[str, Any]:
    judgement, judged = line.judgement, item.stash[JUDGED]
    return {
        "check": line.check,
        "verdict": judgement.verdict.value,
        "sightings": list(dict.fromkeys(judged)),
        "reason": judgement.reason,
        "mend": judgement.mend,
        "expected": judgement.expected,
        "saw": judgement.saw,
        "remarks": list(line.remarks),
        "waiver": line.waiver.model_dump(mode="json") if line.waiver else None,
        "held_by": list(judgement.held_by),
        "place": judgement.place,
        **({"class": str(judgement.failure)} if judgement.failure else {}),
        **({"diagnoses": [asdict(one) for one in line.diagnoses]} if line.diagnoses else {}),
    }
