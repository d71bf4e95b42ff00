"""Mistakes in a profile, and where they stand."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Any

Path = tuple[str | int, ...]

_SHOWN = 60
_LINE = 600
_AT_MOST = 25
_NAMES = 200
_CREDENTIAL = re.compile(
    r"gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|AKIA[0-9A-Z]{16}"
    r"|xox[abpr]-[\w-]{10,}|(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"
    r"|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----.*|(?<=://)[^\s/@:]*:[^\s/@]+(?=@)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file; lines and columns are counted from one, and 0 is the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing that is wrong, the field's path, and what would be right."""

    place: Place
    path: str
    text: str

    def __str__(self) -> str:
        return ": ".join(part for part in (str(self.place), self.path, self.text) if part)


class ProfileError(Exception):
    """The profile cannot be used. The message is for a person, and names every mistake."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        lines = [str(mistake) for mistake in self.mistakes[:_AT_MOST]]
        if len(self.mistakes) > 1:
            lines.insert(0, f"the profile has {len(self.mistakes)} mistakes:")
        if len(self.mistakes) > _AT_MOST:
            lines.append(f"… and {len(self.mistakes) - _AT_MOST} more")
        super().__init__("\n".join(_cut(printable(line)) for line in lines))


def _cut(line: str) -> str:
    return line if len(line) <= _LINE else line[:_LINE] + "…"


def printable(text: str) -> str:
    """Return the text on one line, all of it visible, and nothing in the shape of a credential."""
    hidden = _CREDENTIAL.sub("(not shown)", text)
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in hidden)


def credentials(text: str) -> Iterator[int]:
    """Yield where in the text something has the shape of a token, a private key or a password."""
    for match in _CREDENTIAL.finditer(text):
        yield match.start()


def written(path: Path) -> str:
    """Write a path as people do: `endpoints[3].tls.minimum`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def found(value: Any) -> str:
    """Say what stands somewhere."""
    match value:
        case None:
            return "nothing stands here"
        case bool():
            return f"{str(value).lower()} stands here"
        case str():
            short = value if len(value) <= _SHOWN else value[:_SHOWN] + "…"
            return f"the text {short!r} stands here"
        case dict():
            return "a mapping stands here"
        case list():
            return "a list stands here" if value else "an empty list stands here"
    return f"the number {str(value)[:_SHOWN]} stands here"


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ` (did you mean 'port'?)`, or nothing where no known name is near."""
    names = list(islice(known, _NAMES))
    folded = {one.casefold().replace("-", "_"): one for one in names}
    close = get_close_matches(name[:200].casefold().replace("-", "_"), folded, n=1, cutoff=0.6)
    return f" (did you mean {folded[close[0]]!r}?)" if close else ""


def listed(names: Iterable[str], word: str = "or") -> str:
    """Write names for a person: `a, b or c`."""
    *others, last = [str(name) for name in islice(names, _NAMES)] or ["none"]
    return f"{', '.join(others)} {word} {last}" if others else last
