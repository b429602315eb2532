"""Causes in the key's scopes. Guide: Missing scope."""

from collections.abc import Iterator

from pinned_tui.diagnosis.facts import CauseRule, Facts, Finding, answer_values, text
from pinned_tui.session import Certainty, Observation


def missing(facts: Facts) -> Iterator[Finding]:
    """403 ``insufficient_scope`` on a route that something asked for."""
    told: set[str] = set()
    for seen in facts.asked("scope.missing"):
        scope = seen.data["scope"]
        if scope in told:
            continue
        told.add(scope)
        yield Finding(
            "scope-missing",
            Certainty.CONFIRMED,
            (seen,),
            subject=scope,
            found=text(seen.data, "code"),
            values=answer_values(seen) | {"scope": scope},
        )


def forbidden(facts: Facts) -> Iterator[Finding]:
    """403 ``forbidden`` where neither the scope nor the channel explains it."""
    for seen in facts.asked("scope.unknown", *_OF_AN_EVENT):
        if seen.probe in _OF_NOTHING_THERE:
            continue
        if seen.data.get("code") == "forbidden" or seen.code == "event.forbidden":
            values = answer_values(seen) | _seen_to_fit(facts, seen)
            yield Finding(
                "forbidden-unexplained",
                Certainty.LIKELY,
                (seen,),
                subject=text(seen.data, "request_id"),
                values=values,
            )


_OF_AN_EVENT = ("event.forbidden", "event.look-up-refused")
_OF_NOTHING_THERE = {"create-scope", "update-scope", "media-scope"}
"""Probes that name what can't exist, which an API may well forbid."""


def _seen_to_fit(facts: Facts, refused: Observation) -> dict[str, str | None]:
    """Name the scope and the channel that were seen to be there, and so are not the reason."""
    wanted = "events:read" if refused.code in _OF_AN_EVENT else refused.data.get("scope")
    scopes = [text(one.data, "scope") for one in facts.all("scope.present")]
    listed = facts.first("channels.target-listed")
    return {
        "scope": wanted if wanted in scopes else None,
        "channel": text(listed.data, "channel") if listed is not None else None,
    }


SCOPE_RULES: tuple[CauseRule, ...] = (missing, forbidden)
