"""What each route of the public API does, once the request was let through."""

import email
import email.policy
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage, MIMEPart
from typing import Any, Literal

import msgspec

from pinned_tui.sandbox.behaviour import RefusalStage
from pinned_tui.sandbox.http_types import (
    ApiRequest,
    ApiResponse,
    RefusalError,
    forbidden,
    insufficient_scope,
    invalid_request,
    json_response,
    not_found,
)
from pinned_tui.sandbox.limits import canonical
from pinned_tui.sandbox.validation import SUPPORTED, BodyContext, judge, read_body
from pinned_tui.sandbox.world import Key, Media, SandboxEvent, World

_NUMBER = re.compile(r"[0-9]{1,16}", re.ASCII)
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)

_CLEARED: Mapping[str, Any] = {
    "endAt": None,
    "locationName": None,
    "coverImage": None,
    "offers": [],
}


@dataclass(frozen=True, slots=True)
class RequestContext:
    """A request that was let through, with all that its handler may use.

    Attributes:
        holder: The key that authenticated it; None on a route that needs none.
        parameters: The parts of the path that the route leaves open, by name.
        work: Takes the time that the work of a request takes; awaited once, where the work is.
        scope: The scope that the route needs.
    """

    world: World
    call: ApiRequest
    holder: Key | None
    parameters: Mapping[str, str]
    work: Callable[[], Awaitable[None]]
    scope: str | None = None

    @property
    def key(self) -> Key:
        """The key that authenticated it, on a route that needs one."""
        if self.holder is None:
            raise ValueError("a request without a key reached a route that needs one")
        return self.holder

    def require_scope(self) -> None:
        """Refuse the request where the key lacks the scope of the route.

        Raises:
            RefusalError: 403.
        """
        if self.scope is not None and self.scope not in self.key.scopes:
            raise insufficient_scope()

    def check(self, checks: Mapping[RefusalStage, Callable[[], object]]) -> None:
        """Carry out ``checks`` in the order that the behaviour names."""
        for name in self.world.behaviour.order:
            if name in checks:
                checks[name]()


Handler = Callable[[RequestContext], Awaitable[ApiResponse]]


async def list_channels(context: RequestContext) -> ApiResponse:
    """List the channels of the key's owner, in the full envelope."""
    page, limit = _page_and_limit(context)
    await context.work()
    channels = context.world.channels_of(context.key.owner)
    docs = [
        {"id": each.id, "name": each.name, "slug": each.slug}
        for each in _page_of(channels, page, limit)
    ]
    return _full_envelope(docs, len(channels), page, limit)


async def list_classifications(context: RequestContext) -> ApiResponse:
    """List the public classification slugs, in the full envelope."""
    page, limit = _page_and_limit(context)
    await context.work()
    slugs = list(context.world.classifications.items())
    docs = [{"slug": slug, "name": name} for slug, name in _page_of(slugs, page, limit)]
    return _full_envelope(docs, len(slugs), page, limit)


async def list_events(context: RequestContext) -> ApiResponse:
    """List the events in the owner's channels, in the short envelope."""
    page, limit = _page_and_limit(context)
    await context.work()
    events = context.world.events_of(context.key.owner)
    docs = _page_of(events, page, limit)
    return json_response(
        200, {"docs": docs, "totalDocs": len(events), "limit": limit, "page": page}
    )


async def read_event(context: RequestContext) -> ApiResponse:
    """Return one event."""
    await context.work()
    return json_response(200, {"doc": _event(context)})


async def create_event(context: RequestContext) -> ApiResponse:
    """Create an event, once for each idempotency key while its window lasts."""
    world, owner = context.world, context.key.owner
    context.check(
        {
            "scope": context.require_scope,
            "body": lambda: _judge_new(context),
            "channel": lambda: _require_channel(context),
        }
    )
    body, idempotency_key = read_body(context.call), _idempotency_key(context.call)
    if idempotency_key is None:
        await context.work()
        return _created(context, body)
    behaviour = world.behaviour
    entry = world.idempotency.begin(owner, idempotency_key, canonical(body), behaviour)
    if isinstance(entry, ApiResponse):
        await context.work()
        return entry
    await context.work()
    response = _created(context, body)
    world.idempotency.settle(owner, idempotency_key, entry, response, behaviour)
    return response


