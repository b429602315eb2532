"""Reads HTTPie commands (``http``, ``https``, and ``xh`` and ``xhs``, which take the same).

The items behind the address are headers, fields of the body and parameters of the query, told apart
by the sign between name and value (HTTPie's manual, *Request items* and *Nested JSON*).
"""

import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from pinned_tui.inspect.arguments import Argument, ArgumentFault, ParsedArguments
from pinned_tui.inspect.http_message import FieldPlace, Header, HttpBody, HttpRequest
from pinned_tui.inspect.model import Span
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.shell.words import Command, Word
from pinned_tui.inspect.tables import load_table
from pinned_tui.redaction.sanitize import clean_line

_ITEM = re.compile(
    r"(?P<name>(?:[^\\:=@;]|\\.)*)(?P<sign>:=@|:=|==|=@|=|:|@|;\Z)(?P<value>.*)", re.DOTALL
)
_METHOD = re.compile("[A-Za-z]{3,10}")
_SEGMENT = re.compile(r"\[([^\[\]]{0,100})\]")
_DEEPEST = 8
_LONGEST_LIST = 1000


class _Long(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    names: frozenset[str]


class _Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The options that matter for where a value belongs.

    Attributes:
        letters: The long names of short options, by letter.
        flags: The short options without a value that change the request.
        long: The long options that take a value.
    """

    letters: dict[str, str]
    flags: dict[str, str]
    long: _Long


@functools.cache
def _options() -> _Options:
    return load_table("httpie", _Options)


def read_httpie(command: Command) -> Iterator[ParsedArguments]:
    """Return the request that an HTTPie command makes; none where it names no address."""
    reader = _Reader(command)
    reading = reader.reading()
    if reading is not None:
        yield reading


def arguments(command: Command) -> Iterator[Argument]:
    """Tell options and values apart."""
    options = _options()
    words = list(reversed(command.words[1:]))
    while words:
        word = words.pop()
        text = word.text
        if text.startswith("--") and len(text) > 2:
            name, sign, _ = text[2:].partition("=")
            at = len(name) + 3 if sign else 0
        elif text.startswith("-") and len(text) > 1:
            at = next((i for i, sign in enumerate(text) if sign in options.letters), 1)
            flag = options.flags.get(text[1], text[1:])
            name, at = options.letters.get(text[at], flag), at + 1
            at = at if at < len(text) else 0
        else:
            yield Argument("", word, word.span)
            continue
        if name not in options.long.names:
            yield Argument(name, None, word.span)
        elif at:
            yield Argument(name, word.behind(at), word.span, text[:at])
        elif words:
            value = words.pop()
            yield Argument(name, value, Span(word.span.start, value.span.end))


@dataclass(slots=True)
class _Reader:
    command: Command
    headers: list[Header] = field(default_factory=list)
    query: list[str] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    places: dict[str, FieldPlace] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    slips: list[ArgumentFault] = field(default_factory=list)
    file: str | None = None
    open_ended: bool = False
    hidden: list[str] = field(default_factory=list)

    def reading(self) -> ParsedArguments | None:
        """Read the whole command."""
        given = tuple(arguments(self.command))
        options = {one.name: one for one in given if one.name}
        positional = [one for one in given if not one.name]
        method = self._method(positional)
        if not positional or positional[0].value is None:
            return None
        address = positional[0].value
        for item in positional[1:]:
            self._item(item)
        self.open_ended = self.open_ended or bool({"session", "session-read-only"} & options.keys())
        self._authentication(options)
        if "proxy" in options:
            self.hidden.append(options["proxy"].text)
        body = self._body(options)
        written = method.text.upper() if method is not None else "POST" if body else "GET"
        request = HttpRequest(
            method=written,
            url=_address(address.text),
            headers=(*self.headers, *self._implied(options, body)),
            body=body,
            method_span=method.span if method is not None else None,
            url_span=address.place(0, len(address.text)),
            origin="httpie",
            span=self.command.span,
            query="&".join(self.query),
            url_filled=address.filled if _address(address.text) == address.text else (),
            default_scheme=_scheme(self.command, options),
            shell=self.command.dialect,
            open_ended=self.open_ended,
        )
        return ParsedArguments(
            request, self.command, given, tuple(self.slips), credentials=tuple(self.hidden)
        )

    def _method(self, positional: list[Argument]) -> Argument | None:
        if len(positional) > 1 and _METHOD.fullmatch(positional[0].text):
            return positional.pop(0)
        return None

    def _item(self, argument: Argument) -> None:
        word = argument.value
        match = _ITEM.match(word.text) if word is not None and not word.is_filled else None
        if word is None or match is None:
            self.open_ended = True
            return
        name, sign = re.sub(r"\\(.)", r"\1", match["name"]), match["sign"]
        value = word.behind(match.start("value"))
        if sign in {":", ";"}:
            self._header(argument, name, value)
        elif sign == "==":
            self.query.append(f"{name}={value.text}")
        elif sign in {"=", ":="}:
            self._field(argument, name, value, raw=sign == ":=")
        else:
            self.file = value.text
            self.spans.append(argument.span)

    def _header(self, argument: Argument, name: str, value: Word) -> None:
        if value.text:
            place = value.place(0, len(value.text))
            self.headers.append(Header(name, value.text, argument.span, place, filled=value.filled))

    def _field(self, argument: Argument, name: str, value: Word, *, raw: bool) -> None:
        content: Any = value.text
        unknown = bool(value.filled)
        if raw and value.filled:
            content = None
        elif raw:
            try:
                content = json.loads(value.text)
            except (ValueError, RecursionError):
                detail = say("commands.httpie-item.seen", item=clean_line(name, 40))
                self.slips.append(ArgumentFault(argument, "body", detail))
                unknown = True
        path = _put(self.fields, name, content)
        self.places[path] = FieldPlace(argument.span, filled=unknown)
        self.spans.append(argument.span)

    def _authentication(self, options: dict[str, Argument]) -> None:
        login = options.get("auth", options.get("bearer"))
        if login is None or login.value is None:
            return
        kind = options["auth-type"].text.lower() if "auth-type" in options else "basic"
        kind = "bearer" if login.name == "bearer" else kind
        before = f"{kind.capitalize()} "
        filled = tuple(part.shifted(len(before)) for part in login.value.filled)
        place = login.value.place(0, len(login.text))
        self.headers = [h for h in self.headers if h.name.lower() != "authorization"]
        self.headers.append(
            Header("Authorization", before + login.text, login.span, place, True, filled)
        )

    def _body(self, options: dict[str, Argument]) -> HttpBody | None:
        raw = options.get("raw")
        if raw is not None and raw.value is not None:
            word = raw.value
            if word.is_filled:
                return HttpBody(None, span=word.span)
            return HttpBody(word.text, span=word.span, offsets=word.offsets, filled=word.filled)
        if self.file is not None:
            return HttpBody(None, file=self.file, span=self.spans[0])
        if self.fields:
            span = Span(self.spans[0].start, self.spans[-1].end)
            return HttpBody(self._text(options), span=span, start=span.start, places=self.places)
        typed = self.command.standard_input
        if typed is not None and "ignore-stdin" not in options:
            return HttpBody(typed.text, span=typed.span, offsets=typed.offsets, filled=typed.filled)
        return HttpBody(None) if self.command.input_redirected else None

    def _text(self, options: dict[str, Argument]) -> str:
        if "form" in options or "multipart" in options:
            return "&".join(f"{name}={value}" for name, value in self.fields.items())
        return json.dumps(self.fields, ensure_ascii=False)

    def _implied(self, options: dict[str, Argument], body: HttpBody | None) -> Iterator[Header]:
        """Return the content type that the client adds."""
        if body is None or any(h.name.lower() == "content-type" for h in self.headers):
            return
        kind, span = "application/json", body.span
        if "form" in options:
            kind, span = "application/x-www-form-urlencoded", options["form"].span
        elif "multipart" in options:
            kind, span = "multipart/form-data", options["multipart"].span
        yield Header("Content-Type", kind, span, implied=True)


def _scheme(command: Command, options: dict[str, Argument]) -> str:
    if "default-scheme" in options:
        return options["default-scheme"].text.lower()
    program = re.split(r"[\\/]", command.words[0].text)[-1].lower().removesuffix(".exe")
    return "https" if program in {"https", "xhs"} else "http"


def _address(text: str) -> str:
    """Write ``:3000/path``, HTTPie's short form for this machine, in full."""
    match = re.match(r":(?!//)([0-9]*)(/?.*)\Z", text, re.DOTALL)
    if match is None:
        return text
    return f"localhost:{match[1]}{match[2]}" if match[1] else f"localhost{match[2]}"


def _put(fields: dict[str, Any], name: str, value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Put ``value`` where a name such as ``a[b][]`` says, and return its JSON path."""
    first = name.partition("[")[0]
    steps = _SEGMENT.findall(name[len(first) :])[:_DEEPEST]
    if not steps or not first:
        fields[name] = value
        return name
    holder: Any = fields
    path = key = first
    for step in steps:
        is_place = step.isascii() and step.isdigit()
        inner: Any = [] if step == "" or is_place else {}
        if isinstance(holder, dict):
            inner = holder.setdefault(key, inner)
        else:
            holder[int(key)] = inner = holder[int(key)] if holder[int(key)] is not None else inner
        if isinstance(inner, list):
            place = len(inner) if step == "" else int(step[:4]) if is_place else 0
            if place >= _LONGEST_LIST:
                break
            inner.extend([None] * (place + 1 - len(inner)))
            key, path = str(place), f"{path}[{place}]"
        elif isinstance(inner, dict):
            key, path = step, f"{path}.{step}"
        else:
            fields[name] = value
            return name
        holder = inner
    if isinstance(holder, dict):
        holder[key] = value
    else:
        holder[int(key)] = value
    return path
