"""What an inspection found: the list, one finding in full, the corrected version."""

from collections.abc import Iterable, Iterator
from typing import Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalGroup, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from pinned_tui.core.labels import CERTAINTY, plural
from pinned_tui.inspect.model import TITLES
from pinned_tui.report.blocks import Paragraph, muted
from pinned_tui.report.inspection import correction, timeline
from pinned_tui.report.verdict import one_finding
from pinned_tui.session import Input, Outcome
from pinned_tui.tui.background import is_there, refill
from pinned_tui.tui.inspection import PASTED, InspectionFinding, InspectionResult
from pinned_tui.tui.widgets.blocks import draw
from pinned_tui.tui.widgets.choices import Choice, Choices
from pinned_tui.tui.widgets.text import (
    MUTED,
    STRONG,
    line,
    outcome_sign,
    words,
)

MOST_ROWS = 60
Panel = Literal["findings", "corrected", "story"]
MOST_REQUESTS = 200
"""Requests that are shown of a timeline; the report has them all."""

_NOTE = "·"


class FindingsList(Vertical):
    """A line on what it came to, the findings, and below them one in full.

    In place of that one there may be the corrected version, or the timeline of the input.
    """

    class Chosen(Message):
        """Another finding was marked."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        """Begin with nothing."""
        super().__init__(id=id)
        self._looked: InspectionResult | None = None
        self.panel: Panel = "findings"
        self.brief = True

    def compose(self) -> ComposeResult:
        """Yield the three parts."""
        yield Static(words(""), id="state")
        yield VerticalScroll(id="list", can_focus=False)
        with VerticalScroll(id="body", can_focus=False):
            yield VerticalGroup(id="detail")

    @property
    def marked(self) -> InspectionFinding | None:
        """The finding that is marked in the list."""
        found = self.query("#found")
        choice = found.first(Choices).choice if found else None
        if choice is None or self._looked is None:
            return None
        number = int(choice.id)
        return self._looked.found[number] if number < len(self._looked.found) else None

    def tell(self, state: Content) -> None:
        """Show what it came to, and what is going on."""
        self.query_one("#state", Static).update(state)

    def focus_list(self) -> None:
        """Put the focus into the list, unless it is just drawn anew: then it goes there itself."""
        for found in self.query("#found").results(Choices):
            found.focus()

    async def show(self, looked: InspectionResult) -> None:
        """Show what was found; the finding that was marked stays marked."""
        marked, ids = self.marked, [one.id for one in looked.found]
        at = ids.index(marked.id) if marked is not None and marked.id in ids else 0
        self._looked = looked
        choices = rows(looked, brief=self.brief)
        listed = self.query_one("#list")
        had_focus = any(one.has_focus for one in self.query(Choices))
        last, more = len(choices) - 1, len(looked.found) - len(choices)
        shown: list[Widget] = [
            Choices(choices, marked=min(at, last) if choices else None, id="found")
        ]
        if more > 0:
            shown.append(Static(words(f"and {more:,} more", MUTED), classes="text"))
        if not await refill(listed, shown):
            return
        if had_focus:
            self.focus_list()
        await self.show_panel(self.panel)

    def set_brief(self, *, brief: bool) -> None:
        """Word the list for little room, or for more."""
        self.brief = brief
        if self._looked is not None:
            for found in self.query("#found").results(Choices):
                found.offer(rows(self._looked, brief=brief))

    async def show_panel(self, panel: Panel) -> None:
        """Show one finding, the corrected version or the timeline."""
        self.panel = panel
        detail = self.query_one("#detail", VerticalGroup)
        if self._looked is None or not await refill(detail, self._parts(self._looked)):
            return
        if is_there(self):
            self.query_one("#body").scroll_home(animate=False)

    def _parts(self, looked: InspectionResult) -> Iterable[Widget]:
        if self.panel == "corrected":
            return corrected(looked.session.inputs[-1])
        if self.panel == "story" and looked.timeline is not None:
            return draw(timeline(looked.timeline, requests=MOST_REQUESTS), close=True)
        if self.marked is None:
            return nothing_wrong(looked)
        return [*detail(self.marked), *what_it_is(looked)]

    @on(Choices.Marked, "#found")
    async def _other(self, event: Choices.Marked) -> None:
        event.stop()
        await self.show_panel("findings")
        self.post_message(self.Chosen())


def summary(looked: InspectionResult) -> Content:
    """Return what a look came to, in one line."""
    if looked.inspection.kind is None:
        return line(outcome_sign(Outcome.INCONCLUSIVE), "  not recognised")
    faults = [one for one in looked.found if one.verdict is not None]
    notes = len(looked.found) - len(faults)
    count = plural(len(faults), "finding") if faults else "no problems found"
    extra = f", {plural(notes, 'note')}" if notes else ""
    return line(outcome_sign(looked.session.outcome), "  ", (count, STRONG), (extra, MUTED))


def rows(looked: InspectionResult, *, brief: bool) -> list[Choice]:
    """Return the findings as choices of a list; with ``brief``, each takes one line if it can."""
    return [_row(number, one, brief=brief) for number, one in enumerate(looked.found[:MOST_ROWS])]


def _row(number: int, one: InspectionFinding, *, brief: bool) -> Choice:
    subject = one.verdict.subject if one.verdict is not None else None
    parts = [one.title]
    if subject is not None and subject not in one.title:
        parts.append(subject)
    if brief and one.line is not None:
        parts.append(f"line {one.line:,}")
    return Choice(str(number), _sign(one), " · ".join(parts), hint="" if brief else one.place)


def _sign(one: InspectionFinding) -> str:
    return _NOTE if one.certainty is None else CERTAINTY[one.certainty].glyph


def detail(one: InspectionFinding) -> Iterator[Widget]:
    """Yield one finding in full."""
    if one.verdict is not None:
        return draw(one_finding(one.verdict, one.place), close=True)
    note = (Paragraph(muted("Worth knowing; nothing to fix.")), Paragraph((one.note or one.title,)))
    return draw(note, close=True)


def what_it_is(looked: InspectionResult) -> Iterator[Widget]:
    """Yield what was found to be there."""
    yield Static(words("What it is"), classes="label gap")
    yield Static(words(looked.session.inputs[-1].summary, MUTED), classes="text")


def nothing_wrong(looked: InspectionResult) -> Iterator[Widget]:
    """Yield what to say where there is no finding."""
    yield Static(words(looked.session.inputs[-1].summary), classes="text")
    advice = "As far as can be told without sending it. Press u to go on to a live check."
    if looked.inspection.kind is None:
        advice = "If you know what it is, press k and say so."
    yield Static(words(advice, MUTED), classes="text gap")


def corrected(source: Input) -> Iterator[Widget]:
    """Yield the corrected version with what it changes."""
    if source.corrected is None:
        return draw([Paragraph(muted("Nothing in it can be corrected automatically."))])
    return draw(correction(source), close=True)


def describe_input(looked: InspectionResult, *, said: bool) -> Content:
    """Return what the input is, in one line.

    Args:
        looked: What a look came to.
        said: Whether the user said what it is.
    """
    kind = looked.inspection.kind
    name = capital(TITLES[kind]) if kind is not None else "Not recognised"
    parts: list[Content | tuple[str, str]] = [(f"{name}, as you said" if said else name, STRONG)]
    if looked.held.name != PASTED:
        parts.append((f" · {looked.held.name}", MUTED))
    if looked.held.pasted.excerpt is not None:
        size = _size(looked.held.pasted.size)
        parts.append((f" · {size}, what is about the API is shown", "$text-warning"))
    elif looked.masked.rest:
        count = looked.masked.line_count
        shown = f"the first {count:,} lines are shown" if count > 1 else "its beginning is shown"
        size = _size(looked.held.pasted.size)
        parts.append((f" · {size}, {shown}", "$text-warning"))
    return line(*parts)


def capital(title: str) -> str:
    """Return ``title`` as it begins a line."""
    return title[:1].upper() + title[1:]


def _size(octets: int) -> str:
    for unit, step in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)):
        if octets >= step:
            return f"{octets / step:.1f} {unit}"
    return plural(octets, "byte")
