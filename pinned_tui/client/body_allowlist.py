"""What of a body is kept in an exchange: an allow-list, since event payloads are private.

The vendor's rule for logs (*Security best practices*) permits request IDs, status codes, route
names and identifiers; whole payloads stay out. What a diagnosis needs is kept and nothing else.
"""

from typing import Any

from pinned_tui.redaction.sanitize import clean

TEXT_LIMIT = 600
DOCS_LIMIT = 20
_STRING_LIMIT = 200

_DOC_FIELDS = (
    "id",
    "slug",
    "name",
    "title",
    "status",
    "_status",
    "startAt",
    "endAt",
    "timezone",
    "channelId",
    "moderationStatus",
    "reviewStatus",
    "moderation",
    "createdAt",
    "updatedAt",
)
_ENVELOPE_FIELDS = ("page", "limit", "totalDocs", "totalPages", "hasNextPage", "hasPrevPage")


def excerpt(document: Any, text: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the parts worth keeping: of a list, a document or an error; else the first text."""
    if not isinstance(document, dict):
        return clean(text[: TEXT_LIMIT * 2], limit=TEXT_LIMIT) if document is None else None
    if isinstance(document.get("error"), dict):
        return {"error": _shallow(document["error"])}
    if isinstance(document.get("docs"), list):
        kept = {n: document[n] for n in _ENVELOPE_FIELDS if _plain(document.get(n))}
        docs = [_doc(doc) for doc in document["docs"][:DOCS_LIMIT] if isinstance(doc, dict)]
        left_out = len(document["docs"]) - len(docs)
        return kept | {"docs": docs} | ({"docsLeftOut": left_out} if left_out else {})
    if isinstance(document.get("doc"), dict):
        return {"doc": _doc(document["doc"])}
    return _doc(document)


def _doc(doc: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name in _DOC_FIELDS:
        value = doc.get(name)
        if _plain(value):
            kept[name] = _cut(value)
        elif isinstance(value, dict):
            kept[name] = {n: _cut(v) for n, v in value.items() if n == "status" and _plain(v)}
    return kept


def _shallow(error: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {n: _cut(v) for n, v in list(error.items())[:10] if _plain(v)}
    details = error.get("details")
    if isinstance(details, dict):
        kept["details"] = {n: _cut(v) for n, v in list(details.items())[:10] if _plain(v)}
    elif isinstance(details, list):
        kept["details"] = [_shallow(entry) for entry in details[:10] if isinstance(entry, dict)]
    return kept


def _plain(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    return isinstance(value, str | int | float | bool)


def _cut(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str) and len(value) > _STRING_LIMIT:
        return value[: _STRING_LIMIT - 1] + "…"
    return value
