"""How the sandbox stands, for tests and for ``GET /_sandbox/state``: no secret is in it."""

import msgspec

from pinned_tui.core.clock import timestamp
from pinned_tui.sandbox.limits import LoggedRequest, WorldChange
from pinned_tui.sandbox.world import World


class KeyInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What the Developer Portal lists of a key."""

    id: str
    name: str
    owner: str
    state: str
    scopes: tuple[str, ...]
    created_at: str
    expires_at: str | None


class ChannelInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A channel and who can use it."""

    id: int
    name: str
    slug: str
    owner: str
    members: tuple[str, ...]


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Counters since the scenario began.

    Attributes:
        replays: Creates answered from an idempotency key that had succeeded.
        in_progress: Creates that hold an idempotency key right now.
    """

    requests: int
    by_route: dict[str, int]
    by_status: dict[str, int]
    replays: int
    in_progress: int


class SandboxState(msgspec.Struct, frozen=True, kw_only=True):
    """The sandbox at one moment.

    Attributes:
        now: The sandbox's clock; ``clock_ahead_s`` is how far it was moved on.
        requests: The last requests to the API, oldest first.
        created: The last objects that requests created, oldest first; ``changed`` likewise.
    """

    scenario: str
    fixed: bool
    reachable: bool
    failing: bool
    now: str
    clock_ahead_s: float
    latency_ms: int
    keys: tuple[KeyInfo, ...]
    channels: tuple[ChannelInfo, ...]
    counts: Counts
    requests: tuple[LoggedRequest, ...]
    created: tuple[WorldChange, ...]
    changed: tuple[WorldChange, ...]


def keys_of(world: World) -> tuple[KeyInfo, ...]:
    """Describe the keys of ``world``."""
    now = world.clock.now()
    return tuple(
        KeyInfo(
            id=key.id,
            name=key.name,
            owner=key.owner,
            state=key.state(now).value,
            scopes=tuple(sorted(key.scopes)),
            created_at=timestamp(key.created_at),
            expires_at=timestamp(key.expires_at) if key.expires_at else None,
        )
        for key in world.keys.values()
    )


def channels_of(world: World) -> tuple[ChannelInfo, ...]:
    """Describe the channels of ``world``."""
    return tuple(
        ChannelInfo(
            id=channel.id,
            name=channel.name,
            slug=channel.slug,
            owner=channel.owner,
            members=tuple(sorted(channel.members)),
        )
        for channel in world.channels.values()
    )


def counts_of(world: World) -> Counts:
    """Read the counters of ``world``."""
    journal = world.journal
    return Counts(
        requests=journal.by_status.total(),
        by_route=dict(journal.by_route),
        by_status=dict(journal.by_status),
        replays=world.ledger.replays,
        in_progress=world.ledger.in_progress(),
    )
