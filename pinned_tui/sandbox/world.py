"""The world behind the API: who owns what, and which key may do what."""

import hashlib
import itertools
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

import msgspec

from pinned_tui.core.clock import Clock, timestamp
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.limits import IdempotencyStore, Limiter, RequestLog, WorldChange

SECRET_PREFIX = "pe_sandbox_"  # noqa: S105 - how every sandbox key begins, not a secret
FIRST_NEW_ID = 9001
"""Numbers of created events and media start here, above those that scenarios use."""

_SECRET_SIGNS = string.ascii_letters + string.digits
_SECRET_LENGTH = 40


class KeyState(StrEnum):
    """States of an API key; the public API answers the same for all but the first."""

    ACTIVE = "active"
    REVOKED = "revoked"
    DISABLED = "disabled"
    EXPIRED = "expired"


@dataclass(slots=True)
class Key:
    """An API key. Its secret is kept as a digest only, as the vendor does."""

    id: str
    name: str
    owner: str
    scopes: set[str]
    digest: str
    created_at: datetime
    expires_at: datetime | None = None
    withdrawn: Literal[KeyState.REVOKED, KeyState.DISABLED] | None = None

    def state(self, now: datetime) -> KeyState:
        """Return its state at ``now``."""
        if self.withdrawn is not None:
            return self.withdrawn
        if self.expires_at is not None and self.expires_at <= now:
            return KeyState.EXPIRED
        return KeyState.ACTIVE


@dataclass(slots=True)
class SandboxChannel:
    """A channel and those who may use it: its owner and its members."""

    id: int
    name: str
    slug: str
    owner: str
    members: set[str] = field(default_factory=set)

    def usable_by(self, owner: str) -> bool:
        """Tell whether a key of ``owner`` can use it now."""
        return owner == self.owner or owner in self.members


class SandboxEvent(msgspec.Struct, kw_only=True, rename="camel"):
    """An event as the API keeps and shows it; the names on the wire are in camel case."""

    id: int
    title: str
    start_at: str
    end_at: str | None = None
    timezone: str
    channel_id: int
    status: str
    moderation_status: str
    classifications: list[str]
    approx_location: dict[str, Any]
    location_name: str | None = None
    offers: list[dict[str, Any]] = msgspec.field(default_factory=list)
    cover_image: int | None = None
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True)
class Media:
    """An uploaded picture: what is told of it, not its bytes."""

    id: int
    owner: str
    filename: str
    mime_type: str
    size: int

    def owned_by(self, owner: str) -> "Media":
        """Return the same with another owner."""
        return replace(self, owner=owner)


@dataclass(slots=True)
class FailureRule:
    """Requests that answer 500 whatever they ask.

    Attributes:
        left: How many more requests; None for all.
        when: Before anything was done, or after the work was done, so that its answer is lost.
    """

    left: int | None
    when: Literal["before", "after"] = "before"


@dataclass(slots=True)
class World:
    """Everything that one API knows. A scenario starts with a new one."""

    clock: Clock
    rng: random.Random
    behaviour: Behaviour = field(default_factory=Behaviour)
    keys: dict[str, Key] = field(default_factory=dict)
    channels: dict[int, SandboxChannel] = field(default_factory=dict)
    classifications: dict[str, str] = field(default_factory=dict)
    events: dict[int, SandboxEvent] = field(default_factory=dict)
    media: dict[int, Media] = field(default_factory=dict)
    journal: RequestLog = field(default_factory=RequestLog)
    failing: FailureRule | None = None
    reachable: bool = True
    new_ids: Iterator[int] = field(default_factory=lambda: itertools.count(FIRST_NEW_ID))
    ledger: IdempotencyStore = field(init=False)
    limiter: Limiter = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = IdempotencyStore(self.clock)
        self.limiter = Limiter(self.clock)

    def key_of(self, secret: str) -> Key | None:
        """Return the key with this secret, in whatever state, or None."""
        digest = digest_of(secret)
        return next((key for key in self.keys.values() if key.digest == digest), None)

    def channels_of(self, owner: str) -> list[SandboxChannel]:
        """Return the channels that a key of ``owner`` can use, by id."""
        mine = [channel for channel in self.channels.values() if channel.usable_by(owner)]
        return sorted(mine, key=lambda channel: channel.id)

    def can_use(self, owner: str, channel_id: int) -> bool:
        """Tell whether there is such a channel and a key of ``owner`` can use it."""
        channel = self.channels.get(channel_id)
        return channel is not None and channel.usable_by(owner)

    def events_of(self, owner: str) -> list[SandboxEvent]:
        """Return the events in the channels of ``owner``, drafts included, newest first."""
        mine = [event for event in self.events.values() if self.can_use(owner, event.channel_id)]
        return sorted(mine, key=lambda event: (event.created_at, event.id), reverse=True)

    def media_of(self, owner: str) -> frozenset[int]:
        """Return the ids of the media that ``owner`` can put on an event."""
        return frozenset(media.id for media in self.media.values() if media.owner == owner)

    def stamp(self) -> str:
        """Return the moment for ``createdAt`` and its like."""
        return timestamp(self.clock.now())

    def request_id(self) -> str:
        """Return a fresh request id."""
        return "req_" + _random_text(self.rng, 20)

    def record(
        self, what: Literal["created", "changed"], thing: SandboxEvent | Media, key: Key
    ) -> None:
        """Note in the journal that ``key`` created or changed ``thing``."""
        kind: Literal["event", "media"] = "event" if isinstance(thing, SandboxEvent) else "media"
        change = WorldChange(at=self.stamp(), kind=kind, id=thing.id, key=key.id)
        (self.journal.created if what == "created" else self.journal.changed).append(change)

    def fails(self, when: Literal["before", "after"]) -> bool:
        """Tell whether this request is one of the failing ones, and count it."""
        failing = self.failing
        if failing is None or failing.when != when:
            return False
        if failing.left is not None:
            failing.left -= 1
            if failing.left <= 0:
                self.failing = None
        return True


def digest_of(secret: str) -> str:
    """Return what the server keeps of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def new_secret(rng: random.Random) -> str:
    """Make the secret of a key: it can't be taken for a real one, and is long like one."""
    return SECRET_PREFIX + _random_text(rng, _SECRET_LENGTH)


def _random_text(rng: random.Random, length: int) -> str:
    return "".join(rng.choices(_SECRET_SIGNS, k=length))
