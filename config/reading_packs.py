"""The files that a profile names for its rules: packs and baselines, read in their place."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from config.allowed import Baseline, BaselineFile
from config.document import Document, read_document
from config.loading import NOWHERE, absolute, read_text, shown
from config.mistakes import Mistake, Place, ProfileError, found, listed, nearest, written
from config.mistakes import Path as FieldPath
from config.references import strings
from config.rules import Pack, PackFile
from config.wording import mistakes_of

PACKS = Path(__file__).parent / "packs"

_PACK = TypeAdapter(Pack)
_BASELINE = TypeAdapter(Baseline)
_WITHIN = ("repositories", ..., "hardcoded")


def with_files_read(document: Document, folder: Path) -> tuple[Any, list[Mistake]]:
    """Return a profile's plain value with its packs and baselines in the place of their names.

    What cannot be read is left out there, and is a mistake; `folder` is the profile's.
    """
    plain = json.loads(json.dumps(document.value))
    mistakes: list[Mistake] = []
    kinds: tuple[tuple[tuple[Any, ...], Callable[[str, Path], Any]], ...] = (
        ((*_WITHIN, "packs", ...), load_pack),
        ((*_WITHIN, "baseline"), load_baseline),
    )
    for pattern, load in kinds:
        for path, name in strings(document.value, pattern):
            try:
                _put(plain, path, load(name, folder).model_dump(mode="json"))
            except ProfileError as error:
                _put(plain, path, None)
                mistakes += [_moved(one, document, path) for one in error.mistakes]
    for hardcoded in _mappings(plain):
        if isinstance(hardcoded.get("packs"), list):
            hardcoded["packs"] = [one for one in hardcoded["packs"] if one is not None]
    if not mistakes:
        mistakes += _twice(plain, document)
    return plain, mistakes


def load_pack(name: str, folder: Path) -> PackFile:
    """Load a pack of rules by its name below config/packs, or by a path; raises `ProfileError`."""
    known = {path.stem: path for path in sorted(PACKS.glob("*.yaml"))}
    path = known.get(name) or absolute(name, folder)
    if not name or (name not in known and os.sep not in name and not os.path.lexists(path)):
        words = f"{found(name)}{nearest(name, known)}; allowed: {listed(known)}, or a path"
        raise ProfileError([Mistake(NOWHERE, "", words)])
    text = read_text(path)
    pack = _parsed(text, path, _PACK)
    return PackFile(**dict(pack), name=name, digest=hashlib.sha256(text.encode()).hexdigest())


def load_baseline(name: str, folder: Path) -> BaselineFile:
    """Load a baseline by its path; raises `ProfileError`."""
    path = absolute(name, folder)
    text = read_text(path)
    baseline = _parsed(text, path, _BASELINE)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return BaselineFile(**dict(baseline), name=name, digest=digest)


def _parsed(text: str, path: Path, adapter: TypeAdapter[Any]) -> Any:
    document = read_document(text, shown(path), samples=True)
    mistakes = list(document.mistakes)
    try:
        parsed = adapter.validate_json(json.dumps(document.value), strict=True)
    except ValidationError as error:
        raise ProfileError(mistakes + mistakes_of(error, document, adapter)) from None
    if mistakes:
        raise ProfileError(mistakes)
    return parsed


def _moved(mistake: Mistake, document: Document, path: FieldPath) -> Mistake:
    """Give a mistake about the name itself the place where it stands."""
    if mistake.place.line:
        return mistake
    words = f"{mistake.place}: {mistake.text}" if mistake.place != Place("") else mistake.text
    return Mistake(document.place(path), written(path), words)


def _put(plain: Any, path: FieldPath, value: Any) -> None:
    *before, last = path
    for part in before:
        plain = plain[part]
    plain[last] = value


def _mappings(plain: Any) -> Iterator[dict[str, Any]]:
    """Walk what repositories say of hardcoded text, as far as it has the shape."""
    repositories = plain.get("repositories") if isinstance(plain, dict) else None
    for one in repositories if isinstance(repositories, list) else ():
        if isinstance(one, dict) and isinstance(one.get("hardcoded"), dict):
            yield one["hardcoded"]


def _twice(plain: Any, document: Document) -> Iterator[Mistake]:
    """Find ids of rules that stand twice in what one repository is judged by."""
    repositories = plain.get("repositories") if isinstance(plain, dict) else None
    for at, one in enumerate(repositories if isinstance(repositories, list) else ()):
        within: FieldPath = ("repositories", at, "hardcoded")
        hardcoded = one.get("hardcoded") if isinstance(one, dict) else None
        places: list[tuple[FieldPath, str]] = []
        for path, name in strings(hardcoded, ("packs", ..., "rules", ..., "id")):
            places.append(((*within, *path[:2]), name))
        places += [((*within, *p), n) for p, n in strings(hardcoded, ("rules", ..., "id"))]
        seen: set[str] = set()
        for path, name in places:
            if name in seen:
                words = f"the rule {name!r} a second time; allowed: each id once in a repository"
                yield Mistake(document.place(path), written(path), words)
            seen.add(name)
