"""Reads what Insomnia, Hoppscotch, Thunder Client and Bruno export, in JSON or YAML.

They save the same things below different names: a request has an address, a table of headers, a
body with its kind and a helper for authorization, and takes over from its folders what it leaves
out. Each name is looked for in all of them, so that a further client costs a row or two.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pinned_tui.inspect.formats.client_request import (
    RequestBuilder,
    agreed,
    changes_headers,
    content_type_of,
    secrets_of,
    variables_of,
)
from pinned_tui.inspect.formats.model import Entry, FileReading
from pinned_tui.inspect.formats.places import enabled, written
from pinned_tui.inspect.formats.source import Source, child, text_of
from pinned_tui.inspect.formats.variables import Variables
from pinned_tui.inspect.formats.writing import writer
from pinned_tui.inspect.http_message import Header, HttpBody
from pinned_tui.inspect.json_source.nodes import Node

_DEEPEST = 20
_MOST_VARIABLES = 2000
_CONTAINERS = (
    *("items", "requests", "folders", "children", "collection", "resources", "collections"),
)
_METHOD = re.compile(r"[A-Za-z]{3,10}")
_VARIABLE = re.compile(
    r"""\{\{[ \t]*(?:_\.)?(?:_\[['"])?(?P<name>[^{}\n'"\]]{1,200}?)(?:['"]\])?[ \t]*\}\}
        |\{%[^%\n]{1,2000}%\}""",
    re.VERBOSE,
)
"""A variable of Insomnia, or a tag (``{% uuid 'v4' %}``); others leave out the ``_.``."""

_ANGLED = re.compile(r"<<[ \t]*(?P<name>[^<>\n]{1,200}?)[ \t]*>>")
"""A variable of Hoppscotch."""

_SIGNS_OF_JSON = {"clientName", "client", "_type", "__export_format", "brunoConfig"}


def claim(source: Source) -> float:
    """Claim what one of these clients wrote, and has requests."""
    root = _root(source)
    if root is None or not _is_export(root):
        return 0.0
    return 1.0 if next(_requests(root, _Inherited(), 0), None) is not None else 0.0


def read(source: Source) -> FileReading:
    """Return the requests, each with what it inherits from its folders."""
    root = _root(source)
    if root is None:
        return FileReading(())
    defined = agreed(_environments(root, 0))
    angled = any(child(one, "endpoint") is not None for one, _ in _requests(root, _Inherited(), 0))
    variables = Variables(defined, _ANGLED if angled else _VARIABLE)
    builder = RequestBuilder(source.text, variables, "collection")
    entries = tuple(_entry(builder, node, around) for node, around in _requests(
        root, _Inherited(), 0
    ))  # fmt: skip
    key = "<<apiKey>>" if angled else "{{ apiKey }}"
    # The notations of YAML for one text are several; only JSON is written back.
    write = writer(key=key) if source.started else None
    return FileReading(entries, write=write, secrets=(*secrets_of(defined), *builder.secrets))


def _root(source: Source) -> Node | None:
    return source.started[0] if source.started else source.yaml


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What a request takes over from its folders."""

    auth: Node | None = None
    headers: tuple[Node, ...] = ()
    open_ended: bool = False


def _is_export(root: Node) -> bool:
    kind = text_of(root, "type") or ""
    if kind.startswith("collection.insomnia.rest") or child(root, "opencollection") is not None:
        return True
    if text_of(root, "info", "type") == "http" and child(root, "http", "url") is not None:
        return True
    first = root.items[0] if root.items else root
    if not _SIGNS_OF_JSON.isdisjoint(first.members):
        return True
    if {"endpoint", "headers"} <= first.members.keys():  # of Hoppscotch; a log row has no headers
        return True
    return any(_has_own_fields(one) for one, _ in _requests(root, _Inherited(), 0))


def _has_own_fields(request: Node) -> bool:
    """Return whether a request has fields that only one of these clients gives it."""
    if child(request, "endpoint") is not None and child(request, "headers") is not None:
        return True
    body, auth = child(request, "body"), child(request, "auth")
    return child(body, "mode") is not None and child(auth, "mode") is not None


def _requests(node: Node, inherited: _Inherited, depth: int) -> Iterator[tuple[Node, _Inherited]]:
    """Yield every request below a node with what it inherits."""
    if depth > _DEEPEST:
        return
    request = _request_in(node)
    if request is not None:
        own = inherited.open_ended or changes_headers(_script(node) + _script(request))
        yield request, _Inherited(inherited.auth, inherited.headers, own)
        return
    inherited = _inherited(node, inherited)
    # Two clients list folders and requests side by side, the requests with the folder's name.
    folders = {
        ident: one
        for name in ("resources", "folders")
        for one in _rows(node, name)
        if (ident := text_of(one, "_id")) is not None
    }
    for name in _CONTAINERS:
        for one in _rows(node, name):
            passed_on = inherited
            for folder in reversed(_folders(one, folders) if folders else []):
                passed_on = _inherited(folder, passed_on)
            yield from _requests(one, passed_on, depth + 1)
    for one in node.items:
        yield from _requests(one, inherited, depth + 1)


def _inherited(node: Node, inherited: _Inherited) -> _Inherited:
    """Return what a folder passes on."""
    around = child(node, "root", "request") or child(node, "settings") or node
    auth = _auth_of(around) or _auth_of(node)
    return _Inherited(
        auth if auth is not None and _kind(auth) not in {"inherit", ""} else inherited.auth,
        (*inherited.headers, *_rows(around, "headers")),
        inherited.open_ended or changes_headers(_script(around)),
    )


