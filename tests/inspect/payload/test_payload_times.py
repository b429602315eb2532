"""Properties of dates and zones that hold for every zone and every moment."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pinned_tui.inspect.payload import inspect_body
from pinned_tui.inspect.payload.datetime_parsing import moment, reading
from pinned_tui.inspect.payload.timezones import guess, load_zone, wall, zone_names
from tests.inspect.payload.payload_support import LOOKING, NOW, alarms, at, body, causes, inspected

ZONES = sorted(zone_names())
zones = st.sampled_from(ZONES)
moments = st.datetimes(
    datetime(2026, 6, 13), datetime(2036, 1, 1)  # noqa: DTZ001
).map(lambda time: time.replace(microsecond=0, tzinfo=UTC))  # fmt: skip


def test_every_identifier_of_the_iana_can_be_loaded() -> None:
    assert len(ZONES) > 550
    assert all(load_zone(name) is not None for name in ZONES)
    assert load_zone("Europe/Nowhere") is None


@given(zones, moments)
def test_a_moment_with_its_zones_own_offset_is_healthy(zone: str, utc: datetime) -> None:
    rules = load_zone(zone)
    assert rules is not None
    local = utc.astimezone(rules).isoformat()
    assert causes(inspected(at(local, zone))) == []


@given(zones, moments)
def test_a_wall_time_has_the_offset_that_python_gives_it(zone: str, utc: datetime) -> None:
    rules = load_zone(zone)
    assert rules is not None
    local = utc.astimezone(rules)
    assert local.utcoffset() in wall(rules, local.replace(tzinfo=None)).offsets


@given(zones, moments)
def test_a_missing_offset_is_filled_in_where_the_clock_leaves_no_choice(
    zone: str, utc: datetime
) -> None:
    assume(not zone.startswith("Etc/GMT"))
    rules = load_zone(zone)
    assert rules is not None
    local = utc.astimezone(rules)
    found = inspected(at(f"{local:%Y-%m-%dT%H:%M:%S}", zone))
    (fault,) = alarms(found)
    if fault.cause == "datetime-ambiguous":
        assert local.isoformat() in str(fault.suggestion)
        return
    assert fault.cause == "datetime-no-offset"
    assert moment(str(fault.suggestion)) == moment(local.isoformat())
    assert found.corrected is not None
    assert causes(inspect_body(found.corrected, LOOKING)) == []


@given(zones, moments, st.integers(-48, 56))
def test_another_offset_never_passes_unless_it_is_utc(
    zone: str, utc: datetime, quarters: int
) -> None:
    rules = load_zone(zone)
    assert rules is not None
    local = utc.astimezone(rules)
    offset = timedelta(minutes=15 * quarters)
    right = wall(rules, local.replace(tzinfo=None)).offsets
    assume(offset and offset not in right)
    sign = "-" if quarters < 0 else "+"
    text = f"{local:%Y-%m-%dT%H:%M:%S}{sign}{abs(quarters) // 4:02}:{abs(quarters) % 4 * 15:02}"
    assume(local - offset + (local.utcoffset() or timedelta()) > NOW + timedelta(days=2))
    (cause,) = causes(inspected(at(text, zone)))
    assert cause in {"datetime-offset-mismatch", "datetime-ambiguous", "timezone-etc-sign"}


@given(st.text() | st.floats(allow_nan=False) | st.integers(), st.text())
def test_no_date_and_no_zone_whatever_raises(value: Any, zone: str) -> None:
    if isinstance(value, str):
        moment(value)
    reading(value)
    guess(zone, zone[:2])


FORMS = (
    "%d.%m.%Y %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%d. %B %Y, %H:%M Uhr",
    "%B %d, %Y %I:%M %p",
    "%Y%m%dT%H%M%S",
    "%Y-%m-%dT%H:%M",
    "%a %b %d %Y %H:%M:%S",
)


@given(moments, st.sampled_from(FORMS))
def test_local_forms_are_read_as_they_were_written(utc: datetime, form: str) -> None:
    time = utc.replace(second=0, tzinfo=None)
    assert reading(time.strftime(form)).wall == time


@given(moments, st.sampled_from(["Europe/Vienna", "America/New_York", "Australia/Lord_Howe"]))
def test_counts_since_1970_are_the_same_moment(utc: datetime, zone: str) -> None:
    for count in (int(utc.timestamp()), int(utc.timestamp()) * 1000, str(int(utc.timestamp()))):
        (fault,) = alarms(inspected(at(count, zone)))  # type: ignore[arg-type]
        meant = moment(str(fault.suggestion))
        assert meant is not None
        assert meant.instant == utc


@pytest.mark.parametrize("name", ["US/Eastern", "Asia/Calcutta", "CET", "GB", "Etc/GMT+5", "UTC"])
def test_old_names_of_the_iana_are_identifiers(name: str) -> None:
    assert name in zone_names()


MECHANICAL: dict[str, tuple[str, Any]] = {
    "channelId": ("channel_id", "101"),
    "title": ("Title", 1984),
    "startAt": ("start_date", "24.12.2026 19:00"),
    "timezone": ("timeZone", "europe/vienna"),
    "classifications": ("classification", "concert"),
    "status": ("Status", "PUBLISHED"),
    "coverImage": ("cover_image", "7001"),
    "endAt": ("end_at", "2026-12-24 23:00:00"),
    "offers": ("offers", [{"name": "x", "url": "t.example.com/1"}]),
}
WRITTEN = st.sampled_from([
    lambda fields: body(fields),
    lambda fields: body(fields, None),
    lambda fields: repr(fields),
    lambda fields: body(fields)[:-2] + ",\n}",
    lambda fields: body(fields)[:-2],
    lambda fields: "\ufeff" + body(fields),
    lambda fields: body({"data": fields}),
    lambda fields: body(body(fields)),
    lambda fields: body([fields]),
    lambda fields: body(fields).replace('"', "“"),
])  # fmt: skip


@given(st.sets(st.sampled_from(sorted(MECHANICAL))), st.sets(st.sampled_from(sorted(MECHANICAL))),
       WRITTEN)  # fmt: skip
def test_whatever_is_mechanical_is_mended_at_once(
    misnamed: set[str], mistaken: set[str], write: Any
) -> None:
    fields = at("2026-12-24T19:00:00+01:00", "Europe/Vienna", status="draft")
    for name in sorted(mistaken):
        fields[name] = MECHANICAL[name][1]
    fields = {MECHANICAL[n][0] if n in misnamed else n: value for n, value in fields.items()}
    text = write(fields)
    found = inspect_body(text, LOOKING)
    if not alarms(found):
        assert found.corrected is None
        return
    assert found.corrected is not None
    assert causes(inspect_body(found.corrected, LOOKING)) == []
