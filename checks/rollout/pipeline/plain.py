"""The words of steps: names by pattern, forbidden words, and what stands for a parameter."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from checks.rollout.pipeline.objects import Value

_PARAM = re.compile(r"""\$\((?:tasks\.)?params(?:\.([\w.-]+)|\[["']([^"']+)["']\])\)""")


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Tell whether a name fits one of the patterns; `*` stands for any text."""
    return any(_pattern(one).fullmatch(name) for one in patterns)


def words_in(text: str, words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Walk the words that stand in a text, each with its line; comments of a shell count for none.

    A word is found in any case, where no letter or digit is next to it. Of a command of several
    words, options may stand between these, and each word in a line of its own, as arguments do.
    """
    lines = uncommented(text)
    for word in words:
        found = next((line for line in lines if _word(word).search(line)), None)
        if found is None and " " in word and (said := _word(word).search(one_line(text))):
            found = said[0]
        if found is not None:
            yield word, found.strip()


def uncommented(text: str) -> list[str]:
    """Return the lines of a text that are no comments of a shell."""
    return [line for line in text.splitlines() if not re.match(r"\s*#(?!!)", line)]


def one_line(text: str) -> str:
    """Return commands in one line, without comments: arguments stand in lines of their own."""
    return " ".join(" ".join(uncommented(text)).replace("\\ ", " ").split())


def names(text: str, address: str) -> bool:
    """Tell whether an address stands in a text, and not as a part of a longer one."""
    return re.search(rf"(?<![\w.-]){re.escape(address)}(?![\w])", text) is not None


def put_in(text: str, params: Mapping[str, str]) -> str:
    """Put parameters in their places, as Tekton does; what it does not know stays."""
    return _PARAM.sub(lambda found: params.get(found[1] or found[2], found[0]), text)


def by_name(*listed: Iterable[Value]) -> dict[str, str]:
    """Return the text of parameters by name; later ones count."""
    return {one.name: one.text for every in listed for one in every}


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, text.split("*"))))


@cache
def _word(text: str) -> re.Pattern[str]:
    first, *more = text.split()
    said = re.escape(first)
    for word in map(re.escape, more):  # `git -C FOLDER push` is `git push`
        said += rf"(?:\s+--?\w\S*(?:\s+(?!{word}\b)[^\s-]\S*)?)*\s+{word}"
    return re.compile(rf"(?<![A-Za-z0-9]){said}(?![A-Za-z0-9])", re.IGNORECASE)
