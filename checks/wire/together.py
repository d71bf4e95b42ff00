"""Looking at several addresses at once."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


async def each(looks: Sequence[Coroutine[Any, Any, T]]) -> tuple[T, ...]:
    """Await all of them at once, in order; the first exception ends the others and is raised."""
    if len(looks) == 1:
        return (await looks[0],)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(look) for look in looks]
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return tuple(task.result() for task in tasks)
