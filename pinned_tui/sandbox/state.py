"""The state of the sandbox, for tests and for ``GET /_sandbox/state``; it holds no secret."""

import msgspec

from pinned_tui.sandbox.limits import LoggedRequest, WorldChange
from pinned_tui.sandbox.world import Key, SandboxChannel, World


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Counters since the scenario began.

    Attributes:
        replays: Creates whose response is that of an earlier one with the same idempotency key.
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
    keys: tuple[Key, ...]
    channels: tuple[SandboxChannel, ...]
    counts: Counts
    requests: tuple[LoggedRequest, ...]
    created: tuple[WorldChange, ...]
    changed: tuple[WorldChange, ...]


def counts_of(world: World) -> Counts:
    """Read the counters of ``world``."""
    request_log = world.request_log
    return Counts(
        requests=request_log.by_status.total(),
        by_route=dict(request_log.by_route),
        by_status=dict(request_log.by_status),
        replays=world.idempotency.replays,
        in_progress=world.idempotency.in_progress(),
    )
