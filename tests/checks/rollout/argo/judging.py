"""How a test asks the checks of Argo CD: of one lane, by what was seen of its cluster."""

from datetime import timedelta
from typing import Any

from checks.rollout.argo.equality import Compared, Standing
from checks.rollout.argo.seen import (
    RevisionsCompared,
    SettledApplication,
)
from config.lanes import Lane
from tests.checks.rollout.argo.written import (
    HEAD,
    LISTING,
    PATH,
    URL,
    applications,
)
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.lanes import lane
from tests.checks.rollout.runtime.written import NOW, Json

ARGO: dict[str, Any] = {
    "application": "agentrun-g14-v01",
    "project": "agentrun-v01",
    "destination": "agentrun-v01",
    "repo_url": URL,
    "install": {"version": "v2.11.0"},
}
GITOPS = {
    "repository": "/nowhere/gitops.git",
    "branch": "v0.1-gitops",
    "path": PATH,
    "render": {"absent": "this test has none"},
}
NEXT = {"argo": "agentrun v01 refresh --confirm", "default": "agentrun v01 control-plane status"}
STATE = "status__operationState"
BEHIND = "8" * 40


def a_lane(**argo: Any) -> Lane:
    retired = {"names": ["agentrun_dev"]}
    return lane(argo=ARGO | argo, gitops=GITOPS, next=NEXT, retired=retired)


def told_of(check: Any, *items: Json, argo: dict[str, Any] | None = None, **more: Any) -> Judged:
    """Judge a check of a lane whose cluster has these Applications, or the one that is right."""
    own = a_lane(**(argo or {}))
    if "settled_applications" in check.__annotations__:
        more.setdefault("settled_applications", ())
    name = "argo_alone" if "argo_alone" in check.__annotations__ else "argo"
    seen = applications(*items)
    return judged(check, applications=seen, lane=own, **{name: own.argo}, **more)


def later(*items: Json, looked: bool = True) -> tuple[SettledApplication, ...]:
    """Return the lane's application as it is seen 5 s later; none: it is gone, if looked at."""
    found = applications(*items).applications if items else ()
    return (
        SettledApplication(listing=LISTING, application="x", looked=looked, items=found, after=5.0),
    )


def revisions(
    standing: Standing = "same", applied: Standing | None = None, *, minutes: int = 10
) -> RevisionsCompared:
    """Say how both revisions stand, and how long ago the branch changed."""
    each = (
        Compared("compared", HEAD if standing == "same" else BEHIND, standing, "told so"),
        Compared("applied", BEHIND, applied or standing, "told so"),
    )
    return RevisionsCompared(
        application="argocd/agentrun-g14-v01",
        head=HEAD,
        path=PATH,
        each=each,
        changed=NOW - timedelta(minutes=minutes) if standing == "lags" else None,
        at=NOW,
    )
