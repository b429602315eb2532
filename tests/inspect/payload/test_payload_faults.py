"""Payloads with one thing wrong in each: the cause, the field, what is proposed."""

from typing import Any

import pytest

from pinned_tui.inspect.model import InspectionContext
from pinned_tui.inspect.payload import inspect_body
from pinned_tui.session import Certainty
from tests.inspect.payload.payload_support import (
    DROP,
    LOOKING,
    NOW,
    SLUGS,
    alarms,
    at,
    body,
    causes,
    event,
    inspected,
)

Case = tuple[dict[str, Any], str, str, str | int | None]


def renamed(old: str, new: str, fields: dict[str, Any] | None = None) -> dict[str, Any]:
    return {new if name == old else name: value for name, value in (fields or event()).items()}


def city(**fields: Any) -> dict[str, Any]:
    return event(approxLocation={"city": fields})


def offer(**fields: Any) -> dict[str, Any]:
    return event(offers=[{"name": "Ticket", "url": "https://t.example.com/1"} | fields])


def start(value: Any, zone: str = "Europe/Vienna") -> dict[str, Any]:
    return at(value, zone)


MISSING: list[Case] = [
    (event(channelId=DROP), "field-missing", "channelId", None),
    (event(channelId=None), "field-missing", "channelId", None),
    (event(channelId=""), "field-missing", "channelId", None),
    (event(title=DROP), "field-missing", "title", None),
    (event(title="  "), "field-missing", "title", None),
    (event(startAt=None), "field-missing", "startAt", None),
    (event(timezone=""), "field-missing", "timezone", None),
    (event(classifications=[]), "field-missing", "classifications", None),
    (event(classifications=["concert", " "]), "field-missing", "classifications[1]", None),
    (event(classifications=[None]), "field-missing", "classifications[0]", None),
    (event(approxLocation=DROP), "field-missing", "approxLocation.city.placeId", None),
    (event(approxLocation=None), "field-missing", "approxLocation.city.placeId", None),
    (event(approxLocation={}), "field-missing", "approxLocation.city.placeId", None),
    (city(name="Vienna"), "field-missing", "approxLocation.city.placeId", None),
    (city(placeId=" "), "field-missing", "approxLocation.city.placeId", None),
]
MISNAMED: list[Case] = [
    (renamed("channelId", "channel_id"), "field-misnamed", "channel_id", "channelId"),
    (renamed("channelId", "ChannelID"), "field-misnamed", "ChannelID", "channelId"),
    (renamed("channelId", "channel"), "field-misnamed", "channel", "channelId"),
    (renamed("title", "name"), "field-misnamed", "name", "title"),
    (renamed("title", "Title"), "field-misnamed", "Title", "title"),
    (renamed("title", "titel"), "field-misnamed", "titel", "title"),
    (renamed("startAt", "startDate"), "field-misnamed", "startDate", "startAt"),
    (renamed("startAt", "start_at"), "field-misnamed", "start_at", "startAt"),
    (renamed("startAt", "starts_at"), "field-misnamed", "starts_at", "startAt"),
    (renamed("startAt", "strartAt"), "field-misnamed", "strartAt", "startAt"),
    (renamed("timezone", "timeZone"), "field-misnamed", "timeZone", "timezone"),
    (renamed("timezone", "tz"), "field-misnamed", "tz", "timezone"),
    (renamed("classifications", "categories"), "field-misnamed", "categories", "classifications"),
    (renamed("classifications", "clasifications"), "field-misnamed", "clasifications",
     "classifications"),
    (renamed("approxLocation", "location"), "field-misnamed", "location", "approxLocation"),
    (renamed("approxLocation", "approx_location"), "field-misnamed", "approx_location",
     "approxLocation"),
    (city(place_id="plc_x"), "field-misnamed", "approxLocation.city.place_id", "placeId"),
    (city(placeID="plc_x", name="X"), "field-misnamed", "approxLocation.city.placeID", "placeId"),
    (city(id="plc_x"), "field-misnamed", "approxLocation.city.id", "placeId"),
    (event(end_at="2026-12-03T13:00:00+01:00"), "field-misnamed", "end_at", "endAt"),
    (event(endDate="2026-12-03T13:00:00+01:00"), "field-misnamed", "endDate", "endAt"),
    (event(cover_image=7001), "field-misnamed", "cover_image", "coverImage"),
    (event(approxLocation={"placeId": "plc_x"}), "field-misnamed", "approxLocation.placeId",
     "approxLocation.city.placeId"),
    (event(approxLocation=DROP, city={"placeId": "plc_x"}), "field-misnamed", "city.placeId",
     "approxLocation.city.placeId"),
]  # fmt: skip
TYPES: list[Case] = [
    (event(channelId="42"), "field-wrong-type", "channelId", 42),
    (event(channelId=" 42 "), "field-wrong-type", "channelId", 42),
    (event(channelId=42.0), "field-wrong-type", "channelId", 42),
    (event(channelId=42.5), "field-wrong-type", "channelId", None),
    (event(channelId=0), "field-wrong-type", "channelId", None),
    (event(channelId=-7), "field-wrong-type", "channelId", None),
    (event(channelId=2**53), "field-wrong-type", "channelId", None),
    (event(channelId=True), "field-wrong-type", "channelId", None),
    (event(channelId=[42]), "field-wrong-type", "channelId", 42),
    (event(channelId={"id": 42, "name": "x"}), "field-wrong-type", "channelId", 42),
    (event(channelId="main-stage"), "channel-id-not-numeric", "channelId", None),
    (event(channelId="Riverside Hall"), "channel-id-not-numeric", "channelId", None),
    (event(channelId="https://pinned.events/c/main"), "channel-id-not-numeric", "channelId", None),
    (event(channelId="42a"), "channel-id-not-numeric", "channelId", None),
    (event(title=1984), "field-wrong-type", "title", "1984"),
    (event(title=["A"]), "field-wrong-type", "title", "A"),
    (event(title={"de": "A"}), "field-wrong-type", "title", None),
    (event(startAt=["2026-12-03T12:00:00+01:00"]), "field-wrong-type", "startAt", None),
    (event(startAt=True), "field-wrong-type", "startAt", None),
    (event(timezone=1), "field-wrong-type", "timezone", None),
    (event(classifications="concert"), "field-wrong-type", "classifications", '["concert"]'),
    (event(classifications="concert, jazz"), "field-wrong-type", "classifications",
     '["concert", "jazz"]'),
    (event(classifications=[{"slug": "concert"}]), "field-wrong-type", "classifications[0]",
     "concert"),
    (event(classifications=[12]), "field-wrong-type", "classifications[0]", "12"),
    (event(classifications={"0": "concert"}), "field-wrong-type", "classifications", None),
    (event(approxLocation="Vienna"), "field-wrong-type", "approxLocation", None),
    (event(approxLocation={"city": "Vienna"}), "field-wrong-type", "approxLocation.city", None),
    (city(placeId=77), "field-wrong-type", "approxLocation.city.placeId", "77"),
    (event(coverImage="7001"), "field-wrong-type", "coverImage", 7001),
    (event(coverImage={"id": 7001}), "field-wrong-type", "coverImage", 7001),
    (event(coverImage=0), "field-wrong-type", "coverImage", None),
    (event(coverImage="https://x.example/a.jpg"), "cover-image-not-an-id", "coverImage", None),
    (event(coverImage="poster.png"), "cover-image-not-an-id", "coverImage", None),
    (event(offers={"name": "T", "url": "https://t.example"}), "field-wrong-type", "offers", None),
    (event(offers=["https://t.example"]), "field-wrong-type", "offers[0]", None),
    (event(status=True), "field-wrong-type", "status", None),
]  # fmt: skip
DATES: list[Case] = [
    (start("2026-12-24T19:00:00"), "datetime-no-offset", "startAt", "2026-12-24T19:00:00+01:00"),
    (start("2026-07-24T19:00:00"), "datetime-no-offset", "startAt", "2026-07-24T19:00:00+02:00"),
    (start("2026-12-24 19:00:00"), "datetime-no-offset", "startAt", "2026-12-24T19:00:00+01:00"),
    (start("2026-12-24T19:00"), "datetime-no-offset", "startAt", "2026-12-24T19:00:00+01:00"),
    (start("2026-12-24T19:00:00+0100"), "datetime-malformed", "startAt",
     "2026-12-24T19:00:00+01:00"),
    (start("2026-12-24T19:00:00+0000", "UTC"), "datetime-malformed", "startAt",
     "2026-12-24T19:00:00Z"),
    (start("2026-12-24T19:00:00+01"), "datetime-malformed", "startAt", "2026-12-24T19:00:00+01:00"),
    (start("2026-12-24T19:00+01:00"), "datetime-malformed", "startAt", "2026-12-24T19:00:00+01:00"),
    (start("2026-12-24 19:00:00+01:00"), "datetime-malformed", "startAt",
     "2026-12-24T19:00:00+01:00"),
    (start("2026-12-24T19:00:00 +01:00"), "datetime-malformed", "startAt",
     "2026-12-24T19:00:00+01:00"),
    (start("2026-12-24 18:00:00 UTC"), "datetime-malformed", "startAt", "2026-12-24T18:00:00Z"),
    (start("20261224T180000Z"), "datetime-malformed", "startAt", "2026-12-24T18:00:00Z"),
    (start("24.12.2026 19:00"), "datetime-malformed", "startAt", "2026-12-24T19:00:00+01:00"),
    (start("24.12.2026, 19:00 Uhr"), "datetime-malformed", "startAt", "2026-12-24T19:00:00+01:00"),
    (start("24. Dezember 2026, 19 Uhr"), "datetime-malformed", "startAt",
     "2026-12-24T19:00:00+01:00"),
    (start("24 décembre 2026 à 19h00"), "datetime-malformed", "startAt",
     "2026-12-24T19:00:00+01:00"),
    (start("12/24/2026 7:00 PM"), "datetime-malformed", "startAt", "2026-12-24T19:00:00+01:00"),
    (start("24/12/2026 19:00"), "datetime-malformed", "startAt", "2026-12-24T19:00:00+01:00"),
    (start("12/06/2026 7:00 PM"), "datetime-malformed", "startAt", None),
    (start("24.12.26 19:00"), "datetime-malformed", "startAt", "2026-12-24T19:00:00+01:00"),
    (start("2026-12-24"), "datetime-malformed", "startAt", None),
    (start("tomorrow at 7"), "datetime-malformed", "startAt", None),
    (start("Invalid Date"), "datetime-malformed", "startAt", None),
    (start("2027-02-30T19:00:00+01:00"), "datetime-malformed", "startAt", None),
    (start("2026-12-24T25:00:00+01:00"), "datetime-malformed", "startAt", None),
    (start("2026-12-24T24:00:00+01:00"), "datetime-malformed", "startAt",
     "2026-12-25T00:00:00+01:00"),
    (start("2026-12-24T19:00:00+25:00"), "datetime-malformed", "startAt",
     "2026-12-24T19:00:00+01:00"),
    (start("2026-12-24T19:00:00\u221205:00", "America/New_York"), "datetime-malformed", "startAt",
     "2026-12-24T19:00:00-05:00"),
    (start(1798135200), "datetime-malformed", "startAt", "2026-12-24T19:00:00+01:00"),
    (start(1798135200000), "datetime-malformed", "startAt", "2026-12-24T19:00:00+01:00"),
    (start("1798135200"), "datetime-malformed", "startAt", "2026-12-24T19:00:00+01:00"),
    (start(46380.7916666667), "datetime-malformed", "startAt", "2026-12-24T19:00:00+01:00"),
    (start("Thu Dec 24 2026 19:00:00 GMT+0100 (Central European Standard Time)"),
     "datetime-malformed", "startAt", "2026-12-24T19:00:00+01:00"),
    (start("Thu, 24 Dec 2026 18:00:00 GMT"), "datetime-malformed", "startAt",
     "2026-12-24T18:00:00Z"),
    (start("2026-12-24T19:00:00+01:00[Europe/Vienna]"), "datetime-malformed", "startAt",
     "2026-12-24T19:00:00+01:00"),
    (start(" 2026-12-24T19:00:00+01:00"), "datetime-malformed", "startAt",
     "2026-12-24T19:00:00+01:00"),
    (start("2026-12-24T19:00:00+02:00"), "datetime-offset-mismatch", "startAt",
     "2026-12-24T19:00:00+01:00"),
    (start("2026-07-24T19:00:00+01:00"), "datetime-offset-mismatch", "startAt",
     "2026-07-24T19:00:00+02:00"),
    (start("2026-07-24T19:00:00+00:00", "Europe/London"), "datetime-offset-mismatch", "startAt",
     "2026-07-24T19:00:00+01:00"),
    (start("2026-12-24T19:00:00+10:00", "Australia/Sydney"), "datetime-offset-mismatch", "startAt",
     "2026-12-24T19:00:00+11:00"),
    (start("2026-12-24T19:00:00+10:30", "Australia/Lord_Howe"), "datetime-offset-mismatch",
     "startAt", "2026-12-24T19:00:00+11:00"),
    (start("2026-12-24T19:00:00+05:00", "Asia/Kolkata"), "datetime-offset-mismatch", "startAt",
     "2026-12-24T19:00:00+05:30"),
    (start("2026-07-04T20:00:00-05:00", "America/New_York"), "datetime-offset-mismatch", "startAt",
     "2026-07-04T20:00:00-04:00"),
    (start("2026-07-04T20:00:00-06:00", "America/Phoenix"), "datetime-offset-mismatch", "startAt",
     "2026-07-04T20:00:00-07:00"),
    (event(endAt="2026-12-03T13:00:00+02:00"), "datetime-offset-mismatch", "endAt",
     "2026-12-03T13:00:00+01:00"),
    (start("2026-12-24T19:00:00Z", "Asia/Tokyo"), "datetime-utc-for-local", "startAt",
     "2026-12-24T19:00:00+09:00"),
    (start("2026-07-04T09:00:00Z", "America/Los_Angeles"), "datetime-utc-for-local", "startAt",
     "2026-07-04T09:00:00-07:00"),
    (start("2026-07-04T19:00:00+00:00", "Australia/Sydney"), "datetime-utc-for-local", "startAt",
     "2026-07-04T19:00:00+10:00"),
    (start("2027-03-28T02:30:00+01:00"), "datetime-in-dst-gap", "startAt",
     "2027-03-28T03:30:00+02:00"),
    (start("2027-03-28T02:30:00+02:00"), "datetime-in-dst-gap", "startAt",
     "2027-03-28T01:30:00+01:00"),
    (start("2027-03-28T02:30:00"), "datetime-in-dst-gap", "startAt", "2027-03-28T03:30:00+02:00"),
    (start("2026-10-04T02:15:00+10:30", "Australia/Lord_Howe"), "datetime-in-dst-gap", "startAt",
     "2026-10-04T02:45:00+11:00"),
    (start("2027-03-14T02:30:00-05:00", "America/New_York"), "datetime-in-dst-gap", "startAt",
     "2027-03-14T03:30:00-04:00"),
    (start("2026-10-25T02:30:00"), "datetime-ambiguous", "startAt",
     "2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00"),
    (start("2026-10-25T02:30:00+05:00"), "datetime-ambiguous", "startAt",
     "2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00"),
    (event(endAt="2026-12-03T11:00:00+01:00"), "end-not-after-start", "endAt",
     "2026-12-04T11:00:00+01:00"),
    (event(endAt="2026-12-03T12:00:00+01:00"), "end-not-after-start", "endAt", None),
    (event(endAt="2026-12-02T13:00:00+01:00"), "end-not-after-start", "endAt", None),
    (start("2025-12-24T19:00:00+01:00"), "start-in-past", "startAt", None),
    (start("2026-06-12T11:59:00+02:00"), "start-in-past", "startAt", None),
]  # fmt: skip
ZONES: list[Case] = [
    (at("2026-12-24T19:00:00+01:00", zone), "timezone-not-iana", "timezone", suggestion)
    for zone, suggestion in {
        "europe/vienna": "Europe/Vienna",
        "Europe/Viena": "Europe/Vienna",
        "Europe / Vienna": "Europe/Vienna",
        "Vienna": "Europe/Vienna",
        "W. Europe Standard Time": "Europe/Berlin",
        "Romance Standard Time": "Europe/Paris",
        "CEST": "Europe/Berlin",
        "MEZ": "Europe/Berlin",
        "UTC+1": None,
        "GMT+01:00": None,
        "+01:00": None,
        "Europe/Munich": "Europe/Berlin",
        "Mars/Olympus": None,
        "cet": "CET",
    }.items()
] + [
    (at("2026-12-24T19:00:00-05:00", zone), "timezone-not-iana", "timezone", suggestion)
    for zone, suggestion in {
        "EST5": "America/New_York",
        "GMT-5": None,
        "Eastern Standard Time": "America/New_York",
        "America/New York": "America/New_York",
        "new_york": "America/New_York",
        "EDT": "America/New_York",
        "Eastern Time": "America/New_York",
        "US/Estern": "US/Eastern",
    }.items()
] + [
    (at("2026-12-24T19:00:00-08:00", "PST"), "timezone-not-iana", "timezone",
     "America/Los_Angeles"),
    (at("2026-12-24T19:00:00+05:30", "IST"), "timezone-not-iana", "timezone", "Asia/Kolkata"),
    (at("2026-07-24T19:00:00+01:00", "BST"), "timezone-not-iana", "timezone", "Europe/London"),
    (event(timezone="UTC+1"), "timezone-not-iana", "timezone", "Europe/Vienna"),
    (at("2026-12-24T19:00:00+05:00", "Etc/GMT+5"), "timezone-etc-sign", "timezone", None),
    (at("2026-12-24T19:00:00Z", "Etc/GMT+5"), "timezone-etc-sign", "timezone", None),
]  # fmt: skip
WORDS: list[Case] = [
    (event(classifications=["Classical Music"]), "classification-unknown", "classifications[0]",
     "classical-music"),
    (event(classifications=["concert", "Jazz"]), "classification-unknown", "classifications[1]",
     "jazz"),
    (event(classifications=["Théâtre & Danse"]), "classification-unknown", "classifications[0]",
     "theatre-and-danse"),
    (event(status="Published"), "status-unknown", "status", "published"),
    (event(status="DRAFT"), "status-unknown", "status", "draft"),
    (event(status="publised"), "status-unknown", "status", "published"),
    (event(status="live"), "status-unknown", "status", "published"),
    (event(status="active"), "status-unknown", "status", "published"),
    (event(status="hidden"), "status-unknown", "status", "draft"),
    (event(status="cancelled"), "status-unknown", "status", None),
    (offer(url="t.example.com/1"), "offer-url-invalid", "offers[0].url", "https://t.example.com/1"),
    (offer(url="www.example.com"), "offer-url-invalid", "offers[0].url", "https://www.example.com"),
    (offer(url="//t.example.com/1"), "offer-url-invalid", "offers[0].url",
     "https://t.example.com/1"),
    (offer(url="https:/t.example.com/1"), "offer-url-invalid", "offers[0].url",
     "https://t.example.com/1"),
    (offer(url="https://t.example.com/my event"), "offer-url-invalid", "offers[0].url",
     "https://t.example.com/my%20event"),
    (offer(url="https://"), "offer-url-invalid", "offers[0].url", None),
    (offer(url=""), "offer-url-invalid", "offers[0].url", None),
    (offer(url="at the door"), "offer-url-invalid", "offers[0].url", None),
    (offer(url="mailto:a@example.com"), "offer-url-invalid", "offers[0].url", None),
    (offer(url="javascript:alert(1)"), "offer-url-invalid", "offers[0].url", None),
    (offer(url="http://localhost:3000/x"), "offer-url-invalid", "offers[0].url", None),
    (offer(url="https://[bad"), "offer-url-invalid", "offers[0].url", None),
    (offer(availability="Available"), "offer-availability-unknown", "offers[0].availability",
     "available"),
    (offer(availability="https://schema.org/InStock"), "offer-availability-unknown",
     "offers[0].availability", "available"),
    (offer(availability="https://schema.org/SoldOut"), "offer-availability-unknown",
     "offers[0].availability", None),
    (offer(availability="availible"), "offer-availability-unknown", "offers[0].availability",
     "available"),
]  # fmt: skip
LEFT_OVER: list[Case] = [
    (event(title="{{ event.title }}"), "body-template-unrendered", "title", None),
    (event(title="Concert of {{artist}}"), "body-template-unrendered", "title", None),
    (event(title="${TITLE}"), "body-template-unrendered", "title", None),
    (event(title="<%= title %>"), "body-template-unrendered", "title", None),
    (event(title="%(title)s"), "body-template-unrendered", "title", None),
    (event(title="<title>"), "body-template-unrendered", "title", None),
    (event(title="string"), "body-template-unrendered", "title", None),
    (event(title="TODO"), "body-template-unrendered", "title", None),
    (event(title="{title}"), "body-template-unrendered", "title", None),
    (event(channelId="YOUR_CHANNEL_ID"), "body-template-unrendered", "channelId", None),
    (event(channelId="$CHANNEL_ID"), "body-template-unrendered", "channelId", None),
    (event(startAt="{{start}}"), "body-template-unrendered", "startAt", None),
    (event(timezone="string"), "body-template-unrendered", "timezone", None),
    (event(title="undefined"), "body-template-unrendered", "title", None),
    (event(title="[object Object]"), "body-template-unrendered", "title", None),
    (event(description="Hello {{name}}"), "body-template-unrendered", "description", None),
    (offer(url="https://t.example.com/{{id}}"), "body-template-unrendered", "offers[0].url", None),
    (city(placeId="${PLACE}"), "body-template-unrendered", "approxLocation.city.placeId", None),
]
CASES = [*MISSING, *MISNAMED, *TYPES, *DATES, *ZONES, *WORDS, *LEFT_OVER]


