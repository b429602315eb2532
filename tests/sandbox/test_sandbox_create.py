"""Creating, reading and changing events, media, and every fault of a body."""

import asyncio
import random
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.sandbox import handlers
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.clock import Latency
from pinned_tui.sandbox.http_types import ApiRequest
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.sandbox.validation import SUPPORTED, BodyContext, judge, zones
from pinned_tui.sandbox.world import Key, World
from tests.sandbox.sandbox_support import (
    NOWHERE,
    Api,
    StoodStill,
    error_of,
    fault_of,
    good_event,
    refusal_of,
)

FULL = {
    "endAt": "2026-07-02T13:00:00+02:00",
    "status": "published",
    "locationName": "Chapel",
    "coverImage": 7001,
    "offers": [
        {"name": "Ticket", "url": "https://tickets.example/noon", "availability": "available"}
    ],
}
CITY = {"placeId": "plc_vienna_at", "name": "Vienna", "countryCode": "AT"}


def test_the_documented_required_fields_are_enough(api: Api) -> None:
    answer = api.create(good_event())
    assert answer.status_code == 201
    doc = answer.json()["doc"]
    assert type(doc["id"]) is int
    assert doc.items() >= good_event().items()
    assert (doc["status"], doc["moderationStatus"]) == ("draft", "approved")


def test_the_documented_optional_fields_are_kept(api: Api) -> None:
    body = good_event(**FULL, approxLocation={"city": CITY})
    doc = api.create(body).json()["doc"]
    assert doc.items() >= body.items()
    assert api.get(f"/events/{doc['id']}").json() == {"doc": doc}


def test_fields_that_the_sandbox_does_not_know_are_accepted(api: Api) -> None:
    more = {"description": "A quiet hour.", "capacity": 80, "audience": {"age": [6, 99]}}
    doc = api.create(good_event(**more)).json()["doc"]
    assert not set(more) & set(doc)


def test_an_event_document_has_all_that_decides_about_visibility(api: Api) -> None:
    expected = {
        "id",
        "title",
        "startAt",
        "endAt",
        "timezone",
        "channelId",
        "status",
        "moderationStatus",
        "classifications",
        "approxLocation",
        "locationName",
        "offers",
        "coverImage",
        "createdAt",
        "updatedAt",
    }
    docs = [*api.get("/events").json()["docs"], api.create(good_event()).json()["doc"]]
    assert all(set(doc) == expected for doc in docs)


def test_a_created_event_is_listed_and_recorded(api: Api) -> None:
    number = api.create(good_event()).json()["doc"]["id"]
    assert number in [doc["id"] for doc in api.get("/events").json()["docs"]]
    created = api.sandbox.state.created
    assert [(change.kind, change.id, change.key) for change in created] == [
        ("event", number, "key-1")
    ]


def test_the_status_of_a_success_can_be_either(http: httpx.Client) -> None:
    with Sandbox(behaviour=Behaviour(create_status=200)) as sandbox:
        api = Api(sandbox, http, sandbox.old_secret().reveal())
        assert api.create(good_event()).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "channelId",
        "title",
        "startAt",
        "timezone",
        "classifications",
        "approxLocation.city.placeId",
    ],
)
@pytest.mark.parametrize("value", ["absent", "null", "blank"])
def test_each_required_field_is_required(api: Api, path: str, value: str) -> None:
    body: dict[str, Any] = good_event()
    *parents, name = path.split(".")
    place = body
    for parent in parents:
        place = place[parent]
    if value == "absent":
        del place[name]
    else:
        place[name] = None if value == "null" else "  "
    field, _ = fault_of(api.create(body))
    assert field == path
    assert not api.sandbox.state.created


