"""Which faults of an answer those of its request explain already. Pure."""

from collections.abc import Iterable

from pinned_tui.inspect.model import Fault
from pinned_tui.session import Certainty

_REFUSED_KEY = frozenset({"key-rejected", "auth-header-missing"})
OF_BODY = (
    "body-", "field-", "datetime-", "timezone-", "end-", "start-", "classification-", "cover-",
    "offer-", "status-", "channel-id-",
)  # fmt: skip
"""How the ids of the causes begin that are about the body of a request."""


def left_unexplained(faults: Iterable[Fault], own: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return what an answer shows beyond what is wrong with its request by itself.

    Args:
        faults: What the answer shows.
        own: What the request shows.
    """
    sure = [fault for fault in own if fault.certainty is not Certainty.POSSIBLE]
    causes = {fault.cause for fault in sure}
    fields = {fault.subject for fault in sure if fault.subject}
    of_key = any(cause.startswith(("auth-", "key-")) for cause in causes)
    of_body = any(cause.startswith(OF_BODY) for cause in causes)
    return tuple(
        fault
        for fault in faults
        if fault.cause not in causes
        and not (of_key and fault.cause in _REFUSED_KEY)
        and not (of_body and (fault.subject in fields or _is_vague(fault)))
    )


def _is_vague(fault: Fault) -> bool:
    return fault.cause == "payload-rejected" and fault.subject is None
