"""Refusals of requests that nobody asked for, where the user came with a symptom.

What nobody asked for does not alarm. To a user whose requests are refused it is evidence all the
same: the check has met such a refusal with their key.
"""

from collections.abc import Iterator

from pinned_tui.diagnosis.facts import CauseRule, Facts, Finding, cause_row, response_values, text
from pinned_tui.diagnosis.symptoms import symptom_row
from pinned_tui.session import Certainty

_ANOTHER_CALL = "The call that fails for you is another one, and is refused for another reason."


def refused_scope(facts: Facts) -> Iterator[Finding]:
    """A scope that a request was refused for: the symptom itself, or the first to rule out."""
    row = symptom_row(facts.session.target.symptom)
    if row is None or row.refused_scope is None:
        return
    for seen in facts.all("scope.missing"):
        if seen.asked:
            continue
        scope = str(seen.data["scope"])
        yield Finding(
            "scope-missing",
            Certainty.LIKELY if row.refused_scope == "explains" else Certainty.POSSIBLE,
            (seen,),
            subject=scope,
            found=text(seen.data, "code"),
            values=response_values(seen) | {"scope": scope},
            alternatives=(_ANOTHER_CALL,),
            unasked=True,
        )


def forbidden(facts: Facts) -> Iterator[Finding]:
    """A request that was answered 403 ``forbidden``."""
    row = symptom_row(facts.session.target.symptom)
    if row is None or row.forbidden is None:
        return
    for seen in facts.all("scope.unknown"):
        refusal = cause_row(facts, seen)
        if seen.asked or refusal is None or refusal.stage != "access":
            continue
        yield Finding(
            "forbidden-unexplained",
            Certainty.LIKELY if row.forbidden == "explains" else Certainty.POSSIBLE,
            (seen,),
            subject=text(seen.data, "request_id"),
            values=response_values(seen),
            alternatives=(_ANOTHER_CALL,),
            unasked=True,
        )


def no_channels(facts: Facts) -> Iterator[Finding]:
    """The key's owner has no channel at all, though nobody named one."""
    row = symptom_row(facts.session.target.symptom)
    if row is None or row.no_channels is None:
        return
    for seen in facts.all("channels.empty"):
        if not seen.asked:
            yield Finding(
                "channel-list-empty",
                Certainty.LIKELY if row.no_channels == "explains" else Certainty.POSSIBLE,
                (seen,),
                alternatives=(_ANOTHER_CALL,),
                unasked=True,
            )


RULES: tuple[CauseRule, ...] = (refused_scope, forbidden, no_channels)
