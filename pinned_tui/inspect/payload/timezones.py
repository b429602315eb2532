"""What people write in place of an IANA identifier, and which zone it may be.

Windows names come from ``tzlocal``, which takes them from the Unicode CLDR. A name that stands for
several zones is settled by the country of the event, where the payload names one.
"""

import functools
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from importlib import resources
from zoneinfo import ZoneInfo

import msgspec

from pinned_tui.inspect.tables import load_table

DAY = timedelta(days=1)


@functools.cache
def zone_names() -> frozenset[str]:
    """Return all identifiers, links such as ``US/Eastern`` among them."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text("ascii").split())


@functools.cache
def zones_of_countries() -> dict[str, tuple[str, ...]]:
    """Return the zones of each country by its ISO 3166 code, from the table ``zone.tab``."""
    table = resources.files("tzdata").joinpath("zoneinfo").joinpath("zone.tab").read_text("utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for line in table.splitlines():
        if line.startswith("#") or line.count("\t") < 2:
            continue
        country, _, name = line.split("\t")[:3]
        found[country] = (*found.get(country, ()), name.strip())
    return found


@functools.lru_cache(maxsize=64)
def load_zone(name: str) -> ZoneInfo | None:
    """Return the zone of that name, letter by letter, or None where there is none."""
    if name not in zone_names():
        return None
    file = resources.files("tzdata").joinpath("zoneinfo").joinpath(name)
    with file.open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


@dataclass(frozen=True, slots=True)
class Wall:
    """What the clocks of a zone say of a wall time.

    Attributes:
        offsets: The offsets that fit: none in a gap, two in the hour that comes twice.
        before: The offset before the change, where there is one at that time.
        after: The offset after it.
    """

    offsets: tuple[timedelta, ...]
    before: timedelta
    after: timedelta


def wall(zone: ZoneInfo, time: datetime) -> Wall:
    """Look up a naive ``time`` on the clocks of ``zone`` (PEP 495)."""
    before, after = (offset_of(time.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    fitting = [
        offset
        for offset in dict.fromkeys((before, after))
        if _local(zone, time - offset) == time.replace(tzinfo=None)
    ]
    return Wall(tuple(fitting), before, after)


def offset_of(moment: datetime) -> timedelta:
    """Return the offset of an aware datetime in whole minutes, as RFC 3339 writes it."""
    offset = moment.utcoffset() or timedelta()
    return timedelta(minutes=round(offset.total_seconds() / 60))


def _local(zone: ZoneInfo, utc: datetime) -> datetime:
    moment = utc.replace(tzinfo=UTC).astimezone(zone)
    return (utc + offset_of(moment)).replace(tzinfo=None)


def offsets_of_year(zone: ZoneInfo, year: int) -> frozenset[timedelta]:
    """Return the offsets that the zone has in the course of a year."""
    return frozenset(
        offset_of(datetime(year, month, day, 12, tzinfo=zone))
        for month in range(1, 13)
        for day in (1, 15)
    )


def written(offset: timedelta) -> str:
    """Return an offset as RFC 3339 writes it."""
    minutes = int(offset.total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


class _ZoneAliases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What people write in place of an identifier, in capitals.

    Attributes:
        american: Abbreviations that mean a zone of North America only there.
        abbreviations: Abbreviations with the zone that may be meant.
        names: What stands for one zone.
    """

    american: frozenset[str]
    abbreviations: dict[str, str]
    names: dict[str, str]


@functools.cache
def _aliases() -> _ZoneAliases:
    return load_table("zone_aliases", _ZoneAliases)


_OFFSET = re.compile(r"(?:(?P<base>UTC|GMT|Z)\s*)?(?P<sign>[+\u2212-])\s*(?P<hours>[0-9]{1,2})"
                     r"(?::?(?P<minutes>[0-9]{2}))?", re.IGNORECASE)  # fmt: skip
_LONGEST = 100


_SURE_IN_CAPITALS = frozenset({"UTC", "GMT", "CET", "EET", "WET", "MET", "UCT"})
"""Identifiers without a region that people write in small letters."""


@dataclass(frozen=True, slots=True)
class ZoneGuess:
    """What may be meant by a value that is no identifier.

    Attributes:
        form: What the value is, by its name in ``payload.toml``.
        zone: The zone that it may be, or None.
        sure: Whether no other zone comes into question, so that it can be written in its place.
    """

    form: str
    zone: str | None = None
    sure: bool = False