@pytest.mark.parametrize("location", [None, {}, {"city": None}, {"city": {}}])
def test_a_missing_place_is_named_by_its_whole_path(api: Api, location: object) -> None:
    field, _ = fault_of(api.create(good_event(approxLocation=location)))
    assert field == "approxLocation.city.placeId"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"channelId": "101"}, "channelId"),
        ({"channelId": True}, "channelId"),
        ({"channelId": 101.5}, "channelId"),
        ({"channelId": 0}, "channelId"),
        ({"title": 7}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"startAt": "2026-07-02T12:00:00"}, "startAt"),
        ({"startAt": "2026-07-02T12:00:00+0200"}, "startAt"),
        ({"startAt": "2026-07-02 12:00:00+02:00"}, "startAt"),
        ({"startAt": "2026-02-30T12:00:00+02:00"}, "startAt"),
        ({"startAt": "2026-07-02T12:00:00+99:00"}, "startAt"),
        ({"startAt": "20260702T120000Z"}, "startAt"),
        ({"startAt": 1782986400}, "startAt"),
        ({"endAt": "2026-07-02"}, "endAt"),
        ({"endAt": "2026-07-02T12:00:00+02:00"}, "endAt"),
        ({"endAt": "2026-07-02T09:59:00Z"}, "endAt"),
        ({"timezone": "europe/vienna"}, "timezone"),
        ({"timezone": "W. Europe Standard Time"}, "timezone"),
        ({"timezone": "GMT-5"}, "timezone"),
        ({"classifications": []}, "classifications"),
        ({"classifications": "concert"}, "classifications"),
        ({"classifications": ["concert", "conzert"]}, "classifications"),
        ({"classifications": ["concert", 7]}, "classifications[1]"),
        ({"classifications": [None]}, "classifications[0]"),
        ({"approxLocation": "Vienna"}, "approxLocation"),
        ({"approxLocation": {"city": "Vienna"}}, "approxLocation.city"),
        ({"approxLocation": {"city": {"placeId": 5}}}, "approxLocation.city.placeId"),
        ({"approxLocation": {"city": CITY | {"name": 5}}}, "approxLocation.city.name"),
        (
            {"approxLocation": {"city": CITY | {"countryCode": "Austria"}}},
            "approxLocation.city.countryCode",
        ),
        ({"status": "live"}, "status"),
        ({"locationName": ["Chapel"]}, "locationName"),
        ({"coverImage": "https://example.com/a.jpg"}, "coverImage"),
        ({"coverImage": "7001"}, "coverImage"),
        ({"coverImage": 7003}, "coverImage"),
        ({"coverImage": 1}, "coverImage"),
        ({"offers": {"name": "Ticket"}}, "offers"),
        ({"offers": ["Ticket"]}, "offers[0]"),
        ({"offers": [{"url": "https://a.example"}]}, "offers[0].name"),
        ({"offers": [FULL["offers"][0], {"name": "B"}]}, "offers[1].url"),  # type: ignore[index]
        ({"offers": [{"name": "A", "url": "a.example"}]}, "offers[0].url"),
        ({"offers": [{"name": "A", "url": "http://[x"}]}, "offers[0].url"),
        (
            {"offers": [{"name": "A", "url": "https://a.example", "availability": "some"}]},
            "offers[0].availability",
        ),
    ],
)
def test_a_fault_is_named_by_its_path(api: Api, changes: dict[str, Any], field: str) -> None:
    found, issue = fault_of(api.create(good_event(**changes)))
    assert found == field
    assert issue.endswith(".")
    assert not api.sandbox.state.created


def test_an_unknown_slug_is_answered_as_in_the_documented_example(api: Api) -> None:
    field, issue = fault_of(api.create(good_event(classifications=["opera"])))
    assert field == "classifications"
    assert "GET /api/public/v1/classifications" in issue


def test_an_unknown_slug_can_be_named_with_its_place(http: httpx.Client) -> None:
    with Sandbox(behaviour=Behaviour(slug_by_index=True)) as sandbox:
        api = Api(sandbox, http, sandbox.old_secret().reveal())
        field, _ = fault_of(api.create(good_event(classifications=["concert", "opera"])))
        assert field == "classifications[1]"


