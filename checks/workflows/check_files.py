"""The workflow files by themselves: they are there, and nothing is wrong in them."""

from checks.wire.workflows.seen import NoWorkflows, WorkflowsSeen
from checks.workflows.words import path_of
from config.workflows import Workflows
from fixtures.subjects import holds
from reports.verdicts import FailureClass, Remark, expected, fails_as


@holds(NoWorkflows)
@fails_as(FailureClass.CONFIG)
def check_workflows_are_there(
    workflows: WorkflowsSeen | NoWorkflows, workflows_expected: Workflows
) -> None:
    there = {one.path for one in workflows.files} if isinstance(workflows, WorkflowsSeen) else set()
    missing = [one for one in map(path_of, workflows_expected.required) if one not in there]
    saw = [workflows.headline, *(f"there is no {one}" for one in missing)]
    held = isinstance(workflows, WorkflowsSeen) and not missing
    assert held, expected("workflow files, and those that are required", saw=saw)


@fails_as(FailureClass.CONFIG)
def check_workflow_files_are_clean(workflows: WorkflowsSeen, remark: Remark) -> None:
    every = workflows.findings
    for finding in every:
        if finding.level != "error":
            remark(f"{finding} ({finding.rule})")
    saw = [f"{one} ({one.rule})" for one in every if one.level == "error"]
    assert not saw, expected("workflow files that GitHub reads as they are meant", saw=saw)
