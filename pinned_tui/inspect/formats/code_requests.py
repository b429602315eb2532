"""Puts the requests together that a program makes, by the calls that ``client_code.toml`` names."""

import functools
import re
from dataclasses import dataclass, field

import msgspec

from pinned_tui.inspect.formats.code_tokens import Language
from pinned_tui.inspect.formats.code_tree import (
    Assignment,
    CodeCall,
    Constant,
    Expression,
    Group,
    Item,
    Literal,
    Name,
    Program,
)
from pinned_tui.inspect.formats.code_values import Values, constants, key_of
from pinned_tui.inspect.formats.model import Entry
from pinned_tui.inspect.http_message import Header, HttpBody, HttpRequest
from pinned_tui.inspect.model import Fault, Span
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.tables import load_table
from pinned_tui.session import Certainty

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_JSON = "application/json"
_OWNED = frozenset({"curl_setopt", "curl_setopt_array"})


class _Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    path: str
    does: str
    args: tuple[str, ...] = ()
    method: str = ""
    objects: str = ""
    type: str = ""
    always: str = ""
    open: bool = False
    languages: tuple[str, ...] = ()


class _Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    path: str
    does: str


class ClientCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table of languages and calls."""

    passes: frozenset[str]
    writes_json: frozenset[str]
    typed: frozenset[str]
    options: dict[str, tuple[str, ...]]
    member: tuple[_Member, ...]
    call: tuple[_Call, ...]
    language: tuple[Language, ...]


@functools.cache
def client_code() -> ClientCode:
    """Return the table, read when it is first needed."""
    return load_table("client_code", ClientCode)


@functools.cache
def _calls(language: str) -> tuple[tuple[re.Pattern[str], _Call], ...]:
    rows = client_code().call
    chosen = [one for one in rows if not one.languages or language in one.languages]
    return tuple((re.compile(one.path), one) for one in chosen)


@dataclass(slots=True)
class _Draft:
    """A request, or a client that makes requests, while its parts are collected."""

    span: Span
    sends: bool
    row: _Call
    method: str | None = None
    url: Expression | None = None
    base: Expression | None = None
    headers: list[Header] = field(default_factory=list)
    body: tuple[str, Expression] | None = None
    open_ended: bool = False
    parent: "_Draft | None" = None


class Collector:
    """Collects the requests of one program."""

    def __init__(self, text: str, language: Language, program: Program) -> None:
        """Take over the program."""
        table = client_code()
        self._language = language
        self._program = program
        self._values = Values(text, program, table.passes, table.writes_json)
        self._roles = constants(table.options)
        self._owners: dict[int, _Draft] = {}
        self._drafts: list[_Draft] = []

    def entries(self) -> list[Entry]:
        """Return the requests in their order, with what only the code shows to be wrong."""
        for event in self._program.events:
            if isinstance(event, CodeCall):
                self._call(event)
            else:
                self._assignment(event)
        sent = [one for one in self._drafts if one.sends and one.url is not None]
        return [Entry(self._request(one), faults=self._faults(one)) for one in sent]

    def _call(self, call: CodeCall) -> None:
        path, owner = self._effective(call)
        for pattern, row in _calls(self._language.id):
            match = pattern.fullmatch(path)
            if match is not None:
                method = (match.groupdict().get("method") or row.method).upper() or None
                self._matched(call, row, method, owner)
                return

    def _effective(self, call: CodeCall) -> tuple[str, _Draft | None]:
        """Return a call's path with its variable replaced by the call that made it; its owner."""
        path = call.path.replace("\\", ".").lstrip(".")
        if call.span.start in self._owners:
            return path, self._owners[call.span.start]
        if call.path in _OWNED and call.arguments:
            return path, self._owner_of(call.arguments[0].value)
        parts = call.path.split(".")
        for count in range(min(len(parts) - 1, 4), 0, -1):
            head = Name(".".join(parts[:count]), call.span)
            made = self._values.follow(head)
            if isinstance(made, CodeCall):
                joined = ".".join((f"{made.path}()", *parts[count:]))
                return joined.replace("\\", ".").lstrip("."), self._owners.get(made.span.start)
        return path, None

    def _owner_of(self, value: Expression) -> _Draft | None:
        return self._owners.get(self._values.follow(value).span.start)

    def _matched(
        self, call: CodeCall, row: _Call, method: str | None, owner: _Draft | None
    ) -> None:
        if row.does in {"request", "client", "builder"}:
            draft = owner if row.does == "builder" else None
            if draft is None:
                sends = row.does != "client"
                draft = _Draft(call.span, sends, row, method, open_ended=row.open, parent=owner)
                self._drafts.append(draft)
                self._owners[call.span.start] = draft
        elif owner is None:
            return
        else:
            draft = owner
            draft.method = method or draft.method
        arguments = call.arguments
        if row.does == "option" and len(arguments) > 2:
            arguments = (Item(arguments[1].value, arguments[2].value),)
        elif row.does == "options":
            arguments = (Item(Name("http", call.span), arguments[-1].value),)
        elif row.does == "header":
            self._header_call(draft, arguments)
            return
        self._arguments(draft, row.args, arguments)

    def _arguments(
        self, draft: _Draft, roles: tuple[str, ...], arguments: tuple[Item, ...]
    ) -> None:
        number = 0
        for item in arguments:
            if item.spread:
                self._options(draft, item.value)
            elif item.key is not None:
                self._set(draft, self._roles.get((key_of(item) or "").lower(), ""), item.value)
            elif number < len(roles):
                role = roles[number]
                number += 1
                if isinstance(self._values.follow(item.value), Group) and role in {"url", "base"}:
                    role = "options"
                self._set(draft, role, item.value)

    def _header_call(self, draft: _Draft, arguments: tuple[Item, ...]) -> None:
        if len(arguments) != 2:
            return
        first, second = arguments
        if second.key is not None:  # Swift: setValue(value, forHTTPHeaderField: name)
            self._header(draft, second.value, first.value)
        elif isinstance(first.value, Literal):
            self._header(draft, first.value, second.value)

    def _header(self, draft: _Draft, name: Expression, value: Expression) -> None:
        title = self._values.text_of(name)
        text = self._values.text_of(value)
        if title.filled:
            draft.open_ended = True
            return
        span = Span(min(name.span.start, text.span.start), max(name.span.end, text.span.end))
        draft.headers.append(
            Header(title.text, text.text, span, text.literal or text.span, filled=text.filled)
        )

    def _options(self, draft: _Draft, value: Expression) -> None:
        items, more = self._values.fields(value)
        if more:
            draft.open_ended = True
            draft.method = None
        for item in items:
            self._set(draft, self._roles.get((key_of(item) or "").lower(), ""), item.value)

    def _set(self, draft: _Draft, role: str, value: Expression) -> None:
        match role:
            case "options" | "http":
                self._options(draft, value)
            case "context":
                found = self._values.follow(value)
                if isinstance(found, CodeCall) and found.arguments:
                    self._options(draft, found.arguments[0].value)
                else:
                    draft.open_ended, draft.method = True, None
            case "url":
                draft.url = value
            case "base":
                draft.base = value
            case "method":
                draft.method = self._method(value)
            case "post":
                draft.method = "POST"
            case "headers":
                self._headers(draft, value)
            case "type":
                self._header(draft, _spelt("Content-Type", value), value)
            case "body" | "data" | "content" | "json" | "form":
                self._send(draft, role, value)
            case "bearer" | "login" | "agent" | "entity" | "host" | "path":
                # These add to the request in ways that are not followed.
                draft.open_ended = True

    def _send(self, draft: _Draft, role: str, value: Expression) -> None:
        found = self._values.follow(value)
        if isinstance(found, Constant) and found.value is None:
            return
        if isinstance(found, CodeCall) and found.name in client_code().typed:
            value = found.receiver or Name(found.path.rpartition(".")[0], found.span)
            types = [one.value for one in found.arguments]
            if types:
                self._header(draft, _spelt("Content-Type", found), types[0])
        draft.body = (role, value)

    def _method(self, value: Expression) -> str | None:
        found = self._values.follow(value)
        word = found.text if isinstance(found, Literal) else ""
        if isinstance(found, Name):
            word = found.path.rpartition(".")[2].removeprefix("Method")
        return word.upper() if word.upper() in _METHODS else None

    def _headers(self, draft: _Draft, value: Expression) -> None:
        other = self._owner_of(value)
        if other is not None:
            draft.headers += other.headers
            return
        items, more = self._values.fields(value)
        draft.open_ended = draft.open_ended or more
        for item in items:
            inner = self._values.follow(item.value)
            if item.key is not None:
                self._header(draft, _spelt(key_of(item) or "", item.key), item.value)
            elif isinstance(inner, Group) and len(inner.items) == 2:
                self._header(draft, inner.items[0].value, inner.items[1].value)
            else:
                self._line(draft, item.value)

    def _line(self, draft: _Draft, value: Expression) -> None:
        """Read a header that is one text: ``"Accept: application/json"``."""
        text = self._values.text_of(value)
        name, colon, rest = text.text.partition(":")
        if not colon or (text.filled and text.filled[0].start < len(name)):
            draft.open_ended = True
            return
        shift = len(text.text) - len(rest.lstrip())
        filled = tuple(part.shifted(-shift) for part in text.filled)
        place = text.literal
        if place is not None and place.end - place.start == len(text.text):
            place = Span(place.start + shift, place.end)
        draft.headers.append(
            Header(name.strip(), rest.lstrip(), text.span, place or text.span, filled=filled)
        )

    def _assignment(self, event: Assignment) -> None:
        root, _, member = event.path.partition(".")
        draft = self._owner_of(Name(root, Span(event.at, event.at)))
        if draft is None:
            return
        if event.key is not None and not member:
            self._header(draft, event.key, event.value)
            return
        for row in client_code().member:
            if re.search(rf"(?:\A|\.)(?:{row.path})\Z", member, re.IGNORECASE):
                self._assigned(draft, row.does, event)
                return

    def _assigned(self, draft: _Draft, does: str, event: Assignment) -> None:
        if does == "headers" and event.key is not None:
            self._header(draft, event.key, event.value)
        elif does == "authorization":
            draft.open_ended = True
        else:
            self._set(draft, does, event.value)

    def _request(self, draft: _Draft) -> HttpRequest:
        parent = draft.parent
        url = self._values.text_of(draft.url) if draft.url is not None else None
        base = parent.base or parent.url if parent is not None else draft.base
        address, filled = (url.text, url.filled) if url is not None else ("", ())
        if base is not None and not address.startswith("http"):
            before = self._values.text_of(base)
            stem = before.text.rstrip("/") + "/"
            cut = len(address) - len(address.lstrip("/"))
            address = stem + address[cut:]
            filled = (*before.filled, *(one.shifted(len(stem) - cut) for one in filled))
        headers = [*draft.headers, *(parent.headers if parent is not None else [])]
        body, implied = self._body(draft)
        if implied and not any(one.name.lower() == "content-type" for one in headers):
            headers.append(Header("Content-Type", implied, implied=True))
        method = draft.method
        if method == "GET" and body is not None and draft.row.path == "curl_init":
            method = "POST"  # CURLOPT_POSTFIELDS makes it one
        return HttpRequest(
            method, address, tuple(headers), body, origin="code", span=draft.span,
            url_span=url.literal or url.span if url is not None else None, url_filled=filled,
            open_ended=draft.open_ended
            or not (draft.headers or (parent and parent.headers))  # a sketch names no headers
            or (parent is not None and parent.open_ended),
        )  # fmt: skip

    def _faults(self, draft: _Draft) -> tuple[Fault, ...]:
        """Find JSON that is given to an option which writes it as JSON once more."""
        role, value = draft.body or ("", None)
        if role != "json" or value is None or not self._values.writes_json(value):
            return ()
        detail = say("payload.body-double-encoded.seen")
        return (Fault("body-double-encoded", Certainty.CONFIRMED, detail, span=value.span),)

    def _body(self, draft: _Draft) -> tuple[HttpBody | None, str]:
        """Return the body, and the content type that the client adds to it."""
        if draft.body is None:
            return None, ""
        role, value = draft.body
        found = self._values.json_of(value)
        encoded = self._values.writes_json(value)
        span = self._values.follow(value).span
        if role == "json" or (found and not encoded and draft.row.objects == "json"):
            implied = _JSON
        else:
            implied = draft.row.always or draft.row.type
        if found is not None and (encoded or implied == _JSON) and not found.open:
            return HttpBody(found.text, span=span, start=span.start, places=found.places), implied
        text = self._values.text_of(value)
        if found is None and not text.filled and text.text:
            return HttpBody(text.text, span=text.span, offsets=text.offsets), implied
        # What a variable holds may be of any kind, and so may be the type that the client adds.
        return HttpBody(None, span=span), implied if encoded or role == "json" else ""


def _spelt(text: str, place: Expression) -> Literal:
    """Return a name that stands in the program without quotes."""
    return Literal(text, (), place.span, place.span)
