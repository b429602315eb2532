"""Whether a verified fix is shown as what it is, in the comparison and in every report."""

import json
from collections.abc import Iterator

from pinned_tui.core.labels import FATE, OUTCOME, gist
from pinned_tui.report import text
from pinned_tui.report.comparison import compare
from pinned_tui.report.export import export
from pinned_tui.session import Session, Verdict
from tests.matrix.model import Mended, Situation


def unproved(row: Situation, session: Session) -> Iterator[str]:
    """Yield what is not right about the proof that a situation is mended."""
    expect = row.mended or Mended()
    comparison = compare(session)
    if comparison is None or not comparison.before.verdicts:
        yield "there is nothing to prove"
        return
    leading = comparison.before.verdicts[0]
    if (leading.cause, leading.subject) in {(v.cause, v.subject) for v in comparison.staying}:
        yield f"{leading.cause} is still found"
    fates = {(one.cause, one.subject): one for one in session.proof}
    proof = fates.get((leading.cause, leading.subject))
    if proof is None or proof.fate != expect.fate:
        yield f"{leading.cause} is {proof and proof.fate}, not {expect.fate}: {proof and proof.why}"
    elif (leading in comparison.gone) != (expect.fate == "gone"):
        yield f"{leading.cause} is {proof.fate} in one place and not in the other"
    alarms = [v.cause for v in comparison.new if str(v.certainty) != "possible"]
    if extra := sorted(set(alarms) - set(expect.may)):
        yield f"newly found: {', '.join(extra)}"
    if session.outcome != expect.outcome:
        yield f"outcome {session.outcome} after the fix, not {expect.outcome}"
    yield from _untold(session, leading, expect)


def _untold(session: Session, leading: Verdict, expect: Mended) -> Iterator[str]:
    """Yield what a report does not tell of before, after, and what became of the fault."""
    fate = FATE[expect.fate].word.capitalize()
    before, after = (str(OUTCOME[run.outcome]) for run in (session.runs[0], session.runs[-1]))
    plain = " ".join(text.render(session, width=100).split())
    for words in (
        f"Outcome {before} {after}",
        f"{fate}: {' '.join(leading.title.split())}",
    ):
        if words not in plain:
            yield f"the text does not say {words!r}"
    marked = export(session, "markdown", secrets=[]).decode()
    for words in (f"| Outcome | {before} | {after} |", f"**{fate}:**", "Before and after"):
        if words not in marked:
            yield f"the Markdown does not say {words!r}"
    document = json.loads(export(session, "json", secrets=[]))
    told = [(one["cause"], one["fate"]) for one in document["proof"]]
    if (leading.cause, expect.fate) not in told:
        yield f"the JSON says {told}"
    outcomes = [run["outcome"] for run in document["runs"]]
    if outcomes != [session.runs[0].outcome, session.outcome]:
        yield f"the JSON says {outcomes}"
    if gist(session).startswith("Mended") and expect.fate != "gone":
        yield "the history calls it mended"
