"""Choices of behaviour as they are written, and what the API then does."""

import random
from typing import Any

import httpx
import pytest

from pinned_tui.sandbox.behaviour import Behaviour, BehaviourError, read_behaviour
from pinned_tui.sandbox.server import Sandbox


def test_choices_are_read_in_their_types() -> None:
    given = ["order=body,scope,channel", "max-limit=25", "request_ids=false", "create_status=200",
             "absent_routes=GET /events/{id}", "error_form=flat", "rate_window_s=1.5"]  # fmt: skip
    assert read_behaviour(given) == Behaviour(
        order=("body", "scope", "channel"),
        max_limit=25,
        request_ids=False,
        create_status=200,
        absent_routes=frozenset({"GET /events/{id}"}),
        error_form="flat",
        rate_window_s=1.5,
    )
    assert read_behaviour([]) == Behaviour()


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ("ordre=body", "order"), ("order=body", "order"), ("create_status=204", "create_status"),
        ("max_limit=many", "max_limit"), ("request_ids", "request_ids"), ("zzz=1", "There are"),
    ],
)  # fmt: skip
def test_what_is_no_choice_is_refused(choice: str, told: str) -> None:
    with pytest.raises(BehaviourError) as caught:
        read_behaviour([choice])
    assert told in str(caught.value)


def answer(behaviour: Behaviour, method: str, path: str, **more: Any) -> httpx.Response:
    with Sandbox(rng=random.Random(7), behaviour=behaviour) as sandbox:
        key = sandbox.old_secret().reveal()
        return httpx.request(
            method, f"{sandbox.base_url}/api/public/v1{path}", trust_env=False, timeout=5,
            headers={"Authorization": f"Bearer {key}"}, **more,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("order", "status", "code"),
    [
        (("scope", "body", "channel"), 403, "insufficient_scope"),
        (("body", "scope", "channel"), 400, "invalid_request"),
    ],
)
def test_the_order_of_checks(order: Any, status: int, code: str) -> None:
    got = answer(Behaviour(order=order), "PATCH", "/events/5001", json={})
    assert (got.status_code, got.json()["error"]["code"]) == (status, code)


def test_the_channel_can_come_first() -> None:
    behaviour = Behaviour(order=("channel", "scope", "body"))
    got = answer(behaviour, "POST", "/events", json={"channelId": 204})
    assert got.json()["error"]["code"] == "forbidden"


@pytest.mark.parametrize("form", ["error", "page"])
def test_a_route_that_is_absent(form: Any) -> None:
    behaviour = Behaviour(absent_routes=frozenset({"GET /events/{id}"}), absent_as=form)
    got = answer(behaviour, "GET", "/events/5001")
    assert got.status_code == 404
    assert ("json" in got.headers["content-type"]) is (form == "error")


@pytest.mark.parametrize(
    ("form", "keys"),
    [
        ("documented", {"error"}),
        ("flat", {"code", "message", "requestId"}),
        ("text", {"error", "message"}),
        ("problem", {"type", "title", "status", "code", "requestId"}),
    ],
)
def test_forms_of_errors(form: Any, keys: set[str]) -> None:
    got = answer(Behaviour(error_form=form), "GET", "/events/1")
    assert set(got.json()) == keys


def test_fields_of_events_by_other_names() -> None:
    behaviour = Behaviour(status_as="isDraft", moderation_as="moderation.status", ids_as="texts")
    doc = answer(behaviour, "GET", "/events/5001").json()["doc"]
    assert doc["isDraft"] is False
    assert doc["moderation"] == {"status": "approved"}
    assert (doc["id"], doc["channelId"]) == ("5001", "101")
    assert "status" not in doc


def test_a_limit_over_the_cap_can_be_refused() -> None:
    assert answer(Behaviour(over_limit="refused"), "GET", "/channels?limit=101").status_code == 400


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ("X-RateLimit", {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}),
        ("RateLimit", {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"}),
        ("RateLimit-Policy", {"ratelimit", "ratelimit-policy"}),
        ("none", set()),
    ],
)
def test_names_of_rate_limit_fields(fields: Any, names: set[str]) -> None:
    got = answer(Behaviour(rate_fields=fields), "GET", "/channels")
    assert {name for name in got.headers if "ratelimit" in name} == names
