"""Questions of many, asked as one: as new as their own would be, and no longer than they wait."""

import asyncio
import gc
import weakref

import pytest

from checks.wire.shared_asking import SharedAsking


class FarSide:
    """Answers each question with its number and names, once it is let; or with an error."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.refuses = refuses
        self.begun, self.lets = asyncio.Event(), asyncio.Event()

    async def ask(self, names: tuple[str, ...], deadline: float) -> int:
        self.asked.append(names)
        self.begun.set()
        number = len(self.asked)
        await self.lets.wait()
        if self.refuses:
            raise ValueError("no")
        return number


def test_who_asks_at_once_is_answered_at_once() -> None:
    async def ask() -> None:
        sharing: SharedAsking[int] = SharedAsking()
        side = FarSide()
        side.lets.set()

        said = await asyncio.gather(
            *(sharing.asked("far", (name, "all"), side.ask, deadline=5) for name in "abc")
        )

        assert said == [1, 1, 1]
        assert side.asked == [("a", "all", "b", "c")]

    asyncio.run(ask())


def test_who_asks_while_an_answer_is_on_its_way_is_told_by_the_next() -> None:
    async def ask() -> None:
        sharing: SharedAsking[int] = SharedAsking()
        side = FarSide()

        first = asyncio.create_task(sharing.asked("far", "a", side.ask, deadline=5))
        await side.begun.wait()
        later = [asyncio.create_task(sharing.asked("far", x, side.ask, deadline=5)) for x in "bc"]
        await asyncio.sleep(0)
        side.lets.set()

        assert await first == 1
        assert [await one for one in later] == [2, 2]
        assert side.asked == [("a",), ("b", "c")]

    asyncio.run(ask())


def test_far_sides_do_not_wait_for_each_other() -> None:
    async def ask() -> None:
        sharing: SharedAsking[int] = SharedAsking()
        silent, side = FarSide(), FarSide()
        side.lets.set()

        waiting = asyncio.create_task(sharing.asked("silent", "a", silent.ask, deadline=60))
        await asyncio.sleep(0)

        assert await sharing.asked("far", "a", side.ask, deadline=5) == 1
        waiting.cancel()

    asyncio.run(ask())


def test_a_question_has_so_many_names_and_the_rest_is_another_one() -> None:
    async def ask() -> None:
        sharing: SharedAsking[int] = SharedAsking()
        side = FarSide()
        side.lets.set()

        names = [str(number) for number in range(600)]
        await asyncio.gather(
            *(sharing.asked("far", (one,), side.ask, deadline=30) for one in names)
        )

        assert [len(asked) for asked in side.asked] == [250, 250, 100]
        assert sorted(one for asked in side.asked for one in asked) == sorted(names)

    asyncio.run(ask())


def test_all_are_told_of_an_error_and_the_next_question_is_asked() -> None:
    async def ask() -> None:
        sharing: SharedAsking[int] = SharedAsking()
        side = FarSide(refuses=True)
        side.lets.set()

        said = await asyncio.gather(
            *(sharing.asked("far", name, side.ask, deadline=5) for name in "ab"),
            return_exceptions=True,
        )
        side.refuses = False

        assert [str(one) for one in said] == ["no", "no"]
        assert await sharing.asked("far", "c", side.ask, deadline=5) == 2

    asyncio.run(ask())


def test_who_waits_too_long_ends_and_the_others_are_told() -> None:
    async def ask() -> None:
        sharing: SharedAsking[int] = SharedAsking()
        side = FarSide()

        patient = asyncio.create_task(sharing.asked("far", "b", side.ask, deadline=30))
        with pytest.raises(TimeoutError):
            await sharing.asked("far", "a", side.ask, deadline=0.01)
        side.lets.set()

        assert await patient == 1

    asyncio.run(ask())


def test_what_nobody_wants_to_know_any_more_holds_up_nobody() -> None:
    async def ask() -> None:
        sharing: SharedAsking[int] = SharedAsking()
        silent, side = FarSide(), FarSide()
        side.lets.set()

        for name in "ab":  # the second waits for the first, and is never asked
            with pytest.raises(TimeoutError):
                await sharing.asked("far", name, silent.ask, deadline=0.01)

        assert await sharing.asked("far", "c", side.ask, deadline=30) == 1
        assert side.asked == [("c",)]

    asyncio.run(asyncio.wait_for(ask(), 20))


def test_who_joins_as_the_first_one_leaves_is_answered() -> None:
    async def ask() -> None:
        sharing: SharedAsking[int] = SharedAsking()
        silent, side = FarSide(), FarSide()
        side.lets.set()

        asking = asyncio.create_task(sharing.asked("far", "a", silent.ask, deadline=30))
        await silent.begun.wait()
        leaving = asyncio.create_task(sharing.asked("far", "b", side.ask, deadline=30))
        await asyncio.sleep(0)
        leaving.cancel()
        joining = asyncio.create_task(sharing.asked("far", "c", side.ask, deadline=30))
        await asyncio.wait([leaving])
        silent.lets.set()

        assert (await asking, await joining) == (1, 1)

    asyncio.run(asyncio.wait_for(ask(), 20))


def test_an_error_that_nobody_waits_for_is_not_told_as_lost() -> None:
    async def ask() -> list[object]:
        lost: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, told: lost.append(told))
        sharing: SharedAsking[int] = SharedAsking()
        side = FarSide(refuses=True)
        waiting = asyncio.create_task(sharing.asked("far", "a", side.ask, deadline=30))
        await side.begun.wait()
        waiting.cancel()
        await asyncio.wait([waiting])
        side.lets.set()
        if others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others)
        del others, sharing, waiting
        gc.collect()
        return lost

    assert asyncio.run(ask()) == []


def test_an_answer_does_not_hold_the_loop_that_is_over() -> None:
    sharing: SharedAsking[int] = SharedAsking()

    async def ask() -> "weakref.ref[asyncio.AbstractEventLoop]":
        side = FarSide()
        side.lets.set()
        assert await sharing.asked("far", "a", side.ask, deadline=5) == 1
        return weakref.ref(asyncio.get_running_loop())

    loop = asyncio.run(ask())

    gc.collect()
    assert loop() is None
