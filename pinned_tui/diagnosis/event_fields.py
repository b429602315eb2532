"""Reads an event document into what the diagnosis may ask of it. Pure.

Sessions keep what is read here, so it is short and safe: no descriptions, of links no more than
the host, every text cleaned and cut. What is missing, or has a form that is not known, is left
out: a partial document proves nothing.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec import UNSET, UnsetType

from pinned_tui.diagnosis.event import City, Event, Offer, Reported
from pinned_tui.redaction.sanitize import clean_line

_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_PUBLISHED_WORDS = {"active", "live", "public", "published"}
_APPROVED_WORDS = {
    "accepted", "approved", "auto_approved", "clean", "cleared", "exempt", "live", "none",
    "not_required", "ok", "passed", "published", "verified", "visible",
}  # fmt: skip
_HELD_WORDS = {
    "awaiting", "awaiting_approval", "awaiting_review", "blocked", "changes_requested", "declined",
    "denied", "flagged", "held", "hidden", "in_moderation", "in_review", "moderation",
    "needs_changes", "needs_review", "on_hold", "pending", "pending_approval",
    "pending_review", "queued", "quarantined", "rejected", "removed", "review", "reviewing",
    "spam", "submitted", "suspended", "taken_down", "under_review", "unapproved", "waiting",
}  # fmt: skip
_REVIEW_WORD = re.compile(r"(^|_)(review|reviewing|moderation|approval|unapproved)($|_)|^pending$")
"""Words in a field on publication that speak of a review: ``_status`` may be the place of it."""

_DOCUMENTED_WORDS = {"draft", "published"}
_UNPUBLISHED_WORDS = {
    "archived", "canceled", "cancelled", "deleted", "hidden", "inactive", "private", "scheduled",
    "trashed", "unpublished",
}  # fmt: skip
"""Words that a field which nobody documents must have to count: ``state`` may be a region."""

_STAND_IN = re.compile(r"⟨U\+[0-9A-F]{4,6}⟩")
"""An invisible character in a cleaned text (:mod:`pinned_tui.redaction.sanitize`)."""

_UNDATED_SPAN = timedelta(hours=24)
"""How long an event whose end is not known counts as not over."""


@dataclass(frozen=True, slots=True)
class Publication:
    """The field of an event document that says whether it is published."""

    field: str
    value: str
    is_draft: bool
    is_public: bool

    @property
    def is_settled(self) -> bool:
        """Whether this is the documented field with one of its documented words."""
        return self.field == "status" and _word(self.value) in _DOCUMENTED_WORDS


@dataclass(frozen=True, slots=True)
class Review:
    """A field of an event document that speaks of review or moderation."""

    field: str
    value: str

    @property
    def is_public(self) -> bool:
        """Whether its word is known to mean that nothing holds the event back."""
        return _word(self.value) in _APPROVED_WORDS

    @property
    def holds_back(self) -> bool:
        """Whether its word is known to mean that the event is held back."""
        return _word(self.value) in _HELD_WORDS


def _word(text: str) -> str:
    return re.sub(r"[\s-]+", "_", text.strip().casefold())


def instant(value: Any) -> datetime | None:  # noqa: ANN401 - any JSON value
    """Read an RFC 3339 date-time (section 5.6) as UTC, without seconds too; None if it is none."""
    moment = _as_written(value)
    try:
        return moment.astimezone(UTC) if moment is not None else None
    except OverflowError:  # at the edge of the calendar
        return None


def _as_written(value: Any) -> datetime | None:  # noqa: ANN401 - any JSON value
    """Read a date-time with the offset that it is written with."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value.strip()):
        return None
    text = re.sub(r"(\.\d{6})\d+", r"\1", value.strip().upper().replace(" ", "T"))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
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


def on_the_clock(moment: datetime, where: ZoneInfo | None) -> datetime | None:
    """Return ``moment`` on the clock of the place; None where that is not known."""
    try:
        return moment.astimezone(where) if where is not None else None
    except OverflowError:  # at the edge of the calendar
        return None


def wall_time(moment: datetime, where: ZoneInfo | None) -> str:
    """Write ``moment`` as people at the place would: date, time, zone."""
    local = on_the_clock(moment, where)
    if where is None or local is None:
        return f"{moment:%Y-%m-%d %H:%M} UTC"
    return f"{local:%Y-%m-%d %H:%M} {where.key}"


def is_called(doc: dict[str, Any], title: str) -> bool:
    """Return whether an event is called so, or contains the words."""
    name = doc.get("title")
    return isinstance(name, str) and folded(title) in folded(name)


def day_of(doc: dict[str, Any]) -> date | None:
    """Return the day on which an event begins: in its zone, or else by the offset of its start."""
    start, where = _as_written(doc.get("startAt")), zone(doc)
    try:
        return (start.astimezone(where) if where else start).date() if start is not None else None
    except OverflowError:  # at the edge of the calendar
        return None


def publication(doc: dict[str, Any]) -> Publication | None:
    """Read whether the event is a draft or published; None where the document does not tell.

    ``status`` is documented, and its documented words win; ``_status``, ``isDraft`` and
    ``published`` are plausible spellings. A draft by any of them may be a draft.
    """
    found = publications(doc)
    return found[0] if found else None


