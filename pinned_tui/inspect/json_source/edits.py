"""Changes to a text that are kept apart until all are known."""

from collections.abc import Iterable
from dataclasses import dataclass

from pinned_tui.inspect.model import Span


@dataclass(frozen=True, slots=True)
class Edit:
    """Puts ``text`` in place of a part; a part without length inserts."""

    span: Span
    text: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return ``text`` with all ``edits`` made.

    Of two that overlap the wider one counts, of two for the same part the later one: whoever
    replaces a value has no use for what fixes its quotes. Insertions at the same place keep their
    order.
    """
    pieces: list[str] = []
    at = 0
    for edit in _apart(edits):
        pieces += (text[at : edit.span.start], edit.text)
        at = edit.span.end
    pieces.append(text[at:])
    return "".join(pieces)


def _apart(edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits in order, without those that lie within another."""
    numbered = enumerate(edits)
    ordered = [edit for _, edit in sorted(numbered, key=lambda each: _place(*each))]
    kept: list[Edit] = []
    inserts: list[Edit] = []
    for edit in ordered:
        if edit.span.start == edit.span.end:
            inserts.append(edit)
        elif not kept or edit.span.start >= kept[-1].span.end:
            kept.append(edit)
    return _merged(kept, inserts)


def _merged(kept: list[Edit], inserts: list[Edit]) -> list[Edit]:
    """Put insertions between the edits; those strictly within one are dropped."""
    merged: list[Edit] = []
    waiting = iter(inserts)
    insert = next(waiting, None)
    for edit in kept:
        while insert is not None and insert.span.start <= edit.span.start:
            merged.append(insert)
            insert = next(waiting, None)
        merged.append(edit)
        while insert is not None and insert.span.start < edit.span.end:
            insert = next(waiting, None)
    while insert is not None:
        merged.append(insert)
        insert = next(waiting, None)
    return merged


def _place(number: int, edit: Edit) -> tuple[int, int, int]:
    inserts = edit.span.start == edit.span.end
    return edit.span.start, -edit.span.end, number if inserts else -number
