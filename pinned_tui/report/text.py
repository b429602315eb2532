"""A session as plain text for a terminal or a pipe: the answer, what was seen, the fix last."""

import io
from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pinned_tui.core import labels
from pinned_tui.report import inspection_text
from pinned_tui.report.comparison import compare, told
from pinned_tui.report.content import waits_in_short
from pinned_tui.report.evidence import in_short, way_in_short
from pinned_tui.report.inspection import is_inspection, latest_inputs
from pinned_tui.report.why import beside_the_first, in_words
from pinned_tui.session import (
    Certainty,
    Considered,
    Fate,
    Observation,
    Outcome,
    Session,
    Status,
    Verdict,
)

_STATUS_STYLE = {
    Status.PASS: "green",
    Status.FAIL: "red",
    Status.WARN: "yellow",
    Status.SKIP: "dim",
    Status.UNKNOWN: "magenta",
}
_OUTCOME_STYLE = {
    Outcome.HEALTHY: "bold green",
    Outcome.PROBLEM: "bold red",
    Outcome.INCONCLUSIVE: "bold magenta",
    None: "bold",
}
_FATE_STYLE: Mapping[Fate, str] = {
    "gone": "green",
    "staying": "red",
    "not proven": "magenta",
    "asked differently": "dim",
    "only told": "dim",
}
_SHOWN_CHANNELS = 12
WIDEST = 100


def render(session: Session, *, width: int = 80, colour: bool = False) -> str:
    """Write ``session`` for a person to read.

    Args:
        session: The session; its latest run is what is shown.
        width: Columns to wrap at; no line is wider than :data:`WIDEST`.
        colour: Whether to add colour; glyph and word say the same without it.
    """
    page = TextPage(min(width, WIDEST), colour=colour)
    page.line(_heading(session))
    if is_inspection(session):
        _inspection(page, session)
        return page.text()
    page.line(Text(labels.describe_target(session.target), style="dim"))
    _before(page, session)
    _checks(page, session)
    _scopes_and_channels(page, session)
    if session.verdicts:
        _verdict(page, session.verdicts[0])
        _why(page, session)
        _others(page, session)
    _closing(page, session)
    if session.verdicts:
        _fix(page, session.verdicts[0])
        _waits(page, session)
    return page.text()


class TextPage:
    """Wraps and indents lines; nothing in them is markup."""

    def __init__(self, width: int, *, colour: bool) -> None:
        self._file = io.StringIO()
        self.width = max(width, 40)
        self._console = Console(
            file=self._file,
            width=self.width,
            force_terminal=colour,
            color_system="standard" if colour else None,
            highlight=False,
            markup=False,
            emoji=False,
        )

    def line(self, text: Text | str = "", indent: int = 0) -> None:
        """Add a paragraph; its continuation lines keep the indent."""
        shown = Text(text) if isinstance(text, str) else text
        self._console.print(Padding(shown, (0, 0, 0, indent)) if indent else shown)

    def title(self, text: str) -> None:
        """Begin a part."""
        self.line()
        self.line(Text(text, style="bold"))

    def exact(self, text: Text) -> None:
        """Add one line that is not wrapped; what is too long for it is cut off."""
        self._console.print(text, no_wrap=True, overflow="crop", crop=True)

    def verbatim(self, text: str) -> None:
        """Add one line as it is, however long, since it is meant to be copied."""
        self._console.print(Text(text), soft_wrap=True)

    def table(self, table: Table) -> None:
        """Add a table."""
        self._console.print(table)

    def numbered(self, entries: Iterable[str]) -> None:
        """Add a numbered list with hanging numbers."""
        grid = Table.grid(padding=(0, 1))
        grid.add_column(justify="right", width=3)
        grid.add_column(ratio=1)
        for number, entry in enumerate(entries, start=1):
            grid.add_row(Text(f"{number}."), Text(entry))
        self._console.print(grid)

    def bullets(self, entries: Iterable[str], indent: int = 2) -> None:
        """Add a list with hanging bullets."""
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=indent + 1, justify="right")
        grid.add_column(ratio=1)
        for entry in entries:
            grid.add_row(Text("•"), Text(entry))
        self._console.print(grid)

    def signed(self, rows: Iterable[tuple[Text, Text]]) -> None:
        """Add lines that begin with a sign, their texts in one column."""
        grid = Table.grid(padding=(0, 2))
        grid.add_column(no_wrap=True)
        grid.add_column(ratio=1)
        for sign, text in rows:
            grid.add_row(Text("  ") + sign, text)
        self._console.print(grid)

    def text(self) -> str:
        """Return all of it, without blanks at the ends of lines."""
        return "\n".join(line.rstrip() for line in self._file.getvalue().splitlines()) + "\n"


def _inspection(page: TextPage, session: Session) -> None:
    """Write what was inspected, each fault at its place, and the fix last."""
    inputs = latest_inputs(session)
    for one in inputs:
        page.line(Text(f"{one.name}: {one.summary}", style="dim"))
    inspection_text.faults(page, session)
    inspection_text.notes(page, session)
    inspection_text.timelines(page, session)
    if session.verdicts:
        _verdict(page, session.verdicts[0], brief=True)
    inspection_text.corrected(page, inputs)
    page.line()
    page.line(Text(f"Nothing was sent. Session {session.id}.", style="dim"))
    if session.verdicts:
        _fix(page, session.verdicts[0])


