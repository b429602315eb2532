"""Payloads that are right, or nearly look wrong: nothing may be said of them."""

from typing import Any

import pytest

from pinned_tui.inspect.payload import inspect_body
from tests.inspect.payload.payload_support import LOOKING, alarms, at, body, event, inspected


def offered(url: str, **more: Any) -> dict[str, Any]:
    return event(offers=[{"name": "Ticket", "url": url} | more])


HEALTHY: dict[str, dict[str, Any]] = {
    "the required fields": event(),
    "all documented fields": event(
        endAt="2026-12-03T13:00:00+01:00",
        status="published",
        locationName="Chapel",
        coverImage=7001,
        offers=[
            {"name": "T", "url": "https://t.example.com/a?b=c&d=e#f", "availability": "available"}
        ],
    ),
    "a draft": event(status="draft"),
    "unknown fields": event(capacity=80, audience={"age": [6, 99]}, tags=["x"]),
    "optional nulls": event(endAt=None, status=None, coverImage=None, offers=None),
    "no offers": event(offers=[]),
    "summer in Vienna": at("2026-07-01T19:00:00+02:00", "Europe/Vienna"),
    "winter in Vienna": at("2027-01-15T19:00:00+01:00", "Europe/Vienna"),
    "UTC for a plausible local time": at("2026-07-01T17:00:00Z", "Europe/Vienna"),
    "UTC with an offset of zero": at("2026-07-01T17:00:00+00:00", "Europe/Vienna"),
    "UTC in London in summer": at("2026-07-01T18:00:00Z", "Europe/London"),
    "GMT in London in winter": at("2026-12-01T18:00:00+00:00", "Europe/London"),
    "UTC for an evening in Los Angeles": at("2026-07-02T03:00:00Z", "America/Los_Angeles"),
    "UTC for an evening in Tokyo": at("2026-07-01T10:00:00Z", "Asia/Tokyo"),
    "UTC for a morning in Sydney": at("2026-07-01T00:00:00Z", "Australia/Sydney"),
    "a night of UTC at night": at("2026-07-01T02:00:00Z", "Europe/Vienna"),
    "small letters of RFC 3339": at("2026-07-01t17:00:00z", "Europe/Vienna"),
    "fractions of a second": at("2026-07-01T19:00:00.000000+02:00", "Europe/Vienna"),
    "an unknown offset": at("2026-07-01T17:00:00-00:00", "Europe/Vienna"),
    "half an hour in India": at("2026-07-01T19:00:00+05:30", "Asia/Kolkata"),
    "a link to India": at("2026-07-01T19:00:00+05:30", "Asia/Calcutta"),
    "three quarters in Nepal": at("2026-07-01T19:00:00+05:45", "Asia/Kathmandu"),
    "Chatham in summer": at("2026-12-31T20:00:00+13:45", "Pacific/Chatham"),
    "half an hour of summer on Lord Howe": at("2026-12-24T18:00:00+11:00", "Australia/Lord_Howe"),
    "winter on Lord Howe": at("2026-07-24T18:00:00+10:30", "Australia/Lord_Howe"),
    "Newfoundland": at("2026-07-01T19:00:00-02:30", "America/St_Johns"),
    "summer in Sydney": at("2026-12-31T21:00:00+11:00", "Australia/Sydney"),
    "winter in Sydney": at("2026-07-31T21:00:00+10:00", "Australia/Sydney"),
    "Brisbane without summer time": at("2026-12-31T21:00:00+10:00", "Australia/Brisbane"),
    "Phoenix without summer time": at("2026-07-04T20:00:00-07:00", "America/Phoenix"),
    "New York": at("2026-07-04T20:00:00-04:00", "America/New_York"),
    "a link to New York": at("2026-12-04T20:00:00-05:00", "US/Eastern"),
    "Sao Paulo without summer time": at("2026-12-31T20:00:00-03:00", "America/Sao_Paulo"),
    "Santiago in summer": at("2026-12-31T20:00:00-03:00", "America/Santiago"),
    "Central European Time": at("2026-12-04T20:00:00+01:00", "CET"),
    "EST with its own rules": at("2026-12-04T20:00:00-05:00", "EST"),
    "UTC as the zone": at("2026-12-04T20:00:00Z", "UTC"),
    "Etc/UTC as the zone": at("2026-12-04T03:00:00Z", "Etc/UTC"),
    "an Etc zone that its offset bears out": at("2026-12-04T20:00:00-05:00", "Etc/GMT+5"),
    "Iceland": at("2026-07-04T20:00:00Z", "Atlantic/Reykjavik"),
    "Dublin in summer": at("2026-07-04T20:00:00+01:00", "Europe/Dublin"),
    "Casablanca in the month of Ramadan": at("2027-02-15T20:00:00+00:00", "Africa/Casablanca"),
    "the repeated hour, first": at("2026-10-25T02:30:00+02:00", "Europe/Vienna"),
    "the repeated hour, second": at("2026-10-25T02:30:00+01:00", "Europe/Vienna"),
    "just before the gap": at("2027-03-28T01:59:59+01:00", "Europe/Vienna"),
    "just after the gap": at("2027-03-28T03:00:00+02:00", "Europe/Vienna"),
    "just after the gap in Sydney": at("2026-10-04T03:00:00+11:00", "Australia/Sydney"),
    "the repeated half hour on Lord Howe": at("2027-04-04T01:45:00+10:30", "Australia/Lord_Howe"),
    "midnight": at("2026-12-31T00:00:00+01:00", "Europe/Vienna"),
    "a night from year to year": at(
        "2026-12-31T22:00:00+01:00", "Europe/Vienna", endAt="2027-01-01T04:00:00+01:00"
    ),
    "over the change of the clocks": at(
        "2026-10-24T22:00:00+02:00", "Europe/Vienna", endAt="2026-10-25T02:30:00+01:00"
    ),
    "an end in another offset": at(
        "2026-12-04T20:00:00+01:00", "Europe/Vienna", endAt="2026-12-04T21:00:00Z"
    ),
    "an early morning that is local": at("2026-12-04T05:30:00+01:00", "Europe/Vienna"),
    "a night that ends early in UTC": at(
        "2026-12-04T22:00:00Z", "Europe/Vienna", endAt="2026-12-05T03:30:00Z"
    ),
    "a slug with digits": event(classifications=["90s-party", "u18"]),
    "a slug with an underscore": event(classifications=["open_air"]),
    "a title in other letters": event(title="Концерт 音楽会 🎻"),
    "a title with signs of templates": event(title="50% off & more {really}"),
    "a title with dollars": event(title="Win $500 at Bingo"),
    "a title with quotes": event(title='"Hello" — she said'),
    "a description with percent": event(description="100%(sic) sure, < 3 rows > and [[wiki]]"),
    "a large channel number": event(channelId=9007199254740991),
    "an address with a port": offered("https://t.example.com:8443/a"),
    "an address in plain http": offered("http://t.example.com/a"),
    "an address with letters beyond ASCII": offered("https://münchen.example/ä"),
    "another availability": offered("https://a.example", availability="sold_out"),
    "an exhibition that is on": at(
        "2026-05-01T10:00:00+02:00", "Europe/Vienna", endAt="2026-09-01T18:00:00+02:00"
    ),
    "names of other systems beside the right ones": event(name="x", start="y", location={"a": 1}),
    "an event far ahead": at("2099-07-01T19:00:00+02:00", "Europe/Vienna"),
    "a short placeId": event(approxLocation={"city": {"placeId": "p"}}),
}  # fmt: skip


@pytest.mark.parametrize("fields", HEALTHY.values(), ids=HEALTHY.keys())
@pytest.mark.parametrize("indent", [None, 2])
def test_nothing_is_said_of_a_healthy_payload(fields: dict[str, Any], indent: int | None) -> None:
    found = inspect_body(body(fields, indent), LOOKING)
    assert alarms(found) == []
    assert found.corrected is None
    assert found.changes == ()


QUIET = {
    "an exhibition that is on": "start-in-past",
}


@pytest.mark.parametrize("name", HEALTHY)
def test_even_mere_hints_are_rare(name: str) -> None:
    expected = [QUIET[name]] if name in QUIET else []
    assert [fault.cause for fault in inspected(HEALTHY[name]).faults] == expected
