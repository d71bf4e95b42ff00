"""Reading a catalog defensively: what it names, what it leaves out, and what cannot be."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from checks.rollout.catalog import spellings
from checks.rollout.catalog.seen import Catalog, ImageRef, NoCatalog, Published
from checks.rollout.catalog.spellings import find, find_text
from fixtures.clusters.plain_json import read_json
from fixtures.github.words import shown
from fixtures.registries.names import ImageName, image_name, is_digest

LARGEST = 16 * 1024 * 1024
"""Bytes of the largest catalog that is read."""
_SHA = re.compile(r"[0-9a-f]{40}")
_MOST = 1000
_LONG = 200


def read_catalog(
    content: bytes | None, path: str, commit: str, at: datetime
) -> Catalog | NoCatalog:
    """Read what stands at the catalog's path of a commit."""
    if content is None:
        return NoCatalog(path=path, commit=commit, why=f"there is no {path}", at=at)
    if len(content) > LARGEST:
        why = f"{path} is larger than {LARGEST} bytes"
        return NoCatalog(path=path, commit=commit, why=why, at=at)
    try:
        fields = read_json(content)
    except (ValueError, RecursionError) as error:
        words = shown(str(error), 100)
        return NoCatalog(path=path, commit=commit, why=f"{path} is no JSON: {words}", at=at)
    if not isinstance(fields, dict):
        return NoCatalog(path=path, commit=commit, why=f"{path} is no mapping", at=at)
    told = {name: find_text(fields, spelled) for name, spelled in spellings.OF_CATALOG.items()}
    source = told["source commit"]
    wrong = source is not None and not _is_sha(source)
    return Catalog(
        path=path,
        commit=commit,
        source_commit=None if wrong else source,
        services=tuple(_service(name, one, fields) for name, one in _services(fields)),
        at=at,
        lane=told["lane"],
        source_branch=told["source branch"],
        gitops_branch=told["GitOps branch"],
        missing=tuple(name for name, value in told.items() if value is None),
        odd=(f"source commit {shown(str(source), 80)!r} is no full commit id",) if wrong else (),
    )


