"""Which field is which, also where it goes by another name.

The API's names are from the vendor's page *Create events*. Another name counts only where the
right one is absent, since unknown fields are fine.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

import msgspec

from pinned_tui.inspect.json_source.edits import Edit
from pinned_tui.inspect.json_source.nodes import Node
from pinned_tui.inspect.payload.datetime_parsing import moment, reading
from pinned_tui.inspect.payload.event import Fix, FoundField, PayloadEvent, literal, quoted
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.tables import load_table
from pinned_tui.session import Certainty

REQUIRED = (
    "channelId",
    "title",
    "startAt",
    "timezone",
    "classifications",
    "approxLocation.city.placeId",
)
"""Documented as required on the vendor's page *Create events*."""

TOP = (
    *("channelId", "title", "startAt", "endAt", "timezone", "classifications", "approxLocation"),
    *("status", "locationName", "coverImage", "offers"),
)
CITY = ("placeId", "name", "countryCode")
OFFER = ("name", "url", "availability")


def _is_text(node: Node) -> bool:
    return isinstance(node.value, str)


def _is_id(node: Node) -> bool:
    return isinstance(node.value, int | str) and not isinstance(node.value, bool)


def _is_date(node: Node) -> bool:
    return isinstance(node.value, str | int | float) and not isinstance(node.value, bool)


def _is_words(node: Node) -> bool:
    return isinstance(node.value, str | list)


def _is_object(node: Node) -> bool:
    return isinstance(node.value, dict)


def _is_offers(node: Node) -> bool:
    return isinstance(node.value, list) and all(_is_object(item) for item in node.value)


_FITS: Mapping[str, Callable[[Node], bool]] = {
    "text": _is_text,
    "id": _is_id,
    "date": _is_date,
    "words": _is_words,
    "object": _is_object,
    "offers": _is_offers,
}


