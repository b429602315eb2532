"""Takes what the last scan finds out of a finished text, so that a find never costs the result.

Redaction happens where text enters, so there is usually nothing to take out. What is left is a
mistake of this program, or a key that equals a word that this program writes itself: whoever waits
for the result is helped by neither a refusal nor a leak.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence

from pinned_tui.redaction.matcher import Matcher, by_name
from pinned_tui.redaction.secret import Secret

_ROUNDS = 8
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*')
"""A text or a number of a JSON document; names of fields are texts too."""

_Span = tuple[int, int, str]


def cut(text: str, secrets: Iterable[Secret]) -> str:
    """Return ``text`` with a stand-in wherever one of ``secrets`` gives itself away.

    What can't be taken out piece by piece goes with the lines that it is on.
    """
    return _cut(text, Matcher(by_name(secrets)))


def cut_json(text: str, secrets: Iterable[Secret], *, sound: Callable[[str], bool]) -> str:
    """Return a JSON document with stand-ins for ``secrets``, still valid JSON.

    Args:
        text: The document.
        secrets: What must not be in it.
        sound: Whether a changed document still means what it did. What can't be replaced without
            harm, such as the name of a field, stays: it stands in every document, whatever the
            key is, so it tells no one what the key is.
    """
    matcher = Matcher(by_name(secrets))
    fixed: set[int] = set()
    for _ in range(_ROUNDS):
        spans = _spans(matcher, text)
        document = _Document(text, matcher, sound)
        changes = {i: new for i, new in document.changes(spans).items() if i not in fixed}
        if not changes:
            break
        document.change(changes)
        fixed |= document.refused
        text = document.text
    return text


class _Document:
    """A JSON document whose texts and numbers are replaced one by one; their count stays."""

    def __init__(self, text: str, matcher: Matcher, sound: Callable[[str], bool]) -> None:
        self.text = text
        self.refused: set[int] = set()
        self._original = text
        self._matcher = matcher
        self._sound = sound
        self._tokens = [match.span() for match in _TOKEN.finditer(text)]
        self._done: dict[int, str] = {}

    def changes(self, spans: Iterable[_Span]) -> dict[int, str]:
        """Return what to write in place of each token that one of ``spans`` touches."""
        changes: dict[int, str] = {}
        starts = [start for start, _ in self._tokens]
        ends = [end for _, end in self._tokens]
        for start, end, stand_in in spans:
            for index in range(bisect_right(ends, start), bisect_left(starts, end)):
                changes.setdefault(index, self._changed(index, stand_in))
        return changes

    def _changed(self, index: int, stand_in: str) -> str:
        start, end = self._tokens[index]
        before = str(json.loads(self._original[start:end]))
        after = _cut(before, self._matcher)
        # A secret in pieces shows in none of them alone: then the whole piece goes.
        return json.dumps(stand_in if after == before else after, ensure_ascii=False)

    def change(self, changes: dict[int, str]) -> None:
        """Make all ``changes`` that leave a sound document; halves find the others quickly."""
        tried = self._written(self._done | changes)
        if self._sound(tried):
            self._done |= changes
            self.text = tried
        elif len(changes) == 1:
            self.refused |= changes.keys()
        else:
            items = list(changes.items())
            half = len(items) // 2
            self.change(dict(items[:half]))
            self.change(dict(items[half:]))

    def _written(self, changes: dict[int, str]) -> str:
        return _replaced(self._original, [(*self._tokens[i], new) for i, new in changes.items()])


def _cut(text: str, matcher: Matcher) -> str:
    for _ in range(_ROUNDS):
        spans = _spans(matcher, text)
        if not spans:
            return text
        text = _replaced(text, spans)
    while spans := _spans(matcher, text):  # each turn takes at least one line, so it ends
        text = _without_lines(text, spans)
    return text


def _spans(matcher: Matcher, text: str) -> list[_Span]:
    return [(*hit.span(), hit.wanted.token) for hit in matcher.search(text)]


def _without_lines(text: str, spans: Sequence[_Span]) -> str:
    whole = [
        (text.rfind("\n", 0, start) + 1, _line_end(text, max(end - 1, start)), "")
        for start, end, _ in spans
    ]
    return _replaced(text, whole)


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end + 1


def _replaced(text: str, spans: Iterable[_Span]) -> str:
    """Replace each span; those that overlap become what stands in for the first of them."""
    pieces: list[str] = []
    done = 0
    for start, end, stand_in in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= done:
            pieces += [text[done:start], stand_in]
        done = max(done, end)
    return "".join([*pieces, text[done:]])
