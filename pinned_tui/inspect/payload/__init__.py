"""The JSON body of a create request: read with places, judged, corrected. Pure."""

from pinned_tui.inspect.model import Inspection, Kind, Looking, Pasted
from pinned_tui.inspect.payload.body import BodyInspection, inspect_body
from pinned_tui.inspect.payload.simple import (
    PayloadFault,
    read_payload,
    unknown_classifications,
)

__all__ = [
    "BodyInspection",
    "PayloadFault",
    "inspect",
    "inspect_body",
    "read_payload",
    "unknown_classifications",
]


def inspect(pasted: Pasted, looking: Looking) -> Inspection:
    """Inspect the body of a create request, or a list of them."""
    body = inspect_body(pasted.text, looking)
    return Inspection(Kind.PAYLOAD, "The JSON body of a create request.", body.faults, body.notes)
