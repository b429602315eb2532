"""One event gone through as a checklist: found by ID or title, every reason that hides it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from pinned_tui.api_spec.urls import link_fault
from pinned_tui.checks.plan import planned
from pinned_tui.checks.request import CheckRequestError, RawCheckRequest, understand
from pinned_tui.client.throttle import Budget
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Certainty, Outcome, Session, encode
from tests.checks.scripted import CHANNELS, KEY, checked, error, http, serving

SECRET = Secret(KEY, source="test")


def event(number: int = 5, **fields: Any) -> dict[str, Any]:
    known = {
        "id": number, "title": "Spring  Recital", "startAt": "2099-07-01T17:00:00Z",
        "timezone": "Europe/Vienna", "channelId": 7, "status": "published",
    }  # fmt: skip
    return {name: value for name, value in (known | fields).items() if value != "absent"}


def answers(*docs: dict[str, Any]) -> dict[str, Any]:
    listed = {"docs": list(docs), "totalDocs": len(docs), "limit": 100, "page": 1}
    single = {f"/events/{d['id']}": http("200 OK", {"doc": d}) for d in docs}
    gone = http("404 Not Found", error("not_found"))
    return {"/channels": CHANNELS, "/events": http("200 OK", listed), **single, "*": gone}


async def looked_at(*docs: dict[str, Any], **asked: Any) -> Session:
    ask = replace(RawCheckRequest(SECRET), event=None if "event_title" in asked else "5", **asked)
    async with serving(answers(*docs)) as base_url:
        return await checked(base_url, ask)


def codes(session: Session) -> set[str]:
    return {one.code for one in session.latest()}


async def test_a_start_that_is_as_expected_speaks_for_it() -> None:
    session = await looked_at(event(), expected_start="2099-07-01 19:00")
    assert "event.as-expected" in codes(session)
    assert session.outcome is Outcome.HEALTHY


@pytest.mark.parametrize("expected", ["2099-07-01 17:00", "2099-07-01T18:00", "2099-07-02 19:00"])
async def test_a_start_at_another_time_is_told_with_both_times(expected: str) -> None:
    session = await looked_at(event(), expected_start=expected)
    verdict = session.verdicts[0]
    assert verdict.cause == "event-date-shifted"
    assert verdict.certainty is Certainty.CONFIRMED
    assert "2099-07-01 19:00 Europe/Vienna" in verdict.summary
    assert session.outcome is Outcome.PROBLEM


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"timezone": "absent"}, "it names no timezone"),
        ({"timezone": "CET+1"}, "its timezone reads “CET+1”, which is not a timezone"),
        ({"startAt": "absent"}, "it names no start"),
        (
            {"startAt": "01/07/2099 19:00"},
            "its start reads “01/07/2099 19:00”, which is not a date",
        ),
    ],
)
async def test_an_expected_start_that_can_not_be_compared_is_left_open(
    fields: dict[str, Any], why: str
) -> None:
    session = await looked_at(event(**fields), expected_start="2099-07-01 19:00")
    assert session.first_cause == "check-incomplete"
    assert session.outcome is Outcome.INCONCLUSIVE
    assert why in session.verdicts[0].summary
    assert any("open the event there" in step for step in session.verdicts[0].fix)
    assert not any("come to its end" in step for step in session.verdicts[0].fix)
    assert "event-date-shifted" not in {v.cause for v in session.verdicts}


async def test_a_channel_that_can_not_be_compared_is_left_open() -> None:
    session = await looked_at(event(channelId="absent"), channel="7")
    assert session.first_cause == "check-incomplete"
    assert session.outcome is Outcome.INCONCLUSIVE
    assert "names no channel" in session.verdicts[0].summary
    assert (await looked_at(event(channelId="absent"))).outcome is Outcome.HEALTHY


async def test_a_channel_is_told_as_it_is_written() -> None:
    session = await looked_at(event(channelId="absent", channel="seven"), channel="7")
    assert "names its channel as “seven”, which is not an ID" in session.verdicts[0].summary
    assert session.outcome is Outcome.INCONCLUSIVE
    assert "event.in-channel" in codes(await looked_at(event(channelId=7.0), channel="7"))


@pytest.mark.parametrize("title", ["Spr\u200bing Re\u00adcital", "\u200eSpring Recital"])
async def test_invisible_marks_keep_no_title_from_being_found(title: str) -> None:
    assert "event.found" in codes(await looked_at(event(title=title), event_title="spring recital"))


LATE = "2099-07-02T01:30:00+02:00"


@pytest.mark.parametrize(
    ("fields", "day", "code"),
    [
        ({"startAt": LATE, "timezone": "absent"}, "2099-07-02", "event.found"),
        ({"startAt": LATE, "timezone": "absent"}, "2099-07-01", "event.not-found"),
        ({"startAt": LATE, "timezone": "W. Europe"}, "2099-07-02", "event.found"),
        ({"startAt": LATE, "timezone": "UTC"}, "2099-07-01", "event.found"),
        ({"startAt": "2 July"}, "2099-07-02", "event.several"),
        ({"startAt": "absent"}, "2099-07-02", "event.several"),
    ],
)
async def test_the_day_is_that_of_the_place_and_an_unreadable_one_is_left_open(
    fields: dict[str, Any], day: str, code: str
) -> None:
    session = await looked_at(event(**fields), event_title="spring", event_day=day)
    assert code in codes(session)
    if code == "event.several":
        assert session.outcome is Outcome.INCONCLUSIVE
        assert "no start that can be read" in session.verdicts[0].summary


async def test_an_undated_event_of_the_same_title_is_named_beside_the_one_on_the_day() -> None:
    docs = (event(5), event(6, startAt="soon"))
    session = await looked_at(*docs, event_title="spring", event_day="2099-07-01")
    assert {"event.found", "event.perhaps-others"} <= codes(session)


async def test_a_start_that_is_no_moment_is_told() -> None:
    session = await looked_at(event(startAt="01/07/2099 19:00"))
    assert "event.start-unreadable" in codes(session)
    assert session.verdicts[0].certainty is Certainty.POSSIBLE


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("visibility", "private", True), ("visibility", "public", False),
        ("visibility", None, False), ("cancelled", True, True), ("cancelled", False, False),
        ("isCanceled", True, True), ("deletedAt", "2026-10-01T00:00:00Z", True),
        ("deletedAt", None, False), ("publishAt", "2098-01-01T00:00:00Z", True),
        ("publishAt", "2020-01-01T00:00:00Z", False),
        ("publishedAt", "2020-01-01T00:00:00Z", False),
        ("unlisted", True, True), ("hidden", True, True), ("hidden", "no", False),
        ("isPublic", False, True), ("isPublic", True, False),
        ("expires_at", "2020-01-01T00:00:00Z", True), ("expires_at", "2098-01-01T00:00:00Z", False),
        ("publishing", {"hidden": True}, True), ("description", "hidden gem", False),
    ],
)  # fmt: skip
async def test_a_field_that_may_hide_the_event_is_named(
    name: str, value: object, told: bool
) -> None:
    session = await looked_at({**event(), name: value})
    first = session.verdicts[0]
    assert (first.cause == "event-field-may-hide") is told
    assert session.outcome is Outcome.HEALTHY
    seen_by_api = next(v for v in session.verdicts if v.cause == "event-visible-by-api")
    wanted = Certainty.POSSIBLE if told else Certainty.LIKELY
    assert seen_by_api.certainty is wanted
    if told:
        assert name in str(first.found)


async def test_several_reasons_are_told_at_once() -> None:
    doc = event(status="draft", moderationStatus="pending", coverImage=None)
    session = await looked_at(doc, channel="7", expected_start="2099-07-01 17:00")
    found = [v.cause for v in session.verdicts]
    assert found[0] == "event-draft"
    assert {"event-in-moderation", "event-date-shifted", "event-image-missing"} <= set(found)


@pytest.mark.parametrize(("image", "told"), [(None, True), (7001, False), ("absent", False)])
async def test_a_missing_image_alarms_nobody(image: object, told: bool) -> None:
    session = await looked_at(event(coverImage=image))
    assert ("event-image-missing" in {v.cause for v in session.verdicts}) is told
    assert session.outcome is Outcome.HEALTHY
    assert session.first_cause == "event-visible-by-api"


@pytest.mark.parametrize("url", ["www.tickets.example/7", "tickets", "", 7, "ftp://t.example/"])
async def test_a_link_that_cannot_work_needs_no_visit(url: str | int) -> None:
    session = await looked_at(event(offers=[{"name": "T", "url": url}]))
    verdict = session.verdicts[0]
    assert (verdict.cause, verdict.subject) == ("event-offer-link-broken", "offers[0].url")


async def test_one_link_is_told_of_as_one() -> None:
    session = await looked_at(event(offers=[{"name": "T", "url": "https://tickets.example/1"}]))
    assert said(session, "event.links") == [
        "Its ticket link is well formed; opening it needs your consent."
    ]
    (told,) = said(session, "network.name")
    assert told.startswith("No DNS lookup needed: ")
    assert told.endswith(" is an IP address.")


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://tickets.example/1", True), ("HTTPS://t.example/ä?x=1#y", True),
        ("http://t.example:8080/", True), ("https://user:pw@t.example/", False),
        ("https://localhost/x", False), ("https://intranet/x", False), ("//t.example/x", False),
        ("https://", False), ("https://a b.example/", False), ("https://[broken", False),
        (7, False),
    ],
)  # fmt: skip
def test_links_are_judged_by_their_form(url: object, good: bool) -> None:
    assert (link_fault(url) is None) is good


# -- found by title ----------------------------------------------------------------------------


async def test_an_event_is_found_by_a_part_of_its_title() -> None:
    session = await looked_at(event(5, status="draft"), event(6, title="Other"),
                              event_title="spring recital")  # fmt: skip
    assert session.first_cause == "event-draft"
    assert session.verdicts[0].subject == "5"


async def test_the_day_narrows_the_search_in_the_events_own_zone() -> None:
    late = event(6, startAt="2099-07-01T22:30:00Z")
    session = await looked_at(event(5), late, event_title="Recital", event_day="2099-07-02")
    assert session.verdicts[0].subject == "6"


async def test_several_that_fit_are_named_and_nothing_is_concluded() -> None:
    session = await looked_at(event(5), event(6), event_title="Recital")
    assert session.first_cause == "check-incomplete"
    assert "5 “Spring" in session.verdicts[0].summary
    assert session.outcome is Outcome.INCONCLUSIVE


async def test_several_that_fit_are_told_apart_by_their_ids() -> None:
    session = await looked_at(event(5), event(6), event_title="Recital")
    (step, *_) = session.verdicts[0].fix
    assert "5: “Spring" in step
    assert "6: “Spring" in step
    assert not any("come to its end" in step for step in session.verdicts[0].fix)


async def test_a_title_that_no_event_has_is_not_found() -> None:
    session = await looked_at(event(5), event_title="Autumn", event_day="2099-07-01")
    verdict = session.verdicts[0]
    assert verdict.cause == "event-not-found"
    assert "“Autumn”" in verdict.summary
    assert "1 event on 1 page" in verdict.summary
    assert "2099-07-01" in verdict.summary
    assert "404" not in verdict.summary
    assert not any("ID Autumn" in step for step in verdict.fix)


async def test_an_id_that_is_not_there_is_told_as_one() -> None:
    summary = (await looked_at(event(6))).verdicts[0].summary
    assert "404 not_found" in summary
    assert "title" not in summary


async def test_what_is_found_in_a_part_of_the_list_is_told_with_that_part() -> None:
    listed = {"docs": [event(5)], "totalDocs": 200, "limit": 1, "page": 1}
    told = answers() | {"/events": http("200 OK", listed)}
    async with serving(told) as base_url:
        ask = RawCheckRequest(SECRET, event_title="recital")
        session = await checked(base_url, ask, budget=Budget(pages=1))
        other = await checked(
            base_url, RawCheckRequest(SECRET, event_title="xyz"), budget=Budget(pages=1)
        )
    assert "event.found" in codes(session)
    assert "event.perhaps-others" in codes(session)
    assert other.first_cause == "check-incomplete"
    assert "1 of 200 events" in other.verdicts[0].summary
    assert any("Only 1 of 200 events" in step for step in other.verdicts[0].fix)


@pytest.mark.parametrize(
    "asked",
    [
        {"event_title": " "}, {"event_title": "x" * 201}, {"event_day": "24.12.2026"},
        {"event_day": "2026-02-30"}, {"expected_start": "19:00"},
        {"expected_start": "2026-12-24 19:00+01:00"},
    ],
)  # fmt: skip
def test_what_cannot_be_a_title_day_or_time_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(CheckRequestError):
        understand(RawCheckRequest(SECRET, **asked))  # type: ignore[arg-type]


# -- links, opened with consent ----------------------------------------------------------------


@asynccontextmanager
async def ticket_site(status: str | dict[str, str], seen: list[str]) -> AsyncIterator[str]:
    """Answer every path with one status, or each with its own."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            seen.append((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
            path = seen[-1].split(" ")[1].partition("?")[0]
            told = status if isinstance(status, str) else status[path]
            writer.write(http(told, "<html>tickets</html>", "Location: /elsewhere"))
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/t?signature=q7Rz5kW2xLp9"
    await asyncio.sleep(0.01)


