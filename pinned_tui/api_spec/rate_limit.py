"""Reads the rate-limit fields of an answer, whatever their spelling."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pinned_tui.core.clock import timestamp
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import RateLimit

WRITTEN_DATE = (
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},?[ ](?:\d{1,2}[ -][A-Za-z]{3}[ -]\d{2,4}"
    r"[ ]\d\d:\d\d:\d\d(?:[ ]GMT)?|[A-Za-z]{3}[ ]{1,2}\d{1,2}[ ]\d\d:\d\d:\d\d[ ]\d{4})"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))"
)
"""The three forms of an HTTP date (RFC 9110, 5.6.7), and the one that programs log instead."""

LONGEST_WAIT_S = 366 * 86_400
_LAST_YEAR = 9000


def is_rate_field(name: str) -> bool:
    """Tell whether a header belongs to rate limiting.

    The vendor documents ``X-RateLimit-*`` without the names behind the star; the IETF's
    ``RateLimit`` and ``RateLimit-Policy`` may come instead.
    """
    return name == "retry-after" or _plain(name).startswith("ratelimit")


def _plain(name: str) -> str:
    return name.removeprefix("x-").replace("rate-limit", "ratelimit")


def read_rate_limit(
    headers: Mapping[str, str], *, received_at: datetime, limited: bool = False
) -> RateLimit | None:
    """Collect the rate-limit fields from ``headers`` (lower-case names); None if there are none.

    ``Retry-After`` is seconds or an HTTP date (RFC 9110, 10.2.3); parts of a second are rounded up,
    and of several waits the longest counts. A date is held against the answer's own ``Date``, so
    that a wrong clock on this side does not shift the wait. Where a request was ``limited`` without
    it, the end of the window is the moment to wait for.
    """
    fields = {n: clean_line(v, limit=200) for n, v in headers.items() if is_rate_field(n)}
    if not fields:
        return None
    wait = _retry_after(headers.get("retry-after"), headers.get("date"), received_at)
    if wait is None and limited:
        wait = _reset(fields, http_date(headers.get("date")) or received_at)
    at = (
        timestamp(_full_second(received_at + timedelta(seconds=wait))) if wait is not None else None
    )
    return RateLimit(retry_after_s=wait, retry_at=at, fields=fields)


def _full_second(moment: datetime) -> datetime:
    """Round up, so that whoever waits as told is never early."""
    return moment.replace(microsecond=0) + timedelta(seconds=moment.microsecond > 0)


def _retry_after(value: str | None, date: str | None, received_at: datetime) -> float | None:
    if value is None:
        return None
    waits = _numbers(value)
    if waits:
        return float(min(math.ceil(max(waits)), LONGEST_WAIT_S))
    moment = http_date(value.strip())
    if moment is None:
        return None
    reference = http_date(date) or received_at
    wait = (moment - reference).total_seconds()
    return float(min(max(math.ceil(wait), 0), LONGEST_WAIT_S))


_NUMBER = re.compile(r"\s*([0-9]{1,12}(?:\.[0-9]{1,12})?)\s*")


def _numbers(value: str) -> list[float]:
    """Read a number, or several that repeated headers were joined to; empty where it is more."""
    found = [_NUMBER.fullmatch(part) for part in value.split(",")]
    return [float(one[1]) for one in found if one is not None] if all(found) else []


_EPOCH_FROM = 10**9
"""From here on a reset can only be a date since 1970; below, only seconds from now."""


def _reset(fields: Mapping[str, str], reference: datetime) -> float | None:
    """Read when the window ends: the IETF drafts' ``t=``, ``reset=`` or ``-Reset``, or others'.

    ``-Reset-After`` is seconds from now. Whether ``-Reset`` is that or since 1970 is not
    documented; its size tells.
    """
    for name, value in fields.items():
        plain = _plain(name)
        told: list[float | str] = []
        if plain == "ratelimit":
            told = re.findall(r"(?:;\s*t|(?:\A|,)\s*reset)=([0-9]{1,12})\b", value)[:1]
        elif plain.endswith(("-reset", "-reset-after")):
            told += _numbers(value)
        if told:
            seconds = max(map(float, told))
            if seconds >= _EPOCH_FROM and plain.endswith("-reset"):
                seconds = max(seconds - reference.timestamp(), 0)
            return float(min(math.ceil(seconds), LONGEST_WAIT_S))
    return None


def requests_left(fields: Mapping[str, str]) -> int | None:
    """Read how many requests are left, by the tightest of the limits told; None where none is.

    That is ``X-RateLimit-Remaining`` or the IETF drafts' ``RateLimit-Remaining``, ``r=`` and
    ``remaining=``.
    """
    told: list[float | str] = []
    for name, value in fields.items():
        plain = _plain(name)
        if "remaining" in plain and "reset" not in plain:
            told += _numbers(value)
        elif plain == "ratelimit":
            told += re.findall(r"(?:;\s*r|(?:\A|,)\s*remaining)=([0-9]{1,9})\b", value)
    return min(map(int, told), default=None)


def http_date(text: str | None) -> datetime | None:
    """Read an HTTP date (RFC 9110, 5.6.7) as UTC; None when it is none.

    Nor is one at the end of the calendar: no wait can be added to it.
    """
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year <= _LAST_YEAR else None
