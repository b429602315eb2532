"""What a user asks for, as typed, and how it is understood. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from pinned_tui.redaction.secret import Secret, may_be_key, quoted
from pinned_tui.session import SCOPES, Symptom

_EVENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_NUMBER_LIKE = re.compile(r"[+-]?[0-9][0-9.,_ ]*")
_LONGEST_NAME = 200


KeyHeader = Literal["bearer", "x-api-key"]
"""The two documented ways to send a key (page *Authentication*)."""


class CheckRequestError(ValueError):
    """What was asked for can't be meant; the message quotes it and says what to write."""


@dataclass(frozen=True, slots=True)
class RawCheckRequest:
    """What the user asks for, and what they hand over for it.

    Attributes:
        secret: The key; None means there is none.
        channel: As typed: an ID, or a slug, name or URL that stands for one.
        event: As typed: the event's ID.
        event_title: The event's title or a part of it, where the ID is not known.
        event_day: The day on which it begins, ``2026-12-24``, to narrow the search down.
        expected_start: When it should begin on the clock of the place: ``2026-12-24 19:00``.
        open_links: Open the event's ticket links, where the user agrees.
        refused_elsewhere: Their deployment answers 401 with what should be this key.
        needs: Scopes asked for outright.
        payload: The bytes of a create request's body; ``payload_name`` its file's name.
        everything: Run every probe that only reads (*not sure*), whatever was asked.
        twins: Look for events that are alike (*Duplicate events*).
        sends: The header that the user's own code sends the key in.
        listed_before: When each channel was last listed, by earlier sessions of this key.
        consented: Ids of the probes that may do more than read.
        how: Whether the consent was asked for, or given beforehand by an option.
        symptom: What the user came with, which the outcome answers.
    """

    secret: Secret | None
    channel: str | None = None
    event: str | None = None
    event_title: str | None = None
    event_day: str | None = None
    expected_start: str | None = None
    open_links: bool = False
    refused_elsewhere: bool = False
    needs: frozenset[str] = frozenset()
    payload: bytes | None = None
    payload_name: str | None = None
    everything: bool = False
    twins: bool = False
    sends: KeyHeader = "bearer"
    listed_before: Mapping[int, str] = field(default_factory=dict)
    consented: frozenset[str] = field(default_factory=frozenset)
    how: Literal["asked", "beforehand"] = "asked"
    symptom: Symptom | None = None


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What the checks are to find out, read from the user's words.

    Attributes:
        channel_id: The channel as a number; ``channel_given`` is the text that was no number.
        channel_from_payload: The channel is only named by the payload, nobody asked to list it.
        event_id: The event, as it goes into a path.
        event_title: What its title contains, where the ID is not known.
        event_day: The day on which it begins, in its own zone.
        expected_start: When it should begin on the clock of the place, without a zone.
        open_links: Open the event's ticket links, where the user agrees.
        refused_elsewhere: Their deployment answers 401 with what should be this key.
        scopes: The scopes that something asked for.
        payload: The bytes of a create request's body.
        everything: Run all that only reads.
        twins: Look for events that are alike.
        sends: The header that the user's own code sends the key in.
        listed_before: When each channel was last listed, by earlier sessions of this key.
        consented: Ids of the probes that may do more than read.
        symptom: What the user came with, if anything.
    """

    secret: Secret | None
    channel_id: int | None = None
    channel_given: str | None = None
    channel_from_payload: bool = False
    event_id: str | int | None = None
    event_title: str | None = None
    event_day: date | None = None
    expected_start: datetime | None = None
    open_links: bool = False
    refused_elsewhere: bool = False
    scopes: frozenset[str] = frozenset()
    payload: bytes | None = None
    everything: bool = False
    twins: bool = False
    sends: KeyHeader = "bearer"
    listed_before: Mapping[int, str] = field(default_factory=dict)
    consented: frozenset[str] = frozenset()
    symptom: Symptom | None = None

    @property
    def wants_twins(self) -> bool:
        """Whether events that are alike would be a fault: nothing narrower was asked for."""
        alone = self.wants_channel and not self.wants_event and self.payload is None
        return self.twins or self.everything or alone

    @property
    def wants_event(self) -> bool:
        """Whether an event is to be looked up or searched for."""
        return self.event_id is not None or self.event_title is not None

    @property
    def wants_channel(self) -> bool:
        """Whether a channel is to be found in the list."""
        return self.channel_id is not None or self.channel_given is not None


def understand(ask: RawCheckRequest) -> CheckRequest:
    """Read what the user typed.

    Raises:
        CheckRequestError: a channel, event or scope that can't be one.
    """
    channel_id, channel_given = _channel(ask.channel)
    from_payload = False
    if channel_id is None and channel_given is None and ask.payload is not None:
        channel_id = _channel_of(ask.payload)
        from_payload = channel_id is not None
    scopes = {_scope(name) for name in ask.needs}
    if ask.channel is not None:
        scopes.add("channels:read")
    if ask.event is not None or ask.event_title is not None or ask.twins:
        scopes.add("events:read")
    if ask.payload is not None:
        scopes.add("events:create")
    return CheckRequest(
        secret=ask.secret,
        channel_id=channel_id,
        channel_given=channel_given,
        channel_from_payload=from_payload,
        event_id=_event(ask.event),
        event_title=_title(ask.event_title),
        event_day=_day(ask.event_day),
        expected_start=_wall_time(ask.expected_start),
        open_links=ask.open_links,
        refused_elsewhere=ask.refused_elsewhere,
        scopes=frozenset(scopes),
        payload=ask.payload,
        everything=ask.everything,
        twins=ask.twins,
        sends=ask.sends,
        listed_before=ask.listed_before,
        consented=ask.consented,
        symptom=ask.symptom,
    )


def event_or_title(typed: str | None) -> tuple[str | None, str | None]:
    """Return an event's ID and its title, as one field holds the one or the other.

    IDs are one word with a digit in it; whatever else a user types is a title or a part of one.
    """
    text = (typed or "").strip()
    is_id = _EVENT_ID.fullmatch(text) is not None and any(map(str.isdigit, text))
    return (text, None) if is_id else (None, text or None)


def _channel(typed: str | None) -> tuple[int | None, str | None]:
    if typed is None:
        return None, None
    text = typed.strip()
    shown = quoted(text)
    if _NUMBER.fullmatch(text):
        return int(text), None
    if not text or len(text) > _LONGEST_NAME or not text.isprintable():
        raise CheckRequestError(
            f"Invalid channel: {shown}. Give its ID, a number such as 42,"
            " or its slug or name to have the ID looked up."
        )
    if may_be_key(text):
        raise CheckRequestError(
            f"{shown} looks like a key, not a channel. Give the channel's ID, such as 42."
        )
    if _NUMBER_LIKE.fullmatch(text):
        raise CheckRequestError(
            f"Invalid channel ID: {shown}. IDs are whole numbers from 1, such as 42."
        )
    return None, text


def _event(typed: str | None) -> str | int | None:
    if typed is None:
        return None
    text = typed.strip()
    if not _EVENT_ID.fullmatch(text):
        shown = quoted(text)
        raise CheckRequestError(
            f"Invalid event ID: {shown}. Give the ID alone, as the API returned it"
            " when the event was created, such as 1234."
        )
    return int(text) if _NUMBER.fullmatch(text) else text


def _title(typed: str | None) -> str | None:
    if typed is None:
        return None
    text = " ".join(typed.split())
    if not text or len(text) > _LONGEST_NAME or not text.isprintable():
        raise CheckRequestError(
            f"Invalid event title: {quoted(text)}. Give its title or a part of it, as it is"
            " written in the event."
        )
    return text


def _day(typed: str | None) -> date | None:
    if typed is None:
        return None
    try:
        return datetime.strptime(typed.strip(), "%Y-%m-%d").date()  # noqa: DTZ007 - a day alone
    except ValueError:
        shown = quoted(typed.strip())
        raise CheckRequestError(
            f"Not a date: {shown}. Write it as year-month-day: 2026-12-24."
        ) from None


def _wall_time(typed: str | None) -> datetime | None:
    if typed is None:
        return None
    text = typed.strip().replace("T", " ")
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - on the place's clock
    except ValueError:
        raise CheckRequestError(
            f"Not a date and time: {quoted(text)}. Write what the clock at the place shows, without"
            " a zone: 2026-12-24 19:00."
        ) from None


def _scope(typed: str) -> str:
    if typed in SCOPES:
        return typed
    from difflib import get_close_matches  # costs start-up

    near = get_close_matches(typed.lower(), SCOPES, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    shown = quoted(typed)
    raise CheckRequestError(f"Unknown scope {shown}.{hint} The scopes are {', '.join(SCOPES)}.")


def _channel_of(payload: bytes) -> int | None:
    """Return the channel that the payload names, if it names one as a number."""
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    number = value.get("channelId") if isinstance(value, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else None
