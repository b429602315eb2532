"""What an ``Idempotency-Key`` is made of: a stable ID, a clock, chance, or a row's number. Pure.

The vendor's page *Idempotency* wants keys from stable source IDs and the action, never from the
clock or a random source at retry time; its own examples hold the date and row of an import.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import Enum, auto

_UUID = re.compile(
    r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", re.IGNORECASE
)
_ULID = re.compile(r"(?<![0-9A-Za-z])[0-7][0-9A-HJKMNP-TV-Z]{25}(?![0-9A-Za-z])")
_HEX = re.compile(
    r"(?<![0-9a-z])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{12,64}(?![0-9a-z])", re.IGNORECASE
)
_MIXED = re.compile(
    r"(?<![0-9A-Za-z])(?=\w{0,40}\d)(?=\w{0,40}[A-Z])(?=\w{0,40}[a-z])[0-9A-Za-z_]{14,64}(?![0-9A-Za-z])"
)
_FRACTION = re.compile(r"\b0\.\d{8,20}\b")
_EPOCH = re.compile(r"(?<!\d)(1[5-9]\d{8})(\d{3}|\d{6}|\.\d{1,6})?(?!\d)")
_STAMP = re.compile(
    r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)[T _-]?([0-2]\d)[:h-]?([0-5]\d)(?:[:m-]?([0-5]\d))?(?!\d)"
)
_ATTEMPT = re.compile(
    r"(?<![a-z])(?:attempt|retry|retries|try|tries|run|versuch|intento|n)[-_.:#]?\d{1,3}\b",
    re.IGNORECASE,
)
"""A counter, as a word of its own: *entry-77* counts nothing."""

_COUNTER = re.compile(r"[-_.:#]\d{1,3}\Z")
_DATE = re.compile(r"(?<!\d)20\d\d-?[01]\d-?[0-3]\d(?!\d)")
_ROW = re.compile(
    r"(?<![a-z])(?:row|line|idx|index|item|zeile|fila|ligne|pos)[-_.:#]?\d{1,7}(?!\d)",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"[0-9A-Za-z_]{12}|[0-9a-fA-F]{8}|\d{4}-|[rtivpzlf]\w{1,7}[-_.:#]?\d", re.IGNORECASE
)
"""Without any of this a key can hold neither a clock nor chance nor the number of a row."""
_NEAR = 10 * 60
_LONGEST = 300


class KeyOrigin(Enum):
    """What a key is made of."""

    STABLE = auto()
    TIME = auto()
    RANDOM = auto()
    ROW = auto()


def made_of(key: str, at: float | None = None) -> tuple[KeyOrigin, str]:
    """Return what ``key`` is made of, and the part that tells.

    Args:
        key: An ``Idempotency-Key``.
        at: When it was sent, in seconds since 1970; a time in the key counts as the clock's only
            if it is near this, since an event's own date is stable.
    """
    key = key[:_LONGEST]
    if not _TELLING.search(key):
        return KeyOrigin.STABLE, key
    clock = _clock_in(key, at)
    if clock is not None:
        return KeyOrigin.TIME, clock
    attempt = _ATTEMPT.search(key)
    if attempt is not None and not attempt[0].lower().startswith("n"):
        return KeyOrigin.TIME, attempt[0]
    chance = random_part(key)
    if chance is not None:
        return KeyOrigin.RANDOM, chance
    row = _ROW.search(key)
    if row is not None:
        date = _DATE.search(key)
        return KeyOrigin.ROW, key if date else row[0]
    return KeyOrigin.STABLE, key


def random_part(key: str) -> str | None:
    """Return the part of ``key`` that looks like chance: a UUID, a ULID, hex, mixed letters."""
    for pattern in (_UUID, _ULID, _FRACTION, _HEX, _MIXED):
        match = pattern.search(key)
        if match is not None:
            return match[0]
    return None


def _clock_in(key: str, at: float | None) -> str | None:
    """Return the time in ``key`` that is the moment of sending."""
    if _UUID.search(key):
        return None
    for match in _EPOCH.finditer(key):
        if at is None or abs(int(match[1]) - at) <= _NEAR:
            return match[0]
    for match in _STAMP.finditer(key):
        moment = _moment(match)
        if moment is not None and at is not None and _near_in_some_zone(moment, at):
            return match[0]
    return None


def _moment(match: re.Match[str]) -> float | None:
    numbers = [int(part or 0) for part in match.groups()]
    try:
        return datetime(*numbers[:5], numbers[5], tzinfo=UTC).timestamp()  # type: ignore[misc,arg-type]
    except ValueError:
        return None


def _near_in_some_zone(moment: float, at: float) -> bool:
    """Return whether a wall time is that of sending, in any zone: those differ by quarter hours."""
    shift = (moment - at + 450) % 900 - 450
    return abs(moment - at) <= 14 * 3600 and abs(shift) <= 60


def varying(keys: Sequence[str], times: Iterable[float | None]) -> tuple[KeyOrigin, str]:
    """Return in what the keys of one event differ, and the part of the first key that varies."""
    looks = [made_of(key, at) for key, at in zip(keys, times, strict=False)]
    for made in (KeyOrigin.TIME, KeyOrigin.RANDOM):
        parts = [part for one, part in looks if one is made]
        if len(parts) * 2 > len(looks):
            return made, parts[0]
    part = _middle(keys)
    if part is not None:
        if _EPOCH.fullmatch(part.strip("-_.:#")) or _ATTEMPT.search(keys[0]):
            return KeyOrigin.TIME, part
        stems = {_COUNTER.sub("", key) for key in keys}
        if len(stems) == 1 and next(iter(stems)):
            return KeyOrigin.TIME, part
    return KeyOrigin.STABLE, keys[0]


def _middle(keys: Sequence[str]) -> str | None:
    """Return what is between the common beginning and the common end of keys, in the longest."""
    shortest = min(keys, key=len)
    longest = max(keys, key=len)
    before = 0
    while before < len(shortest) and all(key[before] == shortest[before] for key in keys):
        before += 1
    behind = 0
    most = len(shortest) - before
    while behind < most and all(key[-1 - behind] == shortest[-1 - behind] for key in keys):
        behind += 1
    return longest[before : len(longest) - behind] or None
