"""What changed between two moments, and what an apply or a cleanup must leave as it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks.rollout.pipeline.conditions import State, standing_of
from checks.rollout.pipeline.listed import Identities, Identity
from checks.rollout.pipeline.objects import PipelineRun


@dataclass(frozen=True, slots=True)
class Change:
    """What became of runs between two moments."""

    gone: tuple[PipelineRun, ...]
    added: tuple[PipelineRun, ...]


def change(before: Iterable[PipelineRun], after: Iterable[PipelineRun]) -> Change:
    """Tell which runs are gone and which are new, by their uid."""
    then, now = {one.uid: one for one in before}, {one.uid: one for one in after}
    return Change(
        gone=tuple(one for uid, one in then.items() if uid not in now),
        added=tuple(one for uid, one in now.items() if uid not in then),
    )


def cleaned_too_soon(gone: Iterable[PipelineRun]) -> list[str]:
    """Return each run that was taken away before it was over."""
    return [
        f"PipelineRun {one.name} is gone, and was {standing_of(one).why}"
        for one in gone
        if standing_of(one).state is State.PENDING
    ]


def missing_since(before: Identities, after: Identities) -> list[str]:
    """Return each object that is gone, or stands there anew under the same name."""
    now = {one.uid for one in after.items}
    return [f"{before.of} {_place(one)} is gone" for one in before.items if one.uid not in now]


def rolled_out_since(
    before: Identities, after: Identities, allowed: Iterable[str]
) -> Iterator[str]:
    """Walk the workloads that came, went, or have another specification; but those allowed."""
    then, now = _by_place(before), _by_place(after)
    for place in sorted({*then, *now} - set(allowed)):
        old, new = then.get(place), now.get(place)
        if old is None or new is None or old.uid != new.uid:
            what = "came" if old is None else "went" if new is None else "was made anew"
            yield f"{before.of} {place} {what}"
        elif old.generation != new.generation:
            yield f"{before.of} {place} went from generation {old.generation} to {new.generation}"


def _by_place(seen: Identities) -> dict[str, Identity]:
    return {_place(one): one for one in seen.items}


def _place(one: Identity) -> str:
    return f"{one.namespace}/{one.name}"
