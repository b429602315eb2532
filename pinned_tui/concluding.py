"""From what was seen to what it means: verdicts, why these and not others, and proof of a fix.

The engine judges; here it is given what it can't know by itself: the probes that there are, and
the questions of the guide.
"""

from collections.abc import Iterable

import msgspec

from pinned_tui.diagnosis.catalogue import Catalog
from pinned_tui.diagnosis.differential import Questions, consider
from pinned_tui.diagnosis.engine import Diagnosis, ReportedCause, diagnose
from pinned_tui.diagnosis.proof import prove
from pinned_tui.diagnosis.symptoms import symptom_row
from pinned_tui.guide.loader import load_guide
from pinned_tui.guide.model import UNSURE
from pinned_tui.guide.pointing import question_about
from pinned_tui.planning import MEANS
from pinned_tui.session import NAMES_NO_FAULT, Certainty, NextStep, Proven, Session, replace


def concluded(session: Session, catalogue: Catalog, told: Iterable[ReportedCause] = ()) -> Session:
    """Diagnose the latest run anew and write verdicts and outcome into the session. Quick.

    Args:
        session: The session; without a run only what was told counts.
        catalogue: The causes.
        told: Causes that the person's answers conclude.
    """
    told = tuple(told)
    diagnosis = diagnose(session, catalogue, told)
    if session.before is not None and any(v.cause in NAMES_NO_FAULT for v in diagnosis.verdicts):
        proof = prove(_judged(session, diagnosis), catalogue)
        unproven = [one.title for one in proof if _may_still_be_there(one)]
        fixed = not unproven and any(_was_the_reason(one, session, catalogue) for one in proof)
        diagnosis = diagnose(session, catalogue, told, unproven=unproven, fixed=fixed)
    session = _judged(session, diagnosis)
    considered = consider(session, diagnosis, catalogue, MEANS, _questions(session))
    return replace(session, considered=considered, proof=prove(session, catalogue))


def _may_still_be_there(one: Proven) -> bool:
    open_ = one.fate == "not proven" and one.certainty is not Certainty.POSSIBLE
    return open_ and one.cause not in NAMES_NO_FAULT


def _was_the_reason(one: Proven, session: Session, catalogue: Catalog) -> bool:
    """Tell whether a fault is proved to be fixed that the user's symptom came from."""
    row, cause = symptom_row(session.target.symptom), catalogue.get(one.cause)
    found = one.fate == "gone" and one.certainty is not Certainty.POSSIBLE
    found = found and one.cause not in NAMES_NO_FAULT
    return found and row is not None and cause is not None and row.is_about(cause)


def _judged(session: Session, diagnosis: Diagnosis) -> Session:
    """Write verdicts and outcome into the session and its latest run."""
    runs = session.runs
    if runs:
        last = msgspec.structs.replace(
            runs[-1], verdicts=diagnosis.verdicts, outcome=diagnosis.outcome
        )
        runs = (*runs[:-1], last)
    return replace(session, verdicts=diagnosis.verdicts, outcome=diagnosis.outcome, runs=runs)


def _questions(session: Session) -> Questions:
    """Return what finds the guide's question about a cause that the person has not answered yet."""
    answered = {answer.step for answer in session.answers if answer.option != UNSURE}

    def about(cause: str) -> NextStep | None:
        step = question_about(load_guide(), cause)
        if step is None or step.id in answered:
            return None
        return NextStep(title=step.question, cost="asks", question=step.id)

    return about
