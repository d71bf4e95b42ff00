"""A mirror, its status and its refs, made by hand."""

from typing import Any

from checks.rollout.told.seen import Told
from config.lanes import Lane
from config.lanes.mirror import Mirror
from tests.checks.rollout.lanes import lane, mirror_fields
from tests.checks.rollout.seen import (
    GITOPS,
    OTHER,
    SOURCE,
    TIP,
    refs,
    upstream,
)
from tests.checks.rollout.told.made import told

FLUSH = "agentrun git-mirror flush --confirm --wait"


STATUS: dict[str, Any] = {
    "ok": True,
    "localV01": TIP,
    "githubV01": TIP,
    "localGitops": OTHER,
    "githubGitops": OTHER,
    "pendingFlush": False,
    "githubInSync": True,
    "sourceInSync": True,
    "exactFetch": {"localV01": True},
    "refSources": {
        "githubFieldsAreMirrorStageCache": True,
        "githubV01": "refs/mirror-stage/heads/v0.1",
    },
    "githubTransport": {"mode": "ssh", "url": "ssh://git@ssh.github.com:443/o/agentrun.git"},
}


STAGED = "refs/mirror-stage/heads/v0.1"


MINE = refs((SOURCE, TIP), (GITOPS, OTHER), (STAGED, TIP), (f"{STAGED}-gitops", OTHER))


THEIRS = upstream((SOURCE, TIP), (GITOPS, OTHER))


UNREACHED = upstream(why="github.com did not answer")


def status(drop: str = "", **changes: Any) -> Told:
    fields = {key: value for key, value in (STATUS | changes).items() if key != drop}
    return told(fields, "git-mirror")


def own(**changes: Any) -> Lane:
    upstream_url = "ssh://git@ssh.github.com:443/o/agentrun.git"
    return lane(
        mirror=mirror_fields(upstream=upstream_url, **changes), next={"pending-flush": FLUSH}
    )


def declared(**changes: Any) -> Mirror:
    found = own(**changes).mirror
    assert isinstance(found, Mirror)
    return found
