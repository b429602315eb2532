"""Puts a request together from what an API client saved of it: rows, helpers and bodies."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pinned_tui.inspect.formats.places import body_at, enabled, header_at, inside, written
from pinned_tui.inspect.formats.source import child
from pinned_tui.inspect.formats.variables import Variables
from pinned_tui.inspect.http_message import Header, HttpBody, HttpRequest
from pinned_tui.inspect.json_source.nodes import Node
from pinned_tui.inspect.model import Span
from pinned_tui.redaction.secret import may_be_key
from pinned_tui.redaction.secret_strength import is_placeholder

_SECRET_NAME = re.compile(r"key|token|secret|passw|auth|credential|bearer", re.IGNORECASE)
_NO_SECRET_NAME = re.compile("idempot|url|host|type", re.IGNORECASE)
_SHORTEST_SECRET = 8
_LOGINS = {"basic": "Basic", "digest": "Digest", "ntlm": "NTLM", "hawk": "Hawk"}
_BODY_TYPES = {
    "json": "application/json",
    "xml": "application/xml",
    "html": "text/html",
    "text": "text/plain",
    "urlencoded": "application/x-www-form-urlencoded",
    "formurlencoded": "application/x-www-form-urlencoded",
    "form-urlencoded": "application/x-www-form-urlencoded",
    "formencoded": "application/x-www-form-urlencoded",
    "formdata": "multipart/form-data",
    "form-data": "multipart/form-data",
    "multipart-form": "multipart/form-data",
}
_CHANGES_HEADERS = re.compile(
    r"request\.(?:headers|addHeader|setHeader|auth\b)|req\.setHeader|setHeaders?\(|tc\.setHeader"
)
"""What a script calls that adds headers of its own."""

_TEXT_OR_COMMENT = re.compile(
    r'"(?:[^"\\\n]|\\.)*+"?|(?P<comment>//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/)', re.DOTALL
)


def content_type_of(kind: str | None) -> str | None:
    """Return the content type that clients add to a body of that kind."""
    return _BODY_TYPES.get((kind or "").lower())


def is_secret_name(name: str) -> bool:
    """Return whether a variable of that name holds a secret."""
    return _SECRET_NAME.search(name) is not None and _NO_SECRET_NAME.search(name) is None


def secrets_of(values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values of variables that are secret by their names, or look like a key."""
    return tuple(
        value
        for name, value in values.items()
        if (is_secret_name(name) or may_be_key(value))
        and len(value) >= _SHORTEST_SECRET
        and "{{" not in value
        and not is_placeholder(value)
    )


def variables_of(rows: Iterable[Node]) -> dict[str, str]:
    """Return the variables of a table; an empty one gets its value in the client itself."""
    defined: dict[str, str] = {}
    for row in enabled(rows):
        name = next((one for one in _first(row, "key", "name", "id") if one), None)
        value = child(row, "value") or child(row, "currentValue") or child(row, "initialValue")
        if name is not None and value is not None and written(value).strip():
            defined[name] = written(value)
    return defined


