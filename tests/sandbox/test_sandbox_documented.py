"""Every fact that the vendor documents, one by one (create and idempotency: beside this file)."""

import random

import httpx
import pytest
import yaml

from pinned_tui.sandbox import fixes
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.clock import SandboxClock
from pinned_tui.sandbox.openapi import NAMESPACE, OPENAPI_PATH, ROUTES, SandboxRoute
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.sandbox.world import World
from pinned_tui.session import SCOPES
from tests.sandbox.sandbox_support import NOWHERE, Api, StoodStill, error_of, fault_of, good_event

# Where things are


def test_the_namespace_is_api_public_v1(api: Api) -> None:
    assert NAMESPACE == "/api/public/v1"
    assert api.get("/channels").status_code == 200
    outside = api.http.get(f"{api.sandbox.base_url}/api/v1/channels", headers=api.headers)
    assert outside.status_code == 404
    assert outside.headers["content-type"].startswith("text/html")


def test_the_openapi_document_is_yaml_and_needs_no_key(api: Api) -> None:
    answer = api.http.get(api.sandbox.base_url + "/api/developer/openapi/public-api-v1")
    assert answer.status_code == 200
    document = yaml.safe_load(answer.text)
    assert document["openapi"].startswith("3.1")
    assert OPENAPI_PATH == "/api/developer/openapi/public-api-v1"


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("path", ["/keys", "/api-keys", "/keys/key-1"])
def test_the_public_api_has_no_route_for_keys(api: Api, method: str, path: str) -> None:
    answer = api.send(method, path)
    assert (answer.status_code, error_of(answer)["code"]) == (404, "not_found")


# Authentication


def test_bearer_is_accepted(api: Api) -> None:
    assert api.get("/channels", headers={"Authorization": f"Bearer {api.secret}"}).is_success


def test_x_api_key_is_accepted(api: Api) -> None:
    assert api.get("/channels", headers={"x-api-key": str(api.secret)}).is_success


def test_exactly_one_of_the_two_headers_is_accepted(api: Api) -> None:
    both = api.headers | {"x-api-key": str(api.secret)}
    answer = api.get("/channels", headers=both)
    assert (answer.status_code, error_of(answer)["code"]) == (401, "invalid_api_key")


def test_the_same_header_twice_is_not_exactly_one(api: Api) -> None:
    twice = [("Authorization", f"Bearer {api.secret}")] * 2
    url = f"{api.sandbox.base_url}{NAMESPACE}/channels"
    assert api.http.get(url, headers=twice).status_code == 401


def test_all_bad_keys_get_the_same_401_without_request_id(api: Api) -> None:
    revoked = api.control("POST", "keys", json={"replaces": "key-1"}).json()["key"]
    api.control("POST", f"keys/{revoked['id']}/revoke")
    states = [key.state for key in api.sandbox.state.keys]
    assert states == ["active", "disabled", "expired", "active", "revoked"]
    secrets = api.sandbox.secrets()
    bad_headers: list[dict[str, str]] = [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {str(api.secret)[:-3]}"},
        {"Authorization": f"Basic {api.secret}"},
        {"Authorization": str(api.secret)},
        {"Authorization": f"Bearer Bearer {api.secret}"},
        {"x-api-key": f"Bearer {api.secret}"},
        {"Authorization": f"Bearer {revoked['secret']}"},
        {"Authorization": f"Bearer {secrets['key-2'].reveal()}"},
        {"Authorization": f"Bearer {secrets['key-3'].reveal()}"},
    ]
    answers = [api.get("/channels", headers=headers) for headers in bad_headers]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(answer.headers.items()) for answer in answers}) == 1
    error = error_of(answers[0])
    assert error["code"] == "invalid_api_key"
    assert set(error) == {"code", "message"}


def test_an_expired_key_is_one_whose_moment_has_passed(api: Api) -> None:
    expiring = [key for key in api.sandbox.state.keys if key.expires_at is not None]
    assert [key.state for key in expiring] == ["expired"]
    assert all(str(key.expires_at) < api.sandbox.state.now for key in expiring)


def test_the_full_secret_is_shown_at_creation_only(api: Api) -> None:
    made = api.control("POST", "keys", json={}).json()["key"]
    secret = made["secret"]
    assert Api(api.sandbox, api.http, secret).get("/channels").is_success
    later = [
        api.control("GET", "state").text,
        api.http.get(api.sandbox.base_url + OPENAPI_PATH).text,
        api.http.get(api.sandbox.base_url + "/").text,
        *(api.get(route.path.replace("{id}", "5001")).text for route in ROUTES),
    ]
    assert not any(secret in text or str(api.secret) in text for text in later)