def _heading(session: Session) -> Text:
    sign = labels.OUTCOME[session.outcome]
    heading = Text(str(sign), style=_OUTCOME_STYLE[session.outcome])
    heading.append(f"  {labels.headline(session)}", style="bold")
    if session.verdicts and not labels.names_no_fault(session.verdicts[0]):
        heading.append(f"  ({session.verdicts[0].certainty})", style="not bold dim")
    return heading


def _before(page: TextPage, session: Session) -> None:
    """Hold the first run against the latest one, where a fix was verified."""
    comparison = compare(session)
    if comparison is None:
        return
    first = comparison.before
    cause = f", {first.verdicts[0].title}" if first.verdicts else ""
    page.line(f"Before: {labels.OUTCOME[first.outcome]}{cause}")
    page.line(f"Now: {labels.OUTCOME[session.outcome]}, {labels.headline(session)}")
    if comparison.asked:
        page.line(f"What was asked differs: {'; '.join(map(str, comparison.asked))}.")
    page.signed(
        (Text(labels.FATE[fate].glyph, style=_FATE_STYLE[fate]), Text(f"{said}\n{why}"))
        for fate, said, why in told(comparison)
    )


def _checks(page: TextPage, session: Session) -> None:
    seen = session.latest()
    if not seen:
        return
    page.title("What was checked")
    page.signed((_sign(one), Text(one.summary)) for one in seen)
    took = way_in_short(session)
    if took is not None:
        page.line(Text(f"It took: {took}.", style="dim"), indent=2)


def _sign(one: Observation) -> Text:
    return Text(str(labels.STATUS[one.status]), style=_STATUS_STYLE[one.status])


def _scopes_and_channels(page: TextPage, session: Session) -> None:
    if session.run is None or session.run.requests_sent == 0:
        return
    page.title("Scopes")
    page.signed((Text(str(labels.SCOPE[state])), Text(s)) for s, state in session.scopes.items())
    if session.channels:
        page.title("Channels that this key can use")
        for channel in session.channels[:_SHOWN_CHANNELS]:
            page.line(f"{channel.id}  {channel.name}  ({channel.slug})", indent=2)
        left = len(session.channels) - _SHOWN_CHANNELS
        if left > 0:
            page.line(f"and {left:,} more", indent=2)


def _verdict(page: TextPage, verdict: Verdict, *, brief: bool = False) -> None:
    """Write the leading verdict; ``brief`` leaves out what the place of a fault has shown."""
    page.title(f"{verdict.title}  [{verdict.cause}]")
    page.line(f"{verdict.certainty.capitalize()}. {labels.certainty_meaning(verdict)}", 2)
    for label, value in (
        ()
        if brief
        else (
            ("Concerns", labels.concerns(verdict)),
            ("Found", labels.found_value(verdict)),
            ("Suggested", verdict.suggestion),
        )
    ):
        if value is not None:
            page.line(f"{label}: {value}", indent=2)
    page.line(verdict.summary, indent=2)
    if verdict.alternatives:
        sure = verdict.certainty is Certainty.CONFIRMED
        told = "What can't be told from outside:" if sure else "It could also be:"
        page.line(told, indent=2)
        page.bullets(verdict.alternatives, indent=4)
    if verdict.unknowable:
        page.line(verdict.unknowable, indent=2)


def _why(page: TextPage, session: Session) -> None:
    """Name the other causes that were weighed; what has no name is among the alternatives."""
    rows = [one for one in session.considered if one.cause and one.standing != "not judged"]
    if len(rows) < 2:
        return
    page.title(labels.WHY)
    page.signed((Text(str(labels.STANDING[one.standing])), Text(_weighed(one))) for one in rows)


def _weighed(one: Considered) -> str:
    subject = f" {one.subject}" if one.subject and one.standing != "fits" else ""
    tells = f"\n→ {in_words(one.next)}" if one.next is not None else ""
    return f"{one.cause}{subject}: {one.why}{tells}"


def _others(page: TextPage, session: Session) -> None:
    for title, verdicts in beside_the_first(session):
        page.title(title)
        for verdict in verdicts:
            subject = f" {verdict.subject}" if verdict.subject else ""
            line = f"{verdict.title} [{verdict.cause}{subject}], {verdict.certainty}"
            page.line(line, indent=2)
            if verdict.fix:
                page.line(f"→ {verdict.fix[0]}", indent=4)


def _closing(page: TextPage, session: Session) -> None:
    page.line()
    page.line(Text(f"{in_short(session)} Session {session.id}.", style="dim"))


def _waits(page: TextPage, session: Session) -> None:
    short = waits_in_short(session)
    if short is not None:
        page.title(short[0])
        page.line(short[1], indent=2)


def _fix(page: TextPage, verdict: Verdict) -> None:
    page.title(labels.remedy_title(verdict))
    page.numbered(verdict.fix)
    page.line()
    page.line(Text("Then verify: ", style="bold") + Text(verdict.verify))
    page.line(Text(f"More: {verdict.docs}", style="dim"))
