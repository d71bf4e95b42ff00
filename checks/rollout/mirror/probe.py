"""Looking at a lane's mirror and its upstream, by git, as any other client would."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from checks.rollout.mirror.seen import ExactFetch, FlushSeen, GateSeen, UpstreamSeen
from checks.rollout.source.seen import Target
from checks.wire.git_asking import by_hand as git_by_hand
from checks.wire.git_asking import placed
from checks.wire.git_throwaway import fetch_exactly
from checks.wire.globs import fits
from checks.wire.objects import objects_of
from checks.wire.refs import Ref, RefsSeen, read_refs
from config.lanes.places import is_url
from fixtures.github.tokens import marked
from fixtures.sightings import by_hand
from fixtures.vantages import SourceError, Vantage, VantageError

_SHOWN = 160


@by_hand(lambda repository, patterns: git_by_hand(repository, "ls-remote", "{url}", *patterns))
async def look_at_upstream(
    repository: str, vantage: Vantage, patterns: tuple[str, ...], *, deadline: float
) -> UpstreamSeen:
    """List the branches of the mirror's upstream. That it cannot be asked is kept, with the reason.

    Raises `VantageError` where git itself cannot be run.
    """
    at = datetime.now(UTC)
    try:
        refs = await read_refs(repository, vantage, patterns, deadline=deadline)
    except SourceError as error:
        return UpstreamSeen(repository=repository, reached=False, why=error.reason, refs=(), at=at)
    listed = tuple(Ref(name, refs[name]) for name in sorted(refs))
    return UpstreamSeen(repository=repository, reached=True, why="", refs=listed, at=at)


@by_hand(lambda repository: f"git fetch --depth=1 {repository} COMMIT")
async def look_at_exact_fetch(
    repository: str, vantage: Vantage, target: Target, *, deadline: float
) -> ExactFetch:
    """Fetch the target from the mirror by its full id, shallow, as a pipeline does.

    That the server gives no such object is an answer. Raises `VantageError` where it cannot be
    asked: it hangs, it asks for credentials, it is no repository.
    """
    at, began = datetime.now(UTC), time.monotonic()
    url = repository if is_url(repository) else f"file://{placed(repository, vantage)}"
    refusal = await fetch_exactly(url, target.commit, vantage, deadline=deadline)
    return ExactFetch(
        repository=repository,
        commit=target.commit,
        fetched=not refusal,
        words=refusal,
        seconds=round(time.monotonic() - began, 6),
        at=at,
    )


@dataclass(frozen=True, slots=True)
class Flushed:
    """A branch that the mirror flushes, and where it keeps what it last saw of the upstream's."""

    repository: str
    ref: str
    staged: str

    def __str__(self) -> str:
        return f"{self.repository} {self.ref}"


@by_hand(lambda of: git_by_hand(of.repository, "merge-base", "--is-ancestor", "UPSTREAM", of.ref))
async def look_at_flush(
    of: Flushed,
    vantage: Vantage,
    refs: RefsSeen,
    upstream: UpstreamSeen,
    *,
    deadline: float,
) -> FlushSeen:
    """Look whether the mirror's branch goes on from its upstream's: then a flush loses nothing.

    Raises `VantageError` where one of the two branches is not there.
    """
    at = datetime.now(UTC)
    newer = refs.commit_of(of.ref)
    older = upstream.commit_of(of.ref) if upstream.reached else refs.commit_of(of.staged)
    if newer is None or older is None:
        missing = f"nothing tells of {of.ref}" if newer else f"{of.repository} has no {of.ref}"
        raise SourceError(f"{missing}: nothing is known of flushes", "look at the mirror by hand")
    stands = await objects_of(of.repository, vantage, deadline=deadline).ancestry(older, newer)
    return FlushSeen(
        ref=of.ref,
        older=older,
        newer=newer,
        cached=not upstream.reached,
        stands=stands.stands,
        why=stands.why,
        at=at,
    )


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate that was removed: the files that define the mirror, and the gate's words."""

    repository: str
    files: tuple[str, ...]
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.repository} {', '.join(self.files)}"


@by_hand(
    lambda gate: git_by_hand(gate.repository, "grep", "-n", "-i", "|".join(gate.words), "COMMIT")
)
async def look_for_gate(
    gate: Gate, vantage: Vantage, target: Target, *, deadline: float
) -> GateSeen:
    """Search the files that define the mirror for the words of a gate that was removed."""
    at = datetime.now(UTC)
    objects = objects_of(gate.repository, vantage, deadline=deadline)
    chosen = [one for one in await objects.tree(target.commit) if fits(one.path, gate.files)]
    if not chosen:
        raise VantageError(
            f"no file of {target.commit[:12]} fits {', '.join(gate.files)}",
            "correct mirror.manifests in the profile",
        )
    contents = await objects.contents(list(dict.fromkeys(one.name for one in chosen)))
    found = [
        f"{one.path}:{number}: {marked(line.strip())[:_SHOWN]}"
        for one in chosen
        for number, line in _lines(contents.get(one.name, b""), gate.words)
    ]
    return GateSeen(commit=target.commit, files=len(chosen), found=tuple(found[:50]), at=at)


def _lines(content: bytes, words: Sequence[str]) -> list[tuple[int, str]]:
    text = content.decode("utf-8", "replace")
    return [
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if any(word.lower() in line.lower() for word in words)
    ]