async def update_event(context: RequestContext) -> ApiResponse:
    """Change the fields of an event that the body names."""
    world = context.world
    context.check(
        {
            "scope": context.require_scope,
            "body": lambda: _changes(context),
            "channel": lambda: _require_event(context),
        }
    )
    event, changes = _require_event(context), _changes(context)
    await context.work()
    kept = msgspec.to_builtins(event) | _cleared_by_null(changes) | {"updatedAt": world.stamp()}
    changed = world.events[event.id] = msgspec.convert(kept, SandboxEvent)
    world.record("changed", changed, context.key)
    return json_response(200, {"doc": changed})


async def upload_media(context: RequestContext) -> ApiResponse:
    """Take a picture for cover images."""
    world = context.world
    context.check({"scope": context.require_scope, "body": lambda: _picture(context.call)})
    part, content = _picture(context.call)
    await context.work()
    media = Media(
        id=next(world.new_ids),
        owner=context.key.owner,
        filename=part.get_filename() or "upload",
        mime_type=part.get_content_type(),
        size=len(content),
    )
    world.media[media.id] = media
    world.record("created", media, context.key)
    doc = {"id": media.id, "filename": media.filename, "mimeType": media.mime_type}
    return json_response(201, {"doc": doc | {"filesize": media.size}})


def _created(context: RequestContext, body: Mapping[str, Any]) -> ApiResponse:
    world, behaviour = context.world, context.world.behaviour
    given = {name: body[name] for name in SUPPORTED if body.get(name) is not None}
    now = world.stamp()
    made = {
        "id": next(world.new_ids),
        "moderationStatus": behaviour.default_moderation,
        "createdAt": now,
        "updatedAt": now,
    }
    event = msgspec.convert({"status": behaviour.default_status} | given | made, SandboxEvent)
    world.events[event.id] = event
    world.record("created", event, context.key)
    return json_response(behaviour.create_status, {"doc": event})


def _judge_new(context: RequestContext) -> None:
    body = read_body(context.call)
    if _idempotency_key(context.call) is None and context.world.behaviour.needs_idempotency_key:
        raise invalid_request("Idempotency-Key", "Is required.")
    _judge(context, body, body)


def _changes(context: RequestContext) -> dict[str, Any]:
    """Return the changes that the body asks for, once nothing is wrong with them."""
    body = read_body(context.call)
    changes = {name: body[name] for name in SUPPORTED if name in body}
    if not changes:
        raise invalid_request("body", "Has no field that can be updated.")
    stored = _reachable_event(context)
    before = msgspec.to_builtins(stored) if stored is not None else {}
    _judge(context, changes, before | changes, partial=True)
    return changes


def _require_channel(context: RequestContext) -> None:
    """Refuse a body whose channel the key's owner can't use; other faults are the body's."""
    try:
        channel = read_body(context.call).get("channelId")
    except RefusalError:
        return
    if isinstance(channel, int) and not context.world.can_use(context.key.owner, channel):
        raise _no_access(context, "channel")


def _require_event(context: RequestContext) -> SandboxEvent:
    """Return the event that the path names, if it can be reached and stay or go as asked."""
    event = _event(context)
    _require_channel(context)
    return event


def _no_access(context: RequestContext, what: Literal["channel", "event"]) -> RefusalError:
    """Return the refusal for somebody else's channel or event, by the behaviour."""
    chosen = context.world.behaviour.no_access
    if chosen == "documented":
        return forbidden() if what == "channel" else not_found()
    return forbidden() if chosen == "forbidden" else not_found()


