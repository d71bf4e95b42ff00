"""What steps need: a checkout before them, and filters that are text."""

from collections.abc import Iterable, Iterator

from checks.wire.workflows.readable import ensure_readable
from checks.wire.workflows.seen import Job, Step, WorkflowFile, WorkflowsSeen
from checks.workflows.words import is_action, is_local
from config.workflows import Workflows
from reports.verdicts import FailureClass, Remark, expected, fails_as


@fails_as(FailureClass.CONFIG)
def check_checkout_stands_before_what_needs_it(
    workflows: WorkflowsSeen, workflows_expected: Workflows, remark: Remark
) -> None:
    found = [
        (job, step, why)
        for file in workflows.files
        for job in file.jobs
        for step, why in needing_a_checkout(file, job, workflows_expected)
    ]
    saw = [f"{step.place}: job {job.id}: {why}" for job, step, why in found]
    saw = list(dict.fromkeys(saw))
    assert not saw, expected("actions/checkout before what reads the repository's files", saw=saw)
    ensure_readable(workflows.files)
    for told in dict.fromkeys(_conditional(workflows, workflows_expected)):
        remark(told)


def needing_a_checkout(
    file: WorkflowFile, job: Job, names: Workflows
) -> Iterator[tuple[Step, str]]:
    """Walk the steps of a job that need a checkout before them, and have none.

    To compare paths none is needed on events of pull requests: GitHub is asked then. What is
    checked out into a folder is there below that folder.
    """
    events = {trigger.event for trigger in file.triggers}
    by_api = bool(events) and all(event.startswith("pull_request") for event in events)
    folders: list[str] = []
    for step in job.steps:
        if is_action(step, names.checkout):
            folder = _folder(step)
            if not folder:
                return
            folders.append(folder)
        if step.uses is None:
            continue
        if is_action(step, names.paths_filter) and not by_api:
            on = ", ".join(sorted(events)) or "unknown events"
            yield step, f"{step.uses} compares paths without a checkout, on {on}"
        elif is_local(step.uses) and step.within is None and not _is_below(step.uses, folders):
            yield step, f"{step.uses} is an action of this repository, which is not there yet"


def _folder(step: Step) -> str:
    """Return the folder into which a step checks out; empty for the workspace itself."""
    path = next((one.value for one in step.inputs if one.name.lower() == "path"), "")
    text = path if isinstance(path, str) else path.text
    folder = text.strip().removeprefix("./").rstrip("/")
    return "" if folder == "." else folder


def _is_below(uses: str, folders: Iterable[str]) -> bool:
    """Tell whether an action lies in what was checked out into a folder, as they are written."""
    return any(uses.removeprefix("./").startswith(f"{one}/") for one in folders)


def _conditional(workflows: WorkflowsSeen, names: Workflows) -> Iterator[str]:
    """Name the checkouts that may not run: what stands behind them may need one."""
    for file in workflows.files:
        for job in file.jobs:
            first = next((one for one in job.steps if is_action(one, names.checkout)), None)
            needs = any(
                one.uses and (is_local(one.uses) or is_action(one, names.paths_filter))
                for one in job.steps
            )
            if first is not None and first.condition is not None and needs:
                yield f"{first.place}: this checkout runs only if {first.condition}"


@fails_as(FailureClass.CONFIG)
def check_filters_of_paths_filter_are_text(
    workflows: WorkflowsSeen, workflows_expected: Workflows
) -> None:
    saw = []
    for file in workflows.files:
        for step in (step for job in file.jobs for step in job.steps):
            if not is_action(step, workflows_expected.paths_filter):
                continue
            filters = next((one for one in step.inputs if one.name.lower() == "filters"), None)
            if filters is None:
                saw.append(f"{step.place}: {step.uses} has no filters")
            elif not filters.is_text:
                saw.append(f"{filters.place}: filters is no text: write `filters: |`")
    saw = list(dict.fromkeys(saw))
    assert not saw, expected("with.filters to be a text", saw=saw)
    ensure_readable(workflows.files)
