"""Reads an event document into what the diagnosis may ask of it. Pure.

Sessions keep what is read here, so it is short and safe: no descriptions, of links no more than
the host, every text cleaned and cut. What is missing, or has a form that is not known, is left
out: a partial document proves nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec import UNSET, UnsetType

from pinned_tui.diagnosis.event import City, Event, Offer, Reported
from pinned_tui.privacy.clean import clean_line
from pinned_tui.probes import event_facts

MOST_ITEMS = 20
_LONGEST = 80
_SAYS_NO_CITY = {"name", "placeId", "countryCode"}
"""Fields of a city that say nothing of which city it is, where its name and place are blank."""


def read_event(doc: dict[str, Any]) -> Event:
    """Return what ``doc`` tells."""
    where = event_facts.zone(doc)
    state, reviewed = event_facts.publication(doc), event_facts.reviews(doc)
    offers = _items(doc, "offers")
    slugs = _items(doc, "classifications")
    return Event(
        status=_short(state.value) if state else UNSET,
        review=_short(reviewed[0].value) if reviewed else UNSET,
        channel=event_facts.channel_of(doc) or UNSET,
        start=_moment(doc, "startAt", where),
        end=_moment(doc, "endAt", where),
        timezone=where.key if where else _none_or_unset(doc, "timezone"),
        city=read_city(doc),
        image=has_image(doc),
        image_host=_image_host(doc),
        offers=offers if offers is UNSET else tuple(_offer(one) for one in offers),
        classifications=slugs if slugs is UNSET else tuple(s for one in slugs if (s := _slug(one))),
        created=_moment(doc, "createdAt", None),
        updated=_moment(doc, "updatedAt", None),
    )


def read_city(doc: Mapping[str, Any]) -> Reported[City]:
    """Read ``approxLocation.city``; none is there only where the document says so outright.

    That is null or blank, for the city or for the name and place of one. Any other form, such as
    a number that stands for a city, is not known and tells nothing.
    """
    location = doc.get("approxLocation", UNSET)
    if not isinstance(location, dict):
        return None if location is None else UNSET
    city = location.get("city", UNSET)
    if isinstance(city, str | None):
        return City(name=_short(city)) if city and city.strip() else None
    if not isinstance(city, dict):
        return UNSET
    told = [city[name] for name in ("name", "placeId") if name in city]
    if not told or not all(isinstance(value, str | None) for value in told):
        return UNSET
    name, place = (_short(city.get(key) or "") or None for key in ("name", "placeId"))
    if name or place:
        return City(name=name, place_id=place)
    blank = all(value in (None, "") for key, value in city.items() if key not in _SAYS_NO_CITY)
    return None if blank else UNSET


def has_image(doc: Mapping[str, Any]) -> bool | UnsetType:
    """Tell whether there is a cover image; a document without that field tells nothing."""
    if "coverImage" not in doc:
        return UNSET
    return doc["coverImage"] not in (None, "", [], {})


def _image_host(doc: Mapping[str, Any]) -> str | None:
    image = doc.get("coverImage")
    return _host(image.get("url") if isinstance(image, dict) else image)


def _moment(doc: Mapping[str, Any], name: str, where: ZoneInfo | None) -> Reported[datetime]:
    moment = event_facts.instant(doc.get(name))
    if moment is None:
        return _none_or_unset(doc, name)
    try:
        return moment.astimezone(where) if where is not None else moment
    except OverflowError:  # at the edge of the calendar
        return UNSET


def _none_or_unset(doc: Mapping[str, Any], name: str) -> UnsetType | None:
    return None if doc.get(name, UNSET) is None else UNSET


def _items(doc: Mapping[str, Any], name: str) -> list[Any] | UnsetType:
    """Return the first items of a list; null says that there is none."""
    value = doc.get(name, UNSET)
    if value is None:
        return []
    return value[:MOST_ITEMS] if isinstance(value, list) else UNSET


def _offer(offer: object) -> Offer:
    told = offer if isinstance(offer, dict) else {}
    word = told.get("availability")
    return Offer(
        availability=_short(word) if isinstance(word, str) else None, host=_host(told.get("url"))
    )


def _host(url: object) -> str | None:
    try:
        host = urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:
        return None
    return _short(host) if host else None


def _slug(one: object) -> str | None:
    """Return a classification's slug: lists hold them as they are, or in documents of their own."""
    slug = one.get("slug") if isinstance(one, dict) else one
    return _short(slug) if isinstance(slug, str) else None


def _short(text: str) -> str:
    return clean_line(text.strip(), limit=_LONGEST)