def test_the_first_fault_in_the_documented_order_is_named(api: Api) -> None:
    body: dict[str, Any] = {"channelId": NOWHERE, "coverImage": 7003}
    order = []
    fill = good_event()
    for _ in range(8):
        answer = api.create(body)
        if answer.status_code != 400:
            break
        field, _ = fault_of(answer)
        order.append(field)
        body[field.split(".")[0]] = fill.get(field.split(".")[0])
    assert order == [
        "title",
        "startAt",
        "timezone",
        "classifications",
        "approxLocation.city.placeId",
        "coverImage",
    ]
    assert error_of(answer)["code"] == "forbidden"


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"", "body"),
        (b"  \n", "body"),
        (b"{", "body"),
        (b'{"channelId": 101,}', "body"),
        (b'{"title": NaN}', "body"),
        (b"\xff\xfe{}", "body"),
        ('{"title": "Café"}'.encode("latin-1"), "body"),
        (b"[]", "body"),
        (b'"{}"', "body"),
        (b"null", "body"),
        (b"[" * 100_000, "body"),
        (b'{"channelId": 1' + b"0" * 30 + b"}", "body"),
        (b'{"channelId": 1' + b"0" * 5000 + b"}", "body"),
        (b'{"x": "' + b"a" * (8 * 1024 * 1024) + b'"}', "body"),
    ],
)
def test_a_body_that_is_no_json_object_is_named(api: Api, content: bytes, field: str) -> None:
    headers = api.headers | {"Content-Type": "application/json"}
    answer = api.send("POST", "/events", headers=headers, content=content)
    assert fault_of(answer)[0] == field


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonp"]
)
def test_a_body_that_is_not_announced_as_json_is_named(api: Api, content_type: str | None) -> None:
    headers = api.headers | ({} if content_type is None else {"Content-Type": content_type})
    answer = api.send("POST", "/events", headers=headers, content=b"{}")
    assert fault_of(answer)[0] == "Content-Type"


def test_json_with_a_charset_is_json(api: Api) -> None:
    headers = api.headers | {"Content-Type": "Application/JSON; charset=utf-8"}
    assert fault_of(api.send("POST", "/events", headers=headers, content=b"{}"))[0] == "channelId"


def test_the_ways_that_probes_ask_never_create(api: Api) -> None:
    """A bare impossible channel tells the scope; a whole body there tells whether it is good."""
    assert fault_of(api.create({"channelId": NOWHERE}))[0] == "title"
    assert error_of(api.create(good_event(channelId=NOWHERE)))["code"] == "forbidden"
    assert api.send("PATCH", f"/events/{NOWHERE}", json={}).status_code == 403
    assert api.allow("events:update").send("PATCH", f"/events/{NOWHERE}", json={}).is_error
    assert fault_of(api.allow("media:create").send("POST", "/media"))[0] == "Content-Type"
    state = api.sandbox.state
    assert (state.created, state.changed) == ((), ())


# Changing


def test_an_update_changes_what_it_names_and_nothing_else(api: Api) -> None:
    before = api.get("/events/5001").json()["doc"]
    api.sandbox.clock.advance(60)
    changer = api.allow("events:update")
    answer = changer.send("PATCH", "/events/5001", json={"title": "Later", "status": "draft"})
    after = answer.json()["doc"]
    assert after == api.get("/events/5001").json()["doc"]
    differing = {name for name in before if before[name] != after[name]}
    assert differing == {"title", "status", "updatedAt"}
    assert [change.id for change in api.sandbox.state.changed] == [5001]