async def opened(doc: dict[str, Any], **asked: Any) -> Session:
    return await looked_at(doc, open_links=True, consented=frozenset({"links"}), **asked)


def said(session: Session, code: str) -> list[str]:
    return [one.summary for one in session.latest() if one.code == code]


async def test_of_many_links_each_is_told_as_it_came_and_what_was_not_opened_is_counted() -> None:
    came = {"/0": "403 Forbidden", "/1": "302 Found", "/2": "302 Found", "/3": "200 OK",
            "/4": "200 OK", "/image": "404 Not Found"}  # fmt: skip
    seen: list[str] = []
    async with ticket_site(came, seen) as url:
        site = url.partition("/t?")[0]
        offers = [{"url": f"{site}/{n}"} for n in range(8)]
        session = await opened(event(offers=offers, coverImage={"id": 3, "url": f"{site}/image"}))
    assert len(seen) == 6
    (told,) = said(session, "event.links-opened")
    assert told.startswith("Its 8 ticket links and its image: 2 responded, 2 lead on to other")
    assert told.endswith(
        "not followed, 1 refused this program, 1 does not work, 3 were not opened."
    )
    assert said(session, "event.links-work") == []
    assert said(session, "event.links") == ["Its 8 ticket links are well formed."]
    found = {v.cause: v for v in session.verdicts}
    assert found["event-link-refused"].certainty is Certainty.POSSIBLE
    assert found["event-link-refused"].subject == "offers[0].url"
    assert found["event-image-missing"].certainty is Certainty.LIKELY
    assert found["event-image-missing"].subject == "coverImage.url"
    assert "has no cover image" not in found["event-image-missing"].summary


