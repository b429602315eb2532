"""Dates and times as the API reads them (RFC 3339), and as people write them instead.

``datetime.fromisoformat`` is no judge: it accepts ``20261224``, ``+0100``, a space for the ``T``
and more that RFC 3339, 5.6 does not.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pinned_tui.inspect.payload.timezones import written

_RFC3339 = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2})"
    r"(?:\.[0-9]+)?(?P<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_ISO = re.compile(
    r"(?P<year>[0-9]{4})(?P<d>[-/.]?)(?P<month>[0-9]{2})(?P=d)(?P<day>[0-9]{2})"
    r"(?P<between>[Tt]|[ _]+|\s*[,@]\s*|\s+at\s+)"
    r"(?P<hour>[0-9]{1,2}):?(?P<minute>[0-9]{2})(?::?(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"(?P<half>\s*[AaPp]\.?[Mm]\.?)?"
    r"(?P<gap>\s*)(?P<offset>[Zz]|UTC|GMT|(?:UTC|GMT)?[+\u2212\u2013-][0-9]{1,2}(?::?[0-9]{2}){0,2})?"
    r"(?P<zone>\[[\w/+-]+\])?"
)
_DATE_ONLY = re.compile(
    r"[0-9]{4}[-/.]?[0-9]{2}[-/.]?[0-9]{2}|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}"
)
_LOCAL = re.compile(
    r"(?P<first>[0-9]{1,2})(?P<d>[./-])\s?(?P<second>[0-9]{1,2})(?P=d)\s?(?P<year>[0-9]{4}|[0-9]{2})"
    r"[\s,T]+(?:um\s+|at\s+|\u00e0\s+)?(?P<clock>[0-9]{1,2}[:.h][0-9]{2}(?::[0-9]{2})?|[0-9]{1,2})"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?:Uhr|h)?",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"(?:[A-Za-z\u00c0-\u017f]{2,12}[.,]?\s+)?"
    r"(?:(?P<day1>[0-9]{1,2})(?:\.|st|nd|rd|th)?\s+(?:de\s+)?(?P<month1>[A-Za-z\u00c0-\u017f]{3,12})\.?"
    r"|(?P<month2>[A-Za-z\u00c0-\u017f]{3,12})\.?\s+(?P<day2>[0-9]{1,2})(?:st|nd|rd|th)?)"
    r",?\s+(?:de\s+)?(?P<year>[0-9]{4})[\s,]+(?:um\s+|at\s+|\u00e0\s+)?"
    r"(?P<clock>[0-9]{1,2}[:.h][0-9]{2}(?::[0-9]{2})?|[0-9]{1,2})\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?:Uhr|h)?\s*(?P<offset>Z|(?:GMT|UTC)?[+-][0-9]{2}:?[0-9]{2}|GMT|UTC)?(?:\s*\([^()]{0,60}\))?",
    re.IGNORECASE,
)
_MONTHS = (
    ("jan", "j\u00e4n", "ene", "gen"),
    ("feb", "f\u00e9v", "fev"),
    ("mar", "m\u00e4r", "mrz"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mag"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "ao\u00fb", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott"),
    ("nov",),
    ("dec", "dez", "d\u00e9c", "dic"),
)
_LONGEST = 80
_SECONDS = range(1_000_000_000, 4_102_444_800)
_EXCEL = range(36_526, 73_051)
_ABSURD = 1e15
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date and time as RFC 3339 has it.

    Attributes:
        wall: What it says without its offset.
        offset: The offset.
        zulu: Whether it is written as UTC, with ``Z`` or the ``-00:00`` of RFC 3339, 4.3.
    """

    wall: datetime
    offset: timedelta
    zulu: bool = False

    def __str__(self) -> str:
        offset = "Z" if self.zulu else written(self.offset)
        return f"{self.wall:%Y-%m-%dT%H:%M:%S}{offset}".zfill(20)

    @property
    def instant(self) -> datetime:
        """The moment in UTC; the wall time at the ends of the calendar."""
        try:
            return (self.wall - self.offset).replace(tzinfo=UTC)
        except OverflowError:
            return self.wall.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DatetimeReading:
    """What is written in another form may mean.

    Attributes:
        form: The form, by its name in ``payload.toml``.
        wall: The wall time meant, or None where it can't be told.
        offset: The offset that is written with it, or None.
        naive: Whether it is RFC 3339 or close to it, and only the offset is missing.
        sure: Whether it can be read in one way only.
        lenient: Whether it is a form of ISO 8601, which some servers read all the same.
        counted: Whether it is a count from a fixed moment, which knows no wall time.
    """

    form: str
    wall: datetime | None = None
    offset: timedelta | None = None
    naive: bool = False
    sure: bool = False
    lenient: bool = False
    counted: bool = False


