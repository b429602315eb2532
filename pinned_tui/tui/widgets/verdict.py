"""A session's result in full: cause, certainty, fix, evidence, and before and after."""

from collections.abc import Iterator, Mapping, Sequence

from textual.containers import Grid, Horizontal, Vertical, VerticalGroup
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from pinned_tui.core.labels import (
    FATE,
    certainty_meaning,
    concerns,
    found_value,
    headline,
    names_no_fault,
    plural,
    remedy_title,
    wait,
)
from pinned_tui.report.comparison import Comparison, compare, told
from pinned_tui.report.content import title_of, waits_in_short
from pinned_tui.report.evidence import way_in_short
from pinned_tui.report.why import beside_the_first
from pinned_tui.session import (
    Attempt,
    AttemptMark,
    Certainty,
    Channel,
    Fate,
    Outcome,
    Run,
    ScopeState,
    Session,
    Status,
    Strand,
    Timeline,
    Verdict,
)
from pinned_tui.tui.background import refill
from pinned_tui.tui.widgets.checks import evidence_of, observation_row
from pinned_tui.tui.widgets.text import (
    ACCENT,
    MUTED,
    STRONG,
    HangingIndent,
    bounded,
    certainty_sign,
    line,
    outcome_sign,
    scope_sign,
    status_sign,
    words,
)

_FATE_STYLES: Mapping[Fate, str] = {
    "gone": "bold $text-success",
    "staying": "bold $text-error",
    "not proven": "bold $text-warning",
    "asked differently": MUTED,
    "only told": MUTED,
}


class BeforeAfter(Grid):
    """Three columns: what, before, after; the outcome, and what changed."""

    DEFAULT_CSS = """
    BeforeAfter {
        height: auto;
        width: 1fr;
        grid-size: 3;
        grid-columns: 22 1fr 1fr;
        grid-rows: auto;
        grid-gutter: 0 1;
    }
    BeforeAfter Static { width: 1fr; height: auto; }
    """

    def __init__(self, comparison: Comparison) -> None:
        """Show ``comparison``."""
        super().__init__(*(Static(cell) for row in _rows(comparison) for cell in row))


def _rows(comparison: Comparison) -> Iterator[tuple[Content, Content, Content]]:
    before, after = comparison.before, comparison.after
    yield words(""), words("before", MUTED), words("after", MUTED)
    for one in comparison.asked:
        label = one.part.capitalize()
        yield words(label, MUTED), words(one.before or "none"), words(one.after or "none")
    yield words("Outcome", MUTED), outcome_sign(before.outcome), outcome_sign(after.outcome)
    yield words("Verdict", MUTED), words(_leading(before)), words(_after(comparison))
    for scope in comparison.scopes:
        if scope.changed:
            yield words(scope.scope, MUTED), scope_sign(scope.before), scope_sign(scope.after)
    for probe in comparison.probes:
        if probe.changed:
            yield words(title_of(probe.probe), MUTED), _status(probe.before), _status(probe.after)


def _status(status: Status | None) -> Content:
    return words("not run", MUTED) if status is None else status_sign(status)


def _after(comparison: Comparison) -> str:
    if not comparison.after.verdicts:
        if comparison.unproven:
            return "nothing, as far as it came"
        if comparison.untested:
            return "nothing that checks can see"
    return _leading(comparison.after)


def _leading(run: Run) -> str:
    if run.verdicts:
        return run.verdicts[0].title
    return "nothing to mend" if run.outcome is Outcome.HEALTHY else "none"


def fates(comparison: Comparison) -> Iterator[HangingIndent]:
    """Yield what became of each fault that was found before, and what shows it."""
    for fate, said, why in told(comparison):
        sign = words(FATE[fate].glyph, _FATE_STYLES[fate])
        yield HangingIndent(sign, line(said, "\n", (why, MUTED)))


MOST_ATTEMPTS = 200
"""Attempts that are shown; the report has them all."""

_GOOD, _BAD, _WARN = "bold $text-success", "bold $text-error", "bold $text-warning"
_MARKS: dict[AttemptMark, tuple[str, str]] = {
    "created": ("✓", _GOOD),
    "replayed": ("↺", _GOOD),
    "updated": ("✓", _GOOD),
    "read": ("✓", _GOOD),
    "duplicate": ("✗", _BAD),
    "conflict": ("✗", _BAD),
    "refused": ("✗", _BAD),
    "failed": ("✗", _BAD),
    "limited": ("!", _WARN),
    "in progress": ("!", _WARN),
    "unknown": ("?", MUTED),
}


