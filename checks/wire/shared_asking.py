"""One question at a time to a far side: whoever asks meanwhile is answered by the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")
Ask = Callable[[tuple[str, ...], float], Awaitable[T]]
"""Asks for names, with a hard end in so many seconds."""
_MOST = 250
"""Names of one question: they are a command's arguments."""
_MOMENT = 0.5
"""Seconds after its deadline in which a question that has just ended says why."""


@dataclass(eq=False, slots=True)
class _Question(Generic[T]):
    """What several want to know, and the task that finds it out once it is asked."""

    after: "asyncio.Task[T] | None"
    names: dict[str, None] = field(default_factory=dict)
    deadline: float = 0.0
    answer: "asyncio.Task[T] | None" = None
    is_asked: bool = False
    waiting: int = 0
    """How many want to know it."""


class SharedAsking(Generic[T]):
    """Joins what is asked of each far side at the same time, on each event loop."""

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self._last: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Hashable, _Question[T]]] = (
            WeakKeyDictionary()
        )

    async def asked(
        self, far_side: Hashable, names: Iterable[str], ask: Ask[T], *, deadline: float
    ) -> T:
        """Return what comes of asking for these names, and of others that are asked for as well.

        It is asked after this was called, so that it is as new as one's own question would be.
        Raises what asking raises, and `TimeoutError` after the deadline, in seconds.
        """
        loop = asyncio.get_running_loop()
        last = self._last.setdefault(loop, {})
        question = last.get(far_side)
        if question is None or question.is_asked or len(question.names) >= _MOST:
            question = last[far_side] = _Question(question.answer if question else None)
            question.answer = loop.create_task(_answer(question, ask))
            question.answer.add_done_callback(_take_notice)
        question.names.update(dict.fromkeys(names))
        question.deadline = max(question.deadline, deadline)
        assert question.answer is not None
        question.waiting += 1
        try:
            async with asyncio.timeout(deadline + _MOMENT):
                return await asyncio.shield(question.answer)  # who waits may end; others go on
        finally:
            question.waiting -= 1
            if not question.waiting:  # the next is not to wait for what nobody wants to know
                question.answer.cancel()
                if last.get(far_side) is question:  # its task would hold the loop
                    del last[far_side]


def _take_notice(answer: "asyncio.Task[T]") -> None:
    """Let asyncio not tell of an error as lost that came when nobody waited any more."""
    if not answer.cancelled():
        answer.exception()


async def _answer(question: _Question[T], ask: Ask[T]) -> T:
    """Ask, once what was asked before is answered, for all that is wanted by then."""
    if question.after is not None:
        await asyncio.wait([question.after])
        question.after = None
    question.is_asked = True
    return await ask(tuple(question.names), question.deadline)