def test_revocation_keeps_the_key_as_metadata(api: Api) -> None:
    made = api.control("POST", "keys", json={}).json()["key"]
    api.control("POST", f"keys/{made['id']}/revoke")
    assert Api(api.sandbox, api.http, made["secret"]).get("/channels").status_code == 401
    states = {key.id: key.state for key in api.sandbox.state.keys}
    assert states[made["id"]] == "revoked"


def test_revoked_keys_do_not_count_towards_the_cap_of_active_keys(http: httpx.Client) -> None:
    behaviour = Behaviour(active_key_cap=2)
    with Sandbox(clock=SandboxClock(StoodStill()), behaviour=behaviour) as sandbox:
        api = Api(sandbox, http, None)
        second = api.control("POST", "keys", json={})
        assert second.status_code == 201
        over = api.control("POST", "keys", json={})
        assert (over.status_code, error_of(over)["code"]) == (409, "conflict")
        api.control("POST", f"keys/{second.json()['key']['id']}/revoke")
        assert api.control("POST", "keys", json={}).status_code == 201


def test_key_creation_has_a_limit_of_its_own(http: httpx.Client) -> None:
    behaviour = Behaviour(keys_per_hour=1)
    with Sandbox(clock=SandboxClock(StoodStill()), behaviour=behaviour) as sandbox:
        api = Api(sandbox, http, None)
        assert api.control("POST", "keys", json={}).status_code == 201
        over = api.control("POST", "keys", json={})
        assert (over.status_code, error_of(over)["code"]) == (429, "rate_limited")
        assert over.headers["retry-after"] == "3600"
        sandbox.clock.advance(3600)
        assert api.control("POST", "keys", json={}).status_code == 201


def test_a_key_acts_for_its_owner(api: Api) -> None:
    mine = {doc["id"] for doc in api.get("/channels").json()["docs"]}
    theirs = {doc["id"] for doc in api.of_key("key-4").get("/channels").json()["docs"]}
    assert (mine, theirs) == ({101, 102}, {204})


# Scopes


def test_the_five_scopes_are_those_of_the_routes() -> None:
    assert {route.scope for route in ROUTES} - {None} == set(SCOPES)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_route_needs_its_scope_and_no_other(api: Api, route: SandboxRoute) -> None:
    path = route.path.replace("{id}", "5001")
    only = api.allow(*([route.scope] if route.scope else []))
    assert only.send(route.method, path).status_code in {200, 400}
    if route.scope is not None:
        others = api.allow(*(scope for scope in SCOPES if scope != route.scope))
        refused = others.send(route.method, path)
        assert (refused.status_code, error_of(refused)["code"]) == (403, "insufficient_scope")
    assert not api.sandbox.state.created


def test_new_keys_start_with_two_scopes_and_old_keys_stay_as_they_are() -> None:
    world = World(clock=StoodStill(), rng=random.Random(1))
    old, _ = fixes.create_key(world, owner="ada", name="old")
    assert old.scopes == ("channels:read", "events:create")
    world.behaviour = Behaviour(new_key_scopes=("channels:read",))
    new, _ = fixes.create_key(world, owner="ada", name="new")
    assert new.scopes == ("channels:read",)
    assert old.scopes == ("channels:read", "events:create")


def test_a_scope_is_not_enough_without_access_to_the_channel(api: Api) -> None:
    for channel in (204, NOWHERE):
        answer = api.create(good_event(channelId=channel))
        assert (answer.status_code, error_of(answer)["code"]) == (403, "forbidden")


def test_access_can_change_after_the_key_was_made(sandbox: Sandbox, http: httpx.Client) -> None:
    situation = sandbox.enter("wrong-channel")
    assert situation.secret is not None
    api = Api(sandbox, http, situation.secret.reveal())
    assert api.create(good_event(channelId=204)).status_code == 403
    sandbox.fix()
    assert api.create(good_event(channelId=204)).status_code == 201


def test_the_checks_come_in_order(api: Api) -> None:
    """Rate limit, authentication, scope, body, channel access."""
    no_scope, bad_body = api.allow("channels:read"), {"channelId": NOWHERE}
    nobody = Api(api.sandbox, api.http, "nobody")
    assert nobody.create(bad_body).status_code == 401
    assert error_of(no_scope.create(bad_body))["code"] == "insufficient_scope"
    assert error_of(api.create(bad_body))["code"] == "invalid_request"
    assert error_of(api.create(good_event(channelId=NOWHERE)))["code"] == "forbidden"
    api.control("POST", "limits", json={"per_key": 1})
    api.create(bad_body)
    assert error_of(no_scope.create(bad_body))["code"] == "insufficient_scope"
    for answer in (api.create(bad_body), no_scope.create(bad_body)):
        assert error_of(answer)["code"] == "rate_limited"


