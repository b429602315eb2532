"""What a situation of the matrix is, and reading them from their TOML files.

A row says how the server behaves, what the person asks, and what is right to answer. The tables
speak the sandbox's own language where an API of the documented kind would answer (``keys``,
``channels``, ``events``, ``behaviour``, ``trouble``), and bytes where something else does.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from pinned_tui.sandbox.scenarios import Trouble
from pinned_tui.sandbox.world import Key, SandboxChannel, SandboxEvent
from pinned_tui.session import Fate, Symptom

DATA = Path(__file__).parent / "data"
HEALTHY = "healthy"

REFUSED = "refused"
"""Stands for a cause where the address is refused before anything is sent, by its message."""

Group = Literal["causes", "combinations", "near misses", "assumptions", "symptoms"]


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class World(_Row, frozen=True, kw_only=True):
    """The sandbox as it is in one situation: its base world, and what is different.

    Attributes:
        behaviour: Choices of the API, by the names of :class:`sandbox.behaviour.Behaviour`.
        more_channels: Channels of Ada's beside her own, numbered from 1001.
        more_events: Events in her channel 101 beside her own, numbered from 20001.
        clock_ahead_s: How far the server's clock is ahead of this machine's.
        per_key: Requests of a key in a window, where that is to run out.
    """

    keys: tuple[Key, ...] = ()
    channels: tuple[SandboxChannel, ...] = ()
    events: tuple[SandboxEvent, ...] = ()
    behaviour: dict[str, Any] = {}
    trouble: Trouble = Trouble()
    more_channels: int = 0
    more_events: int = 0
    clock_ahead_s: float = 0


class Scripted(_Row, frozen=True, kw_only=True):
    """One answer, written by hand.

    Attributes:
        json: The body as JSON, in which ``{origin}`` stands for the server itself; ``page`` is the
            body of a web page, ``text`` any other.
        raw: The whole answer instead, with nothing added.
        manner: ``slow`` never comes, ``drip`` comes byte by byte, ``endless`` never ends,
            ``cut`` ends before its announced length, ``bomb`` is small and unpacks to much.
        after_s: Seconds before it comes.
    """

    status: str = "200 OK"
    json: Any = None
    page: str | None = None
    text: str | None = None
    headers: tuple[str, ...] = ()
    raw: str | None = None
    manner: Literal["whole", "slow", "drip", "endless", "cut", "bomb"] = "whole"
    after_s: float = 0


class Asking(_Row, frozen=True, kw_only=True):
    """What the person asks.

    Attributes:
        key: How they write the key, ``{key}`` being the key itself; empty for none.
        owner: Which of the sandbox's keys it is.
        event_title: What the event's title contains, where they don't know its ID.
        expected_start: When it should begin, on the clock of the place.
        open_links: Whether they want its ticket links opened.
        refused_elsewhere: Whether they say that their deployment is refused.
        listed_before: Channels that an earlier session of the same key listed.
        payload: Fields on top of a good payload (``(absent)`` takes one away), or a body as text.
        payload_hex: The bytes of a body that is no text.
        consent: Whether they agree to every probe that does more than read.
        symptom: What they came with.
    """

    key: str = "{key}"
    owner: str = "key-1"
    channel: str | None = None
    event: str | None = None
    event_title: str | None = None
    expected_start: str | None = None
    open_links: bool = False
    refused_elsewhere: bool = False
    listed_before: tuple[int, ...] = ()
    needs: tuple[str, ...] = ()
    payload: dict[str, Any] | str | None = None
    payload_hex: str | None = None
    everything: bool = False
    twins: bool = False
    sends: Literal["bearer", "x-api-key"] = "bearer"
    consent: bool = False
    symptom: Symptom | None = None


class Expected(_Row, frozen=True, kw_only=True):
    """What is right.

    Attributes:
        cause: The first verdict's cause, or ``healthy`` for none.
        broader: A cause that is right too, and less of a help.
        at_least: The least certainty; ``at_most`` the most that the evidence carries.
        also: Further causes that must be named; ``may`` those that may be; ``possible`` those that
            must be named as possible and no more.
        outcome: What it all comes to.
        requests: The most requests that it may cost.
        decidable: Whether the evidence can decide; else ``alternatives`` must be named by the
            first verdict, as ids of causes or words.
        says: Words that an observation must say, where a verdict would say too much.
        notes: Codes of observations that must be there, for causes that are notes only;
            ``without`` those that must not.
        scopes: What must be known of scopes.
    """

    cause: str
    subject: str | None = None
    found: str | None = None
    suggestion: str | int | None = None
    broader: str | None = None
    at_least: Literal["confirmed", "likely", "possible"] = "likely"
    at_most: Literal["confirmed", "likely", "possible"] = "confirmed"
    also: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    outcome: Literal["healthy", "problem", "inconclusive"] = "problem"
    requests: int = 8
    decidable: bool = True
    alternatives: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    scopes: dict[str, str] = {}


_HEALTHY_KEY = Key(
    id="key-1",
    name="Website integration",
    owner="ada",
    scopes=("channels:read", "events:create", "events:read", "events:update", "media:create"),
    created_at="-60d 09:12 UTC",
)


class Mended(_Row, frozen=True, kw_only=True):
    """The situation after the fix: by default the ordinary world, where all is well.

    The way to the server is then free, the key good and its scopes complete, the body as it should
    be and shown to the API, and the row's own events published, approved, and yet to come.

    Attributes:
        world: What the sandbox is like then, where that is not the ordinary world.
        answers: Answers written by hand, beside the ordinary ones.
        ask: What the person asks differently, by the names of :class:`Asking`.
        fate: What must be said of the first verdict.
        outcome: What it all comes to then.
        may: Causes that may be named then.
    """

    world: World | None = None
    answers: dict[str, Scripted] = {}
    ask: dict[str, Any] = {}
    fate: Fate = "gone"
    outcome: Literal["healthy", "problem", "inconclusive"] = "healthy"
    may: tuple[str, ...] = ()


class Situation(_Row, frozen=True, kw_only=True):
    """One row of the matrix.

    Attributes:
        why: What makes the expected verdict right.
        assumption: Which of :data:`tests.assumptions.ASSUMPTIONS` is false here.
        answers: Answers written by hand, which stand in for the sandbox: by path, with method or
            key (``bearer``, ``x-api-key``, ``wrong``, ``none``) before it; ``*`` for all others.
        way: What the way to the server is like, one of :data:`ways.WAYS`.
        base_url: Where the person thinks that the API is, where that matters.
        budget: Limits that are to be reached soon.
        large: Whether the account is a large one, which may cost more requests.
        accepts: Whether the API accepts what was built to be refused.
        mended: What it is like after the fix; None for the ordinary fix.
    """

    name: str
    group: Group = "causes"
    why: str = ""
    assumption: str | None = None
    world: World = World()
    answers: dict[str, Scripted] | None = None
    way: str = "direct"
    base_url: str | None = None
    budget: dict[str, int | float] = {}
    large: bool = False
    accepts: bool = False
    ask: Asking = Asking()
    expect: Expected
    mended: Mended | None = None

    @property
    def is_proved(self) -> bool:
        """Whether it is mended and verified: every fault of one cause is, others where they say."""
        fault = self.expect.outcome != HEALTHY and self.expect.cause != REFUSED
        return self.mended is not None or (self.group == "causes" and fault)

    def after_fix(self) -> "Situation":
        """Return the situation after the fix."""
        mended = self.mended or Mended()
        body = self.ask.payload is not None or self.ask.payload_hex is not None
        good: dict[str, Any] = {"key": "{key}", "owner": "key-1", "refused_elsewhere": False}
        good |= {"payload": {}, "payload_hex": None, "consent": True} if body else {}
        ask = msgspec.convert(msgspec.to_builtins(self.ask) | good | mended.ask, Asking)
        return msgspec.structs.replace(
            self,
            world=mended.world or _healthy(self.world),
            answers=None if self.answers is None else _shown(self.answers) | mended.answers,
            ask=ask,
            budget={},
            accepts=False,
        )


def _healthy(world: World) -> World:
    """Return the ordinary world with the events of ``world``, which nothing hides any more."""
    events = tuple(
        msgspec.structs.replace(
            event,
            channel_id=101,
            status="published",
            moderation_status="approved",
            start_at=_to_come(event.start_at),
            end_at=_to_come(event.end_at or ""),
        )
        for event in world.events
    )
    return World(keys=(_HEALTHY_KEY,), events=events)


def _shown(answers: Mapping[str, Scripted]) -> dict[str, Scripted]:
    """Return an event that nothing hides for each that is answered by hand."""
    places = [place for place in answers if place.startswith("/events/")]
    return {
        place: Scripted(json={"doc": _EVENT | {"id": int(place.rpartition("/")[2])}})
        for place in places
    }


_EVENT = {
    "title": "T",
    "startAt": "2099-05-01T18:00:00Z",
    "endAt": "2099-05-01T20:00:00Z",
    "timezone": "Europe/Vienna",
    "channelId": 101,
    "status": "published",
    "approxLocation": {"city": {"placeId": "plc_vienna_at", "name": "Vienna", "countryCode": "AT"}},
    "offers": [{"name": "Tickets", "url": "https://tickets.example/5"}],
}


def _to_come(starts: str) -> str:
    return f"+{starts.removeprefix('-')}" if starts.startswith("-") else starts


class _File(_Row, frozen=True, kw_only=True):
    group: Group
    situation: tuple[dict[str, Any], ...]


def situations() -> tuple[Situation, ...]:
    """Read the whole matrix.

    Raises:
        ValueError: a row is wrong, or two have the same name.
    """
    rows = tuple(row for file in sorted(DATA.glob("*.toml")) for row in _read(file))
    names = [row.name for row in rows]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"two situations are called {', '.join(sorted(twice))}")
    return rows


def _read(file: Path) -> Iterator[Situation]:
    table = msgspec.convert(tomllib.loads(file.read_text("utf-8")), _File)
    for row in table.situation:
        try:
            yield msgspec.convert({"group": table.group} | row, Situation)
        except msgspec.ValidationError as error:
            raise ValueError(f"{file.name}: {row.get('name')}: {error}") from error