async def test_a_redirect_is_not_called_a_link_that_works() -> None:
    async with ticket_site("302 Found", []) as url:
        session = await opened(event(offers=[{"url": url}]))
    assert said(session, "event.links-work") == []
    assert said(session, "event.links-opened") == [
        "Its 1 ticket link: 1 leads on to another address, which was not followed."
    ]


async def test_an_image_at_the_api_is_opened_without_the_key() -> None:
    session = await opened(event(coverImage={"id": 3, "url": "/media/3.png"}))
    assert session.first_cause == "event-image-missing"
    sent = next(x.request for x in session.exchanges if x.probe == "links")
    assert "authorization" not in {name.lower() for name in sent.headers}


async def test_the_word_on_links_names_the_hosts_once_they_are_known() -> None:
    doc = event(offers=[{"url": "https://tickets.example/1"}], coverImage="https://cdn.example/i")
    ask = RawCheckRequest(SECRET, event="5", open_links=True)
    async with serving(answers(doc)) as base_url:
        first = await checked(base_url, RawCheckRequest(SECRET, event="5"))
    generic = next(card.route for card in planned(ask) if card.id == "links")
    assert generic == "the hosts that the event's links name"
    named = next(card.route for card in planned(ask, first) if card.id == "links")
    assert named == f"{generic}: tickets.example, cdn.example"
    other = next(
        card.route for card in planned(replace(ask, event="6"), first) if card.id == "links"
    )
    assert other == generic


