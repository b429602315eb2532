"""An inspection as plain text: each fault at its place, the timeline, the corrected version."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.table import Table
from rich.text import Text

from pinned_tui.core import labels
from pinned_tui.report.inspection import (
    FAULT,
    NOTE,
    ReportedFinding,
    TimelineRow,
    found,
    latest_inputs,
    rows,
)
from pinned_tui.session import Certainty, Input, Session, Strand

if TYPE_CHECKING:
    from pinned_tui.report.text import TextPage

_SIGN_STYLE = {
    "created": "green",
    "replayed": "cyan",
    "updated": "green",
    "read": "green",
    "duplicate": "red",
    "conflict": "red",
    "refused": "red",
    "failed": "red",
    "limited": "yellow",
    "in progress": "yellow",
}
_MARGIN = 4
_MOST_SHOWN = 12
"""How many strands are drawn in text; the JSON has more of them."""


def faults(page: "TextPage", session: Session) -> None:
    """Write each fault as compilers do: where, the line, the part in question, what it is."""
    entries = found(session, FAULT)
    if not entries:
        return
    page.title("What was found")
    for number, one in enumerate(entries):
        if number:
            page.line()
        _fault(page, one, leading=number == 0)


def _fault(page: "TextPage", one: ReportedFinding, *, leading: bool) -> None:
    possible = one.certainty is Certainty.POSSIBLE
    style = "yellow bold" if possible else "red bold"
    page.line(Text(f"{'!' if possible else '✗'} {one.title or one.name}", style=style), indent=2)
    about = Text(f"[{one.name}]", style="dim")
    if one.certainty is not None:
        about.append(f"  {labels.CERTAINTY[one.certainty]}")
    if one.place is not None:
        about.append(f"  {one.place}", style="not dim")
    page.line(about, indent=_MARGIN)
    _excerpt(page, one)
    page.line(one.text, indent=_MARGIN)
    if one.suggestion is not None:
        page.line(Text(f"→ {one.suggestion}", style="green"), indent=_MARGIN)
    elif one.fix is not None and not leading:
        page.line(Text(f"→ {one.fix}", style="green"), indent=_MARGIN)


def _excerpt(page: "TextPage", one: ReportedFinding) -> None:
    if one.excerpt is None:
        return
    shown, mark = windowed(one.excerpt, one.mark, page.width - _MARGIN - 2)
    page.exact(Text(f"{' ' * _MARGIN}│ {shown}"))
    if mark is not None and not one.whole:
        before, length = cell_len(shown[: mark[0]]), cell_len(shown[mark[0] : mark[0] + mark[1]])
        line = f"{' ' * _MARGIN}│ {' ' * before}"
        page.exact(Text(line) + Text("^" * max(length, 1), style="red bold"))


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


def notes(page: "TextPage", session: Session) -> None:
    """Write what is worth knowing and needs no action."""
    entries = found(session, NOTE)
    if not entries:
        return
    page.title("Worth knowing")
    page.bullets(one.text + (f" ({one.place})" if one.place else "") for one in entries)


def timelines(page: "TextPage", session: Session) -> None:
    """Draw the timeline of each input that has one."""
    for one in latest_inputs(session):
        timeline = one.timeline
        if timeline is None or not timeline.strands:
            continue
        page.title(f"Timeline of {labels.plural(timeline.requests, 'request')} (times are UTC)")
        shown = timeline.strands[:_MOST_SHOWN]
        for strand in shown:
            _strand(page, strand)
        left = len(timeline.strands) - len(shown) + timeline.left_out
        if left:
            page.line()
            page.line(f"{labels.plural(left, 'group')} more left out.", indent=2)


def _strand(page: "TextPage", strand: Strand) -> None:
    made, keys = rows(strand)
    page.line()
    page.line(Text(strand.label, style="bold") + Text(f"  {strand.summary}", style="not bold"), 2)
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=_MARGIN - 1)
    for justify in ("right", "right", "left", "left", "left", "left"):
        grid.add_column(justify=justify, no_wrap=True)
    grid.add_column(ratio=1)
    for row in made:
        _draw(grid, row)
    page.table(grid)
    for letter, key in keys.items():
        page.line(Text(f"{letter} = {key}", style="dim"), indent=_MARGIN)
    if strand.left_out:
        page.line(f"{labels.plural(strand.left_out, 'request')} more left out.", _MARGIN)


def _draw(grid: Table, row: TimelineRow) -> None:
    if row.gap:
        grid.add_row("", "", Text("⋮", style="dim"), "", "", "", "", "")
    request = row.request if cell_len(row.request) <= 24 else f"{row.request[:23]}…"
    grid.add_row(
        "",
        Text(row.line, style="dim"),
        Text(row.when),
        Text(request),
        Text(row.status),
        Text(row.mark, style=_SIGN_STYLE.get(row.sign, "")),
        Text(row.key),
        Text(row.about),
    )


def corrected(page: "TextPage", inputs: Iterable[Input]) -> None:
    """Write the corrected version as it is to be copied, and what was changed."""
    for one in inputs:
        if one.corrected is None:
            continue
        page.title("Corrected version")
        page.bullets(one.changes)
        page.line()
        for part in one.corrected.split("\n"):
            page.verbatim(part)
