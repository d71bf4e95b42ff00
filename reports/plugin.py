"""The pytest plugin that writes a run: plan, verdicts, begin and end."""

import hashlib
import os
import time
from collections import Counter
from collections.abc import Generator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from config.loading import Loaded
from config.schema import Waiver
from reports import closing, failure
from reports.journal import JournalError
from reports.projections import allure
from reports.recorder import Recorder
from reports.redaction import RedactionError, Redactor
from reports.run import NOT_SEALED, Run, Sealed
from reports.secrets import redactor_for
from reports.verdicts import Judgement, Remark, Subject, Verdict, judge
from reports.waivers import covers, waiver_for

PROFILE = pytest.StashKey[Loaded]()
RECORDER = pytest.StashKey[Recorder]()
SUBJECT = pytest.StashKey[Subject]()
JUDGED = pytest.StashKey[list[str]]()
"""Ids of the sightings that an item judged, in its stash."""
_REMARKS = pytest.StashKey[list[str]]()
_RAISED = pytest.StashKey[dict[str, BaseException]]()
_PLANNED = pytest.StashKey[int]()
"""How many checks the run has promised to judge."""
_LINES = pytest.StashKey[list[closing.Line]]()
EVERY_CHECK = pytest.StashKey[bool]()
"""Whether the command line leads to every check, before `-m` and `-k` select."""
_TOLD = pytest.StashKey[Counter[str]]()
"""How many violations of each check have been shown."""
_FORGOTTEN = pytest.StashKey[tuple[Waiver, ...]]()
"""Waivers that speak of no check that was collected."""
_SEALED = pytest.StashKey[Sealed]()
UNASKED = pytest.StashKey[tuple[str, ...]]()
"""Names of selected checks that have nothing to judge in this profile."""
SIGHTINGS = pytest.StashKey[int]()
"""How many sightings the run needs."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("touchstone").addoption(
        "--evidence-dir",
        type=Path,
        metavar="DIR",
        help="the folder in which each run makes its own (default: evidence/ of the checkout)",
    )


@pytest.fixture
def remark(request: pytest.FixtureRequest) -> Remark:
    """Say something of an upheld sentence; it stands in the record and changes no verdict."""
    remarks: list[str] = request.node.stash.setdefault(_REMARKS, [])
    return remarks.append


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Find the waivers that match nothing, before `-m` and `-k` select."""
    if PROFILE not in config.stash:
        return
    known = {(name_of(item), item.stash[SUBJECT]) for item in items if SUBJECT in item.stash}
    config.stash[_FORGOTTEN] = tuple(
        waiver
        for waiver in config.stash[PROFILE].profile.waivers
        if config.stash[EVERY_CHECK]
        and not any(covers(waiver, name, subject) for name, subject in known)
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Begin the run, now that it is known what will be judged."""
    option = session.config.option
    checks = [item for item in session.items if SUBJECT in item.stash]
    broken = session.testsfailed and not option.continue_on_collection_errors
    if checks and not (broken or option.collectonly or option.plan_only):
        _begin(session.config, checks)
    return (yield)


def _begin(config: pytest.Config, checks: list[pytest.Item]) -> None:
    loaded = config.stash[PROFILE]
    evidence = config.getoption("evidence_dir") or config.rootpath / "evidence"
    try:
        redact = redactor_for(loaded.profile.secrets, os.environ)
        _refuse_secrets_in_ids(redact, checks)
        about = _about(loaded, config)
        run = Run.begin(evidence, redact=redact, about=about)
        sightings, unasked = config.stash[SIGHTINGS], config.stash[UNASKED]
        run.append("plan", **_plan(checks), sightings=sightings, unasked=list(unasked))
    except (RedactionError, JournalError) as error:
        raise pytest.UsageError(str(error)) from None
    except OSError as error:
        raise pytest.UsageError(
            f"--evidence-dir {evidence}: {error.strerror}; name a folder that can be written"
        ) from None
    config.stash[RECORDER] = Recorder(run)
    config.stash[_PLANNED] = len(checks)
    config.stash[_LINES] = []
    config.stash[_TOLD] = Counter()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what was raised in each phase, for the verdict."""
    if call.excinfo is not None and _RAISED in item.stash:
        item.stash[_RAISED][call.when] = call.excinfo.value
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object | None:
    """Run a check to the end of its teardown, make its verdict, write it, and then show it."""
    recorder = item.config.stash.get(RECORDER, None)
    if recorder is None or SUBJECT not in item.stash:
        return None
    item.stash[JUDGED], item.stash[_REMARKS], item.stash[_RAISED] = [], [], {}
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    began = time.monotonic()
    reports = runtestprotocol(item, log=False, nextitem=nextitem)
    line = _judged(item, called=any(one.when == "call" for one in reports))
    seconds = round(time.monotonic() - began, 6)
    try:
        recorder.append("verdict", **_fields(item, line), seconds=seconds)
    except JournalError as error:
        pytest.exit(str(error), returncode=NOT_SEALED)
    item.config.stash[_LINES].append(line)
    judged, verbosity = item.stash[JUDGED], item.config.get_verbosity()
    told = failure.reshape(
        reports,
        line,
        recorder,
        judged,
        told_before=item.config.stash[_TOLD][line.name],
        tracebacks=verbosity > 1,
    )
    item.config.stash[_TOLD][line.name] += line.judgement.verdict is Verdict.VIOLATED
    if (listener := item.config.pluginmanager.getplugin("allure_listener")) is not None:
        profile, subject = item.config.stash[PROFILE].profile.name, line.subject
        allure.describe(subject.area, subject.target, profile, recorder.sightings(judged))
        allure.conclude(listener, line.check, subject, line.judgement, told)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_report_teststatus(
    report: pytest.TestReport,
) -> tuple[str, str, tuple[str, dict[str, bool]]] | None:
    told = getattr(report, "user_properties", ())  # a collection has none
    if report.failed and ("verdict", Verdict.INCONCLUSIVE.value) in told:
        return "inconclusive", "?", ("INCONCLUSIVE", {"yellow": True})
    return None


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> Generator[None]:
    """End the run, whatever else breaks at its end."""
    try:
        return (yield)
    finally:
        if RECORDER in session.config.stash:
            _seal(session, exitstatus)


def _seal(session: pytest.Session, exitstatus: int) -> None:
    """Seal the run, and say by the exit status what came of it."""
    recorder = session.config.stash[RECORDER]
    lines = session.config.stash[_LINES]
    status = closing.exit_status(lines, exitstatus, failed=session.testsfailed)
    log_dir = session.config.stash[PROFILE].profile.log_dir
    junit = session.config.getoption("xmlpath", None)
    sealed = recorder.run.seal(
        Counter(line.word for line in lines),
        exit_status=status,
        exit_words=closing.in_words(status, exitstatus, lines),
        interrupted=exitstatus == pytest.ExitCode.INTERRUPTED,
        outside=[Path(junit)] if junit else (),
        log_dir=Path(log_dir) if log_dir else None,
    )
    session.exitstatus = sealed.exit_status
    session.config.stash[_SEALED] = sealed


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Show what could not be judged, and the last screen."""
    if _SEALED not in config.stash:
        return
    sealed = config.stash[_SEALED]
    lines = config.stash[_LINES]
    if told := closing.unjudged(lines):
        terminalreporter.section("could not be judged", "=")
        terminalreporter.write_line(told)
    terminalreporter.section("what was proved", "=", bold=True)
    loaded = config.stash[PROFILE]
    terminalreporter.write_line(
        closing.screen(
            lines,
            profile=loaded.profile.name,
            planned=config.stash[_PLANNED],
            sealed=sealed,
            notes=_notes(config),
            beside=config.invocation_params.dir,
        )
    )


def _notes(config: pytest.Config) -> list[tuple[str, str]]:
    """Say which checks had nothing to judge, and which waivers waive nothing."""
    today = datetime.now(UTC).date()
    expired = [one for one in config.stash[PROFILE].profile.waivers if one.until < today]
    unasked, forgotten = config.stash[UNASKED], config.stash[_FORGOTTEN]
    return [
        *(("unasked", f"nothing to judge in this profile: {name}") for name in unasked),
        *(("waiver", f"matches no check: {one.check} of {one.target}") for one in forgotten),
        *(("waiver", f"expired on {one.until}: {one.check} of {one.target}") for one in expired),
    ]


def _about(loaded: Loaded, config: pytest.Config) -> dict[str, Any]:
    profile = loaded.profile
    ranges = profile.ranges
    return {
        "profile": {
            "name": profile.name,
            "digest": loaded.digest,
            "path": str(loaded.source),
            "ranges": ranges
            and {"name": ranges.name, "dated": str(ranges.dated), "digest": ranges.digest},
        },
        "vantages": [{"name": one.name, "kind": one.kind} for one in profile.vantages],
        "argv": ["pytest", *config.invocation_params.args],
    }


def _plan(checks: list[pytest.Item]) -> dict[str, Any]:
    listed = [{"id": item.nodeid, **asdict(item.stash[SUBJECT])} for item in checks]
    ids = "\n".join(item.nodeid for item in checks)
    return {"checks": listed, "digest": hashlib.sha256(ids.encode()).hexdigest()}


def _judged(item: pytest.Item, *, called: bool) -> closing.Line:
    """Make the verdict of a check that has run to the end of its teardown."""
    raised, judged = item.stash[_RAISED], item.stash[JUDGED]
    phase = next((phase for phase in ("setup", "call", "teardown") if phase in raised), "call")
    judgement = judge(raised.get(phase), phase, item.path)
    if judgement.verdict is Verdict.UPHELD and not (called and judged):
        judgement = Judgement(Verdict.INCONCLUSIVE, "it judged nothing", "let it be called")
    subject = item.stash[SUBJECT]
    waiver = None
    if judgement.verdict is Verdict.VIOLATED:
        waivers = item.config.stash[PROFILE].profile.waivers
        today = datetime.now(UTC).date()
        waiver = waiver_for(waivers, name_of(item), subject, today)
    upheld = judgement.verdict is Verdict.UPHELD
    remarks = item.stash[_REMARKS]
    return closing.Line(item.nodeid, subject, judgement, waiver, tuple(remarks) if upheld else ())


def _fields(item: pytest.Item, line: closing.Line) -> dict[str, Any]:
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
    }


def name_of(item: pytest.Item) -> str:
    """Return the name of the item's function, without its parameters."""
    return item.function.__name__ if isinstance(item, pytest.Function) else item.name


def _refuse_secrets_in_ids(redact: Redactor, checks: list[pytest.Item]) -> None:
    for item in checks:
        if names := redact.contains(item.nodeid):
            raise RedactionError(
                f"the id of a check contains the secret {names[0]}, and ids are printed"
                " everywhere; change the profile so that no target is named by it"
            )
