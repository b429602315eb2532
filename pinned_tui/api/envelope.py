"""The shapes of the API's answers: the error envelope, lists of documents, one document."""

import math
from dataclasses import dataclass
from typing import Any

from pinned_tui.session import ApiError


def read_error(document: Any) -> ApiError | None:  # noqa: ANN401 - any JSON value
    """Read the documented envelope ``{"error": {code, message, requestId, details}}``.

    ``requestId`` and ``details`` may be missing; ``details`` may be a list, of which the first
    entry that names a field counts. None when ``document`` is not such an envelope.
    """
    error = document.get("error") if isinstance(document, dict) else None
    if not isinstance(error, dict):
        return None
    code, message = error.get("code"), error.get("message")
    if not isinstance(code, str) or not code:
        return None
    field, issue = _details(error.get("details"))
    request_id = error.get("requestId")
    return ApiError(
        code=code[:80],
        message=message[:500] if isinstance(message, str) else "",
        request_id=str(request_id)[:200] if isinstance(request_id, str | int) else None,
        field=field,
        issue=issue,
    )


def _details(details: Any) -> tuple[str | None, str | None]:  # noqa: ANN401 - any JSON value
    entries = details if isinstance(details, list) else [details]
    for entry in entries[:100]:
        if isinstance(entry, dict):
            field, issue = _text(entry, "field", "path"), _text(entry, "issue", "message")
            if field or issue:
                return field, issue
        elif isinstance(entry, str) and entry:
            return None, entry[:500]
    return None, None


def _text(entry: dict[str, Any], *names: str) -> str | None:
    for name in names:
        value = entry.get(name)
        if isinstance(value, list) and value and all(isinstance(p, str | int) for p in value):
            value = ".".join(str(p) for p in value)
        if isinstance(value, str) and value:
            return value[:500]
    return None


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list, in the full or the short envelope.

    Attributes:
        docs: The documents; what is no object among them is left out.
        page: The number of this page, from 1.
        limit: The effective page size.
        pages: How many pages there are, derived from the totals where the envelope is short.
    """

    docs: tuple[dict[str, Any], ...]
    page: int
    limit: int
    total: int
    pages: int


def read_list(document: Any, *, page: int) -> ListPage | None:  # noqa: ANN401 - any JSON value
    """Read a list envelope: ``docs`` with ``totalDocs``, ``limit``, ``page``, ``totalPages``.

    ``page`` is the number asked for, used where the answer names none. None when there is no
    list of documents. Numbers that can't be are replaced by what the documents themselves say.
    """
    if not isinstance(document, dict) or not isinstance(document.get("docs"), list):
        return None
    docs = tuple(doc for doc in document["docs"] if isinstance(doc, dict))
    limit = _count(document.get("limit")) or max(len(docs), 1)
    number = _count(document.get("page")) or page
    total = _count(document.get("totalDocs"))
    known = _count(document.get("totalPages"))
    if known is not None:
        pages = known
    elif total is not None:
        pages = math.ceil(total / limit)
    else:
        pages = number + 1 if document.get("hasNextPage") is True else number
    seen = (number - 1) * limit + len(docs)
    return ListPage(docs, number, limit, total if total is not None else seen, max(pages, 1))


def read_document(document: Any) -> dict[str, Any] | None:  # noqa: ANN401 - any JSON value
    """Read one document, wrapped as ``{"doc": …}`` (documented for creation) or bare with an id."""
    if not isinstance(document, dict):
        return None
    inner = document.get("doc")
    if isinstance(inner, dict):
        return inner
    return document if "id" in document and "error" not in document else None


def _count(value: Any) -> int | None:  # noqa: ANN401 - any JSON value
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**12:
        return None
    return value