def _services(fields: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    listed = find(fields, spellings.SERVICES)
    if isinstance(listed, Mapping):
        for name, one in list(listed.items())[:_MOST]:
            if isinstance(one, Mapping):
                yield find_text(one, spellings.SERVICE_ID) or name, one
    elif isinstance(listed, list):
        for at, one in enumerate(listed[:_MOST]):
            if isinstance(one, Mapping):
                yield find_text(one, spellings.SERVICE_ID) or f"[{at}]", one


@dataclass(frozen=True, slots=True)
class _Image:
    """What a service says of its image, as it stands there; `pin` is its repository digest."""

    tag: str | None
    repository: str | None
    digest: str | None
    pinned: str | None
    pin: ImageName | None

    @property
    def by_pin(self) -> str | None:
        return self.pin.digest if self.pin else None

    @property
    def sure(self) -> str | None:
        """The digest, if what names it is one."""
        if self.digest is None:
            return self.by_pin
        return self.digest if is_digest(self.digest) else None


def _service(name: str, own: Mapping[str, Any], around: Mapping[str, Any]) -> Published:
    image = _image(own, around)
    found = _found(name, own, around) | {
        "env image tag": image.tag,
        "digest": image.digest,
        "repository digest": image.pinned,
    }
    image_ref = _image_ref(found["imageRef"])
    commit = found["bootCommit"]
    return Published(
        service=name,
        repository=image.repository,
        tag=image.tag,
        digest=image.sure,
        env_identity=found["env identity"],
        boot_commit=commit if _is_sha(commit) else None,
        status=found["status"],
        image_ref=image_ref,
        repository_digest=image.pinned if image.by_pin else None,
        toolchain=_inputs(found["toolchain inputs"]),
        decided_by=find_text(own, spellings.DECIDED_BY) or find_text(around, spellings.DECIDED_BY),
        missing=(
            *(key for key, value in found.items() if value is None),
            *_parts(found, image_ref),
        ),
        odd=tuple(_odd(image, commit)),
    )


def _found(name: str, own: Mapping[str, Any], around: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a service names, of itself or in the catalog around it; None where nothing."""

    def text(spelled: spellings.Spellings) -> str | None:
        return find_text(own, spelled) or find_text(around, spelled)

    def any_of(spelled: spellings.Spellings) -> Any:
        return find(own, spelled) or find(around, spelled)

    return {
        "serviceId": None if name.startswith("[") else name,
        "imageRef": any_of(spellings.IMAGE_REF),
        "env identity": text(spellings.ENV_IDENTITY),
        "bootCommit": text(spellings.BOOT_COMMIT),
        "toolchain inputs": any_of(spellings.TOOLCHAIN),
        "status": _status(own),
        "provenance": any_of(spellings.PROVENANCE),
    }


def _image(own: Mapping[str, Any], around: Mapping[str, Any]) -> _Image:
    tag, named = find_text(own, spellings.TAG) or find_text(around, spellings.TAG), None
    if tag is not None and ("/" in tag or "@" in tag):
        named = image_name(tag)
        tag = named.tag if named else None
    pinned = find_text(own, spellings.REPOSITORY_DIGEST)
    pin = image_name(pinned) if pinned else None
    of_pin = pin.repository if pin and not pin.is_bare else None
    return _Image(
        tag=tag,
        repository=find_text(own, spellings.REPOSITORY)
        or of_pin
        or (named.repository if named and not named.is_bare else None),
        digest=find_text(own, spellings.DIGEST) or (named.digest if named else None),
        pinned=pinned,
        pin=pin if pin and pin.digest else None,
    )


def _status(own: Mapping[str, Any]) -> str | None:
    if (said := find_text(own, spellings.STATUS)) is not None:
        return said
    reused = find(own, spellings.REUSED)
    if isinstance(reused, bool):
        return "reused" if reused else "built"
    return None


def _image_ref(value: Any) -> ImageRef:
    if not isinstance(value, Mapping):
        return ImageRef()
    parts = {name: find_text(value, one) for name, one in spellings.IMAGE_REF_PARTS.items()}
    return ImageRef(**parts)


def _parts(found: Mapping[str, Any], image_ref: ImageRef) -> Iterator[str]:
    """Say which parts an imageRef leaves out that is there: a text, or a mapping of others."""
    if found["imageRef"] is None:
        return
    named = {"repoUrl": image_ref.repo_url, "commitId": image_ref.commit}
    for name, value in {**named, "dockerfilePath": image_ref.dockerfile}.items():
        if value is None:
            yield f"imageRef.{name}"


def _odd(image: _Image, commit: str | None) -> Iterator[str]:
    """Say what is named and cannot be."""
    digest, repository, pin = image.digest, image.repository, image.pin
    if digest is not None and not is_digest(digest):
        yield f"digest {shown(digest, 80)!r} is no sha256 digest"
    if image.pinned is not None and pin is None:
        yield f"repository digest {shown(image.pinned, 80)!r} is no REPOSITORY@sha256:…"
    if is_digest(digest) and image.by_pin not in (None, digest):
        yield f"digest is {digest}, and repository digest has {image.by_pin}"
    if pin and repository and not pin.is_bare and not pin.repository.endswith(repository):
        yield f"repository is {shown(repository, 80)}, and repository digest is of {pin.repository}"
    if commit is not None and not _is_sha(commit):
        yield f"bootCommit {shown(commit, 80)!r} is no full commit id"


def _inputs(value: Any) -> tuple[tuple[str, str], ...]:
    """Return inputs by name, sorted; what is long is told apart by its digest."""
    match value:
        case Mapping():
            listed = [(str(name), one) for name, one in value.items()]
        case list():
            listed = [_named(one, at) for at, one in enumerate(value)]
        case None:
            listed = []
        case _:
            listed = [("", value)]
    return tuple(sorted((name[:_LONG], _brief(one)) for name, one in listed[:_MOST]))


def _named(one: Any, at: int) -> tuple[str, Any]:
    name = find_text(one, ("path", "name", "id")) if isinstance(one, Mapping) else None
    return (name or f"[{at}]", one)


def _brief(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    if len(text) <= _LONG:
        return text
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _is_sha(text: str | None) -> bool:
    return text is not None and _SHA.fullmatch(text) is not None