def summary(timeline: Timeline) -> str:
    """Return what the story is made of, in one line."""
    passed = f", {timeline.passed_over:,} other lines" if timeline.passed_over else ""
    return f"{plural(timeline.requests, 'request')} to the API{passed}"


def story(timeline: Timeline) -> Iterator[Widget]:
    """Yield the strands, each with its attempts."""
    yield Static(words(summary(timeline), MUTED), classes="text")
    room = MOST_ATTEMPTS
    shown = 0
    for strand in timeline.strands:
        if room <= 0:
            break
        yield from _strand(strand, room)
        room -= len(strand.attempts)
        shown += 1
    more = len(timeline.strands) - shown + timeline.left_out
    if more > 0:
        yield Static(words(f"and {plural(more, 'more strand')}", MUTED), classes="text gap")


def _strand(strand: Strand, room: int) -> Iterator[Widget]:
    yield Static(words(strand.label, STRONG), classes="text gap")
    yield Static(words(strand.summary, MUTED), classes="text")
    width = max((len(_time(one)) for one in strand.attempts), default=0)
    for one in strand.attempts[:room]:
        yield HangingIndent(_head(one, width), _body(one))
    more = max(len(strand.attempts) - room, 0) + strand.left_out
    if more > 0:
        yield Static(words(f"and {plural(more, 'more attempt')}", MUTED), classes="text")


def _time(one: Attempt) -> str:
    """Return the time of day in UTC, or the line where the log has no times."""
    if one.at is None:
        return f"#{one.line}"
    return one.at.partition("T")[2].rstrip("Z")[:12]


def _head(one: Attempt, width: int) -> Content:
    return line((_time(one).rjust(width), MUTED), " ", _MARKS[one.mark])


def _body(one: Attempt) -> Content:
    status = "" if one.status is None else f" {one.status}"
    parts = [
        f"{one.method} {one.route}{status}",
        f"event {one.event_id}" if one.event_id else "",
        f"key {one.idempotency_key}" if one.idempotency_key else "",
        f"wait {wait(one.wait_s)}" if one.wait_s is not None else "",
    ]
    rest = " · ".join(part for part in parts if part)
    body = line((str(one.mark), STRONG), "  ", rest)
    return body if one.remark is None else line(body, "\n", (one.remark, MUTED))


_MOST = 12


def channel_row(channel: Channel) -> HangingIndent:
    """Return the line of one channel."""
    return HangingIndent(
        words(f"{channel.id:>6}", STRONG), Content(f"{channel.name} ({channel.slug})")
    )


def channel_rows(channels: Sequence[Channel]) -> list[HangingIndent | Static]:
    """Return a line for each channel, as many as a page has room for."""
    rows: list[HangingIndent | Static] = [channel_row(channel) for channel in channels[:_MOST]]
    more = len(channels) - _MOST
    if more > 0:
        rows.append(Static(words(f"and {plural(more, 'channel')} more", MUTED), classes="text"))
    return rows


class ListedChannels(VerticalGroup):
    """The channels that the live checks have read, beside a question that asks for one."""

    def __init__(self) -> None:
        """Begin empty: the list may still be on its way."""
        super().__init__(classes="after")
        self._shown: tuple[Channel, ...] = ()
        self.display = False

    async def show(self, channels: tuple[Channel, ...]) -> None:
        """Show ``channels`` from now on."""
        if channels == self._shown:
            return
        self._shown = channels
        self.display = bool(channels)
        heading = Static(words("Channels that this key can use", ACCENT))
        await refill(self, [heading, *channel_rows(channels)])


_NOT_APART = "What the checks can't tell apart from this"
_NOT_TOLD = "What the API does not tell about it"
"""What a confirmed verdict leaves open is not whether it holds."""


def label(text: str) -> Static:
    """Return the heading of a part."""
    return Static(words(text), classes="label gap")


def paragraph(text: str, style: str = "") -> Static:
    """Return a paragraph."""
    return Static(words(text, style), classes="text")


