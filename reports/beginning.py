"""How a run begins, in the process that plans it and in those that share its checks."""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from config.loading import Loaded
from reports import codec, offspring, recording, stops
from reports.canary import Canary
from reports.journal import JournalError
from reports.keys import (
    LINES,
    NEVER_JUDGED,
    PLANNED_CHECKS,
    PROFILE,
    RECORDER,
    REDACTOR,
    REPLAYED,
    SIGHTINGS,
    SUBJECT,
    TOLD,
    UNASKED,
)
from reports.recorder import Recorder
from reports.redaction import RedactionError, Redactor
from reports.run import Run
from reports.sealed import NOT_SEALED
from reports.secrets import refuse_ordinary
from reports.temporary import sweep
from reports.verdicts import Subject

_SUBJECT = tuple(field.name for field in fields(Subject))


def begin(config: pytest.Config, checks: Sequence[pytest.Item]) -> Run:
    """Begin the run of the checks, now that it is known what will be judged.

    A signal ends a run that can be sealed, or none. Raises `pytest.UsageError` where nothing
    can be written.
    """
    stopping = ExitStack()
    config.add_cleanup(stopping.close)
    stopping.enter_context(stops.ending_in_order(alone=True))
    stopping.enter_context(stops.never_ending_as_success(NOT_SEALED, _telling(config)))
    with stops.held_off():
        run = _begun(config, checks)
        stopping.enter_context(offspring.handing_down(run.lineage))
        _keep(config, run, [item.nodeid for item in checks])
    return run


def _begun(config: pytest.Config, checks: Sequence[pytest.Item]) -> Run:
    loaded, redact = config.stash[PROFILE], config.stash[REDACTOR]
    evidence = config.getoption("evidence_dir") or config.rootpath / "evidence"
    try:
        _refuse_secrets_in_ids(redact, checks)
        if redact.names:
            refuse_ordinary(redact, "what observations are made of", " ".join(codec.words()))
        run = Run.begin(evidence, redact=redact, about=_about(loaded, config))
        sightings, unasked = config.stash[SIGHTINGS], config.stash[UNASKED]
        run.append("plan", **_plan(checks), sightings=sightings, unasked=list(unasked))
        run.watch()
        sweep()
    except (RedactionError, JournalError) as error:
        raise pytest.UsageError(str(error)) from None
    except OSError as error:
        raise pytest.UsageError(
            f"--evidence-dir {evidence}: {error.strerror}; name a folder that can be written"
        ) from None
    return run


def join(config: pytest.Config, told: Mapping[str, Any], ids: Sequence[str]) -> None:
    """Join the run that the process which started this one has begun."""
    try:
        run = Run.join(
            Path(told["folder"]),
            told["run"],
            told["worker"],
            redact=config.stash[REDACTOR],
            canary=Canary(told["canary"]),
        )
    except JournalError as error:
        pytest.exit(str(error), returncode=NOT_SEALED)
    stopping = ExitStack()
    config.add_cleanup(stopping.close)
    stopping.enter_context(stops.ending_in_order(alone=False))
    _keep(config, run, ids)


def to_hand(run: Run, worker: str) -> dict[str, Any]:
    """Return what a worker needs to join a run; it goes through a pipe, and nowhere else."""
    return {
        "folder": str(run.folder),
        "run": run.id,
        "worker": worker,
        "key": run.key.hex(),
        "canary": run.canary.value,
        "process": os.getpid(),
    }


def _keep(config: pytest.Config, run: Run, ids: Sequence[str]) -> None:
    config.stash[RECORDER] = Recorder(run, plain_ids=not run.hides(ids))
    config.stash[PLANNED_CHECKS] = len(ids)
    config.stash[LINES] = []
    config.stash[NEVER_JUDGED] = []
    config.stash[TOLD] = Counter()
    config.pluginmanager.register(recording, "touchstone-recording")
    config.pluginmanager.register(recording.Interruptions(config), "touchstone-interruptions")


def _telling(config: pytest.Config) -> Callable[[str], None]:
    """Return what shows a line on the terminal at once, past what captures the output."""
    terminal, capture = (
        config.get_terminal_writer(),
        config.pluginmanager.getplugin("capturemanager"),
    )

    def tell(text: str) -> None:
        if capture is not None:
            capture.suspend()
        terminal.line(f"\n{text}")
        terminal.flush()

    return tell


def _about(loaded: Loaded, config: pytest.Config) -> dict[str, Any]:
    profile = loaded.profile
    ranges = profile.ranges
    replay = config.stash.get(REPLAYED, None)
    return {
        **({"replay": replay} if replay else {}),
        "profile": {
            "name": profile.name,
            "digest": loaded.digest,
            "path": str(loaded.source),
            "ranges": ranges
            and {"name": ranges.name, "dated": str(ranges.dated), "digest": ranges.digest},
        },
        "vantages": [{"name": one.name, "kind": one.kind} for one in profile.vantages],
        "argv": ["pytest", *config.invocation_params.args],
        "channels": {
            "allure": _absolute(config.getoption("allure_report_dir", None)),
            "junit": _absolute(config.getoption("xmlpath", None)),
        },
    }


def _absolute(path: str | None) -> str | None:
    return str(Path(path).absolute()) if path else None


def _plan(checks: Sequence[pytest.Item]) -> dict[str, Any]:
    listed = [{"id": item.nodeid, **_plain(item.stash[SUBJECT])} for item in checks]
    ids = "\n".join(item.nodeid for item in checks)
    return {"checks": listed, "digest": hashlib.sha256(ids.encode()).hexdigest()}


def _plain(subject: Subject) -> dict[str, Any]:
    return {name: getattr(subject, name) for name in _SUBJECT}


def _refuse_secrets_in_ids(redact: Redactor, checks: Sequence[pytest.Item]) -> None:
    if names := redact.contains("\n".join(item.nodeid for item in checks)):
        raise RedactionError(
            f"the id of a check contains the secret {names[0]}, and ids are printed"
            " everywhere; change the profile so that no target is named by it"
        )
