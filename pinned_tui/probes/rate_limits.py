"""What the answers said about limits. It sends nothing: limits are never probed by bursts."""

from collections.abc import Iterable

from pinned_tui.contract.ratelimit import requests_left
from pinned_tui.probes.model import ProbeObservation
from pinned_tui.session import Exchange, Status
from pinned_tui.wording import plural

LIMITS_ID = "rate-limits"
LIMITS_TITLE = "Read the rate-limit fields of the answers"


def read_fields(exchanges: Iterable[Exchange]) -> list[ProbeObservation]:
    """Return what the latest answer with rate-limit fields said; empty where none had any."""
    told = [x for x in exchanges if x.response is not None and x.response.rate_limit is not None]
    if not told or told[-1].response is None or told[-1].response.rate_limit is None:
        return []
    fields = told[-1].response.rate_limit.fields
    left = requests_left(fields)
    of = next((v for n, v in fields.items() if n.endswith("-limit")), None)
    if left is None:
        summary = "The answers carry rate-limit fields."
    else:
        summary = f"{plural(left, 'request')} {'is' if left == 1 else 'are'} left" + (
            f" of {of} in this window." if of else "."
        )
    status = Status.WARN if left == 0 else Status.PASS
    return [ProbeObservation("rate.fields", status, summary, {"fields": dict(fields)}, False)]
