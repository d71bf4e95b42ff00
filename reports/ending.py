"""How a run ends, in the process that planned it and in those that shared its checks."""

from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from reports import closing
from reports.journal import JournalError
from reports.keys import (
    LINES,
    NEVER_JUDGED,
    PLANNED_CHECKS,
    PROFILE,
    RECORDER,
    SEALED,
    STOPPED_BY,
    SUBJECT,
    UNWRITTEN,
)
from reports.lines import from_verdict
from reports.offspring import end_offspring

_ENDING = 1.0
"""Seconds in which is killed what a run has started that was stopped before it ended it."""


def leave(config: pytest.Config) -> None:
    """End the journal of a worker."""
    with suppress(JournalError):  # what is missing shows, and the run will not be complete
        config.stash[RECORDER].run.leave(interrupted=STOPPED_BY in config.stash)


def seal(session: pytest.Session, exitstatus: int) -> None:
    """Seal the run, and say by the exit status what came of it."""
    catch_up(session)
    config = session.config
    recorder, lines = config.stash[RECORDER], config.stash[LINES]
    lost = len(config.stash[NEVER_JUDGED])
    if STOPPED_BY in config.stash or lost:
        end_offspring(recorder.run.lineage, within=_ENDING)
    said = exitstatus
    if said == pytest.ExitCode.INTERRUPTED and STOPPED_BY not in config.stash:
        said = pytest.ExitCode.TESTS_FAILED  # -x ends workers by an interruption
    status = closing.exit_status(
        lines,
        said,
        failed=session.testsfailed - lost,
        missing=config.stash[PLANNED_CHECKS] - len(lines),
    )
    words = closing.in_words(status, said, lines)
    if unwritten := config.stash.get(UNWRITTEN, None):
        status, words = closing.without_output(status, words, unwritten)
    log_dir = config.stash[PROFILE].profile.log_dir
    junit = None if unwritten else config.getoption("xmlpath", None)
    sealed = recorder.run.seal(
        Counter(line.word for line in lines),
        exit_status=status,
        exit_words=words,
        interrupted=STOPPED_BY in config.stash,
        outside=[Path(junit)] if junit and Path(junit).is_file() else (),
        log_dir=Path(log_dir) if log_dir else None,
    )
    session.exitstatus = sealed.exit_status
    config.stash[SEALED] = sealed


def catch_up(session: pytest.Session) -> None:
    """Take the verdicts that were written, and that nobody came to be told of."""
    stash = session.config.stash
    if len(stash[LINES]) == stash[PLANNED_CHECKS]:
        return
    told = {line.check for line in stash[LINES]}
    subjects = {item.nodeid: item.stash[SUBJECT] for item in session.items if SUBJECT in item.stash}
    with suppress(OSError):
        stash[LINES] += [
            from_verdict(fields, subjects[fields["check"]])
            for fields in stash[RECORDER].run.verdicts()
            if fields["check"] not in told
        ]
