"""The renderer for a terminal or a pipe: draws the content of a session as plain text."""

import io
from collections.abc import Iterable, Mapping
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

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
from pinned_tui.report.content import Audience, content
from pinned_tui.session import Session

WIDEST = 100
_NARROWEST = 40
_LONGEST_REQUEST = 24
_STYLES: Final[Mapping[Role, str]] = {
    "plain": "",
    "strong": "bold",
    "ok": "green",
    "problem": "red",
    "warn": "yellow",
    "unsure": "magenta",
    "muted": "dim",
}


def render(session: Session, *, width: int = 80, colour: bool = False) -> str:
    """Write ``session`` for the user at a terminal.

    Args:
        session: The session; its latest run is what is shown.
        width: Columns to wrap at; no line is wider than :data:`WIDEST`.
        colour: Whether to add colour; glyph and word say the same without it.
    """
    page = _TextPage(min(width, WIDEST), colour=colour)
    for block in content(session, audience=Audience.TERMINAL):
        page.draw(block)
    return page.text()


class _TextPage:
    """Draws blocks below each other; what follows a heading is indented by its level."""

    def __init__(self, width: int, *, colour: bool) -> None:
        self._file = io.StringIO()
        self._width = max(width, _NARROWEST)
        self._console = Console(
            file=self._file,
            width=self._width,
            force_terminal=colour,
            color_system="standard" if colour else None,
            highlight=False,
            markup=False,
            emoji=False,
        )
        self._indent = 0
        self._above: Block | None = None

    def text(self) -> str:
        """Return all of it, without blanks at the ends of lines."""
        return "\n".join(line.rstrip() for line in self._file.getvalue().splitlines()) + "\n"

    def draw(self, block: Block) -> None:  # noqa: C901 - a case for each kind of block
        """Draw one block."""
        match block:
            case Heading(level, spans):
                self._heading(level, spans)
            case Rule():
                self._indent = 0
                self._print("")
            case Paragraph(spans, label):
                if label and isinstance(self._above, Steps):
                    self._print("")
                self._print(_labelled(label, " ") + _text(spans))
            case Bullets(lines, label):
                if label:
                    self._print(_labelled(label))
                listed = _list(((Text("•"), _text(one)) for one in lines), gap=1)
                self._print(Padding(listed, (0, 0, 0, 2 if label else 0)))
            case Steps(lines):
                numbered = enumerate(lines, start=1)
                self._print(_list(((Text(f"{n}."), _text(one)) for n, one in numbered), gap=1))
            case FactList(facts):
                for name, spans in facts:
                    self._print(_labelled(name, " ") + _text(spans))
            case Signed(signed):
                self._print(_list((_span(one.sign), _signed(one)) for one in signed))
            case Table(head, rows):
                self._print(_table(head, rows))
            case Attempts(attempts):
                self._print(_attempts(attempts))
            case Excerpt(text, mark):
                self._excerpt(text, mark)
            case CodeBlock(text):
                self._code(text)
        self._above = block

    def _heading(self, level: int, spans: InlineLine) -> None:
        if self._above is not None and not isinstance(self._above, Heading):
            self._print("")
        self._indent = 2 * (level - 2) if level > 1 else 0
        heading = _text(spans)
        heading.stylize_before("bold")
        self._print(heading)
        self._indent = 2 * (level - 1)

    def _print(self, drawn: RenderableType) -> None:
        self._console.print(Padding(drawn, (0, 0, 0, self._indent)) if drawn else "")

    def _excerpt(self, text: str, mark: tuple[int, int] | None) -> None:
        """Draw a line of an input on one line, and point at the part in question below it."""
        margin = f"{' ' * self._indent}│ "
        shown, within = windowed(text, mark, self._width - len(margin))
        lines = [Text(f"{margin}{shown}")]
        if within is not None:
            before = cell_len(shown[: within[0]])
            length = cell_len(shown[within[0] : within[0] + within[1]])
            pointer = Text("^" * max(length, 1), style="bold red")
            lines.append(Text(f"{margin}{' ' * before}") + pointer)
        for line in lines:
            self._console.print(line, no_wrap=True, overflow="crop", crop=True)

    def _code(self, text: str) -> None:
        """Draw lines as they are, however long, since they are meant to be copied."""
        self._console.print()
        for line in text.split("\n"):
            self._console.print(Text(line), soft_wrap=True)


def _text(spans: InlineLine) -> Text:
    return Text("").join(map(_span, spans))


def _span(span: Inline) -> Text:
    match span:
        case Code(text):
            return Text(text)
        case Strong(text):
            return Text(text, style="bold")
        case Styled(text, role):
            return Text(text, style=_STYLES[role])
        case Link(url):
            return Text(url)
        case text:
            return Text(text)


def _labelled(label: str, gap: str = "") -> Text:
    return Text(f"{label}:", style="bold") + Text(gap) if label else Text("")


def _signed(row: SignedRow) -> Text:
    return Text("\n").join((_text(row.line), *map(_text, row.below)))


def _list(rows: Iterable[tuple[Text, Text]], *, gap: int = 2) -> Grid:
    """Return rows whose texts are in one column behind their marks."""
    grid = Grid.grid(padding=(0, gap))
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1)
    for mark, text in rows:
        grid.add_row(mark, text)
    return grid


def _table(head: tuple[str, ...], rows: Iterable[tuple[InlineLine, ...]]) -> Grid:
    grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for title in head:
        grid.add_column(Text(title))
    for row in rows:
        grid.add_row(*map(_text, row))
    return grid


def _attempts(rows: Iterable[AttemptRow]) -> Grid:
    grid = Grid.grid(padding=(0, 1))
    for justify in ("right", "right", "left", "left", "left", "left"):
        grid.add_column(justify=justify, no_wrap=True)
    grid.add_column(ratio=1)
    for row in rows:
        if row.gap:
            grid.add_row("", Text("⋮", style="dim"), "", "", "", "", "")
        too_long = cell_len(row.request) > _LONGEST_REQUEST
        grid.add_row(
            Text(row.line, style="dim"),
            Text(row.when),
            Text(f"{row.request[: _LONGEST_REQUEST - 1]}…" if too_long else row.request),
            Text(row.status),
            Text(str(row.mark), style=_STYLES[row.mark.role]),
            Text(row.key),
            Text(row.about),
        )
    return grid


def windowed(
    text: str, mark: tuple[int, int] | None, width: int
) -> tuple[str, tuple[int, int] | None]:
    """Return as much of a line as ``width`` cells hold, around the part in question.

    Wide characters take two cells; what is left out is shown by ``…``.
    """
    if cell_len(text) <= width:
        return text, mark
    start = 0
    if mark is not None and cell_len(text[: mark[0] + min(mark[1], 20)]) > width - 2:
        start = mark[0]
        room = width // 2
        while start > 0 and cell_len(text[start - 1 : mark[0]]) <= room:
            start -= 1
        start = max(start, 1)
    head = "…" if start else ""
    rest = text[start:]
    if cell_len(head + rest) > width:
        rest = set_cell_size(rest, max(width - cell_len(head) - 1, 1)).rstrip() + "…"
    shown = head + rest
    if mark is None:
        return shown, None
    at = mark[0] - start + len(head)
    return shown, (at, max(1, min(mark[1], len(shown) - at)))
