"""Events that are alike: which count, how far apart, ten thousand of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.ask import Ask
from pinned_tui.privacy.secret import Secret
from pinned_tui.probes.twins import twins
from tests.checkup.scripted import CHANNELS, KEY, checked, http, serving

BEGIN = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


def event(number: int, minutes: float | None = None, **fields: Any) -> dict[str, Any]:
    made = (
        {} if minutes is None else {"createdAt": (BEGIN + timedelta(minutes=minutes)).isoformat()}
    )
    return {
        "id": number, "title": "Jazz Night", "startAt": "2099-07-01T19:00:00+02:00",
        "channelId": 7, "status": "published", **made, **fields,
    }  # fmt: skip


def in_city(place: str) -> dict[str, Any]:
    return {"approxLocation": {"city": {"placeId": place}}}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ({}, {"title": " jazz  NIGHT"}, True),
        ({}, {"startAt": "2099-07-01T17:00:00Z"}, True),
        ({}, {"title": "Jazz Nights"}, False),
        ({}, {"channelId": 8}, False),
        ({}, {"status": "draft"}, False),
        ({"locationName": "Great Hall"}, {"locationName": "great hall "}, True),
        ({"locationName": "Great Hall"}, {"locationName": "Small Hall"}, False),
        (in_city("a"), in_city("b"), False),
        ({"approxLocation": "odd"}, {"approxLocation": {"city": 3}}, True),
    ],
)  # fmt: skip
def test_which_events_are_alike(one: dict[str, Any], other: dict[str, Any], alike: bool) -> None:
    assert bool(twins([event(1, **one), event(2, **other)])) is alike


@pytest.mark.parametrize(
    ("minutes", "within", "beyond"),
    [
        ((0, 3), True, False), ((0, 16), False, True), ((0, 15), False, True),
        ((0, 3, 40), False, False), ((40, 0), False, True), ((0, None), None, None),
    ],
)  # fmt: skip
def test_the_moments_of_creation_are_held_against_the_window(
    minutes: tuple[float | None, ...], within: bool | None, beyond: bool | None
) -> None:
    (group,) = twins([event(n, minute) for n, minute in enumerate(minutes)])
    assert (group.within_window, group.beyond_window) == (within, beyond)


async def looked_at(*docs: dict[str, Any]) -> Any:
    listed = {"docs": list(docs), "totalDocs": len(docs), "limit": 100, "page": 1}
    async with serving({"/channels": CHANNELS, "/events": http("200 OK", listed)}) as base_url:
        return await checked(base_url, Ask(Secret(KEY, source="test"), twins=True))


async def test_copies_within_the_window_rule_out_that_it_had_expired() -> None:
    session = await looked_at(event(1, 0), event(2, 3))
    verdict = session.verdicts[0]
    assert verdict.cause == "duplicates-present"
    assert "3 min apart" in verdict.summary
    assert not any("idempotency-window-expired" in text for text in verdict.alternatives)


async def test_copies_beyond_the_window_leave_both_open() -> None:
    session = await looked_at(event(1, 0), event(2, 20))
    verdict = session.verdicts[0]
    assert "creates again" in verdict.summary
    assert any("idempotency-window-expired" in text for text in verdict.alternatives)
    assert any("idempotency-key-missing" in text for text in verdict.alternatives)


async def test_ten_thousand_events_are_read_to_the_end_where_duplicates_are_asked_for() -> None:
    def page(query: str) -> bytes:
        number = int(query.partition("page=")[2].partition("&")[0])
        first = (number - 1) * 100
        docs = [event(n, title=f"Show {n % 9_999}") for n in range(first, first + 100)]
        return http("200 OK", {"docs": docs, "totalDocs": 10_000, "limit": 100, "page": number})

    async with serving({"/channels": CHANNELS, "/events": page}) as base_url:
        session = await checked(base_url, Ask(Secret(KEY, source="test"), twins=True))
        narrow = await checked(base_url, Ask(Secret(KEY, source="test"), channel="7"))
    assert session.first_cause == "duplicates-present"
    assert session.verdicts[0].subject == "“Show 0” (0, 9999)"
    assert session.requests_sent == 101
    assert narrow.requests_sent == 51


NAMES = ("id", "title", "startAt", "channelId", "createdAt", "locationName", "status")
VALUES = st.one_of(
    st.none(), st.integers(), st.text(max_size=9), st.dictionaries(st.text(max_size=4), st.text())
)


@given(st.lists(st.dictionaries(st.sampled_from(NAMES), VALUES), max_size=6))
def test_odd_documents_are_passed_over(docs: list[dict[str, Any]]) -> None:
    twins(docs)
