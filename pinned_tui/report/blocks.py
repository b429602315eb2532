"""What a report is made of, whatever its format: headings, paragraphs, lists and tables.

Text in them is plain text, some of it foreign. Each format escapes all of it in one place; none of
it is ever markup.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """Text to be shown letter by letter: an id, a path, a value that was found."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Text that stands out; blanks or punctuation are to either side of it."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A web address. A format makes it a link only where it is one of the vendor's pages."""

    url: str


Span = str | Code | Strong | Link
Line = tuple[Span, ...]
"""One line of text, of spans that follow each other without a space."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` 1 is the title of the report."""

    level: int
    line: Line


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    line: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """A numbered list, to be followed in order."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has as many cells as ``head``."""

    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Text to be copied line by line: code of ours, or a corrected command."""

    text: str
    language: str = ""


Block = Heading | Paragraph | Bullets | Steps | Table | Listing


def line(*spans: Span | None) -> Line:
    """Return a line of ``spans``, without those that are None or empty."""
    return tuple(span for span in spans if span)


def joined(lines: tuple[Line, ...], separator: str) -> Line:
    """Return one line of several, with ``separator`` between those that say something."""
    spans: list[Span] = []
    for one in filter(None, lines):
        if spans:
            spans.append(separator)
        spans.extend(one)
    return tuple(spans)
