"""The OpenAPI 3.1 document of the sandbox's API, built from the tables that its routes use."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from starlette.routing import compile_path

from pinned_tui.sandbox import handlers
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.handlers import Handler
from pinned_tui.sandbox.validation import EVENT_SCHEMA, STATUSES

NAMESPACE = "/api/public/v1"
OPENAPI_PATH = "/api/developer/openapi/public-api-v1"


@dataclass(frozen=True, slots=True)
class SandboxRoute:
    """One method of one path.

    Attributes:
        path: Below the namespace; a part in braces is a parameter.
        scope: What the key needs (page *api-keys-and-scopes*), or None.
        response: Name of the response's schema in the OpenAPI document.
        takes: What it takes beside the path: a page of a list, a whole event, some of an
            event's fields, or a file.
    """

    method: str
    path: str
    scope: str | None
    handler: Handler
    summary: str
    response: str
    takes: Literal["page", "event", "changes", "file", None] = None

    @property
    def name(self) -> str:
        """Method and path in one, for example ``GET /events/{id}``."""
        return f"{self.method} {self.path}"

    @property
    def writes(self) -> bool:
        """Whether it takes a body, so that its handler checks scope, body and channel in order."""
        return self.takes in {"event", "changes", "file"}

    def scope_in(self, behaviour: Behaviour) -> str | None:
        """Return the scope that it needs in an API of ``behaviour``."""
        asks = behaviour.classifications_need
        return asks if self.path == "/classifications" and ":" in asks else self.scope

    def is_public(self, behaviour: Behaviour) -> bool:
        """Return whether it needs no key in an API of ``behaviour``."""
        return self.path == "/classifications" and behaviour.classifications_need == "nothing"


ROUTES: tuple[SandboxRoute, ...] = (
    SandboxRoute(
        "GET",
        "/channels",
        "channels:read",
        handlers.list_channels,
        "List the channels that the key's owner can use.",
        "ChannelList",
        takes="page",
    ),
    SandboxRoute(
        "GET",
        "/classifications",
        None,
        handlers.list_classifications,
        "List the public classification slugs.",
        "ClassificationList",
        takes="page",
    ),
    SandboxRoute(
        "GET",
        "/events",
        "events:read",
        handlers.list_events,
        "List the events in the channels that the key's owner can use.",
        "EventList",
        takes="page",
    ),
    SandboxRoute(
        "POST",
        "/events",
        "events:create",
        handlers.create_event,
        "Create an event.",
        "EventResponse",
        takes="event",
    ),
    SandboxRoute(
        "GET",
        "/events/{id}",
        "events:read",
        handlers.read_event,
        "Read one event.",
        "EventResponse",
    ),
    SandboxRoute(
        "PATCH",
        "/events/{id}",
        "events:update",
        handlers.update_event,
        "Update the fields of an event that the body names.",
        "EventResponse",
        takes="changes",
    ),
    SandboxRoute(
        "POST",
        "/media",
        "media:create",
        handlers.upload_media,
        "Upload a picture for cover images.",
        "MediaResponse",
        takes="file",
    ),
)


def routes_of(path: str) -> Iterator[tuple[SandboxRoute, Mapping[str, str]]]:
    """Yield the routes of ``path``, whatever their method, with the parameters it gives them."""
    for route in ROUTES:
        parameters = parameters_of(route.path, path)
        if parameters is not None:
            yield route, parameters


def parameters_of(template: str, path: str) -> Mapping[str, str] | None:
    """Return the parts of ``path`` that ``template`` leaves open, or None for another path."""
    pattern, _, _ = compile_path(template)
    match = pattern.fullmatch(path)
    return None if match is None else match.groupdict()


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
    good = {"application/json": {"schema": _ref(route.response)}}
    responses: OpenApiSchema = {status: {"description": "Success.", "content": good}}
    for error in sorted(errors):
        responses[error] = {"description": _ERRORS[error], "content": content}
    return responses


def _schemas(behaviour: Behaviour) -> OpenApiSchema:
    create = EVENT_SCHEMA
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
        "EventResponse": _object({"doc": _ref("Event")}),
        "MediaResponse": _object({"doc": _ref("Media")}),
        "Error": _error(),
    }


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
