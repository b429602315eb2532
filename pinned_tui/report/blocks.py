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


Inline = str | Code | Strong | Link
InlineLine = tuple[Inline, ...]
"""One line of text, of spans that follow each other without a space."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` 1 is the title of the report."""

    level: int
    line: InlineLine


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    line: InlineLine


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order."""

    lines: tuple[InlineLine, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """A numbered list, to be followed in order."""

    lines: tuple[InlineLine, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has as many cells as ``head``."""

    head: tuple[str, ...]
    rows: tuple[tuple[InlineLine, ...], ...]


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Text to be copied line by line: code of ours, or a corrected command."""

    text: str
    language: str = ""


Block = Heading | Paragraph | Bullets | Steps | Table | CodeBlock


def line(*spans: Inline | None) -> InlineLine:
    """Return a line of ``spans``, without those that are None or empty."""
    return tuple(span for span in spans if span)


def joined(lines: tuple[InlineLine, ...], separator: str) -> InlineLine:
    """Return one line of several, with ``separator`` between those that say something."""
    spans: list[Inline] = []
    for one in filter(None, lines):
        if spans:
            spans.append(separator)
        spans.extend(one)
    return tuple(spans)
