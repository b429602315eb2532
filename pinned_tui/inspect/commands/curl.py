"""Reads curl commands into requests, as curl's manual says that it makes them.

Files that a command names (``@body.json``) were not pasted: what they hold is unknown, and nothing
is said about it.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import msgspec

from pinned_tui.inspect.arguments import Argument, ArgumentFault, ParsedArguments, joined
from pinned_tui.inspect.http_message import Header, HttpBody, HttpRequest
from pinned_tui.inspect.model import Span
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.shell.words import Command, Word
from pinned_tui.inspect.tables import load_table
from pinned_tui.redaction.sanitize import clean_line

_OPENING = frozenset({"config", "netrc", "netrc-file", "netrc-optional", "negotiate", "ntlm"})
"""What may add headers that can't be seen in the command."""

_DATA = frozenset(
    {"data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json", "form"}
) | {"form-string"}
_FORM = "application/x-www-form-urlencoded"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
_MOST_ADDRESSES = 10
_MOST_HEADERS = 500
_ADDRESS = re.compile(
    r"[a-z]{2,10}:/|localhost|[\w.-]{1,200}\.[a-z]{2,16}(?:[:/?]|\Z)|[$%{<]|\[|[0-9.]+(?:[:/]|\Z)",
    re.IGNORECASE,
)
_HEADER = re.compile(r"[ \t]*(?P<name>[^:;]*?)[ \t]*(?P<sign>[:;])[ \t]*", re.DOTALL)
_UNSIGNED = re.compile(
    r"\s*(?P<name>authorization|x-api-key|content-type|idempotency-key)\s*=?\s*(?=\S)",
    re.IGNORECASE,
)


