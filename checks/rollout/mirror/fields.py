"""Fields of a mirror's status, whichever of its command lines told it.

One calls the command `agentrun v01 git-mirror status` and tells `sourceInSync` and
`exactFetch.localV01`; another calls it `agentrun git-mirror status` and tells `githubInSync`. The
keys carry the lane's name: `localV01` of the lane `v01`.
"""

import re
from dataclasses import dataclass
from typing import Any

from checks.rollout.told.fields import MISSING, first_of, truth_at
from checks.rollout.told.seen import Told
from checks.wire.objects import FULL
from config.lanes import Lane
from config.model import Absent

_BELOW = ("", "gitMirror.", "summary.gitMirror.", "summary.", "status.", "refs.")
_GITOPS = ("localGitops", "githubGitops")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a status: the path at which it was found, and what stands there."""

    path: str
    value: Any

    @property
    def is_there(self) -> bool:
        return self.value is not MISSING and self.value is not None

    @property
    def commit(self) -> str | None:
        """The full commit id that it holds; None where it is none."""
        is_one = isinstance(self.value, str) and FULL.fullmatch(self.value)
        return self.value if is_one else None


def key_of(lane: Lane) -> str:
    """Return how the status calls the lane: `V01` of `v01`, `D601V03` of `d601-v03`."""
    if not isinstance(lane.mirror, Absent) and lane.mirror.key:
        return lane.mirror.key
    words = re.findall(r"[A-Za-z0-9]+", lane.lane)
    return "".join(word[:1].upper() + word[1:] for word in words)


def field_of(told: Told, *names: str) -> Field:
    """Return the first of a field's names that is there, at the top or where it is wrapped."""
    return Field(*first_of(told, *(f"{below}{name}" for name in names for below in _BELOW)))


def commits_of(told: Told, lane: Lane) -> dict[str, Field]:
    """Return the four commits that a status has to tell, by the names of their fields."""
    key = key_of(lane)
    return {name: field_of(told, name) for name in (f"local{key}", f"github{key}", *_GITOPS)}


def in_sync_of(told: Told) -> Field:
    """Return the field that tells whether GitHub is in sync, by the name that it has there."""
    return field_of(told, "githubInSync", "sourceInSync")


def exact_fetch_of(told: Told, lane: Lane) -> Field:
    """Return the field that tells whether the branch's commit can be fetched by its full id."""
    return field_of(told, f"exactFetch.local{key_of(lane)}", f"exactFetch.{key_of(lane)}")


def says_yes(told: Told, field: Field) -> bool | None:
    """Return what a field says; None where it does not tell. Raises `Inconclusive`."""
    truth = truth_at(told, field.path)
    return None if truth is MISSING else truth.holds
