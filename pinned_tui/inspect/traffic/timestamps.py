"""Reads the times of log lines, in the spellings that logs have."""

import math
import re
from datetime import UTC, datetime, timedelta

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_MOMENT = re.compile(
    r"""(?P<iso>\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?
          (?:[ ]?(?:Z|[+-]\d\d:?\d\d)\b)?)
      | (?P<apache>\d\d/[A-Za-z]{3}/\d{4}:\d\d:\d\d:\d\d(?:[ ][+-]\d{4})?)
      | (?P<nginx>\d{4}/\d\d/\d\d[ ]\d\d:\d\d:\d\d)
      | (?P<named>\b[A-Z][a-z]{2}[ ]{1,2}\d{1,2}(?:[ ]\d{4})?,?[ ]\d\d:\d\d:\d\d(?:[.,]\d{1,6})?)
      | (?P<german>\b\d{1,2}\.\d{1,2}\.\d{4},?[ ]\d\d:\d\d:\d\d(?:[.,]\d{1,6})?)
      | (?P<us>\b\d{1,2}/\d{1,2}/\d{4},?[ ]\d{1,2}:\d\d:\d\d(?:[.,]\d{1,6})?(?:[ ][AP]M)?)
      | (?P<epoch>(?<![\w.])1[5-9]\d{8}(?:\.\d{1,6}|\d{3})?(?![\w.]))
      | (?P<clock>(?<![\d:.])[0-2]\d:[0-5]\d:[0-5]\d(?:[.,]\d{1,6})?(?![\d:]))
    """,
    re.VERBOSE,
)
_ZONE = re.compile(r"([+-]\d\d):?(\d\d)\Z")
_NUMBERS = re.compile(r"\d+")
_MOST_DAYS = 1000
_UNITS = ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3))
"""Numbers from the first on are in a unit of which the second make a second."""


class TimestampReader:
    """Reads times; what a time leaves out is taken from the present moment.

    Times without a zone count as UTC: only the spans between them matter.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._days: dict[tuple[str, str], float] = {}

    def find(self, text: str, most: int = 200) -> float | None:
        """Return the first moment in the beginning of ``text`` as seconds since 1970."""
        match = _MOMENT.search(text, 0, most)
        if match is None:
            return None
        kind = match.lastgroup or ""
        try:
            return self._read(kind, match[0])
        except (ValueError, OverflowError):
            return None

    def read(self, value: object) -> float | None:
        """Return the moment that a field of a record holds."""
        if isinstance(value, bool):
            return None
        if isinstance(value, int | float):
            return _epoch(value)
        if not isinstance(value, str) or not 8 <= len(value) <= 64:
            return None
        try:
            return _utc(datetime.fromisoformat(value.replace(",", ".")))
        except (ValueError, OverflowError):
            return self.find(value)

    def _read(self, kind: str, text: str) -> float | None:
        if kind == "iso":
            return _iso(text)
        if kind == "epoch":
            return _epoch(float(text))
        if kind == "clock":
            return self._clock(text)
        if kind == "named":
            return self._named(text)
        if kind == "apache":
            return self._apache(text)
        return _dated(kind, text)

    def _clock(self, text: str) -> float:
        hour, minute, second = (int(part) for part in text[:8].split(":"))
        day = self._now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return day.timestamp() + hour * 3600 + minute * 60 + second + _fraction(text[8:])

    def _apache(self, text: str) -> float:
        """Read ``28/Nov/2026:10:00:01 +0100``; the days of a log are few, so each is read once."""
        at = text[:11], text[20:]
        midnight = self._days.get(at)
        if midnight is None:
            month = _MONTHS.get(text[3:6].lower(), 0)
            day = datetime(int(text[7:11]), month, int(text[:2]), tzinfo=UTC)
            midnight = day.timestamp() - _offset(text[21:26])
            if len(self._days) < _MOST_DAYS:
                self._days[at] = midnight
        hour, minute, second = int(text[12:14]), int(text[15:17]), int(text[18:20])
        if hour > 23 or minute > 59 or second > 60:
            raise ValueError(text)
        return midnight + hour * 3600 + minute * 60 + second

    def _named(self, text: str) -> float:
        """Read ``Nov 28 10:00:01``, which may lack its year: the last such day that is past."""
        numbers = [int(n) for n in _NUMBERS.findall(text[:24])]
        month = _MONTHS.get(text[:3].lower(), 0)
        day, *rest = numbers
        year = rest.pop(0) if rest and rest[0] > 99 else None
        hour, minute, second = rest[:3]
        made = datetime(year or self._now.year, month, day, hour, minute, second, tzinfo=UTC)
        if year is None and made > self._now + timedelta(days=2):
            made = made.replace(year=made.year - 1)
        tail = text[text.rfind(":") + 3 :]
        return made.timestamp() + _fraction(tail)


def _iso(text: str) -> float:
    text = text.replace(",", ".")
    try:
        return _utc(datetime.fromisoformat(text))
    except ValueError:
        return _iso_by_parts(text)


def _iso_by_parts(text: str) -> float:
    """Read what the standard library does not: a blank before the zone, nanoseconds."""
    zone = _ZONE.search(text)
    if zone is not None:
        text = f"{text[: zone.start()].rstrip()}{zone[1]}:{zone[2]}"
    elif text.endswith("Z"):
        text = f"{text[:-1].rstrip()}+00:00"
    point = text.find(".")
    if point > 0:
        digits = re.match(r"\d+", text[point + 1 :])
        length = len(digits[0]) if digits else 0
        kept = text[point + 1 : point + 1 + length][:6].ljust(6, "0")
        text = f"{text[:point]}.{kept}{text[point + 1 + length :]}"
    return _utc(datetime.fromisoformat(text))


def _dated(kind: str, text: str) -> float:
    if kind == "nginx":
        return _utc(datetime.fromisoformat(text.replace("/", "-")))
    first, second, year, hour, minute, seconds = (int(n) for n in _NUMBERS.findall(text)[:6])
    day, month = (first, second) if kind == "german" or first > 12 else (second, first)
    if text.endswith("PM") and hour < 12:
        hour += 12
    elif text.endswith("AM") and hour == 12:
        hour = 0
    made = datetime(year, month, day, hour, minute, seconds, tzinfo=UTC)
    return made.timestamp() + _fraction(text[text.rfind(":") + 3 :])


def _offset(text: str) -> int:
    """Return the seconds of an offset such as ``+0200``."""
    if not text:
        return 0
    seconds = int(text[1:3]) * 3600 + int(text[3:5]) * 60
    return -seconds if text[0] == "-" else seconds


def _fraction(text: str) -> float:
    digits = re.match(r"[.,](\d{1,6})", text)
    return float(f"0.{digits[1]}") if digits else 0.0


def _utc(moment: datetime) -> float:
    return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).timestamp()


def _epoch(value: float) -> float | None:
    """Read seconds since 1970, or thousandths and less, told apart by their size."""
    if not math.isfinite(value):
        return None
    for least, parts in _UNITS:
        if value >= least:
            value = value / parts
            break
    return float(value) if 10**9 <= value < 4 * 10**9 else None
