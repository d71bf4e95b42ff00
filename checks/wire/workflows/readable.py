"""Whether workflow files could be read: of one that could not, nobody knows what its jobs are."""

from collections.abc import Iterable

from checks.wire.workflows.seen import WorkflowFile
from reports.verdicts import Inconclusive

_HOLDER = "check_workflow_files_are_clean"
_FEW = 3


def ensure_readable(files: Iterable[WorkflowFile]) -> None:
    """Raise `Inconclusive` where a file has an error, and no job that could be judged."""
    broken = [
        next(one for one in file.findings if one.level == "error")
        for file in files
        if not file.jobs and any(one.level == "error" for one in file.findings)
    ]
    if broken:
        told = "; ".join(f"{one} ({one.rule})" for one in broken[:_FEW])
        raise Inconclusive(
            f"the jobs of {len(broken)} of the workflow files are not known: {told}",
            f"mend them: see {_HOLDER}",
            held_by=(_HOLDER,),
        )
