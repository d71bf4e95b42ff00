"""Filters that a repository's own configuration names: commands, which are never run here."""

from collections.abc import Sequence
from dataclasses import dataclass

from checks.wire.git_asking import ask_folder, refused
from fixtures.vantages import SourceError, Vantage

_ASKED = ("config", "--null", "--name-only", "--get-regexp")
_FILTERS = r"^filter\..*\.(clean|process)$"
_NONE = 1
"""The status by which `git config` says that there is no such key."""
_LINK = "160000"
_MOST = 200
"""Repositories in a worktree, one in the other, whose configuration is read."""
_PATHS = 500
"""Changed paths that are asked about: their names are words of one command."""
_MEND = "correct the worktree's path in the profile, or let this user read it"


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a worktree and of the repositories in it, by name, and where those lie."""

    names: tuple[str, ...]
    links: tuple[str, ...]

    @property
    def off(self) -> tuple[tuple[str, str], ...]:
        """The environment in which git runs none of them, in the repositories below neither."""
        pairs = [
            (f"filter.{name}.{key}", value)
            for name in self.names
            for key, value in (("clean", ""), ("process", ""), ("required", "false"))
        ]
        if not pairs:
            return ()
        told = [("GIT_CONFIG_COUNT", str(len(pairs)))]
        for number, (key, value) in enumerate(pairs):
            told += [(f"GIT_CONFIG_KEY_{number}", key), (f"GIT_CONFIG_VALUE_{number}", value)]
        return tuple(told)


async def filters_of(folder: str, vantage: Vantage, *, deadline: float) -> Filters:
    """Read which filters git would run to compare the files of a worktree."""
    names: dict[str, None] = {}
    links: list[str] = []
    left = [""]
    while left:
        below = left.pop()
        place = f"{folder}/{below}" if below else folder
        said = await ask_folder(place, (*_ASKED, _FILTERS), vantage, deadline=deadline)
        if said.status not in (0, _NONE):
            if below:  # it was never checked out: there is nothing in it to compare
                continue
            raise refused(f"git status of {folder} did not tell", said, _MEND)
        keys = said.out.decode("utf-8", "surrogateescape").split("\0")[:-1]
        names |= dict.fromkeys(key.partition(".")[2].rpartition(".")[0] for key in keys)
        found = [
            f"{below}/{one}" if below else one for one in await _links(place, vantage, deadline)
        ]
        links += found
        left += found
        if len(links) > _MOST:
            raise SourceError(f"{folder} has more than {_MOST} repositories in it", _MEND)
    return Filters(tuple(names), tuple(links))


async def unsure(
    folder: str, changed: Sequence[str], filters: Filters, vantage: Vantage, *, deadline: float
) -> tuple[str, ...]:
    """Return those of the changed paths of which only a filter, that is not run, could tell."""
    if not filters.names or not changed:
        return ()
    asked = ("check-attr", "-z", "filter", "--", *changed[:_PATHS])
    said = await ask_folder(folder, asked, vantage, deadline=deadline)
    told = said.out.decode("utf-8", "backslashreplace").split("\0")
    filtered = {
        path for path, name in zip(told[::3], told[2::3], strict=False) if name in filters.names
    }
    return tuple(one for one in changed if one in filtered or one in filters.links)


async def _links(place: str, vantage: Vantage, deadline: float) -> list[str]:
    """Return where other repositories belong in a worktree, by its index."""
    said = await ask_folder(place, ("ls-files", "--stage", "-z"), vantage, deadline=deadline)
    if said.status:
        raise refused(f"git status of {place} did not tell", said, _MEND)
    entries = said.out.decode("utf-8", "surrogateescape").split("\0")
    return [one.partition("\t")[2] for one in entries if one.startswith(_LINK)]
