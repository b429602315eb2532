"""An event as its document tells it: what the event probe hands over, what predicates ask. Pure.

What the document does not have, or has in a form that nobody knows, is ``UNSET``: it proves
nothing. None, False or an empty tuple is what the document says outright: there is none.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from pinned_tui.diagnosis.templates import Values
from pinned_tui.session import Observation

CODE = "event.read"
"""The observation that hands an event over."""

_T = TypeVar("_T")
Reported: TypeAlias = _T | UnsetType | None
"""What a document says of one thing: the thing, that there is none, or nothing."""


class City(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The city that an event is listed in; at least one of the two is there."""

    name: str | None = None
    place_id: str | None = None


class Offer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An offer of an event: its availability in the API's word, the host that its link leads to."""

    availability: str | None = None
    host: str | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An event in short and safe form: no descriptions, no whole links, everything bounded.

    Attributes:
        status: The word of its publication, in the field that tells it; ``review`` likewise.
        channel: The ID of the channel that it is in.
        start: With the offset of the event's own zone, where it names one; ``end`` likewise.
        timezone: The IANA identifier, where it is one.
        created: In UTC; ``updated`` likewise.
        image: Whether it has a cover image.
        image_host: The host of the image's address, where the document has a whole one.
        classifications: Their slugs.
    """

    status: str | UnsetType = UNSET
    review: str | UnsetType = UNSET
    channel: int | UnsetType = UNSET
    start: Reported[datetime] = UNSET
    end: Reported[datetime] = UNSET
    timezone: Reported[str] = UNSET
    city: Reported[City] = UNSET
    image: bool | UnsetType = UNSET
    image_host: str | None = None
    offers: tuple[Offer, ...] | UnsetType = UNSET
    classifications: tuple[str, ...] | UnsetType = UNSET
    created: Reported[datetime] = UNSET
    updated: Reported[datetime] = UNSET

    def values(self) -> Values:
        """Return what the catalogue's sentences can name of it, by placeholder."""
        city = self.city and (self.city.name or self.city.place_id)
        return {
            "starts": self._clock(self.start),
            "ends": self._clock(self.end),
            "timezone": self.timezone or None,
            "city": city or None,
            "classifications": ", ".join(self.classifications or ()) or None,
            "channel": self.channel or None,
        }

    def described(self) -> Iterator[str]:
        """Yield what the document says, piece by piece, by the names of its fields."""
        values = self.values()
        yield from (
            f"{field} {value or 'none'}"
            for field, known, value in (
                ("status", self.status, self.status),
                ("startAt", self.start, values["starts"]),
                ("endAt", self.end, values["ends"]),
                ("city", self.city, values["city"]),
                ("coverImage", self.image, "there" if self.image else None),
                ("offers", self.offers, str(len(self.offers or ()))),
                ("createdAt", self.created, _in_utc(self.created)),
                ("updatedAt", self.updated, _in_utc(self.updated)),
                ("classifications", self.classifications, values["classifications"]),
            )
            if known is not UNSET
        )

    def _clock(self, moment: Reported[datetime]) -> str | None:
        """Write a moment as people at the place would: date, time, zone."""
        return f"{moment:%Y-%m-%d %H:%M} {self.timezone or 'UTC'}" if moment else None


def _in_utc(moment: Reported[datetime]) -> str | None:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else None


def event_in(seen: Observation) -> Event | None:
    """Return the event that an observation hands over; None where it is of another make."""
    try:
        return msgspec.convert(seen.data.get("document"), Event)
    except msgspec.ValidationError:
        return None
