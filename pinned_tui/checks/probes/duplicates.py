"""Which events of the list are copies of each other, as far as it was read. Pure.

Guide, *Duplicate events*. What was not looked at, or can't be compared, is said each time: events
of which nobody looked at the others are not called unlike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from pinned_tui.api_spec.idempotency import KEPT_FOR
from pinned_tui.checks.model import ProbeObservation
from pinned_tui.checks.observations import observe, phrase
from pinned_tui.checks.request import CheckRequest
from pinned_tui.client.call import Reply
from pinned_tui.core.labels import duration, plural
from pinned_tui.diagnosis.event_fields import channel_of, folded, instant, publication
from pinned_tui.session import Channel, Status

Window = Literal["within", "beyond", "mixed"]
"""Where the creation of copies lies: all within the window of one key, each beyond that of the one
before it, or some so and some so."""

_Key = tuple[str, str, int | None, str, bool]


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Events that are alike: same title as people read it, same start, channel and place.

    Attributes:
        ids: Their IDs, in the order in which they came.
        gap: The shortest span between the creation of two of them; None where it is not known.
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
        """Where the moments of creation lie; None where they are not known."""
        if self.gap is None or self.longest is None:
            return None
        if self.longest < KEPT_FOR:
            return "within"
        return "beyond" if self.gap >= KEPT_FOR else "mixed"


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
    """Return what makes two events alike but for their channel; None where it is not known."""
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


SHOWN_GROUPS = 20
_TIMED_GROUPS = 2
_TITLE, _IDS = 40, 4


@dataclass(frozen=True, slots=True)
class ListPart:
    """The list of events as far as it was read.

    Attributes:
        total: How many there are, by the list's own word where it has one.
        complete: Whether this is certainly all of the list.
        cut: Whether the reading was cut short by its time or by the user.
        replies: The answers that it came with.
    """

    docs: Sequence[dict[str, Any]]
    total: int
    complete: bool
    cut: bool = False
    replies: tuple[Reply, ...] = ()

    @property
    def shown(self) -> str:
        """How much it is, in words: ``12 events``, ``2,800 of 10,000 events``."""
        read = len(self.docs)
        return plural(read, "event") if self.total <= read else f"{read:,} of {self.total:,} events"

    @property
    def data(self) -> dict[str, Any]:
        """The same for the record."""
        return {"count": len(self.docs), "total": self.total, "complete": self.complete}


def listed(part: ListPart, *, whole: bool) -> ProbeObservation:
    """Report how much was read; ``whole`` says whether all of it was wanted."""
    all_wanted = part.complete or not (whole or part.cut)
    return observe(
        "events.listed",
        Status.PASS if all_wanted else Status.WARN,
        part.data,
        asked=False,
        replies=part.replies,
        variant=None if all_wanted else "cut" if part.cut else "part",
        read=part.shown,
    )


def judged(
    part: ListPart, asked: CheckRequest, channels: Sequence[Channel] = (), target: int | None = None
) -> list[ProbeObservation]:
    """Return what comparing the events of ``part`` with each other shows.

    Args:
        part: The events as far as they were read.
        asked: Whether copies were asked about.
        channels: The channels of the key's owner, as far as they are known.
        target: The channel that was asked about, if any.
    """
    only = channels[0].id if len(channels) == 1 else None
    found = compared(part.docs, only if target is None else target)
    groups = [one for one in found.groups if target is None or one.channel == target]
    if groups:
        seen = _groups(part, asked, found, groups, only)
    else:
        seen = _unlike(part, asked, found, target)
    return [*seen, *_left_out(part, asked, found)]


def _unlike(
    part: ListPart, asked: CheckRequest, found: Compared, target: int | None
) -> list[ProbeObservation]:
    """Report that no two events are alike, and by what they were compared."""
    if not found.count and part.docs:
        return []
    by = phrase("alike-in", "channels" if found.by_channel else "no-channels")
    if found.groups:
        groups = plural(len(found.groups), "group")
        by = phrase("alike-in", "one-channel", compared_by=by, channel=target, groups=groups)
    if part.complete and found.count == len(part.docs):
        return [observe("events.no-duplicates", Status.PASS, part.data, False, compared_by=by)]
    if part.complete or not asked.wants_twins:
        seen = observe(
            "events.none-alike",
            Status.PASS,
            part.data,
            asked=False,
            variant="comparable" if part.complete else "read",
            compared=f"{found.count:,}",
            read=part.shown,
            compared_by=by,
        )
        return [seen]
    seen = observe(
        "events.partly-compared",
        Status.UNKNOWN if asked.twins else Status.WARN,
        {**part.data, "part": part.shown},
        asked=asked.twins,
        variant=None if asked.twins or part.cut else "ask",
        read=part.shown,
        compared_by=by,
    )
    return [seen]


def _left_out(part: ListPart, asked: CheckRequest, found: Compared) -> list[ProbeObservation]:
    """Report which events could not be compared with others."""
    why = []
    if found.unplaced:
        name = "no-channel" if found.unplaced == 1 else "no-channels"
        why.append(phrase("not-comparable", name, count=f"{found.unplaced:,}"))
    if found.partial:
        name = "partial" if found.partial == 1 else "partials"
        why.append(phrase("not-comparable", name, count=f"{found.partial:,}"))
    if not why:
        return []
    status = Status.UNKNOWN if asked.twins else Status.WARN
    data = {**part.data, "unplaced": found.unplaced, "partial": found.partial}
    reasons = ", and ".join(why)
    return [observe("events.not-compared", status, data, asked=asked.twins, reasons=reasons)]


def _groups(
    part: ListPart,
    asked: CheckRequest,
    found: Compared,
    groups: list[DuplicateGroup],
    only: int | None,
) -> list[ProbeObservation]:
    count = sum(len(group.ids) for group in groups)
    windows = [group.window for group in groups]
    data = part.data | {
        "groups": [_shown(group) for group in groups[:SHOWN_GROUPS]],
        "group_count": len(groups),
        "event_count": count,
        "within_window": None not in windows and set(windows) == {"within"},
        "beyond_window": None not in windows and set(windows) == {"beyond"},
        "one_channel": found.by_channel or only is not None,
        "part": None if part.complete else part.shown,
    }
    wanted = asked.wants_twins
    seen = observe(
        "events.duplicates",
        Status.FAIL if wanted else Status.WARN,
        data,
        wanted,
        part.replies,
        variant=None if part.complete else "part",
        events=plural(count, "event"),
        groups_found=plural(len(groups), "group"),
    )
    return [seen, *_created(groups)] if wanted else [seen]


def _created(groups: list[DuplicateGroup]) -> list[ProbeObservation]:
    """Compare the times of creation with the window of a key, group by group."""
    within = [group for group in groups if group.window == "within"]
    beyond = [group for group in groups if group.window in {"beyond", "mixed"}]
    seen = []
    if within:
        data = {"partly": len(within) < len(groups), "subject": _names(within)}
        seen.append(_dated("events.within-window", Status.PASS, data, within))
    if beyond:
        data = {"partly": len(beyond) < len(groups), "subject": _names(beyond)}
        seen.append(_dated("events.beyond-window", Status.WARN, data, beyond))
    return seen


def _dated(
    code: str, status: Status, data: dict[str, Any], groups: list[DuplicateGroup]
) -> ProbeObservation:
    """Report how far apart the copies were created, with a sentence on each of the first."""
    said = [
        phrase(
            "created",
            group.window or "mixed",
            group=_name(group),
            apart=_span(group),
            window=duration(KEPT_FOR),
        )
        for group in groups[:_TIMED_GROUPS]
    ]
    first, second, *_ = [*said, None]
    more = len(groups) - len(said)
    others = _more(more) if more else None
    return observe(code, status, data, asked=False, first=first, second=second, others=others)


def _span(group: DuplicateGroup) -> str:
    shortest, longest = (duration(one) for one in (group.gap or 0, group.longest or 0))
    return shortest if shortest == longest else f"{shortest} to {longest}"


def _names(groups: list[DuplicateGroup]) -> str:
    more = len(groups) - _TIMED_GROUPS
    named = "; ".join(_name(group) for group in groups[:_TIMED_GROUPS])
    return f"{named} and {_more(more)}" if more > 0 else named


def _name(group: DuplicateGroup) -> str:
    title = group.title if len(group.title) <= _TITLE else f"{group.title[: _TITLE - 1]}…"
    more = len(group.ids) - _IDS
    ids = ", ".join(str(one) for one in group.ids[:_IDS])
    return f"“{title}” ({ids}{f' and {more} more' if more > 0 else ''})"


def _more(count: int) -> str:
    return plural(count, "more group")


def _shown(group: DuplicateGroup) -> dict[str, Any]:
    gap, longest = group.gap, group.longest
    return {
        "title": group.title,
        "start": group.start,
        "channel": group.channel,
        "ids": list(group.ids[:20]),
        "count": len(group.ids),
        "gap_s": None if gap is None else round(gap.total_seconds()),
        "longest_s": None if longest is None else round(longest.total_seconds()),
        "apart": None if gap is None else duration(gap),
        "window": group.window,
    }