def moment(text: str) -> Moment | None:
    """Read a date and time that is RFC 3339, or return None."""
    match = _RFC3339.fullmatch(text)
    if match is None:
        return None
    try:
        wall = datetime.fromisoformat(f"{match['date']}T{match['time']}")
        offset = _offset(match["offset"])
    except ValueError:
        return None
    if offset is None or abs(offset) >= timedelta(days=1):
        return None
    return Moment(wall, offset, zulu=match["offset"] in {"Z", "z", "-00:00"})


def reading(value: str | float) -> DatetimeReading:
    """Return what a value is that is not RFC 3339."""
    if isinstance(value, int | float):
        return _number(value)
    text = value.strip().replace("\u00a0", " ").replace("\u202f", " ")
    if len(text) > _LONGEST:
        return DatetimeReading("text")
    if re.fullmatch(r"[0-9]{5,13}(?:\.[0-9]{1,12})?", text) and not _is_date(text):
        return _number(float(text) if "." in text else int(text))
    if _DATE_ONLY.fullmatch(text):
        return DatetimeReading("date-only")
    return _iso(text, padded=text != value) or _local(text) or _worded(text) or _unread(text)


def _unread(text: str) -> DatetimeReading:
    return DatetimeReading("no-date" if text else "nothing")


def _is_date(text: str) -> bool:
    return len(text) == 8 and text[:2] in {"19", "20", "21"}


def _number(value: float) -> DatetimeReading:
    """Read seconds or milliseconds since 1970, or a day number of a spreadsheet."""
    if not abs(value) < _ABSURD:
        return DatetimeReading("number")
    for unit, name in ((1, "seconds"), (1000, "milliseconds")):
        if int(value) // unit in _SECONDS:
            wall = _EPOCH + timedelta(seconds=value / unit)
            plain = wall.replace(tzinfo=None, microsecond=0)
            return DatetimeReading(name, plain, timedelta(), sure=True, counted=True)
    if int(value) in _EXCEL:
        wall = datetime(1899, 12, 30) + timedelta(minutes=round(value * 1440))  # noqa: DTZ001
        return DatetimeReading("spreadsheet", wall)
    return DatetimeReading("number")