def _judge(
    context: RequestContext,
    body: Mapping[str, Any],
    whole: Mapping[str, Any],
    *,
    partial: bool = False,
) -> None:
    world = context.world
    known = BodyContext(world.classifications.keys(), world.media_of(context.key.owner), whole)
    judge(body, known, partial=partial, by_index=world.behaviour.slug_by_index)


def _event(context: RequestContext) -> SandboxEvent:
    """Return the event that the path names; 404 where the key's owner can't reach it."""
    event = _reachable_event(context)
    if event is None:
        known = _number(context.parameters["id"]) in context.world.events
        raise _no_access(context, "event") if known else not_found()
    return event


def _reachable_event(context: RequestContext) -> SandboxEvent | None:
    event = context.world.events.get(_number(context.parameters["id"]))
    if event is None or not context.world.can_use(context.key.owner, event.channel_id):
        return None
    return event


def _number(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else 0


def _cleared_by_null(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``changes`` as they are kept: null clears what can be empty, and else nothing."""
    return {
        name: _CLEARED.get(name) if value is None else value
        for name, value in changes.items()
        if value is not None or name in _CLEARED
    }


def _page_and_limit(context: RequestContext) -> tuple[int, int]:
    """Read ``page`` and ``limit``; the effective limit is capped (page *pagination*)."""
    behaviour = context.world.behaviour
    page = _positive(context.call, "page", 1)
    limit = _positive(context.call, "limit", behaviour.default_limit)
    if limit > behaviour.max_limit and behaviour.over_limit == "refused":
        raise invalid_request("limit", f"Must be {behaviour.max_limit} at most.")
    return page, min(limit, behaviour.max_limit)


def _positive(call: ApiRequest, name: Literal["page", "limit"], default: int) -> int:
    text = dict(call.query).get(name)
    if text is None:
        return default
    if not _NUMBER.fullmatch(text) or int(text) < 1:
        raise invalid_request(name, "Must be a whole number of 1 or more.")
    return int(text)


def _page_of(docs: list[Any], page: int, limit: int) -> list[Any]:
    return docs[(page - 1) * limit : page * limit]


def _full_envelope(docs: list[Any], total: int, page: int, limit: int) -> ApiResponse:
    pages = -(-total // limit)
    return json_response(
        200,
        {
            "docs": docs,
            "page": page,
            "limit": limit,
            "totalDocs": total,
            "totalPages": pages,
            "hasNextPage": page < pages,
            "hasPrevPage": page > 1,
        },
    )


def _idempotency_key(call: ApiRequest) -> str | None:
    values = call.values("idempotency-key")
    if not values:
        return None
    if len(values) > 1 or not _IDEMPOTENCY_KEY.fullmatch(values[0]):
        raise invalid_request("Idempotency-Key", "Must be one key of 1 to 255 visible characters.")
    return values[0]


def _picture(call: ApiRequest) -> tuple[MIMEPart, bytes]:
    """Return the uploaded picture and its bytes."""
    part = _uploaded_file(call)
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or not content:
        raise invalid_request("file", "Is empty.")
    if part.get_content_maintype() != "image":
        raise invalid_request("file", "Must be an image.")
    return part, content


def _uploaded_file(call: ApiRequest) -> MIMEPart:
    """Return the part named ``file`` of a multipart body (RFC 7578)."""
    content_type = call.header("content-type") or ""
    if content_type.split(";")[0].strip().lower() != "multipart/form-data":
        raise invalid_request("Content-Type", "Must be multipart/form-data.")
    if call.body is None:
        raise invalid_request("file", "Is too large.")
    head = f"Content-Type: {content_type}\r\n\r\n".encode("utf-8", "surrogateescape")
    form = email.message_from_bytes(head + call.body, EmailMessage, policy=email.policy.HTTP)
    for part in form.iter_parts():
        if part.get_param("name", header="content-disposition") == "file":
            return part
    raise invalid_request("file", "Is required.")
