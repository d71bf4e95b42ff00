"""The grammar of GitHub's expressions, read whole: text to tree.

As in actions/runner (Sdk/Expressions) and actions/languageservices (expressions): at most 21,000
characters, and 50 levels deep, groups counted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from checks.wire.workflows.coercion import number_of

LENGTH = 21_000
DEPTH = 50


class ExpressionError(ValueError):
    """Text that is no expression; `offset` is where in it, from 0."""

    def __init__(self, offset: int, words: str) -> None:
        super().__init__(words)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal: null, a boolean, a number or a text."""

    value: bool | float | str | None
    at: int
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Context:
    """A context by its name, such as `github`."""

    name: str
    at: int
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Index:
    """A member of something: `a.b`, `a['b']`, `a[0]`; `by` is None for all of them, `a.*`."""

    of: "Expression"
    by: "Expression | None"
    at: int
    depth: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function called."""

    name: str
    arguments: tuple["Expression", ...]
    at: int
    depth: int


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator on what stands at its sides: `!` has one, `&&` and `||` two or more."""

    operator: str
    operands: tuple["Expression", ...]
    at: int
    depth: int


Expression = Literal | Context | Index | Call | Operation


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Return the tree of an expression; raises `ExpressionError` for what is none."""
    if len(text) > LENGTH:
        raise ExpressionError(0, f"the expression has more than {LENGTH:,} characters")
    return _Parser(text).whole()


def walk(tree: Expression) -> Iterator[Expression]:
    """Yield the expression and all that it is made of, as they stand in the text."""
    yield tree
    match tree:
        case Index(of, by):
            yield from walk(of)
            if by is not None:
                yield from walk(by)
        case Call(_, parts) | Operation(_, parts):
            for part in parts:
                yield from walk(part)


_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^']|'')*')
    | (?P<operator>!=|>=|<=|==|&&|\|\||[!<>])
    | (?P<mark>[()\[\],*])
    | (?P<dot>\.)
    | (?P<number>[-+0-9][^()\[\],!<>=&|\s]*)
    | (?P<word>[A-Za-z_][A-Za-z0-9_-]*)(?=[()\[\],.!<>=&|\s]|$)
    | (?P<odd>\S[^()\[\],.!<>=&|\s]*)
    )""",
    re.VERBOSE,
)
_FRACTION = re.compile(r"\.[^()\[\],!<>=&|\s]*")
_WORDS = {"null": None, "true": True, "false": False, "NaN": "NaN", "Infinity": "Infinity"}
_PRECEDENCE = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4}
_END = ("end", "", -1)
_Token = tuple[str, str, int]


def _tokens(text: str) -> list[_Token]:
    """Split into tokens: their kind, their text and where they begin."""
    found: list[_Token] = []
    at = 0
    while at < len(text):
        one = _TOKEN.match(text, at)
        if one is None:  # nothing but space is left
            break
        kind = one.lastgroup or "odd"
        start = one.start(kind)
        if kind == "dot" and not _goes_on(found):
            kind, one = "number", _FRACTION.match(text, start) or one
        at = one.end()
        found.append((kind, text[start:at], start))
    return found


def _goes_on(before: list[_Token]) -> bool:
    """Tell whether a dot after these tokens stands for a member of what is before it."""
    return bool(before) and (before[-1][0] == "word" or before[-1][1] in (")", "]", "*"))


