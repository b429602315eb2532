"""The shapes of the API's answers: the error envelope, lists of documents, one document."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pinned_tui.session import ApiError

STATUS_OF_CODE: Mapping[str, int] = {
    "invalid_request": 400,
    "invalid_api_key": 401,
    "forbidden": 403,
    "insufficient_scope": 403,
    "not_found": 404,
    "conflict": 409,
    "rate_limited": 429,
    "internal_error": 500,
}
"""The codes of the vendor's page *Errors*, each with its status."""

_OWN_CODES = {
    "invalid_api_key", "insufficient_scope", "invalid_request", "rate_limited", "internal_error",
}  # fmt: skip
"""Documented codes by which the API is known in another usual envelope too.
``forbidden``, ``not_found`` and ``conflict`` are words that a gateway would use as well."""

_OAUTH_CODES = {"insufficient_scope", "invalid_request"}
"""Those of them that RFC 6749 and RFC 6750 have too, as the text of ``error``."""

_OAUTH_NAMES = frozenset({"error_description", "error_uri", "scope"})
_ENVELOPE_NAMES = frozenset({"code", "message", "requestId", "details"})
_CODE = re.compile(r"[a-z]+(?:_[a-z]+)*")
_MOST_ISSUES = 100

Issue: TypeAlias = tuple[str | None, str | None]
"""A field and what is said of it; one of the two may be missing."""


def read_error(document: Any) -> ApiError | None:  # noqa: ANN401 - any JSON value
    """Read the documented envelope ``{"error": {code, message, requestId, details}}``.

    ``requestId`` and ``details`` may be missing; ``details`` may be a list, of which the first
    entry that names a field counts, or, where the request is invalid, issues by their field.
    Another usual envelope (``{code, message}``, the code as text in ``error``, a problem document
    of RFC 9457) counts where it holds a code that is surely the API's: not where it tells an error
    as OAuth does. None when ``document`` is no such thing.
    """
    if not isinstance(document, dict):
        return None
    error = document.get("error")
    if not isinstance(error, dict):
        return _other_envelope(document)
    code, message = error.get("code"), error.get("message")
    if not isinstance(code, str) or not code:
        return None
    return _api_error(code, message, error)


def _other_envelope(document: dict[str, Any]) -> ApiError | None:
    code = document.get("code", document.get("error"))
    if not isinstance(code, str) or code not in _OWN_CODES or "docs" in document:
        return None
    if code in _OAUTH_CODES and (
        document.keys() & _OAUTH_NAMES or not ({"message", "code"} & document.keys())
    ):
        return None
    message = next((document[n] for n in ("message", "detail", "title") if n in document), "")
    return _api_error(code, message, document)


