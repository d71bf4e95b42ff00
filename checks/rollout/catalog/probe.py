"""Looking at a lane's GitOps branch: its head, the catalog at it, and those that stood before."""

from dataclasses import dataclass
from datetime import UTC, datetime

from checks.rollout.catalog.reading import read_catalog
from checks.rollout.catalog.seen import Catalog, EarlierCatalogs, Head, NoCatalog, NoHead
from checks.wire.git_asking import by_hand
from checks.wire.objects import objects_of
from checks.wire.refs import read_refs
from config.lanes.places import is_url
from fixtures.sightings import by_hand as repeated_by
from fixtures.vantages import Vantage


@dataclass(frozen=True, slots=True)
class Branch:
    """The GitOps branch of a repository: its URL or path, and the full name of the ref."""

    repository: str
    ref: str

    def __str__(self) -> str:
        return f"{self.ref} of {self.repository}"


def _refs_by_hand(branch: Branch) -> str:
    if is_url(branch.repository):
        return by_hand(branch.repository, "ls-remote", "--", "{url}", branch.ref)
    return by_hand(branch.repository, "rev-parse", "--verify", branch.ref)


def _file_by_hand(branch: Branch, path: str, *_: object) -> str:
    if is_url(branch.repository):
        return by_hand(branch.repository, "fetch", "{url}", branch.ref)
    return by_hand(branch.repository, "show", f"{branch.ref}:{path}")


def grep_by_hand(branch: Branch, path: str, *_: object) -> str:
    """Word how the images of a branch's manifests are listed."""
    if is_url(branch.repository):
        return by_hand(branch.repository, "fetch", "{url}", branch.ref)
    return by_hand(branch.repository, "grep", "-n", "image:", branch.ref, "--", path)


def log_by_hand(branch: Branch, *_: object) -> str:
    """Word how a branch's commits are listed with what they changed."""
    if is_url(branch.repository):
        return by_hand(branch.repository, "fetch", "{url}", branch.ref)
    return by_hand(branch.repository, "log", "--stat", branch.ref)


@repeated_by(_refs_by_hand)
async def look_at_head(branch: Branch, vantage: Vantage, *, deadline: float) -> Head | NoHead:
    """Ask at which commit the branch is."""
    at = datetime.now(UTC)
    refs = await read_refs(branch.repository, vantage, (branch.ref,), deadline=deadline)
    commit = refs.get(branch.ref)
    if commit is None:
        return NoHead(repository=branch.repository, ref=branch.ref, at=at)
    return Head(repository=branch.repository, ref=branch.ref, commit=commit, at=at)


@repeated_by(_file_by_hand)
async def look_at_catalog(
    branch: Branch, vantage: Vantage, path: str, head: Head, *, deadline: float
) -> Catalog | NoCatalog:
    """Read the catalog at the head of the branch."""
    at = datetime.now(UTC)
    objects = objects_of(branch.repository, vantage, deadline=deadline)
    content = await objects.blob(head.commit, path)
    return read_catalog(content, path, head.commit, at)


@repeated_by(_file_by_hand)
async def look_at_catalog_there(
    branch: Branch, vantage: Vantage, path: str, head: Head | NoHead, *, deadline: float
) -> Catalog | NoCatalog:
    """Read the catalog where plans read it: a mirror that has no such branch has none."""
    if isinstance(head, NoHead):
        why, at = head.headline, datetime.now(UTC)
        return NoCatalog(path=path, commit="", why=why, at=at)
    return await look_at_catalog(branch, vantage, path, head, deadline=deadline)


@repeated_by(log_by_hand)
async def look_at_earlier_catalogs(
    branch: Branch, vantage: Vantage, path: str, most: int, head: Head, *, deadline: float
) -> EarlierCatalogs:
    """Read the catalogs that stood there before, by the commits that changed the file."""
    at = datetime.now(UTC)
    objects = objects_of(branch.repository, vantage, deadline=deadline)
    changes = await objects.log(None, head.commit, path, most=most + 2)
    read = [
        read_catalog(await objects.blob(one.commit, path), path, one.commit, at)
        for one in changes[1 : most + 1]
    ]
    return EarlierCatalogs(
        path=path,
        commit=head.commit,
        catalogs=tuple(one for one in read if isinstance(one, Catalog)),
        unread=tuple(f"{one.commit}: {one.why}" for one in read if isinstance(one, NoCatalog)),
        whole=len(changes) <= most + 1,
        shallow=await objects.is_shallow(),
        at=at,
        made=changes[0].commit if changes else None,
        before=changes[1].commit if len(changes) > 1 else None,
    )
