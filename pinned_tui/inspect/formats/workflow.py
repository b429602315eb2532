"""Reads no-code workflows: n8n, Make, Power Automate and Logic Apps, Zapier, Pipedream.

Each has steps that send a request, and names of its own for what the request is made of. An
expression is filled in when the step runs, so that it is no placeholder; the credentials of a step
are mostly kept apart from the file.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from pinned_tui.inspect.fixes import TextChange
from pinned_tui.inspect.formats.model import Entry, FileReading, Writer
from pinned_tui.inspect.formats.places import inside, written
from pinned_tui.inspect.formats.source import Source, child, text_of
from pinned_tui.inspect.formats.writing import writer
from pinned_tui.inspect.http_message import FieldPlace, Header, HttpBody, HttpRequest, HttpResponse
from pinned_tui.inspect.json_source.lexer import offsets
from pinned_tui.inspect.json_source.nodes import Node, plain, walk
from pinned_tui.inspect.model import Span
from pinned_tui.inspect.raw_http import METHODS
from pinned_tui.inspect.request.findings import RequestEdit, RequestPart
from pinned_tui.inspect.secrets import secrets_of
from pinned_tui.redaction.credentials import is_secret_field

_MOST_STEPS = 1000
_BRACES = re.compile(r"\{\{(?:(?!\}\}|\{\{).){0,2000}\}\}", re.DOTALL)
_AT_SIGN = re.compile(r"(?<!@)@\{[^{}]{0,2000}\}|(?<=\")@[A-Za-z](?:[^\"\\]|\\.){0,2000}(?=\")")
_AT_WHOLE = re.compile(r"@\{[^{}]{0,2000}\}|\A@[A-Za-z].{0,2000}\Z", re.DOTALL)
_OFF = frozenset({"", "none", "noauth", "no_auth", "noauthentication"})


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How one tool writes a step that sends a request; paths of names are joined by dots.

    Attributes:
        mark: A field of the step and what its value has in it; the field alone where that is empty.
        fields: Where the parts of the request stand.
        expression: What is filled in within a text, and within an object that is a body.
        lead: What a text begins with that has expressions in it; without it, it is sent as it is.
        apart: Fields of the step that say that credentials are kept elsewhere.
    """

    mark: tuple[str, str]
    fields: str
    url: tuple[str, ...] = ("url",)
    method: tuple[str, ...] = ("method",)
    headers: tuple[str, ...] = ("headers",)
    query: tuple[str, ...] = ()
    body: tuple[str, ...] = ("body",)
    rows: tuple[str, ...] = ()
    expression: re.Pattern[str] = _BRACES
    lead: str = ""
    apart: tuple[str, ...] = ()


_DIALECTS = (
    _Dialect(
        mark=("type", r"httpRequest"),
        fields="parameters",
        method=("method", "requestMethod"),
        headers=(
            *("headerParameters.parameters", "headerParametersUi.parameter"),
            *("jsonHeaders", "headerParametersJson"),
        ),
        query=("queryParameters.parameters", "queryParametersUi.parameter"),
        body=("jsonBody", "bodyParametersJson", "body"),
        rows=("bodyParameters.parameters", "bodyParametersUi.parameter"),
        lead="=",
        apart=("credentials", "parameters.authentication"),
    ),
    _Dialect(
        mark=("module", r"\Ahttp:"),
        fields="mapper",
        query=("qs", "queryParameters"),
        body=("data", "jsonStringBodyContent", "body"),
        apart=("parameters.auth", "parameters.__IMTCONN__", "mapper.authenticationType"),
    ),
    _Dialect(
        mark=("inputs", ""),
        fields="inputs",
        url=("uri", "url"),
        query=("queries",),
        expression=_AT_WHOLE,
        apart=("inputs.authentication",),
    ),
    _Dialect(mark=("params", ""), fields="params", body=("data", "body")),
    _Dialect(mark=("http", ""), fields="http", body=("data", "body"), apart=("http.auth",)),
    _Dialect(
        mark=("default", ""), fields="default", body=("data", "body"), apart=("default.auth",)
    ),
    _Dialect(mark=("uri", ""), fields="", url=("uri",), expression=_AT_WHOLE),
)


def claim(source: Source) -> float:
    """Claim a document with a step that sends a request."""
    root = source.json
    return 1.0 if root is not None and next(_steps(root), None) is not None else 0.0


