"""A session's result in full: cause, certainty, fix, evidence, and before and after."""

from collections.abc import Iterator

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from pinned_tui.report.comparison import compare
from pinned_tui.report.phases import way_in_short
from pinned_tui.report.waiting import waits_in_short
from pinned_tui.report.why import beside_the_first
from pinned_tui.session import Certainty, ScopeState, Session, Verdict
from pinned_tui.tui.widgets.channels import channel_rows
from pinned_tui.tui.widgets.checks import evidence_of, observation_row
from pinned_tui.tui.widgets.compare import BeforeAfter, fates
from pinned_tui.tui.widgets.text import (
    MUTED,
    STRONG,
    HangingIndent,
    bounded,
    certainty_sign,
    line,
    outcome_sign,
    scope_sign,
    words,
)
from pinned_tui.wording import (
    certainty_meaning,
    concerns,
    found_value,
    headline,
    names_no_fault,
    plural,
    remedy_title,
)

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