def name_of(case: Case) -> str:
    fields, cause, subject, _ = case
    value: Any = fields
    for part in subject.replace("[", ".[").split("."):
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.startswith("["):
            value = value[int(part[1:-1])]
    return f"{cause}-{subject}-{str(value)[:40]}"


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_one_fault_is_named_with_its_field_and_what_to_write(case: Case) -> None:
    fields, cause, subject, suggestion = case
    found = inspected(fields)
    (fault,) = alarms(found)
    assert fault.cause == cause
    assert fault.subject == subject
    assert fault.suggestion == suggestion


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_place_is_the_value_or_the_name(case: Case) -> None:
    text = body(case[0])
    (fault,) = alarms(inspect_body(text, LOOKING))
    assert fault.span is not None
    marked = text[fault.span.start : fault.span.end]
    name = case[2].rpartition(".")[2].partition("[")[0]
    before = text[: fault.span.start]
    absent = fault.cause == "field-missing" and marked in {"{", "null"}
    assert absent or marked == f'"{name}"' or f'"{name}":' in before


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_corrected_payload_is_healthy(case: Case) -> None:
    found = inspected(case[0])
    if found.corrected is None:
        assert found.changes == ()
        return
    assert found.changes
    again = inspect_body(found.corrected, LOOKING)
    assert [f for f in again.faults if f.certainty is not Certainty.POSSIBLE] == []
    assert again.corrected is None


