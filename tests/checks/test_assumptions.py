"""What is only assumed of the API turned false, and documents that are odd: no false certainty."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest

from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Certainty, Outcome, ScopeState, Session
from tests.checks.scripted import (
    CHANNELS,
    EVENTS,
    HTML,
    KEY,
    Answer,
    checked,
    error,
    http,
    serving,
)

SECRET = Secret(KEY, source="test")
NOT_FOUND = http("404 Not Found", error("not_found", requestId="r-404"))


def channel(number: int) -> dict[str, object]:
    return {"id": number, "name": f"Name {number}", "slug": f"slug-{number}"}


def paged(
    envelope: Callable[[int, list[dict[str, object]]], dict[str, object]], *, count: int, size: int
) -> Callable[[str], bytes]:
    """Answer a list of ``count`` channels, ``size`` a page, in an envelope of the test's making."""

    def answer(query: str) -> bytes:
        page = int(parse_qs(query).get("page", ["1"])[0])
        numbers = range((page - 1) * size + 1, min(page * size, count) + 1)
        return http("200 OK", envelope(page, [channel(n) for n in numbers]))

    return answer


ODD_LISTS = {
    "only hasNextPage": paged(
        lambda page, docs: {"docs": docs, "page": page, "limit": 100, "hasNextPage": page < 3},
        count=250, size=100,
    ),
    "no totals at all": paged(lambda _, docs: {"docs": docs, "limit": 100}, count=250, size=100),
    "smaller pages than it says": paged(
        lambda page, docs: {"docs": docs, "page": page, "limit": 100, "totalDocs": 250},
        count=250, size=10,
    ),
    "totals as texts": paged(
        lambda page, docs: {"docs": docs, "page": page, "limit": 100, "totalDocs": "250"},
        count=250, size=100,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD_LISTS)
async def test_a_list_is_read_to_its_end_whatever_its_envelope(name: str) -> None:
    async with serving({"/channels": ODD_LISTS[name], "/events": EVENTS}) as base_url:
        session = await checked(base_url, RawCheckRequest(SECRET, channel="249"))
        absent = await checked(base_url, RawCheckRequest(SECRET, channel="999"))
    assert session.outcome is Outcome.HEALTHY, session.verdicts
    assert len(session.channels) == 250
    assert absent.first_cause == "channel-not-accessible"


async def test_a_list_that_repeats_its_first_page_settles_nothing() -> None:
    stuck = paged(
        lambda _, docs: {"docs": docs, "page": 1, "limit": 100, "totalDocs": 250},
        count=100, size=100,
    )  # fmt: skip
    always_first = stuck("page=1")
    async with serving({"/channels": always_first, "/events": EVENTS}) as base_url:
        for given in ("249", "slug-249"):
            session = await checked(base_url, RawCheckRequest(SECRET, channel=given))
            assert session.outcome is Outcome.INCONCLUSIVE
            assert session.first_cause == "check-incomplete"


async def test_a_list_that_goes_on_after_its_total_is_read_on() -> None:
    def answer(page: int, docs: list[dict[str, Any]]) -> dict[str, Any]:
        return {"docs": docs, "page": page, "limit": 100, "totalDocs": 100, "hasNextPage": page < 2}

    listed = paged(answer, count=101, size=100)
    async with serving({"/channels": listed, "/events": EVENTS}) as base_url:
        session = await checked(base_url, RawCheckRequest(SECRET, channel="101"))
    assert session.outcome is Outcome.HEALTHY


async def test_a_list_that_contradicts_itself_settles_nothing() -> None:
    fields = {"limit": 100, "page": 1, "totalDocs": 1, "hasNextPage": True}
    stuck = http("200 OK", {"docs": [channel(7)], **fields})
    async with serving({"/channels": stuck, "/events": EVENTS}) as base_url:
        session = await checked(base_url, RawCheckRequest(SECRET, channel="999"))
    assert session.first_cause == "check-incomplete"


@pytest.mark.parametrize(
    ("fields", "requests"),
    [
        ({"totalPages": 99_999, "totalDocs": 1, "limit": 100, "hasNextPage": False}, 1),
        ({"totalPages": 99_999, "totalDocs": 1, "limit": 100}, 1),
        ({"totalPages": 99_999, "limit": 100, "hasNextPage": False}, 1),
        ({"totalPages": 99_999, "limit": 100}, 2),
        ({"totalPages": 99_999, "totalDocs": 1, "limit": 1}, 2),
        ({"page": 50}, 2),
        ({"page": 50, "limit": 100}, 1),
    ],
)
async def test_no_more_is_read_than_the_first_page_bears_out(
    fields: dict[str, Any], requests: int
) -> None:
    asked: list[str] = []

    def answer(query: str) -> bytes:
        asked.append(query)
        return http("200 OK", {"docs": [channel(7)], **fields})

    async with serving({"GET /channels": answer, "/events": EVENTS}) as base_url:
        session = await checked(base_url, RawCheckRequest(SECRET, channel="7"))
    assert session.outcome is Outcome.HEALTHY
    assert len(asked) == requests


@pytest.mark.parametrize("limit", [3, 5, 12])
async def test_reading_a_list_uses_up_no_limit_that_the_api_tells_of(limit: int) -> None:
    asked = 0

    def told(body: Answer) -> Answer:
        def answer(query: str) -> bytes:
            nonlocal asked
            asked += 1
            if asked > limit:
                return http("429 Too Many Requests", error("rate_limited"))
            left = f"HTTP/1.1 200 OK\r\nX-RateLimit-Remaining: {limit - asked}\r\n".encode()
            content = body(query) if callable(body) else body
            return content.replace(b"HTTP/1.1 200 OK\r\n", left)

        return answer

    listed = paged(
        lambda page, docs: {"docs": docs, "page": page, "limit": 10, "totalDocs": 250},
        count=250, size=10,
    )  # fmt: skip
    async with serving({"/channels": told(listed), "/events": told(EVENTS)}) as base_url:
        session = await checked(base_url, RawCheckRequest(SECRET, channel="249"))
    assert asked == limit - 1
    assert session.first_cause == "check-incomplete"
    assert "hardly a request is left" in session.verdicts[0].summary
    assert any(seen.code == "rate.spared" for seen in session.observations)


async def test_a_page_size_that_is_refused_is_not_asked_for_again() -> None:
    def answer(query: str) -> bytes:
        refused = http("400 Bad Request", error("invalid_request", details={"field": "limit"}))
        return refused if "limit" in query else CHANNELS

    async with serving({"/channels": answer, "/events": EVENTS}) as base_url:
        session = await checked(base_url, RawCheckRequest(SECRET, channel="7"))
    assert session.outcome is Outcome.HEALTHY


@pytest.mark.parametrize(
    ("status", "code", "cause"),
    [
        ("403 Forbidden", "invalid_api_key", "key-rejected"),
        ("400 Bad Request", "invalid_api_key", "key-rejected"),
        ("403 Forbidden", "account_suspended", "check-incomplete"),
        ("403 Forbidden", "ip_not_allowed", "check-incomplete"),
        ("451 Unavailable", "gone_legal", "check-incomplete"),
    ],
)
async def test_not_every_403_means_an_accepted_key(status: str, code: str, cause: str) -> None:
    async with serving({"*": http(status, error(code, requestId="r-7"))}) as base_url:
        session = await checked(base_url)
    assert session.first_cause == cause
    assert session.outcome is not Outcome.HEALTHY
    if cause == "check-incomplete":
        assert code in session.verdicts[0].summary


def event(**fields: Any) -> dict[str, Any]:
    known = {"id": 5, "title": "T", "startAt": "2099-05-01T18:00:00Z", "timezone": "Europe/Vienna",
             "channelId": 7, "status": "published"}  # fmt: skip
    return {name: value for name, value in (known | fields).items() if value is not None}


async def looked_up(doc: dict[str, Any]) -> Session:
    answers = {"/channels": CHANNELS, "/events": EVENTS, "/events/5": http("200 OK", {"doc": doc})}
    async with serving(answers) as base_url:
        return await checked(base_url, RawCheckRequest(SECRET, event="5"))


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "cancelled"}, {"status": "archived"}, {"status": "private"},
        {"status": None, "published": False}, {"status": "scheduled"},
    ],
)  # fmt: skip
async def test_what_is_not_published_is_not_called_visible(fields: dict[str, Any]) -> None:
    session = await looked_up(event(**fields))
    assert session.first_cause == "event-not-published"
    assert session.outcome is Outcome.PROBLEM