class _Synonyms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Other names of a field. All but the spelling are guesses.

    Attributes:
        fits: What kind of value the field then has.
        names: In small letters and without signs, the likeliest first.
    """

    fits: Literal["text", "id", "date", "words", "object", "offers"]
    names: tuple[str, ...]


_NO_SYNONYMS = _Synonyms("text", ())


@functools.cache
def _synonyms() -> Mapping[str, _Synonyms]:
    return load_table("field_names", dict[str, _Synonyms])


@functools.cache
def _event_names() -> frozenset[str]:
    """Return the names by which an event is known, in small letters and without signs."""
    top = (name.lower() for name in TOP)
    return frozenset((*top, *(name for path in REQUIRED[:5] for name in _synonyms()[path].names)))


_MOST_NAMES = 200
"""Fields of one object that are looked at for another spelling."""

_REQUIRED_NAMES = frozenset(name for path in REQUIRED for name in path.split("."))


def looks_like_event(node: Node) -> bool:
    """Return whether an object has at least two fields of an event, under any of their names."""
    plain = [_plain(name) for name in list(node.members)[:_MOST_NAMES]]
    event_names = _event_names()
    return sum(name in event_names for name in plain) > 1


def name_fields(event: PayloadEvent) -> None:
    """Find the fields of an event, and note those that go by another name."""
    _name_members(event, event.node, "", "", TOP)
    location = event.fields.get("approxLocation")
    if location is not None and isinstance(location.node.value, dict):
        _name_members(event, location.node, "approxLocation", location.path, ("city",))
    city = event.fields.get("approxLocation.city")
    if city is not None and isinstance(city.node.value, dict):
        _name_members(event, city.node, "approxLocation.city", city.path, CITY)
    _misplaced(event)
    offers = event.fields.get("offers")
    for index, item in enumerate(offers.node.items if offers else ()):
        right, path = f"offers[{index}]", f"{offers.path if offers else ''}[{index}]"
        event.fields[right] = FoundField(item, path)
        if isinstance(item.value, dict):
            _name_members(event, item, right, path, OFFER)
    classes = event.fields.get("classifications")
    for index, item in enumerate(classes.node.items if classes else ()):
        place = f"{classes.path if classes else ''}[{index}]"
        event.fields[f"classifications[{index}]"] = FoundField(item, place)


def _name_members(
    event: PayloadEvent, node: Node, right: str, path: str, names: tuple[str, ...]
) -> None:
    """Find the fields ``names`` among the members of an object."""
    members = node.members
    for name in names:
        if name in members:
            member = members[name]
            event.fields[_under(right, name)] = FoundField(
                member.node, _under(path, name), member.key_span
            )
    taken: set[str] = set(names)
    for name in names:
        if name in members:
            continue
        other = next(_others(node, name, taken), None)
        if other is not None:
            taken.add(other.name)
            _misnamed(event, node, other, _under(right, name), path, name)


@dataclass(frozen=True, slots=True)
class _Other:
    """A member that may be meant by an API's name.

    Attributes:
        spelt: Whether it is that name in another spelling, so that nothing is guessed.
    """

    name: str
    spelt: bool


def _others(node: Node, name: str, taken: set[str]) -> Iterator[_Other]:
    """Yield the members that may be the field ``name``, the likeliest first."""
    also = _synonyms().get(name, _NO_SYNONYMS)
    fits = _FITS[also.fits]
    names = [other for other in list(node.members)[:_MOST_NAMES] if other not in taken]
    plain = {other: _plain(other) for other in names}
    for other, spelling in plain.items():
        if spelling == name.lower():
            yield _Other(other, spelt=True)
    fitting = {o: p for o, p in plain.items() if fits(node.members[o].node)}
    near = get_close_matches(name.lower(), list(fitting.values()), n=1, cutoff=0.85)
    for other, spelling in fitting.items():
        if spelling in near and spelling not in _known_plain() and len(name) > 4:
            yield _Other(other, spelt=True)
    for synonym in also.names:
        for other, spelling in fitting.items():
            if spelling == synonym:
                yield _Other(other, spelt=False)


def _known_plain() -> frozenset[str]:
    return frozenset(name.lower() for name in (*TOP, *CITY, *OFFER))


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name[:80]).lower()


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _misnamed(
    event: PayloadEvent, node: Node, other: _Other, right: str, path: str, name: str
) -> None:
    """Note a field that goes by another name, and look at it under the right one."""
    member = node.members[other.name]
    required = name in _REQUIRED_NAMES
    if not (other.spelt or required or (name == "endAt" and _reads_as_date(member.node))):
        return
    written = _under(path, other.name)
    at = FoundField(member.node, written, member.key_span)
    event.fields[right] = at
    edit = Edit(member.key_span, literal(name))
    event.add(
        "field-misnamed",
        _under(right.rpartition(".")[0], other.name),
        say("payload.field-misnamed.name", written=quoted(written), expected=name),
        certainty=Certainty.CONFIRMED if other.spelt or required else Certainty.LIKELY,
        at=at,
        span=member.key_span,
        found=other.name,
        suggestion=name,
        fix=Fix(
            (edit,), say("payload.field-misnamed.change", written=quoted(written), expected=name)
        ),
        values={"actual": other.name, "expected": name},
    )


def _reads_as_date(node: Node) -> bool:
    value = node.value
    return isinstance(value, str) and (moment(value) or reading(value).wall) is not None


def _misplaced(event: PayloadEvent) -> None:
    """Find the placeId or the city where they stand at another level."""
    if "approxLocation.city.placeId" in event.fields:
        return
    location = event.fields.get("approxLocation")
    holders = ((event.node, ""), (location.node, location.path) if location else (event.node, ""))
    for holder, path in holders:
        for name, member in holder.members.items():
            inner = member.node.members.get("placeId") if _plain(name) == "city" else None
            target = inner or (member if _plain(name) == "placeid" else None)
            if target is None:
                continue
            written = _under(path, f"{name}.placeId" if inner else name)
            right = "approxLocation.city.placeId"
            event.fields[right] = FoundField(target.node, written, target.key_span)
            event.add(
                "field-misnamed",
                written,
                say("payload.field-misnamed.level", written=quoted(written), expected=right),
                at=event.fields[right],
                span=target.key_span,
                found=written,
                suggestion=right,
            )
            return
