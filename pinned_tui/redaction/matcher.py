"""Finds secrets in a text, whichever way they are written there.

The text is taken in several readings (:mod:`pinned_tui.redaction.decoded_views`), each reduced to
its letters and digits, and compared with all forms of the secrets at once
(:mod:`pinned_tui.redaction.encodings`). Any common run of nine characters holds a block of eight
that starts at an even place, so it is enough to look these blocks up in a set of the secrets' own:
the time grows with the length of the text and hardly with the count of forms. What has a block in
common is then measured.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from pinned_tui.redaction.decoded_views import View, views
from pinned_tui.redaction.encodings import Needle, needles
from pinned_tui.redaction.secret import Secret
from pinned_tui.redaction.secret_strength import FRAGMENT, Grade, Weights, grade, weigh

_BLOCK = 8
_STEP = 2
_TAIL = 8
_LONG = 20
_SHORTEST_RUN = _BLOCK + _STEP - 1


@dataclass(frozen=True, slots=True)
class NamedSecret:
    """A secret to look for, under the name it goes by."""

    name: str
    value: str

    @property
    def token(self) -> str:
        """What stands in for it where it was taken out."""
        return f"[{self.name}]"


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a secret, or enough of it, was found.

    Attributes:
        how: In what form, in words that fit after *found*.
        view: The reading it was found in.
        start: Where it begins in the reading's skeleton, or in its text for a ``literal`` hit.
    """

    wanted: NamedSecret
    how: str
    view: View
    start: int
    end: int
    literal: bool = False

    def span(self) -> tuple[int, int]:
        """Return where it is in the text that was searched."""
        if self.literal:
            return self.view.span(self.start, self.end)
        return self.view.skeleton_span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of a secret, with what is known already of its parts."""

    needle: Needle
    weights: Weights
    _known: dict[tuple[int, int], bool] = field(default_factory=dict)

    def gives_away(self, start: int, end: int) -> bool:
        """Return whether the form's part from ``start`` up to ``end`` gives the secret away."""
        known = self._known.get((start, end))
        if known is None:
            known = self.weights.gives_away(*self.needle.tells_of(start, end))
            self._known[start, end] = known
        return known


@dataclass(frozen=True, slots=True)
class _Forms:
    """All forms of a secret.

    Attributes:
        short: Those that are looked for as a whole.
        blocks: The blocks of all, with the forms they are in and where.
    """

    short: tuple[_Form, ...]
    blocks: dict[int, list[tuple[_Form, int]]]


@lru_cache(maxsize=32)
def _forms_of(value: str) -> _Forms:
    """Return the forms of a secret, and keep those of the last few: they take some 15 ms.

    A run looks for the same few keys in each exchange, page and report.
    """
    weights = weigh(value)
    short: list[_Form] = []
    blocks: dict[int, list[tuple[_Form, int]]] = {}
    for needle in needles(value):
        form = _Form(needle, weights)
        if _BLOCK <= len(needle.text) < _SHORTEST_RUN:
            short.append(form)
        for offset in range(len(needle.text) - _BLOCK + 1):
            first, last = needle.tells_of(offset, offset + _BLOCK)
            if not any(weights.telling[first : last + 1]):
                continue  # everyday words only; what tells more has other blocks
            block = int.from_bytes(needle.text[offset : offset + _BLOCK], sys.byteorder)
            blocks.setdefault(block, []).append((form, offset))
    return _Forms(tuple(short), blocks)


def by_name(secrets: Iterable[Secret]) -> tuple[NamedSecret, ...]:
    """Return the secrets that are worth looking for, each value once, each under its own name.

    The first name of a value holds. A name that another value has already is numbered on.
    """
    named: dict[str, str] = {}
    for secret in secrets:
        value = secret.reveal().strip()
        if grade(value) is Grade.NONE or value in named.values():
            continue
        name, number = secret.name, 1
        while name in named:
            number += 1
            name = f"{secret.name.rstrip('0123456789')}{number}"
        named[name] = value
    return tuple(NamedSecret(name, value) for name, value in named.items())


