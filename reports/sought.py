"""Where registered secrets stand in a text, in any of their forms, and whatever nobody sees."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from reports.forms import ESCAPED, Form, forms
from reports.runs import Runs
from reports.unseen import seen


@dataclass(frozen=True)
class Hidden:
    """A registered secret."""

    name: str
    value: str

    @cached_property
    def forms(self) -> tuple[Form, ...]:
        """What it is looked for as; none if its parts tell enough of it."""
        return forms(self.value)


class Sought:
    """Some secrets, each known by its rank. What nobody sees may stand between their characters."""

    def __init__(self, hidden: Sequence[Hidden]) -> None:
        """Take the secrets, the longest first."""
        self._hidden = hidden
        self._runs = Runs((one.value, not one.forms) for one in hidden)

    def may_be_in(self, text: str) -> bool:
        """Tell quickly whether any of them may be in the text."""
        if not self._hidden:
            return False
        escaped = _is_escaped(text)
        return self._may_be_in(text, escaped=escaped) or any(
            self._may_be_in(one.text, escaped=escaped) for one in seen(text, escaped=escaped)
        )

    def spans(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Find them and parts of them: where, and the rank of whose it is."""
        if not self._hidden:
            return
        escaped = _is_escaped(text)
        yield from self._spans(text, escaped=escaped)
        for one in seen(text, escaped=escaped):
            for start, end, rank in self._spans(one.text, escaped=escaped):
                yield one.begin(start), one.end(end), rank

    def begins_at(self, text: str) -> int:
        """Return where the text's end may begin one of them, or the text's length."""
        if not self._hidden:
            return len(text)
        at = self._begins_at(text)
        for one in seen(text, escaped=_is_escaped(text)):
            at = min(at, one.begin(self._begins_at(one.text)))
        return at

    def begun(self, text: str) -> tuple[int, int]:
        """Return the same where so much is there that it has to be hidden, and whose it is."""
        if not self._hidden:
            return len(text), -1
        at, rank = self._begun(text)
        for one in seen(text, escaped=_is_escaped(text)):
            first, other = self._begun(one.text)
            at, rank = min((at, rank), (one.begin(first), other))
        return at, rank

    def _may_be_in(self, text: str, *, escaped: bool) -> bool:
        for hidden in self._hidden:
            for form in hidden.forms:
                if form.may_be_in(text, escaped=escaped):
                    return True
        return self._runs.may_be_in(text, escaped=escaped)

    def _spans(self, text: str, *, escaped: bool) -> Iterator[tuple[int, int, int]]:
        for rank, hidden in enumerate(self._hidden):
            for form in hidden.forms:
                yield from ((*span, rank) for span in form.spans(text, escaped=escaped))
        yield from self._runs.spans(text, escaped=escaped)

    def _begins_at(self, text: str) -> int:
        each = (form.begins_at(text) for hidden in self._hidden for form in hidden.forms)
        return min(self._runs.begins_at(text), *each, len(text))

    def _begun(self, text: str) -> tuple[int, int]:
        at, rank = self._runs.begun(text)
        for other, hidden in enumerate(self._hidden):
            for form in hidden.forms:
                at, rank = min((at, rank), (form.is_begun_at(text), other))
        return at, rank


def _is_escaped(text: str) -> bool:
    return ESCAPED.search(text) is not None
