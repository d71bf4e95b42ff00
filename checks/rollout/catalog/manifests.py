"""Reading manifests: the images that their containers run, what their Jobs run, their imageRefs."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checks.rollout.catalog import spellings
from checks.rollout.catalog.seen import ImageRef
from checks.rollout.catalog.spellings import find, find_text
from fixtures.clusters.plain_json import whole
from fixtures.github.words import shown
from reports.nesting import TooDeepError, ensure_flat

SUFFIXES = (".yaml", ".yml", ".json")
_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
_JOBS = frozenset({"Job", "CronJob"})
_DEEPEST = 60
_COMMAND = r"(?:^|[\s;&|()\"'`])(?:/[\w./-]*/)?{word}(?=$|[\s;&|()\"'`])"


class NoDocumentsError(ValueError):
    """A file of manifests cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class ImageUse:
    """An image as a container of a manifest names it; `of` is `KIND NAMESPACE/NAME`."""

    path: str
    of: str
    container: str
    image: str
    is_job: bool

    def __str__(self) -> str:
        return f"{self.path}: {self.of}, container {self.container}: {self.image or 'no image'}"


@dataclass(frozen=True, slots=True)
class Installing:
    """A Job whose command installs something; `word` is the command, not the whole of it."""

    path: str
    of: str
    container: str
    word: str

    def __str__(self) -> str:
        return f"{self.path}: {self.of}, container {self.container} runs {self.word}"


@dataclass(frozen=True, slots=True)
class Spec:
    """A spec that says of what its image is built."""

    path: str
    of: str
    image_ref: ImageRef


@dataclass(frozen=True, slots=True)
class Read:
    """What stands in one file."""

    objects: int = 0
    images: tuple[ImageUse, ...] = ()
    installing: tuple[Installing, ...] = ()
    specs: tuple[Spec, ...] = ()


def documents_in(content: bytes) -> list[Any]:
    """Return a file's documents, YAML or JSON; raises `NoDocumentsError`.

    Aliases are refused: a few lines of them can stand for any size.
    """
    import yaml  # noqa: PLC0415 - for runs that look

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        text = content.decode("utf-8-sig")
        if text.lstrip()[:1] in ("{", "["):
            return [json.loads(whole(text))]
        _ensure_plain(text, loader)
        return [one for one in yaml.load_all(text, Loader=loader) if one is not None]
    except yaml.MarkedYAMLError as error:
        line = getattr(error.problem_mark, "line", 0) + 1
        raise NoDocumentsError(f"no YAML at line {line}") from None
    except UnicodeDecodeError as error:
        raise NoDocumentsError(f"byte {error.start} is no UTF-8") from None
    except json.JSONDecodeError as error:
        raise NoDocumentsError(f"no JSON at line {error.lineno}") from None
    except (yaml.YAMLError, RecursionError, TypeError, ValueError) as error:
        if isinstance(error, NoDocumentsError):
            raise
        raise NoDocumentsError(f"no YAML ({type(error).__name__})") from None


def _ensure_plain(text: str, loader: Any) -> None:
    """Refuse what is small and stands for any size, and what is nested too deeply to be loaded."""
    import yaml  # noqa: PLC0415 - for runs that look

    try:
        ensure_flat(text)
    except TooDeepError as error:
        raise NoDocumentsError(str(error)) from None
    if "*" in text:
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.AliasEvent):
                line = getattr(event.start_mark, "line", 0) + 1
                raise NoDocumentsError(f"an alias at line {line}: write it out")


def may_lead(path: str) -> bool:
    """Tell whether what is called so may stand for a manifest, or a folder of them."""
    return path.endswith(SUFFIXES) or "." not in path.rpartition("/")[2]


def read_manifests(path: str, content: bytes, installers: Iterable[str]) -> Read:
    """Read one file of manifests; raises `NoDocumentsError`."""
    objects = [one for document in documents_in(content) for one in objects_in(document)]
    words = tuple(installers)
    containers = [
        (one, container)
        for one in objects
        for container in _containers(one.get("spec", one.get("template")), 0)
    ]
    return Read(
        objects=len(objects),
        images=tuple(
            ImageUse(path, named(one), _name(container), _image(container), _is_job(one))
            for one, container in containers
        ),
        installing=tuple(
            Installing(path, named(one), _name(container), word)
            for one, container in containers
            if _is_job(one)
            for word in installers_in(command_of(container), words)
        ),
        specs=tuple(_specs(path, objects)),
    )


def objects_in(document: Any) -> Iterator[Mapping[str, Any]]:
    """Walk the objects of a document: lists are looked into."""
    if not isinstance(document, dict):
        return
    items = document.get("items")
    if isinstance(items, list) and str(document.get("kind", "List")).endswith("List"):
        for item in items:
            yield from objects_in(item)
    elif isinstance(document.get("kind"), str):
        yield document


def named(one: Mapping[str, Any]) -> str:
    """Name an object: `KIND NAMESPACE/NAME`."""
    about = one.get("metadata")
    about = about if isinstance(about, dict) else {}
    namespace, name = about.get("namespace"), about.get("name") or about.get("generateName")
    where = f"{namespace}/" if isinstance(namespace, str) else ""
    return shown(f"{one.get('kind')} {where}{name or 'without a name'}", 200)


def installers_in(command: str, installers: Iterable[str]) -> list[str]:
    """Return the commands that install something, of those that a command line runs."""
    return [
        word
        for word in installers
        if re.search(_COMMAND.format(word=r"\s+".join(map(re.escape, word.split()))), command)
    ]


def _containers(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """Find the containers below a spec, however deep its pod template lies."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for name, below in value.items():
            if name in _CONTAINERS and isinstance(below, list):
                yield from (one for one in below if isinstance(one, dict))
            else:
                yield from _containers(below, depth + 1)
    elif isinstance(value, list):
        for one in value:
            yield from _containers(one, depth + 1)


def _specs(path: str, objects: Iterable[Mapping[str, Any]]) -> Iterator[Spec]:
    for one in objects:
        spec = one.get("spec")
        ref = find(spec, spellings.IMAGE_REF) if isinstance(spec, dict) else None
        if isinstance(ref, dict):
            parts = {
                name: find_text(ref, spelled) for name, spelled in spellings.IMAGE_REF_PARTS.items()
            }
            yield Spec(path, named(one), ImageRef(**parts))


def _is_job(one: Mapping[str, Any]) -> bool:
    return one.get("kind") in _JOBS


def _name(container: Mapping[str, Any]) -> str:
    return shown(str(container.get("name", "without a name")), 100)


def _image(container: Mapping[str, Any]) -> str:
    image = container.get("image")
    return shown(image, 300) if isinstance(image, str) else ""


def command_of(container: Mapping[str, Any]) -> str:
    """Return all words of a container's command, in one line."""
    words = [container.get("command"), container.get("args")]
    listed = [one for every in words for one in (every if isinstance(every, list) else [every])]
    return " ".join(one for one in listed if isinstance(one, str))
