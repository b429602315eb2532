"""The OpenAPI 3.1 document of the sandbox's API, built from the tables that its routes use."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.fields import EVENT_FIELDS, STATUSES, FieldSpec
from pinned_tui.sandbox.routes import NAMESPACE, ROUTES, SandboxRoute

OpenApiSchema = dict[str, Any]

_ERRORS: Mapping[str, str] = {
    "400": "Body, query or headers are invalid (invalid_request).",
    "401": "The key is missing, malformed, revoked, disabled or expired (invalid_api_key).",
    "403": "No access to the channel (forbidden), or no scope (insufficient_scope).",
    "404": "Does not exist, or is not accessible (not_found).",
    "409": "The idempotency key is in use (conflict).",
    "429": "A rate limit is used up (rate_limited).",
    "500": "Unexpected error of the server (internal_error).",
}
_CAN_BE_NULL = ("endAt", "locationName", "coverImage")
_ERRORS_OF_ALL = ("400", "401", "403", "429", "500")


def document(base_url: str, behaviour: Behaviour) -> OpenApiSchema:
    """Return the document for an API at ``base_url``."""
    paths: dict[str, OpenApiSchema] = {}
    for route in ROUTES:
        if route.name in behaviour.absent_routes:
            continue
        paths.setdefault(NAMESPACE + route.path, {})[route.method.lower()] = _operation(
            route, behaviour
        )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Pinned Events Public API (local sandbox)", "version": "1"},
        "servers": [{"url": base_url}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearerAuth": {"type": "http", "scheme": "bearer"},
                "apiKeyHeader": {"type": "apiKey", "in": "header", "name": "x-api-key"},
            },
            "schemas": _schemas(behaviour),
        },
    }


def as_yaml(base_url: str, behaviour: Behaviour) -> bytes:
    """Return the document as YAML in UTF-8, with shared parts written out, not as aliases."""
    import yaml

    apart = msgspec.json.decode(msgspec.json.encode(document(base_url, behaviour)))
    text: str = yaml.safe_dump(apart, sort_keys=False, allow_unicode=True)
    return text.encode()


def _operation(route: SandboxRoute, behaviour: Behaviour) -> OpenApiSchema:
    scopes = [] if route.scope is None else [route.scope]
    needs = f" Required scope: {route.scope}." if route.scope else ""
    status = str(behaviour.create_status) if route.takes == "event" else "200"
    operation: OpenApiSchema = {
        "operationId": route.handler.__name__,
        "summary": route.summary,
        "description": route.summary + needs,
        "security": [{"bearerAuth": scopes}, {"apiKeyHeader": scopes}],
        "x-required-scopes": scopes,
    }
    parameters = _parameters(route, behaviour)
    if parameters:
        operation["parameters"] = parameters
    if route.takes not in {None, "page"}:
        operation["requestBody"] = _request_body(route)
    operation["responses"] = _responses("201" if route.takes == "file" else status, route)
    return operation


def _parameters(route: SandboxRoute, behaviour: Behaviour) -> list[OpenApiSchema]:
    if route.takes == "page":
        cap = f"The effective limit is {behaviour.max_limit} at most."
        limit = {"type": "integer", "minimum": 1, "default": behaviour.default_limit}
        return [
            {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}},
            {"name": "limit", "in": "query", "description": cap, "schema": limit},
        ]
    if route.takes == "event":
        schema = {"type": "string", "minLength": 1, "maxLength": 255}
        return [{"name": "Idempotency-Key", "in": "header", "schema": schema}]
    if "{id}" in route.path:
        return [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}]
    return []


def _request_body(route: SandboxRoute) -> OpenApiSchema:
    if route.takes == "file":
        file = {"type": "string", "contentMediaType": "application/octet-stream"}
        schema: OpenApiSchema = {
            "type": "object",
            "required": ["file"],
            "properties": {"file": file},
        }
        return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    name = "EventCreate" if route.takes == "event" else "EventUpdate"
    return {"required": True, "content": {"application/json": {"schema": _ref(name)}}}


def _responses(status: str, route: SandboxRoute) -> OpenApiSchema:
    errors = [*_ERRORS_OF_ALL]
    if "{id}" in route.path:
        errors.append("404")
    if route.takes == "event":
        errors.append("409")
    content = {"application/json": {"schema": _ref("Error")}}
    good = {"application/json": {"schema": _ref(route.answer)}}
    responses: OpenApiSchema = {status: {"description": "Success.", "content": good}}
    for error in sorted(errors):
        responses[error] = {"description": _ERRORS[error], "content": content}
    return responses


def _schemas(behaviour: Behaviour) -> OpenApiSchema:
    create = body_schema(EVENT_FIELDS)
    update = {name: part for name, part in create.items() if name != "required"}
    text, number = {"type": "string"}, {"type": "integer"}
    channel = _object({"id": number, "name": text, "slug": text})
    event = _object(
        {
            "id": number,
            **create["properties"],
            **{name: _or_null(create["properties"][name]) for name in _CAN_BE_NULL},
            "status": {"type": "string", "enum": list(STATUSES)},
            "moderationStatus": text,
            "createdAt": {"type": "string", "format": "date-time"},
            "updatedAt": {"type": "string", "format": "date-time"},
        },
        required=("id", "title", "startAt", "timezone", "channelId", "status"),
    )
    media = _object({"id": number, "filename": text, "mimeType": text, "filesize": number})
    return {
        "Channel": channel,
        "Classification": _object({"slug": text, "name": text}),
        "Event": event,
        "EventCreate": create,
        "EventUpdate": update,
        "Media": media,
        "ChannelList": _list("Channel", behaviour, full=True),
        "ClassificationList": _list("Classification", behaviour, full=True),
        "EventList": _list("Event", behaviour, full=False),
        "EventAnswer": _object({"doc": _ref("Event")}),
        "MediaAnswer": _object({"doc": _ref("Media")}),
        "Error": _error(),
    }


def body_schema(fields: Sequence[FieldSpec]) -> OpenApiSchema:
    """Nest the schemas of ``fields`` by their paths into the schema of a whole body."""
    root: OpenApiSchema = {"type": "object", "properties": {}, "required": []}
    for field in fields:
        place, inside_list = root, False
        for part in field.parts[:-1]:
            inside_list = inside_list or part == "[]"
            place = place["items"] if part == "[]" else place["properties"][part]
        name = field.parts[-1]
        schema = dict(field.schema)
        if schema["type"] == "object":
            schema["properties"] = {}
        if name == "[]":
            place["items"] = schema
            continue
        place["properties"][name] = schema
        if field.required:
            _require(place if inside_list else root, (name,) if inside_list else field.parts)
    return root


def _require(schema: OpenApiSchema, parts: Sequence[str]) -> None:
    """Mark the whole way to a required field as required."""
    for part in parts:
        names = schema.setdefault("required", [])
        if part not in names:
            names.append(part)
        schema = schema["properties"][part]


def _list(item: str, behaviour: Behaviour, *, full: bool) -> OpenApiSchema:
    number, flag = {"type": "integer"}, {"type": "boolean"}
    properties: OpenApiSchema = {
        "docs": {"type": "array", "items": _ref(item)},
        "totalDocs": number,
        "limit": number | {"maximum": behaviour.max_limit},
        "page": number,
    }
    if full:
        properties |= {"totalPages": number, "hasNextPage": flag, "hasPrevPage": flag}
    return _object(properties)


def _error() -> OpenApiSchema:
    text = {"type": "string"}
    details = _object({"field": text, "issue": text}, required=())
    error = _object(
        {"code": text, "message": text, "requestId": text, "details": details},
        required=("code", "message"),
    )
    return _object({"error": error})


def _object(properties: Mapping[str, Any], required: Sequence[str] | None = None) -> OpenApiSchema:
    names = list(properties) if required is None else list(required)
    schema: OpenApiSchema = {"type": "object", "properties": dict(properties)}
    return schema | {"required": names} if names else schema


def _or_null(schema: OpenApiSchema) -> OpenApiSchema:
    return schema | {"type": [schema["type"], "null"]}


def _ref(name: str) -> OpenApiSchema:
    return {"$ref": f"#/components/schemas/{name}"}
