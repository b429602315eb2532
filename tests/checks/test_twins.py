"""Events that are alike: which count, how far apart, ten thousand of them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.checks.probes.duplicates import Window, compared
from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.checks.run import Progress, new_session, run_check
from pinned_tui.client.throttle import Budget
from pinned_tui.core.clock import SystemClock
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Outcome, Session
from tests.checks.follower import Follower
from tests.checks.scripted import CHANNELS, KEY, NEVER, checked, http, serving

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
        ({}, {"title": "\u200eJa\u200bzz Ni\u00adght"}, True),
        ({}, {"startAt": "2099-07-01T17:00Z"}, True),
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
    assert bool(compared([event(1, **one), event(2, **other)]).groups) is alike


@pytest.mark.parametrize(
    ("minutes", "window"),
    [
        ((0, 3), "within"), ((0, 16), "beyond"), ((0, 15), "beyond"), ((0, 3, 40), "mixed"),
        ((40, 0), "beyond"), ((0, None), None),
    ],
)  # fmt: skip
def test_the_moments_of_creation_are_held_against_the_window(
    minutes: tuple[float | None, ...], window: Window | None
) -> None:
    (group,) = compared([event(n, minute) for n, minute in enumerate(minutes)]).groups
    assert group.window == window


def test_events_of_which_none_names_a_channel_are_compared_on_what_is_there() -> None:
    docs = [event(1, channelId=None), event(2, channelId=None)]
    (group,) = compared(docs).groups
    assert group.channel is None


def test_an_event_without_a_channel_is_not_compared_where_others_name_theirs() -> None:
    found = compared([event(1), event(2, channelId=None), event(3, title="Other")])
    assert (found.groups, found.count, found.unplaced) == ((), 2, 1)


def test_an_event_without_a_channel_is_in_the_only_one_there_is() -> None:
    (group,) = compared([event(1), event(2, channelId=None)], channel=7).groups
    assert group.ids == (1, 2)


TWO_CHANNELS = http("200 OK", {"docs": [{"id": 7, "name": "Seven", "slug": "seven"},
                                        {"id": 8, "name": "Eight", "slug": "eight"}], "page": 1,
                               "limit": 100, "totalDocs": 2, "totalPages": 1})  # fmt: skip


async def looked_at(*docs: dict[str, Any], channels: bytes = CHANNELS) -> Session:
    listed = {"docs": list(docs), "totalDocs": len(docs), "limit": 100, "page": 1}
    async with serving({"/channels": channels, "/events": http("200 OK", listed)}) as base_url:
        return await checked(base_url, RawCheckRequest(Secret(KEY, source="test"), twins=True))


def said(session: Session, code: str) -> list[str]:
    return [one.summary for one in session.latest() if one.code == code]


async def test_events_that_name_no_channel_are_not_called_unlike() -> None:
    alike = [event(1, channelId=None), event(2, channelId=None)]
    session = await looked_at(*alike)
    assert session.first_cause == "duplicates-present"
    session = await looked_at(*alike, channels=TWO_CHANNELS)
    assert session.first_cause == "duplicates-present"
    assert any("different channels" in text for text in session.verdicts[0].alternatives)


async def test_what_can_not_be_compared_is_counted_and_leaves_the_question_open() -> None:
    docs = [event(1), event(2, channelId=None), event(3, channelId=None), event(4, title=None)]
    session = await looked_at(*docs, channels=TWO_CHANNELS)
    assert said(session, "events.no-duplicates") == []
    (summary,) = said(session, "events.not-compared")
    assert "2 events name no channel, and 1 event has no title or no start that can" in summary
    assert session.first_cause == "check-incomplete"
    assert session.outcome is Outcome.INCONCLUSIVE
    assert "duplicates-present" not in {
        row.cause for row in session.considered if row.standing == "ruled out"
    }


async def test_each_group_is_judged_by_its_own_moments_of_creation() -> None:
    late = [event(1, 0, title="A"), event(2, 42, title="A")]
    soon = [event(3, 0, title="B"), event(4, 4.5, title="B")]
    session = await looked_at(*late, *soon)
    summary = session.verdicts[0].summary
    assert "“A” (1, 2) were created 42 min apart, over the 15 min" in summary
    assert "“B” (3, 4) were created 4 min 30 s apart, inside the 15 min" in summary
    assert (summary.count("“A”"), summary.count("“B”")) == (1, 1), "each group is told of once"
    rows = {(row.standing, row.subject): row.why for row in session.considered
            if row.cause == "idempotency-window-expired"}  # fmt: skip
    assert rows == {
        ("open", None): "“A” (1, 2) were created 42 min apart, over the 15 min for which a key"
        " is remembered.",
        ("ruled out", "“B” (3, 4)"): "“B” (3, 4) were created 4 min 30 s apart, inside the 15 min"
        " for which a key is remembered.",
    }


async def test_more_groups_than_are_named_are_counted() -> None:
    docs = [event(2 * n + k, title=f"Show {n}") for n in range(5) for k in range(2)]
    verdict = (await looked_at(*docs)).verdicts[0]
    assert str(verdict.subject).endswith("“Show 2” (4, 5) and 2 more groups")


async def test_copies_within_the_window_rule_out_that_it_had_expired() -> None:
    session = await looked_at(event(1, 0), event(2, 3))
    verdict = session.verdicts[0]
    assert verdict.cause == "duplicates-present"
    assert "3 min apart" in verdict.summary
    assert not any("idempotency-window-expired" in text for text in verdict.alternatives)
    (row,) = [one for one in session.considered if one.cause == "idempotency-window-expired"]
    assert row.standing == "ruled out"
    assert row.why.startswith("“Jazz Night” (1, 2) were created 3 min apart, inside")


async def test_copies_beyond_the_window_leave_both_open() -> None:
    session = await looked_at(event(1, 0), event(2, 20))
    verdict = session.verdicts[0]
    assert "creates again" in verdict.summary
    assert any("idempotency-window-expired" in text for text in verdict.alternatives)
    assert any("idempotency-key-missing" in text for text in verdict.alternatives)


def ten_thousand(query: str, alike: int = 9_999) -> bytes:
    """Answer a page of a list in which event ``alike`` and on are called as those from 0 on."""
    number = int(query.partition("page=")[2].partition("&")[0])
    first = (number - 1) * 100
    docs = [event(n, title=f"Show {n % alike}") for n in range(first, first + 100)]
    return http("200 OK", {"docs": docs, "totalDocs": 10_000, "limit": 100, "page": number})


async def test_ten_thousand_events_are_read_to_the_end_where_duplicates_are_asked_for() -> None:
    page = ten_thousand
    async with serving({"/channels": CHANNELS, "/events": page}) as base_url:
        session = await checked(base_url, RawCheckRequest(Secret(KEY, source="test"), twins=True))
        narrow = await checked(base_url, RawCheckRequest(Secret(KEY, source="test"), channel="7"))
    assert session.first_cause == "duplicates-present"
    assert session.verdicts[0].subject == "“Show 0” (0, 9999)"
    assert session.requests_sent == 101
    assert narrow.requests_sent == 51
    assert narrow.outcome is Outcome.HEALTHY
    assert said(narrow, "events.listed") == ["Read 5,000 of 10,000 events; the rest was not read."]
    assert said(narrow, "events.partly-compared")
    assert said(narrow, "events.no-duplicates") == []


async def test_copies_on_the_one_page_that_was_read_are_told_with_what_was_read() -> None:
    def page(query: str) -> bytes:
        return ten_thousand(query, alike=99)

    one = http("200 OK", {"doc": event(55)})
    async with serving({"/channels": CHANNELS, "/events": page, "/events/55": one}) as base_url:
        session = await checked(base_url, RawCheckRequest(Secret(KEY, source="test"), event="55"))
    assert said(session, "events.duplicates") == [
        "2 events are alike in 1 group, among the 100 of 10,000 events that were read."
    ]


async def test_what_was_read_before_time_ran_out_is_kept() -> None:
    async def asked(alike: int) -> Session:
        def page(query: str) -> bytes:
            number = int(query.partition("page=")[2].partition("&")[0])
            return ten_thousand(query, alike) if number < 4 else NEVER

        async with serving({"/channels": CHANNELS, "/events": page}) as base_url:
            ask = RawCheckRequest(Secret(KEY, source="test"), twins=True)
            return await checked(base_url, ask, budget=Budget(check_s=1.0))

    session = await asked(99)
    assert session.first_cause == "duplicates-present"
    assert "among the 300 of 10,000 events" in said(session, "events.duplicates")[0]
    assert said(session, "events.listed") == [
        "Read 300 of 10,000 events, then the check was cut short."
    ]
    session = await asked(9_999)
    assert session.first_cause == "check-incomplete"
    assert session.outcome is Outcome.INCONCLUSIVE
    assert said(session, "events.no-duplicates") == []
    assert "not finished" in said(session, "run.deadline")[0]


async def test_what_was_read_before_the_person_stopped_it_is_kept() -> None:
    came: list[str] = []
    all_slots_wait = asyncio.Event()

    def page(query: str) -> bytes:
        came.append(query)
        if len(came) == 9:
            all_slots_wait.set()
        return ten_thousand(query, alike=99) if len(came) < 4 else NEVER

    ask = RawCheckRequest(Secret(KEY, source="test"), twins=True)
    read_three = asyncio.Event()

    class Reader(Follower):
        def progressed(self, progress: Progress) -> None:
            super().progressed(progress)
            if "read 3 of" in progress.message:
                read_three.set()

    follower = Reader()
    async with serving({"/channels": CHANNELS, "/events": page}) as base_url:
        clock = SystemClock()
        begun = new_session(ask, base_url=base_url, clock=clock)
        running = asyncio.create_task(
            run_check(begun, ask, clock=clock, listener=follower, environ={})
        )
        await all_slots_wait.wait()
        await read_three.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    session = follower.sessions[-1]
    assert session.first_cause == "duplicates-present"
    assert said(session, "events.listed") == [
        "Read 300 of 10,000 events, then the check was cut short."
    ]
    assert said(session, "run.interrupted")
    stopped = next(one for one in reversed(follower.steps) if one.probe == "events")
    assert (stopped.state, "of 10,000 events" in stopped.message) == ("cancelled", True)


NAMES = ("id", "title", "startAt", "channelId", "createdAt", "locationName", "status")
VALUES = st.one_of(
    st.none(), st.integers(), st.text(max_size=9), st.dictionaries(st.text(max_size=4), st.text())
)


@given(st.lists(st.dictionaries(st.sampled_from(NAMES), VALUES), max_size=6))
def test_odd_documents_are_passed_over(docs: list[dict[str, Any]]) -> None:
    compared(docs)


def test_a_start_that_is_no_moment_is_not_compared() -> None:
    found = compared([event(1, startAt="tomorrow"), event(2, startAt="tomorrow"), event(3)])
    assert (found.groups, found.count, found.partial) == ((), 1, 2)


@pytest.mark.parametrize(
    ("other", "channel"),
    [({"status": "draft"}, None), ({"locationName": "Great Hall"}, None), ({}, "8")],
)
async def test_events_are_called_unlike_only_in_what_was_compared(
    other: dict[str, Any], channel: str | None
) -> None:
    body = {"docs": [event(1), event(2, **other)], "totalDocs": 2, "limit": 100, "page": 1}
    answers = {"/channels": TWO_CHANNELS, "/events": http("200 OK", body)}
    async with serving(answers) as base_url:
        secret = Secret(KEY, source="test")
        session = await checked(base_url, RawCheckRequest(secret, twins=True, channel=channel))
    (summary,) = said(session, "events.no-duplicates")
    assert "title, start, place, channel and draft state" in summary
    aside = "in channel 8; 1 group elsewhere left aside" in summary
    assert aside is (channel is not None)


async def test_of_many_copies_it_is_said_how_many_more_there_are() -> None:
    session = await looked_at(*(event(n) for n in range(1, 13)), channels=TWO_CHANNELS)
    assert session.verdicts[0].subject == "“Jazz Night” (1, 2, 3, 4, 5, 6 and 6 more)"
