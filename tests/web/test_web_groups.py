"""Do requests that wait share a commit, and does none of them suffer for another?"""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from outreach.errors import Trouble
from outreach.web.groups import Groups

Carried = list[tuple[str, list[int]]]


async def all_of(groups: Groups[int, int], *asked: tuple[str, int]) -> list[int | BaseException]:
    return await asyncio.gather(
        *(groups.carried(lane, item) for lane, item in asked), return_exceptions=True
    )


def test_what_waits_while_a_group_is_under_way_is_the_next_group() -> None:
    carried: Carried = []
    held, begun = threading.Event(), threading.Event()

    def carry(lane: str, items: Sequence[int]) -> Sequence[int]:
        carried.append((lane, list(items)))
        begun.set()
        assert held.wait(10)
        return [item * 10 for item in items]

    async def come() -> list[int]:
        groups = Groups[int, int](carry)
        first = asyncio.ensure_future(groups.carried("a", 1))
        await asyncio.to_thread(begun.wait, 10)
        others = [asyncio.ensure_future(groups.carried("a", n)) for n in (2, 3, 4)]
        await asyncio.sleep(0)  # they wait now
        held.set()
        return await asyncio.gather(first, *others)

    assert asyncio.run(come()) == [10, 20, 30, 40]
    assert carried == [("a", [1]), ("a", [2, 3, 4])]


def test_one_that_cannot_be_carried_out_fails_alone() -> None:
    def carry(_lane: str, items: Sequence[int]) -> Sequence[int]:
        if 3 in items:
            raise ValueError(3)
        return list(items)

    told = asyncio.run(all_of(Groups(carry), *(("a", n) for n in range(1, 6))))
    assert [one for one in told if not isinstance(one, ValueError)] == [1, 2, 4, 5]
    assert isinstance(told[2], ValueError)


def test_a_lane_that_is_held_up_holds_up_no_other() -> None:
    held = threading.Event()

    def carry(lane: str, items: Sequence[int]) -> Sequence[int]:
        assert lane == "free" or held.wait(10)
        return list(items)

    async def come() -> list[int]:
        groups = Groups[int, int](carry)
        stuck = asyncio.ensure_future(groups.carried("held", 1))
        free = await groups.carried("free", 2)
        assert not stuck.done()
        held.set()
        return [await stuck, free]

    assert asyncio.run(come()) == [1, 2]


def test_beyond_so_many_that_wait_everybody_is_told_to_come_again() -> None:
    def carry(_lane: str, items: Sequence[int]) -> Sequence[int]:
        return list(items)

    async def come() -> list[list[int | BaseException]]:
        groups = Groups[int, int](carry, most=2)
        return [await all_of(groups, *(("a", n) for n in range(3))) for _ in range(2)]

    for *taken, refused in asyncio.run(come()):
        assert taken == [0, 1]
        assert isinstance(refused, Trouble)


def test_while_the_database_is_away_not_each_of_a_group_waits_for_it() -> None:
    asked: list[int] = []

    def carry(_lane: str, items: Sequence[int]) -> Sequence[int]:
        asked.extend(items)
        raise Trouble

    told = asyncio.run(all_of(Groups(carry), *(("a", n) for n in range(50))))
    assert all(isinstance(one, Trouble) for one in told)
    assert len(asked) == 50 + 2


def test_whoever_went_away_meanwhile_leaves_the_others_their_answers() -> None:
    async def come() -> int:
        groups = Groups[int, int](lambda _, items: list(items))
        gone = asyncio.ensure_future(groups.carried("a", 1))
        here = asyncio.ensure_future(groups.carried("a", 2))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        return await here

    assert asyncio.run(come()) == 2