# Lists


def test_the_limit_is_capped_at_100(api: Api) -> None:
    for path in ("/channels", "/classifications", "/events"):
        assert api.get(f"{path}?limit=100").json()["limit"] == 100
        assert api.get(f"{path}?limit=101").json()["limit"] == 100
        assert api.get(f"{path}?limit=99").json()["limit"] == 99


def test_channels_come_in_the_full_envelope(api: Api) -> None:
    body = api.get("/channels?limit=1").json()
    assert body == {
        "docs": [
            {"id": 101, "name": "Riverside Concert Hall", "slug": "riverside-concert-hall"},
        ],
        "page": 1,
        "limit": 1,
        "totalDocs": 2,
        "totalPages": 2,
        "hasNextPage": True,
        "hasPrevPage": False,
    }
    last = api.get("/channels?limit=1&page=2").json()
    assert (last["page"], last["hasNextPage"], last["hasPrevPage"]) == (2, False, True)


def test_events_come_in_the_short_envelope(api: Api) -> None:
    body = api.get("/events?limit=2&page=2").json()
    assert set(body) == {"docs", "totalDocs", "limit", "page"}
    assert (body["totalDocs"], body["limit"], body["page"], len(body["docs"])) == (5, 2, 2, 2)


def test_pages_are_a_partition_of_the_list(api: Api) -> None:
    whole = [doc["id"] for doc in api.get("/events?limit=100").json()["docs"]]
    pages = [api.get(f"/events?limit=2&page={page}").json()["docs"] for page in (1, 2, 3)]
    assert [doc["id"] for page in pages for doc in page] == whole


def test_an_empty_list_is_no_error(api: Api) -> None:
    answer = api.get("/events?page=4711")
    assert answer.status_code == 200
    assert answer.json()["docs"] == []


@pytest.mark.parametrize("name", ["page", "limit"])
@pytest.mark.parametrize("value", ["0", "-1", "1.5", "ten", "", "٣", "9" * 40])
def test_a_bad_page_or_limit_is_named(api: Api, name: str, value: str) -> None:
    for path in ("/channels", "/classifications", "/events"):
        field, _ = fault_of(api.get(path, params={name: value}))
        assert field == name


def test_a_channel_has_a_number_a_name_and_a_slug(api: Api) -> None:
    for doc in api.get("/channels").json()["docs"]:
        assert (type(doc["id"]), type(doc["name"]), type(doc["slug"])) == (int, str, str)


def test_classifications_have_slug_and_name(api: Api) -> None:
    body = api.get("/classifications?limit=100").json()
    assert {"slug": "concert", "name": "Concert"} in body["docs"]
    assert all(set(doc) == {"slug", "name"} for doc in body["docs"])


def test_events_are_those_of_the_owner_with_drafts(running: Sandbox, http: httpx.Client) -> None:
    secret = running.enter("draft-event").secret
    assert secret is not None
    docs = Api(running, http, secret.reveal()).get("/events?limit=100").json()["docs"]
    assert {doc["channelId"] for doc in docs} == {101, 102}
    assert {doc["status"] for doc in docs} == {"draft", "published"}


# Errors


def test_every_status_has_its_documented_code(api: Api) -> None:
    api.create(good_event(), idempotency_key="k-1")
    answers = {
        (400, "invalid_request"): api.get("/channels?page=0"),
        (401, "invalid_api_key"): api.get("/channels", headers={}),
        (403, "forbidden"): api.create(good_event(channelId=204)),
        (403, "insufficient_scope"): api.send("POST", "/media"),
        (404, "not_found"): api.get("/events/1"),
        (409, "conflict"): api.create(good_event(title="Other"), idempotency_key="k-1"),
    }
    api.control("POST", "errors", json={"requests": 1})
    answers[500, "internal_error"] = api.get("/channels")
    api.control("POST", "limits", json={"per_key": 1})
    api.get("/channels")
    answers[429, "rate_limited"] = api.get("/channels")
    for (status, code), answer in answers.items():
        assert (answer.status_code, error_of(answer)["code"]) == (status, code)
        assert answer.headers["content-type"] == "application/json"


def test_every_error_but_401_has_a_fresh_request_id(api: Api) -> None:
    ids = [error_of(api.get("/events/1"))["requestId"] for _ in range(20)]
    assert len(set(ids)) == 20
    assert all(each.startswith("req_") for each in ids)


