"""Reads from an event document what decides about its visibility. Pure.

How an event document spells its review state is not documented, so the plausible spellings are
looked for, what was found is shown, and nothing fails when none is there.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_PUBLIC_WORDS = {
    "accepted", "active", "approved", "auto_approved", "clean", "cleared", "live", "none",
    "not_required", "ok", "passed", "published",
}  # fmt: skip
_UNDATED_SPAN = timedelta(hours=24)
"""How long an event without an end counts as not over."""


@dataclass(frozen=True, slots=True)
class Review:
    """A field of an event document that speaks of review or moderation."""

    field: str
    value: str

    @property
    def is_public(self) -> bool:
        """Whether its word means that nothing holds the event back."""
        return re.sub(r"[\s-]+", "_", self.value.strip().casefold()) in _PUBLIC_WORDS


def instant(value: Any) -> datetime | None:  # noqa: ANN401 - any JSON value
    """Read an RFC 3339 date-time (section 5.6) as UTC; None when it is none."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value.strip()):
        return None
    text = re.sub(r"(\.\d{6})\d+", r"\1", value.strip().upper().replace(" ", "T"))
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def zone(doc: dict[str, Any]) -> ZoneInfo | None:
    """Return the event's own time zone, or None where it names none that exists."""
    name = doc.get("timezone")
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9_+\-/]{1,64}", name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def wall_time(moment: datetime, where: ZoneInfo | None) -> str:
    """Write ``moment`` as a person at the place would: date, time, zone."""
    if where is None:
        return f"{moment:%Y-%m-%d %H:%M} UTC"
    return f"{moment.astimezone(where):%Y-%m-%d %H:%M} {where.key}"


def is_draft(doc: dict[str, Any]) -> bool | None:
    """Tell whether the document is a draft; None where it says nothing of its status."""
    words = [
        doc[name].strip().casefold()
        for name in ("status", "_status")
        if isinstance(doc.get(name), str)
    ]
    return any(word == "draft" for word in words) if words else None


def reviews(doc: dict[str, Any]) -> tuple[Review, ...]:
    """Collect the fields that speak of review or moderation."""
    found = []
    for name in ("moderationStatus", "reviewStatus", "moderation", "review", "approvalStatus"):
        value = doc.get(name)
        if isinstance(value, str) and value.strip():
            found.append(Review(name, value[:80]))
        elif isinstance(value, dict):
            word = value.get("status", value.get("state"))
            if isinstance(word, str) and word.strip():
                found.append(Review(f"{name}.status", word[:80]))
    return tuple(found)


def channel_of(doc: dict[str, Any]) -> int | None:
    """Return the ID of the channel that the event is in, or None where it is not told."""
    for name in ("channelId", "channel"):
        value = doc.get(name)
        if isinstance(value, dict):
            value = value.get("id")
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
            return int(value)
    return None


def over_since(doc: dict[str, Any], now: datetime) -> datetime | None:
    """Return when the event ended, if it is over; without an end, a day after its start."""
    start, end = instant(doc.get("startAt")), instant(doc.get("endAt"))
    over = end if end is not None else (start + _UNDATED_SPAN if start else None)
    return over if over is not None and over < now else None


@dataclass(frozen=True, slots=True)
class Twins:
    """Events that are alike: same title as people read it, same start, same channel."""

    title: str
    start: str
    channel: int | None
    ids: tuple[str | int, ...]


def twins(docs: Iterable[dict[str, Any]]) -> tuple[Twins, ...]:
    """Group the events that are alike, in the order in which the first of each came."""
    groups: dict[tuple[str, str, int | None], list[dict[str, Any]]] = {}
    for doc in docs:
        title, start = doc.get("title"), doc.get("startAt")
        if not isinstance(title, str) or not isinstance(start, str) or not title.strip():
            continue
        moment = instant(start)
        key = (_folded(title), moment.isoformat() if moment else start, channel_of(doc))
        groups.setdefault(key, []).append(doc)
    return tuple(
        Twins(
            title=str(alike[0]["title"])[:120],
            start=str(alike[0]["startAt"])[:40],
            channel=channel_of(alike[0]),
            ids=tuple(d["id"] for d in alike if isinstance(d.get("id"), str | int)),
        )
        for alike in groups.values()
        if len(alike) > 1
    )


def _folded(title: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", title).casefold().split())