class VerdictView(Horizontal):
    """Two columns where there is room, one below the other where there is not."""

    def __init__(self, session: Session) -> None:
        """Show ``session``."""
        super().__init__(
            Vertical(*bounded(first_column(session)), classes="first"),
            Vertical(*bounded(second_column(session)), classes="second"),
        )


def first_column(session: Session) -> Iterator[Widget]:
    """Yield the cause and what to do about it."""
    verdict = session.verdicts[0] if session.verdicts else None
    if verdict is None:
        yield Static(outcome_sign(session.outcome))
        yield Static(words(headline(session), STRONG), classes="text")
    else:
        sign = words("") if names_no_fault(verdict) else certainty_sign(verdict.certainty) + "  "
        yield Static(
            line(
                outcome_sign(session.outcome),
                "  ",
                sign,
                (certainty_meaning(verdict), MUTED),
            ),
            classes="text",
        )
        yield Static(words(verdict.title, STRONG), classes="text")
    comparison = compare(session)
    if comparison is not None:
        yield label("Before and after")
        yield from fates(comparison)
        yield BeforeAfter(comparison)
    if verdict is not None:
        yield Static(words(verdict.summary), classes="text gap" if comparison else "text")
        yield from _particulars(verdict)
        yield from _to_do(verdict)
    waits = waits_in_short(session)
    if waits is not None:
        yield label(waits[0])
        yield paragraph(waits[1])


def _particulars(verdict: Verdict) -> Iterator[Widget]:
    facts = (
        ("About", concerns(verdict)),
        ("Found", None if verdict.found == verdict.subject else found_value(verdict)),
        ("Use", None if verdict.suggestion is None else str(verdict.suggestion)),
    )
    for name, value in facts:
        if value is not None:
            yield HangingIndent(words(f"{name:<6}", MUTED), words(value))


def _to_do(verdict: Verdict) -> Iterator[Widget]:
    if verdict.fix:
        yield label(remedy_title(verdict))
        for number, step in enumerate(verdict.fix, start=1):
            yield HangingIndent(words(f"{number}.", STRONG), words(step))
    if verdict.verify:
        yield label("How you see that it worked")
        yield paragraph(verdict.verify)
    if verdict.alternatives:
        sure = verdict.certainty is Certainty.CONFIRMED
        yield label(_NOT_TOLD if sure else _NOT_APART)
        for one in verdict.alternatives:
            yield HangingIndent("•", one)
    if verdict.unknowable:
        yield label("Who can look")
        yield paragraph(verdict.unknowable)


def second_column(session: Session) -> Iterator[Widget]:
    """Yield what shows it, and what else was seen."""
    verdict = session.verdicts[0] if session.verdicts else None
    shown = evidence_of(session, verdict.evidence) if verdict is not None else []
    if shown:
        yield label("What shows it")
        yield from (observation_row(one) for one in shown)
    yield from _others(session)
    rest = [one for one in session.latest() if one not in shown]
    if rest:
        yield label("What else was checked" if shown else "What was checked")
        yield from (observation_row(one) for one in rest)
    took = way_in_short(session)
    if took is not None:
        yield paragraph(f"It took: {took}.", MUTED)
    yield from _scopes(session)
    yield from _channels(session)
    if verdict is not None and verdict.docs:
        yield label("Documentation")
        yield paragraph(verdict.docs)
    yield Static(
        words(f"{plural(session.requests_sent, 'request')} sent in this session.", MUTED),
        classes="text gap",
    )


def _others(session: Session) -> Iterator[Widget]:
    for title, verdicts in beside_the_first(session):
        yield label(title)
        for one in verdicts:
            about = f" ({one.subject})" if one.subject else ""
            yield HangingIndent(certainty_sign(one.certainty), Content(one.title + about))


def _scopes(session: Session) -> Iterator[Widget]:
    if not any(state is not ScopeState.NOT_PROBED for state in session.scopes.values()):
        return
    yield label("Scopes of the key")
    width = max(map(len, session.scopes))
    for scope, state in session.scopes.items():
        yield Static(line(scope.ljust(width + 2), scope_sign(state)), classes="text")


def _channels(session: Session) -> Iterator[Widget]:
    if not session.channels:
        return
    yield label("Channels that the key's owner can use")
    yield from channel_rows(session.channels)