@pytest.mark.parametrize(
    ("field", "value"), [("isDraft", True), ("draft", True), ("_status", "draft"),
                         ("state", "Draft")],
)  # fmt: skip
async def test_a_draft_by_another_spelling_is_likely(field: str, value: object) -> None:
    session = await looked_up(event(**{"status": None, field: value}))
    verdict = session.verdicts[0]
    assert (verdict.cause, verdict.certainty) == ("event-draft", Certainty.LIKELY)
    assert f"its {field} is {str(value) if isinstance(value, str) else 'true'}" in verdict.summary
    assert "its status" not in verdict.summary


@pytest.mark.parametrize(
    "fields", [{"_status": "draft"}, {"draft": True}, {"state": "archived"}, {"state": "Tyrol"}]
)
async def test_a_documented_status_wins_over_fields_that_nobody_documents(
    fields: dict[str, Any],
) -> None:
    session = await looked_up(event(**fields))
    assert session.outcome is Outcome.HEALTHY
    hinted = "event-field-may-hide" in {v.cause for v in session.verdicts}
    assert hinted is ("state" not in fields)


async def test_a_state_that_is_no_word_of_publication_tells_nothing() -> None:
    session = await looked_up(event(status=None, state="Tyrol"))
    assert session.outcome is Outcome.HEALTHY


