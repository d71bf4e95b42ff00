"""A change by hand has an issue that tells of it: why, with what impact, and how it is undone."""

from typing import Any

import pytest

from checks.rollout import check_closeout
from checks.rollout.closeout.seen import IssuesSeen, Note
from config.lanes.closeout import Closeout
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.chain.made import NOT_HERE, NOW
from tests.checks.rollout.closeout.made import note
from tests.checks.rollout.runtime import made
from tests.checks.rollout.runtime.made import a_lane
from tests.checks.rollout.runtime.written import Json, deployment, managed

CLOSEOUT = Closeout.model_validate(
    dict.fromkeys(("comment", "failure_issue", "pointers", "hotfix_label"), NOT_HERE)
)
BY_HAND = deployment(
    metadata__managedFields=[managed("argocd-controller"), managed("kubectl-edit", "Update")]
)
WHOLE = "Reason: it leaked. Impact: none. Rollback: refresh. Follow-up: #7"


def told(item: Json, *issues: Note) -> Judged:
    own: Any = a_lane()
    seen = IssuesSeen(repository="x", label="hotfix", issues=issues, at=NOW)
    return judged(
        check_closeout.check_a_change_by_hand_has_an_issue,
        live_workloads=(made.deployments(item),),
        hotfix_issues=seen,
        runtime=own.runtime,
        argo=own.argo,
        closeout=CLOSEOUT,
        lane=own,
    )


def test_what_nobody_changed_by_hand_needs_no_issue() -> None:
    assert told(deployment()).words == ("upheld", "")


@pytest.mark.parametrize("text", [WHOLE, "原因：泄漏。影响：无。回滚：refresh。后续：#7"])
def test_a_change_by_hand_that_an_issue_tells_of_is_remarked(text: str) -> None:
    found = told(BY_HAND, note(text, 8, title="agentrun-mgr"), note("agentrun-mgr", 9))

    assert found.words == ("upheld", "")
    assert "was changed by hand, as https://github.com/x/y/issues/8 tells" in found.remarks[0]


@pytest.mark.parametrize(
    ("issues", "saw"),
    [
        ((), "and no issue names it"),
        ((note(WHOLE, title="another"),), "and no issue names it"),
        ((note(WHOLE, title="agentrun-mgr-db"),), "and no issue names it"),
        (
            (note("Reason and impact", title="agentrun-mgr"),),
            "has no word of rollback|回滚, follow-up|后续",
        ),
    ],
)
def test_a_change_by_hand_that_nobody_tells_of_whole_is_refused(
    issues: tuple[Note, ...], saw: str
) -> None:
    found = told(BY_HAND, *issues)

    assert found.words == ("violated", "undocumented-hotfix")
    assert found.judgement.saw.endswith(saw)


def test_objects_that_do_not_say_who_wrote_them_leave_it_open() -> None:
    assert told(deployment(metadata__managedFields=None)).words == ("inconclusive", "")
