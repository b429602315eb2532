"""What the list of events tells about copies in it, as far as it was read. Pure.

Guide, *Duplicate events*. What was not looked at, or can't be compared, is said each time: events
of which nobody looked at the others are not called unlike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from pinned_tui.checks.model import ProbeObservation
from pinned_tui.checks.probes.event_fields import channel_of, folded, instant, publication
from pinned_tui.checks.request import CheckRequest
from pinned_tui.client.call import Reply
from pinned_tui.core.labels import duration, plural
from pinned_tui.session import Channel, Status

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


SHOWN_GROUPS = 20
_TIMED_GROUPS = 2
_TITLE, _IDS = 40, 4

_LIES: dict[Window, str] = {
    "within": "inside the 15 min for which a key is remembered",
    "beyond": "over the 15 min for which a key is remembered",
    "mixed": "some inside and some over the 15 min for which a key is remembered",
}


@dataclass(frozen=True, slots=True)
class ListPart:
    """The list of events as far as it was read.

    Attributes:
        total: How many there are, by the list's own word where it has one.
        complete: Whether this is certainly all of the list.
        cut: Whether the reading was cut short by its time or by the person.
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
    """Say how much was read; ``whole`` tells whether all of it was wanted."""
    if part.complete or not (whole or part.cut):
        said, status = "", Status.PASS
    else:
        status = Status.WARN
        said = ", then it was cut short" if part.cut else "; the rest was not looked at"
    return ProbeObservation("events.listed", status, f"Read {part.shown}{said}.", part.data, False,
                part.replies)  # fmt: skip


def judged(
    part: ListPart, asked: CheckRequest, channels: Sequence[Channel] = (), target: int | None = None
) -> list[ProbeObservation]:
    """Return what comparing the events of ``part`` with each other tells.

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
    """Say of what it holds that no two are alike, and by what they were compared."""
    if not found.count and part.docs:
        return []
    by = f"title, start, place{', channel' if found.by_channel else ''} and draft state"
    if found.groups:
        by = f"{by}, in channel {target}; {plural(len(found.groups), 'group')} elsewhere left aside"
    if part.complete and found.count == len(part.docs):
        summary = f"No two of them are alike in {by}."
        return [ProbeObservation("events.no-duplicates", Status.PASS, summary, part.data, False)]
    which = f"{part.shown} that were read"
    if part.complete:
        which = f"{found.count:,} that can be compared"
    summary = f"No two of the {which} are alike in {by}"
    if part.complete or not asked.wants_twins:
        return [ProbeObservation("events.none-alike", Status.PASS, f"{summary}.", part.data, False)]
    status = Status.UNKNOWN if asked.twins else Status.WARN
    hint = "" if asked.twins or part.cut else " Ask for duplicates to have all of them compared."
    summary = f"{summary}; the rest was not looked at.{hint}"
    data = {**part.data, "part": part.shown}
    return [ProbeObservation("events.partly-compared", status, summary, data, asked.twins)]


def _left_out(part: ListPart, asked: CheckRequest, found: Compared) -> list[ProbeObservation]:
    """Say which events could not be compared with others."""
    why = []
    if found.unplaced:
        name = "names" if found.unplaced == 1 else "name"
        why.append(f"{plural(found.unplaced, 'event')} {name} no channel")
    if found.partial:
        have = "has" if found.partial == 1 else "have"
        why.append(f"{plural(found.partial, 'event')} {have} no title or no start that can be read")
    if not why:
        return []
    status = Status.UNKNOWN if asked.twins else Status.WARN
    data = {**part.data, "unplaced": found.unplaced, "partial": found.partial}
    summary = f"Not comparable: {', and '.join(why)}."
    return [ProbeObservation("events.not-compared", status, summary, data, asked.twins)]


def _groups(
    part: ListPart,
    asked: CheckRequest,
    found: Compared,
    groups: list[DuplicateGroup],
    only: int | None,
) -> list[ProbeObservation]:
    count = sum(len(group.ids) for group in groups)
    among = "" if part.complete else f", among the {part.shown} that were read"
    summary = f"{count:,} events are alike in {plural(len(groups), 'group')}{among}."
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
    status = Status.FAIL if wanted else Status.WARN
    seen = [ProbeObservation("events.duplicates", status, summary, data, wanted, part.replies)]
    return [*seen, *_created(groups)] if wanted else seen


def _created(groups: list[DuplicateGroup]) -> list[ProbeObservation]:
    """Hold the moments of creation against the window of a key, group by group."""
    within = [group for group in groups if group.window == "within"]
    beyond = [group for group in groups if group.window in {"beyond", "mixed"}]
    seen = []
    if within:
        data = {"partly": len(within) < len(groups), "subject": _names(within)}
        seen.append(
            ProbeObservation("events.within-window", Status.PASS, _apart(within), data, False)
        )
    if beyond:
        data = {"partly": len(beyond) < len(groups), "subject": _names(beyond)}
        seen.append(
            ProbeObservation("events.beyond-window", Status.WARN, _apart(beyond), data, False)
        )
    return seen


def _apart(groups: list[DuplicateGroup]) -> str:
    told = [
        f"{_name(group)} were created {_span(group)} apart, {_LIES[group.window or 'mixed']}."
        for group in groups[:_TIMED_GROUPS]
    ]
    more = len(groups) - len(told)
    return " ".join([*told, *([f"So were the copies of {_more(more)}."] if more else [])])


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