@functools.lru_cache(maxsize=256)
def guess(value: str, country: str | None) -> ZoneGuess:
    """Say what ``value`` is and which zone may be meant.

    Args:
        value: A timezone that is no IANA identifier.
        country: ISO 3166 code of the event's country, where the payload names one.
    """
    text = value.strip()[:_LONGEST]
    local = only_zone(country)
    spelt = _spelling(text)
    if spelt is not None:
        return spelt
    windows = _windows(text, local)
    if windows is not None:
        return ZoneGuess("windows", windows, sure=True)
    return _abbreviation(text.upper(), local, country) or _near(text, local)


def only_zone(country: str | None) -> str | None:
    """Return the zone of a country that has one only."""
    zones = zones_of_countries().get((country or "").upper(), ())
    return zones[0] if len(zones) == 1 else None


@functools.cache
def _plain_names() -> dict[str, str]:
    """Return the identifiers by their letters and digits alone."""
    return {_plain(name): name for name in sorted(zone_names(), key=_weight)}


def _weight(name: str) -> tuple[bool, str]:
    return "/" in name, name


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


@functools.cache
def _cities() -> dict[str, tuple[str, ...]]:
    """Return the identifiers of places by the name of their city alone."""
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted({zone for zones in zones_of_countries().values() for zone in zones}):
        city = _plain(name.rsplit("/", 1)[-1])
        found[city] = (*found.get(city, ()), name)
    return found


def _spelling(text: str) -> ZoneGuess | None:
    """Find the identifier that differs in case, blanks or signs only, or a city alone."""
    if _OFFSET.fullmatch(text):
        return None
    if text.upper() in _SURE_IN_CAPITALS:
        return ZoneGuess("spelling", text.upper(), sure=True)
    plain = _plain(text)
    name = _plain_names().get(plain) if len(plain) > 3 else None
    if name is not None and ("/" in name) == ("/" in text or "\\" in text):
        return ZoneGuess("spelling", name, sure=True)
    if name is not None and text.upper() != name.upper() and "/" in name:
        return ZoneGuess("spelling", name, sure=True)
    cities = _cities().get(plain, ())
    if len(cities) == 1:
        return ZoneGuess("city", cities[0], sure=True)
    return None


def _windows(text: str, local: str | None) -> str | None:
    """Translate a Windows name; of several zones that share it, the country's own."""
    from tzlocal.windows_tz import tz_win, win_tz

    if local is not None and tz_win.get(local, "").lower() == text.lower():
        return local
    return next((win_tz[name] for name in win_tz if name.lower() == text.lower()), None)


def _abbreviation(text: str, local: str | None, country: str | None) -> ZoneGuess | None:
    """Find abbreviations and offsets: they name no place, so that the country decides."""
    offset = _OFFSET.fullmatch(text)
    aliases = _aliases()
    fixed = aliases.names.get(text)
    if offset is not None and fixed != "Etc/UTC":
        return ZoneGuess("offset", local, sure=False)
    if fixed is not None:
        sure = fixed == "Etc/UTC" or "/" in text
        return ZoneGuess(_kind_of(text), (local if not sure else None) or fixed, sure)
    american = text in aliases.american
    if text in aliases.abbreviations or american:
        zone = aliases.abbreviations.get(text)
        elsewhere = american and country not in {None, "US", "CA", "MX"}
        return ZoneGuess("abbreviation", local or (None if elsewhere else zone))
    return None


def _kind_of(text: str) -> str:
    if "/" in text:
        return "place"
    if text.endswith("TIME"):
        return "words"
    return "country" if text.isalpha() and len(text) > 3 else "abbreviation"


def _near(text: str, local: str | None) -> ZoneGuess:
    """Find the identifier that differs by a letter or two."""
    names = [name for name in zone_names() if abs(len(name) - len(text)) <= 2]
    near = get_close_matches(text, names, n=2, cutoff=0.86)
    same_region = [name for name in near if name.split("/")[0] == text.split("/")[0]]
    if "/" in text and len(text) > 6 and len(same_region or near) >= 1:
        return ZoneGuess("misspelt", (same_region or near)[0], sure=True)
    cities = get_close_matches(_plain(text), list(_cities()), n=1, cutoff=0.88)
    if cities and len(text) > 4 and "/" not in text:
        return ZoneGuess("city", _cities()[cities[0]][0])
    return ZoneGuess("unknown", local)
