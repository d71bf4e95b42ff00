"""Texts that are cut where a secret stands: no half of it is kept, which no filter would know."""

import asyncio
import sys
from collections.abc import Callable, Iterator

import pytest

from checks.rollout.told.probe import Asked, ask_tool
from checks.wire.git_words import said_by_git, shorten
from checks.wire.printable import printable
from fixtures.github.tokens import hold_tokens
from fixtures.github.words import shown
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local

SECRET = "Zq9vXw7pLk2mNb5tRc8yHd4f"
LEAST = 4
"""Characters of it that may stand in a text by chance."""


@pytest.fixture(autouse=True)
def _held() -> Iterator[None]:
    hold_tokens([("deploy", SECRET)])
    yield
    hold_tokens(())


def has_part(text: str) -> bool:
    parts = range(len(SECRET) - LEAST)
    return any(SECRET[at : at + LEAST + 1] in text for at in parts)


@pytest.mark.parametrize(
    ("cut", "limit"),
    [
        (shown, 300),
        (lambda text: shown(text, 80), 80),
        (printable, 200),
        (shorten, 32768),
        (lambda text: shorten(f"{text[::-1]}{'y' * 32768}"), 32768),
        (said_by_git, 2048),
    ],
)
def test_of_a_secret_at_the_cut_nothing_is_kept(cut: Callable[[str], str], limit: int) -> None:
    for before in range(limit - len(SECRET) - 1, limit + 1):
        text = f"{'x' * before}{SECRET}{'x' * 2 * limit}"
        assert not has_part(cut(text)), before
        assert not has_part(cut(text)[::-1]), before


@pytest.mark.parametrize("behind", range(290, 302, 3))
def test_the_end_of_what_a_command_said_begins_with_no_half_of_a_secret(behind: int) -> None:
    script = f"print({SECRET!r} + {'x' * (behind - 10)!r}); raise SystemExit(3)"
    asked = Asked("status", "control-plane", (sys.executable, "-c", script), None)

    with pytest.raises(VantageError) as raised:
        asyncio.run(ask_tool(asked, Local(), deadline=30))

    said = raised.value.reason.partition("ended with 3")[2]
    assert said
    assert not has_part(said)