class Matcher:
    """Looks for a set of secrets; making one costs some milliseconds, so keep it."""

    def __init__(self, wanted: Iterable[NamedSecret]) -> None:
        self._literals: list[tuple[NamedSecret, re.Pattern[str]]] = []
        self._forms: list[tuple[NamedSecret, _Forms]] = []
        wanted = tuple(wanted)
        for each in wanted:
            if grade(each.value) is Grade.FULL:
                self._forms.append((each, _forms_of(each.value)))
            else:
                pattern = rf"(?<![^\W_]){re.escape(each.value)}(?![^\W_])"
                self._literals.append((each, re.compile(pattern)))
        self._tails = tuple(filter(None, map(_tail_of, wanted)))
        self._block_set = frozenset().union(*(forms.blocks for _, forms in self._forms))

    def search(self, text: str) -> Iterator[Hit]:
        """Return every place in ``text`` that gives a secret away, in no particular order."""
        if not (self._literals or self._forms):
            return
        for view in views(text):
            yield from self._literal_hits(view)
            yield from self._short_hits(view)
            yield from self._hits(view)
        yield from self._tail_hits(text)

    def _tail_hits(self, text: str) -> Iterator[Hit]:
        """Find the end of a secret where it stands alone, as pages show it: ``…4d7a16Qz``."""
        view = View(text)
        for wanted, tail in self._tails:
            end = text.find(tail) + len(tail)
            while end >= len(tail):
                start, value = end - len(tail), wanted.value
                while (
                    start > 0
                    and end - start < len(value)
                    and (text[start - 1] == value[start - end - 1])
                ):
                    start -= 1
                alone = end - start < FRAGMENT  # more of it is found by its blocks
                if alone and not (
                    text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()
                ):
                    yield Hit(wanted, "in part, in plain text", view, start, end, literal=True)
                end = text.find(tail, end) + len(tail)

    def _literal_hits(self, view: View) -> Iterator[Hit]:
        for wanted, pattern in self._literals:
            for match in pattern.finditer(view.text):
                how = _worded("in plain text", view, whole=True)
                yield Hit(wanted, how, view, *match.span(), literal=True)

    def _short_hits(self, view: View) -> Iterator[Hit]:
        short = [(wanted, form) for wanted, forms in self._forms for form in forms.short]
        for wanted, form in short:
            start = view.skeleton.find(form.needle.text)
            while start >= 0:
                end = start + len(form.needle.text)
                yield from _judged(wanted, form, view, start, 0, len(form.needle.text))
                start = view.skeleton.find(form.needle.text, end)

    def _hits(self, view: View) -> Iterator[Hit]:
        """Measure each common run once: a run is known by its form and its diagonal."""
        seen: dict[tuple[int, int], int] = {}
        for place, block in self._common_blocks(view.skeleton):
            for wanted, form, offset in self._with(block):
                diagonal = (id(form), place - offset)
                if seen.get(diagonal, 0) >= place + _BLOCK:
                    continue
                start, end = _run(view.skeleton, place, form.needle.text, offset)
                seen[diagonal] = place + end - offset
                yield from _judged(wanted, form, view, place + start - offset, start, end)

    def _with(self, block: int) -> Iterator[tuple[NamedSecret, _Form, int]]:
        for wanted, forms in self._forms:
            for form, offset in forms.blocks.get(block, ()):
                yield wanted, form, offset

    def _common_blocks(self, skeleton: bytes) -> Iterator[tuple[int, int]]:
        octets = memoryview(skeleton)
        for phase in range(0, _BLOCK, _STEP):
            count = (len(octets) - phase) // _BLOCK
            if count < 1:
                return
            blocks = octets[phase : phase + count * _BLOCK].cast("Q")
            if self._block_set.isdisjoint(blocks):
                continue
            for index, block in enumerate(blocks):
                if block in self._block_set:
                    yield phase + index * _BLOCK, block


def _tail_of(wanted: NamedSecret) -> tuple[NamedSecret, str] | None:
    """Return a secret with its last characters, if they are enough to tell it from others."""
    value = wanted.value.rstrip("=")
    tail = value[-_TAIL:]
    if len(value) < _LONG or value != wanted.value or grade(value) is not Grade.FULL:
        return None
    octets = len(value.encode("utf-8", "surrogatepass"))  # JSON may escape half a character
    told = weigh(value).told_within(octets - _TAIL, octets - 1)
    mixed = told.isalnum() and not (told.isalpha() or told.isdigit())
    if not tail.isalnum() or not tail.isascii() or not mixed or len(told) < _TAIL:
        return None
    return wanted, tail


def _run(skeleton: bytes, place: int, needle: bytes, offset: int) -> tuple[int, int]:
    """Return the part of ``needle`` that agrees with ``skeleton`` around a common block."""
    start, end = offset, offset + _BLOCK
    shift = place - offset
    while start > 0 and start + shift > 0 and needle[start - 1] == skeleton[start + shift - 1]:
        start -= 1
    most = min(len(needle), len(skeleton) - shift)
    while end < most and needle[end] == skeleton[end + shift]:
        end += 1
    return start, end


def _judged(
    wanted: NamedSecret, form: _Form, view: View, place: int, start: int, end: int
) -> Iterator[Hit]:
    """Return a run as a hit if the form's part from ``start`` to ``end`` gives enough away."""
    if form.gives_away(start, end):
        whole = end - start == len(form.needle.text)
        how = _worded(form.needle.form, view, whole=whole)
        yield Hit(wanted, how, view, place, place + end - start)


def _worded(form: str, view: View, *, whole: bool) -> str:
    parts = ["" if whole else "in part", form, view.how]
    return ", ".join(part for part in parts if part)