def is_documented(document: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Tell whether an error carries one of the documented codes, in whichever envelope."""
    error = read_error(document)
    return error is not None and error.code in STATUS_OF_CODE


def is_own_envelope(document: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Tell whether an error stands in the documented envelope and holds nothing foreign.

    A documented code or a ``requestId`` may have further members beside it, as the API may grow;
    other envelopes may not, and a code must be written as the documented ones are.
    """
    error = document.get("error") if isinstance(document, dict) else None
    if not isinstance(error, dict) or not isinstance(error.get("code"), str):
        return False
    if error["code"] in STATUS_OF_CODE:
        return True
    known = error.keys() <= _ENVELOPE_NAMES or isinstance(error.get("requestId"), str)
    return known and _CODE.fullmatch(error["code"]) is not None


def is_whole(error: ApiError | None, document: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Tell whether an error is as documented to the last: its envelope, code and requestId."""
    return error is not None and error.request_id is not None and is_own_envelope(document)


def read_issues(document: Any) -> tuple[Issue, ...]:  # noqa: ANN401 - any JSON value
    """Return all that the details of an error name, in their order, however they are written."""
    error = read_error(document)
    if error is None:
        return ()
    inner = document.get("error")
    envelope = inner if isinstance(inner, dict) else document
    return tuple(_issues(error.code, envelope.get("details")))


def _api_error(code: str, message: object, envelope: dict[str, Any]) -> ApiError:
    field, issue = next(_issues(code, envelope.get("details")), (None, None))
    request_id = envelope.get("requestId")
    return ApiError(
        code=code[:80],
        message=message[:500] if isinstance(message, str) else "",
        request_id=str(request_id)[:200] if isinstance(request_id, str | int) else None,
        field=field,
        issue=issue,
    )


def _issues(code: str, details: Any) -> Iterator[Issue]:  # noqa: ANN401 - any JSON value
    named = list(_details(details))
    if not named and (code == "invalid_request" or "validation" in code):
        named = list(_by_field(details))
    yield from named


def _details(details: Any) -> Iterator[Issue]:  # noqa: ANN401 - any JSON value
    entries = details if isinstance(details, list) else [details]
    for entry in entries[:_MOST_ISSUES]:
        if isinstance(entry, dict):
            field, issue = _text(entry, "field", "path"), _text(entry, "issue", "message")
            if field or issue:
                yield field, issue
        elif isinstance(entry, str) and entry:
            yield None, entry[:500]


_OF_FIELDS = ("fieldErrors", "fields", "errors")


def _by_field(details: Any) -> Iterator[Issue]:  # noqa: ANN401 - any JSON value
    """Read ``{field: issue}`` or ``{field: [issue, …]}``, by itself or under a usual name."""
    if not isinstance(details, dict):
        return
    inner = next((details[name] for name in _OF_FIELDS if details.get(name)), None)
    if isinstance(inner, list):
        yield from _details(inner)
        return
    if isinstance(inner, dict):
        details = inner
    for field, issue in list(details.items())[:_MOST_ISSUES]:
        said = issue[0] if isinstance(issue, list) and issue else issue
        if field and isinstance(said, str) and said:
            yield field[:500], said[:500]


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
        limit: The page size that the list says it has.
        total: How many documents there are by the list's own word; None where it has none.
        pages: How many pages that makes, at least; derived where the envelope does not tell.
        has_next: Whether the list says that there is a further page, outright or by the number of
            pages where this one is full; None where it is silent.
        strange: How many entries were left out of ``docs`` because they are no objects.
    """

    docs: tuple[dict[str, Any], ...]
    page: int
    limit: int
    total: int | None
    pages: int
    has_next: bool | None = None
    strange: int = 0


def read_list(document: Any, *, page: int) -> ListPage | None:  # noqa: ANN401 - any JSON value
    """Read a list envelope: ``docs`` with ``totalDocs``, ``limit``, ``page``, ``totalPages``.

    ``page`` is the number asked for, used where the answer names none. None when there is no
    list of documents, or an error beside it.
    """
    if not isinstance(document, dict) or not isinstance(document.get("docs"), list):
        return None
    if read_error(document) is not None:
        return None
    docs = tuple(doc for doc in document["docs"] if isinstance(doc, dict))
    strange = len(document["docs"]) - len(docs)
    limit = _count(document.get("limit")) or max(len(docs) + strange, 1)
    number = _count(document.get("page")) or page
    total = _count(document.get("totalDocs"))
    told = _count(document.get("totalPages"))
    pages = told
    if pages is None:
        pages = math.ceil(total / limit) if total is not None else page
    more = document.get("hasNextPage")
    has_next = more if isinstance(more, bool) else None
    full = len(docs) + strange >= limit or (total is None and has_next is None)
    if full and told is not None and told > number:
        has_next = True
    return ListPage(docs, number, limit, total, max(pages, 1), has_next, strange)


def read_document(document: Any) -> dict[str, Any] | None:  # noqa: ANN401 - any JSON value
    """Read one document, wrapped as ``{"doc": …}`` (documented for creation) or bare with an id."""
    if not isinstance(document, dict):
        return None
    inner = document.get("doc")
    if isinstance(inner, dict):
        return inner
    return document if "id" in document and "error" not in document else None


def _count(value: Any) -> int | None:  # noqa: ANN401 - any JSON value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 13:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**12:
        return None
    return value