def publications(doc: dict[str, Any]) -> list[Publication]:
    """Read each field that speaks of publication, the one that counts most first."""
    found = []
    for name in ("status", "_status", "state"):
        value = doc.get(name)
        if isinstance(value, str) and value.strip():
            word = _word(value)
            if _REVIEW_WORD.search(word) and word in _HELD_WORDS:
                continue  # a state of review: see reviews()
            public = word in _PUBLISHED_WORDS
            known = public or word in _DOCUMENTED_WORDS | _UNPUBLISHED_WORDS
            if name != "status" and not known:
                continue
            found.append(Publication(name, value[:80], word == "draft", public))
    for name, draft_when in (("isDraft", True), ("draft", True), ("published", False)):
        value = doc.get(name)
        if isinstance(value, bool):
            says_draft = value is draft_when
            is_draft = says_draft and name != "published"
            found.append(Publication(name, str(value).lower(), is_draft, not says_draft))
    found.sort(key=lambda state: (not state.is_settled, not state.is_draft, state.is_public))
    return found


def reviews(doc: dict[str, Any]) -> tuple[Review, ...]:
    """Collect the fields that speak of review or moderation."""
    found = []
    for name in ("moderationStatus", "reviewStatus", "approvalStatus"):
        value = doc.get(name)
        if isinstance(value, str) and value.strip():
            found.append(Review(name, value[:80]))
    for name in ("status", "_status", "state"):
        value = doc.get(name)
        if isinstance(value, str) and _REVIEW_WORD.search(_word(value)):
            found += [Review(name, value[:80])] if _word(value) in _HELD_WORDS else []
    for name in ("moderation", "review", "approval"):
        value = doc.get(name)
        word = value.get("status", value.get("state")) if isinstance(value, dict) else None
        if isinstance(word, str) and word.strip():
            found.append(Review(f"{name}.status", word[:80]))
    return tuple(found)


def channel_of(doc: dict[str, Any]) -> int | None:
    """Return the ID of the channel that the event is in, or None where there is none."""
    for name in ("channelId", "channel"):
        value = doc.get(name)
        if isinstance(value, dict):
            value = value.get("id")
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
            return int(value)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
            return int(value)
    return None


def over_since(doc: dict[str, Any], now: datetime) -> datetime | None:
    """Return when the event ended, if it says so and is over."""
    end = instant(doc.get("endAt"))
    return end if end is not None and end < now else None


def perhaps_over(doc: dict[str, Any], now: datetime) -> bool:
    """Return whether the event began over a day ago, and its end can't be read."""
    start = instant(doc.get("startAt"))
    return start is not None and instant(doc.get("endAt")) is None and now - start > _UNDATED_SPAN


def folded(title: str) -> str:
    """Return ``title`` as people see it: without case, spacing, forms of letters, hidden marks."""
    bare = _STAND_IN.sub("", title)
    seen = "".join(sign for sign in bare if unicodedata.category(sign) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", seen).casefold().split())


MOST_ITEMS = 20
_LONGEST = 80
_SAYS_NO_CITY = {"name", "placeId", "countryCode"}
"""Fields of a city that say nothing of which city it is, where its name and place are blank."""


def read_event(doc: dict[str, Any]) -> Event:
    """Return what ``doc`` says."""
    where = zone(doc)
    state, reviewed = publication(doc), reviews(doc)
    offers = _items(doc, "offers")
    slugs = _items(doc, "classifications")
    return Event(
        status=_short(state.value) if state else UNSET,
        review=_short(reviewed[0].value) if reviewed else UNSET,
        channel=channel_of(doc) or UNSET,
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
    a number that stands for a city, is not known and proves nothing.
    """
    location = doc.get("approxLocation", UNSET)
    if not isinstance(location, dict):
        return None if location is None else UNSET
    city = location.get("city", UNSET)
    if isinstance(city, str | None):
        return City(name=_short(city)) if city and city.strip() else None
    if not isinstance(city, dict):
        return UNSET
    parts = [city[name] for name in ("name", "placeId") if name in city]
    if not parts or not all(isinstance(value, str | None) for value in parts):
        return UNSET
    name, place = (_short(city.get(key) or "") or None for key in ("name", "placeId"))
    if name or place:
        return City(name=name, place_id=place)
    blank = all(value in (None, "") for key, value in city.items() if key not in _SAYS_NO_CITY)
    return None if blank else UNSET


def has_image(doc: Mapping[str, Any]) -> bool | UnsetType:
    """Return whether there is a cover image; a document without that field proves nothing."""
    if "coverImage" not in doc:
        return UNSET
    return doc["coverImage"] not in (None, "", [], {})


def _image_host(doc: Mapping[str, Any]) -> str | None:
    image = doc.get("coverImage")
    return _host(image.get("url") if isinstance(image, dict) else image)


def _moment(doc: Mapping[str, Any], name: str, where: ZoneInfo | None) -> Reported[datetime]:
    moment = instant(doc.get(name))
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
    known = offer if isinstance(offer, dict) else {}
    word = known.get("availability")
    return Offer(
        availability=_short(word) if isinstance(word, str) else None, host=_host(known.get("url"))
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
