"""Rendering a lane's manifests anew, by its own command, to compare them with the GitOps branch."""

import os
import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from checks.rollout.catalog.manifests import SUFFIXES, NoDocumentsError, documents_in
from checks.rollout.catalog.probe import Branch
from checks.rollout.catalog.rendered import Differing, NotRendered, Rendered
from checks.rollout.catalog.seen import Catalog, Head
from checks.wire.globs import fits
from checks.wire.objects import Leaf, objects_of
from fixtures.github.words import shown
from fixtures.sightings import by_hand as repeated_by
from fixtures.vantages import SourceError, Vantage
from fixtures.vantages.threads import in_thread
from reports.temporary import temporary_folder

_LINK, _SUBMODULE, _EXECUTABLE = 0o120000, 0o160000, 0o100755
_LARGEST = 16 * 1024 * 1024
_MOST = 5000


@dataclass(frozen=True, slots=True)
class Rendering:
    """What is rendered: the source repository, the folder of manifests, and the command."""

    source: str
    path: str
    argv: tuple[str, ...]
    ignored: tuple[str, ...]


@repeated_by(lambda _, asked: f"in a clean clone of {asked.source}: {shlex.join(asked.argv)}")
async def render(
    branch: Branch,
    vantage: Vantage,
    asked: Rendering,
    head: Head,
    catalog: Catalog,
    *,
    deadline: float,
) -> Rendered | NotRendered:
    """Render in a throw-away folder with the files of the catalog's source commit.

    The command has no other home than that folder. Raises `VantageError` where it does not end,
    or renders nothing, and where the catalog names no commit.
    """
    at = datetime.now(UTC)
    commit = catalog.source_commit
    if commit is None:
        raise SourceError("the catalog names no source commit to render", "see the catalog's check")
    if vantage.kind != "local":
        raise SourceError(
            f"manifests are rendered on this host, and {vantage.name} is of the kind"
            f" {vantage.kind}",
            "name a vantage of the kind local in the lane's `vantage:`",
        )
    wanted = await _committed(branch, vantage, head.commit, asked.path, deadline)
    with temporary_folder("render") as top:
        made = await _prepared(top, asked, vantage, catalog, deadline)
        ended = await vantage.run(made, deadline=deadline, env=_environment(top))
        if ended.status is None:
            raise SourceError(
                f"{asked.argv[0]} did not end within {deadline:g} s",
                "raise `deadline` of the lane's `render`, or look why it hangs",
            )
        if ended.status:
            words = shown(ended.err.decode("utf-8", "replace")[-2000:], 600)
            return NotRendered(commit=commit, status=ended.status, words=words, at=at)
        got = await in_thread(lambda: _left(top / "out"), deadline=deadline)
    if not got:
        raise SourceError(
            f"{asked.argv[0]} ended well and left nothing in the folder {{out}}",
            "let it write there: correct `argv` of the lane's `render`",
        )
    return Rendered(
        commit=commit,
        gitops=head.commit,
        files=len(got),
        differing=tuple(_compared(wanted, got, asked.ignored)),
        at=at,
    )


async def _committed(
    branch: Branch, vantage: Vantage, commit: str, path: str, deadline: float
) -> Mapping[str, bytes]:
    """Return what the GitOps branch has below the folder, by the path there."""
    objects = objects_of(branch.repository, vantage, deadline=deadline)
    leaves = [one for one in await objects.tree(commit, path) if one.mode != _SUBMODULE]
    contents = await objects.contents([one.name for one in leaves])
    below = f"{path.rstrip('/')}/"
    return {one.path.removeprefix(below): contents[one.name] for one in leaves}


async def _prepared(
    top: Path, asked: Rendering, vantage: Vantage, catalog: Catalog, deadline: float
) -> tuple[str, ...]:
    """Write the files of the source commit, and return the command that is run there."""
    objects = objects_of(asked.source, vantage, deadline=deadline)
    commit = catalog.source_commit or ""
    leaves = [one for one in await objects.tree(commit) if one.mode != _SUBMODULE]
    contents = await objects.contents(list(dict.fromkeys(one.name for one in leaves)))
    await in_thread(lambda: _write(top / "source", leaves, contents), deadline=deadline)
    for name in ("out", "home", "tmp"):
        (top / name).mkdir()
    given = {"{out}": str(top / "out"), "{commit}": commit}
    argv = [_filled(word, given) for word in asked.argv]
    return ("env", "-C", str(top / "source"), "--", *argv)


def _filled(word: str, given: Mapping[str, str]) -> str:
    for name, value in given.items():
        word = word.replace(name, value)
    return word


def _environment(top: Path) -> tuple[tuple[str, str], ...]:
    """Give it no other folder to write to than those that go with it."""
    own = {"HOME": top / "home", "TMPDIR": top / "tmp", "XDG_CACHE_HOME": top / "home/.cache"}
    return tuple((name, str(path)) for name, path in own.items())


def _write(folder: Path, leaves: list[Leaf], contents: Mapping[str, bytes]) -> None:
    """Write a commit's files; raises `VantageError` for one that would lie behind a link."""
    folder.mkdir()
    links = {leaf.path for leaf in leaves if leaf.mode == _LINK}
    for leaf in leaves:
        if _is_behind(leaf, links):
            raise SourceError(
                f"the commit has {shown(leaf.path, 200)} behind a link of the same name",
                "look at it by hand: git ls-tree -r; no tool of git's own writes such a tree",
            )
        path = folder / leaf.path
        if leaf.name not in contents or ".." in path.parts or leaf.path.startswith("/"):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if leaf.mode == _LINK:
            path.symlink_to(os.fsdecode(contents[leaf.name]))
        else:
            path.write_bytes(contents[leaf.name])
            path.chmod(0o755 if leaf.mode == _EXECUTABLE else 0o644)


def _is_behind(leaf: Leaf, links: Collection[str]) -> bool:
    """Tell whether a file would be written through a link, to wherever that leads."""
    parts = leaf.path.split("/")
    above = any("/".join(parts[:end]) in links for end in range(1, len(parts)))
    return above or (leaf.mode != _LINK and leaf.path in links)


def _left(folder: Path) -> dict[str, bytes]:
    """Return the files that the command left, bounded."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    if len(files) > _MOST or any(path.stat().st_size > _LARGEST for path in files):
        raise SourceError(
            f"the command left more than {_MOST} files, or one over {_LARGEST} bytes",
            "let it render the lane's manifests alone",
        )
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def _compared(
    wanted: Mapping[str, bytes], got: Mapping[str, bytes], ignored: tuple[str, ...]
) -> list[Differing]:
    found = []
    for path in sorted({*wanted, *got}):
        if fits(path, ignored):
            continue
        if path not in got:
            found.append(Differing(path, "is on the branch alone"))
        elif path not in wanted:
            found.append(Differing(path, "is rendered alone"))
        elif wanted[path] != got[path] and not _means_the_same(path, wanted[path], got[path]):
            found.append(Differing(path, "differs"))
    return found


def _means_the_same(path: str, one: bytes, other: bytes) -> bool:
    """Tell whether two manifests are the same objects, written in another way."""
    if not path.endswith(SUFFIXES):
        return False
    try:
        return documents_in(one) == documents_in(other)
    except NoDocumentsError:
        return False