def test_not_found_and_not_accessible_look_alike(api: Api) -> None:
    """Events that don't exist, events of others, and ids that can't be."""
    answers = [error_of(api.get(f"/events/{each}")) for each in ("1", "6001", "x", "-5", "5e3")]
    assert len({(error["code"], error["message"]) for error in answers}) == 1


def test_unknown_routes_below_the_namespace_get_the_envelope(api: Api) -> None:
    for path in ("", "/", "/nope", "/channels/", "/events/5001/", "//channels", "/channels/101"):
        answer = api.get(path)
        assert (answer.status_code, error_of(answer)["code"]) == (404, "not_found")


def test_a_wrong_method_says_which_are_right(api: Api) -> None:
    answer = api.send("DELETE", "/events")
    assert (answer.status_code, error_of(answer)["code"]) == (405, "invalid_request")
    assert answer.headers["allow"] == "GET, POST"
    assert api.send("PROPFIND", "/channels").status_code == 405


def test_head_answers_like_get_without_a_body(api: Api) -> None:
    answer = api.send("HEAD", "/channels")
    assert (answer.status_code, answer.content) == (200, b"")


# Rate limits


def test_429_carries_the_rate_limit_headers_and_retry_after(api: Api) -> None:
    api.control("POST", "limits", json={"per_key": 2, "window_seconds": 30})
    seen = [api.get("/channels") for _ in range(3)]
    assert [answer.status_code for answer in seen] == [200, 200, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in seen] == ["1", "0", "0"]
    assert {answer.headers["x-ratelimit-limit"] for answer in seen} == {"2"}
    reset = int(api.sandbox.clock.now().timestamp()) + 30
    assert {answer.headers["x-ratelimit-reset"] for answer in seen} == {str(reset)}
    assert [answer.headers.get("retry-after") for answer in seen] == [None, None, "30"]


def test_retry_after_is_the_earliest_moment_of_success(api: Api) -> None:
    api.control("POST", "limits", json={"per_key": 1, "window_seconds": 30})
    api.get("/channels")
    api.sandbox.clock.advance(29)
    refused = api.get("/channels")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    api.sandbox.clock.advance(1)
    assert api.get("/channels").status_code == 200


def test_a_refused_request_uses_nothing_up(api: Api) -> None:
    api.control("POST", "limits", json={"per_key": 1, "window_seconds": 30})
    for _ in range(5):
        api.get("/channels")
    api.sandbox.clock.advance(30)
    assert api.get("/channels").status_code == 200


def test_the_keys_of_one_owner_share_the_owners_limit(api: Api) -> None:
    api.control("POST", "limits", json={"per_key": 5, "per_owner": 2})
    second = api.allow("channels:read")
    assert api.get("/channels").status_code == 200
    assert second.get("/channels").status_code == 200
    assert [api.get("/channels").status_code, second.get("/channels").status_code] == [429, 429]
    assert api.of_key("key-4").get("/channels").status_code == 200


def test_every_authenticated_answer_tells_the_limit(api: Api) -> None:
    for answer in (api.get("/events/1"), api.create({}), api.send("POST", "/media")):
        assert "x-ratelimit-remaining" in answer.headers
    assert "x-ratelimit-remaining" not in api.get("/channels", headers={}).headers


def test_retry_after_and_reset_come_in_their_other_forms_too(http: httpx.Client) -> None:
    behaviour = Behaviour(per_key=1, reset_form="seconds", retry_after_form="date")
    with Sandbox(clock=SandboxClock(StoodStill()), behaviour=behaviour) as sandbox:
        api = Api(sandbox, http, sandbox.old_secret().reveal())
        api.get("/channels")
        refused = api.get("/channels")
        assert refused.headers["x-ratelimit-reset"] == "60"
        assert refused.headers["retry-after"] == "Fri, 12 Jun 2026 10:01:00 GMT"
        assert refused.headers["date"] == "Fri, 12 Jun 2026 10:00:00 GMT"


@pytest.mark.parametrize("form", ["bearer", "x-api-key"])
def test_one_header_form_alone_can_be_understood(http: httpx.Client, form: str) -> None:
    forms = frozenset({"bearer"}) if form == "bearer" else frozenset({"x-api-key"})
    with Sandbox(behaviour=Behaviour(header_forms=forms)) as sandbox:  # type: ignore[arg-type]
        secret = sandbox.old_secret().reveal()
        api = Api(sandbox, http, secret)
        assert api.get("/channels").is_success is (form == "bearer")
        other = api.get("/channels", headers={"x-api-key": secret})
        assert other.is_success is (form == "x-api-key")