class _Parser:
    """Reads tokens by precedence; its recursion is bounded by `DEPTH`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._next = 0
        self._groups = 0

    def whole(self) -> Expression:
        if not self._tokens:
            raise ExpressionError(0, "an expression is missing")
        tree = self._expression()
        if self._next < len(self._tokens):
            self._unexpected()
        return tree

    def _peek(self) -> _Token:
        return self._tokens[self._next] if self._next < len(self._tokens) else _END

    def _take(self, text: str) -> bool:
        kind, found, _ = self._peek()
        if found == text and kind in ("operator", "mark", "dot"):
            self._next += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._take(text):
            self._unexpected()

    def _unexpected(self) -> None:
        kind, text, at = self._peek()
        if kind == "end":
            raise ExpressionError(len(self._text.rstrip()), "the expression ends too early")
        if text.startswith("'") and kind == "odd":
            raise ExpressionError(at, "the text that begins here has no end (')")
        if text.startswith('"'):
            raise ExpressionError(at, "texts stand in single quotes")
        raise ExpressionError(at, f"unexpected: {text[:40]}")

    def _nested(self) -> Expression:
        """Read what stands in brackets."""
        self._groups += 1
        self._bound(self._groups)
        found = self._expression()
        self._groups -= 1
        return found

    def _expression(self, least: int = 1) -> Expression:
        left = self._operand()
        while True:
            kind, operator, at = self._peek()
            rank = _PRECEDENCE.get(operator, 0) if kind == "operator" else 0
            if rank < least:
                return left
            self._next += 1
            left = self._joined(operator, left, self._expression(rank + 1), at)

    def _joined(self, operator: str, left: Expression, right: Expression, at: int) -> Operation:
        operands: tuple[Expression, ...] = (left, right)
        if operator in ("&&", "||") and isinstance(left, Operation) and left.operator == operator:
            operands = (*left.operands, right)  # GitHub takes a row of them for one
        depth = 1 + max(left.depth if len(operands) == 2 else left.depth - 1, right.depth)  # noqa: PLR2004 - two sides
        return Operation(operator, operands, at, self._bound(depth))

    def _bound(self, depth: int) -> int:
        if depth > DEPTH:
            at = self._tokens[min(self._next, len(self._tokens) - 1)][2]
            raise ExpressionError(at, f"the expression is deeper than {DEPTH} levels")
        return depth

    def _operand(self) -> Expression:
        nots: list[int] = []
        while self._peek()[:2] == ("operator", "!"):
            nots.append(self._peek()[2])
            self._next += 1
        found = self._members()
        for at in reversed(nots):
            found = Operation("!", (found,), at, self._bound(found.depth + 1))
        return found

    def _members(self) -> Expression:
        kind, _, _ = self._peek()
        found, is_literal = self._primary(), kind in ("text", "number")
        while not (is_literal or isinstance(found, Literal)):
            at = self._peek()[2]
            if self._take("."):
                by = self._member()
            elif self._take("["):
                by = None if self._take("*") else self._nested()
                self._expect("]")
            else:
                break
            deepest = max(found.depth, by.depth if by else 1)
            found = Index(found, by, at, self._bound(deepest + 1))
        return found

    def _member(self) -> Expression | None:
        if self._take("*"):
            return None
        kind, text, at = self._peek()
        if kind != "word":
            self._unexpected()
        self._next += 1
        return Literal(text, at)

    def _primary(self) -> Expression:
        kind, text, at = self._peek()
        if kind == "mark" and text == "(":
            self._next += 1
            found = self._nested()
            self._expect(")")
            return found
        if kind not in ("text", "number", "word"):
            self._unexpected()
        self._next += 1
        if kind == "text":
            return Literal(text[1:-1].replace("''", "'"), at)
        if kind == "number":
            return self._number(text, at)
        return self._word(text, at)

    def _number(self, text: str, at: int) -> Literal:
        number = number_of(text)
        if number != number:  # noqa: PLR0124 - not a number
            raise ExpressionError(at, f"unexpected: {text[:40]}")
        return Literal(number, at)

    def _word(self, text: str, at: int) -> Expression:
        if text in _WORDS:
            value = _WORDS[text]
            return Literal(float(value) if isinstance(value, str) else value, at)
        if not self._take("("):
            return Context(text, at)
        arguments: list[Expression] = []
        while not self._take(")"):
            if arguments:
                self._expect(",")
            arguments.append(self._nested())
        depth = 1 + max((one.depth for one in arguments), default=0)
        return Call(text, tuple(arguments), at, self._bound(depth))