def test_null_clears_what_can_be_empty(api: Api) -> None:
    changer = api.allow("events:update")
    nulls = dict.fromkeys(("endAt", "locationName", "coverImage", "offers", "status"))
    doc = changer.send("PATCH", "/events/5001", json=nulls).json()["doc"]
    assert [doc[name] for name in nulls] == [None, None, None, [], "published"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"id": 7, "moderationStatus": "approved"}, "body"),
        ({"title": None}, "title"),
        ({"endAt": "2020-01-01T00:00:00Z"}, "endAt"),
        ({"approxLocation": {}}, "approxLocation.city.placeId"),
        ({"coverImage": 7003}, "coverImage"),
    ],
)
def test_an_update_is_judged_on_top_of_the_event(
    api: Api, body: dict[str, Any], field: str
) -> None:
    changer = api.allow("events:update")
    assert fault_of(changer.send("PATCH", "/events/5001", json=body))[0] == field
    assert not api.sandbox.state.changed


def test_an_update_needs_access_to_the_event_and_to_the_new_channel(api: Api) -> None:
    changer = api.allow("events:update")
    for change in ({"title": "Mine"}, {"endAt": "2020-01-01T00:00:00Z"}):
        assert changer.send("PATCH", "/events/6001", json=change).status_code == 404
    moved = changer.send("PATCH", "/events/5001", json={"channelId": 204})
    assert (moved.status_code, error_of(moved)["code"]) == (403, "forbidden")
    assert changer.send("PATCH", "/events/5001", json={"channelId": 102}).is_success


# Media


def test_an_uploaded_picture_can_be_a_cover(api: Api) -> None:
    uploader = api.allow("media:create", "events:create")
    picture = bytes(range(256)) * 4
    answer = uploader.send("POST", "/media", files={"file": ("noon.png", picture, "image/png")})
    assert answer.status_code == 201
    doc = answer.json()["doc"]
    assert (
        doc.items() >= {"filename": "noon.png", "mimeType": "image/png", "filesize": 1024}.items()
    )
    assert type(doc["id"]) is int
    created = uploader.create(good_event(coverImage=doc["id"]))
    assert created.json()["doc"]["coverImage"] == doc["id"]


@pytest.mark.parametrize(
    "files",
    [
        {"other": ("a.png", b"x", "image/png")},
        {"file": ("a.png", b"", "image/png")},
        {"file": ("a.txt", b"x", "text/plain")},
    ],
)
def test_what_is_no_picture_is_refused(api: Api, files: Any) -> None:
    assert fault_of(api.allow("media:create").send("POST", "/media", files=files))[0] == "file"


@given(
    content=st.binary(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                b"--b",
                b"--b--",
                b"\r\n",
                b"Content-Disposition: form-data; ",
                b'name="file"',
                b"\n\n",
            ]
        )
    ).map(b"".join)
)
def test_no_multipart_body_upsets_the_server(content: bytes) -> None:
    world = World(clock=StoodStill(), rng=random.Random(1))
    key = Key(id="key-1", name="k", owner="ada", scopes=("media:create",), created_at="")
    headers = (("content-type", "multipart/form-data; boundary=b"),)
    call = ApiRequest("POST", "/media", headers=headers, body=content)
    context = handlers.RequestContext(world, call, key, {}, Latency().work)
    refusal = refusal_of(lambda: asyncio.run(handlers.upload_media(context)))
    assert refusal is None or refusal.field == "file"


# The schema of fields

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@given(name=st.sampled_from(SUPPORTED), value=json_values)
def test_no_value_upsets_the_validation(name: str, value: Any) -> None:
    body = good_event(**{name: value})
    refusal = refusal_of(lambda: judge(body, BodyContext({"concert"}, {7001}, body)))
    assert refusal is None or (refusal.status, str(refusal.field)[: len(name)]) == (400, name)


def test_time_zones_are_those_of_iana() -> None:
    assert {"Europe/Vienna", "UTC", "America/Argentina/Ushuaia", "Etc/GMT+5"} <= zones()
    assert not {"localtime", "EST5", "PST", "europe/vienna"} & zones()
