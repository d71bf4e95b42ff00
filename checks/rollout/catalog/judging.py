"""What has to hold of a catalog, as pure functions: each returns what does not, in words."""

from collections import Counter
from collections.abc import Iterable, Iterator

from checks.rollout.catalog.scanned import InputsChanged
from checks.rollout.catalog.seen import Catalog, EarlierCatalogs, ImageRef, Published
from checks.rollout.failures import Failure
from config.lanes.catalog import Catalog as Expected

BUILT = frozenset({"built", "build", "published", "pushed", "rebuilt"})
REUSED = frozenset({"reused", "reuse", "cached", "cache-hit", "hit"})
_SHA = 40
_SHORT = 7


def incomplete(catalog: Catalog, expected: Expected) -> list[str]:
    """Return what the catalog has to name, and does not; and what it names, and cannot be."""
    left_out = frozenset(expected.without)
    found = [f"it names no {one}" for one in catalog.missing if one not in left_out]
    found += catalog.odd
    for name in expected.services:
        if catalog.service(name) is None:
            found.append(f"it has no service {name}")
    counted = Counter(one.service for one in catalog.services)
    found += [f"it has {many} of the service {name}" for name, many in counted.items() if many > 1]
    for service in catalog.services:
        found += [
            f"{service.service} names no {one}"
            for one in service.missing
            if one.partition(".")[0] not in left_out
        ]
        found += [f"{service.service}: {one}" for one in service.odd]
    return found


def of_other_lanes(catalog: Catalog, lane: str, branch: str, gitops: str) -> list[str]:
    """Return what the catalog says of itself that is another lane's."""
    told = (
        ("lane", catalog.lane, lane),
        ("source branch", catalog.source_branch, branch),
        ("GitOps branch", catalog.gitops_branch, gitops),
    )
    return [
        f"{name} is {said}, and not {wanted}"
        for name, said, wanted in told
        if said is not None
        and said.removeprefix("refs/heads/") != wanted.removeprefix("refs/heads/")
    ]


def tagged_by_commit(catalog: Catalog) -> list[str]:
    """Return the images whose tag is not the identity of their environment."""
    found = []
    for one in catalog.services:
        if one.tag is None:
            continue
        if _is_commit(one.tag, catalog.source_commit, one.boot_commit):
            found.append(f"{one.service}: the tag {one.tag} is the source commit")
        elif one.env_identity is not None and one.tag != one.env_identity:
            found.append(f"{one.service}: the tag is {one.tag}, the identity {one.env_identity}")
    return found


def unsafely_reused(catalog: Catalog, earlier: EarlierCatalogs) -> list[tuple[Failure, str]]:
    """Return the images of an identity that an earlier catalog had with another digest.

    And those that are called reused where no earlier catalog has their identity, if all of
    them were read: only the registry can have told of it.
    """
    found: list[tuple[Failure, str]] = []
    for one in catalog.services:
        if not is_reused(one):
            continue
        is_named = one.env_identity is not None and one.digest is not None
        before = before_of(one, earlier) if is_named else None
        if before is not None and before[1].digest != one.digest:
            said = f"{before[1].digest} at {before[0].commit[:12]}"
            why = f"{one.service} reuses {one.env_identity} as {one.digest}, which was {said}"
            found.append((Failure.UNSAFE_REUSE, why))
        if one.decided_by is not None and "registry" in one.decided_by.casefold():
            why = f"{one.service} was reused by what {one.decided_by} said"
            found.append((Failure.REGISTRY_AS_TRUTH, why))
        elif is_named and before is None and _is_all(earlier):
            why = f"{one.service} reuses {one.env_identity}, which no earlier catalog has"
            found.append((Failure.REGISTRY_AS_TRUTH, why))
    return found


def _is_all(earlier: EarlierCatalogs) -> bool:
    """Tell whether all earlier catalogs were read, and there were any: a first one has none."""
    return bool(earlier.catalogs) and earlier.is_all


def reused_by_no_name(catalog: Catalog) -> list[str]:
    """Return the reused images of which the catalog names no identity, or no digest."""
    return [
        f"{one.service} is {one.status}, and has no {'digest' if one.env_identity else 'identity'}"
        for one in catalog.services
        if is_reused(one) and (one.env_identity is None or one.digest is None)
    ]


def have_identities(catalog: Catalog, earlier: EarlierCatalogs) -> bool:
    """Tell whether there is a service whose identity the catalog before has too."""
    before = earlier.catalogs[0] if earlier.catalogs else None
    return any(
        (old := before.service(one.service)) is not None
        and None not in (old.env_identity, one.env_identity)
        for one in (catalog.services if before else ())
        if before is not None
    )


