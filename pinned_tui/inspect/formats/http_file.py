"""Reads ``.http`` and ``.rest`` files, as VS Code's REST Client, IntelliJ and Visual Studio do.

What these add to a request's own text - definitions of variables, scripts, names, comments - is
blanked out, so that the reader of raw HTTP sees what is left in its own place. A variable that the
file or an environment beside it defines is followed; all others the client fills in.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from pinned_tui.inspect.fixes import RawWriter, TextChange, rewritten
from pinned_tui.inspect.formats.client_request import agreed, secrets_of
from pinned_tui.inspect.formats.model import Entry, FileReading
from pinned_tui.inspect.formats.source import LONGEST, Source
from pinned_tui.inspect.formats.variables import Variables
from pinned_tui.inspect.http_message import Header, HttpBody, HttpRequest, HttpResponse
from pinned_tui.inspect.model import Span
from pinned_tui.inspect.raw_http import METHODS, parse_exchange
from pinned_tui.inspect.request.findings import RequestEdit

_FILL = "\ue000"
"""Stands for a blank inside a variable, so that an address with one is still one word."""

_DEFINED = re.compile(
    r"^@(?P<name>[\w.-]{1,80})[ \t]*=[ \t]*(?P<value>[^\n]*?)[ \t]*\r?$", re.MULTILINE
)
_OWN_LINES = re.compile(
    r"""^(?:
        @[\w.-]{1,80}[ \t]*=[^\n]*
      | (?:\#|//)[ \t]*@(?:name|prompt|no-\w[\w-]*|note|connection-timeout|timeout|ref\w*)\b[^\n]*
      | [<>][ \t]*\{%(?:[^%]|%(?!\}))*+(?:%\}[^\n]*)?
      | >>?!?[ \t]+[^\s{][^\n]*
      | <>[ \t]+[^\n]*
    )$""",
    re.MULTILINE | re.VERBOSE,
)
_CONTINUED = re.compile(
    rf"^(?:{'|'.join(METHODS)})[ \t]+\S+[^\n]*\n(?P<query>(?:[ \t]+[?&/][^\n]*(?:\n|\Z))+)",
    re.MULTILINE,
)
_VARIABLE = re.compile(rf"\{{\{{[ \t{_FILL}]*(?P<name>[^{{}}\n]{{1,200}}?)[ \t{_FILL}]*\}}\}}")
_BLANK_INSIDE = re.compile(r"\{\{[^{}\n]{1,200}\}\}")
_ENCODED_FILE = re.compile(r"^<@\w+(?=[ \t])", re.MULTILINE)
_SIGN = re.compile(
    rf"^@[\w.-]+[ \t]*=|^(?:\#|//)[ \t]*@name\b|^[<>][ \t]*\{{%|^<@?[ \t]+\S"
    rf"|^(?:{'|'.join(METHODS)})[ \t]+\S*\{{\{{|^[\w-]+:[^\n]*\{{\{{|^<>[ \t]",
    re.MULTILINE,
)
_SEPARATOR = re.compile(r"^###[^\n]*", re.MULTILINE)
_COMMENT = re.compile(r"^(?:#|//)[^\n]*", re.MULTILINE)
_OBJECT = re.compile(r"^\{", re.MULTILINE)
_MOST_OBJECTS = 20

_Parsed = tuple[
    list[tuple[Span, Mapping[str, str]]], tuple[HttpRequest, ...], tuple[HttpResponse, ...]
]


def claim(source: Source) -> float:
    """Claim the share of the lines that belong to requests and to what the client adds."""
    text = source.text
    if len(text) > LONGEST or _SIGN.search(text) is None:
        return 0.0
    environments, requests, responses = _parsed(source)
    requests = tuple(one for one in requests if one.method is not None)
    if not requests:
        return 0.0
    spans = [one.span for one in requests if one.span is not None]
    spans += [one.span for one in responses if one.span is not None]
    for pattern in (_OWN_LINES, _SEPARATOR, _COMMENT):
        spans += [Span(*match.span()) for match in pattern.finditer(text)]
    spans += [span for span, _ in environments]
    covered, last = 0, 0
    for span in sorted(spans, key=lambda one: one.start):
        first = max(span.start, last)
        covered += len(text[first : span.end].split()) if span.end > first else 0
        last = max(last, span.end)
    return min(covered / max(len(text.split()), 1), 1.0)


def _parsed(source: Source) -> _Parsed:
    """Return the parts of a file, which are read once for the claim and for the requests."""
    found = source.kept.get(__name__)
    if found is None:
        environments = list(_environments(source.text))
        found = (environments, *parse_exchange(_plain(source.text, environments)))
        source.kept[__name__] = found
    return cast("_Parsed", found)


def read(source: Source) -> FileReading:
    """Return the requests of a file with its variables followed."""
    text = source.text
    environments, requests, _ = _parsed(source)
    defined = agreed(values for _, values in environments)
    defined |= {match["name"]: match["value"] for match in _DEFINED.finditer(text)}
    variables = Variables({name: one for name, one in defined.items() if one}, _VARIABLE)
    queries = {match.start(): match["query"] for match in _CONTINUED.finditer(text)}
    entries = []
    for request in requests:
        if request.method is None or request.span is None:
            continue
        parts = queries.get(request.span.start, "").split("\n")
        query = "".join(part.strip() for part in parts).removeprefix("?")
        entries.append(Entry(_expanded(replace(request, query=query), variables)))

    def write(request: HttpRequest, edits: Sequence[RequestEdit]) -> Sequence[TextChange]:
        # What stands in a variable is hidden where it is defined, if it needs hiding.
        kept = [one for one in edits if one.change is not None or not _is_variable(text, one)]
        return list(RawWriter(text, request).changes(kept))

    return FileReading(tuple(entries), language="http", write=write, secrets=secrets_of(defined))


def _is_variable(text: str, edit: RequestEdit) -> bool:
    place = edit.header.value_span if edit.header is not None else None
    return place is not None and "{{" in text[place.start : place.end]


def _plain(text: str, environments: Sequence[tuple[Span, Mapping[str, str]]]) -> str:
    """Blank out what is no part of a request, and fill the blanks inside variables."""
    spans = [Span(*match.span()) for match in _OWN_LINES.finditer(text)]
    spans += [span for span, _ in environments]
    blanks = [TextChange(one, re.sub(r"[^\n]", " ", text[one.start : one.end])) for one in spans]
    for match in _CONTINUED.finditer(text):
        # An empty line would end the headers, a comment does not.
        lines = [line and "# ".ljust(len(line)) for line in match["query"].split("\n")]
        blanks.append(TextChange(Span(*match.span("query")), "\n".join(lines)))
    plain = rewritten(text, blanks)
    plain = _ENCODED_FILE.sub(lambda match: "<@".ljust(len(match[0])), plain)
    return _BLANK_INSIDE.sub(lambda match: re.sub(r"[ \t]", _FILL, match[0]), plain)


def _environments(text: str) -> Iterator[tuple[Span, Mapping[str, str]]]:
    """Yield what stands in environment files that were pasted beside: variables by name."""
    decoder = json.JSONDecoder()
    for number, match in enumerate(_OBJECT.finditer(text)):
        if number >= _MOST_OBJECTS:
            return
        try:
            value, end = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        for values in _sets_of(value, text):
            yield Span(match.start(), end), values


def _sets_of(value: Any, text: str) -> Iterator[Mapping[str, str]]:  # noqa: ANN401 - any JSON value
    """Yield the environments of a file that defines a variable of the requests."""
    if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
        return
    for inner in value.values():
        found = {name: str(one) for name, one in inner.items() if isinstance(one, str | int)}
        if any(re.search(rf"\{{\{{[ \t]*{re.escape(name)}[ \t]*\}}\}}", text) for name in found):
            yield found


def _expanded(request: HttpRequest, variables: Variables) -> HttpRequest:
    """Return a request with its variables followed, each part at its own place."""
    url = variables.expand(request.url or "")
    headers = tuple(_header(one, variables) for one in request.headers)
    body = _body(request.body, variables) if request.body is not None else None
    return replace(
        request,
        url=url.text.replace(_FILL, " "),
        url_filled=url.filled,
        headers=headers,
        body=body,
        query=variables.expand(request.query).text.replace(_FILL, " "),
    )


def _header(header: Header, variables: Variables) -> Header:
    value = variables.expand(header.value)
    name = variables.expand(header.name).text
    return replace(header, name=name, value=value.text.replace(_FILL, " "), filled=value.filled)


def _body(body: HttpBody, variables: Variables) -> HttpBody:
    if body.text is None:
        return body
    value = variables.expand(body.text)
    return replace(
        body,
        text=value.text.replace(_FILL, " "),
        offsets=[body.start + at for at in value.offsets],
        filled=value.filled,
    )
