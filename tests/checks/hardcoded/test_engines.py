"""Both engines find the same: Hyperscan is quick, and `re` is the reference."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.hardcoded.engines import WINDOW, Expression, finder_for, matches_in

pytest.importorskip("hyperscan", reason="no engine to compare with on this machine")

Hits = list[tuple[int, int, int, tuple[tuple[int, int], ...]]]

_PIECES = st.sampled_from(
    [
        *("a", "b", "ab", ".", r"\w", r"\d", r"\s", r"\b", r"\W", "[ab1]", "[^a]", "(?:a|b1)", "1"),
        *("a+", "b*", "1?", "a{1,3}", "(a|b)+", "a.*b", r"\s*", "[^b]+?", "(?i:A)", "^", "$", "é"),
        *("(?=b)", "(?!b)", "(?<=a)", "(?<!1)", r"(?P<q>[ab])1(?P=q)", "(?>a|ab)", "a++"),
    ]
)
_PATTERNS = st.lists(_PIECES, min_size=1, max_size=5).map("".join)
_TEXTS = st.lists(st.text(alphabet='ab1 \tAé\r\x0b."', max_size=12), min_size=1, max_size=6).map(
    "\n".join
)


def hits(patterns: list[Expression], raw: bytes, engine: str) -> Hits:
    finder = finder_for(patterns, engine)  # type: ignore[arg-type]
    found: Hits = []
    for number, start, end in finder.lines(raw, len(raw)):
        inner = matches_in(patterns[number].compiled, raw, start, end)
        if spans := tuple(one.span() for one in inner):
            found.append((number, start, end, spans))
    return sorted(found)


def usable(pattern: str) -> bool:
    try:
        return not re.search(pattern.encode(), b"")
    except re.error:
        return False


@settings(max_examples=400, deadline=None)
@given(st.lists(_PATTERNS.filter(usable), min_size=1, max_size=3), _TEXTS, st.booleans())
def test_both_find_the_same_places(
    patterns: list[str],
    text: str,
    ignore_case: bool,  # noqa: FBT001
) -> None:
    expressions = [Expression(one, ignore_case) for one in patterns]
    raw = text.encode()

    assert hits(expressions, raw, "hyperscan") == hits(expressions, raw, "re")


def test_lines_are_looked_at_alone() -> None:
    expressions = [Expression(r"a[^x]*b"), Expression(r"^b$"), Expression(r"a(?!\s*b)")]
    raw = b"a\nb\nab\n"

    found = hits(expressions, raw, "hyperscan")

    assert found == hits(expressions, raw, "re")
    assert [(number, raw[start:end]) for number, start, end, _ in found] == [
        (0, b"ab"),
        (1, b"b"),
        (2, b"a"),
    ]


def test_what_hyperscan_does_not_take_is_searched_by_the_reference() -> None:
    expressions = [Expression("(a)?(?(1)b|c)d"), Expression("x")]
    raw = b"abd x\ncd\nd\n"

    assert hits(expressions, raw, "hyperscan") == hits(expressions, raw, "re")
    assert [one[:2] for one in hits(expressions, raw, "re")] == [(0, 0), (0, 6), (1, 0)]


def test_long_lines_are_looked_at_in_windows() -> None:
    line = b"." * WINDOW + b"needle1 " + b"." * (3 * WINDOW) + b"needle2" + b"." * 100
    raw = line + b"\nneedle3\n"
    expressions = [Expression(r"needle\d")]

    found = hits(expressions, raw, "hyperscan")

    assert found == hits(expressions, raw, "re")
    assert [spans for *_, spans in found] == [
        ((WINDOW, WINDOW + 7), (4 * WINDOW + 8, 4 * WINDOW + 15)),
        ((0, 7),),
    ]


def test_a_large_text_is_heard_in_slices() -> None:
    raw = b"xx\n" * 1_000_000 + b"needle1"

    assert hits([Expression(r"needle\d")], raw, "hyperscan") == [
        (0, 3_000_000, 3_000_007, ((0, 7),))
    ]
