"""What was seen byte by byte: kept in files of the run, beside its journal."""

import gzip
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Aside:
    """Bytes that an observation rests on, and is too small to hold.

    A probe gives `packed`, compressed by gzip; what records the observation moves them into a
    file of the run, redacted, and leaves its `path` below the run's folder.
    """

    name: str
    media_type: str
    packed: bytes = field(default=b"", repr=False)
    path: str = ""

    @classmethod
    def of(cls, name: str, media_type: str, content: bytes) -> "Aside":
        """Return bytes as they came, compressed."""
        return cls(name, media_type, gzip.compress(content, 1, mtime=0))

    @property
    def content(self) -> bytes:
        """The bytes as they came; none once they are in a file."""
        return gzip.decompress(self.packed) if self.packed else b""


class Keeper(Protocol):
    """What writes files of a run."""

    def attach_packed(self, name: str, packed: bytes, media_type: str, /) -> str: ...


def set_aside(seen: S, keeper: Keeper) -> S:
    """Return an observation, or a tuple of them, with its `asides` in files of the run."""
    if isinstance(seen, tuple):
        return tuple(set_aside(one, keeper) for one in seen)  # type: ignore[return-value]
    if not has_asides(seen):
        return seen
    held: Any = seen
    moved = tuple(_moved(one, keeper) for one in held.asides)
    kept: S = replace(held, asides=moved)
    return kept


def has_asides(seen: object) -> bool:
    """Tell whether bytes of an observation, or of one of a tuple, are in no file yet."""
    if isinstance(seen, tuple):
        return any(has_asides(one) for one in seen)
    return any(one.packed for one in getattr(seen, "asides", ()))


def _moved(aside: Aside, keeper: Keeper) -> Aside:
    if not aside.packed:
        return aside
    path = keeper.attach_packed(aside.name, aside.packed, aside.media_type)
    return replace(aside, packed=b"", path=path)
