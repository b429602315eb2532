"""Events that look as if one had been created several times, and how far apart. Pure.

Guide, *Duplicate events*. How far apart they were created tells what can be behind it: a key that
had succeeded is remembered for 15 minutes (page *Idempotency*), so copies that are closer together
were not sent with one and the same key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from pinned_tui.probes.event_facts import channel_of, folded, instant, publication

WINDOW = timedelta(minutes=15)
"""How long the API remembers an idempotency key that had succeeded (page *Idempotency*)."""

_Key = tuple[str, str, int, str, bool]


@dataclass(frozen=True, slots=True)
class Twins:
    """Events that are alike: same title as people read it, same start, channel and place.

    Attributes:
        ids: Their IDs, in the order in which they came.
        gap: The shortest span between the creation of two of them; None where it is not told.
        longest: The longest span between one and the next.
    """

    title: str
    start: str
    channel: int | None
    ids: tuple[str | int, ...]
    gap: timedelta | None = None
    longest: timedelta | None = None

    @property
    def within_window(self) -> bool | None:
        """Whether all were created within the window of one key; None where it is not told."""
        return None if self.longest is None else self.longest < WINDOW

    @property
    def beyond_window(self) -> bool | None:
        """Whether none was created within the window of another."""
        return None if self.gap is None else self.gap >= WINDOW


@dataclass(slots=True)
class _Group:
    title: str
    start: str
    ids: list[str | int]
    created: list[datetime | None]


def twins(docs: Iterable[dict[str, Any]]) -> tuple[Twins, ...]:
    """Group the events that are alike, in the order in which the first of each came.

    An event whose channel is not told can't be compared, and a draft is not the same as its
    published copy. Of each event no more than its ID and its moment of creation is held.
    """
    groups: dict[_Key, _Group] = {}
    for doc in docs:
        key = _key(doc)
        if key is None:
            continue
        group = groups.setdefault(key, _Group(str(doc["title"]), str(doc["startAt"]), [], []))
        group.ids.append(doc["id"])
        group.created.append(instant(doc.get("createdAt")))
    return tuple(
        _made(group, channel) for (_, _, channel, _, _), group in groups.items() if group.ids[1:]
    )


def _key(doc: dict[str, Any]) -> _Key | None:
    title, start, channel = doc.get("title"), doc.get("startAt"), channel_of(doc)
    if not isinstance(title, str) or not isinstance(start, str) or not title.strip():
        return None
    if channel is None or not isinstance(doc.get("id"), str | int):
        return None
    moment, state = instant(start), publication(doc)
    draft = state is not None and state.is_draft
    return folded(title), moment.isoformat() if moment else start, channel, _place(doc), draft


def _place(doc: dict[str, Any]) -> str:
    location = doc.get("approxLocation")
    city = location.get("city") if isinstance(location, dict) else None
    place = city.get("placeId") if isinstance(city, dict) else None
    hall = doc.get("locationName")
    parts = (place if isinstance(place, str) else "", hall if isinstance(hall, str) else "")
    return "\n".join(folded(part) for part in parts)


def _made(group: _Group, channel: int) -> Twins:
    gap = longest = None
    if all(group.created):
        moments = sorted(moment for moment in group.created if moment is not None)
        spans = [later - earlier for earlier, later in pairwise(moments)]
        gap, longest = min(spans), max(spans)
    return Twins(group.title[:120], group.start[:40], channel, tuple(group.ids), gap, longest)
