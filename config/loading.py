"""YAML to a profile; every mistake with its place, before anything is looked at."""

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from config.addresses import KnownRanges, RangesFile
from config.clusters import ClusterSpec
from config.document import Document, read_document
from config.lanes.places import placed, plainly_placed
from config.mistakes import Mistake, Place, ProfileError, found, listed, nearest, written
from config.mistakes import Path as FieldPath
from config.model import Absent
from config.references import strays, strings
from config.schema import Profile
from config.vantages import PATHS
from config.wording import mistakes_of

PROFILES = Path(__file__).parent / "profiles"
RANGES = Path(__file__).parent / "ranges"
SIZE = 1 << 20
NOWHERE = Place("")

_PROFILE = TypeAdapter(Profile)
_RANGES = TypeAdapter(KnownRanges)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A profile, and the file that it was read from."""

    profile: Profile
    source: Path

    @property
    def digest(self) -> str:
        """SHA-256 of the resolved profile as canonical JSON: equal wherever the files lie."""
        folder = self.source.parent
        plain = self.profile.model_dump(mode="json", exclude={"authorities", "log_dir"})
        plain["authorities"] = [os.path.relpath(one, folder) for one in self.profile.authorities]
        plain["log_dir"] = self.profile.log_dir and os.path.relpath(self.profile.log_dir, folder)
        for secret in plain["secrets"]:
            secret["file"] = secret["file"] and os.path.relpath(secret["file"], folder)
        for repository in _listed(plain["repositories"]):
            repository["path"] = repository["path"] and os.path.relpath(repository["path"], folder)
        for cluster in plain["clusters"]:
            for name in ("kubeconfig", "snapshot"):
                cluster[name] = cluster[name] and os.path.relpath(cluster[name], folder)
        for lane in _listed(plain["lanes"]):
            plainly_placed(lane, lambda path: os.path.relpath(path, folder))
        for vantage in plain["vantages"]:
            for name in PATHS & vantage.keys():
                vantage[name] = vantage[name] and os.path.relpath(vantage[name], folder)
        text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def changed(self, profile: Profile) -> "Loaded":
        """Return the same source with the profile as options have changed it."""
        return Loaded(profile, self.source)


def asked(option: str | None) -> str:
    """Return the name or path of the profile that is asked for, by an option or without one."""
    return os.environ.get("TOUCHSTONE_PROFILE", "github") if option is None else option


def load(name_or_path: str) -> Loaded:
    """Load a profile by its name below config/profiles, or by its path.

    Raises `ProfileError`, and nothing else, for whatever is wrong with it.
    """
    source = find(name_or_path)
    return Loaded(parse(read_text(source), source), source)


def known_profiles() -> dict[str, Path]:
    """Return the files of the profiles that are known by name."""
    return {path.stem: path for path in sorted(PROFILES.glob("*.yaml"))}


def find(name_or_path: str) -> Path:
    """Return the absolute path of the profile's file; raises `ProfileError`."""
    known = known_profiles()
    if name_or_path in known:
        return known[name_or_path]
    is_path = os.sep in name_or_path or name_or_path.endswith((".yaml", ".yml"))
    if is_path or os.path.lexists(name_or_path):
        return absolute(name_or_path, Path.cwd())
    words = (
        f"there is no such profile{nearest(name_or_path, known)}; allowed: {listed(known)},"
        " or a path such as ./mine.yaml"
    )
    raise ProfileError([Mistake(Place(f"profile {name_or_path[:100]!r}"), "", words)])


