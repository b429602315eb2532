"""What an event looks like in JSON, by the names of its fields, however it is spelt."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

_OWN = frozenset(
    {"channelid", "startat", "endat", "approxlocation", "classifications", "coverimage", "placeid"}
)
_GROUPS = {
    "title": "title eventtitle eventname name headline titel summary titre titulo",
    "start": "start startdate starttime startdatetime startsat starton begin beginat begins"
    " beginsat begindate eventstart from datetime date eventdate startdateandtime starts beginn"
    " dtstart",
    "end": "end enddate endtime enddatetime endsat endon finish finishat ends eventend until ende",
    "zone": "timezone tz timezoneid tzid timezonename zeitzone ianatimezone",
    "channel": "channel channelnumber calendarid chanid",
    "kind": "classification categories category genres genre eventtypes kategorien",
    "place": "location venue place address geo approximatelocation",
    "offers": "offers offer tickets ticketoffers ticketlinks",
}
_GROUP_OF = {name: group for group, names in _GROUPS.items() for name in names.split()}
_ENOUGH = 3
_MOST_NAMES = 200
_DEEPEST = 3
_MOST_INSIDE = 40
_SIGNS = re.compile(r"[\W_]+")
_SPELT = re.compile(
    r"\b(?:channel_?id|channel|title|start_?at|startDate|start_date|end_?at|time_?zone|placeId"
    r"|classifications?|approx_?location|offers|cover_?image)\b[^\w\s]{0,3}\s*:",
    re.IGNORECASE,
)
_OPENS = re.compile(r"\s*[\[{]\s*(?:[\"'`{\[\u2018-\u201f]|[A-Za-z_]\w*\s*:|//|/\*)")


def is_body(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Return whether a JSON value is an event, several, or has little more around them."""
    level = [value]
    for _ in range(_DEEPEST):
        if any(isinstance(one, dict) and names_an_event(one) for one in level):
            return True
        level = [inner for one in level for inner in _inside(one)][:_MOST_INSIDE]
    return False


def names_an_event(names: Iterable[str]) -> bool:
    """Return whether ``names`` are those of an event's fields, as far as names can tell."""
    plain = [_SIGNS.sub("", name[:80]).lower() for name, _ in zip(names, range(_MOST_NAMES))]  # noqa: B905
    if not _OWN.isdisjoint(plain):
        return True
    groups = {_GROUP_OF[name] for name in plain if name in _GROUP_OF}
    return len(groups) >= _ENOUGH or {"title", "start"} <= groups


def may_be_broken_body(text: str) -> bool:
    """Return whether text that is no JSON was meant to be the body of a create request."""
    return _OPENS.match(text) is not None and _SPELT.search(text) is not None


def _inside(value: Any) -> Iterator[Any]:  # noqa: ANN401 - any JSON value
    """Return what is around an event at most: a few fields, or a list."""
    if isinstance(value, dict):
        yield from list(value.values())[:_MOST_NAMES]
    elif isinstance(value, list):
        yield from value[:_MOST_INSIDE]


def parsed(text: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the JSON value that ``text`` is, or None where it is none (or ``null``)."""
    try:
        return json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
