"""Links, chains and lanes made by hand."""

from datetime import UTC, datetime
from typing import Any

from checks.rollout.chain.seen import Chain, Move
from checks.rollout.links import NODES, Link, State
from checks.rollout.source.seen import Target
from config.lanes import Lane

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OLD, NEW = "a" * 40, "b" * 40
NOT_HERE = {"absent": "the test has none"}


def lane(**parts: Any) -> Lane:
    told: dict[str, Any] = {
        "name": "agentrun-v01",
        "lane": "v01",
        "cluster": NOT_HERE,
        "truth": "deploy-json",
        "source": {
            "repository": "git@github.com:pikasTech/agentrun.git",
            "branch": "v0.1",
            "authority": "worktree",
            "worktree": NOT_HERE,
            "snapshots": NOT_HERE,
        },
        "next": {
            "default": "agentrun v01 control-plane status",
            "argo-outofsync": "agentrun v01 refresh --confirm",
            "pipeline": "agentrun v01 trigger-current --confirm --wait",
        },
    }
    nodes = ("mirror", "pipeline", "catalog", "gitops", "registry", "argo", "runtime", "health")
    beside = ("secrets", "observability", "told", "closeout")
    return Lane.model_validate(told | dict.fromkeys((*nodes, *beside), NOT_HERE) | parts)


def target(ancestry: Any = "same", **parts: Any) -> Target:
    told = {
        "commit": OLD,
        "tip": OLD if ancestry == "same" else NEW,
        "ref": "refs/heads/v0.1",
        "repository": "git@github.com:pikasTech/agentrun.git",
        "authority": "worktree",
        "asked": ancestry != "same",
        "ancestry": ancestry,
        "why": "",
        "at": NOW,
    }
    return Target(**(told | parts))


def link(node: str, state: State = State.AGREES, failure: str = "", **parts: Any) -> Link:
    told: dict[str, Any] = {
        "expected": f"the {node} of {OLD}",
        "observed": f"the {node} of {OLD}",
        "why": "" if state is State.AGREES else f"{node} is {state}",
    }
    return Link(node, state, failure=failure, **(told | parts))


def links(**states: Link | State) -> tuple[Link, ...]:
    """Return the links of every node: they agree, but for those that are named."""
    every: list[Link] = []
    for node in NODES:
        given = states.get(node, State.AGREES)
        every.append(given if isinstance(given, Link) else link(node, given))
    return tuple(every)


def chain(given: tuple[Link, ...], moved: tuple[Move, ...] = (), **parts: Any) -> Chain:
    told: dict[str, Any] = {"moving": (), "reread": ("refs/heads/v0.1",), "unread": ()} | parts
    return Chain(lane="agentrun-v01", links=given, moved=moved, at=NOW, **told)
