"""What a report is made of, whatever draws it: headings, paragraphs, lists and tables.

Text in them is plain text, some of it foreign. Each renderer escapes all of it in one place; none
of it is ever markup.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pinned_tui.core.labels import Glyph, Role


@dataclass(frozen=True, slots=True)
class Code:
    """Text to be shown character by character: an ID, a path, a value that was found."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Text that stands out; blanks or punctuation are to either side of it."""

    text: str


@dataclass(frozen=True, slots=True)
class Styled:
    """Text with a role. A renderer with colours has one for it; the words say the same without."""

    text: str
    role: Role


@dataclass(frozen=True, slots=True)
class Link:
    """A web address. A format makes it a link only where it is one of the vendor's pages."""

    url: str


Inline = str | Code | Strong | Styled | Link
InlineLine = tuple[Inline, ...]
"""One line of text, of spans that follow each other without a space."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` 1 is the title of the report."""

    level: int
    line: InlineLine


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``label`` is what it is about, in a few words."""

    line: InlineLine
    label: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order; ``label`` is what it is about, in a few words."""

    lines: tuple[InlineLine, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """A numbered list, to be followed in order."""

    lines: tuple[InlineLine, ...]


@dataclass(frozen=True, slots=True)
class FactList:
    """Values, each with its name."""

    rows: tuple[tuple[str, InlineLine], ...]


@dataclass(frozen=True, slots=True)
class SignedRow:
    """A sign, what it stands before, and further lines below that."""

    sign: Styled
    line: InlineLine
    below: tuple[InlineLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Signed:
    """A list whose entries begin with a sign, such as how a check ended."""

    rows: tuple[SignedRow, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has as many cells as ``head``."""

    head: tuple[str, ...]
    rows: tuple[tuple[InlineLine, ...], ...]


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One request of a timeline, in words.

    Attributes:
        line: The line of the input.
        when: The moment of the first one, the time since the one before for the others.
        gap: Whether much time went by before it.
        request: Its method and its route.
        status: The status of the response, or a dash.
        mark: What it came to.
        key: The letter that stands for its key.
        about: What else is to be said of it.
    """

    line: str
    when: str
    gap: bool
    request: str
    status: str
    mark: Glyph
    key: str
    about: str


@dataclass(frozen=True, slots=True)
class Attempts:
    """Requests in the order in which they were sent."""

    rows: tuple[AttemptRow, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line of an input.

    Attributes:
        text: The line.
        mark: Beginning and length of the part in question; None where that is all of it.
    """

    text: str
    mark: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Text to be copied line by line: code of ours, or a corrected command."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A new beginning, no part of what is above it; on a wide screen the second column."""


Block = (
    Heading
    | Paragraph
    | Bullets
    | Steps
    | FactList
    | Signed
    | Table
    | Attempts
    | Excerpt
    | CodeBlock
    | Rule
)


def line(*spans: Inline | None) -> InlineLine:
    """Return a line of ``spans``, without those that are None or empty."""
    return tuple(span for span in spans if span)


def sign(glyph: Glyph) -> Styled:
    """Return a glyph with its word, in its role."""
    return Styled(str(glyph), glyph.role)


def muted(text: str) -> InlineLine:
    """Return a line that is no more than a remark."""
    return (Styled(text, "muted"),)


def joined(lines: Iterable[InlineLine], separator: str) -> InlineLine:
    """Return one line of several, with ``separator`` between those that say something."""
    spans: list[Inline] = []
    for one in filter(None, lines):
        if spans:
            spans.append(separator)
        spans.extend(one)
    return tuple(spans)


def codes(texts: Iterable[str]) -> InlineLine:
    """Return ``texts`` as one line, each shown character by character."""
    return joined((line(Code(text)) for text in texts), ", ")