def agreed(environments: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return the variables of several environments on whose value all of them agree.

    Which environment is chosen stands nowhere in a file.
    """
    values: dict[str, set[str]] = {}
    for environment in environments:
        for name, value in environment.items():
            values.setdefault(name, set()).add(value)
    return {name: next(iter(found)) for name, found in values.items() if len(found) == 1}


def _first(node: Node, *names: str) -> Iterator[str]:
    for name in names:
        found = child(node, name)
        if found is not None and isinstance(found.value, str):
            yield found.value


def changes_headers(script: str) -> bool:
    """Return whether a script that runs before the request may add headers to it."""
    return _CHANGES_HEADERS.search(script) is not None


def without_comments(body: HttpBody) -> HttpBody:
    """Return a body whose comments are blanks, if it is JSON."""
    text = body.text or ""
    if text.lstrip()[:1] not in {"{", "[", "/"} or "/" not in text:
        return body
    return replace(body, text=_TEXT_OR_COMMENT.sub(_blanked, text))


def _blanked(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0]) if match["comment"] else match[0]


class RequestBuilder:
    """Builds the requests of one file, each part with its place in it."""

    def __init__(self, text: str, variables: Variables, origin: str) -> None:
        """Take over the text, what it defines, and the name of the client."""
        self.text = text
        self.variables = variables
        self.origin = origin
        self.secrets: list[str] = []

    def request(
        self,
        span: Span,
        method: Node | None,
        url: Node | None,
        headers: Iterable[Header],
        body: HttpBody | None = None,
        content_type: str | None = None,
        *,
        open_ended: bool = False,
    ) -> HttpRequest:
        """Return a request; a content type counts where no header has one."""
        address = self.variables.expand(written(url)) if url is not None else None
        kept = list(headers)
        if content_type and not any(one.name.lower() == "content-type" for one in kept):
            kept.append(Header("Content-Type", content_type, implied=True))
        return HttpRequest(
            method=(written(method).strip().upper() if method is not None else "") or "GET",
            url=address.text if address is not None else None,
            headers=tuple(kept),
            body=body,
            method_span=inside(self.text, method) if method is not None else None,
            url_span=inside(self.text, url) if url is not None else None,
            url_filled=address.filled if address is not None else (),
            origin=self.origin,
            span=span,
            open_ended=open_ended,
        )

    def headers(self, rows: Iterable[Node]) -> list[Header]:
        """Return the headers of a table that are switched on and have a name."""
        found = []
        for row in enabled(rows):
            name = next((one for one in _first(row, "key", "name") if one.strip()), None)
            value = child(row, "value")
            if name is not None and value is not None:
                shown = self.variables.expand(name).text
                found.append(header_at(self.text, shown, value, self.variables, row.span))
        return found

    def body(self, node: Node | None) -> HttpBody | None:
        """Return a body that is written as text, without comments: clients take them out of JSON.

        None where it is empty.
        """
        found = body_at(self.text, node, self.variables) if node is not None else None
        return without_comments(found) if found is not None and (found.text or "").strip() else None

    def authorization(self, kind: str, values: Mapping[str, Node]) -> Iterator[Header]:
        """Yield the header that the client's helper for authorization adds.

        Args:
            kind: The helper: ``bearer``, ``apikey``, ``basic`` and so on, in any case.
            values: Its fields.
        """
        kind = kind.lower().replace("-", "").replace("_", "")
        self.secrets += secrets_of({name: written(node) for name, node in values.items()})
        if kind == "bearer":
            yield self._bearer(values)
        elif kind == "apikey":
            yield from self._api_key(values)
        elif kind == "oauth2":
            # The client fetches that token by itself.
            yield Header("Authorization", "Bearer {{oauth2}}", implied=True, filled=(Span(7, 17),))
        elif kind in _LOGINS:
            yield Header("Authorization", f"{_LOGINS[kind]} ***", implied=True)

    def _bearer(self, values: Mapping[str, Node]) -> Header:
        prefix = written(values["prefix"]).strip() if "prefix" in values else ""
        prefix = f"{prefix or 'Bearer'} "
        token = values.get("token")
        if token is None:
            return Header("Authorization", prefix.strip(), implied=True)
        held = header_at(self.text, "Authorization", token, self.variables)
        filled = tuple(span.shifted(len(prefix)) for span in held.filled)
        value = (prefix + held.value).rstrip(" ")
        return replace(held, value=value, implied=True, filled=filled)

    def _api_key(self, values: Mapping[str, Node]) -> Iterator[Header]:
        value = values.get("value")
        name = next((values[one] for one in ("key", "keyname", "name") if one in values), None)
        place = next((values[one] for one in ("in", "addTo", "placement") if one in values), None)
        if value is None or (place is not None and not written(place).lower().startswith("header")):
            return
        shown = self.variables.expand(written(name)).text if name is not None else "api_key"
        yield header_at(self.text, shown, value, self.variables)
