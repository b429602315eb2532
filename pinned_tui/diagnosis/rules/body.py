"""Causes in the body of a create request. Guide: Validation errors."""

from collections.abc import Iterator

from pinned_tui.api_spec.error_causes import CauseRow, ErrorSigns, find_cause
from pinned_tui.api_spec.response_origin import API
from pinned_tui.diagnosis.facts import CauseRule, Facts, Finding, response_values, text
from pinned_tui.session import Certainty, Observation


def read_off(facts: Facts) -> Iterator[Finding]:
    """Faults that the payload itself shows, or the live list of classifications."""
    codes = ("payload.malformed", "payload.field-missing", "payload.classification-unknown")
    for seen in facts.asked(*codes):
        subject, found = text(seen.data, "subject"), text(seen.data, "found")
        suggestion = seen.data.get("suggestion")
        values = {
            "subject": subject,
            "field": subject,
            "found": found,
            "suggestion": suggestion,
            "detail": seen.data["detail"],
            **seen.data.get("values", {}),
        }
        certainty = Certainty(seen.data.get("certainty", Certainty.CONFIRMED))
        yield Finding(
            seen.data["cause"],
            certainty,
            (seen,),
            subject=subject,
            found=found,
            suggestion=suggestion,
            values=values,
            guess=certainty is Certainty.POSSIBLE,
        )


_PERHAPS_THE_CHANNEL = (
    "The API means the channel: the check put one in that can't exist, and the response names no"
    " field."
)


def rejected(facts: Facts) -> Iterator[Finding]:
    """The API names a fault of the body that nothing on this machine explains."""
    subjects = (str(s.data["subject"]) for s in facts.all("payload.classification-unknown"))
    known = {name for subject in subjects for name in (subject, subject.partition("[")[0])}
    for seen in facts.asked("payload.rejected"):
        field = text(seen.data, "field")
        if field is not None and field in known:
            continue
        issue = text(seen.data, "issue")
        unnamed = field is None
        row = _row(seen)
        values = response_values(seen) | {"field": field, "issue": issue}
        if issue is not None and issue in (text(seen.data, "message") or ""):
            values["message"] = None
        if row is not None:
            values["detail"] = seen.summary
            sure = Certainty.LIKELY if unnamed else row.certainty
            yield Finding(row.cause, sure, (seen,), subject=field, values=values)
            continue
        yield Finding(
            "payload-rejected",
            Certainty.LIKELY if unnamed else Certainty.CONFIRMED,
            (seen,),
            subject=field,
            found=issue or text(seen.data, "message"),
            values=values,
            alternatives=(_PERHAPS_THE_CHANNEL,) if unnamed else (),
        )


def _row(seen: Observation) -> CauseRow | None:
    """Return the row of the table that explains what the API says of a field, if one does."""
    field, status = text(seen.data, "field"), seen.data.get("status")
    said = text(seen.data, "issue") or text(seen.data, "message") or ""
    if status is None:
        return None
    signs = ErrorSigns(
        who=API, status=status, code=text(seen.data, "code"), documented=True, route="write",
        field=field or "", says=said,
    )  # fmt: skip
    row = find_cause(signs)
    own = row is not None and row.cause.startswith(_OF_THE_CHECK)
    return None if row is None or own or row.cause == "payload-rejected" else row


_OF_THE_CHECK = ("body-", "idempotency-")
"""How causes begin that are about what the check itself makes of the payload when it sends it."""


def accepted(facts: Facts) -> Iterator[Finding]:
    """A probe that must not create anything was accepted."""
    for seen in facts.all("probe.accepted"):
        made = text(seen.data, "made")
        values = response_values(seen) | {"found": made}
        yield Finding("probe-was-accepted", Certainty.CONFIRMED, (seen,), made, made, values=values)


RULES: tuple[CauseRule, ...] = (read_off, rejected, accepted)
