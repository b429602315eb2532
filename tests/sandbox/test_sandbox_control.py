"""The sandbox's own controls over HTTP."""

from typing import Any

import msgspec
import pytest

from pinned_tui.sandbox.state import SandboxState
from tests.sandbox.sandbox_support import Api, error_of, good_event


def test_the_state_tells_what_was_received_and_no_secret(api: Api) -> None:
    api.get("/channels?limit=1")
    api.get(f"/{api.secret}")
    api.get("/channels", headers={"x-api-key": "wrong"})
    answer = api.control("GET", "state")
    state = msgspec.json.decode(answer.content, type=SandboxState)
    assert state == api.sandbox.state
    assert [(each.route, each.status, each.key) for each in state.requests] == [
        ("GET /channels", 200, "key-1"),
        ("GET (unknown path)", 404, None),
        ("GET /channels", 401, None),
    ]
    assert state.counts.by_status == {"200": 1, "404": 1, "401": 1}
    assert state.counts.requests == 3
    assert str(api.secret) not in answer.text


def test_the_clock_moves(api: Api) -> None:
    answer = api.control("POST", "clock", json={"advance_seconds": 90.5})
    assert answer.json() == {"now": "2026-06-12T10:01:30.500Z", "clock_ahead_s": 90.5}
    api.control("POST", "clock", json={"advance_seconds": 10})
    assert api.sandbox.clock.ahead_s == 100.5


def test_the_scenario_changes_and_resets(api: Api) -> None:
    answer = api.control("POST", "scenario", json={"name": "missing-scope"}).json()["situation"]
    assert (answer["scenario"], answer["needs"]) == ("missing-scope", ["events:read"])
    other = Api(api.sandbox, api.http, answer["key"])
    assert error_of(other.get("/events"))["code"] == "insufficient_scope"
    done = api.control("POST", "fix").json()
    assert "events:read" in done["done"]
    assert other.get("/events").is_success
    assert api.sandbox.state.fixed
    again = api.control("POST", "reset").json()["situation"]
    assert again == answer
    assert error_of(other.get("/events"))["code"] == "insufficient_scope"
    assert not api.sandbox.state.fixed


def test_a_fix_that_replaces_the_key_hands_it_out(api: Api) -> None:
    api.control("POST", "scenario", json={"name": "revoked-key"})
    key = api.control("POST", "fix").json()["situation"]["key"]
    assert Api(api.sandbox, api.http, key).get("/channels").is_success


def test_keys_are_created_and_revoked(api: Api) -> None:
    made = api.control("POST", "keys")
    assert made.status_code == 201
    key = made.json()["key"]
    assert key["scopes"] == ["channels:read", "events:create", "events:read"]
    assert api.sandbox.situation.secret is not None
    assert api.sandbox.situation.secret.reveal() == key["secret"]
    revoked = api.control("POST", "keys/key-1/revoke").json()["key"]
    assert (revoked["id"], revoked["state"]) == ("key-1", "revoked")
    assert api.get("/channels").status_code == 401
    other = api.control("POST", "keys", json={"replaces": "key-4"}).json()["key"]
    assert other["owner"] == "ben"


def test_errors_come_on_request(api: Api) -> None:
    def statuses(count: int) -> list[int]:
        return [api.get("/channels").status_code for _ in range(count)]

    api.control("POST", "errors", json={"requests": 2})
    assert statuses(3) == [500, 500, 200]
    api.control("POST", "errors", json={"requests": "all"})
    assert statuses(3) == [500, 500, 500]
    api.control("POST", "errors", json={"requests": 0})
    assert statuses(1) == [200]
    api.control("POST", "errors", json={"requests": 1, "when": "after"})
    assert api.create(good_event()).status_code == 500
    assert len(api.sandbox.state.created) == 1


def test_latency_comes_on_request_and_goes(api: Api) -> None:
    assert api.control("POST", "latency", json={"latency_ms": 5}).json() == {"latency_ms": 5}
    assert api.sandbox.latency_ms == 5
    assert api.get("/channels").is_success
    api.control("POST", "reset")
    assert api.sandbox.latency_ms == 0


def test_limits_change_in_part(api: Api) -> None:
    answer = api.control("POST", "limits", json={"per_key": 3}).json()
    assert answer == {"per_key": 3, "per_owner": 1200, "window_seconds": 60}
    answer = api.control("POST", "limits", json={"window_seconds": 5}).json()
    assert answer == {"per_key": 3, "per_owner": 1200, "window_seconds": 5}


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("clock", {"advance_seconds": -1}, 400, "forward only"),
        ("clock", {"advance_seconds": 1e12}, 400, "ten years"),
        ("clock", {"advance_seconds": "60"}, 400, "advance_seconds"),
        ("clock", {}, 400, "advance_seconds"),
        ("latency", {"latency_ms": -1}, 400, "latency_ms"),
        ("latency", {"latency_ms": 10**9}, 400, "latency_ms"),
        ("errors", {"requests": -1}, 400, "requests"),
        ("errors", {"requests": "many"}, 400, "requests"),
        ("limits", {"per_key": 0}, 400, "greater than 0"),
        ("limits", {"per_hour": 5}, 400, "per_hour"),
        ("scenario", {"name": "healty"}, 404, "Did you mean 'healthy'?"),
        ("keys", {"replaces": "key-9"}, 404, "key-9"),
        ("fix", {"now": True}, 400, "now"),
        ("state", {}, 405, "Use GET"),
        ("nope", {}, 404, "There are: clock, errors, fix"),
        ("", {}, 404, "There are: clock, errors, fix"),
    ],
)
def test_what_can_not_be_done_is_explained(
    api: Api, path: str, body: dict[str, Any], status: int, says: str
) -> None:
    before = api.sandbox.state
    answer = api.control("POST", path, json=body)
    assert answer.status_code == status
    assert says in answer.json()["error"]
    assert api.sandbox.state == before


def test_more_that_can_not_be_done(api: Api) -> None:
    assert api.control("GET", "payload").status_code == 404
    assert api.control("GET", "keys/key-1/revoke").status_code == 405
    assert api.control("POST", "keys/key-9/revoke").status_code == 404
    assert api.control("POST", "fix", content=b"{").status_code == 400
    assert api.control("POST", "fix", content=b"\xff").status_code == 400