@pytest.mark.parametrize(
    ("status", "broken"),
    [("200 OK", False), ("302 Found", False), ("403 Forbidden", False), ("429 Wait", False),
     ("404 Not Found", True), ("410 Gone", True), ("500 Error", True)],
)  # fmt: skip
async def test_links_are_opened_with_consent_and_without_the_key(status: str, broken: bool) -> None:
    seen: list[str] = []
    async with ticket_site(status, seen) as url:
        doc = event(offers=[{"name": "A", "url": url}, {"name": "B", "url": url}])
        session = await looked_at(doc, open_links=True, consented=frozenset({"links"}))
    assert len(seen) == 1
    assert KEY not in seen[0]
    assert "authorization" not in seen[0].lower()
    assert "x-api-key" not in seen[0].lower()
    assert (session.first_cause == "event-offer-link-broken") is broken
    assert b"q7Rz5kW2xLp9" not in encode(session)
    consent = next(c for c in session.consents if c.probe == "links")
    assert (consent.given, consent.method) == (True, "GET")


async def test_without_consent_no_link_is_opened() -> None:
    seen: list[str] = []
    async with ticket_site("200 OK", seen) as url:
        session = await looked_at(event(offers=[{"url": url}]), open_links=True)
        quiet = await looked_at(event(offers=[{"url": url}]))
    assert seen == []
    assert "run.unconsented" in codes(session)
    assert quiet.consents == ()