def ago(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=-days)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("end", "certainty", "told"),
    [
        ({"endAt": ago(1)}, Certainty.CONFIRMED, "it ended at "),
        ({}, Certainty.LIKELY, "It began at "),
        ({"endAt": "next week"}, Certainty.POSSIBLE, "Its end is next week"),
        ({"endAt": ago(-5)}, None, ""),
    ],
)
async def test_an_end_that_was_not_read_is_not_told(
    end: dict[str, str], certainty: Certainty | None, told: str
) -> None:
    session = await looked_up(event(startAt=ago(2), **end))
    found = [v for v in session.verdicts if v.cause == "event-in-past"]
    assert [v.certainty for v in found] == ([certainty] if certainty else [])
    for one in found:
        assert told in one.summary
        assert ("ended at" in one.summary) is (certainty is Certainty.CONFIRMED)


@pytest.mark.parametrize("offer", [{"name": "Door", "url": None}, {"name": "Door"}])
async def test_an_offer_without_a_link_has_no_broken_one(offer: dict[str, Any]) -> None:
    session = await looked_up(event(offers=[offer]))
    assert session.outcome is Outcome.HEALTHY
    assert "event-offer-link-broken" not in {v.cause for v in session.verdicts}
    assert not any(one.code == "event.links" for one in session.latest())


async def test_what_was_not_seen_is_not_claimed() -> None:
    session = await looked_up({"id": 5, "name": "N", "starts_at": 2020})
    verdict = session.verdicts[0]
    assert verdict.cause == "event-visible-by-api"
    assert verdict.certainty is Certainty.POSSIBLE
    assert "published" not in verdict.summary


@pytest.mark.parametrize(
    "fields",
    [
        {"moderationStatus": "verified"}, {"moderationStatus": "auto-approved"},
        {"review": "Great show, 5 stars"}, {"moderation": "enabled"},
        {"moderation": {"status": "approved"}},
    ],
)  # fmt: skip
async def test_a_word_of_praise_is_no_moderation(fields: dict[str, Any]) -> None:
    session = await looked_up(event(**fields))
    assert session.outcome is Outcome.HEALTHY
    assert session.first_cause == "event-visible-by-api"


async def test_an_unknown_state_of_review_is_shown_and_does_not_alarm() -> None:
    session = await looked_up(event(moderationStatus="phase-2"))
    assert session.outcome is Outcome.HEALTHY
    (found,) = [v for v in session.verdicts if v.cause == "event-in-moderation"]
    assert found.certainty is Certainty.POSSIBLE
    assert found.found == "phase-2"


