"""Which of a lane's runs is that of the commit to be proved."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from checks.rollout.pipeline.objects import PipelineRun
from fixtures.indexing import those_of

_NAMESPACE = attrgetter("namespace")
_SHORT, _SHORT12 = 7, 12
_FULL = re.compile(r"[0-9a-f]{40}")
_PLACE = re.compile(r"(\{commit\}|\{short12\}|\{short\}|\*)")


@dataclass(frozen=True, slots=True)
class Picked:
    """The run of a commit, and what else is there; all newest first."""

    run: PipelineRun | None
    others: tuple[PipelineRun, ...]
    """More that are of the commit by name and parameter."""
    named: tuple[PipelineRun, ...]
    """Called as the commit's run is, and pinned to something else."""
    pinned: tuple[PipelineRun, ...]
    """Pinned to the commit, and called otherwise."""
    rest: tuple[PipelineRun, ...]
    """The lane's runs of other commits."""


def pick(
    runs: tuple[PipelineRun, ...], *, namespace: str, pattern: str, param: str, commit: str
) -> Picked:
    """Find the run of a commit among those of a lane's namespace and pattern.

    It is the newest that is called after the commit and pinned to it. What has neither the
    lane's pattern nor the commit is another lane's.
    """
    called, of_lane = _called_after(pattern, commit), _any_commit(pattern)
    both: list[PipelineRun] = []
    named: list[PipelineRun] = []
    pinned: list[PipelineRun] = []
    rest: list[PipelineRun] = []
    for one in those_of(runs, _NAMESPACE, namespace):
        is_named, is_pinned = called.fullmatch(one.name), one.param(param) == commit
        if is_named:
            (both if is_pinned else named).append(one)
        elif is_pinned:
            pinned.append(one)
        elif of_lane.fullmatch(one.name):
            rest.append(one)
    first, *others = _newest_first(both) or (None,)
    return Picked(
        run=first,
        others=tuple(one for one in others if one),
        named=_newest_first(named),
        pinned=_newest_first(pinned),
        rest=_newest_first(rest),
    )


def name_of_run(pattern: str, commit: str) -> str:
    """Return how a commit's run is called; `*` stays where anything may follow."""
    return pattern.format(commit=commit, short=commit[:_SHORT], short12=commit[:_SHORT12])


def is_called_after(name: str, pattern: str, commit: str) -> bool:
    """Tell whether a run's name is that of a commit's run."""
    return _called_after(pattern, commit).fullmatch(name) is not None


def is_of_lane(name: str, pattern: str) -> bool:
    """Tell whether a run is called as the lane calls the run of any commit."""
    return _any_commit(pattern).fullmatch(name) is not None


def is_full(commit: str | None) -> bool:
    """Tell whether it is a whole commit id, and not a branch or an abbreviation."""
    return commit is not None and _FULL.fullmatch(commit) is not None


def _newest_first(runs: Iterable[PipelineRun]) -> tuple[PipelineRun, ...]:
    return tuple(sorted(runs, key=lambda one: (one.created, one.name), reverse=True))


@lru_cache(maxsize=1024)
def _called_after(pattern: str, commit: str) -> re.Pattern[str]:
    # git writes more than seven digits where a repository is large, and seven are not unique
    short = "|".join(commit[:digits] for digits in range(_SHORT, len(commit) + 1))
    stands = {"{commit}": commit, "{short12}": commit[:_SHORT12], "*": "[a-z0-9.-]*"}
    stands["{short}"] = f"(?:{short})"
    return re.compile(
        "".join(stands.get(part) or re.escape(part) for part in _PLACE.split(pattern))
    )


@lru_cache(maxsize=1024)
def _any_commit(pattern: str) -> re.Pattern[str]:
    stands = {"{commit}": "[0-9a-f]{40}", "{short12}": "[0-9a-f]{12}", "*": "[a-z0-9.-]*"}
    stands["{short}"] = "[0-9a-f]{7,40}"
    return re.compile(
        "".join(stands.get(part) or re.escape(part) for part in _PLACE.split(pattern))
    )