MENDABLE = {
    "field-misnamed": 0.9,
    "datetime-no-offset": 1.0,
    "datetime-offset-mismatch": 0.7,
}


@pytest.mark.parametrize("cause", MENDABLE)
def test_most_of_what_is_mechanical_is_mended(cause: str) -> None:
    cases = [case for case in CASES if case[1] == cause]
    mended = [case for case in cases if inspected(case[0]).corrected is not None]
    assert len(mended) / len(cases) >= MENDABLE[cause]


def test_all_faults_come_in_one_pass_in_the_order_of_mending() -> None:
    fields = renamed("startAt", "startDate", event(startAt="24.12.2026 19:00"))
    fields |= {
        "channelId": "42",
        "timezone": "europe/vienna",
        "classifications": ["Jazz"],
        "status": "Published",
        "offers": [{"name": "x", "url": "t.example.com"}],
        "title": "",
    }
    assert causes(inspected(fields)) == [
        "field-misnamed",
        "field-missing",
        "field-wrong-type",
        "timezone-not-iana",
        "datetime-malformed",
        "classification-unknown",
        "offer-url-invalid",
        "status-unknown",
    ]


def test_a_misnamed_field_is_looked_at_under_its_right_name() -> None:
    fields = renamed("startAt", "startDate", event(startAt="2026-12-24T19:00:00"))
    named, dated = alarms(inspected(fields))
    assert (named.cause, named.path) == ("field-misnamed", "startDate")
    assert (dated.cause, dated.subject, dated.path) == (
        "datetime-no-offset",
        "startAt",
        "startDate",
    )