@pytest.mark.parametrize("start", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
async def test_dates_at_the_edges_of_the_calendar(start: str) -> None:
    session = await looked_up(event(startAt=start, timezone="America/New_York"))
    assert not any(o.code == "run.crashed" for o in session.observations)
    assert session.first_cause in {"event-in-past", "event-visible-by-api"}


async def test_another_event_than_the_one_asked_for_is_not_taken_for_it() -> None:
    assert (await looked_up(event(id=7))).first_cause == "event-not-found"


async def test_an_event_is_not_called_absent_when_nothing_could_be_read() -> None:
    no_scope = http("403 Forbidden", error("insufficient_scope"))
    answers = {"/channels": CHANNELS, "/events": no_scope, "/events/5": http("404 N", "x", HTML)}
    async with serving(answers) as base_url:
        session = await checked(base_url, RawCheckRequest(SECRET, event="5"))
    assert [v.cause for v in session.verdicts] == ["scope-missing"]


async def test_an_event_that_may_not_be_shown_is_forbidden_not_absent() -> None:
    answers = {"/channels": CHANNELS, "/events": EVENTS,
               "/events/5": http("403 Forbidden", error("forbidden"))}  # fmt: skip
    async with serving(answers) as base_url:
        session = await checked(base_url, RawCheckRequest(SECRET, event="5"))
    assert session.first_cause == "forbidden-unexplained"


@pytest.mark.parametrize(
    ("route", "scope"), [("/media", "media:create"), ("/events/9007199254740991", "events:update")]
)
async def test_an_assumed_route_that_is_not_there_tells_nothing(route: str, scope: str) -> None:
    probe = {"media:create": "media-scope", "events:update": "update-scope"}[scope]
    for gone in (http("404 N", "<html>", HTML), http("405 M", "<html>", HTML)):
        answers = {"/channels": CHANNELS, "/events": EVENTS, route: gone}
        async with serving(answers) as base_url:
            ask = RawCheckRequest(SECRET, needs=frozenset({scope}), consented=frozenset({probe}))
            session = await checked(base_url, ask)
        assert session.scopes[scope] is ScopeState.UNKNOWN
        assert session.outcome is Outcome.INCONCLUSIVE
        assert session.first_cause == "check-incomplete"


async def test_a_404_on_a_route_without_an_object_proves_no_scope() -> None:
    answers = {"/channels": CHANNELS, "/events": EVENTS, "/media": NOT_FOUND}
    async with serving(answers) as base_url:
        needs, consented = frozenset({"media:create"}), frozenset({"media-scope"})
        session = await checked(base_url, RawCheckRequest(SECRET, needs=needs, consented=consented))
    assert session.scopes["media:create"] is ScopeState.UNKNOWN


PAYLOAD = {
    "channelId": 7, "title": "T", "startAt": "2099-05-01T18:00:00Z", "timezone": "Europe/Vienna",
    "classifications": ["a"], "approxLocation": {"city": {"placeId": "p"}},
}  # fmt: skip
CONSENTED = frozenset({"create-scope", "payload"})


async def shown(payload: dict[str, Any] | bytes, create: Callable[[str], bytes] | bytes) -> Session:
    slugs = http("200 OK", {"docs": [{"slug": "a"}], "totalDocs": 1, "limit": 100, "page": 1})
    answers = {"/channels": CHANNELS, "/events": EVENTS, "/classifications": slugs,
               "POST /events": create}  # fmt: skip
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    async with serving(answers) as base_url:
        return await checked(
            base_url, RawCheckRequest(SECRET, payload=content, consented=CONSENTED)
        )


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        ("main-stage", "channel-id-not-numeric"),
        ("7", "field-wrong-type"),
        (True, "field-wrong-type"),
        ([7], "field-wrong-type"),
        (7.5, "field-wrong-type"),
    ],
)
async def test_the_field_that_the_probe_replaces_is_looked_at_first(value: Any, cause: str) -> None:
    session = await shown(PAYLOAD | {"channelId": value}, http("403 F", error("forbidden")))
    assert session.first_cause == cause
    assert session.verdicts[0].subject == "channelId"
    assert session.outcome is Outcome.PROBLEM


@pytest.mark.parametrize("status", ["400 Bad Request", "422 Unprocessable"])
async def test_a_rejected_payload_is_quoted_whatever_the_code(status: str) -> None:
    details = {"field": "coverImage", "issue": "not yours"}
    session = await shown(PAYLOAD, http(status, error("validation_error", details=details)))
    assert session.first_cause == "payload-rejected"
    assert session.verdicts[0].subject == "coverImage"
    assert session.verdicts[0].found == "not yours"
    assert f"with {status[:3]} validation_error" in session.verdicts[0].summary


async def test_a_channel_that_is_checked_first_leaves_the_payload_open() -> None:
    session = await shown(PAYLOAD, http("403 Forbidden", error("forbidden")))
    assert session.first_cause == "check-incomplete"
    assert session.outcome is Outcome.INCONCLUSIVE


async def test_a_probe_that_is_accepted_after_all_is_a_problem_to_look_into() -> None:
    session = await shown(PAYLOAD, http("201 Created", {"doc": {"id": 99}}))
    assert session.first_cause == "probe-was-accepted"
    assert session.verdicts[0].found == "99"
    assert session.outcome is Outcome.PROBLEM


async def test_half_a_character_in_a_payload_is_named() -> None:
    content = json.dumps(PAYLOAD).replace('"T"', '"\\ud83d"').encode()
    session = await shown(content, http("403 Forbidden", error("forbidden")))
    assert session.first_cause == "body-malformed-json"


