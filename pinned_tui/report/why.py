"""The part of a report that says why it is this cause and not another. Pure."""

from collections.abc import Iterable

from pinned_tui.core import labels
from pinned_tui.report.blocks import Block, Code, Heading, InlineLine, Table, joined, line
from pinned_tui.session import Considered, NextStep, Session, Verdict


def why(session: Session) -> Iterable[Block]:
    """Yield the causes considered beside the leading verdict, where there is one.

    Possibilities that have no name are among what can't be told, right before this.
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
    yield Table(("", "Cause", "Why", "What would tell"), rows)


def beside_the_first(session: Session) -> Iterable[tuple[str, tuple[Verdict, ...]]]:
    """Yield the verdicts behind the leading one under headings: found, and told by nobody."""
    untold = {(one.cause, one.subject) for one in session.considered if one.standing == "open"}
    found: list[Verdict] = []
    left: list[Verdict] = []
    for one in session.verdicts[1:]:
        nobody = not one.evidence and (one.cause, one.subject) in untold
        (left if nobody else found).append(one)
    if found:
        yield labels.FOUND_TOO, tuple(found)
    if left:
        yield labels.UNTOLD, tuple(left)


def in_words(step: NextStep) -> str:
    """Say what would tell, and what it costs."""
    if step.cost == "asks":
        return f"{labels.COST[step.cost].capitalize()}: {step.title}"
    return f"{step.title} ({labels.COST[step.cost]})"


def _cause(one: Considered) -> InlineLine:
    return line(one.title) if one.cause is None else line(f"{one.title} (", Code(one.cause), ")")


def _reason(one: Considered) -> InlineLine:
    seen = tuple(line(Code(id_)) for id_ in (*one.against, *one.speaks_for))
    return (*line(one.why), " (", *joined(seen, ", "), ")") if seen else line(one.why)