def _iso(text: str, *, padded: bool) -> DatetimeReading | None:
    """Read what comes close to RFC 3339: another sign between, no seconds, a short offset."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    clock = (match["hour"], match["minute"], match["second"])
    try:
        wall = _wall(match["year"], match["month"], match["day"], clock, match["half"])
    except ValueError:
        return DatetimeReading("impossible", lenient=False)
    offset = _offset(match["offset"]) if match["offset"] else None
    if match["offset"] and offset is None:
        return DatetimeReading("impossible-offset", wall)
    if offset is None and not match["zone"] and match["d"] == "-" and not match["half"]:
        return DatetimeReading("no-offset", wall, naive=True, sure=True)
    lenient = not padded and match["zone"] is None and match["d"] in {"-", ""} and not match["half"]
    return DatetimeReading(_iso_form(match, padded), wall, offset, sure=True, lenient=lenient)


def _iso_form(match: re.Match[str], padded: bool) -> str:
    """Return what is not as RFC 3339 has it, the most telling first."""
    offset = match["offset"] or ""
    bare = offset.replace(":", "")
    forms = (
        (bool(match["zone"]), "java-zone"),
        (match["d"] == "", "no-separators"),
        (match["d"] != "-", "other-separators"),
        (match["half"] is not None, "twelve-hours"),
        (match["hour"] == "24", "hour-24"),
        (any(dash in offset for dash in "\u2212\u2013"), "dash-offset"),
        (bool(offset) and offset[0] in "+-" and ":" not in offset, "offset-without-colon"),
        (bare[:1] in "UG", "worded-offset"),
        (match["between"] not in "Tt", "no-t"),
        (match["second"] is None, "no-seconds"),
        (bool(match["gap"]), "gap"),
        (padded, "padded"),
    )
    return next((form for holds, form in forms if holds), "unusual")


def _local(text: str) -> DatetimeReading | None:
    """Read ``24.12.2026 19:00`` and ``12/24/2026 7:00 PM``."""
    match = _LOCAL.fullmatch(text)
    if match is None:
        return None
    first, second = int(match["first"]), int(match["second"])
    day_first = match["d"] == "." or first > 12
    month_first = not day_first and second > 12
    day, month = (second, first) if month_first else (first, second)
    full_year = len(match["year"]) == 4
    year = match["year"] if full_year else f"20{match['year']}"
    sure = full_year and (day_first or month_first or first == second)
    try:
        wall = _wall(year, month, day, _clock(match["clock"]), match["half"])
    except ValueError:
        return DatetimeReading("impossible")
    if not (day_first or month_first or first == second):
        return DatetimeReading("unclear-order")
    return DatetimeReading("local", wall, sure=sure)


def _worded(text: str) -> DatetimeReading | None:
    """Read ``Thu Dec 24 2026 19:00:00 GMT+0100`` and ``24. Dezember 2026, 19:00 Uhr``."""
    match = _WORDS.fullmatch(text)
    if match is None:
        return None
    month = _month(match["month1"] or match["month2"])
    if month is None:
        return None
    try:
        day = match["day1"] or match["day2"]
        wall = _wall(match["year"], month, day, _clock(match["clock"]), match["half"])
    except ValueError:
        return DatetimeReading("impossible")
    offset = _offset(match["offset"]) if match["offset"] else None
    return DatetimeReading("words", wall, offset, sure=True)


def _month(word: str) -> int | None:
    lowered = word.lower()
    for number, beginnings in enumerate(_MONTHS, start=1):
        if lowered.startswith(beginnings):
            return number
    return None


def _clock(text: str) -> tuple[str, str | None, str | None]:
    hour, minute, second, *_ = [*re.split("[:.hH]", text), None, None]
    return str(hour), minute or None, second


def _wall(
    year: str | int,
    month: str | int,
    day: str | int,
    clock: tuple[str, str | None, str | None],
    half: str | None,
) -> datetime:
    """Put a naive datetime together.

    Raises:
        ValueError: there is no such date or time.
    """
    hour, minute, second = int(clock[0]), int(clock[1] or 0), int(clock[2] or 0)
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("no hour of twelve")
        hour = hour % 12 + (12 if half.strip()[0] in "pP" else 0)
    over = hour == 24 and not minute and not second
    wall = datetime(  # noqa: DTZ001 - a wall time has no zone of its own
        int(year), int(month), int(day), 0 if over else hour, minute, second
    )
    try:
        return wall + timedelta(days=1) if over else wall
    except OverflowError:
        raise ValueError("no such day") from None


def _offset(text: str) -> timedelta | None:
    """Read an offset in any form; None where there can't be such an offset."""
    plain = re.sub(r"[:\s]|UTC|GMT", "", text.upper())
    if plain in {"", "Z"}:
        return timedelta()
    sign = -1 if plain[0] in "-\u2212\u2013" else 1
    digits = plain[1:]
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    if len(digits) > 4 or int(hours) > 23 or int(minutes) > 59:
        return None
    return sign * timedelta(hours=int(hours), minutes=int(minutes))
