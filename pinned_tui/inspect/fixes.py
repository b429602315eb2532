"""Puts together what was found in the requests of one input."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pinned_tui.core.labels import plural
from pinned_tui.inspect.arguments import Argument, ParsedArguments
from pinned_tui.inspect.http_message import Header, HttpRequest
from pinned_tui.inspect.model import Correction, Fault, InputKind, Inspection, Note, Span
from pinned_tui.inspect.request.findings import RequestEdit, RequestFindings, RequestPart
from pinned_tui.inspect.request.target import target_of
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.shell.dialects import KEY_VARIABLE, quote
from pinned_tui.inspect.shell.words import Dialect
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.redaction.secret import Secret

MASK = "***"
"""Stands for a key in raw HTTP, where nothing fills in a variable."""

_DATA = frozenset({"data", "data-ascii", "data-binary", "data-raw", "json", "raw"})


@dataclass(frozen=True, slots=True)
class TextChange:
    """A replacement in the source."""

    span: Span
    text: str


def rewritten(text: str, changes: Iterable[TextChange]) -> str:
    """Return ``text`` with all ``changes`` made; of two that overlap, the first one counts."""
    pieces, last = [], 0
    for change in sorted(changes, key=lambda one: (one.span.start, one.span.end)):
        if change.span.start < last:
            continue
        pieces += [text[last : change.span.start], change.text]
        last = change.span.end
    return "".join((*pieces, text[last:]))


def _fixing_first(edits: Iterable[RequestEdit]) -> list[RequestEdit]:
    """Return the edits that fix before those that only hide, which they may make needless."""
    return sorted(edits, key=lambda edit: edit.change is None)


class CommandWriter:
    """Writes edits into a command."""

    def __init__(self, text: str, reading: ParsedArguments) -> None:
        self._text, self._reading = text, reading
        self._dialect = reading.command.dialect
        self._curl = reading.request.origin == "curl"

    def changes(self, edits: Iterable[RequestEdit]) -> Iterator[TextChange]:
        """Return the replacements that ``edits`` come to, and those that slips need."""
        taken: set[Span] = set()
        for edit in _fixing_first(edits):
            for change in self._changes(edit):
                taken.add(change.span)
                yield change
        for slip in self._reading.slips:
            argument = slip.argument
            if argument.value is None or (slip.about == "method" and not slip.instead):
                continue
            filled = () if slip.instead else argument.value.filled
            change = self._revalued(argument, slip.instead or argument.text, filled)
            if not any(change.span.start < s.end and s.start < change.span.end for s in taken):
                yield change

    def _changes(self, edit: RequestEdit) -> Iterator[TextChange]:
        match edit.part:
            case RequestPart.URL:
                yield from self._url(edit)
            case RequestPart.METHOD:
                yield from self._method(edit)
            case RequestPart.BODY:
                yield from self._body(edit)
            case RequestPart.HEADER if edit.header is None:
                yield self._added(self._option(edit))
            case RequestPart.HEADER:
                yield from self._header(edit, edit.header)

    def _url(self, edit: RequestEdit) -> Iterator[TextChange]:
        argument = self._at(self._reading.request.url_span, ("", "url"))
        if argument is not None:
            yield self._revalued(argument, edit.value or "", edit.filled)

    def _method(self, edit: RequestEdit) -> Iterator[TextChange]:
        argument = self._at(self._reading.request.method_span, ("", "request"))
        if argument is not None:
            yield self._revalued(argument, edit.value or "", ())
        elif self._curl:
            yield self._added(f"-X {edit.value}")
        else:
            first = self._reading.request.url_span
            if first is not None:
                yield TextChange(Span(first.start, first.start), f"{edit.value} ")

    def _at(self, span: Span | None, names: tuple[str, ...]) -> Argument | None:
        """Return the argument of one of those names that stands at ``span``."""
        for argument in self._reading.arguments:
            word = argument.value
            if word is None or span is None or argument.name not in names:
                continue
            if word.span.start <= span.start and span.end <= word.span.end:
                return argument
        return None

    def _body(self, edit: RequestEdit) -> Iterator[TextChange]:
        """Replace the data where one option holds them to the letter."""
        data = [one for one in self._reading.arguments if one.name in _DATA]
        body = self._reading.request.body
        if len(data) == 1 and body is not None and body.text == data[0].text:
            yield self._revalued(data[0], self._one_line(edit.value or ""), ())

    def _one_line(self, text: str) -> str:
        """Join the lines of a JSON text where the shell can't have them in a word."""
        return re.sub(r"\s*\n\s*", " ", text) if self._dialect is Dialect.CMD else text

    def _header(self, edit: RequestEdit, header: Header) -> Iterator[TextChange]:
        argument = next((a for a in self._reading.arguments if a.span == header.span), None)
        if argument is None:
            return
        if edit.value is None:
            yield self._removed(argument)
        elif argument.name in {"header", ""}:
            text, filled = self._line(edit)
            yield self._revalued(argument, text, filled)
        elif self._curl:
            yield TextChange(argument.span, self._option(edit))
        else:
            names = {argument.name, "auth-type"}
            yield from (self._removed(a) for a in self._reading.arguments if a.name in names)
            yield self._added(self._option(edit))

    def _line(self, edit: RequestEdit) -> tuple[str, tuple[Span, ...]]:
        """Return the header as one word, and what the shell fills in of it."""
        before = f"{edit.name}:" + (" " if self._curl else "")
        value, filled = edit.value or "", edit.filled
        if edit.key:
            key = KEY_VARIABLE[self._dialect]
            filled = (*filled, Span(len(value), len(value) + len(key)))
            value += key
        return before + value, tuple(part.shifted(len(before)) for part in filled)

    def _option(self, edit: RequestEdit) -> str:
        text, filled = self._line(edit)
        return ("-H " if self._curl else "") + quote(text, self._dialect, filled)

    def _revalued(self, argument: Argument, text: str, filled: tuple[Span, ...]) -> TextChange:
        """Return the argument with another value, its option as it was written."""
        word = argument.value
        if word is None:
            return TextChange(argument.span, "")
        if argument.prefix and argument.span.start == self._word_start(argument):
            before = argument.prefix
            shifted = tuple(part.shifted(len(before)) for part in filled)
            return TextChange(argument.span, quote(before + text, self._dialect, shifted))
        return TextChange(word.span, quote(text, self._dialect, filled))

    def _word_start(self, argument: Argument) -> int:
        """Return where the word begins that holds the value."""
        for word in self._reading.command.words:
            if argument.value is not None and word.span.end == argument.value.span.end:
                return word.span.start
        return -1

    def _removed(self, argument: Argument) -> TextChange:
        """Take the argument out, with the blanks and the continuation before it."""
        start = argument.span.start
        before = self._text[max(start - 200, 0) : start]
        blanks = re.search(r"(?:[ \t]|[\\^`]\r?\n)+\Z", before)
        return TextChange(Span(start - (len(blanks[0]) if blanks else 0), argument.span.end), "")

    def _added(self, option: str) -> TextChange:
        """Add an option in front of the data, or at the end, on a line of its own if others are."""
        arguments = self._reading.arguments
        data = [one for one in arguments if one.name in _DATA | {"data-urlencode", "form"}]
        if self._curl and data:
            at = data[0].span.start
            return TextChange(Span(at, at), option + self._gap_before(at))
        words = self._reading.command.words
        at = max([words[-1].span.end, *(one.span.end for one in arguments)])
        last = arguments[-1].span.start if arguments else at
        return TextChange(Span(at, at), self._gap_before(last) + option)

    def _gap_before(self, at: int) -> str:
        """Return the blanks in front of ``at``, with a continuation of the line."""
        before = self._text[max(at - 200, 0) : at]
        blanks = re.search(r"(?:[ \t]|[\\^`]\r?\n)+\Z", before)
        return blanks[0] if blanks else " "


