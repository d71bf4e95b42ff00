"""Throw-away repositories: what of a remote has to be looked at by its objects is fetched there."""

import asyncio
import threading
import weakref
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field

from checks.wire.git_asking import Said, ask_folder, ask_remote, refused
from fixtures.vantages import SourceError, Vantage, VantageError
from reports.temporary import temporary_folder

LARGEST = 512 * 1024 * 1024
"""Bytes of the largest file that git may write there: what a remote sends is one file."""
_BOUNDED = f'ulimit -f {LARGEST // 512}; [ -z "$1" ] || touch "$1"; shift; exec "$@"'
_OF_THIS_HOST = frozenset({"local", "lab", "netns"})
_MAKING = 20.0
_TRIED = 0.01
"""Seconds between two tries to be alone."""
_AT_ONCE = 1000
"""Objects that are fetched with one command: their names are words of it."""
# Elsewhere nobody removes it where the run is killed: it does so itself, once nobody has used it
# for ten minutes.
_ELSEWHERE = r"""
umask 077; d=$(mktemp -d) || exit 126
s=$(command -v setsid)
$s sh -c 'while [ -n "$(find "$1" -maxdepth 0 -mmin -10 2>/dev/null)" ]; do sleep 5; done
  rm -rf -- "$1"' sh "$d" </dev/null >/dev/null 2>&1 &
printf %s "$d"
"""
_REFUSED = ("not our ref", "unadvertised object", "couldn't find remote ref", "no such remote ref")
"""Words by which a server, or git for it, says that it does not give an object."""


