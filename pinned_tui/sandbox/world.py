"""The world behind the API: who owns what, and which key may do what."""

import hashlib
import itertools
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

import msgspec

from pinned_tui.core.clock import Clock, timestamp
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.limits import IdempotencyStore, Limiter, RequestLog, WorldChange
from pinned_tui.session import Scope

SECRET_PREFIX = "pe_sandbox_"  # noqa: S105 - how every sandbox key begins, not a secret
FIRST_NEW_ID = 9001
"""Numbers of created events and media start here, above those that scenarios use."""

_SECRET_SIGNS = string.ascii_letters + string.digits
_SECRET_LENGTH = 40


class _Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing of the world, in a scenario's file, in the API and in the sandbox's state alike.

    In a file, moments are relative to the start; see :mod:`pinned_tui.sandbox.relative_time`.
    """


class KeyState(StrEnum):
    """States of an API key; the public API refuses all but the first alike."""

    ACTIVE = "active"
    REVOKED = "revoked"
    DISABLED = "disabled"
    EXPIRED = "expired"


class Key(_Item, frozen=True, kw_only=True):
    """An API key as the Developer Portal lists it. It does not hold its secret."""

    id: str
    name: str
    owner: str
    state: KeyState = KeyState.ACTIVE
    scopes: tuple[Scope, ...]
    created_at: str
    expires_at: str | None = None

    def at(self, now: datetime) -> "Key":
        """Return the key as it stands at ``now``: an active one expires with its time."""
        over = self.expires_at is not None and datetime.fromisoformat(self.expires_at) <= now
        expired = over and self.state is KeyState.ACTIVE
        return msgspec.structs.replace(self, state=KeyState.EXPIRED) if expired else self


class SandboxChannel(_Item, frozen=True, kw_only=True):
    """A channel and those who may use it: its owner and its members."""

    id: int
    name: str
    slug: str
    owner: str
    members: tuple[str, ...] = ()

    def usable_by(self, owner: str) -> bool:
        """Return whether a key of ``owner`` can use it now."""
        return owner == self.owner or owner in self.members


class SandboxEvent(_Item, frozen=True, kw_only=True, rename="camel"):
    """An event as the API keeps and shows it; its names are in camel case everywhere."""

    id: int
    title: str
    start_at: str
    end_at: str | None = None
    timezone: str
    channel_id: int
    status: Literal["draft", "published"] = "published"
    moderation_status: str = "approved"
    classifications: list[str]
    approx_location: dict[str, Any]
    location_name: str | None = None
    offers: list[dict[str, Any]] = msgspec.field(default_factory=list)
    cover_image: int | None = None
    created_at: str
    updated_at: str = ""

    def __post_init__(self) -> None:
        if not self.updated_at:
            msgspec.structs.force_setattr(self, "updated_at", self.created_at)


class Media(_Item, frozen=True, kw_only=True):
    """An uploaded picture: what is known of it, not its bytes."""

    id: int
    owner: str
    filename: str
    mime_type: str = "image/jpeg"
    size: int = 48_213


@dataclass(slots=True)
class FailureRule:
    """Requests that end with a 500, whatever they ask.

    Attributes:
        left: How many more requests; None for all.
        when: Before anything was done, or after the work was done, so that its response is lost.
    """

    left: int | None
    when: Literal["before", "after"] = "before"


@dataclass(slots=True)
class World:
    """Everything that one API knows. A scenario starts with a new one.

    Attributes:
        digests: The id of each key by the digest of its secret: the server keeps no secret.
    """

    clock: Clock
    rng: random.Random
    behaviour: Behaviour = field(default_factory=Behaviour)
    keys: dict[str, Key] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    channels: dict[int, SandboxChannel] = field(default_factory=dict)
    classifications: dict[str, str] = field(default_factory=dict)
    events: dict[int, SandboxEvent] = field(default_factory=dict)
    media: dict[int, Media] = field(default_factory=dict)
    request_log: RequestLog = field(default_factory=RequestLog)
    failing: FailureRule | None = None
    reachable: bool = True
    new_ids: Iterator[int] = field(default_factory=lambda: itertools.count(FIRST_NEW_ID))
    idempotency: IdempotencyStore = field(init=False)
    limiter: Limiter = field(init=False)

    def __post_init__(self) -> None:
        self.idempotency = IdempotencyStore(self.clock)
        self.limiter = Limiter(self.clock)

    def key_of(self, secret: str) -> Key | None:
        """Return the key with this secret as it stands now, in whatever state, or None."""
        key_id = self.digests.get(digest_of(secret))
        return None if key_id is None else self.keys[key_id].at(self.clock.now())

    def add_key(self, key: Key, secret: str) -> None:
        """Let ``key`` be known by ``secret``."""
        self.keys[key.id] = key
        self.digests[digest_of(secret)] = key.id

    def keys_now(self) -> tuple[Key, ...]:
        """Return all keys as they stand now."""
        return tuple(key.at(self.clock.now()) for key in self.keys.values())

    def channels_of(self, owner: str) -> list[SandboxChannel]:
        """Return the channels that a key of ``owner`` can use, by id."""
        mine = [channel for channel in self.channels.values() if channel.usable_by(owner)]
        return sorted(mine, key=lambda channel: channel.id)

    def can_use(self, owner: str, channel_id: int) -> bool:
        """Return whether there is such a channel and a key of ``owner`` can use it."""
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
        """Note in the request_log that ``key`` created or changed ``thing``."""
        kind: Literal["event", "media"] = "event" if isinstance(thing, SandboxEvent) else "media"
        change = WorldChange(at=self.stamp(), kind=kind, id=thing.id, key=key.id)
        (self.request_log.created if what == "created" else self.request_log.changed).append(change)

    def fails(self, when: Literal["before", "after"]) -> bool:
        """Return whether this request is one of the failing ones, and count it."""
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