class RawWriter:
    """Writes edits into raw HTTP."""

    def __init__(self, text: str, request: HttpRequest) -> None:
        self._text, self._request = text, request

    def changes(self, edits: Iterable[RequestEdit]) -> Iterator[TextChange]:
        """Return the replacements that ``edits`` come to."""
        for edit in _fixing_first(edits):
            match edit.part:
                case RequestPart.URL if self._request.url_span is not None:
                    yield TextChange(self._request.url_span, edit.value or "")
                case RequestPart.METHOD if self._request.method_span is not None:
                    yield TextChange(self._request.method_span, edit.value or "")
                case RequestPart.BODY:
                    yield from self._body(edit)
                case RequestPart.HEADER if edit.header is None:
                    yield from self._added(edit)
                case RequestPart.HEADER if edit.header is not None and edit.header.span is not None:
                    yield self._header(edit, edit.header.span)

    def _body(self, edit: RequestEdit) -> Iterator[TextChange]:
        body, text = self._request.body, edit.value or ""
        if body is None or body.span is None:
            return
        yield TextChange(body.span, text)
        length = self._request.header("Content-Length")
        if length is not None and length.value_span is not None:
            yield TextChange(length.value_span, str(len(text.encode("utf-8", "replace"))))

    def _line(self, edit: RequestEdit) -> str:
        return f"{edit.name}: {edit.value}{MASK if edit.key else ''}"

    def _header(self, edit: RequestEdit, span: Span) -> TextChange:
        if edit.value is not None:
            return TextChange(span, self._line(edit))
        start = self._text.rfind("\n", 0, span.start) + 1
        end = self._text.find("\n", span.end)
        return TextChange(Span(start, len(self._text) if end < 0 else end + 1), "")

    def _added(self, edit: RequestEdit) -> Iterator[TextChange]:
        """Add a line behind the last header, with what stands before the others."""
        spans = [header.span for header in self._request.headers if header.span is not None]
        last = max(spans, key=lambda span: span.end, default=None)
        if last is None:
            return
        start = self._text.rfind("\n", 0, last.start) + 1
        end = self._text.find("\n", last.end)
        newline = "\r\n" if end > 0 and self._text[end - 1] == "\r" else "\n"
        line = newline + self._text[start : last.start] + self._line(edit)
        yield TextChange(Span(last.end, last.end), line)