def not_followed(catalog: Catalog, earlier: EarlierCatalogs) -> list[str]:
    """Return the reused images whose identity was looked for in vain among too few catalogs."""
    return [
        f"{one.service} reuses {one.env_identity}"
        for one in catalog.services
        if is_reused(one) and one.env_identity is not None and before_of(one, earlier) is None
    ]


def before_of(one: Published, earlier: EarlierCatalogs) -> tuple[Catalog, Published] | None:
    """Return the newest earlier catalog that has a service's identity, and how it had it."""
    for catalog in earlier.catalogs:
        for other in catalog.services:
            same = other.service == one.service and other.env_identity == one.env_identity
            if same and other.digest is not None:
                return catalog, other
    return None


def reuse_unreported(catalog: Catalog, earlier: EarlierCatalogs) -> list[str]:
    """Return the services that do not say whether they were built or reused, as they were."""
    found = []
    for one in catalog.services:
        status = (one.status or "").casefold()
        before = before_of(one, earlier)
        if status not in BUILT | REUSED:
            found.append(f"{one.service} is {one.status or 'not said to be built or reused'}")
        elif status in REUSED and one.digest is None:
            found.append(f"{one.service} is {one.status}, and not pinned by a digest")
        elif before is not None and before[1].digest == one.digest and status in BUILT:
            at = before[0].commit[:12]
            found.append(f"{one.service} is said to be {one.status}, and is that of {at}")
    return found


def is_reused(one: Published) -> bool:
    """Tell whether a service says that its image was reused."""
    return (one.status or "").casefold() in REUSED


def identity_changes(
    catalog: Catalog, earlier: EarlierCatalogs, inputs: InputsChanged, parts: Iterable[str]
) -> list[tuple[Failure, str]]:
    """Compare identities between two catalogs with what of their inputs changed."""
    found: list[tuple[Failure, str]] = []
    for one in catalog.services:
        before = earlier.catalogs[0].service(one.service) if earlier.catalogs else None
        if before is None or one.env_identity is None or before.env_identity is None:
            continue
        changed = [*changed_inputs(before, one, parts), *inputs.paths]
        same = one.env_identity == before.env_identity
        if changed and same:
            why = f"{one.service} is still {one.env_identity}, though {', '.join(changed)} changed"
            found.append((Failure.ENV_IDENTITY_INSENSITIVE, why))
        elif not changed and not same:
            identities = f"{before.env_identity} to {one.env_identity}"
            why = f"{one.service} went from {identities}, and none of its inputs changed"
            found.append((Failure.ENV_IDENTITY_UNSTABLE, why))
    return found


def changed_inputs(before: Published, now: Published, parts: Iterable[str]) -> list[str]:
    """Return what of a service's imageRef and toolchain is another than before."""
    old, new = before.image_ref, now.image_ref
    told = {
        "repoUrl": (old.repo_url, new.repo_url),
        "commitId": (old.commit, new.commit),
        "dockerfilePath": (old.dockerfile, new.dockerfile),
    }
    changed = [f"imageRef.{part}" for part in parts if told[part][0] != told[part][1]]
    were, are = dict(before.toolchain), dict(now.toolchain)
    return changed + [
        f"toolchain {name}".rstrip()
        for name in sorted({*were, *are})
        if were.get(name) != are.get(name)
    ]


def explained(
    catalog: Catalog, earlier: EarlierCatalogs, inputs: InputsChanged, parts: Iterable[str]
) -> list[str]:
    """Return, of each identity that is a new one, which of its inputs changed."""
    named = tuple(parts)
    return [
        f"{one.service} is a new environment by {', '.join(changed)}"
        for one in catalog.services
        if earlier.catalogs
        and (before := earlier.catalogs[0].service(one.service)) is not None
        and before.env_identity != one.env_identity
        and (changed := [*changed_inputs(before, one, named), *inputs.paths])
    ]


def invalid_refs(refs: Iterable[tuple[str, ImageRef]], kind: str) -> Iterator[str]:
    """Say which imageRefs are none: of another kind, of a short commit, of a path that leaves."""
    for of, ref in refs:
        if ref.kind is not None and ref.kind != kind:
            yield f"{of}: kind is {ref.kind}, and not {kind}"
        if ref.repo_url is None:
            yield f"{of}: it names no repoUrl"
        commit = ref.commit or ""
        if len(commit) != _SHA or not set(commit) <= set("0123456789abcdef"):
            yield f"{of}: commitId is {commit or 'missing'}, and no full commit id"
        path = ref.dockerfile or ""
        if not path or path.startswith("/") or ".." in path.split("/"):
            yield f"{of}: dockerfilePath is {path or 'missing'}, and no relative path"


def _is_commit(tag: str, *commits: str | None) -> bool:
    return any(
        one is not None and (tag == one or (len(tag) >= _SHORT and one.startswith(tag)))
        for one in commits
    )