def read_text(path: Path) -> str:
    """Read a UTF-8 file of a sane size; raises `ProfileError`."""
    file = shown(path)
    content = _read(path, file)
    if len(content) > SIZE:
        words = f"the file has more than {SIZE} bytes; allowed: fewer"
        raise ProfileError([Mistake(Place(file), "", words)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", "replace")
        place = Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        words = f"the byte 0x{content[error.start]:02x} stands here; allowed: UTF-8"
        raise ProfileError([Mistake(place, "", words)]) from None


def _read(path: Path, file: str) -> bytes:
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            kind = "a folder" if stat.S_ISDIR(mode) else "not an ordinary file"
            words = f"this is {kind}; allowed: a YAML file"
            raise ProfileError([Mistake(Place(file), "", words)])
        with path.open("rb") as stream:
            return stream.read(SIZE + 1)
    except OSError as error:
        words = f"the file cannot be read: {error.strerror or error}"
        raise ProfileError([Mistake(Place(file), "", words)]) from None
    except ValueError as error:  # a NUL in the name
        raise ProfileError([Mistake(Place(file), "", f"this is no file name: {error}")]) from None


def parse(text: str, source: Path) -> Profile:
    """Make a profile of YAML text; its relative paths begin where the source lies.

    Raises `ProfileError`.
    """
    document = read_document(text, shown(source))
    plain, mistakes = document.value, list(document.mistakes)
    if any(True for _ in strings(plain, ("repositories", ..., "name"))):
        plain, unread = _with_files(document, source.parent)
        mistakes += unread
    sets: tuple[str, ...] = ()
    if isinstance(plain, dict) and "ranges" in plain:
        try:
            known = load_ranges(plain["ranges"], source.parent)
            plain, sets = plain | {"ranges": known.model_dump(mode="json")}, tuple(known.sets)
        except ProfileError as error:
            plain = plain | {"ranges": None}
            mistakes += [_moved(one, document, ("ranges",)) for one in error.mistakes]
            used = strings(document.value, ("endpoints", ..., "ranges", ...))
            sets = tuple(name for _, name in used)
    mistakes += [_mistake(document, path, words) for path, words in strays(document.value, sets)]
    try:
        profile = _PROFILE.validate_json(json.dumps(plain), strict=True)
    except ValidationError as error:
        raise ProfileError(mistakes + mistakes_of(error, document, _PROFILE)) from None
    mistakes += _authorities(profile, document, source.parent) + _samples(profile, document)
    if mistakes:
        raise ProfileError(mistakes)
    return _resolved(profile, source.parent)


def _with_files(document: Document, folder: Path) -> tuple[Any, list[Mistake]]:
    from config.reading_packs import with_files_read  # noqa: PLC0415 - it reads as this does

    return with_files_read(document, folder)


def load_ranges(name: Any, folder: Path) -> RangesFile:
    """Load a dated file of address ranges by name or path; raises `ProfileError`.

    A mistake about the name itself has no place: it is the caller's.
    """
    known = [path.stem for path in sorted(RANGES.glob("*.yaml"))]
    if not isinstance(name, str):
        words = f"{found(name)}; allowed: {listed(known)}, or a path"
        raise ProfileError([Mistake(NOWHERE, "", words)])
    path = ranges_path(name, folder)
    if not name or (name not in known and os.sep not in name and not os.path.lexists(path)):
        words = f"{found(name)}{nearest(name, known)}; allowed: {listed(known)}, or a path"
        raise ProfileError([Mistake(NOWHERE, "", words)])
    return parse_ranges(read_text(path), path).model_copy(update={"name": name})


def ranges_path(name: str, folder: Path) -> Path:
    """Return the file of the known ranges that a profile in the folder calls by name or path."""
    known = RANGES / f"{name}.yaml"
    return known if known in RANGES.glob("*.yaml") else absolute(name, folder)


def parse_ranges(text: str, source: Path) -> RangesFile:
    """Make known ranges of YAML text; raises `ProfileError`."""
    document = read_document(text, shown(source))
    mistakes = list(document.mistakes)
    try:
        ranges = _RANGES.validate_json(json.dumps(document.value), strict=True)
    except ValidationError as error:
        raise ProfileError(mistakes + mistakes_of(error, document, _RANGES)) from None
    if mistakes:
        raise ProfileError(mistakes)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return RangesFile(**dict(ranges), name=source.stem, digest=digest)


def absolute(text: str, folder: Path) -> Path:
    """Return a path of a profile as an absolute one, with `~` expanded."""
    try:
        path = Path(text).expanduser()
    except RuntimeError:  # nobody's home
        path = Path(text)
    return Path(os.path.normpath(folder / path))


def shown(path: Path) -> str:
    """Write a path for people: from the working folder where it lies below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def _mistake(document: Document, path: FieldPath, words: str) -> Mistake:
    return Mistake(document.place(path), written(path), words)


def _moved(mistake: Mistake, document: Document, path: FieldPath) -> Mistake:
    if mistake.place.line:
        return mistake
    words = f"{mistake.place}: {mistake.text}" if mistake.place != NOWHERE else mistake.text
    return _mistake(document, path, words)


def _authorities(profile: Profile, document: Document, folder: Path) -> list[Mistake]:
    mistakes = []
    for index, name in enumerate(profile.authorities):
        path, words = absolute(name, folder), "it holds no certificate in PEM"
        try:
            if b"-----BEGIN CERTIFICATE-----" in _read(path, shown(path)):
                continue
        except ProfileError as error:
            words = error.mistakes[0].text
        words = f"{shown(path)}: {words}; allowed: a readable PEM file of certificates"
        mistakes.append(_mistake(document, ("authorities", index), words))
    return mistakes


def _samples(profile: Profile, document: Document) -> list[Mistake]:
    """Find samples that the end of a whole sighting would cut short."""
    limit, mistakes = profile.deadlines.sighting, []
    endpoints = () if isinstance(profile.endpoints, Absent) else profile.endpoints
    for index, endpoint in enumerate(endpoints):
        if (samples := endpoint.samples) is None:
            continue
        seconds = (samples.count - 1) * samples.interval + profile.deadlines.tls
        if seconds > limit:
            words = (
                f"{samples.count} attempts may take {seconds:g} s, and deadlines.sighting ends"
                f" them after {limit:g} s; raise it, or take fewer or shorter ones"
            )
            mistakes.append(_mistake(document, ("endpoints", index, "samples", "count"), words))
    return mistakes


def _listed(repositories: Any) -> list[dict[str, Any]]:
    return repositories if isinstance(repositories, list) else []


def _paths(cluster: ClusterSpec) -> Iterator[tuple[str, str | None]]:
    """Yield the fields of a cluster that are paths."""
    yield "kubeconfig", cluster.kubeconfig
    yield "snapshot", cluster.snapshot


def _resolved(profile: Profile, folder: Path) -> Profile:
    def full(text: str) -> str:
        return str(absolute(text, folder))

    return profile.model_copy(
        update={
            "authorities": tuple(full(one) for one in profile.authorities),
            "log_dir": profile.log_dir and full(profile.log_dir),
            "vantages": tuple(
                one.model_copy(
                    update={name: value and full(value) for name, value in one if name in PATHS}
                )
                for one in profile.vantages
            ),
            "clusters": tuple(
                one.model_copy(update={name: value and full(value) for name, value in _paths(one)})
                for one in profile.clusters
            ),
            "lanes": tuple(placed(one, full) for one in profile.lanes)
            if isinstance(profile.lanes, tuple)
            else profile.lanes,
            "secrets": tuple(
                one.model_copy(update={"file": one.file and full(one.file)})
                for one in profile.secrets
            ),
            "repositories": tuple(
                one.model_copy(update={"path": one.path and full(one.path)})
                for one in profile.repositories
            )
            if isinstance(profile.repositories, tuple)
            else profile.repositories,
        }
    )
