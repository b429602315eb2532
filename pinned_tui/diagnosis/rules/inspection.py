"""Causes that a pasted input itself shows. What is wrong with it holds whatever else failed."""

from collections.abc import Iterator

from pinned_tui.diagnosis.facts import CauseRule, Facts, Finding, text
from pinned_tui.session import Certainty

_RULED_OUT = {
    "duplicates-present": (
        "idempotency-key-missing",
        "idempotency-key-random",
        "idempotency-window-expired",
    ),
}
"""What a log rules out by showing one key on both requests, and the time between them."""


_SEEN_OUTRIGHT = frozenset({"start-in-past", "field-duplicated"})
"""Causes that are seen for sure even where it is only possible that they matter."""


def from_inspection(facts: Facts) -> Iterator[Finding]:
    """The faults that an inspection found, each with its cause."""
    for seen in facts.all("pasted.fault"):
        data = seen.data
        subject, found = text(data, "subject"), text(data, "found")
        suggestion = data.get("suggestion")
        given = dict(data.get("values", {}))
        harm = given.pop("harm", None) is not None
        values = {
            "subject": subject,
            "field": subject,
            "found": found,
            "suggestion": suggestion,
            "detail": text(data, "detail"),
            **given,
        }
        certainty = Certainty(data["certainty"])
        yield Finding(
            data["cause"],
            certainty,
            (seen,),
            subject=subject,
            found=found,
            suggestion=suggestion,
            values=values,
            alternatives=tuple(data.get("alternatives", ())),
            excludes=_RULED_OUT.get(data["cause"], ()),
            stands=True,
            harm=harm,
            guess=certainty is Certainty.POSSIBLE and data["cause"] not in _SEEN_OUTRIGHT,
        )


def unrecognised(facts: Facts) -> Iterator[Finding]:
    """Nothing recognised the input."""
    for seen in facts.all("pasted.unrecognised"):
        yield Finding(
            "input-unrecognised", Certainty.CONFIRMED, (seen,), values={"detail": seen.summary}
        )


RULES: tuple[CauseRule, ...] = (from_inspection, unrecognised)
