"""From when on the API may be asked again, after it asked to wait. Pure."""

from datetime import datetime
from typing import TYPE_CHECKING

from pinned_tui import session as sessions
from pinned_tui.core.clock import parse_timestamp
from pinned_tui.session import Session

if TYPE_CHECKING:
    from pinned_tui.diagnosis.engine import ReportedCause
    from pinned_tui.guide.model import Guide


def merged(walked: Session, checked: Session) -> Session:
    """Return what ``checked`` learnt together with the way that was ``walked`` meanwhile.

    A check begins with a copy of the session; the person goes on answering while it runs.
    """
    return sessions.replace(
        checked, section=walked.section, step=walked.step, answers=walked.answers
    )


def told_by(session: Session, guide: "Guide", *, since: int = 0) -> "tuple[ReportedCause, ...]":
    """Return the causes that the person's answers conclude.

    Args:
        session: The session.
        guide: The tree that was walked.
        since: How many answers were given before a fix was verified. They say nothing about what
            holds after it: only the checks do, until the person answers again.
    """
    from pinned_tui.diagnosis.engine import ReportedCause
    from pinned_tui.guide import walker
    from pinned_tui.guide.model import UNSURE

    given = {answer.step: number for number, answer in enumerate(session.answers)}
    return tuple(
        ReportedCause(
            cause=asked.cause,
            certainty=asked.certainty,
            subject=asked.subject,
            found=asked.text,
            unsure=asked.option == UNSURE,
        )
        for asked in walker.asked_causes(guide, session)
        if given.get(asked.step, -1) >= since
    )


LIMITED = frozenset({"rate-limited", "rate-limited-by-edge"})


def retry_moment(session: Session | None) -> datetime | None:
    """Return from when on the API may be asked again, where its leading verdict is a limit."""
    if session is None or session.first_cause not in LIMITED:
        return None
    run = session.run
    for exchange in reversed(session.exchanges):
        limit = exchange.response.rate_limit if exchange.response is not None else None
        if run is not None and exchange.run == run.id and limit is not None and limit.retry_at:
            try:
                return parse_timestamp(limit.retry_at)
            except ValueError:
                return None
    return None
