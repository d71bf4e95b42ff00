"""Violations that somebody accepted, for a while."""

from collections.abc import Iterable
from datetime import date
from fnmatch import fnmatchcase

from config.schema import Waiver
from reports.verdicts import Subject


def waiver_for(
    waivers: Iterable[Waiver], check: str, subject: Subject, today: date
) -> Waiver | None:
    """Return the waiver that covers a check of a target today; an expired one covers nothing."""
    for waiver in waivers:
        if today <= waiver.until and covers(waiver, check, subject):
            return waiver
    return None


def covers(waiver: Waiver, check: str, subject: Subject) -> bool:
    """Tell whether a waiver speaks of this check and target, whatever its date."""
    return fnmatchcase(check, waiver.check) and fnmatchcase(subject.target, waiver.target)
