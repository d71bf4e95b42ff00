"""Whether a file is what its journal says, but for marks that stand in the place of fixed words.

A registered secret that is a word of the record itself is hidden there as everywhere. Whoever
makes the record again does not know the secret, and writes the word.
"""

import re
from collections.abc import Collection

from reports import shapes

_MARK = re.compile(f"({shapes.OPEN}[^{shapes.CLOSE}]{{1,400}}#[0-9a-f]{{6}}{shapes.CLOSE})")
_LONGEST = 200
"""Characters of the longest word that a mark may stand for."""


def is_remade(written: bytes, made: bytes, names: Collection[str]) -> bool:
    """Tell whether what was written is what is made now, but for marks of secrets of these names.

    Each mark stands for one text, and that text stands nowhere else: else it would be hidden.
    """
    if written == made:
        return True
    parts = _MARK.split(written.decode(errors="replace"))
    reading = _Reading(made.decode(errors="replace"), names)
    if not (reading.holds(parts) and reading.stands):
        return False
    literals = parts[::2]
    return not any(word in literal for word in reading.stands.values() for literal in literals)


class _Reading:
    """One text read beside another, in which marks stand."""

    def __init__(self, made: str, names: Collection[str]) -> None:
        self._made, self._names, self._at = made, names, 0
        self.stands: dict[str, str] = {}
        """What each mark stands for."""

    def holds(self, parts: list[str]) -> bool:
        """Read literal texts and marks, in turn; tell whether they are the text, to its end."""
        for number, part in enumerate(parts):
            if self._made.startswith(part, self._at):
                self._at += len(part)
            elif number % 2 == 0 or not self._takes(part, parts[number + 1]):
                return False
        return self._at == len(self._made)

    def _takes(self, mark: str, after: str) -> bool:
        """Read the text for which a mark stands, up to what comes after."""
        word = self.stands.get(mark)
        if word is None:
            far = self._at + _LONGEST + len(after)
            end = self._made.find(after, self._at + 1, far) if after else len(self._made)
            word = self._made[self._at : end] if end > 0 else "\n"
            name = mark.removeprefix(shapes.OPEN).rpartition("#")[0]
            if name not in self._names or "\n" in word or len(word) > _LONGEST:
                return False
            self.stands[mark] = word
        found = self._made.startswith(word, self._at)
        self._at += len(word)
        return found