def read(source: Source) -> FileReading:
    """Return the requests of all steps, with the responses that a run has kept."""
    root = source.json
    if root is None:
        return FileReading(())
    entries = tuple(
        Entry(_Step(source.text, dialect, step, fields).request(), _response(step), _name(step))
        for (step, fields, dialect), _ in zip(_steps(root), range(_MOST_STEPS), strict=False)
    )
    secrets = [
        node.value
        for path, node in walk(root)
        if isinstance(node.value, str) and is_secret_field(path.rpartition(".")[2])
    ]
    for entry in entries:
        request = entry.request
        if request is not None:
            found = secrets_of(request.headers, [f"{request.url}?{request.query}"])
            secrets += [secret.reveal() for secret in found]
    # A run that is over can't be corrected.
    kept = any(entry.response is not None for entry in entries)
    return FileReading(
        entries, write=None if kept else _write, secrets=tuple(dict.fromkeys(secrets))
    )


def _steps(root: Node) -> Iterator[tuple[Node, Node, _Dialect]]:
    """Yield each step that sends a request, with the fields of the request."""
    taken: set[int] = set()
    for _, node in walk(root):
        if not node.members or id(node) in taken:
            continue
        for dialect in _DIALECTS:
            name, pattern = dialect.mark
            marked = child(node, name)
            if marked is None or (pattern and not re.search(pattern, written(marked))):
                continue
            fields = _at(node, dialect.fields) if dialect.fields else node
            if fields is not None and _is_request(fields, dialect):
                taken.add(id(fields))
                yield node, fields, dialect
                break


def _is_request(fields: Node, dialect: _Dialect) -> bool:
    """Return whether fields are those of a request: an address, with its method or headers."""
    url = _first(fields, dialect.url)
    if url is None or not isinstance(url.value, str):
        return False
    method = _first(fields, dialect.method)
    if method is not None and dialect.mark[1] == "":
        return written(method).upper() in METHODS
    return bool(dialect.mark[1]) or _first(fields, dialect.headers) is not None


def _at(node: Node | None, path: str) -> Node | None:
    return child(node, *path.split("."))


def _first(node: Node, paths: Sequence[str]) -> Node | None:
    """Return what stands at the first of ``paths`` that leads anywhere."""
    found = (_at(node, path) for path in paths)
    return next((one for one in found if one is not None and one.value not in (None, "")), None)


def _name(step: Node) -> str:
    return text_of(step, "name") or text_of(step, "metadata", "designer", "name") or ""


