"""The text of one file, looked through by every rule that concerns it."""

import os
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence

from checks.hardcoded.asked import LISTED, Comment, Match, Searched, Sought
from checks.hardcoded.engines import Engine, Expression, finder_for, matches_in

SHOWN = 200
"""Characters of a line that are kept."""
_AROUND = 400
"""Bytes of a neighbouring line that are kept."""
_BINARY = 8000
"""Bytes of a file's beginning in which a NUL makes it binary, as git has it."""
_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
ALLOWING = Expression(r"touchstone:\s*allow\b")
_COMMENT = re.compile(rb"(?://|#|/\*|--|;|<!--|\*|%|\{-)+[\s*!]*touchstone:\s*allow\b(.*)")
_CLOSED = re.compile(r"\s*(?:\*/\}?|-->|-\}|#\}|--%>)\s*$")
Concerned = Callable[[bytes], Callable[[int], bool]]


class Looking:
    """Rules that look through texts, one after the other; what they find is gathered."""

    def __init__(self, rules: Sequence[Sought], engine: Engine | None = None) -> None:
        """Take the rules, in the order by which they are told to be concerned."""
        self._rules = rules
        self._compiled = [rule.expression.compiled for rule in rules]
        self._finder = finder_for([*(rule.expression for rule in rules), ALLOWING], engine)
        self.engine = self._finder.engine
        self.found = Searched()

    def failing(self) -> dict[str, list[str]]:
        """Return of each rule that its samples contradict what they say, in words."""
        told: dict[str, list[str]] = {}
        for number, rule in enumerate(self._rules):
            wrong = [
                f"{kind}[{at}] {'is not found' if should else 'is found'}"
                for kind, samples, should in (
                    ("matches", rule.matches, True),
                    ("passes", rule.passes, False),
                )
                for at, sample in enumerate(samples)
                if self._finds(number, sample) is not should
            ]
            if wrong:
                told[rule.id] = wrong
        return told

    def look(self, path: bytes, raw: bytes | bytearray, size: int, concerned: Concerned) -> None:
        """Look through a text; `concerned(path)` tells of a rule's number whether it is its own."""
        if raw.find(0, 0, min(size, _BINARY)) >= 0:
            text = _decoded(raw, size)
            if text is None:
                self.found.leave_out("binary", os.fsdecode(path))
                return
            raw, size = text, len(text)
        self.found.files += 1
        self.found.bytes += size
        places = self._finder.lines(raw, size)
        if places:
            own, last = concerned(path), len(self._rules)
            told = [one for one in places if one[0] == last or own(one[0])]
            self._tell(os.fsdecode(path), raw, size, told)

    def look_through(
        self, texts: Sequence[tuple[bytes, int, int]], raw: bytearray, size: int, told: Concerned
    ) -> None:
        """Look through texts that stand one after the other, each with a line end of ours behind.

        Of each are told the path, and where it begins and ends. One pass over all of them says in
        which something may be found: only these are looked through one by one.
        """
        places = self._finder.places(raw, size) if raw.find(0, 0, size) < 0 else None
        named = texts if places is None else _around_places(texts, places)
        for path, begin, end in named:
            self.look(path, raw[begin:end], end - begin, told)
        self.found.files += len(texts) - len(named)
        self.found.bytes += sum(end - begin for _, begin, end in texts)
        self.found.bytes -= sum(end - begin for _, begin, end in named)

    def _finds(self, number: int, sample: str) -> bool:
        raw = sample.encode(errors="surrogateescape")
        named = {line[0] for line in self._finder.lines(raw, len(raw))}
        found = matches_in(self._compiled[number], raw, 0, len(raw))
        return number in named and any(True for _ in found)

    def _tell(
        self, path: str, raw: bytes | bytearray, size: int, places: list[tuple[int, int, int]]
    ) -> None:
        """Write down what is found in lines, in the order in which they stand."""
        places.sort(key=lambda one: (one[1], one[0]))
        counts: dict[int, int] = {}
        line, at = 1, 0
        for number, start, end in places:
            line, at = line + raw.count(b"\n", at, start), start
            if number == len(self._rules):
                self._hear(path, line, bytes(raw[start:end]))
                continue
            for found in matches_in(self._compiled[number], raw, start, end):
                counts[number] = counts.get(number, 0) + 1
                if counts[number] <= LISTED:
                    around = _around(raw, size, start, end)
                    match = _match(self._rules[number].id, path, line, found, around)
                    self.found.matches.append(match)
        for number, count in counts.items():
            if count > LISTED:
                self.found.unlisted[f"{self._rules[number].id}\0{path}"] = count - LISTED

    def _hear(self, path: str, line: int, text: bytes) -> None:
        found = _COMMENT.search(text)
        if found is not None:
            told = _CLOSED.sub("", found[1].decode("utf-8", "backslashreplace"))
            alone = not text[: found.start()].strip(b" \t{")
            self.found.comments.append(Comment(path, line, told.strip(), alone))


def _around_places(
    texts: Sequence[tuple[bytes, int, int]], places: Sequence[int]
) -> list[tuple[bytes, int, int]]:
    """Return the texts that hold any of the places, which are in order."""
    begins = [begin for _, begin, _ in texts]
    return [texts[at] for at in dict.fromkeys(bisect_right(begins, one) - 1 for one in places)]


def _match(
    rule: str, path: str, line: int, found: re.Match[bytes], around: tuple[str, str]
) -> Match:
    text, start, end = found.string, found.start(), found.end()
    begin = max(0, start - SHOWN // 2) if len(text) > SHOWN else 0
    shown = text[begin : begin + SHOWN + min(end - start, SHOWN)]
    secret = found["secret"] if "secret" in found.re.groupindex else None
    column = _length(text[:start]) + 1
    return Match(
        rule=rule,
        path=path,
        line=line,
        column=column,
        end_column=column + _length(found[0]),
        text=_text(shown).strip(),
        found=_text(found[0][:SHOWN]),
        secret=_text(secret or b""),
        before=around[0],
        after=around[1],
    )


def _around(raw: bytes | bytearray, size: int, start: int, end: int) -> tuple[str, str]:
    """Return the nearest lines above and below that are not blank."""
    before = after = b""
    at = start - 1
    while at > 0 and not before:
        begin = raw.rfind(b"\n", max(0, at - _AROUND), at) + 1 or max(0, at - _AROUND)
        before = bytes(raw[begin:at]).strip()
        at = begin - 1 if begin and raw[begin - 1] == 10 else 0  # noqa: PLR2004 - a line end
    at = end + 1
    while at < size and not after:
        stop = raw.find(b"\n", at, min(size, at + _AROUND))
        stop = stop if stop >= 0 else min(size, at + _AROUND)
        after = bytes(raw[at:stop]).strip()
        at = stop + 1
    return _text(before), _text(after)


def _decoded(raw: bytes | bytearray, size: int) -> bytes | None:
    """Return the UTF-8 of a text whose mark says UTF-16; None for anything else with a NUL."""
    encoding = _MARKS.get(bytes(raw[:2]))
    if encoding is None:
        return None
    text = bytes(raw[2:size]).decode(encoding, "replace")
    return None if "\0" in text else text.encode()


def _length(raw: bytes) -> int:
    return len(raw) if raw.isascii() else len(raw.decode("utf-8", "surrogateescape"))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")