def _folders(node: Node, folders: Mapping[str, Node]) -> list[Node]:
    """Return the folders that a request names, the innermost first."""
    found: list[Node] = []
    for _ in range(_DEEPEST if _request_in(node) is not None else 0):
        name = text_of(node, "parentId") or text_of(node, "containerId") or ""
        if name not in folders or any(folders[name] is one for one in found):
            break
        node = folders[name]
        found.append(node)
    return found


def _request_in(node: Node) -> Node | None:
    """Return the node that has the address: itself, or a field of it."""
    for one in (node, child(node, "request"), child(node, "http")):
        address = child(one, "url") or child(one, "endpoint")
        method = text_of(one, "method") or "GET"
        if address is None or not isinstance(address.value, str) or one is None:
            continue
        if _METHOD.fullmatch(method) and text_of(node, "_type") in {None, "request"}:
            return one
    return None


def _rows(node: Node | None, name: str) -> list[Node]:
    found = child(node, name)
    return found.items if found is not None else []


def _script(node: Node) -> str:
    places = (
        ("preRequestScript",), ("scripts", "preRequest"), ("script", "req"), ("preReq",),
    )  # fmt: skip
    return "\n".join(text_of(node, *place) or "" for place in places)


def _auth_of(node: Node) -> Node | None:
    return child(node, "authentication") or child(node, "auth")


def _kind(auth: Node) -> str:
    if isinstance(auth.value, str):  # as in "auth: inherit"
        return auth.value
    return text_of(auth, "type") or text_of(auth, "authType") or text_of(auth, "mode") or ""


def _entry(builder: RequestBuilder, node: Node, inherited: _Inherited) -> Entry:
    auth = _auth_of(node)
    if auth is None or _kind(auth) in {"", "inherit"}:
        auth = inherited.auth or auth
    rows = [*_rows(node, "headers"), *inherited.headers]
    # YAML that is cut off is YAML, too: what would come next may be missing.
    is_last = builder.text[node.end :].strip() == "" and builder.text.lstrip()[:1] not in {"{", "["}
    may_be_cut = is_last and auth is None and child(node, "settings") is None
    inherits = auth is not None and _kind(auth) == "inherit"
    headers = _without_twins([*builder.headers(rows), *_authorization(builder, auth)])
    body, implied = _body(builder, child(node, "body"))
    address = child(node, "url") or child(node, "endpoint")
    request = builder.request(
        node.span, child(node, "method"), address, headers, body, implied,
        open_ended=inherited.open_ended or inherits or may_be_cut,
    )  # fmt: skip
    return Entry(request, name=text_of(node, "name") or "")


def _without_twins(headers: list[Header]) -> list[Header]:
    """Return headers without those of folders that the request itself has too."""
    seen: dict[str, Header] = {}
    return [one for one in headers if seen.setdefault(one.name.lower(), one) is one]


def _authorization(builder: RequestBuilder, auth: Node | None) -> Iterator[Header]:
    active = child(auth, "authActive")
    if auth is None or not enabled([auth]) or (active is not None and active.value is False):
        return
    kind = _kind(auth)
    inner = child(auth, kind) if kind else None
    values = {name: member.node for name, member in auth.members.items()}
    if inner is not None and inner.members:
        values = {name: member.node for name, member in inner.members.items()}
    elif inner is not None:
        values = {"token": inner}
    yield from builder.authorization(kind, values)


def _body(builder: RequestBuilder, body: Node | None) -> tuple[HttpBody | None, str | None]:
    """Return the body, and the content type that the client gives it."""
    kind = text_of(body, "mode") or text_of(body, "type") or ""
    mime = text_of(body, "mimeType") or text_of(body, "contentType") or content_type_of(kind)
    names = ("text", "raw", "body", "data", kind)
    node = next((found for name in names if name and _is_text(found := child(body, name))), None)
    content = builder.body(node)
    rows = next((one for name in ("params", "form", kind) if (one := _rows(body, name))), None)
    if content is None and body is not None and rows and mime and "json" not in mime:
        content = HttpBody(None, file=kind or mime, span=body.span)
    return content, mime if content is not None or kind not in {"", "none"} else None


def _is_text(node: Node | None) -> bool:
    return node is not None and isinstance(node.value, str)


def _environments(node: Node, depth: int) -> Iterator[Mapping[str, str]]:
    if depth > _DEEPEST:
        return
    data = child(node, "data")
    if data is not None and data.members:
        yield dict(_flat(data, "", 0))
    environment = child(node, "environment")
    if environment is not None and environment.members:
        yield dict(_flat(environment, "", 0))
    for name in ("variables", "vars"):
        yield variables_of(_rows(node, name))
    yield variables_of(_rows(child(node, "vars"), "req"))
    around = child(node, "environments")
    inner = [around, *around.items] if around is not None else []
    inner += _rows(around, "subEnvironments")
    inner += [one for name in ("config", "root", "request") if (one := child(node, name))]
    inner += [one for name in _CONTAINERS for one in _rows(node, name)]
    for one in (*inner, *node.items):
        yield from _environments(one, depth + 1)


def _flat(node: Node, before: str, depth: int) -> Iterator[tuple[str, str]]:
    """Yield the values of an environment, of nested ones with the names around them."""
    for name, member in list(node.members.items())[:_MOST_VARIABLES]:
        if member.node.members and depth < _DEEPEST:
            yield from _flat(member.node, f"{before}{name}.", depth + 1)
        elif (value := written(member.node)).strip() and not member.node.items:
            yield f"{before}{name}", value
