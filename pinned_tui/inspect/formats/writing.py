"""Writes edits of a request into a file, in the notation of its format."""

import json
from collections.abc import Callable, Iterator, Sequence

from pinned_tui.inspect.fixes import TextChange
from pinned_tui.inspect.formats.model import Writer
from pinned_tui.inspect.http_message import HttpRequest
from pinned_tui.inspect.model import Span
from pinned_tui.inspect.request.findings import RequestEdit, RequestPart


def in_json(text: str) -> str:
    """Return ``text`` as it stands between the quotes of JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def writer(
    key: str,
    encode: Callable[[str], str] = in_json,
    add: Callable[[HttpRequest, str, str], TextChange | None] | None = None,
) -> Writer:
    """Return a writer for values that stand in the source each at its own place.

    Args:
        key: What stands for the key in this format, such as ``{{apiKey}}``.
        encode: Turns a value into what is written between its quotes.
        add: Adds a header of that name and value to a request; None where there is no place for it.
    """

    def changes(request: HttpRequest, edits: Sequence[RequestEdit]) -> Sequence[TextChange]:
        ordered = sorted(edits, key=lambda edit: edit.change is None)
        return [one for edit in ordered for one in _written(request, edit)]

    def _written(request: HttpRequest, edit: RequestEdit) -> Iterator[TextChange]:
        value = (edit.value or "") + (key if edit.key else "")
        match edit.part:
            case RequestPart.URL if request.url_span is not None:
                yield TextChange(request.url_span, encode(value))
            case RequestPart.METHOD if request.method_span is not None:
                yield TextChange(request.method_span, encode(value))
            case RequestPart.BODY if request.body is not None and request.body.span is not None:
                place = request.body.span
                yield TextChange(Span(place.start + 1, place.end - 1), encode(value))
            case RequestPart.HEADER if edit.header is None and add is not None:
                added = add(request, edit.name or "", value)
                if added is not None:
                    yield added
            case RequestPart.HEADER if edit.header is not None and edit.value is not None:
                if edit.header.value_span is not None and edit.name == edit.header.name:
                    # A helper of the client adds the scheme; its field holds the key alone.
                    written = value.removeprefix("Bearer ") if edit.header.implied else value
                    yield TextChange(edit.header.value_span, encode(written))

    return changes
