"""Facts, notes and recorded rollouts made by hand."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from checks.rollout.chain.seen import Move
from checks.rollout.closeout.document import Recorded
from checks.rollout.closeout.seen import Fact, Facts, Note, OverBudget
from checks.rollout.failures import Failure
from checks.rollout.links import Link, State
from checks.rollout.told.seen import Told
from config.lanes.closeout import Closeout
from reports.projections.told import Check, Judged
from tests.checks.rollout.chain.made import NEW, NOT_HERE, NOW, OLD, chain, lane, link, links

LANE = lane()
CLOSEOUT = Closeout.model_validate(
    dict.fromkeys(("comment", "failure_issue", "pointers", "hotfix_label"), NOT_HERE)
)
DIGEST = "sha256:" + "d" * 64
GITOPS = "e" * 40
MOVE = Move("refs/heads/v0.1", OLD, NEW)
OVER = OverBudget(budget=120.0, waited=131.4, elapsed=204.0, mirror="githubInSync=true")


def fact(name: str, value: str = "", **parts: Any) -> Fact:
    told: dict[str, Any] = {"evidence": f"where {name} stands", "at": NOW} | parts
    return Fact(name, value, **told)


def facts(**changes: Any) -> Facts:
    told = (
        fact("source-commit", OLD, evidence="git@github.com:x/y.git refs/heads/v0.1"),
        fact("current-tip", OLD),
        fact("ancestry", "the commit is the tip", evidence=f"git merge-base {OLD} {OLD}"),
        fact("merge-commit", why="the profile names no pull request", absent=True),
        fact("pipelinerun", "agentrun-v01-ci-aaaaaaaaaaaa: Succeeded=True (Completed)"),
        fact("started", "2026-11-21T11:50:00Z"),
        fact("ended", "2026-11-21T11:51:36Z"),
        fact("registry-digest", f"agentrun-mgr {DIGEST}"),
        fact("gitops-revision", GITOPS),
        fact("argo-revision", f"{GITOPS}: Synced, Healthy"),
        fact("runtime-digest", f"127.0.0.1:5000/agentrun/agentrun-mgr-env@{DIGEST}"),
        fact("target-validation", "targetValidation.state=passed", why="as `agentrun` tells"),
        fact("mirror-status", "githubInSync=true", why="as `agentrun` tells"),
    )
    given = {one.name: one for one in changes.pop("facts", ())}
    known = tuple(given.get(one.name, one) for one in told)
    fields: dict[str, Any] = {"superseded": False, "over": None, "unread": (), **changes}
    return Facts(lane="agentrun-v01", called="v01", facts=known, at=NOW, **fields)


def judged(verdict: str, sentence: str, **parts: Any) -> Judged:
    check = Check(
        id=f"checks/rollout/check_x.py::check_it[{sentence}]",
        area="rollout",
        layer="x",
        target="agentrun-v01",
        vantage="here",
        sentence=sentence,
    )
    fields: dict[str, Any] = {
        "at": "2026-11-21T12:00:00.000000Z",
        "sightings": (),
        "reason": "",
        "mend": "",
        "expected": "",
        "saw": "",
        "remarks": (),
        "waiver": None,
        "held_by": (),
        "seconds": 0.1,
        "place": "",
    }
    return Judged(check=check, verdict=verdict, **(fields | parts))


def recorded(given: tuple[Link, ...] | None = None, **changes: Any) -> Recorded:
    whole = links(runtime=link("runtime", State.AGREES, observed="1 of 1 pods", at=NOW))
    fields: dict[str, Any] = {
        "facts": facts(),
        "chain": chain(whole if given is None else given),
        "judged": (judged("upheld", "every link agrees"),),
        "run": "a1b2c3",
        "folder": "evidence/20261121T120000Z-a1b2c3",
        "head": "0f" * 32,
        "gaps": (),
        "replay": False,
    }
    return Recorded(**(fields | changes))


def broken() -> Recorded:
    """Return a rollout of which Argo CD is behind, took too long, and left out what it could."""
    argo = link(
        "argo",
        State.BROKEN,
        Failure.ARGO_REVISION_LAG,
        observed="Synced, Healthy at 0123456 | `x`",
        evidence="Application argocd/agentrun-g14-v01 .status.sync",
        mend="agentrun v01 refresh --confirm",
    )
    unknown = link("health", State.UNKNOWN, observed="", why="could not look: 403 <b>")
    lost = fact("runtime-digest", why="could not look: 403", evidence="", at=None)
    return recorded(
        links(argo=argo, health=unknown),
        facts=facts(facts=(lost,), over=OVER, unread=("live_pods: 403 from the API server",)),
        judged=(
            judged("violated", "every link agrees", saw="first broken link argo"),
            judged("inconclusive", "pods are ready", reason="403"),
            judged("upheld", "the mirror is in sync"),
        ),
        gaps=("the run was interrupted by SIGINT",),
    )


def superseded() -> Recorded:
    """Return a rollout of a commit that a later one has followed."""
    newer = link("runtime", State.SUPERSEDED, observed=NEW, why="the tip contains it", at=NOW)
    tip = fact("current-tip", NEW)
    return recorded(
        links(runtime=newer), facts=replace(facts(facts=(tip,)), superseded=True), replay=True
    )


def note(text: str = "", number: int = 1, title: str = "") -> Note:
    return Note(
        number=number,
        title=title,
        state="open",
        author="ops",
        text=text,
        created=NOW,
        updated=NOW + timedelta(minutes=1),
        url=f"https://github.com/x/y/issues/{number}",
    )


def told(document: Any, command: str = "agentrun v01 control-plane status") -> Told:
    return Told(
        name="control-plane",
        tells="control-plane",
        command=command,
        prefix=None,
        status=0,
        document=document if isinstance(document, str) else json.dumps(document),
        transcript="",
        seconds=0.1,
        at=NOW,
    )
