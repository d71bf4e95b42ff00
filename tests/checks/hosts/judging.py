"""What a test says of a check: that it is violated, by what, and what it remarks."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def violated(*saw: str) -> Iterator[None]:
    """Expect a violation whose text has each of these."""
    with pytest.raises(AssertionError) as raised:
        yield
    worded = re.match(r"expected .+?\n *saw (.+)", str(raised.value), re.DOTALL)
    assert worded, raised.value
    for one in saw:
        assert one in worded[1], worded[1]


class Remarks(list[str]):
    """Collects what a check remarks."""

    def __call__(self, text: str) -> None:
        self.append(text)
