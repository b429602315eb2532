"""Writes edits of a request into program code: the smallest change, in the code's own language.

An edit that can't be written for certain leaves the code without a corrected version: half of a
fix looks like a whole one.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pinned_tui.inspect.fixes import TextChange
from pinned_tui.inspect.formats.code_tokens import Language
from pinned_tui.inspect.http_message import Header, HttpRequest
from pinned_tui.inspect.model import Span
from pinned_tui.inspect.request.findings import RequestEdit, RequestPart

_OPENS = re.compile(r"(?:[fFrRbBuU]{1,2}|[$@]{1,2})?(?P<quote>\"|'|`)")
_HEADER_LINE = re.compile(r"(?P<before>[\"'`](?:authorization|x-api-key):[ \t]*)", re.IGNORECASE)
_LOOSE = re.compile(r"\?|\|\||&&|:|\b(?:or|and|if|else|unless)\b")
"""What binds less than the sign that puts two texts together."""

_ENDS = re.compile(r"[ \t]*(?:[,)\]};\r\n]|\Z)")
_PAIR = re.compile(
    r"(?P<quote>[\"']?)(?P<name>[\w-]+)(?P=quote)(?P<sign>\s*(?::|=>|=)\s*)(?P<value>\S[\s\S]*)"
)
_BEFORE_PAIR = re.compile(r"(?P<opens>[{\[(,;])(?P<gap>\s*)\Z")


class _NotWrittenError(Exception):
    """There is no place for an edit."""


@dataclass(frozen=True, slots=True)
class CodeWriter:
    """Writes edits into a program.

    Attributes:
        text: The program.
        language: Its language.
    """

    text: str
    language: Language

    def __call__(self, request: HttpRequest, edits: Sequence[RequestEdit]) -> Sequence[TextChange]:
        """Return the replacements; none where one of the edits can't be written."""
        try:
            return [
                change
                for edit in edits
                if edit.change is not None
                for change in self._changes(request, edit)
            ]
        except _NotWrittenError:
            return ()

    def _changes(self, request: HttpRequest, edit: RequestEdit) -> Iterator[TextChange]:
        match edit.part:
            case RequestPart.URL:
                yield self._url(request, edit)
            case RequestPart.BODY:
                yield from self._body(request, edit)
            case RequestPart.HEADER if edit.header is None:
                yield self._added(request, edit)
            case RequestPart.HEADER if edit.value is not None and edit.header is not None:
                yield from self._header(edit, edit.header)
            case _:
                raise _NotWrittenError

    # -- the address -------------------------------------------------------------------------------

    def _url(self, request: HttpRequest, edit: RequestEdit) -> TextChange:
        """Replace the part of the address that differs, where it stands once in the program."""
        old, new = request.url or "", edit.value or ""
        before, behind = _common(old, new)
        # The whole segment of the path, or what else stands between two signs, is replaced.
        while before and old[before - 1] not in "/?#&=$}":
            before -= 1
        while behind and old[len(old) - behind] not in "/?#&=$:":
            behind -= 1
        if old[:before].endswith("/") and before >= len("https://") and "//" in old[:before]:
            before = old.rfind("//", 0, before)
        wrong, right = old[before : len(old) - behind], new[before : len(new) - behind]
        if not wrong.strip("/") or "${" in wrong or self.text.count(wrong) != 1:
            return self._whole_url(request, new)
        at = self.text.find(wrong)
        return TextChange(Span(at, at + len(wrong)), right)

    def _whole_url(self, request: HttpRequest, new: str) -> TextChange:
        place = request.url_span
        if place is None or request.url_filled or self._at(place) != request.url:
            raise _NotWrittenError
        return TextChange(place, new)

    # -- headers -----------------------------------------------------------------------------------

    def _header(self, edit: RequestEdit, header: Header) -> Iterator[TextChange]:
        if header.span is None:
            raise _NotWrittenError
        if edit.name is not None and edit.name != header.name:
            yield self._renamed(header.span, header.name, edit.name)
        if edit.value == header.value and not edit.key:
            return
        if header.value_span is None or header.implied:
            raise _NotWrittenError
        if header.filled:
            yield self._with_variable(edit, header, header.value_span)
        else:
            yield self._without_variable(edit, header.value_span)

    def _renamed(self, span: Span, old: str, new: str) -> TextChange:
        at = self._at(span).find(old)
        if at < 0:
            raise _NotWrittenError
        start = span.start + at
        return TextChange(Span(start, start + len(old)), new)

    def _with_variable(self, edit: RequestEdit, header: Header, place: Span) -> TextChange:
        """Change what stands before the variable that fills in the key."""
        old = header.value[: header.filled[0].start]
        new = edit.value or ""
        if not edit.key:
            new = new[: edit.filled[0].start] if edit.filled else ""
        if not new:
            raise _NotWrittenError
        source = self._at(place)
        if old.strip():
            at = source.find(old)
            if at < 0 or source.count(old) > 1:
                raise _NotWrittenError
            return TextChange(Span(place.start + at, place.start + at + len(old)), new)
        line = _HEADER_LINE.search(source)
        if line is not None:
            return self._put(place.start + line.end(), new)
        opened = _OPENS.match(source)
        if opened is not None and source.endswith(opened["quote"]) and len(source) > 1:
            return self._put(place.start + opened.end(), new)
        if _ENDS.match(self.text, place.end) is None:
            raise _NotWrittenError  # the expression goes on in a way that was not read
        if _LOOSE.search(source):
            source = f"({source})"
        return TextChange(place, f'"{new}" {self._adds} {source}')

    def _without_variable(self, edit: RequestEdit, place: Span) -> TextChange:
        """Replace a text in quotes; the key itself is taken from the environment."""
        value = edit.value or ""
        if not edit.key:
            return TextChange(place, value)
        quote = self.text[place.end : place.end + 1]
        if quote not in {'"', "'", "`"} or not self.language.key:
            raise _NotWrittenError
        if self.language.id == "powershell" and quote == '"':
            return TextChange(place, value + self.language.key)
        return TextChange(
            Span(place.start, place.end + 1),
            f"{value}{quote} {self._adds} {self.language.key}",
        )

    def _added(self, request: HttpRequest, edit: RequestEdit) -> TextChange:
        """Add a header behind the last one, in the same notation."""
        spans = [one.span for one in request.headers if one.span is not None and not one.implied]
        if not spans:
            raise _NotWrittenError
        last = max(spans, key=lambda span: span.end)
        quoted = self.text[last.start - 1 : last.start] in {'"', "'"}
        start = last.start - quoted
        # A value's place may be that of the text within its quotes.
        end = last.end + (self.text[last.end : last.end + 1] in {'"', "'", "`"})
        pair = _PAIR.fullmatch(self.text[start:end])
        before = _BEFORE_PAIR.search(self.text[:start][-200:])
        if pair is None or before is None or edit.key:
            raise _NotWrittenError
        quote = pair["quote"] or '"'
        separator = (
            "; " if pair["sign"].strip() == "=" and self.language.id == "powershell" else ","
        )
        gap = before["gap"] if "\n" in before["gap"] else " " * (separator == ",")
        named = f"{quote}{edit.name}{quote}{pair['sign']}{quote}{edit.value}{quote}"
        return self._put(end, f"{separator}{gap}{named}")

    # -- the body ----------------------------------------------------------------------------------

    def _body(self, request: HttpRequest, edit: RequestEdit) -> Iterator[TextChange]:
        """Replace the values that differ, each where the program has it."""
        body = request.body
        if body is None or body.text is None or not body.places:
            raise _NotWrittenError
        try:
            old, new = json.loads(body.text), json.loads(edit.value or "")
        except ValueError:
            raise _NotWrittenError from None
        for path, value in _differing(old, new, ""):
            place = body.places.get(path)
            if place is None or place.filled:
                raise _NotWrittenError
            yield TextChange(place.span, self._literal(value))

    def _literal(self, value: object) -> str:
        if isinstance(value, bool) and self.language.id == "python":
            return str(value)
        if value is None or isinstance(value, bool):
            raise _NotWrittenError
        return json.dumps(value, ensure_ascii=False)

    # -- parts -------------------------------------------------------------------------------------

    @property
    def _adds(self) -> str:
        return self.language.adds or "+"

    def _at(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def _put(self, at: int, text: str) -> TextChange:
        return TextChange(Span(at, at), text)


def _common(old: str, new: str) -> tuple[int, int]:
    """Return how many characters two texts share at their beginning and at their end."""
    shortest = min(len(old), len(new))
    before = next((n for n in range(shortest) if old[n] != new[n]), shortest)
    most = shortest - before
    behind = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
    return before, behind


def _differing(old: object, new: object, path: str) -> Iterator[tuple[str, object]]:
    """Yield path and new value of each leaf that differs.

    Raises:
        _NotWrittenError: a field was added, renamed or taken out.
    """
    if isinstance(old, dict) and isinstance(new, dict):
        if old.keys() != new.keys():
            raise _NotWrittenError
        for name, value in old.items():
            yield from _differing(value, new[name], f"{path}.{name}" if path else name)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (first, second) in enumerate(zip(old, new, strict=True)):
            yield from _differing(first, second, f"{path}[{number}]")
    elif isinstance(new, dict | list) or isinstance(old, dict | list):
        raise _NotWrittenError
    elif old != new or type(old) is not type(new):
        yield path, new
