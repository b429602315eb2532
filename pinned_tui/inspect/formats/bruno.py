"""Reads Bruno's own files, ``.bru``: blocks of a name and lines, or of a text as it is sent.

Several files may be pasted one behind the other, a collection's or an environment's among them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pinned_tui.inspect.fixes import TextChange
from pinned_tui.inspect.formats.client_request import (
    RequestBuilder,
    agreed,
    changes_headers,
    content_type_of,
    secrets_of,
    without_comments,
)
from pinned_tui.inspect.formats.environment import read_environment
from pinned_tui.inspect.formats.model import Entry, FileReading
from pinned_tui.inspect.formats.source import Source
from pinned_tui.inspect.formats.variables import Variables
from pinned_tui.inspect.http_message import Header, HttpBody, HttpRequest
from pinned_tui.inspect.json_source.nodes import Node
from pinned_tui.inspect.model import Span
from pinned_tui.inspect.request.findings import RequestEdit, RequestPart

_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_OPENS = re.compile(r"(?P<name>[a-z][\w-]*(?::[\w-]+)*)[ \t]*(?P<sign>[{\[])[ \t]*\r?$")
_ROW = re.compile(
    r"""[ \t]*(?P<off>~)?(?P<quote>"?)(?P<name>[^\s":~@]{1,200})(?P=quote)[ \t]*:[ \t]*
        (?P<value>[^\n]*?)[ \t]*\r?$""",
    re.VERBOSE,
)
_KNOWN = re.compile(
    r"meta|(?:auth|body|script|vars|params|assert|tests|docs|headers|query|settings)(?::[\w-]+)*"
)


@dataclass(frozen=True, slots=True)
class _Block:
    """One block.

    Attributes:
        span: What stands between its braces.
        closed: Whether its last line is there.
    """

    name: str
    span: Span
    start: int
    closed: bool


def claim(source: Source) -> float:
    """Claim the share of the lines that stand in blocks."""
    blocks = _blocks(source.text)
    if not any(one.name in _METHODS or one.name.startswith("vars") for one in blocks):
        return 0.0
    if not any(_KNOWN.fullmatch(one.name) for one in blocks):
        return 0.0
    inside = sum(source.text.count("\n", one.start, one.span.end) + 1 for one in blocks)
    lines = sum(1 for line in source.text.split("\n") if line.strip())
    return min(inside / max(lines, 1), 1.0)


def read(source: Source) -> FileReading:
    """Return the request of each file, with what a collection's file beside it adds."""
    blocks = _blocks(source.text)
    files = list(_files(blocks))
    if all(_verb(file) is None for file in files):
        settings = [one for one in blocks if one.name == "vars"]
        rows = [row for one in settings for row in _rows(source.text, one) if row[1].value]
        return read_environment(rows, source.text)
    defined = agreed(
        {name: str(node.value) for name, node in _rows(source.text, block) if node.value}
        for block in blocks
        if block.name in {"vars", "vars:pre-request"}
    )
    builder = RequestBuilder(source.text, Variables(defined), "bruno")
    shared = [one for file in files if _verb(file) is None for one in file]
    entries = [
        Entry(_request(builder, verb, file, shared))
        for file in files
        if (verb := _verb(file)) is not None
    ]
    return FileReading(
        tuple(entries),
        language="http",
        write=_changes,
        secrets=(*secrets_of(defined), *builder.secrets),
    )


def _blocks(text: str) -> list[_Block]:
    """Take a text apart; a block ends with a bracket at the beginning of a line."""
    found: list[_Block] = []
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        match = _OPENS.match(text[at:end])
        at_end = end + 1
        if match is not None:
            closer = "\n}" if match["sign"] == "{" else "\n]"
            closing = text.find(closer, end)
            stop = closing if closing >= 0 else len(text)
            found.append(_Block(match["name"], Span(min(at_end, stop), stop), at, closing >= 0))
            at_end = stop + 2
        at = at_end
    return found


