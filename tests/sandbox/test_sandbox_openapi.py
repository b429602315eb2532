"""The OpenAPI document against what the sandbox really does."""

from typing import Any

import httpx
import jsonschema
import pytest
import yaml

from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.openapi import NAMESPACE, OPENAPI_PATH, ROUTES, SandboxRoute, document
from tests.sandbox.sandbox_support import Api, good_event

FULL = good_event(
    endAt="2026-07-02T13:00:00+02:00",
    status="published",
    locationName="Chapel",
    coverImage=7001,
    offers=[{"name": "Ticket", "url": "https://tickets.example/", "availability": "limited"}],
    approxLocation={"city": {"placeId": "plc", "name": "Vienna", "countryCode": "AT"}},
)


@pytest.fixture
def contract(api: Api) -> dict[str, Any]:
    answer = api.http.get(api.sandbox.base_url + OPENAPI_PATH)
    assert answer.headers["content-type"] == "application/yaml"
    assert "&id" not in answer.text
    loaded: dict[str, Any] = yaml.safe_load(answer.text)
    return loaded


def schema(contract: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a schema of the document with all that it refers to."""
    return {"$ref": f"#/components/schemas/{name}", "components": contract["components"]}


def check(contract: dict[str, Any], route: SandboxRoute, answer: httpx.Response) -> None:
    operation = contract["paths"][NAMESPACE + route.path][route.method.lower()]
    content = operation["responses"][str(answer.status_code)]["content"]
    name = content["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    jsonschema.Draft202012Validator(schema(contract, name)).validate(answer.json())


def test_it_is_served_as_it_is_built(api: Api, contract: dict[str, Any]) -> None:
    assert contract == document(api.sandbox.base_url, Behaviour())
    assert contract["servers"] == [{"url": api.sandbox.base_url}]


def test_it_has_the_routes_their_scopes_and_security(contract: dict[str, Any]) -> None:
    found = {
        (method.upper(), path): (operation["security"], operation["x-required-scopes"])
        for path, operations in contract["paths"].items()
        for method, operation in operations.items()
    }
    assert found == {
        (route.method, NAMESPACE + route.path): (
            [
                {"bearerAuth": [route.scope] if route.scope else []},
                {"apiKeyHeader": [route.scope] if route.scope else []},
            ],
            [route.scope] if route.scope else [],
        )
        for route in ROUTES
    }
    assert contract["components"]["securitySchemes"] == {
        "bearerAuth": {"type": "http", "scheme": "bearer"},
        "apiKeyHeader": {"type": "apiKey", "in": "header", "name": "x-api-key"},
    }


def test_every_schema_is_one(contract: dict[str, Any]) -> None:
    for name in contract["components"]["schemas"]:
        jsonschema.Draft202012Validator.check_schema(schema(contract, name))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_answers_are_as_the_document_says(
    api: Api, contract: dict[str, Any], route: SandboxRoute
) -> None:
    able = api.allow(*([route.scope] if route.scope else []))
    path = route.path.replace("{id}", "5001")
    sent: dict[str, Any] = {
        "event": {"json": FULL},
        "changes": {"json": {"endAt": None, "coverImage": None, "locationName": None}},
        "file": {"files": {"file": ("a.png", b"x", "image/png")}},
    }.get(str(route.takes), {})
    good = able.send(route.method, path, **sent)
    assert good.is_success
    check(contract, route, good)
    check(contract, route, able.send(route.method, path, headers={}))
    if route.scope:
        check(contract, route, api.allow().send(route.method, path))
    if sent:
        check(contract, route, able.send(route.method, path))
    if "{id}" in route.path:
        check(contract, route, able.send(route.method, "/events/1", json={"title": "x"}))


def test_a_full_create_request_is_as_the_document_says(contract: dict[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator(schema(contract, "EventCreate"))
    validator.validate(FULL)
    validator.validate(good_event())
    required = {
        "channelId",
        "title",
        "startAt",
        "timezone",
        "classifications",
        "approxLocation",
    }
    assert set(contract["components"]["schemas"]["EventCreate"]["required"]) == required
    for name in required:
        body = good_event()
        del body[name]
        assert not validator.is_valid(body)
    assert not validator.is_valid(good_event(approxLocation={"city": {}}))
    assert not validator.is_valid(good_event(offers=[{"name": "A"}]))
    update = jsonschema.Draft202012Validator(schema(contract, "EventUpdate"))
    assert update.is_valid({"title": "Later"})


def test_numbers_follow_the_behaviour() -> None:
    changed = document("http://x", Behaviour(default_limit=25, max_limit=50, create_status=200))
    limit = changed["paths"][f"{NAMESPACE}/events"]["get"]["parameters"][1]
    assert limit["schema"]["default"] == 25
    assert "50" in limit["description"]
    assert "200" in changed["paths"][f"{NAMESPACE}/events"]["post"]["responses"]
