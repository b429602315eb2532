"""What the commands would say of a text: the outcome and the causes, in their order."""

from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.model import InputKind, InputText, Inspection, InspectionContext, read_text
from pinned_tui.session import Certainty, Outcome, Session
from tests.corpus.judging import session_of
from tests.corpus.reading import NOW


def concluded(text: str | InputText, kind: InputKind | None = None) -> tuple[Inspection, Session]:
    """Inspect ``text`` as the commands do."""
    pasted = read_text(text) if isinstance(text, str) else text
    inspection = look(pasted, InspectionContext(now=NOW), kind)
    return inspection, session_of(pasted, inspection)


def outcome(text: str) -> Outcome | None:
    return concluded(text)[1].outcome


def causes(text: str) -> list[str]:
    """Return the causes that are likely or better."""
    verdicts = concluded(text)[1].verdicts
    return [one.cause for one in verdicts if one.certainty is not Certainty.POSSIBLE]


def sure(text: str) -> list[str]:
    """Return the causes that are confirmed."""
    verdicts = concluded(text)[1].verdicts
    return [one.cause for one in verdicts if one.certainty is Certainty.CONFIRMED]
