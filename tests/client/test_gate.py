"""How many requests may be on their way at once: by the API's own word, and few without it."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.api_spec.rate_limit import requests_left
from pinned_tui.client.throttle import Throttle


def gate(left: int | None = None) -> Throttle:
    made = Throttle(most=32, untold=8)
    if left is not None:
        asyncio.run(_told(made, left))
    return made


async def _told(made: Throttle, left: int) -> None:
    async with made.passing() as passed:
        made.tell(left, passed)


@pytest.mark.parametrize(
    ("left", "width"),
    [(None, 8), (1000, 32), (64, 32), (63, 31), (12, 6), (3, 1), (2, 1), (1, 1), (0, 1)],
)
def test_half_of_what_is_left_may_go_at_once(left: int | None, width: int) -> None:
    assert gate(left).width == width


@pytest.mark.parametrize(("left", "spent"), [(None, False), (2, False), (1, True), (0, True)])
def test_the_last_request_is_left_to_the_person(left: int | None, spent: bool) -> None:
    assert gate(left).spent is spent


def test_without_a_word_the_most_is_a_bound_too() -> None:
    assert Throttle(most=1, untold=8).width == 1


async def test_an_older_word_that_comes_later_does_not_count() -> None:
    made = gate()
    async with made.passing() as first, made.passing() as second:
        made.tell(6, second)
        made.tell(50, first)
    assert made.width == 3


async def test_a_window_that_began_anew_counts() -> None:
    made = gate()
    async with made.passing() as first:
        made.tell(2, first)
    async with made.passing() as later:
        made.tell(60, later)
    assert made.width == 30


async def test_an_answer_without_a_word_changes_nothing() -> None:
    made = gate()
    async with made.passing() as first:
        made.tell(10, first)
    async with made.passing() as later:
        made.tell(None, later)
    assert made.width == 5


async def test_who_goes_away_while_waiting_holds_nobody_up() -> None:
    made, went = Throttle(most=1, untold=1), []

    async def go(name: str) -> None:
        async with made.passing():
            went.append(name)
            await asyncio.sleep(0.01)

    tasks = [asyncio.create_task(go(name)) for name in "abc"]
    await asyncio.sleep(0)
    tasks[1].cancel()
    await asyncio.wait(tasks, timeout=1)
    assert went == ["a", "c"]


class Api:
    """Has so many requests left, counts those on their way, and answers in an order of chance."""

    def __init__(self, left: int, delays: list[int]) -> None:
        self.left = left
        self.refused = self.out = self.widest = 0
        self._delays = iter(delays)

    async def answer(self) -> int | None:
        """Return what is left, or None where none was."""
        self.out += 1
        self.widest = max(self.widest, self.out)
        for _ in range(next(self._delays, 0)):
            await asyncio.sleep(0)
        if self.left == 0:
            self.refused += 1
            left = None
        else:
            self.left -= 1
            left = self.left
        for _ in range(next(self._delays, 0)):
            await asyncio.sleep(0)
        self.out -= 1
        return left


async def _drive(made: Throttle, api: Api, requests: int) -> None:
    limited = asyncio.Event()

    async def send() -> None:
        async with made.passing() as passed:
            if limited.is_set():
                return
            left = await api.answer()
            if left is None:
                limited.set()
            made.tell(left, passed)

    await send()
    await asyncio.gather(*(send() for _ in range(requests)))


@given(
    st.integers(1, 90), st.lists(st.integers(0, 9), max_size=200), st.integers(0, 120)
)  # fmt: skip
def test_no_more_than_one_request_is_refused_however_answers_overtake_each_other(
    left: int, delays: list[int], requests: int
) -> None:
    api = Api(left, delays)
    asyncio.run(_drive(Throttle(most=32, untold=8), api, requests))
    assert api.refused <= 1
    assert api.widest <= max(1, (left - 1) // 2)


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({"x-ratelimit-remaining": "17"}, 17),
        ({"x-rate-limit-remaining": " 17 "}, 17),
        ({"ratelimit-remaining": "17.0"}, 17),
        ({"ratelimit": '"key";r=17;t=30', "ratelimit-policy": '"key";q=100;w=60'}, 17),
        ({"ratelimit": '"burst";r=50;t=1, "day";r=9;t=3600'}, 9),
        ({"x-ratelimit-remaining-minute": "5", "x-ratelimit-remaining-day": "900"}, 5),
        ({"ratelimit": "limit=100, remaining=4, reset=9"}, 4),
        ({"x-ratelimit-remaining": "12, 800"}, 12),
        ({"x-ratelimit-remaining": "0.5"}, 0),
        ({"x-ratelimit-remaining-reset": "3"}, None),
        ({"x-ratelimit-limit": "100"}, None),
        ({"x-ratelimit-remaining": "many"}, None),
        ({"x-ratelimit-remaining": "-1"}, None),
        ({"retry-after": "5"}, None),
        ({}, None),
    ],
)
def test_what_is_left_is_read_in_every_spelling(fields: dict[str, str], left: int | None) -> None:
    assert requests_left(fields) == left
