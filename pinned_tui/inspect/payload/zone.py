"""Time zones by their IANA identifiers, the same on every machine.

Read from the ``tzdata`` package alone: the operating system's zones differ between machines and
may be years old.
"""

import functools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

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
