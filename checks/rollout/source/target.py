"""The commit that a lane has to have carried through, as its authority has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from checks.rollout.source.seen import NoTarget, Target
from checks.wire.git_asking import by_hand as git_by_hand
from checks.wire.objects import FULL, Objects, objects_of
from checks.wire.refs import read_refs
from fixtures.sightings import by_hand
from fixtures.vantages import SourceError, Vantage

HEADS = "refs/heads/"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be proved: of which repository, and whose word counts."""

    repository: str
    """The source repository; for snapshots, the mirror that keeps them."""
    branch: str
    authority: Literal["worktree", "snapshot"]
    snapshots: str | None
    """Below which the branch and the commit stand: `refs/unidesk/snapshots/agentrun-yaml-lane`."""
    commit: str | None

    def __str__(self) -> str:
        return f"{self.repository} {self.branch}"

    @property
    def below(self) -> str:
        """Below which the branch's snapshots stand, each called by its commit."""
        return f"{self.snapshots}/{self.branch}/" if self.snapshots else ""

    @property
    def patterns(self) -> tuple[str, ...]:
        head = f"{HEADS}{self.branch}"
        return (head, f"{self.below}*") if self.below else (head,)


@by_hand(lambda wanted: git_by_hand(wanted.repository, "ls-remote", "{url}", *wanted.patterns))
async def find_target(wanted: Wanted, vantage: Vantage, *, deadline: float) -> Target | NoTarget:
    """Find the commit to be proved: the one that the profile names, or the authority's tip.

    A branch, or a snapshot, that is not there is an answer. Raises `VantageError` where the
    repository cannot be asked, and where several snapshots leave open which is the newest.
    """
    refs = await read_refs(wanted.repository, vantage, wanted.patterns, deadline=deadline)
    head = refs.get(f"{HEADS}{wanted.branch}")
    objects = objects_of(wanted.repository, vantage, deadline=deadline)
    if wanted.authority == "snapshot":
        kept = _snapshots(wanted, refs)
        if not kept or (wanted.commit and wanted.commit not in kept):
            return _none(wanted, f"{wanted.below}{wanted.commit or '*'}")
        tip = head if head in kept else await _newest(wanted, kept, objects)
        ref = f"{wanted.below}{wanted.commit or tip}"
    elif head is None:
        return _none(wanted, f"{HEADS}{wanted.branch}")
    else:
        tip, ref = head, f"{HEADS}{wanted.branch}"
    commit = wanted.commit or tip
    stands = await objects.ancestry(commit, tip)
    return Target(
        commit=commit,
        tip=tip,
        ref=ref,
        repository=wanted.repository,
        authority=wanted.authority,
        asked=wanted.commit is not None,
        ancestry=stands.stands,
        why=stands.why,
        at=datetime.now(UTC),
        head=head if wanted.authority == "snapshot" else None,
    )


def _snapshots(wanted: Wanted, refs: Mapping[str, str]) -> tuple[str, ...]:
    """Return the commits that the branch's snapshots are called by."""
    called = (name.removeprefix(wanted.below) for name in refs if name.startswith(wanted.below))
    return tuple(one for one in called if FULL.fullmatch(one))


async def _newest(wanted: Wanted, kept: tuple[str, ...], objects: Objects) -> str:
    """Return the snapshot in whose history all the others are."""
    left = kept if len(kept) == 1 else await objects.independent(kept)
    if len(left) > 1:
        raise SourceError(
            f"{wanted.repository} keeps {len(kept)} snapshots of {wanted.branch}, and none has all"
            f" the others in its history: {', '.join(one[:12] for one in left[:5])}",
            "name the commit that is to be proved: source.commit in the profile",
        )
    return left[0]


def _none(wanted: Wanted, ref: str) -> NoTarget:
    return NoTarget(
        authority=wanted.authority,
        ref=ref,
        why=f"{wanted.repository} has no {ref}",
        at=datetime.now(UTC),
    )
