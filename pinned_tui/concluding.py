"""From what was seen to what it means: verdicts, why these and not others, and proof of a fix.

The engine judges; here it is given what it can't know by itself: the probes that there are, and
the questions of the guide.
"""

from collections.abc import Iterable

import msgspec

from pinned_tui.diagnosis.catalogue import Catalogue
from pinned_tui.diagnosis.differential import Questions, consider
from pinned_tui.diagnosis.engine import Told, diagnose
from pinned_tui.diagnosis.proof import prove
from pinned_tui.guide.loader import load_guide
from pinned_tui.guide.model import UNSURE
from pinned_tui.guide.pointing import question_about
from pinned_tui.planning import MEANS
from pinned_tui.session import NextStep, Session, replace


def concluded(session: Session, catalogue: Catalogue, told: Iterable[Told] = ()) -> Session:
    """Diagnose the latest run anew and write verdicts and outcome into the session. Quick.

    Args:
        session: The session; without a run only what was told counts.
        catalogue: The causes.
        told: Causes that the person's answers conclude.
    """
    diagnosis = diagnose(session, catalogue, told)
    runs = session.runs
    if runs:
        last = msgspec.structs.replace(
            runs[-1], verdicts=diagnosis.verdicts, outcome=diagnosis.outcome
        )
        runs = (*runs[:-1], last)
    session = replace(
        session,
        verdicts=diagnosis.verdicts,
        considered=consider(session, diagnosis, catalogue, MEANS, _questions(session)),
        outcome=diagnosis.outcome,
        runs=runs,
    )
    return replace(session, proof=prove(session, catalogue))


def _questions(session: Session) -> Questions:
    """Return what finds the guide's question about a cause that the person has not answered yet."""
    answered = {answer.step for answer in session.answers if answer.option != UNSURE}

    def about(cause: str) -> NextStep | None:
        step = question_about(load_guide(), cause)
        if step is None or step.id in answered:
            return None
        return NextStep(title=step.question, cost="asks", question=step.id)

    return about
