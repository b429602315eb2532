"""Gives answers another shape than the documented one, where the behaviour says so.

The handlers write what the vendor documents. An API that spells its events, lists or errors in
another way is made of that here, so that no handler needs to know of it.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.wire import ApiResponse, json_answer

Json = dict[str, Any]

_ORDINARY = Behaviour()
_SHAPES = (
    "error_form",
    "details_form",
    "request_ids",
    "list_form",
    "ids_as",
    "status_as",
    "moderation_as",
    "extra_fields",
)
_EXTRA: Json = {"__v": 3, "tags": ["a", None], "meta": {"deep": {"er": [1, {"x": "y"}]}}}


def shaped(answer: ApiResponse, behaviour: Behaviour) -> ApiResponse:
    """Return ``answer`` in the shape that ``behaviour`` asks for."""
    if all(getattr(behaviour, name) == getattr(_ORDINARY, name) for name in _SHAPES):
        return answer
    if answer.media_type != "application/json" or not answer.body:
        return answer
    document: Json = msgspec.json.decode(answer.body)
    if "error" in document:
        document = _error(document["error"], answer.status, behaviour)
    elif "docs" in document:
        docs = [_document(doc, behaviour) for doc in document["docs"]]
        document = _LISTS[behaviour.list_form](document | {"docs": docs})
    elif "doc" in document:
        document = document | {"doc": _document(document["doc"], behaviour)}
    return json_answer(answer.status, document, answer.headers)


def _document(doc: Json, behaviour: Behaviour) -> Json:
    if "status" in doc:
        doc = _state(doc, behaviour)
    if behaviour.ids_as == "texts":
        doc = {n: str(v) if n in {"id", "channelId"} else v for n, v in doc.items()}
    return doc | _EXTRA if behaviour.extra_fields else doc


def _state(doc: Json, behaviour: Behaviour) -> Json:
    kept = {n: v for n, v in doc.items() if n not in {"status", "moderationStatus"}}
    draft, review = doc["status"] == "draft", doc.get("moderationStatus")
    told: Mapping[str, Any] = {
        "status": doc["status"],
        "_status": doc["status"],
        "isDraft": draft,
        "published": not draft,
    }
    kept[behaviour.status_as] = told[behaviour.status_as]
    if behaviour.moderation_as == "moderation.status":
        kept["moderation"] = {"status": review}
    elif behaviour.moderation_as != "none":
        kept[behaviour.moderation_as] = review
    return kept


def _short(page: Json) -> Json:
    return {n: page[n] for n in ("docs", "totalDocs", "limit", "page")}


def _next(page: Json) -> Json:
    more = page["page"] * page["limit"] < page["totalDocs"]
    return {n: page[n] for n in ("docs", "limit", "page")} | {"hasNextPage": more}


def _bare(page: Json) -> Json:
    return {n: page[n] for n in ("docs", "limit")}


_LISTS: Mapping[str, Callable[[Json], Json]] = {
    "documented": lambda page: page,
    "short": _short,
    "next": _next,
    "bare": _bare,
}


def _error(error: Json, status: int, behaviour: Behaviour) -> Json:
    error = dict(error)
    details = error.pop("details", None)
    if details is not None and behaviour.details_form != "none":
        error["details"] = _details(details, behaviour)
    if not behaviour.request_ids:
        error.pop("requestId", None)
    match behaviour.error_form:
        case "flat":
            return error
        case "text":
            return {"error": error["code"], "message": error["message"]}
        case "problem":
            about = {"type": "about:blank", "title": error["message"], "status": status}
            return about | {n: error[n] for n in ("code", "requestId") if n in error}
        case _:
            return {"error": error}


def _details(details: Json, behaviour: Behaviour) -> Any:  # noqa: ANN401 - any JSON value
    match behaviour.details_form:
        case "list":
            return [{"path": details["field"].split("."), "message": details["issue"]}]
        case "text":
            return f"{details['field']}: {details['issue']}"
        case _:
            return details
