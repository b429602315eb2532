"""Reads Postman collections, format 2.0 and 2.1, with their variables and saved responses.

A variable that the collection defines is followed; one that it does not define comes from an
environment, which is how collections are meant to be.
"""

from collections.abc import Iterator

from pinned_tui.inspect.formats.model import Entry, FileReading
from pinned_tui.inspect.formats.places import body_at, enabled, header_at, inside, written
from pinned_tui.inspect.formats.source import Source, child, text_of
from pinned_tui.inspect.formats.variables import Variables
from pinned_tui.inspect.formats.writing import writer
from pinned_tui.inspect.http_message import Header, HttpBody, HttpRequest, HttpResponse
from pinned_tui.inspect.json_source.nodes import Node

_DEEPEST = 20
_LANGUAGES = {"json": "application/json", "xml": "application/xml", "html": "text/html"}
_FORMS = {"urlencoded": "application/x-www-form-urlencoded", "formdata": "multipart/form-data"}


def claim(source: Source) -> float:
    """Claim what has the fields of a collection."""
    root = source.json
    if child(root, "item") is None or child(root, "info") is None:
        return 0.0
    return 1.0


def read(source: Source) -> FileReading:
    """Return the requests of a collection, each with what it inherits from its folders."""
    root = source.json
    if root is None:
        return FileReading(())
    reader = _Reader(source.text, _variables(root))
    entries = [one for item, auth in _items(root) for one in reader.entries(item, auth)]
    return FileReading(tuple(entries), write=writer(key="{{apiKey}}"))


def _items(
    node: Node, auth: Node | None = None, depth: int = 0
) -> Iterator[tuple[Node, Node | None]]:
    """Yield every request with the authorization that its folders have for it."""
    auth = child(node, "auth") or auth
    items = child(node, "item")
    for item in items.items if items is not None and depth < _DEEPEST else []:
        if child(item, "request") is not None:
            yield item, auth
        else:
            yield from _items(item, auth, depth + 1)


def _variables(root: Node) -> Variables:
    """Return the collection's own variables."""
    listed = child(root, "variable")
    rows = enabled(listed.items) if listed is not None else []
    named = ((text_of(row, "key") or text_of(row, "id"), child(row, "value")) for row in rows)
    return Variables({name: written(value) for name, value in named if name and value is not None})


class _Reader:
    """Reads the requests of one collection."""

    def __init__(self, text: str, variables: Variables) -> None:
        self._text = text
        self._variables = variables

    def entries(self, item: Node, inherited: Node | None) -> Iterator[Entry]:
        """Yield a request, and each response that was saved with it."""
        name = text_of(item, "name") or ""
        node = child(item, "request")
        if node is None:
            return
        request = self._request(node, inherited)
        saved = child(item, "response")
        responses = [self._response(one) for one in saved.items] if saved is not None else []
        yield Entry(request, responses[0] if responses else None, name)
        for response in responses[1:]:
            yield Entry(None, response, name)

    def _request(self, node: Node, inherited: Node | None) -> HttpRequest:
        if isinstance(node.value, str):  # a request may be an address alone
            expanded = self._variables.expand(node.value)
            place = inside(self._text, node)
            return HttpRequest(
                "GET", expanded.text, url_span=place, span=node.span, url_filled=expanded.filled
            )
        method, url = child(node, "method"), child(node, "url")
        raw = url if url is not None and isinstance(url.value, str) else child(url, "raw")
        address = self._variables.expand(written(raw)) if raw is not None else None
        body = self._body(child(node, "body"))
        headers = [*self._headers(node), *self._authorization(child(node, "auth") or inherited)]
        implied = self._content_type(child(node, "body"))
        if implied and not any(one.name.lower() == "content-type" for one in headers):
            headers.append(Header("Content-Type", implied, implied=True))
        return HttpRequest(
            method=written(method).upper() if method is not None else "GET",
            url=address.text if address is not None else None,
            headers=tuple(headers),
            body=body,
            method_span=inside(self._text, method) if method is not None else None,
            url_span=inside(self._text, raw) if raw is not None else None,
            url_filled=address.filled if address is not None else (),
            origin="postman",
            span=node.span,
        )

    def _headers(self, node: Node) -> list[Header]:
        listed = child(node, "header")
        rows = enabled(listed.items) if listed is not None else []
        return [
            header_at(
                self._text, self._variables.expand(name).text, value, self._variables, row.span
            )
            for row in rows
            if (name := text_of(row, "key")) and (value := child(row, "value")) is not None
        ]

    def _authorization(self, auth: Node | None) -> Iterator[Header]:
        """Return the header that an authorization helper adds."""
        kind = text_of(auth, "type")
        values = child(auth, kind) if kind else None
        if values is None:
            return
        rows = {text_of(row, "key") or "": child(row, "value") for row in values.items}
        rows |= {name: member.node for name, member in values.members.items()}
        token, value = rows.get("token"), rows.get("value")
        if kind == "bearer" and token is not None:
            held = header_at(self._text, "Authorization", token, self._variables)
            shift = len("Bearer ")
            filled = tuple(span.shifted(shift) for span in held.filled)
            yield Header(
                "Authorization", f"Bearer {held.value}", None, None, implied=True, filled=filled
            )
        elif kind == "apikey" and value is not None:
            place, name = rows.get("in"), rows.get("key")
            if place is None or written(place) == "header":
                shown = written(name) if name is not None else "api_key"
                yield header_at(self._text, shown, value, self._variables)
        elif kind == "basic":
            yield Header("Authorization", "Basic ***", implied=True)

    def _body(self, node: Node | None) -> HttpBody | None:
        raw = child(node, "raw")
        if raw is None or text_of(node, "mode") not in {None, "raw"}:
            return None
        found = body_at(self._text, raw, self._variables)
        return found if found is not None and (found.text or "").strip() else None

    def _content_type(self, node: Node | None) -> str | None:
        """Return the content type that Postman adds to a body."""
        mode = text_of(node, "mode")
        if mode == "raw" and text_of(node, "raw"):
            language = text_of(node, "options", "raw", "language") or "text"
            return _LANGUAGES.get(language, "text/plain")
        return _FORMS.get(mode or "")

    def _response(self, node: Node) -> HttpResponse:
        code = child(node, "code")
        listed = child(node, "header")
        headers = tuple(
            Header(name, text_of(row, "value") or "")
            for row in (listed.items if listed is not None else [])
            if (name := text_of(row, "key"))
        )
        status = code.value if code is not None and isinstance(code.value, int) else None
        return HttpResponse(
            status,
            reason=text_of(node, "status") or "",
            headers=headers,
            text=text_of(node, "body") or "",
            span=node.span,
        )
