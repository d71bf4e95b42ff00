"""What a finished run recorded of a lane, read from its journal alone."""

import json
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from checks.rollout.chain.seen import Chain
from checks.rollout.closeout.document import Recorded
from checks.rollout.closeout.seen import Facts
from reports import codec
from reports.chains import Chains
from reports.projections.account import account
from reports.projections.replayed import replayed
from reports.projections.told import Judged
from reports.verify import NoRunError, State, verify


class CloseoutError(Exception):
    """There is nothing to close out; `is_use` says that what was asked for cannot be."""

    def __init__(self, message: str, *, is_use: bool = False) -> None:
        super().__init__(message)
        self.is_use = is_use


def recorded_of(folder: Path, lane: str) -> Recorded:
    """Read what a run recorded of a lane, by its name or as its tools call it.

    Raises `CloseoutError` for a run that is broken or was never sealed, and for a lane of which
    it recorded nothing.
    """
    try:
        found = verify(folder)
    except NoRunError as error:
        raise CloseoutError(str(error), is_use=True) from None
    except OSError as error:
        raise CloseoutError(f"{folder} cannot be read: {error.strerror}", is_use=True) from None
    if found.state is State.BROKEN:
        raise CloseoutError(f"the evidence of {folder} is BROKEN: {found.wrong[0]}")
    if found.state is State.UNSEALED:
        mend = f"python -m reports seal {folder} seals what there is of it"
        raise CloseoutError(f"{folder} was never sealed: it is no evidence yet; {mend}")
    told = account(found.chains.lines)
    facts, chain = _of_lane(found.chains, lane)
    return Recorded(
        facts=facts,
        chain=chain,
        judged=tuple(one for one in told.verdicts if _is_of(facts.lane, one)),
        run=str(told.begin.get("run", "")),
        folder=str(folder),
        head=found.chains.head,
        gaps=told.gaps,
        replay=replayed(told.begin) is not None,
    )


def _is_of(lane: str, judged: Judged) -> bool:
    """Tell whether a verdict is of a lane, or of something that it has: `LANE:NAME`."""
    target = judged.check.target
    return judged.check.area == "rollout" and (target == lane or target.startswith(f"{lane}:"))


def _of_lane(chains: Chains, lane: str) -> tuple[Facts, Chain]:
    """Return the last facts and the last chain of a lane."""
    facts: dict[str, Facts] = {}
    linked: dict[str, Chain] = {}
    for seen in _observations(chains):
        if isinstance(seen, Facts):
            facts[seen.lane] = seen
        else:
            linked[seen.lane] = seen
    whole = [one for one in facts.values() if one.lane in linked]
    chosen = [one for one in whole if one.lane == lane]
    chosen = chosen or [one for one in whole if one.called == lane]
    if len(chosen) != 1:
        raise CloseoutError(_none(lane, whole, several=len(chosen) > 1), is_use=True)
    return chosen[0], linked[chosen[0].lane]


def _observations(chains: Chains) -> Iterator[Facts | Chain]:
    for line in chains.lines:
        for one in line.get("seen", ()) if line["kind"] == "sighting.end" else ():
            if one.get("observation", {}).get("kind") not in {"lane-facts", "lane-chain"}:
                continue
            try:
                seen = codec.decode(json.dumps(one["observation"]))
            except ValueError as error:
                raise CloseoutError(
                    f"what the run recorded is of another version of the suite: {error}"
                ) from None
            if isinstance(seen, Facts | Chain):
                yield seen


def _none(lane: str, there: Sequence[Facts], *, several: bool) -> str:
    names = [one.lane for one in there]
    if several:
        return f"several lanes are called {lane}; name one: {', '.join(names)}"
    if not names:
        return "the run recorded no closeout of any lane: run it with -m rollout"
    near = get_close_matches(lane, names, n=1, cutoff=0.5)
    meant = f"did you mean {near[0]}?" if near else f"it has: {', '.join(names[:20])}"
    return f"the run recorded no closeout of a lane {lane}; {meant}"
