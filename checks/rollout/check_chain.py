"""Whether a lane agrees from its source to what runs, and which link breaks first."""

from collections.abc import Iterator

from checks.rollout.chain.seen import Chain, Still
from checks.rollout.chain.standing import decided_by
from checks.rollout.failures import Failure
from checks.rollout.links import Link, State
from config.lanes import Lane
from fixtures.subjects import holds
from reports.verdicts import Inconclusive, Remark, expected

_UNSURE = {
    State.PENDING: "pending",
    State.UNKNOWN: "not known",
}


def check_every_link_agrees(chain: Chain, lane: Lane, remark: Remark) -> None:
    first = next(iter(chain.broken), None)
    assert first is None, _broken(chain, first, lane)
    if chain.moving:
        raise Inconclusive(*_moving(chain))
    if (word := _UNSURE.get(chain.standing)) is not None:
        raise Inconclusive(*_unsure(chain, lane, word))
    for link in chain.links:
        if link.state is State.SUPERSEDED:
            remark(f"superseded: {link.node} has {link.observed}: {link.why}")
    if told := _by_reason(chain, State.ABSENT):
        remark(f"nothing was looked at where the lane declares that it has none: {'; '.join(told)}")


@holds(Still)
def check_the_lane_stood_still(chain: Chain, remark: Remark) -> None:
    if chain.moving:
        raise Inconclusive(*_moving(chain))
    if chain.unread or not chain.reread:
        why = "; ".join(chain.unread) or "the lane has no ref that was read twice"
        raise Inconclusive(
            f"whether it stood still is not known: {why}",
            "see why it could not be read, and run it again",
        )
    for move in chain.moved:
        remark(f"{move} while the chain was looked at; it was looked at once more")


def _moving(chain: Chain) -> tuple[str, str]:
    moves = "; ".join(map(str, chain.moving))
    return (
        f"moved-during-observation: {moves}, also while it was looked at once more",
        "run it again once nothing is being rolled out, or wait for it: --wait 5m",
    )


def _unsure(chain: Chain, lane: Lane, word: str) -> tuple[str, str]:
    """Say what is not proved yet, and of the link whose word counts most, what to do."""
    told = _by_reason(chain, chain.standing)
    link = decided_by(chain.links)
    if link is None:
        return "the lane has no link that could be looked at", "see what the lane declares absent"
    first = next(one for one in chain.links if one.state is chain.standing)
    mend = first.mend or lane.next_for(first.failure, first.node)
    if word == "pending":
        mend = mend or "wait for it: --wait 5m"
    return f"{word}: {'; '.join(told)}", mend or "see why it could not be looked at"


def _broken(chain: Chain, first: Link | None, lane: Lane) -> str:
    if first is None:
        return ""
    failure = Failure(first.failure) if first.failure in set(Failure) else Failure.MISALIGNED
    return expected(
        f"{first.node} to agree: {first.expected or 'what the lane declares'}",
        list(_told(chain, first)),
        failure,
        mend=first.mend or lane.next_for(failure, first.node),
    )


def _told(chain: Chain, first: Link) -> Iterator[str]:
    """Tell the link that broke first, and then all that stand behind it."""
    yield f"first broken link {first.node}: {first.observed or 'nothing'}"
    if first.why:
        yield f"because {first.why}"
    if first.evidence:
        yield f"read at {first.evidence}"
    behind = chain.broken[1:]
    for at, link in enumerate(behind):
        met = "what is met" if at == len(behind) - 1 else "behind it"
        saw = dict.fromkeys(one for one in (link.observed or "nothing", link.why) if one)
        yield f"{met}: {link.node} ({link.failure}): {'; '.join(saw)}"
    for state, word in _UNSURE.items():
        yield from (f"{word}: {told}" for told in _by_reason(chain, state))


def _by_reason(chain: Chain, state: State) -> list[str]:
    """Tell the links that stand so, those of one reason together: it is said once."""
    nodes: dict[str, list[str]] = {}
    for link in chain.links:
        if link.state is state:
            nodes.setdefault(link.why, []).append(link.node)
    return [f"{', '.join(named)}: {why}" for why, named in nodes.items()]
