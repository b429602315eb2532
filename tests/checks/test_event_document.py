"""What is read of an event's document: only what it tells, short enough and safe to keep."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from pinned_tui.diagnosis.event import CODE, City, Event, Offer, event_in
from pinned_tui.diagnosis.event_fields import MOST_ITEMS, read_event
from pinned_tui.session import Observation, Status, encode
from tests.checks.test_event_checklist import event, looked_at

WHOLE = {
    "id": 5, "title": "Spring Recital", "description": "q7Rz5kW2xLp9 for members only",
    "startAt": "2099-07-01T17:00:00Z", "endAt": "2099-07-01T19:30:00.000Z",
    "timezone": "Europe/Vienna", "channelId": 7, "status": "published",
    "moderationStatus": "approved", "coverImage": 7001, "classifications": ["concert", "family"],
    "approxLocation": {"city": {"name": "Vienna", "placeId": "plc_vienna_at"}},
    "offers": [{"name": "A", "url": "https://t.example/1?signature=q7Rz5kW2xLp9",
                "availability": "available"}],
    "createdAt": "2099-01-01T00:00:00Z", "updatedAt": None, "owner": {"email": "ada@hall.example"},
}  # fmt: skip


def test_all_that_decides_is_read() -> None:
    assert read_event(WHOLE) == Event(
        status="published", review="approved", channel=7,
        start=datetime(2099, 7, 1, 17, tzinfo=UTC), end=datetime(2099, 7, 1, 19, 30, tzinfo=UTC),
        timezone="Europe/Vienna", city=City(name="Vienna", place_id="plc_vienna_at"), image=True,
        offers=(Offer(availability="available", host="t.example"),),
        classifications=("concert", "family"),
        created=datetime(2099, 1, 1, tzinfo=UTC), updated=None,
    )  # fmt: skip


def test_a_document_that_tells_nothing_proves_nothing() -> None:
    assert read_event({}) == Event()
    odd = {name: 7.5 for name in WHOLE if name != "coverImage"}
    assert read_event(odd) == Event()


@pytest.mark.parametrize("location", [
    None, {"city": None}, {"city": ""}, {"city": " "}, {"city": {"name": "", "placeId": None}},
    {"city": {"placeId": None, "countryCode": "AT"}}, {"city": {"name": " "}},
])  # fmt: skip
def test_no_city_is_what_the_document_says_outright(location: Any) -> None:
    assert read_event({"approxLocation": location}).city is None


@pytest.mark.parametrize("location", [
    {}, "Vienna", 12, [], {"region": "Tyrol"}, {"city": 12}, {"city": {}}, {"city": {"id": 12}},
    {"city": {"id": 12, "name": None}}, {"city": {"countryCode": "AT"}}, {"city": {"name": 12}},
])  # fmt: skip
def test_a_city_in_a_form_that_nobody_knows_is_not_a_missing_one(location: Any) -> None:
    assert read_event({"approxLocation": location}).city is UNSET


@pytest.mark.parametrize(("city", "read"), [
    ("Vienna", City(name="Vienna")), ({"name": "Vienna"}, City(name="Vienna")),
    ({"placeId": "plc_1", "name": None}, City(place_id="plc_1")),
])  # fmt: skip
def test_a_city_is_one_by_its_name_or_its_place(city: Any, read: City) -> None:
    assert read_event({"approxLocation": {"city": city}}).city == read


def test_moments_are_told_on_the_clock_of_the_place() -> None:
    values = read_event(WHOLE).values()
    assert values["starts"] == "2099-07-01 19:00 Europe/Vienna"
    assert values["ends"] == "2099-07-01 21:30 Europe/Vienna"
    nowhere = read_event(WHOLE | {"timezone": "Vienna"})
    assert nowhere.values()["starts"] == "2099-07-01 17:00 UTC"
    edge = read_event({"startAt": "9999-12-31T23:59:59Z", "timezone": "Asia/Tokyo"})
    assert edge.start is UNSET


async def test_a_session_keeps_it_and_nothing_private() -> None:
    session = await looked_at(WHOLE)
    seen = next(one for one in session.latest() if one.code == CODE)
    assert event_in(seen) == read_event(WHOLE)
    assert seen.summary == (
        "Its document says: status published; startAt 2099-07-01 19:00 Europe/Vienna; endAt"
        " 2099-07-01 21:30 Europe/Vienna; city Vienna; coverImage there; offers 1; createdAt"
        " 2099-01-01 00:00 UTC; updatedAt none; classifications concert, family."
    )
    document = encode(session)
    for private in (b"q7Rz5kW2xLp9", b"members", b"ada@hall.example"):
        assert private not in document


async def test_what_an_event_lacks_is_said_too() -> None:
    doc = event(coverImage=None, offers=[], classifications=[], approxLocation=None, endAt=None)
    session = await looked_at(doc)
    said = next(one.summary for one in session.latest() if one.code == CODE)
    assert "endAt none; city none; coverImage none; offers 0; classifications none." in said


@pytest.mark.parametrize("data", [{}, {"document": None}, {"document": {"start": "[key-1]"}}])
def test_a_record_of_another_make_hands_over_nothing(data: dict[str, Any]) -> None:
    seen = Observation(
        id="obs-1", run="run-1", probe="event", code=CODE, status=Status.PASS, summary="", data=data
    )
    assert event_in(seen) is None


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300)
JSON = st.recursive(
    SCALARS | st.sampled_from(["2099-07-01T17:00:00Z", "0001-01-01T00:00:00+14:00", "https://["]),
    lambda inner: (
        st.lists(inner, max_size=30)
        | st.dictionaries(
            st.sampled_from(["city", "name", "placeId", "url", "availability", "slug", "status"]),
            inner,
        )
    ),
    max_leaves=40,
)


@given(st.dictionaries(st.sampled_from([*WHOLE, "_status", "isDraft", "moderation"]), JSON))
def test_any_document_is_read_and_kept_small(doc: dict[str, Any]) -> None:
    read = read_event(doc)
    document = msgspec.json.decode(msgspec.json.encode(read))
    assert msgspec.convert(document, Event) == read
    assert len(json.dumps(document, ensure_ascii=False)) < 100 * (3 * MOST_ITEMS + 12)
    assert isinstance("; ".join(read.described()), str)
