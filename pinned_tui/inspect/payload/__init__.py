"""The JSON body of a create request: read with places, judged, corrected. Pure."""

from dataclasses import replace

from pinned_tui.inspect.model import (
    Correction,
    Fault,
    InputKind,
    InputText,
    Inspection,
    InspectionContext,
    Span,
)
from pinned_tui.inspect.payload.body import BodyInspection, inspect_body
from pinned_tui.inspect.sentences import say
from pinned_tui.session import Certainty

__all__ = ["BodyInspection", "inspect", "inspect_body", "inspect_content"]


def inspect(input_text: InputText, context: InspectionContext) -> Inspection:
    """Inspect the body of a create request, or a list of them."""
    body = inspect_content(input_text, context)
    correction = None
    if body.corrected is not None:
        correction = Correction(body.corrected, "json", body.changes)
    summary = say("payload.summary.one")
    if body.events > 1:
        summary = say("payload.summary.several", count=body.events)
    return Inspection(
        InputKind.PAYLOAD, summary, body.faults, body.notes, correction, secrets=body.secrets,
        judged=max(body.events, 1 if body.faults else 0),
    )  # fmt: skip


def inspect_content(
    input_text: InputText, context: InspectionContext, *, partial: bool = False
) -> BodyInspection:
    """Inspect a body that was handed over as bytes: as :func:`inspect_body`, and its encoding."""
    body = inspect_body(input_text.text, context, partial=partial)
    encoding = _encoding_fault(input_text)
    if encoding is None:
        return body
    faults = (encoding, *body.faults)
    if input_text.broken_at is not None:
        return replace(body, faults=faults, corrected=None, changes=(), fields=None)
    corrected = body.corrected if body.corrected is not None else input_text.text
    change = say("payload.body-not-utf8.change")
    return replace(body, faults=faults, corrected=corrected, changes=(change, *body.changes))


def _encoding_fault(input_text: InputText) -> Fault | None:
    """Return the fault of bytes that are not UTF-8 (RFC 8259, section 8.1)."""
    if input_text.broken_at is not None:
        at = input_text.text.find("\ufffd")
        byte = input_text.broken_at + 1
        return Fault(
            "body-not-utf8",
            Certainty.CONFIRMED,
            say("payload.body-not-utf8.byte", byte=byte),
            subject=f"byte {byte}",
            span=Span(at, at + 1) if at >= 0 else None,
        )
    if input_text.encoding != "utf-8":
        name = input_text.encoding.upper()
        detail = say("payload.body-not-utf8.encoding", encoding=name)
        return Fault("body-not-utf8", Certainty.CONFIRMED, detail, found=name)
    return None
