"""Status commands: run where they are, to their end or their deadline, and read defensively."""

import asyncio
import re
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime

from checks.rollout.source.seen import Target
from checks.rollout.told.reading import find_object
from checks.rollout.told.seen import Told
from checks.wire.git_words import shorten
from fixtures.clusters.plain_json import whole
from fixtures.github.tokens import hiding, marked
from fixtures.sightings import by_hand
from fixtures.vantages import Output, SourceError, Vantage
from fixtures.vantages.commands import LIMIT
from reports.likely import hidden

_COMMIT = "{commit}"
_NOT_FOUND = 127
_HEARD = 300
_TELLING = re.compile("\u2039|\\bretr(?:y|ies)\\b", re.IGNORECASE)
"""What makes a line tell of a secret in it, by the mark in its place, or of retries."""
_LINES = 100
_LEFT_OUT = "--- lines of what was left out:"


@dataclass(frozen=True, slots=True)
class Asked:
    """A status command: all but the commit is filled in."""

    name: str
    tells: str
    argv: tuple[str, ...]
    prefix: str | None

    @property
    def is_of_a_commit(self) -> bool:
        """Whether it has to be told which commit is meant."""
        return any(_COMMIT in word for word in self.argv)

    def __str__(self) -> str:
        return f"`{self.name}`"


@by_hand(lambda asked: shlex.join(asked.argv))
async def ask_tool(asked: Asked, vantage: Vantage, *, deadline: float) -> Told:
    """Run a status command, and keep the JSON that it wrote.

    Raises `VantageError` where it cannot be run, does not end by the deadline (seconds), or
    writes no JSON object. An exit status is no verdict: it is kept.
    """
    return await _ask(asked, asked.argv, vantage, deadline)


@by_hand(lambda asked: shlex.join(asked.argv))
async def ask_tool_about(
    asked: Asked, vantage: Vantage, target: Target, *, deadline: float
) -> Told:
    """Run a status command about the commit that is to be proved; see `ask_tool`."""
    argv = tuple(word.replace(_COMMIT, target.commit) for word in asked.argv)
    return await _ask(asked, argv, vantage, deadline)


async def _ask(asked: Asked, argv: tuple[str, ...], vantage: Vantage, deadline: float) -> Told:
    at, command = datetime.now(UTC), shlex.join(argv)
    ended = await vantage.run(argv, deadline=deadline)
    text = whole(ended.out.decode("utf-8", "replace").removeprefix("\ufeff"))
    if ended.status is None:
        heard = _heard(ended) or "nothing"
        raise SourceError(
            f"`{command}` did not end within {deadline:g} s; it had said {heard}",
            "run it by hand, and look what it waits for; or raise its deadline in the profile",
        )
    found = await asyncio.to_thread(find_object, text) if len(ended.out) <= LIMIT else None
    if found is None:
        raise _no_object(command, ended)
    return Told(
        name=asked.name,
        tells=asked.tells,
        command=command,
        prefix=asked.prefix,
        status=ended.status,
        document=hidden(found),
        transcript=await asyncio.to_thread(_kept, _transcript(text, ended), found),
        seconds=ended.seconds,
        at=at,
    )


def _no_object(command: str, ended: Output) -> SourceError:
    if ended.status == _NOT_FOUND:
        said = f"`{command}` cannot be run: {_heard(ended)}"
        return SourceError(said, "install it there, or correct its argv in the profile")
    if len(ended.out) > LIMIT:
        said = f"`{command}` wrote more than {LIMIT} bytes"
        return SourceError(said, "let it tell less: name the option that makes it brief")
    said = f"`{command}` wrote no JSON object and ended with {ended.status}: {_heard(ended)}"
    return SourceError(said, "give it the option that makes it write JSON, or mend the tool")


def _heard(ended: Output) -> str:
    """Return the end of what it wrote, in one line."""
    every = [marked(one.decode("utf-8", "replace")) for one in (ended.out, ended.err)]
    words = [hidden(one).split() for one in every]
    said = "; ".join(" ".join(one) for one in words if one)
    return f"…{said[-_HEARD:]}" if len(said) > _HEARD else said


def _kept(printed: str, found: str) -> str:
    """Return what is kept of what it wrote: of much, also the lines of the middle that tell.

    They are those in which a secret stood, which is hidden, and those of retries. The JSON that
    was found is kept beside this, and stands in the way of the rest.
    """
    text = hidden(printed)
    if (short := shorten(text)) == text:
        return text
    text = hiding().redact(hidden(printed.replace(found, "{…}", 1)))
    short = shorten(text)
    told = (_around(line) for line in text.splitlines() if _TELLING.search(line))
    lost = [line for line in dict.fromkeys(told) if line not in short][:_LINES]
    return "\n".join((short, _LEFT_OUT, *lost)) if lost else short


def _around(line: str) -> str:
    found = _TELLING.search(line)
    return line[max(0, found.start() - _HEARD) :][: 3 * _HEARD] if found else ""


def _transcript(text: str, ended: Output) -> str:
    err = ended.err.decode("utf-8", "replace")
    return f"{text}\n--- its error output:\n{err}" if err.strip() else text
