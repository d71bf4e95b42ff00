"""What was rolled out when it was seen first, and was not so a moment later."""

from collections.abc import Sequence

from checks.rollout.runtime.objects import Deployment
from checks.rollout.runtime.picking import Paired
from checks.rollout.runtime.rollout_status import proved_rollout
from checks.rollout.runtime.seen import SettledDeployments


def a_moment_later(
    there: Sequence[Paired], settled: Sequence[SettledDeployments], namespace: str
) -> tuple[list[str], list[str]]:
    """Return what failed when it was looked at again, and what was momentary, in words."""
    failed: list[str] = []
    momentary: list[str] = []
    done = [pair for pair in there if proved_rollout(pair.live).state == "done"]
    for again in settled:
        later = {live.meta.uid: live for live in again.inside(namespace)}
        for pair in done:
            meta = pair.live.meta
            live = later.get(meta.uid)
            if live is None:
                looked = again.was_looked_at(meta.namespace, meta.name)
                if isinstance(pair.live, Deployment) and looked:
                    momentary.append(f"{pair} was there, and {again.after:g} s later it is not")
                continue
            now = proved_rollout(live)
            told = f"{pair} was rolled out, and {again.after:g} s later it is not: {now.why}"
            if now.state == "failed":
                failed.append(told)
            elif now.state == "waiting":
                momentary.append(told)
    return failed, momentary
