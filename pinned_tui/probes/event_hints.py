"""Fields of an event that no document of the vendor names, and that sound as if they hid it. Pure.

The vendor documents drafts, and that a review may hold an event back. A document may have more:
``visibility``, ``cancelled``, ``deletedAt``. What such a field does is not known, so it is named as
it was found, and nobody claims that nothing hides the event.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pinned_tui.privacy.clean import clean_line
from pinned_tui.probes.event_facts import instant

MOST_HINTS = 5
_LONGEST = 60

_STATES = (
    "archived|blocked|canceled|cancelled|deleted|disabled|expired|hidden|private|suspended|unlisted"
    "|unpublished"
)
_IF_TRUE = re.compile(rf"(?:is)?(?:{_STATES})")
_IF_FALSE = re.compile(r"(?:is)?(?:active|discoverable|enabled|listed|public|searchable|visible)")
_IF_SET = re.compile(rf"(?:{_STATES}|rejected|removed)(?:at|on|date)")
_IF_AHEAD = re.compile(
    r"(?:publish|published|release|scheduled|embargo|goeslive)(?:at|on|date|from|for|until)"
    r"|(?:visible|listed|available)(?:from|after)"
)
_IF_OVER = re.compile(
    r"(?:unpublish|expire|expires|expiry|hide|archive)(?:at|on|date|after)"
    r"|(?:visible|listed|published|available)(?:until|to)"
)
_WORDED = {"visibility", "privacy", "visibilitystatus", "listingstatus"}
_OPEN_WORDS = {
    "all", "anyone", "default", "everyone", "everybody", "listed", "open", "public", "published",
    "visible", "world",
}  # fmt: skip
_WITHIN = {"publishing", "publishingOptions", "publication", "settings"}


@dataclass(frozen=True, slots=True)
class Hint:
    """A field, by its path, and its value as it may be shown."""

    field: str
    value: str


def hints(doc: dict[str, Any], now: datetime) -> tuple[Hint, ...]:
    """Return the fields of ``doc`` that may hide it, in the order in which they stand there."""
    return tuple(
        Hint(clean_line(path, limit=_LONGEST), _shown(value))
        for path, name, value in _fields(doc)
        if _may_hide(re.sub(r"[^a-z]", "", name.casefold()), value, now)
    )


def _fields(doc: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for name, value in doc.items():
        if name in _WITHIN and isinstance(value, dict):
            yield from ((f"{name}.{inner}", str(inner), held) for inner, held in value.items())
        else:
            yield str(name), str(name), value


def _may_hide(name: str, value: Any, now: datetime) -> bool:  # noqa: ANN401 - any JSON value
    if value is True:
        return _IF_TRUE.fullmatch(name) is not None
    if value is False:
        return _IF_FALSE.fullmatch(name) is not None
    if not isinstance(value, str) or not value.strip():
        return False
    if name in _WORDED:
        return value.strip().casefold() not in _OPEN_WORDS
    if _IF_SET.fullmatch(name):
        return True
    moment = instant(value)
    if moment is None:
        return False
    ahead, over = _IF_AHEAD.fullmatch(name), _IF_OVER.fullmatch(name)
    return bool(ahead and moment > now) or bool(over and moment < now)


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return str(value).lower() if isinstance(value, bool) else clean_line(str(value), limit=_LONGEST)