@pytest.mark.parametrize(
    ("slug", "suggestion"),
    [("concerts", "concert"), ("Classical Music", "classical-music"), ("xyz", None)],
)
def test_live_slugs_make_an_unknown_one_certain(slug: str, suggestion: str | None) -> None:
    looking = InspectionContext(now=NOW, slugs=SLUGS)
    (fault,) = inspected(event(classifications=[slug]), looking).faults
    assert (fault.cause, fault.certainty) == ("classification-unknown", Certainty.CONFIRMED)
    assert (fault.subject, fault.suggestion) == ("classifications[0]", suggestion)
    assert inspected(event(classifications=["jazz"]), looking).faults == ()


@pytest.mark.parametrize(
    "place",
    ["ChIJn8o2UZ4HbUcRRluiUYrlwv0", "Vienna, Austria", "48.2, 16.37", "https://x.example/p"],
)
def test_a_place_id_of_another_system_is_only_doubted(place: str) -> None:
    (fault,) = inspected(city(placeId=place)).faults
    assert (fault.cause, fault.certainty) == ("place-id-suspicious", Certainty.POSSIBLE)


def test_a_slug_near_a_common_word_is_only_a_hint() -> None:
    (fault,) = inspected(event(classifications=["concerts"])).faults
    assert (fault.cause, fault.certainty) == ("classification-unknown", Certainty.POSSIBLE)
    assert fault.suggestion == "concert"


def test_in_an_update_fields_may_be_left_out() -> None:
    found = inspect_body('{"status": "Published"}', LOOKING, partial=True)
    assert causes(found) == ["status-unknown"]
    assert found.corrected == '{"status": "published"}'
    assert inspect_body('{"title": "A"}', LOOKING, partial=True).faults == ()
    assert causes(inspect_body('{"title": null}', LOOKING, partial=True)) == ["field-missing"]


def test_the_country_settles_which_zone_is_meant() -> None:
    (fault,) = alarms(inspected(event(timezone="CET+1")))
    assert fault.suggestion == "Europe/Vienna"
