"""What an OpenAPI document says of routes and scopes, whatever it looks like."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.api_spec.openapi import stated_routes
from pinned_tui.api_spec.routes import CREATE_EVENT, GET_EVENT, UPDATE_EVENT, UPLOAD_MEDIA
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.openapi import document


def paths(**operations: Any) -> dict[str, Any]:
    return {"paths": {"/api/public/v1/events/{eventId}": operations}}


def test_the_routes_are_read_whatever_their_parameters_are_called() -> None:
    stated = stated_routes(paths(get={}, patch={"security": [{"key": ["events:update"]}]}))
    assert stated is not None
    assert stated.has(GET_EVENT)
    assert stated.scope_of(UPDATE_EVENT) == "events:update"
    assert stated.scope_of(GET_EVENT) is None
    assert not stated.has(UPLOAD_MEDIA)


@pytest.mark.parametrize(
    ("operation", "scope"),
    [
        ({"x-required-scopes": ["events:write"]}, "events:write"),
        ({"security": [{"a": ["events:write"]}, {"b": ["events:write"]}]}, "events:write"),
        ({"security": [{"a": ["events:write", "events:all"]}]}, None),
        ({"security": [{"a": []}]}, None),
        ({"security": "odd", "x-required-scopes": {"a": 1}}, None),
        ({"security": [7, {"a": "events:write"}]}, None),
    ],
)
def test_one_scope_is_stated_or_none(operation: dict[str, Any], scope: str | None) -> None:
    stated = stated_routes(paths(patch=operation))
    assert stated is not None
    assert stated.scope_of(UPDATE_EVENT) == scope


def test_paths_may_be_relative_to_the_server() -> None:
    stated = stated_routes({"paths": {"/events": {"post": {}}}})
    assert stated is not None
    assert stated.has(CREATE_EVENT)


def test_the_sandbox_states_what_it_does() -> None:
    whole = stated_routes(document("http://127.0.0.1:1", Behaviour()))
    absent = Behaviour(absent_routes=frozenset({"PATCH /events/{id}"}))
    less = stated_routes(document("http://127.0.0.1:1", absent))
    assert whole is not None
    assert less is not None
    for route in (CREATE_EVENT, GET_EVENT, UPDATE_EVENT, UPLOAD_MEDIA):
        assert whole.scope_of(route) == route.scope
    assert not less.has(UPDATE_EVENT)


@pytest.mark.parametrize(
    "odd", [None, [], 7, {}, {"paths": []}, {"paths": {}}, {"paths": {"/": 1}}]
)
def test_what_is_no_such_document_states_nothing(odd: object) -> None:
    assert stated_routes(odd) is None


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["/events", "/", ""]),
                       st.dictionaries(st.sampled_from(["get", "post", "x"]), JSON)))  # fmt: skip
def test_no_document_raises(routes: dict[str, Any]) -> None:
    stated_routes({"paths": routes})