def twin(number: Any, **fields: Any) -> dict[str, Any]:
    return event(**({"id": number, "title": "Same"} | fields))


@pytest.mark.parametrize(
    ("docs", "found"),
    [
        ([twin(1), twin(2)], True),
        ([twin(1), twin(2, title=" SAME ")], True),
        ([twin(1), twin(2, startAt="2099-05-01T20:00:00+02:00")], True),
        ([twin(1), twin(2, status="draft")], False),
        ([twin(1), twin(2, channelId=8)], False),
        ([twin(1, channelId=None), twin(2, channelId=None)], True),
        ([twin(1), twin(2, startAt="2099-05-02T18:00:00Z")], False),
        ([twin(1), twin(None), twin(None)], False),
    ],
)
async def test_which_events_are_alike(docs: list[dict[str, Any]], found: bool) -> None:
    body = {"docs": docs, "totalDocs": len(docs), "limit": 100, "page": 1}
    async with serving({"/channels": CHANNELS, "/events": http("200 OK", body)}) as base_url:
        asked = await checked(base_url, RawCheckRequest(SECRET, channel="7"))
        plain = await checked(base_url)
    assert (asked.first_cause == "duplicates-present") is found
    assert plain.outcome is Outcome.HEALTHY
    assert plain.verdicts == ()


async def test_a_sick_route_is_one_verdict_however_often_it_answers() -> None:
    session = await shown(PAYLOAD, http("500 Error", error("internal_error", requestId="r")))
    assert [v.cause for v in session.verdicts].count("server-error") == 1


def _channels(limit: object, *, docs: int = 1, **more: object) -> bytes:
    listed = [channel(number) for number in range(1, docs + 1)]
    return http("200 OK", {"docs": listed, "page": 1, "limit": limit, **more})


@pytest.mark.parametrize(
    ("answer", "noted"),
    [
        (_channels(25, totalDocs=1), True),
        (_channels(2, docs=2, totalDocs=2), False),  # it holds two and says so
        (_channels(2, docs=2, hasNextPage=True), True),
        (_channels(2, docs=2, totalPages=2), True),
        (_channels(100, totalDocs=1), False),
        (_channels(250, totalDocs=1), False),
        (_channels(0, totalDocs=1), False),
        (_channels(True, totalDocs=1), False),
        (_channels(None, totalDocs=1), False),
        (_channels("many", totalDocs=1), False),
        (_channels(30, docs=30, totalDocs=30), False),
    ],
)  # fmt: skip
async def test_a_smaller_page_than_asked_for_is_a_note(answer: bytes, noted: bool) -> None:
    async with serving({"/channels": answer, "/events": EVENTS}) as base_url:
        session = await checked(base_url)
    notes = [one for one in session.observations if one.code == "list.limit-capped"]
    assert bool(notes) is noted
    assert not session.verdicts


async def test_a_size_that_was_refused_is_no_cap() -> None:
    """The second answer is to a request that names no size."""

    def answer(query: str) -> bytes:
        if "limit=100" in query:
            return http("400 Bad Request", error("invalid_request"))
        return _channels(10, totalDocs=1)

    async with serving({"/channels": answer, "/events": EVENTS}) as base_url:
        session = await checked(base_url)
    assert session.outcome is Outcome.HEALTHY
    assert "list.limit-capped" not in {one.code for one in session.observations}


@pytest.mark.parametrize(
    ("age", "noted"),
    [(b"30", True), (b"0030", True), (b"0", False), (b"-5", False), (b"9" * 5000, False),
     (b"\xb2", False)],
    ids=["seconds", "noughts before", "none", "negative", "absurd", "no ASCII"],
)  # fmt: skip
async def test_an_age_of_any_kind_is_read(age: bytes, noted: bool) -> None:
    aged = EVENTS.replace(b"\r\n\r\n", b"\r\nAge: " + age + b"\r\n\r\n", 1)
    async with serving({"/channels": CHANNELS, "/events": aged}) as base_url:
        session = await checked(base_url)
    assert session.outcome is Outcome.HEALTHY
    assert ("answer.cached" in {one.code for one in session.observations}) is noted


async def test_a_list_whose_end_is_not_known_is_told_without_a_count_of_the_rest() -> None:
    listed = http("200 OK", {"docs": [{"id": 42, "name": "A", "slug": "a"}]})
    async with serving({"/channels": listed, "/events": EVENTS}) as base_url:
        session = await checked(base_url)
    (told,) = [one.summary for one in session.latest() if one.code == "channels.listed"]
    assert told == "The key's owner can use 1 channel, as far as the list could be read."
