"""Causes in the channel. Guide: 403 Forbidden, Wrong channelId."""

from collections.abc import Iterator

from pinned_tui.diagnosis.facts import CauseRule, Facts, Finding
from pinned_tui.session import Certainty, Observation
from pinned_tui.wording import moment


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
    for seen in facts.asked("channels.name-resolved", "channels.not-a-number"):
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
