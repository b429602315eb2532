"""Events that look as if one had been created several times, and how far apart. Pure.

Guide, *Duplicate events*. How far apart they were created tells what can be behind it: a key that
had succeeded is remembered for 15 minutes (page *Idempotency*), so copies that are closer together
were not sent with one and the same key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from pinned_tui.probes.event_facts import channel_of, folded, instant, publication

WINDOW = timedelta(minutes=15)
"""How long the API remembers an idempotency key that had succeeded (page *Idempotency*)."""

Window = Literal["within", "beyond", "mixed"]
"""Where the creation of copies lies: all within the window of one key, each beyond that of the one
before it, or some so and some so."""

_Key = tuple[str, str, int | None, str, bool]


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
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
    def window(self) -> Window | None:
        """Where the moments of creation lie; None where they are not told."""
        if self.gap is None or self.longest is None:
            return None
        if self.longest < WINDOW:
            return "within"
        return "beyond" if self.gap >= WINDOW else "mixed"


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing events with each other gave.

    Attributes:
        groups: The events that are alike, in the order in which the first of each came.
        count: How many could be compared.
        unplaced: How many could not, since they name no channel and others do.
        partial: How many could not, since they have no title, start or ID that can be read.
        by_channel: Whether the channels of the events were compared as well.
    """

    groups: tuple[DuplicateGroup, ...]
    count: int = 0
    unplaced: int = 0
    partial: int = 0
    by_channel: bool = True


@dataclass(slots=True)
class _Group:
    title: str
    start: str
    ids: list[str | int]
    created: list[datetime | None]


def compared(docs: Sequence[dict[str, Any]], channel: int | None = None) -> Compared:
    """Group the events that are alike. A draft is not the same as its published copy.

    Of each event no more than its ID and its moment of creation is held.

    Args:
        docs: The events.
        channel: The channel that an event which names none is taken to be in, where there is but
            one that it can be in or that was asked about. Without it such an event can't be
            compared, unless no event at all names a channel.
    """
    by_channel = any(channel_of(doc) is not None for doc in docs)
    groups: dict[_Key, _Group] = {}
    unplaced = partial = 0
    for doc in docs:
        look = _look(doc)
        own = channel_of(doc)
        place = channel if own is None else own
        if look is None:
            partial += 1
        elif place is None and by_channel:
            unplaced += 1
        else:
            title, start, hall, draft = look
            new = _Group(str(doc["title"]), str(doc["startAt"]), [], [])
            group = groups.setdefault((title, start, place, hall, draft), new)
            group.ids.append(doc["id"])
            group.created.append(instant(doc.get("createdAt")))
    return Compared(
        tuple(_made(group, key[2]) for key, group in groups.items() if group.ids[1:]),
        count=len(docs) - unplaced - partial,
        unplaced=unplaced,
        partial=partial,
        by_channel=by_channel,
    )


def _look(doc: dict[str, Any]) -> tuple[str, str, str, bool] | None:
    """Return what makes two events alike but for their channel; None where it is not told."""
    title, start = doc.get("title"), doc.get("startAt")
    if not isinstance(title, str) or not isinstance(start, str) or not title.strip():
        return None
    if not isinstance(doc.get("id"), str | int):
        return None
    moment, state = instant(start), publication(doc)
    if moment is None:
        return None
    draft = state is not None and state.is_draft
    return folded(title), moment.isoformat(), _place(doc), draft


def _place(doc: dict[str, Any]) -> str:
    location = doc.get("approxLocation")
    city = location.get("city") if isinstance(location, dict) else None
    place = city.get("placeId") if isinstance(city, dict) else None
    hall = doc.get("locationName")
    parts = (place if isinstance(place, str) else "", hall if isinstance(hall, str) else "")
    return "\n".join(folded(part) for part in parts)


def _made(group: _Group, channel: int | None) -> DuplicateGroup:
    gap = longest = None
    if all(group.created):
        moments = sorted(moment for moment in group.created if moment is not None)
        spans = [later - earlier for earlier, later in pairwise(moments)]
        gap, longest = min(spans), max(spans)
    return DuplicateGroup(
        group.title[:120], group.start[:40], channel, tuple(group.ids), gap, longest
    )