@dataclass(eq=False, slots=True)
class Throwaway:
    """A bare repository that holds what was fetched of one remote, for as long as the run lasts."""

    url: str
    vantage: Vantage
    folder: str = ""
    _held: ExitStack = field(default_factory=ExitStack)
    _taken: set[str] = field(default_factory=set)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    """Of no event loop: what it holds would be held by us."""

    async def take(self, commits: Sequence[str], *, deadline: float) -> None:
        """Fetch commits with their history and trees, and without blobs where the server allows.

        Raises `SourceError` in git's own words where the remote does not give one of them.
        """
        try:
            async with asyncio.timeout(deadline), self._alone():
                missing = [one for one in dict.fromkeys(commits) if one not in self._taken]
                if missing:
                    await self._fetch_commits(missing, deadline)
        except TimeoutError:
            raise SourceError(
                f"{self.url} was not fetched within {deadline:g} s",
                "raise the profile's deadlines, or look whether the remote hangs",
            ) from None

    async def take_objects(self, names: Sequence[str], *, deadline: float) -> None:
        """Fetch objects of any kind by their names: blobs that were left out before."""
        async with self._alone():
            missing = [one for one in dict.fromkeys(names) if one not in self._taken]
            for at in range(0, len(missing), _AT_ONCE):
                said = await self._fetch(missing[at : at + _AT_ONCE], deadline)
                if said.status:
                    raise _not_given(self.url, said)
            self._taken.update(names)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Let nobody else fetch into it at the same time: what is there would be fetched twice."""
        while not self._turn.acquire(blocking=False):  # noqa: ASYNC110 - of no event loop
            await asyncio.sleep(_TRIED)
        try:
            yield
        finally:
            self._turn.release()

    async def _fetch_commits(self, missing: Sequence[str], deadline: float) -> None:
        await self.make(deadline)
        specs = [f"+{one}:refs/seen/commits/{one}" for one in missing]
        said = await self._fetch(specs, deadline)
        if said.status and any(word in said.words for word in _REFUSED):
            # A server that gives no object by its name may have it in the history of a branch.
            await self._fetch(["+refs/heads/*:refs/seen/heads/*"], deadline)
            for one in missing:
                if not await self._is_here(one, deadline):
                    raise _not_given(self.url, said)
        elif said.status:
            raise _not_given(self.url, said)
        self._taken.update(missing)

    async def _fetch(self, wanted: Sequence[str], deadline: float) -> Said:
        words = ("-C", self.folder, "-c", "gc.auto=0", "-c", "maintenance.auto=false")
        fetching = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--filter=blob:none")
        around = ("sh", "-c", _BOUNDED, "sh", self.kept_by_use)
        given = (*words, *fetching, "--no-recurse-submodules", "origin", *wanted)
        return await ask_remote(given, self.url, self.vantage, around=around, deadline=deadline)

    async def _is_here(self, commit: str, deadline: float) -> bool:
        words = ("cat-file", "-e", f"{commit}^{{commit}}")
        return (await ask_folder(self.folder, words, self.vantage, deadline=deadline)).status == 0

    @property
    def kept_by_use(self) -> str:
        """Where it has to be touched so that it is not removed; empty on this host."""
        return "" if self.vantage.kind in _OF_THIS_HOST else self.folder

    async def make(self, deadline: float) -> None:
        """Make the repository, once; it goes with the event loop that it was made on."""
        if self.folder:
            return
        folder = await self._make_folder(deadline)
        begun = ("init", "--quiet", "--bare", "--template=", folder)
        remote = ("-C", folder, "config", "remote.origin.url", "{url}")
        for words in (begun, remote):
            said = await ask_remote(words, self.url, self.vantage, deadline=min(deadline, _MAKING))
            if said.status:
                raise refused("no repository can be made to fetch into", said, "free some space")
        self.folder = folder

    async def remove(self) -> None:
        """Remove it now; it can be made again. Elsewhere it is removed in the background."""
        folder, self.folder = self.folder, ""
        self._held.close()
        if folder and self.vantage.kind not in _OF_THIS_HOST:
            await self.vantage.run(("rm", "-rf", "--", folder), deadline=_MAKING)

    async def _make_folder(self, deadline: float) -> str:
        if self.vantage.kind in _OF_THIS_HOST:
            folder = self._held.enter_context(temporary_folder("git"))
            weakref.finalize(asyncio.get_running_loop(), self._held.close)
            return str(folder)
        ended = await self.vantage.run(("sh", "-c", _ELSEWHERE), deadline=min(deadline, _MAKING))
        if ended.status != 0:
            said = ended.err.decode("utf-8", "replace").strip()
            raise VantageError(
                f"no folder can be made at {self.vantage.name} to fetch into: {said}",
                "let commands there write to /tmp",
            )
        return ended.out.decode("utf-8", "surrogateescape")


_Own = dict[tuple[str, str, str], Throwaway]
_of_loops: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Own] = weakref.WeakKeyDictionary()


def throwaway_of(url: str, vantage: Vantage) -> Throwaway:
    """Return the one throw-away repository that this event loop has of the remote."""
    own = _of_loops.setdefault(asyncio.get_running_loop(), {})
    return own.setdefault((vantage.kind, vantage.name, url), Throwaway(url, vantage))


def _not_given(url: str, said: Said) -> SourceError:
    mend = "fetch it by hand; correct the repository or the commit in the profile"
    return refused(f"{url} did not give what is asked for", said, mend)


async def fetch_exactly(url: str, commit: str, vantage: Vantage, *, deadline: float) -> str:
    """Fetch one commit by its full id, shallow, into a repository of its own.

    Returns the server's refusal in git's words; empty where it was fetched. Raises
    `VantageError` where the server could not be asked.
    """
    own = Throwaway(url, vantage)
    try:
        await own.make(deadline)
        words = ("-C", own.folder, "fetch", "--quiet", "--no-tags", "--depth=1", "origin", commit)
        around = ("sh", "-c", _BOUNDED, "sh", own.kept_by_use)
        said = await ask_remote(words, url, vantage, around=around, deadline=deadline)
    finally:
        await own.remove()
    if said.status == 0:
        return ""
    if any(word in said.words for word in _REFUSED):
        return said.words
    raise _not_given(url, said)