_NAMED = 3


@dataclass(slots=True)
class Gathering:
    """The requests of an input and what was found in each.

    Where there are several, each sentence says which of them it is about, and a verdict on a later
    request has a subject of its own, so that it does not vanish behind the same one on an earlier.

    Attributes:
        kind: What the input is.
        title: What it is called, where its kind does not say it: *A Postman collection*.
    """

    kind: InputKind
    title: str | None = None
    requests: list[HttpRequest] = field(default_factory=list)
    found: list[RequestFindings] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)

    def add(
        self, request: HttpRequest, findings: RequestFindings, fixed: Iterable[str] = ()
    ) -> None:
        """Take over a request with what was found in it, and what is fixed beside its edits."""
        self.requests.append(request)
        self.found.append(findings)
        self.fixed += fixed
        self.secrets += findings.secrets

    def faults(self) -> list[Fault]:
        """Return all faults, those of the first request first."""
        if len(self.found) < 2:
            return [fault for findings in self.found for fault in findings.faults]
        faults: list[Fault] = []
        seen: set[tuple[str, str | None]] = set()
        for number, findings in enumerate(self.found, start=1):
            for fault in findings.faults:
                told = replace(
                    fault, detail=say("input.requests.numbered", number=number, detail=fault.detail)
                )
                if (fault.cause, fault.subject) in seen:
                    subject = f"{fault.subject} of request {number}" if fault.subject else None
                    told = replace(told, subject=subject or f"request {number}")
                seen.add((fault.cause, fault.subject))
                faults.append(told)
        return faults

    def inspection(self, text: str, changes: Sequence[TextChange], language: str) -> Inspection:
        """Return the whole inspection; a correction only where something was fixed."""
        notes = tuple(note for findings in self.found for note in findings.notes)
        if not self.requests:
            notes = (Note("no-request", say("input.no-request.note")),)
        judged = sum(map(_is_judged, self.found, self.requests))
        fixed = self._fixed()
        correction = None
        if fixed and changes:
            corrected = rewritten(text, changes)
            if corrected != text:
                correction = Correction(self._without_secrets(corrected), language, fixed)
        return Inspection(
            self.kind,
            self._summary(),
            tuple(self.faults()),
            notes,
            correction,
            secrets=tuple(
                Secret(value, source="pasted", name=f"key-{number}")
                for number, value in enumerate(self._values(), start=1)
            ),
            judged=judged,
        )

    def _fixed(self) -> tuple[str, ...]:
        edits: list[RequestEdit] = [edit for findings in self.found for edit in findings.edits]
        changes = [edit.change for edit in edits if edit.change is not None]
        return tuple(dict.fromkeys([*changes, *self.fixed]))

    def _without_secrets(self, text: str) -> str:
        """Take out what is left of the credentials, the longest first."""
        for value in sorted(self._values(), key=len, reverse=True):
            text = text.replace(value, "***")
        return text

    def _values(self) -> list[str]:
        return list(dict.fromkeys(secret.reveal() for secret in self.secrets))

    def _summary(self) -> str:
        kind = self.title or say(f"input.command.{self.kind}")
        count = len(self.requests)
        if not count:
            return say("input.requests.no-address", kind=kind)
        named = [self._named(request) for request in self.requests[:_NAMED]]
        if count == 1:
            return say("input.requests.one", kind=kind, request=named[0])
        listed, more = "; ".join(named), count - len(named)
        several = plural(count, "request")
        if self.title is not None:
            several = say("input.requests.of-file", file=self.title, requests=several)
        if more:
            return say("input.requests.more", count=several, requests=listed, more=more)
        return say("input.requests.several", count=several, requests=listed)

    def _named(self, request: HttpRequest) -> str:
        if request.method is None and request.url is None:
            return say("input.requests.headers", count=len(request.headers))
        if request.url is None:
            return say("input.requests.without-address", method=str(request.method))
        url = (request.url or "").partition("?")[0]
        scheme, sign, rest = url.partition("://")
        rest = (rest or scheme).rpartition("@")[2]
        address = f"{scheme}{sign}{rest}" if sign else rest
        return clean_line(
            f"{request.method or say('input.requests.unknown-method')} {address}", 120
        )


def _is_judged(findings: RequestFindings, request: HttpRequest) -> bool:
    """Return whether something of a request was held against the rules: not of one to elsewhere."""
    if findings.faults or request.url is None:
        return bool(findings.faults or request.headers)
    target = target_of(request)
    return target is None or target.concerns_api or target.documented
