"""What the plugins of a session keep for each other, in the stash of its configuration."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # who only lists the checks needs the keys, and not what they lead to
    from config.loading import Loaded
    from config.schema import Waiver
    from reports.lines import Line
    from reports.recorder import Recorder
    from reports.redaction import Redactor
    from reports.sealed import Sealed
    from reports.verdicts import Diagnosis, Subject

PROFILE: pytest.StashKey["Loaded"] = pytest.StashKey()
REDACTOR: pytest.StashKey["Redactor"] = pytest.StashKey()
RECORDER: pytest.StashKey["Recorder"] = pytest.StashKey()
EVERY_CHECK = pytest.StashKey[bool]()
"""Whether the command line leads to every check, before `-m` and `-k` select."""
UNASKED = pytest.StashKey[tuple[str, ...]]()
"""Names of selected checks that have nothing to judge in this profile."""
NOT_ASKED_FOR = pytest.StashKey[tuple[str, ...]]()
"""Names of slow checks that `-m` would have to name, and does not."""
SIGHTINGS = pytest.StashKey[int]()
"""How many sightings the run needs."""
FORGOTTEN: pytest.StashKey["tuple[Waiver, ...]"] = pytest.StashKey()
"""Waivers that speak of no check that was collected."""
PLANNED_CHECKS = pytest.StashKey[int]()
"""How many checks the run has promised to judge."""
LINES: pytest.StashKey["list[Line]"] = pytest.StashKey()
TOLD = pytest.StashKey[Counter[str]]()
"""How many violations of each check have been shown."""
NEVER_JUDGED = pytest.StashKey[list[str]]()
"""Ids of the checks that pytest was told of although they were lost with a worker."""
REPLAYED = pytest.StashKey[Mapping[str, Any]]()
"""What the first line of a replay says of the run that it replays."""
TROUBLE = pytest.StashKey[list[str]]()
"""What went wrong beside the checks, for the last screen."""
WAITED = pytest.StashKey[str]()
"""What came of waiting before anything was judged, in words."""
UNWRITTEN = pytest.StashKey[str]()
"""What was asked for beside the run and could not be written, in words."""
STOPPED_BY = pytest.StashKey[str]()
"""The signal that interrupted the session."""
SEALED: pytest.StashKey["Sealed"] = pytest.StashKey()

# of an item
SUBJECT: pytest.StashKey["Subject"] = pytest.StashKey()
JUDGED = pytest.StashKey[list[str]]()
"""Ids of the sightings that the item judged."""
REMARKS = pytest.StashKey[list[str]]()
DIAGNOSES: pytest.StashKey["tuple[Diagnosis, ...]"] = pytest.StashKey()
"""The causes of what the item's check asserted in vain; a verdict is made without them."""
RAISED = pytest.StashKey[dict[str, BaseException]]()

WORKER = "touchstone"
"""Under this name the process that begins a run hands things to its workers."""


def handed(config: pytest.Config) -> Mapping[str, Any] | None:
    """Return what was handed to this process, if it is a worker of a run."""
    told: Mapping[str, Any] | None = getattr(config, "workerinput", {}).get(WORKER)
    return told
