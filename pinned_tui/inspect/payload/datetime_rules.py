"""Whether dates, times and the time zone of an event fit together."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pinned_tui.inspect.payload.datetime_parsing import DatetimeReading, Moment, moment, reading
from pinned_tui.inspect.payload.event import (
    FoundField,
    PayloadEvent,
    joined,
    literal,
    quoted,
    replaced,
    shown,
)
from pinned_tui.inspect.payload.timezones import (
    guess,
    load_zone,
    offset_of,
    offsets_of_year,
    only_zone,
    wall,
    written,
    zone_names,
)
from pinned_tui.inspect.sentences import say
from pinned_tui.session import Certainty

_ETC = re.compile(r"Etc/GMT(?P<sign>[+-])(?P<hours>[1-9][0-9]?)")
_YEARS = range(1902, 9000)
"""Years for which zones are asked: before them offsets have seconds, after them they end."""

_ODD_HOURS = range(1, 6)
"""Hours in which hardly any event begins."""

_NO_TIME = timedelta()


@dataclass(frozen=True, slots=True)
class Zone:
    """The time zone of an event as far as it is known.

    Attributes:
        rules: Its offsets, or None where the zone is not known.
        reversed: Whether its sign is probably the wrong way round, so that it tells nothing.
    """

    name: str
    rules: ZoneInfo | None
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class _Issue:
    """How the offset of a moment does not fit its zone.

    Attributes:
        instead: What it should be, or None where a user has to choose.
        sure: Whether that can be written in its place without asking.
        suggestion: What is proposed, in words.
    """

    cause: str
    certainty: Certainty
    detail: str
    instead: Moment | None = None
    sure: bool = False
    suggestion: str | None = None
    expected: str | None = None
    actual: str | None = None


def moments(event: PayloadEvent, now: datetime) -> None:
    """Note what is wrong with timezone, startAt and endAt.

    Args:
        event: The event.
        now: The present moment; what lies before it is past.
    """
    zone = _zone(event)
    zone = _check_sign(event, zone)
    start = _check(event, "startAt", zone)
    odd = any(fault.cause == "datetime-utc-for-local" for fault in event.faults)
    end = _check(event, "endAt", zone, odd_start=odd)
    _check_order(event, start, end)
    _check_past(event, zone, start, end, now)


def _zone(event: PayloadEvent) -> Zone:
    """Read the time zone, and note where it is no IANA identifier."""
    text = event.text_of("timezone")
    found = event.get("timezone")
    if text is None or found is None:
        return Zone("", None)
    if text in zone_names():
        return Zone(text, load_zone(text))
    guessed = guess(text[:200], _country(event))
    known = guessed.zone if guessed.sure else None
    subject = joined(event.subject, "timezone")
    form = say(f"payload.zone-form.{guessed.form}")
    event.add(
        "timezone-not-iana",
        "timezone",
        say("payload.timezone-not-iana.seen", field=subject, value=quoted(text), actual=form),
        at=found,
        found=text,
        suggestion=guessed.zone,
        fix=replaced(found, literal(known), subject) if known else None,
        values={"actual": form},
    )
    return Zone(known or "", load_zone(known) if known else None)


def _country(event: PayloadEvent) -> str | None:
    return event.text_of("approxLocation.city.countryCode")


def _check_sign(event: PayloadEvent, zone: Zone) -> Zone:
    """Note an ``Etc/GMT±n`` zone unless an offset bears it out: its sign is that of POSIX."""
    match = _ETC.fullmatch(zone.name)
    found = event.get("timezone")
    if match is None or found is None or zone.rules is None:
        return zone
    hours = int(match["hours"]) * (-1 if match["sign"] == "+" else 1)
    given = [_given_offset(event, path) for path in ("startAt", "endAt")]
    readable = [offset for offset in given if offset is not False]
    if not readable or all(offset == timedelta(hours=hours) for offset in readable):
        return zone
    offset = written(timedelta(hours=hours))
    meant = say("payload.timezone-etc-sign.meant", hours=f"{hours:+d}", offset=offset)
    west = hours < 0
    subject = joined(event.subject, "timezone")
    event.add(
        "timezone-etc-sign",
        "timezone",
        say(
            "payload.timezone-etc-sign.west" if west else "payload.timezone-etc-sign.east",
            field=subject,
            zone=zone.name,
            offset=offset,
        ),
        certainty=Certainty.LIKELY,
        at=found,
        found=zone.name,
        suggestion=only_zone(_country(event)),
        values={"actual": meant},
    )
    return Zone(zone.name, None, reversed=True)


def _given_offset(event: PayloadEvent, path: str) -> timedelta | bool | None:
    """Return the offset of a date: None where it has none or is in UTC, False where unreadable."""
    text = event.text_of(path)
    if text is None:
        return False
    read = moment(text)
    if read is not None:
        return None if not read.offset else read.offset
    meant = reading(text)
    if meant.wall is None:
        return False
    return meant.offset or None


def _check(event: PayloadEvent, path: str, zone: Zone, *, odd_start: bool = True) -> Moment | None:
    """Check one date; return the moment that it stands for, as far as that is certain."""
    found = event.get(path)
    value = found.node.value if found else None
    if found is None or isinstance(value, bool | dict | list) or value is None:
        return None
    if isinstance(value, str):
        if not value.strip():
            return None
        read = moment(value)
        if read is not None:
            return _check_offset(event, path, found, read, zone, odd_start=odd_start)
    return _check_form(event, path, found, reading(value), zone)


def _check_offset(
    event: PayloadEvent, path: str, found: FoundField, read: Moment, zone: Zone, *, odd_start: bool
) -> Moment:
    issue = _issue(read, zone)
    if issue is None or (issue.cause == "datetime-utc-for-local" and not odd_start):
        return read
    subject = joined(event.subject, path)
    fix = None
    if issue.sure and issue.instead is not None:
        fix = replaced(found, literal(str(issue.instead)), subject)
    event.add(
        issue.cause,
        path,
        say(
            "payload.date.seen",
            field=subject,
            value=quoted(str(found.node.value)),
            issue=issue.detail,
        ),
        certainty=issue.certainty,
        at=found,
        found=str(found.node.value),
        suggestion=issue.suggestion or (str(issue.instead) if issue.instead else None),
        fix=fix,
        values={"expected": issue.expected, "actual": issue.actual},
    )
    return issue.instead if fix is not None and issue.instead is not None else read


def _issue(read: Moment, zone: Zone) -> _Issue | None:
    """Hold the offset of a moment against its zone on that date."""
    if zone.rules is None or read.wall.year not in _YEARS:
        return None
    year = offsets_of_year(zone.rules, read.wall.year)
    if not read.offset and (read.zulu or _NO_TIME not in year):
        return _odd_in_zone(read, zone)
    here = wall(zone.rules, read.wall)
    if read.offset in here.offsets:
        return None
    if len(here.offsets) == 2:
        either = [str(Moment(read.wall, offset)) for offset in here.offsets]
        return _ambiguous(zone, either)
    if not here.offsets:
        return _gap(read.wall, zone, read.offset)
    right = Moment(read.wall, here.offsets[0])
    return _Issue(
        "datetime-offset-mismatch",
        Certainty.CONFIRMED,
        say(
            "payload.datetime-offset-mismatch.issue",
            zone=zone.name,
            expected=written(right.offset),
            actual=written(read.offset),
        ),
        instead=right,
        sure=read.offset in year,
        expected=written(right.offset),
        actual=written(read.offset),
    )


def _odd_in_zone(read: Moment, zone: Zone) -> _Issue | None:
    """Suspect a local time that is written as UTC, where it is night at the place then."""
    local = _local(read, zone)
    if local is None or not offset_of(local):
        return None
    if local.hour not in _ODD_HOURS or read.wall.hour in _ODD_HOURS:
        return None
    there = wall(zone.rules, read.wall) if zone.rules else None
    meant = Moment(read.wall, there.offsets[0]) if there and len(there.offsets) == 1 else None
    there_then = say("payload.date.local", time=f"{local:%H:%M}", day=f"{local:%Y-%m-%d}")
    return _Issue(
        "datetime-utc-for-local",
        Certainty.LIKELY,
        say(
            "payload.datetime-utc-for-local.issue",
            local=there_then,
            zone=zone.name,
            written=f"{read.wall:%H:%M}",
        ),
        instead=meant,
        actual=there_then,
        expected=f"{read.wall:%H:%M}",
    )


def _local(read: Moment, zone: Zone) -> datetime | None:
    """Return a moment on the clocks of the zone."""
    if zone.rules is None or read.wall.year not in _YEARS:
        return None
    return read.instant.astimezone(zone.rules)


def _ambiguous(zone: Zone, either: list[str]) -> _Issue:
    one, other = either
    both = say("payload.date.either", one=one, other=other)
    return _Issue(
        "datetime-ambiguous",
        Certainty.CONFIRMED,
        say("payload.datetime-ambiguous.issue", zone=zone.name),
        suggestion=both,
        expected=both,
    )


def _gap(time: datetime, zone: Zone, offset: timedelta | None) -> _Issue:
    """Return the issue of a wall time that the clocks leave out."""
    nearest = None
    if zone.rules is not None:
        change = wall(zone.rules, time)
        fits = offset is not None and offset in {change.before, change.after}
        known = offset if offset is not None and fits else change.before
        local = _local(Moment(time, known), zone)
        nearest = Moment(local.replace(tzinfo=None), offset_of(local)) if local else None
    return _Issue(
        "datetime-in-dst-gap",
        Certainty.CONFIRMED,
        say("payload.datetime-in-dst-gap.issue", zone=zone.name),
        instead=nearest,
    )


def _check_form(
    event: PayloadEvent, path: str, found: FoundField, read: DatetimeReading, zone: Zone
) -> Moment | None:
    """Note a date that is no RFC 3339; return the moment where only one can be meant."""
    issue, meant = _meant(read, zone)
    subject = joined(event.subject, path)
    form = say(f"payload.date-form.{read.form}")
    value = found.node.value
    text = value if isinstance(value, str) else shown(found.node)
    sure = read.sure and meant is not None and issue is None
    fix = replaced(found, literal(str(meant)), subject) if sure and meant else None
    if read.naive and issue is not None and issue.cause != "datetime-offset-mismatch":
        cause, detail = issue.cause, issue.detail
        suggestion = issue.suggestion or (str(issue.instead) if issue.instead else None)
    elif read.naive:
        cause = "datetime-no-offset"
        detail = say("payload.datetime-no-offset.issue")
        suggestion = str(meant) if meant else None
    else:
        cause = "datetime-malformed"
        detail = say("payload.datetime-malformed.issue", actual=form)
        suggestion = str(meant) if meant else issue.suggestion if issue else None
    event.add(
        cause,
        path,
        say("payload.date.seen", field=subject, value=quoted(text), issue=detail),
        certainty=Certainty.LIKELY if read.lenient else Certainty.CONFIRMED,
        at=found,
        found=text,
        suggestion=suggestion,
        fix=fix,
        values={"actual": form},
    )
    return meant if sure else None


def _meant(read: DatetimeReading, zone: Zone) -> tuple[_Issue | None, Moment | None]:
    """Turn what was read into a moment; an issue where its offset has to be chosen."""
    if read.wall is None:
        return None, None
    if read.offset is not None:
        meant = Moment(read.wall, read.offset, zulu=not read.offset)
        if read.counted and (local := _local(meant, zone)) is not None:
            return None, Moment(local.replace(tzinfo=None), offset_of(local))
        issue = _issue(meant, zone)
        if issue is not None and issue.sure and issue.instead is not None:
            return None, issue.instead
        return issue, meant
    if zone.rules is None or read.wall.year not in _YEARS:
        return None, None
    here = wall(zone.rules, read.wall)
    if len(here.offsets) == 1:
        return None, Moment(read.wall, here.offsets[0])
    if not here.offsets:
        return _gap(read.wall, zone, None), None
    return _ambiguous(zone, [str(Moment(read.wall, o)) for o in here.offsets]), None


def _check_order(event: PayloadEvent, start: Moment | None, end: Moment | None) -> None:
    found = event.get("endAt")
    if start is None or end is None or found is None or end.instant > start.instant:
        return
    next_day = None
    if end.wall.date() == start.wall.date() and end.wall < start.wall:
        next_day = str(Moment(end.wall + timedelta(days=1), end.offset, end.zulu))
    subject = joined(event.subject, "endAt")
    how = "same" if end.instant == start.instant else "before"
    event.add(
        "end-not-after-start",
        "endAt",
        say(
            f"payload.end-not-after-start.{how}",
            field=subject,
            end=str(end),
            start=str(start),
        ),
        at=found,
        found=str(end),
        suggestion=next_day,
        values={"actual": str(start)},
    )


def _check_past(
    event: PayloadEvent, zone: Zone, start: Moment | None, end: Moment | None, now: datetime
) -> None:
    """Note a start in the past; one whose end lies ahead may be an event that is on."""
    found = event.get("startAt")
    if start is None or found is None or start.instant >= now:
        return
    goes_on = end is not None and end.instant > now
    local = _local(start, zone)
    when = str(start)
    if local and zone.name:
        when = say(
            "payload.start-in-past.with-local",
            start=when,
            local=f"{local:%Y-%m-%d %H:%M}",
            zone=zone.name,
        )
    subject = joined(event.subject, "startAt")
    event.add(
        "start-in-past",
        "startAt",
        say(
            "payload.start-in-past.running" if goes_on else "payload.start-in-past.over",
            field=subject,
            start=when,
            now=f"{now:%Y-%m-%d %H:%M}",
        ),
        certainty=Certainty.POSSIBLE if goes_on else Certainty.CONFIRMED,
        at=found,
        found=str(start),
    )
