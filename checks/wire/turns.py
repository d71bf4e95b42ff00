"""Taking turns: so many conversations with one far side at once, and not more."""

import asyncio
import time
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

_AT_ONCE = 4
"""unbound takes 10 connections as it comes, and has less patience from the sixth on."""
_PART = 0.25
"""How much of its deadline a conversation waits for its turn; a silent far side gives none."""

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Hashable, asyncio.Semaphore]] = (
    WeakKeyDictionary()
)


@asynccontextmanager
async def turn(far_side: Hashable, deadline: float) -> AsyncIterator[float]:
    """Wait until it is this one's turn, or a part of the deadline is over; gives what is left."""
    began = time.monotonic()
    of_loop = _turns.setdefault(asyncio.get_running_loop(), {})
    free = of_loop.setdefault(far_side, asyncio.Semaphore(_AT_ONCE))
    try:
        async with asyncio.timeout(deadline * _PART):
            await free.acquire()
    except TimeoutError:
        yield deadline - (time.monotonic() - began)
        return
    try:
        yield deadline - (time.monotonic() - began)
    finally:
        free.release()
