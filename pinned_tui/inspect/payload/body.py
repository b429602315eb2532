"""The body of one create request, or of an update: what is wrong with it, and its correction."""

from dataclasses import dataclass

from pinned_tui.inspect.model import Fault, Looking, Note
from pinned_tui.inspect.payload.simple import read_payload
from pinned_tui.privacy.secret import Secret
from pinned_tui.session import Certainty


@dataclass(frozen=True, slots=True)
class BodyInspection:
    """What was found in a body.

    Attributes:
        faults: What is wrong, in the order in which to mend it; spans count from the body's
            first character.
        corrected: The body with its mechanical faults mended, or None where nothing was mended.
        changes: What was mended, a sentence each.
        secrets: Credentials in the body, which nothing may repeat.
    """

    faults: tuple[Fault, ...] = ()
    notes: tuple[Note, ...] = ()
    corrected: str | None = None
    changes: tuple[str, ...] = ()
    secrets: tuple[Secret, ...] = ()


def inspect_body(text: str, looking: Looking, *, partial: bool = False) -> BodyInspection:
    """Inspect the body of a create request.

    Args:
        text: The body as it is sent.
        looking: The present moment and what is known.
        partial: Whether fields may be left out, as in the body of an update.
    """
    payload = read_payload(text.encode("utf-8", "surrogatepass"))
    return BodyInspection(
        tuple(
            Fault(
                fault.cause,
                Certainty.CONFIRMED,
                fault.detail,
                subject=fault.subject,
                found=fault.found,
                suggestion=fault.suggestion,
                path=fault.subject,
            )
            for fault in payload.faults
            if not (partial and fault.cause == "field-missing")
        )
    )