class _Step:
    """One step that sends a request."""

    def __init__(self, text: str, dialect: _Dialect, step: Node, fields: Node) -> None:
        self._text = text
        self._dialect = dialect
        self._step = step
        self._fields = fields

    def request(self) -> HttpRequest:
        """Return the request that the step sends."""
        dialect, fields = self._dialect, self._fields
        url, method = _first(fields, dialect.url), _first(fields, dialect.method)
        address, url_filled, url_span = self._value(url) if url is not None else ("", (), None)
        headers = [] if self._is_off("sendHeaders") else self._headers()
        body = None if self._is_off("sendBody") else self._body()
        if body is not None and not any(one.name.lower() == "content-type" for one in headers):
            headers.append(self._content_type())
        return HttpRequest(
            method=written(method).removeprefix("=").upper() if method is not None else "GET",
            url=address,
            headers=tuple(headers),
            body=body,
            method_span=inside(self._text, method) if method is not None else None,
            url_span=url_span,
            url_filled=url_filled,
            origin="workflow",
            span=self._step.span,
            query=self._query(),
            open_ended=self._kept_apart(),
        )

    def _is_off(self, switch: str) -> bool:
        found = child(self._fields, switch)
        return found is not None and found.value is False

    def _kept_apart(self) -> bool:
        """Return whether something beside the step adds its credentials."""
        for path in self._dialect.apart:
            found = _at(self._step, path)
            if found is not None and written(found).lower() not in _OFF:
                return True
        return "Auth" in (text_of(self._step, "module") or "")

    def _value(self, node: Node) -> tuple[str, tuple[Span, ...], Span]:
        """Return a text as it is sent, where it is filled in, and its place."""
        value, place, lead = written(node), inside(self._text, node), self._dialect.lead
        if lead and not value.startswith(lead):
            return value, (), place
        value = value.removeprefix(lead)
        filled = tuple(Span(*one.span()) for one in self._dialect.expression.finditer(value))
        return value, filled, Span(min(place.start + len(lead), place.end), place.end)

    def _headers(self) -> list[Header]:
        found = _first(self._fields, self._dialect.headers)
        headers = []
        for name, node, whole in self._pairs(found):
            value, filled, place = self._value(node)
            alone = found is not None and not isinstance(found.value, str)
            headers.append(Header(name, value, whole, place if alone else None, filled=filled))
        return headers

    def _pairs(self, found: Node | None) -> Iterator[tuple[str, Node, Span | None]]:
        """Yield names and values, whether they stand in an object, in rows or in a text."""
        if found is None:
            return
        if isinstance(found.value, str):
            try:
                members = json.loads(found.value.removeprefix(self._dialect.lead))
            except (ValueError, RecursionError):
                return
            for name, value in members.items() if isinstance(members, dict) else ():
                lead = self._dialect.lead if found.value.startswith(self._dialect.lead) else ""
                yield name, Node(f"{lead}{value}", found.start, found.end), None
        for name, member in found.members.items():
            yield name, member.node, None
        for row in found.items:
            named = text_of(row, "name") or text_of(row, "key")
            node = child(row, "value")
            if named and node is not None:
                yield named, node, row.span

    def _query(self) -> str:
        found = _first(self._fields, self._dialect.query)
        pairs = ((name, self._value(node)) for name, node, _ in self._pairs(found))
        return urlencode([(name, value[0]) for name, value in pairs if not value[1]])

    def _body(self) -> HttpBody | None:
        rows = _first(self._fields, self._dialect.rows)
        if rows is not None and rows.items:
            return self._put_together(rows)
        node = _first(self._fields, self._dialect.body)
        if node is None:
            return None
        if not isinstance(node.value, str):
            return self._as_object(node)
        value, filled, _ = self._value(node)
        places = offsets(self._text, node.span)
        shift = len(node.value) - len(value)
        known = len(places) == len(node.value) + 1
        return HttpBody(
            value,
            span=node.span,
            offsets=places[shift:] if known else [node.start] * (len(value) + 1),
            start=node.start,
            filled=filled,
        )

    def _as_object(self, node: Node) -> HttpBody:
        """Return a body that the tool writes as JSON, whose notation is that of the file."""
        text = self._text[node.start : node.end]
        pattern = _AT_SIGN if self._dialect.expression is _AT_WHOLE else self._dialect.expression
        filled = tuple(Span(*one.span()) for one in pattern.finditer(text))
        return HttpBody(text, span=node.span, start=node.start, filled=filled)

    def _put_together(self, rows: Node) -> HttpBody:
        """Return a body whose fields are given one by one; each of them is text."""
        fields: dict[str, object] = {}
        places: dict[str, FieldPlace] = {}
        for name, node, _ in self._pairs(rows):
            if "." in name or "[" in name:  # versions differ in whether they nest it
                return HttpBody(None, span=rows.span)
            value, filled, place = self._value(node)
            fields[name] = value
            places[name] = FieldPlace(place, bool(filled))
        return HttpBody(json.dumps(fields), span=rows.span, places=places)

    def _content_type(self) -> Header:
        """Return the content type that the tool adds; where it can't be told, it is open."""
        named = next(
            (
                value
                for name in ("contentType", "rawContentType")
                if "/" in (value := text_of(self._fields, name) or "")
            ),
            None,
        )
        body = _first(self._fields, self._dialect.body)
        as_json = text_of(self._fields, "contentType") in {None, "json"} and self._dialect.lead
        if named is None and (as_json or (body is not None and not isinstance(body.value, str))):
            named = "application/json"
        if named is None:
            return Header("Content-Type", "", implied=True, filled=(Span(0, 0),))
        return Header("Content-Type", named, implied=True)


def _response(step: Node) -> HttpResponse | None:
    """Return the response that a run has kept beside the step's inputs."""
    found = child(step, "outputs")
    status = child(found, "statusCode")
    if found is None or status is None or not isinstance(status.value, int):
        return None
    headers = child(found, "headers")
    body = child(found, "body")
    text = ""
    if body is not None:
        text = body.value if isinstance(body.value, str) else json.dumps(plain(body))
    return HttpResponse(
        status.value,
        headers=tuple(
            Header(name, written(member.node))
            for name, member in (headers.members if headers is not None else {}).items()
        ),
        text=text,
        span=found.span,
    )


_in_texts: Writer = writer(key="***")


def _has_place(edit: RequestEdit) -> bool:
    """Return whether an edit changes what stands there; rows are neither added nor removed."""
    if edit.part is not RequestPart.HEADER:
        return True
    header = edit.header
    if header is None or header.value_span is None:
        return False
    return edit.value is not None and edit.name == header.name


def _write(request: HttpRequest, edits: Sequence[RequestEdit]) -> Sequence[TextChange]:
    """Write edits where all have a place; a body that is an object is replaced as it is."""
    body = request.body
    if not all(_has_place(edit) for edit in edits if edit.change is not None):
        return ()
    if body is None or (body.offsets is not None and not body.places):
        return _in_texts(request, edits)
    changes = list(_in_texts(replace(request, body=None), edits))
    changes += [
        TextChange(body.span, edit.value or "")
        for edit in edits
        if edit.part is RequestPart.BODY and body.span is not None and not body.places
    ]
    return changes
