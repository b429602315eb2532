"""What a user asked about, with which key, and what they answered and agreed to."""

from typing import Literal

import msgspec

from pinned_tui.session.states import Symptom


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """The program that made the session."""

    name: str = "pinned-tui"
    version: str


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What the user asked about.

    Attributes:
        base_url: Scheme and host, without the API's namespace and without a final slash.
        channel_id: The channel as a number, given or resolved.
        event_id: The event, a number where it is written as one.
        channel_given: What the user typed for the channel when it was not a number.
        event_title: What the event's title should contain, where its ID was not known.
        event_day: The day on which the event should begin, which narrowed the search down.
        expected_start: When the event should begin, on the clock of the place.
        refused_elsewhere: Whether the user says that their deployment answers 401 with what
            should be this key.
        needs: Scopes asked for outright.
        payload: Name of the payload file, without its folder.
        sends: The header that the user's own code sends the key in.
        duplicates: Whether events that are there twice were asked about outright.
        symptom: What the user came with, which the outcome answers; None where nothing was named.
    """

    base_url: str
    channel_id: int | None = None
    event_id: int | str | None = None
    channel_given: str | None = None
    event_title: str | None = None
    event_day: str | None = None
    expected_start: str | None = None
    refused_elsewhere: bool = False
    needs: tuple[str, ...] = ()
    payload: str | None = None
    sends: Literal["bearer", "x-api-key"] = "bearer"
    duplicates: bool = False
    symptom: Symptom | None = None


class KeyFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What may be shown of a key without showing the key.

    Attributes:
        source: Where it came from, for example ``environment`` or ``file``.
        length: Count of characters.
        shape: Its classes of characters in words, for example ``letters, digits and _``.
    """

    source: str
    length: int
    shape: str


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A channel that the key's owner can use."""

    id: int
    name: str
    slug: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the user chose at a step of the guide.

    Attributes:
        option: The id of the option, or ``input`` where the step asked for text.
        by: Whether it follows the evidence or overrules it (or there was none).
        text: What was typed, where the step asked for text that is no secret.
    """

    step: str
    option: str
    by: Literal["evidence", "person"]
    at: str
    text: str | None = None


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """The user's consent to a probe, or their refusal: one that does more than read."""

    probe: str
    method: str
    route: str
    could_change: str
    leaves: str
    given: bool
    how: Literal["asked", "beforehand"]
    at: str
