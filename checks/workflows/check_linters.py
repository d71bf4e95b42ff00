"""What other tools find in the workflow files, where the profile asks for it."""

from checks.workflows.linting import LintSeen
from config.workflows import Workflows
from reports.verdicts import FailureClass, Remark, expected, fails_as

_FEW = 20


@fails_as(FailureClass.CONFIG)
def check_linters_find_nothing(
    lints: tuple[LintSeen, ...], workflows_expected: Workflows, remark: Remark
) -> None:
    every = [
        finding
        for lint in lints
        for finding in lint.findings
        if finding.rule.partition(":")[2] not in workflows_expected.linters_ignore
    ]
    saw = [f"{one} ({one.rule})" for one in every if one.level == "error"]
    assert not saw, expected("no finding that is an error", saw=saw)
    minor = [f"{one} ({one.rule})" for one in every if one.level != "error"]
    for told in minor[:_FEW]:
        remark(told)
    left_out = sum(lint.left_out for lint in lints)
    if len(minor) + left_out > _FEW:
        remark(f"and {len(minor[_FEW:]) + left_out} more of the kind")
