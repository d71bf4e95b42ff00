"""Allure: what a check looked at, told to the test that allure-pytest is writing."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from reports.projections.account import transcript_of
from reports.verdicts import Judgement, Subject, Verdict


def describe(area: str, target: str, profile: str, sightings: Sequence[Mapping[str, Any]]) -> None:
    """Give the running test its labels, a step for each observation, and its transcripts.

    `sightings` are journal lines, begin and end of a sighting as one, already redacted.
    Allure is imported only here: who does not ask for it does not pay for it.
    """
    import allure  # noqa: PLC0415

    test: Any = allure.dynamic
    test.epic(profile)
    test.feature(area)
    test.story(target)
    for sighting in sightings:
        step = f"{sighting['probe']} {sighting['target']} from {sighting['vantage']}"
        with allure.step(step):
            if command := sighting.get("by_hand"):
                allure.attach(command, "by hand", allure.attachment_type.TEXT)
            for headline in _not_seen(sighting):
                with allure.step(headline):
                    pass
            for seen in sighting.get("seen", ()):
                _tell(seen)


def conclude(
    listener: Any, check: str, subject: Subject, judgement: Judgement, detail: str
) -> None:
    """Give the running test the status of its verdict; `listener` is allure-pytest's own plugin.

    Allure knows four: a violation is `failed`, what could not be judged is `broken`. The
    history of a check is that of its id: what it was called with is not part of it.
    """
    from allure_commons.model2 import Parameter, Status, StatusDetails  # noqa: PLC0415

    test = listener.allure_logger.get_test(None)
    test.parameters = [
        Parameter(name="target", value=subject.target),
        Parameter(name="vantage", value=subject.vantage),
    ]
    test.historyId = hashlib.sha256(check.encode()).hexdigest()
    test.status = {
        Verdict.UPHELD: Status.PASSED,
        Verdict.VIOLATED: Status.FAILED,
        Verdict.INCONCLUSIVE: Status.BROKEN,
        Verdict.NOT_APPLICABLE: Status.SKIPPED,
    }[judgement.verdict]
    message = judgement.saw or judgement.reason
    test.statusDetails = StatusDetails(message=message, trace=detail) if message else None


def _not_seen(sighting: Mapping[str, Any]) -> list[str]:
    if error := sighting.get("error"):
        return [f"could not look: {error.get('reason', '')}"]
    return [f"not reached: {saw}" for saw in (sighting.get("unreached") or {}).get("saw", ())]


def _tell(seen: Mapping[str, Any]) -> None:
    import allure  # noqa: PLC0415

    with allure.step(str(seen.get("headline", ""))):
        for name, start, seconds in seen.get("phases", ()):
            with allure.step(f"{name}: {seconds * 1000:.1f} ms, from {start * 1000:.1f} ms"):
                pass
        if transcript := transcript_of(seen):
            allure.attach(transcript, "transcript", allure.attachment_type.TEXT)
