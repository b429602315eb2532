"""Causes in the channel. Guide: 403 Forbidden, Wrong channelId."""

from collections.abc import Iterator

from pinned_tui.core.labels import moment
from pinned_tui.diagnosis.facts import CauseRule, Facts, Finding, cause_row, response_values, text
from pinned_tui.session import Certainty, Observation


def missing(facts: Facts) -> Iterator[Finding]:
    """403 ``insufficient_scope`` on a route that something asked for."""
    reported: set[str] = set()
    for seen in facts.asked("scope.missing"):
        scope = seen.data["scope"]
        if scope in reported:
            continue
        reported.add(scope)
        yield Finding(
            "scope-missing",
            Certainty.CONFIRMED,
            (seen,),
            subject=scope,
            found=text(seen.data, "code"),
            values=response_values(seen) | {"scope": scope},
        )


def forbidden(facts: Facts) -> Iterator[Finding]:
    """403 ``forbidden`` where neither the scope nor the channel explains it."""
    for seen in facts.asked("scope.unknown", *_OF_AN_EVENT):
        if seen.probe in _OF_NOTHING_THERE:
            continue
        row = cause_row(facts, seen)
        if row is not None and row.stage == "access":
            values = response_values(seen) | _seen_to_fit(facts, seen)
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


def empty_list(facts: Facts) -> Iterator[Finding]:
    """The key's owner has no channel at all; a fault only where a channel was asked for."""
    for seen in facts.all("channels.empty"):
        yield Finding(
            "channel-list-empty", Certainty.CONFIRMED if seen.asked else Certainty.POSSIBLE, (seen,)
        )


def absent(facts: Facts) -> Iterator[Finding]:
    """The channel is on none of the pages that the key's owner can see."""
    if facts.has("channels.empty"):
        return
    for seen in facts.asked("channels.target-absent"):
        subject = str(seen.data["channel"])
        values = {"channel": subject, "found": subject, "channels": _named(seen)}
        yield Finding(
            "channel-not-accessible",
            Certainty.CONFIRMED,
            (seen, *facts.all("channels.listed")),
            subject=subject,
            found=subject,
            values=values,
        )


def lost(facts: Facts) -> Iterator[Finding]:
    """The channel was listed in an earlier session for such a key, and is no longer."""
    for seen in facts.asked("channels.target-lost"):
        subject = str(seen.data["channel"])
        values = {
            "channel": subject,
            "found": subject,
            "channels": _named(seen),
            "when": moment(str(seen.data["when"])),
        }
        yield Finding(
            "channel-access-lost",
            Certainty.LIKELY,
            (seen, *facts.all("channels.listed")),
            subject=subject,
            found=subject,
            values=values,
        )


def no_number(facts: Facts) -> Iterator[Finding]:
    """The channel was given as a slug, a name or an address."""
    for seen in facts.asked("channels.name-resolved"):
        number = seen.data.get("channel")
        given = str(seen.data["given"])
        values = {
            "found": given,
            "suggestion": number,
            "channel": f"{number} ({seen.data['name']})" if number is not None else None,
            "channels": _named(seen),
        }
        yield Finding(
            "channel-id-not-numeric",
            Certainty.CONFIRMED,
            (seen,),
            subject=given,
            found=given,
            suggestion=number,
            values=values,
        )


def _named(seen: Observation) -> str | None:
    channels = seen.data.get("channels") or ()
    return ", ".join(f"{c['id']} ({c['name']})" if c["name"] else str(c["id"]) for c in channels)


CHANNEL_RULES: tuple[CauseRule, ...] = (empty_list, absent, lost, no_number)
