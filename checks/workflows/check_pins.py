"""What workflows take from elsewhere, and for how long: pins of actions, and dated exceptions."""

import re
from datetime import date

from checks.wire.globs import named_so
from checks.wire.workflows.readable import ensure_readable
from checks.wire.workflows.seen import Comment, WorkflowsSeen
from config.workflows import Workflows
from reports.verdicts import FailureClass, Remark, expected, fails_as

_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_TAG = re.compile(r"v?\d+(?:\.\d+)*(?:[-+][0-9A-Za-z.+-]+)?")
_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")


@fails_as(FailureClass.POLICY)
def check_actions_are_pinned(workflows: WorkflowsSeen, workflows_expected: Workflows) -> None:
    saw = []
    for file in workflows.files:
        uses = [(step.uses, step.place) for job in file.jobs for step in job.steps if step.uses]
        uses += [(job.calls, job.place) for job in file.jobs if job.calls]
        for name, place in dict.fromkeys(uses):
            if why := unpinned(name, workflows_expected):
                saw.append(f"{place}: {name} {why}")
    saw = list(dict.fromkeys(saw))
    what = {"sha": "the SHA of a commit", "tag": "a version or a SHA", "any": "any version"}
    least = what[workflows_expected.pinned]
    assert not saw, expected(f"actions that are vendored, or pinned by {least}", saw=saw)
    ensure_readable(workflows.files)


def unpinned(uses: str, names: Workflows) -> str:
    """Say why an action counts as not pinned; empty where it is pinned, or needs no pin."""
    name, at, version = uses.partition("@")
    if named_so(name, names.vendored):
        return ""
    if uses.startswith("docker://"):
        image_pinned = _DIGEST.search(uses) or names.pinned != "sha"
        return "" if image_pinned else "is an image without a digest"
    if not at:
        return "names no version"
    if _SHA.fullmatch(version) or names.pinned == "any":
        return ""
    if names.pinned == "sha":
        return "is not pinned by the SHA of a commit"
    return "" if _TAG.fullmatch(version) else f"is pinned by {version}, which reads as a branch"


@fails_as(FailureClass.POLICY)
def check_temporary_exceptions_have_not_expired(
    workflows: WorkflowsSeen, workflows_expected: Workflows, remark: Remark
) -> None:
    saw = []
    comments = [comment for file in workflows.files for comment in file.comments]
    comments += [comment for action in workflows.actions for comment in action.comments]
    for comment in comments:
        why, until = judged(comment, workflows_expected, workflows.at.date())
        if why:
            saw.append(f"{comment.place}: {comment.text.strip()[:200]}: {why}")
        elif until is not None:
            remark(f"{comment.place}: until {until}")
    word = workflows_expected.temporary_word
    assert not saw, expected(f"no {word} without a date, or after its last day", saw=saw)
    ensure_readable(workflows.files)


def judged(comment: Comment, names: Workflows, today: date) -> tuple[str, date | None]:
    """Say what is wrong with a comment that names a time, and until when it may stay."""
    found = re.search(names.temporary, comment.text)
    if found is None:
        return ("it has no date" if names.temporary_word in comment.text else ""), None
    try:
        until = date.fromisoformat(found["until"])
    except (ValueError, TypeError):
        return f"{found['until']!r} is no date", None
    return (f"it expired on {until}" if until < today else ""), until
