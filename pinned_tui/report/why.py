"""The part of a report that says why it is this cause and no other. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pinned_tui.core import labels
from pinned_tui.report.blocks import (
    Block,
    Code,
    Heading,
    InlineLine,
    Paragraph,
    Signed,
    SignedRow,
    Strong,
    Styled,
    Table,
    codes,
    line,
    muted,
    sign,
)
from pinned_tui.session import Considered, NextStep, Session, Standing, Verdict

_STANDINGS: Final[Mapping[Standing, str]] = {
    "fits": "Fits what was seen",
    "open": "Still open",
    "ruled out": "Ruled out",
    "not judged": "Not judged",
}
"""The headings over the causes, by where they stand."""


def why(session: Session) -> Iterable[Block]:
    """Yield the causes considered beside the leading verdict, where there is one.

    Possibilities that have no name are among the alternatives, right before this.
    """
    shown = [one for one in session.considered if one.cause or one.standing != "open"]
    if not session.verdicts or not shown:
        return
    yield Heading(2, line(labels.WHY))
    rows = tuple(
        (
            line(str(labels.STANDING[one.standing])),
            _cause(one),
            _reason(one),
            line(in_words(one.next)) if one.next is not None else (),
        )
        for one in shown
    )
    yield Table(("", "Cause", "Why", "What would narrow it down"), rows)


def why_in_short(session: Session) -> Iterable[Block]:
    """Yield the causes that were judged beside the leading one; what has no name is left out."""
    shown = [one for one in session.considered if one.cause and one.standing != "not judged"]
    if not session.verdicts or len(shown) < 2:
        return
    yield Heading(2, line(labels.WHY))
    yield Signed(tuple(_judged(one) for one in shown))


def _judged(one: Considered) -> SignedRow:
    subject = f" {one.subject}" if one.subject and one.standing != "fits" else ""
    step = (line(f"→ {in_words(one.next)}"),) if one.next is not None else ()
    return SignedRow(
        sign(labels.STANDING[one.standing]), line(f"{one.cause}{subject}: {one.why}"), step
    )


def by_standing(
    considered: Sequence[Considered], offered: Sequence[NextStep] = ()
) -> Iterable[Block]:
    """Yield the causes under headings that say where they stand.

    Args:
        considered: The causes.
        offered: What would narrow it down and is offered beside them.
    """
    if not considered:
        yield Paragraph(muted("No other cause was considered here."))
    for standing, heading in _STANDINGS.items():
        rows = [one for one in considered if one.standing == standing]
        glyph = labels.STANDING[standing]
        if rows:
            yield Heading(2, line(Styled(f"{glyph.glyph} {heading}", glyph.role)))
        if standing == "not judged":  # one reason holds for all of them, so it is said once
            for reason in dict.fromkeys(one.why for one in rows):
                yield Paragraph(muted(reason))
        if rows:
            yield Signed(tuple(_standing(one, offered) for one in rows))


def _standing(one: Considered, offered: Sequence[NextStep]) -> SignedRow:
    bullet = Styled("•", "plain")
    if one.cause is None:
        return SignedRow(bullet, line(one.title))
    below = [line(one.why)] if one.standing != "not judged" else []
    if one.next is not None and one.next not in offered:
        below.append(line("→ ", Strong(one.next.title), f" ({labels.COST[one.next.cost]})"))
    return SignedRow(bullet, line(Strong(one.title), Styled(f"  {one.cause}", "muted")), (*below,))


def beside_the_first(session: Session) -> Iterable[tuple[str, tuple[Verdict, ...]]]:
    """Yield the verdicts behind the leading one under headings: found, and undecided."""
    undecided = {(one.cause, one.subject) for one in session.considered if one.standing == "open"}
    found: list[Verdict] = []
    left: list[Verdict] = []
    for one in session.verdicts[1:]:
        nobody = not one.evidence and (one.cause, one.subject) in undecided
        (left if nobody else found).append(one)
    if found:
        yield labels.FOUND_TOO, tuple(found)
    if left:
        yield labels.UNTOLD, tuple(left)


def in_words(step: NextStep) -> str:
    """Return what would narrow it down, and what it costs."""
    if step.cost == "asks":
        return f"{labels.COST[step.cost].capitalize()}: {step.title}"
    return f"{step.title} ({labels.COST[step.cost]})"


def _cause(one: Considered) -> InlineLine:
    return line(one.title) if one.cause is None else line(f"{one.title} (", Code(one.cause), ")")


def _reason(one: Considered) -> InlineLine:
    seen = codes((*one.against, *one.speaks_for))
    return (*line(one.why), " (", *seen, ")") if seen else line(one.why)