class _Long(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    names: frozenset[str]


class _Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The options that matter for where a value belongs.

    Attributes:
        letters: The short options that take a value, by letter.
        flags: The short options without one that change the request.
        long: The long options that take a value and have no letter.
    """

    letters: dict[str, str]
    flags: dict[str, str]
    long: _Long

    def takes_value(self, name: str) -> bool:
        """Return whether the option of that long name takes a value."""
        return name in self.long.names or name in self.letters.values()


@functools.cache
def _options() -> _Options:
    return load_table("curl", _Options)


def read_curl(command: Command) -> Iterator[ParsedArguments]:
    """Return the requests that a curl command makes; none where it names no address."""
    group: list[Argument] = []
    for argument in arguments(command):
        if argument.name == "next":
            yield from _readings(command, group)
            group = []
        else:
            group.append(argument)
    yield from _readings(command, group)


def arguments(command: Command) -> Iterator[Argument]:
    """Tell options, their values and addresses apart."""
    words = list(reversed(command.words[1:]))
    while words:
        word = words.pop()
        text = _with_plain_dashes(word.text)
        if text.startswith("--") and len(text) > 2:
            yield _long(word, text, words)
        elif text.startswith("-") and len(text) > 1 and not word.is_filled:
            yield from _short(word, text, words)
        elif text != "--":
            yield Argument("", word, word.span)


def _with_plain_dashes(text: str) -> str:
    """Read the dash that a word processor made of one or two hyphens as what it was."""
    if text[:1] not in _DASHES or not text:
        return text
    return ("-" if len(text) == 2 else "--") + text.lstrip(_DASHES)


def _long(word: Word, text: str, rest: list[Word]) -> Argument:
    name, sign, _ = text[2:].partition("=")
    if not _options().takes_value(name):
        return Argument(name, None, word.span)
    if sign:
        length = word.text.index("=") + 1
        return Argument(name, word.behind(length), word.span, word.text[:length])
    if not rest:
        return Argument(name, None, word.span)
    value = rest.pop()
    return Argument(name, value, Span(word.span.start, value.span.end))


def _short(word: Word, text: str, rest: list[Word]) -> Iterator[Argument]:
    for place, letter in enumerate(text[1:], start=1):
        name = _options().letters.get(letter)
        if name is None:
            yield Argument(_options().flags.get(letter, letter), None, word.span)
            continue
        if place + 1 < len(text):
            yield Argument(name, word.behind(place + 1), word.span, text[: place + 1])
        elif rest:
            value = rest.pop()
            yield Argument(
                name, value, Span(word.span.start, value.span.end), text if place > 1 else ""
            )
        else:
            yield Argument(name, None, word.span)
        return


@dataclass(slots=True)
class _Draft:
    """What a group of arguments comes to, as far as they have been read."""

    command: Command
    addresses: list[Argument] = field(default_factory=list)
    headers: list[Header] = field(default_factory=list)
    implied: list[Header] = field(default_factory=list)
    taken_out: set[str] = field(default_factory=set)
    data: list[Argument] = field(default_factory=list)
    upload: Argument | None = None
    method: Argument | None = None
    flags: set[str] = field(default_factory=set)
    slips: list[ArgumentFault] = field(default_factory=list)
    remarks: list[tuple[str, str, Span]] = field(default_factory=list)
    credentials: list[str] = field(default_factory=list)
    open_ended: bool = False

    def add(self, argument: Argument) -> None:
        """Take over one argument."""
        if argument.name in _OPENING:
            self.open_ended = True
        elif argument.value is None:
            self._flag(argument)
        elif argument.name in _DATA:
            self.data.append(argument)
        elif argument.name in _READERS:
            _READERS[argument.name](self, argument)

    def _flag(self, argument: Argument) -> None:
        self.flags.add(argument.name)
        if argument.name == "insecure":
            summary = say("commands.tls-unverified.note")
            self.remarks.append(("tls-unverified", summary, argument.span))
        elif argument.name == "location-trusted":
            summary = say("commands.redirect-trusted.note")
            self.remarks.append(("redirect-trusted", summary, argument.span))

    def address(self, argument: Argument) -> None:
        """Take a value alone for an address; a variable may also be a set of options."""
        word = argument.value
        if word is None:
            return
        named = re.search("url|uri|host|base|endpoint|addr|api", word.text, re.IGNORECASE)
        if word.is_filled and argument.name != "url" and not named:
            self.open_ended = True
        else:
            self.addresses.append(argument)

    def header(self, argument: Argument) -> None:
        """Take over ``-H``; a name with nothing behind its colon takes the header out."""
        word = argument.value
        if word is None:
            return
        if word.text.startswith("@") or word.is_filled:
            self.open_ended = True
            return
        match = _HEADER.match(word.text)
        if match is None:
            self._unsigned(argument, word)
            return
        value = word.text[match.end() :]
        if value.strip() or match["sign"] == ";":
            self._header(argument, word, match["name"], match.end())
        else:
            self.taken_out.add(match["name"].lower())

    def _unsigned(self, argument: Argument, word: Word) -> None:
        """Note a header without a colon, which curl leaves out."""
        match = _UNSIGNED.match(word.text)
        if match is None:
            return
        self._header(argument, word, match["name"], match.end())
        detail = say("commands.header-without-colon.seen", header=match["name"])
        instead = f"{match['name']}: {word.text[match.end() :]}"
        change = say("commands.header-without-colon.change", header=match["name"])
        self.slips.append(ArgumentFault(argument, match["name"].lower(), detail, change, instead))

    def _header(self, argument: Argument, word: Word, name: str, at: int) -> None:
        if len(self.headers) >= _MOST_HEADERS:
            return
        value = word.text[at:]
        end = at + len(value.rstrip(" \t"))
        filled = tuple(part.shifted(-at) for part in word.filled if part.start >= at)
        place = word.place(at, end)
        self.headers.append(Header(name, word.text[at:end], argument.span, place, filled=filled))

    def option_header(self, name: str, before: str, argument: Argument) -> None:
        """Take over an option that stands for a header."""
        word = argument.value
        if word is None:
            return
        filled = tuple(part.shifted(len(before)) for part in word.filled)
        place = word.place(0, len(word.text))
        self.implied.append(
            Header(name, before + word.text, argument.span, place, implied=True, filled=filled)
        )

    def hidden(self, argument: Argument) -> None:
        """Note a value that nothing may repeat, such as the login at a proxy."""
        self.credentials.append(argument.text)

    def readings(self) -> Iterator[HttpRequest]:
        """Return a request for each address, and one without where something is to be sent."""
        body, query = self._body()
        request = HttpRequest(
            method=self._method(),
            url=None,
            headers=self._all_headers(body),
            body=body,
            method_span=self._method_span(),
            origin="curl",
            span=self.command.span,
            query=query,
            default_scheme="http",
            shell=self.command.dialect,
            open_ended=self.open_ended,
        )
        addresses = [one for one in self._true_addresses() if one.value is not None]
        for address in addresses:
            word = address.value
            if word is not None:
                place = word.place(0, len(word.text))
                yield replace(request, url=word.text, url_span=place, url_filled=word.filled)
        if not addresses and not self.open_ended and (self.headers or self.data):
            yield request

    def _true_addresses(self) -> list[Argument]:
        """Return the addresses without what a text that came apart has left between them."""
        true = [one for one in self.addresses if _ADDRESS.match(one.text)]
        return (true or self.addresses)[:_MOST_ADDRESSES]

    def _method(self) -> str:
        if self.method is not None:
            return self.method.text.upper()
        if "head" in self.flags:
            return "HEAD"
        if "get" in self.flags:
            return "GET"
        if self.upload is not None:
            return "PUT"
        return "POST" if self.data else "GET"

    def _method_span(self) -> Span | None:
        word = self.method.value if self.method is not None else None
        return None if word is None else word.place(0, len(word.text))

    def _all_headers(self, body: HttpBody | None) -> tuple[Header, ...]:
        """Return the headers with those that curl adds where no other of that name is there."""
        named = {header.name.lower() for header in self.headers} | self.taken_out
        implied = [*self.implied]
        if body is not None and self.data:
            last = self.data[-1]
            kinds = {"json": "application/json", "form": "multipart/form-data"}
            content_type = kinds.get(last.name.removesuffix("-string"), _FORM)
            implied.append(Header("Content-Type", content_type, last.span, implied=True))
        return (*self.headers, *(one for one in implied if one.name.lower() not in named))

    def _body(self) -> tuple[HttpBody | None, str]:
        """Return the body, and what goes into the query in its place with ``-G``."""
        if self.upload is not None and not self.data:
            return HttpBody(None, file=self.upload.text or None, span=self.upload.span), ""
        words = [argument.value for argument in self.data if argument.value is not None]
        if not words:
            return None, ""
        files = [_file(argument) for argument in self.data]
        if "get" in self.flags:
            return None, "&".join(word.text for word in words)
        if self.data[-1].name in {"form", "form-string"}:
            return HttpBody(None, span=words[0].span), ""
        typed = self.command.standard_input
        if files == ["-"] and typed is not None:
            return _written(typed), ""
        if any(file is not None for file in files):
            return HttpBody(None, file=next(filter(None, files), None), span=words[0].span), ""
        return _written(joined(words, "" if self.data[-1].name == "json" else "&")), ""


def _file(argument: Argument) -> str | None:
    """Return the file that the value of a data option names, or None where it is the data."""
    if argument.name == "data-urlencode":
        match = re.match(r"[^=@]*@(.+)", argument.text)
        return match[1] if match else None
    if argument.name in {"data-raw", "form", "form-string"} or not argument.text.startswith("@"):
        return None
    return argument.text[1:]


def _written(word: Word) -> HttpBody:
    substituted = word.is_filled or re.fullmatch(r"\s*\$\(.*\)\s*", word.text, re.DOTALL)
    if word.filled and substituted:
        return HttpBody(None, span=word.span)
    return HttpBody(word.text, span=word.span, offsets=word.offsets, filled=word.filled)


def _named_header(name: str, before: str = "") -> Callable[[_Draft, Argument], None]:
    return lambda draft, argument: draft.option_header(name, before, argument)


def _login(draft: _Draft, argument: Argument) -> None:
    """Take over ``-u``: Basic, unless an option chooses another scheme."""
    scheme = "Digest " if "digest" in draft.flags else "Basic "
    draft.option_header("Authorization", scheme, argument)


def _cookie(draft: _Draft, argument: Argument) -> None:
    """Take over ``-b``, which names a file where there is no ``=`` in it."""
    if "=" in argument.text:
        draft.option_header("Cookie", "", argument)


def _method(draft: _Draft, argument: Argument) -> None:
    draft.method = argument
    word = argument.value
    if word is not None and not word.filled and word.text.isascii() and word.text.islower():
        detail = say("commands.method-case.seen", method=clean_line(word.text, 20))
        change = say("commands.method-case.change")
        draft.slips.append(ArgumentFault(argument, "method", detail, change, word.text.upper()))


def _upload(draft: _Draft, argument: Argument) -> None:
    draft.upload = argument


_READERS: Mapping[str, Callable[[_Draft, Argument], None]] = {
    "": _Draft.address,
    "url": _Draft.address,
    "header": _Draft.header,
    "request": _method,
    "upload-file": _upload,
    "user": _login,
    "oauth2-bearer": _named_header("Authorization", "Bearer "),
    "user-agent": _named_header("User-Agent"),
    "referer": _named_header("Referer"),
    "cookie": _cookie,
    "proxy": _Draft.hidden,
    "preproxy": _Draft.hidden,
    "proxy-user": _Draft.hidden,
    "proxy-header": _Draft.hidden,
    "pass": _Draft.hidden,
    "proxy-pass": _Draft.hidden,
    "tlspassword": _Draft.hidden,
}


def _readings(command: Command, group: list[Argument]) -> Iterator[ParsedArguments]:
    draft = _Draft(command)
    for argument in group:
        draft.add(argument)
    shared = tuple(group)
    for request in draft.readings():
        yield ParsedArguments(
            request,
            command,
            shared,
            tuple(draft.slips),
            tuple(draft.remarks),
            tuple(draft.credentials),
        )
