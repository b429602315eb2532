"""The renderer for the pages of the app: draws blocks of a session's content as widgets."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from pinned_tui.core.labels import Role
from pinned_tui.report.blocks import (
    AttemptRow,
    Attempts,
    Block,
    Bullets,
    Code,
    CodeBlock,
    Excerpt,
    FactList,
    Heading,
    Inline,
    InlineLine,
    Link,
    Paragraph,
    Rule,
    Signed,
    SignedRow,
    Steps,
    Strong,
    Styled,
    Table,
)
from pinned_tui.tui.widgets.text import MUTED, STRONG, HangingIndent, block, line, words

_STYLES: Final[Mapping[Role, str]] = {
    "plain": "",
    "strong": STRONG,
    "ok": "bold $text-success",
    "problem": "bold $text-error",
    "warn": "bold $text-warning",
    "unsure": "bold $text-warning",
    "muted": MUTED,
}
_MOST_LINES = 400
"""Of a block of code on a page; copying takes all of it."""


def draw(  # noqa: C901 - a case for each kind of block
    blocks: Iterable[Block], *, close: bool = False, apart: bool = True
) -> Iterator[Widget]:
    """Yield the widgets that show ``blocks``.

    Args:
        blocks: Part of the content of a session.
        close: Whether parts follow each other without an empty line, for a small panel.
        apart: Whether there is an empty line above the first part, too.
    """
    above: Block | None = None
    for one in blocks:
        below_heading = isinstance(above, Heading) and above.level > 1
        gap = not close and not below_heading and (apart or above is not None)
        match one:
            case Heading(1, spans):
                yield Static(drawn(spans, STRONG), classes="text")
            case Heading(_, spans):
                yield heading(spans, gap=gap)
            case Paragraph(spans, label):
                if label:
                    yield heading((label,), gap=gap)
                apart = isinstance(above, Table) and not label
                yield Static(drawn(spans), classes="text gap" if apart else "text")
            case Bullets(lines, label):
                if label:
                    yield heading((label,), gap=gap)
                yield from (HangingIndent("•", drawn(spans)) for spans in lines)
            case Steps(lines):
                for number, spans in enumerate(lines, start=1):
                    yield HangingIndent(words(f"{number}.", STRONG), drawn(spans))
            case FactList(rows):
                yield from _facts(rows)
            case Signed(signed):
                yield from _signed(signed)
            case Table(head, table):
                yield _Sheet(head, table)
            case Attempts(attempts):
                yield from _attempts(attempts)
            case Excerpt(text):
                yield Static(words(text), classes="code")
            case CodeBlock(text):
                yield from _code(text)
            case Rule():
                yield Static("")
        above = one


def drawn(spans: InlineLine, style: str = "") -> Content:
    """Return a line, in one style where it has no other."""
    return line(*(_span(span, style) for span in spans))


def _span(span: Inline, style: str) -> Content:
    match span:
        case Code(text) | Link(text):
            return words(text, style)
        case Strong(text):
            return words(text, STRONG)
        case Styled(text, role):
            return words(text, _STYLES[role] or style)
        case text:
            return words(text, style)


def heading(spans: InlineLine, *, gap: bool) -> Static:
    """Return the heading of a part, with an empty line above it where there is a ``gap``."""
    return Static(drawn(spans), classes="label gap" if gap else "label")


def _facts(rows: tuple[tuple[str, InlineLine], ...]) -> Iterator[Widget]:
    width = max(6, *(len(name) for name, _ in rows))
    for name, spans in rows:
        yield HangingIndent(words(name.ljust(width), MUTED), drawn(spans))


def _signed(rows: tuple[SignedRow, ...]) -> Iterator[Widget]:
    width = max((len(row.sign.text) for row in rows), default=0)
    for row in rows:
        mark = words(row.sign.text.ljust(width), _STYLES[row.sign.role])
        body = Content("\n").join((drawn(row.line), *map(drawn, row.below)))
        yield HangingIndent(mark, body, classes="observation")


def _attempts(rows: tuple[AttemptRow, ...]) -> Iterator[Widget]:
    whens = [row.when or f"#{row.line}" for row in rows]
    width = max(map(len, whens), default=0)
    for when, row in zip(whens, rows, strict=True):
        mark = line((when.rjust(width), MUTED), " ", (row.mark.glyph, _STYLES[row.mark.role]))
        key = f"key {row.key}" if row.key else ""
        rest = " · ".join(part for part in (f"{row.request} {row.status}", key, row.about) if part)
        yield HangingIndent(mark, line((row.mark.word, STRONG), "  ", rest))


def _code(text: str) -> Iterator[Widget]:
    lines = text.splitlines()
    yield Static(block("\n".join(lines[:_MOST_LINES])), classes="code gap")
    left = len(lines) - _MOST_LINES
    if left > 0:
        more = f"and {left:,} more {'line' if left == 1 else 'lines'}; copying takes all of them"
        yield Static(words(more, MUTED), classes="text")


class _Sheet(Grid):
    """A table whose first column says what a row is about."""

    DEFAULT_CSS = """
    _Sheet {
        height: auto;
        width: 1fr;
        grid-columns: 22 1fr 1fr;
        grid-rows: auto;
        grid-gutter: 0 1;
    }
    _Sheet Static { width: 1fr; height: auto; }
    """

    def __init__(self, head: tuple[str, ...], rows: tuple[tuple[InlineLine, ...], ...]) -> None:
        """Show ``rows`` below ``head``."""
        cells = [words(title, MUTED) for title in head]
        for first, *others in rows:
            cells += [drawn(first, MUTED), *map(drawn, others)]
        super().__init__(*map(Static, cells))
        self.styles.grid_size_columns = len(head)