REFUSALS = [
    http("400 Bad Request", error("invalid_request")),
    http("401 Unauthorized", error("invalid_api_key")),
    http("403 Forbidden", error("forbidden")),
    http("403 Forbidden", error("insufficient_scope")),
]


async def looked_up(answer: bytes, *docs: dict[str, Any]) -> Session:
    async with serving(answers(*docs) | {"/events/5": answer}) as base_url:
        return await checked(base_url, RawCheckRequest(SECRET, event="5"))


@pytest.mark.parametrize("answer", REFUSALS)
async def test_a_refused_look_up_is_named_though_the_list_has_the_event(answer: bytes) -> None:
    session = await looked_up(answer, event())
    (seen,) = [one for one in session.latest() if one.code == "event.look-up-refused"]
    assert answer.split()[1].decode() in seen.summary
    forbidden = b"forbidden" in answer
    assert session.first_cause == ("forbidden-unexplained" if forbidden else "event-visible-by-api")
    assert session.outcome is (Outcome.PROBLEM if forbidden else Outcome.HEALTHY)
    assert "event.look-up-refused" not in codes(await looked_at(event()))


@pytest.mark.parametrize(
    ("answer", "certainty"),
    [
        (http("404 Not Found", error("not_found")), Certainty.CONFIRMED),
        (REFUSALS[0], Certainty.LIKELY),
        (REFUSALS[1], Certainty.LIKELY),
        (REFUSALS[3], Certainty.LIKELY),
        (http("200 OK", {"doc": event(6)}), Certainty.LIKELY),
    ],
)
async def test_only_a_404_and_the_whole_list_prove_that_an_event_is_not_there(
    answer: bytes, certainty: Certainty
) -> None:
    session = await looked_up(answer, event(6))
    assert ("not_found" in session.verdicts[0].summary) is (certainty is Certainty.CONFIRMED)
    assert (session.first_cause, session.verdicts[0].certainty) == ("event-not-found", certainty)


@pytest.mark.parametrize(
    "asked",
    [{"expected_start": "2099-07-01 19:00"}, {"event_title": "R", "event_day": "2026-07-01"}],
)
async def test_a_start_at_the_edge_of_the_calendar_crashes_nothing(asked: dict[str, Any]) -> None:
    edge = event(startAt="9999-12-31T23:59:59Z", timezone="Asia/Tokyo")
    session = await looked_at(edge, **asked)
    assert "run.crashed" not in codes(session)
    assert session.outcome is not Outcome.HEALTHY
