"""Reads Postman collections, formats 1, 2.0 and 2.1, with their variables and saved responses.

A variable that the collection defines, or an environment that was pasted beside it, is followed.
One without a value gets it in Postman, which is how collections are meant to be shared.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pinned_tui.inspect.formats.client_request import (
    RequestBuilder,
    changes_headers,
    content_type_of,
    secrets_of,
    variables_of,
)
from pinned_tui.inspect.formats.environment import read_environment, rows_of
from pinned_tui.inspect.formats.model import Entry, FileReading
from pinned_tui.inspect.formats.places import written
from pinned_tui.inspect.formats.source import Source, child, text_of
from pinned_tui.inspect.formats.variables import Variables
from pinned_tui.inspect.formats.writing import writer
from pinned_tui.inspect.http_message import Header, HttpBody, HttpRequest, HttpResponse
from pinned_tui.inspect.json_source.nodes import Member, Node
from pinned_tui.inspect.model import Note
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.secret_strength import is_placeholder

_DEEPEST = 20
_MOST_DOCUMENTS = 20
_TYPES_OF_MODES = {"graphql": "application/json", "file": "application/json"}
"""What Postman says of a body that the file does not show; for a file, by its name."""

_LONGEST_SCRIPT = 20_000


def claim(source: Source) -> float:
    """Claim what has the fields of a collection, or of an environment."""
    documents = source.started[:_MOST_DOCUMENTS]
    known = [one for one in documents if _collection(one) is not None or _is_environment(one)]
    return len(known) / len(source.started) if known else 0.0


def read(source: Source) -> FileReading:
    """Return the requests of a collection, each with what it inherits from its folders."""
    documents = source.started[:_MOST_DOCUMENTS]
    environments = [one for one in documents if _is_environment(one)]
    collections = [found for one in documents if (found := _collection(one)) is not None]
    given: dict[str, str] = {}
    for one in environments:
        given |= variables_of(_rows(one, "values"))
    if not collections:
        return read_environment(rows_of(environments), source.text)
    entries: list[Entry] = []
    secrets: list[str] = list(secrets_of(given))
    notes: tuple[Note, ...] = ()
    for root in collections:
        own = variables_of(_rows(root, "variable"))
        secrets += secrets_of(own)
        # What is shared of a variable is often a stand-in, beside the value of one's own.
        own = {
            name: value
            for name, value in own.items()
            if "://" in value or not is_placeholder(value)
        }
        builder = RequestBuilder(source.text, Variables(own | given), "postman")
        entries += CollectionReader(builder).entries(root)
        secrets += builder.secrets
        if _scripts(root):
            notes = (Note("collection-scripts", say("collection.scripts.note")),)
    return FileReading(
        tuple(entries), write=writer(key="{{apiKey}}"), notes=notes, secrets=tuple(secrets)
    )


def _is_environment(node: Node) -> bool:
    return child(node, "values") is not None and bool(
        {"_postman_variable_scope", "_postman_exported_at", "name"} & node.members.keys()
    )


def _collection(node: Node) -> Node | None:
    """Return what holds the requests: answers of Postman's API wrap it in a field."""
    inner = child(node, "collection")
    root = inner if inner is not None and inner.members else node
    items = child(root, "item")
    if items is not None and items.items and child(root, "info") is not None:
        return root
    if isinstance(child(root, "header"), Node) and child(root, "url") is not None:
        root = _wrapped("request", root)
    if child(root, "request", "header") is not None and child(root, "request", "url") is not None:
        return _wrapped("item", Node([root], root.start, root.end))
    listed = child(root, "requests")
    first = listed.items[0] if listed is not None and listed.items else None
    is_first_format = child(first, "collectionId") or child(first, "rawModeData") or (
        child(root, "order") and child(first, "url")
    )  # fmt: skip
    return root if is_first_format else None


def _wrapped(name: str, node: Node) -> Node:
    """Return an object around a part that was pasted alone: one request, or one item."""
    return Node({name: Member(node.start, node.start, node)}, node.start, node.end)


def _rows(node: Node | None, name: str) -> list[Node]:
    found = child(node, name)
    return found.items if found is not None else []


