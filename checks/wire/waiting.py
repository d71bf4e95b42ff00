"""Why a job waits for a runner, or would: one cause, in the order in which they exclude others.

No runner has its labels (CONFIG); those that have them are offline (INFRA), or busy (CAPACITY);
if one is online and idle, or the runner is GitHub's own, it is GitHub that does not start it
(PLATFORM). All of it is pure: what is known of runners is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from checks.wire.placing import Asked, Kind, Known, covering, kind_of, nearest_runner, unlisted
from fixtures.github.values import Runner
from reports.verdicts import FailureClass


@dataclass(frozen=True, slots=True)
class Cause:
    """The one cause for which a job does not start: what proves it, and what to do next."""

    name: str
    failure: FailureClass
    facts: tuple[str, ...]
    next: str

    def __str__(self) -> str:
        return f"{self.name} ({self.failure}): {'; '.join(self.facts)}"


@dataclass(frozen=True, slots=True)
class CannotTell:
    """What keeps the cause from being known, and what would help."""

    reason: str
    mend: str


def why_waiting(
    asked: Asked, runners: Sequence[Runner] | None, known: Known
) -> Cause | CannotTell | None:
    """Return why no runner would take the job; None where one would.

    `runners` are those that are registered, None where nobody could ask.
    """
    match kind_of(asked, known):
        case Kind.UNKNOWN:
            words = "; ".join(f"{one.text}: {one.why}" for one in asked.unknown)
            mend = "say in labels.expressions of the profile what it comes to"
            return CannotTell(f"its labels are known only when it runs: {words}", mend)
        case Kind.HOSTED | Kind.SCALE_SET:
            return None
        case kind:
            return _of_self_hosted(asked, runners, known, unknown=kind is Kind.UNLISTED)


def _of_self_hosted(
    asked: Asked, runners: Sequence[Runner] | None, known: Known, *, unknown: bool
) -> Cause | CannotTell | None:
    if runners is None:
        if unknown:
            return _no_such_label(asked, known)
        return CannotTell(
            f"nobody could ask which runners have {asked.shown}",
            "add github: and a token to the repository in the profile",
        )
    fitting = covering(asked, runners)
    if not fitting:
        return _no_such_label(asked, known) if unknown else _no_match(asked, runners)
    online = [one for one in fitting if one.status == "online"]
    if not online:
        facts = tuple(f"{one.name} is {one.status}" for one in fitting)
        return Cause(
            "runner-offline",
            FailureClass.INFRA,
            facts,
            "start the runner: ./svc.sh status in its directory; then gh api"
            " repos/OWNER/NAME/actions/runners",
        )
    if all(one.busy for one in online):
        return Cause(
            "runners-busy",
            FailureClass.CAPACITY,
            tuple(f"{one.name} is online and busy" for one in online),
            "wait, or add a runner with these labels: gh run list --status in_progress",
        )
    return None


def _no_such_label(asked: Asked, known: Known) -> Cause:
    return Cause(
        "unknown-label",
        FailureClass.CONFIG,
        (*unlisted(asked, known), f"hosted labels as known on {known.dated}"),
        f"correct runs-on at {asked.place}, or declare the label in the profile",
    )


def _no_match(asked: Asked, runners: Sequence[Runner]) -> Cause:
    nearest = nearest_runner(asked, runners)
    return Cause(
        "no-matching-runner",
        FailureClass.CONFIG,
        (f"no runner has {asked.shown}", nearest or "no runner is registered"),
        f"correct runs-on at {asked.place}, or register a runner with these labels",
    )


def why_queued(asked: Asked, runners: Sequence[Runner] | None, known: Known) -> Cause | CannotTell:
    """Return the one cause for which a job that was to start long ago is still queued."""
    cause = why_waiting(asked, runners, known)
    if cause is not None:
        return cause
    online = [one.name for one in covering(asked, runners or ()) if one.status == "online"]
    by = {
        Kind.HOSTED: "GitHub's own runners are to take it",
        Kind.SCALE_SET: f"the scale set {asked.shown} is to take it",
    }.get(kind_of(asked, known), f"{', '.join(online)} is online and idle, and is not given it")
    return Cause(
        "not-given-by-platform",
        FailureClass.PLATFORM,
        (by,),
        "look at https://www.githubstatus.com, and cancel and run it again: gh run rerun",
    )
