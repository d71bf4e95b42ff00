"""What is likely a secret that nobody registered: a token by its begin, a value by its name."""

import re
from collections.abc import Iterable, Iterator

from reports.shapes import edited

_TOKENS = {
    "github-token": r"gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255}",
    "gitlab-token": r"glpat-[\w-]{20,255}",
    "provider-key": r"sk-[A-Za-z0-9_-]{20,255}",
    "aws-key": r"AKIA[0-9A-Z]{16}",
    "slack-token": r"xox[abprs]-[\w-]{10,255}",
    "jwt": r"eyJ[\w-]{10,4000}\.eyJ[\w-]{10,4000}\.[\w-]{10,4000}",
}
_TOKEN = re.compile(
    "|".join(rf"(?P<{name.replace('-', '_')}>(?<![\w-])(?:{one}))" for name, one in _TOKENS.items())
)
_BEGINS = (
    *("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "sk-", "AKIA"),
    *("xoxa-", "xoxb-", "xoxp-", "xoxr-", "xoxs-", "eyJ"),
)
"""With what tokens begin: a search for plain words is a hundred times faster than for patterns."""
_WORDS = (
    r"(?:api|access|refresh|auth|github|gitlab)[_-]?token|api[_-]?key|secret[_-]?key"
    r"|private[_-]?key|client[_-]?secret|passw(?:or)?d"
)
_ENDS = ("token", "key", "secret", "password", "passwd")
"""With what names of secrets end."""
_NAMED = re.compile(rf"[\w-]{{0,40}}(?:{_WORDS})|(?:--)?token", re.IGNORECASE)
_BEFORE = re.compile(r"[\w-]{0,80}\Z")
_GIVEN = re.compile(
    r"\\?[\"']?[ \t]*[:=][ \t]*\\?[\"']?(?P<value>[^\s\"',;}\]\\]{8,500})",
)
_PAIR = re.compile(
    r"name(?P<q>\\{0,3}\")\s*:\s*(?P=q)(?P<name>[^\"\\]{1,140})(?P=q)\s*,\s*"
    r"(?:(?P=q)type(?P=q)\s*:\s*(?P=q)\w{1,20}(?P=q)\s*,\s*)?"
    r"(?P=q)value(?P=q)\s*:\s*(?P=q)(?P<value>[^\s\"\\]{8,4000})(?P=q)"
)
"""An environment variable, a parameter or a result, in JSON, and in JSON that is a text in JSON."""
_NAMES = re.compile(rf"(?:{_WORDS}|token|secret)(?:[_.-]\w{{1,20}})?\Z", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"\$[({A-Za-z_]|<[^>]*>|\{\{|\*{3}|x{4,}|\u2022|\u2039|redacted|masked|hidden|changeme|example"
    r"|placeholder|sha256:|hmac|%s",
    re.IGNORECASE,
)
_NAME = re.compile(r"[a-z]+(?:[-._][a-z0-9]+)*|[A-Z]+(?:_[A-Z0-9]+)*|/.*|\./.*|[0-9.]+")
"""Names of objects, keys and variables, paths and numbers: they point to a secret, and are none."""
_MIXED = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])")


def hidden(text: str) -> str:
    """Return a text with marks in the place of what looks like a token or a password.

    It is for text that is about to be kept: whoever registers no secret has no other filter.
    """
    return edited(
        text, ((start, end, f"\u2039leak:{what}\u203a") for start, end, what in unregistered(text))
    )


def hidden_value(name: str, text: str) -> str:
    """Return the value of a parameter, a result or a variable, hidden where its name says so."""
    if _NAMES.search(name) and is_value(text):
        return f"\u2039leak:{name}\u203a"
    return hidden(text)


def unregistered(text: str) -> Iterator[tuple[int, int, str]]:
    """Find tokens by how they begin, and values by the name that they have, in order."""
    found = [
        (*one.span(), str(one.lastgroup).replace("_", "-"))
        for start in _places(text, _BEGINS)
        if (one := _TOKEN.match(text, start))
    ]
    found += _named(text)
    found += [
        (*one.span("value"), one["name"].lower())
        for one in _PAIR.finditer(text)
        if _NAMES.search(one["name"]) and is_value(one["value"])
    ]
    at = 0
    for start, end, what in sorted(found):
        if start >= at:
            yield start, end, what
            at = end


def _named(text: str) -> Iterator[tuple[int, int, str]]:
    """Find values behind a name and `=` or `:`."""
    lowered = text.lower()
    if len(lowered) != len(text):  # of few letters there is a longer one
        lowered = text
    for word in _ENDS:
        over = 0
        for start in _places(lowered, (word,)):
            end = start + len(word)
            if start < over:
                continue
            given = _GIVEN.match(text, end)
            over = given.end() if given else end
            if given is None or not is_value(given["value"]):
                continue
            before = _BEFORE.search(text, max(0, start - 80), start)
            name = f"{before[0] if before else ''}{text[start:end]}"[-60:]
            if _NAMED.fullmatch(name):
                yield *given.span("value"), name.lower()


def _places(text: str, words: Iterable[str]) -> Iterator[int]:
    for word in words:
        at = text.find(word)
        while at >= 0:
            yield at
            at = text.find(word, at + 1)


def is_value(value: str) -> bool:
    """Tell a value from a name, a path, a word, a mark in its place, or a hint where it is."""
    if is_placeholder(value) or _NAME.fullmatch(value):
        return False
    return _MIXED.match(value) is not None


def is_placeholder(value: str) -> bool:
    """Tell what stands in the place of a value."""
    return _PLACEHOLDER.search(value) is not None
