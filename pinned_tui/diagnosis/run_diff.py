"""What a run was asked, and in what that differs from what another one was. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from pinned_tui.session import Run, Target

QuestionPart = Literal[
    "channel",
    "event",
    "event_day",
    "expected_start",
    "needs",
    "payload",
    "refused_elsewhere",
    "sends",
]
"""A part of the question."""

PARTS: Final[Mapping[QuestionPart, str]] = MappingProxyType(
    {
        "channel": "channel",
        "event": "event",
        "event_day": "day",
        "expected_start": "expected start",
        "needs": "scope asked for",
        "payload": "payload",
        "refused_elsewhere": "refusal elsewhere",
        "sends": "header",
    }
)
"""What each part is called."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of the question that was another one; None where it was not asked.

    Attributes:
        part: What the part is called.
    """

    part: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        """Say it in a few words: ``channel 999 before, 101 now``."""
        before = f"{self.part} {self.before}" if self.before else f"no {self.part}"
        after = self.after or "none"
        return f"{before} before, {after} now"


def differences(before: Run, after: Run) -> Iterator[tuple[QuestionPart, Difference]]:
    """Go through the parts in which the question of two runs differs.

    Runs of old sessions don't tell what they were asked; of those no difference is known.
    """
    if before.target is None or after.target is None:
        return
    implied = _implied(before.target) | _implied(after.target)
    first, latest = _parts(before.target, implied), _parts(after.target, implied)
    for part, name in PARTS.items():
        if first[part] != latest[part]:
            yield part, Difference(name, first[part], latest[part])


def _parts(target: Target, implied: frozenset[str]) -> Mapping[QuestionPart, str | None]:
    """Put the parts into words; a scope that something else asks for is no part of its own."""
    return {
        "channel": target.channel_given or _text(target.channel_id),
        "event": target.event_title or _text(target.event_id),
        "event_day": target.event_day if target.event_title else None,
        "expected_start": target.expected_start,
        "needs": ", ".join(scope for scope in target.needs if scope not in implied) or None,
        "payload": target.payload,
        "refused_elsewhere": "told" if target.refused_elsewhere else None,
        "sends": target.sends,
    }


def _implied(target: Target) -> frozenset[str]:
    """Return the scopes that are needed for the channel, the event and the payload asked about."""
    asked = {
        "channels:read": target.channel_given or target.channel_id,
        "events:read": target.event_title or target.event_id,
        "events:create": target.payload,
    }
    return frozenset(scope for scope, value in asked.items() if value is not None)


def _text(value: int | str | None) -> str | None:
    return None if value is None else str(value)