def _scripts(node: Node) -> str:
    """Return what runs before the requests at a node."""
    lines: list[str] = []
    for event in _rows(node, "event"):
        if text_of(event, "listen") == "prerequest":
            script = child(event, "script", "exec")
            parts = [script, *script.items] if script is not None else []
            lines += [one.value for one in parts if isinstance(one.value, str)]
    lines.append(text_of(node, "preRequestScript") or "")
    return "\n".join(lines)[:_LONGEST_SCRIPT].strip()


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What a request takes over from its folders."""

    auth: Node | None = None
    open_ended: bool = False


class CollectionReader:
    """Reads the requests of one collection, and those that a run of it reports."""

    def __init__(self, builder: RequestBuilder) -> None:
        """Take over what builds the requests."""
        self._builder = builder
        self._text = builder.text

    def entries(self, root: Node) -> Iterator[Entry]:
        """Yield all requests with the responses that were saved with them."""
        yield from self._below(root, _Inherited(), 0)
        for node in _rows(root, "requests"):
            yield Entry(self._first_format(node), name=text_of(node, "name") or "")

    def _below(self, node: Node, inherited: _Inherited, depth: int) -> Iterator[Entry]:
        auth = child(node, "auth")
        has_auth = auth is not None and auth.value is not None
        inherited = _Inherited(
            auth if has_auth else inherited.auth,
            inherited.open_ended or changes_headers(_scripts(node)),
        )
        for item in _rows(node, "item") if depth < _DEEPEST else []:
            request = child(item, "request")
            if request is None:
                yield from self._below(item, inherited, depth + 1)
                continue
            own = inherited.open_ended or changes_headers(_scripts(item))
            name = text_of(item, "name") or ""
            responses = [self._response(one) for one in _rows(item, "response")]
            judged = self.request(request, inherited.auth, open_ended=own)
            yield Entry(judged, responses[0] if responses else None, name)
            for response in responses[1:]:
                yield Entry(None, response, name)

    def request(
        self, node: Node, inherited: Node | None = None, *, open_ended: bool = False
    ) -> HttpRequest:
        """Return a request of format 2, which may be an address alone."""
        if isinstance(node.value, str):
            return self._builder.request(
                node.span, None, node, self._authorization(inherited), open_ended=open_ended
            )
        url, body, auth = child(node, "url"), child(node, "body"), child(node, "auth")
        own = auth if auth is not None and auth.value is not None else inherited
        added = list(self._authorization(own))
        # The helper's header takes the place of one of the same name.
        names = {one.name.lower() for one in added}
        written_out = self._builder.headers(_rows(node, "header"))
        headers = [*(one for one in written_out if one.name.lower() not in names), *added]
        raw = child(body, "raw")
        mode = text_of(body, "mode")
        content = self._builder.body(raw) if mode in {None, "raw"} else _unseen(body)
        implied = content_type_of(mode) or _TYPES_OF_MODES.get(mode or "")
        if mode == "raw" and raw is not None and raw.value:
            language = text_of(body, "options", "raw", "language")
            implied = content_type_of(language) or "text/plain"
        return self._builder.request(
            node.span, child(node, "method"), _address(url), headers, content, implied,
            open_ended=open_ended,
        )  # fmt: skip

    def _authorization(self, auth: Node | None) -> Iterator[Header]:
        kind = text_of(auth, "type")
        values = child(auth, kind) if kind else None
        if kind is None or kind == "noauth":
            return
        fields = {text_of(row, "key") or "": child(row, "value") for row in _rows(auth, kind)}
        fields |= {name: member.node for name, member in (values.members if values else {}).items()}
        yield from self._builder.authorization(
            kind, {name: value for name, value in fields.items() if value is not None}
        )

    def _first_format(self, node: Node) -> HttpRequest:
        """Return a request of format 1, whose headers are lines of one text."""
        headers = list(self._builder.headers(_rows(node, "headerData")))
        listed = child(node, "headers")
        if not headers and listed is not None and isinstance(listed.value, str):
            for line in listed.value.split("\n")[:100]:
                name, sign, value = line.partition(":")
                if sign and name.strip() and not name.lstrip().startswith("//"):
                    told = self._builder.variables.expand(value.strip())
                    headers.append(
                        Header(name.strip(), told.text, value_span=listed.span, filled=told.filled)
                    )
        headers += self._authorization(child(node, "auth"))
        raw = child(node, "rawModeData")
        mode = text_of(node, "dataMode")
        body = self._builder.body(raw) if mode in {None, "raw"} else None
        implied = content_type_of(
            {"params": "formdata"}.get(mode or "", mode) if mode != "raw" else None
        )
        if body is not None:
            language = text_of(node, "dataOptions", "raw", "language")
            implied = content_type_of(language) or "text/plain"
        return self._builder.request(
            node.span, child(node, "method"), child(node, "url"), headers, body, implied,
            open_ended=changes_headers(_scripts(node)),
        )  # fmt: skip

    def _response(self, node: Node) -> HttpResponse:
        return response_of(node, text_of(node, "body") or "")


def _unseen(body: Node | None) -> HttpBody | None:
    """Return a body that is put together from a form, or stands in a file."""
    mode = text_of(body, "mode") or ""
    inner = child(body, mode)
    if body is None or inner is None or not (inner.items or inner.members or inner.value):
        return None
    return HttpBody(None, file=text_of(inner, "src") or mode, span=body.span)


def _address(url: Node | None) -> Node | None:
    """Return the address as text; of its parts, it is put together."""
    if url is None or isinstance(url.value, str):
        return url
    raw = child(url, "raw")
    if raw is not None:
        return raw
    host = ".".join(written(one) for one in _rows(url, "host")) or text_of(url, "host") or ""
    path = "/".join(written(one) for one in _rows(url, "path")) or text_of(url, "path") or ""
    scheme = (text_of(url, "protocol") or "https").removesuffix("://").removesuffix(":")
    if not host:
        return None
    return Node(f"{scheme}://{host}/{path.lstrip('/')}", url.start, url.end)


def response_of(node: Node, body: str) -> HttpResponse:
    """Return a response that was saved, or that a run reports."""
    code = child(node, "code")
    headers = tuple(
        Header(name, text_of(row, "value") or "")
        for row in _rows(node, "header") or _rows(node, "headers")
        if (name := text_of(row, "key"))
    )
    status = code.value if code is not None and isinstance(code.value, int) else None
    reason = text_of(node, "status") or ""
    return HttpResponse(status, reason=reason, headers=headers, text=body, span=node.span)
