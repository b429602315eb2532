"""Payloads against the schema of the API's own OpenAPI document, and documents that are odd."""

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.api_spec.openapi import create_schema
from pinned_tui.inspect.model import InspectionContext
from pinned_tui.inspect.payload import inspect_body
from pinned_tui.inspect.payload.schema import bundled
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.openapi import document
from pinned_tui.session import Certainty
from tests.inspect.payload.payload_support import NOW, alarms, body, causes, event, inspected
from tests.inspect.payload.test_payload_healthy import HEALTHY

SANDBOX = create_schema(document("http://127.0.0.1", Behaviour()))


def held_against(schema: Any, fields: dict[str, Any]) -> list[Any]:
    return alarms(inspected(fields, InspectionContext(now=NOW, schema=schema)))


def api(schema: Any, **parts: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    operation = {"post": {"requestBody": {"content": content}}}
    return {"openapi": "3.0.3", "paths": {"/api/public/v1/events": operation}, **parts}


def test_the_bundled_contract_is_a_schema_that_the_healthy_event_fits() -> None:
    jsonschema.Draft202012Validator.check_schema(dict(bundled()))
    jsonschema.validate(event(), dict(bundled()))


def test_which_of_the_two_was_used_is_said() -> None:
    assert [n.code for n in inspected(event()).notes] == ["schema-bundled"]
    live = inspected(event(), InspectionContext(now=NOW, schema=SANDBOX))
    assert [n.code for n in live.notes] == ["schema-live"]


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_payload_fits_the_documented_schema_too(name: str) -> None:
    assert held_against(SANDBOX, HEALTHY[name]) == []


@pytest.mark.parametrize(
    ("change", "cause", "subject", "certainty"),
    [
        ({"title": "x" * 201}, "payload-rejected", "title", Certainty.LIKELY),
        ({"status": "cancelled"}, "status-unknown", "status", Certainty.LIKELY),
        ({"offers": [{"name": "x"}]}, "field-missing", "offers[0].url", Certainty.CONFIRMED),
        (
            {"offers": [{"name": "x", "url": "https://a.example", "availability": "gone"}]},
            "offer-availability-unknown", "offers[0].availability", Certainty.CONFIRMED,
        ),
        (
            {"approxLocation": {"city": {"placeId": "p", "countryCode": "Austria"}}},
            "payload-rejected", "approxLocation.city.countryCode", Certainty.LIKELY,
        ),
    ],
)  # fmt: skip
def test_what_only_the_live_schema_knows(
    change: dict[str, Any], cause: str, subject: str, certainty: Certainty
) -> None:
    assert [f for f in alarms(inspected(event(**change))) if f.cause != cause] == []
    (fault,) = held_against(SANDBOX, event(**change))
    assert (fault.cause, fault.subject, fault.certainty) == (cause, subject, certainty)


def test_references_and_the_words_of_version_3_0_are_understood() -> None:
    schemas = {
        "Event": {"allOf": [{"$ref": "#/components/schemas/Base"}], "required": ["title", "id"],
                  "properties": {"id": {"type": "integer", "readOnly": True},
                                 "capacity": {"type": "integer", "minimum": 0, "nullable": True,
                                              "exclusiveMinimum": True}}},
        "Base": {"type": "object", "properties": {"title": {"type": "string", "maxLength": 5},
                                "parent": {"$ref": "#/components/schemas/Event"}}},
    }  # fmt: skip
    schema = create_schema(
        api({"$ref": "#/components/schemas/Event"}, components={"schemas": schemas})
    )
    assert held_against(schema, event(title="Abc", capacity=None)) == []
    found = held_against(schema, event(title="Abcdef", capacity=0))
    assert [(f.cause, f.subject) for f in found] == [
        ("payload-rejected", "capacity"), ("payload-rejected", "title"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "document",
    [
        None, [], "x", {}, {"paths": []}, {"paths": {"/events": {"post": None}}},
        api(None), api({}), api({"$ref": "#/nowhere"}), api({"$ref": "https://x.example/s.json"}),
        api({"$ref": "#/paths/~1events"}), api([1]), api("x"),
    ],
)  # fmt: skip
def test_a_document_without_a_create_request_gives_none(document: Any) -> None:
    assert create_schema(document) in (None, {})


def test_a_document_in_circles_is_cut() -> None:
    circle: dict[str, Any] = {"type": "object"}
    circle["properties"] = {"a": circle, "b": circle}
    schema = create_schema(api(circle))
    assert schema is not None
    assert held_against(schema, event()) == []


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "nonsense"},
        {"properties": 3},
        {"pattern": "(a+)+$", "properties": {"title": {"pattern": "(a|a)*b"}}},
        {"$ref": "https://elsewhere.example/schema.json"},
        {"properties": {"title": {"$ref": "#/nowhere"}}},
        {"properties": {"title": {"pattern": "["}}},
    ],
)
def test_a_hostile_schema_does_no_harm(schema: dict[str, Any]) -> None:
    assert held_against(schema, event(title="a" * 40)) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "properties",
                    "items",
                    "required",
                    "enum",
                    "title",
                    "allOf",
                    "minimum",
                    "not",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_no_schema_whatever_raises(value: Any) -> None:
    schema = create_schema(api(value))
    inspect_body(body(event()), InspectionContext(now=NOW, schema=schema))
    if isinstance(value, dict):
        inspect_body(body(event(title=3)), InspectionContext(now=NOW, schema=value))


def test_unknown_fields_are_named_where_the_schema_allows_no_others() -> None:
    schema = {"type": "object", "properties": {"title": {}}, "additionalProperties": False}
    assert causes(inspected({"title": "A", "b": 1}, InspectionContext(now=NOW, schema=schema)))[
        -1
    ] == ("payload-rejected")


def _laughing(inner: Any) -> dict[str, Any]:
    """Each part names the one before nine times: a few lines that are endless written out."""
    parts = {"P0": inner} | {
        f"P{n}": [{"$ref": f"#/components/schemas/P{n - 1}"}] * 9 for n in range(1, 12)
    }
    return api({"allOf": {"$ref": "#/components/schemas/P11"}}, components={"schemas": parts})


def test_parts_that_name_each_other_over_and_over_are_cut() -> None:
    schema = create_schema(_laughing({"type": "string"}))
    assert schema is not None
    assert len(repr(schema)) < 1_000_000


def test_words_are_taken_up_to_a_bound_and_no_lists_of_lists() -> None:
    many = {"enum": ["x"] * 30_000}
    schema = create_schema(api({"properties": {"a": many, "b": many, "c": {"enum": [["x"]]}}}))
    assert schema == {"properties": {"a": many, "b": {}, "c": {}}}