def _files(blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    """Yield the blocks of each file; a file begins with ``meta``, or has a second request."""
    file: list[_Block] = []
    for block in blocks:
        if file and (block.name == "meta" or (block.name in _METHODS and _verb(file) is not None)):
            yield file
            file = []
        file.append(block)
    if file:
        yield file


def _verb(file: Sequence[_Block]) -> _Block | None:
    return next((one for one in file if one.name in _METHODS), None)


def _rows(text: str, block: _Block) -> Iterator[tuple[str, Node]]:
    """Yield the lines of a block that are switched on, each with the place of its value."""
    at = block.span.start
    for line in text[block.span.start : block.span.end].split("\n"):
        match = _ROW.match(line)
        if match is not None and not match["off"]:
            span = match.span("value")
            yield match["name"], Node(match["value"], at + span[0], at + span[1])
        at += len(line) + 1


def _request(
    builder: RequestBuilder, verb: _Block, file: Sequence[_Block], shared: Sequence[_Block]
) -> HttpRequest:
    text = builder.text
    told = dict(_rows(text, verb))
    headers = [
        Header(name, value.text, Span(node.start - len(name) - 2, node.end), node.span,
               filled=value.filled)
        for block in (*file, *shared)
        if block.name == "headers"
        for name, node in _rows(text, block)
        for value in (builder.variables.expand(str(node.value)),)
    ]  # fmt: skip
    seen: dict[str, Header] = {}
    headers = [one for one in headers if seen.setdefault(one.name.lower(), one) is one]
    kind = str(told["auth"].value) if "auth" in told else "inherit"
    sources = file
    if kind == "inherit":
        kind = next(
            (str(node.value) for one in shared if one.name == "auth"
             for name, node in _rows(text, one) if name == "mode"), "",
        )  # fmt: skip
        sources = shared
    helper = next((one for one in sources if one.name == f"auth:{kind}"), None)
    if kind not in {"", "none"}:
        values = dict(_rows(text, helper)) if helper is not None else {}
        headers += builder.authorization(kind, values)
    scripts = [one for one in (*file, *shared) if one.name == "script:pre-request"]
    # A collection's own file was not pasted, and may add headers to what inherits from it.
    inherits = "auth" in told and told["auth"].value == "inherit" and not kind
    body, implied = _body(builder, told, file)
    return builder.request(
        Span(verb.start, max(one.span.end for one in file)),
        Node(verb.name, verb.start, verb.start + len(verb.name)),
        told.get("url"), headers, body, implied,
        open_ended=inherits
        or not file[-1].closed
        or any(changes_headers(text[one.span.start : one.span.end]) for one in scripts),
    )  # fmt: skip


def _body(
    builder: RequestBuilder, told: dict[str, Node], file: Sequence[_Block]
) -> tuple[HttpBody | None, str | None]:
    kind = str(told["body"].value) if "body" in told else "none"
    block = next((one for one in file if one.name in {f"body:{kind}", "body"}), None)
    is_cut = not file[-1].closed
    if kind != "none" and is_cut:
        return HttpBody(None, file=kind), content_type_of(kind)
    if block is None or kind == "none":
        return None, None
    if content_type_of(kind) is not None and kind not in {"json", "text", "xml"}:
        return HttpBody(None, file=kind, span=block.span), content_type_of(kind)
    written = builder.text[block.span.start : block.span.end]
    stripped = written.strip()
    start = block.span.start + written.find(stripped)
    value = builder.variables.expand(stripped)
    body = HttpBody(
        value.text,
        span=Span(start, start + len(stripped)),
        offsets=[start + at for at in value.offsets],
        start=start,
        filled=value.filled,
    )
    known = without_comments(body) if kind == "json" else body
    return (known if stripped else None), content_type_of(kind)


def _changes(request: HttpRequest, edits: Sequence[RequestEdit]) -> list[TextChange]:
    """Write edits into the file; a header that is added has no place of its own there."""
    changes: list[TextChange] = []
    for edit in sorted(edits, key=lambda one: one.change is None):
        value = (edit.value or "") + ("{{apiKey}}" if edit.key else "")
        header = edit.header
        if edit.part is RequestPart.URL and request.url_span is not None:
            changes.append(TextChange(request.url_span, value))
        elif edit.part is RequestPart.METHOD and request.method_span is not None:
            changes.append(TextChange(request.method_span, value.lower()))
        elif edit.part is RequestPart.BODY and request.body is not None and request.body.span:
            changes.append(TextChange(request.body.span, value))
        elif header is not None and header.value_span is not None and edit.name == header.name:
            shown = value.removeprefix("Bearer ") if header.implied else value
            changes.append(TextChange(header.value_span, shown))
    return changes
