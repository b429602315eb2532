"""What a session becomes when a check and a person work on it at the same time. Pure."""

from typing import TYPE_CHECKING

from pinned_tui import session as sessions
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
