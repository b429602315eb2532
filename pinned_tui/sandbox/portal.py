"""Stands in for the Developer Portal, the one place where API keys are created and revoked."""

from collections.abc import Iterable

from pinned_tui.sandbox.limits import rate_headers
from pinned_tui.sandbox.model import Key, KeyState, World, digest_of, new_secret
from pinned_tui.sandbox.refusals import RefusalError, not_found, rate_limited

_HOUR_S = 3600.0


def create_key(
    world: World, *, owner: str, name: str, scopes: Iterable[str] | None = None
) -> tuple[Key, str]:
    """Create a key for ``owner`` and return it with its secret, which is not kept.

    Args:
        world: Where to create it.
        owner: The person it acts for.
        name: What the portal lists it as.
        scopes: What it may do; None for the scopes that new keys start with.

    Raises:
        RefusalError: 429 when the owner created too many keys this hour, 409 when too many of
            theirs are active.
    """
    behaviour = world.behaviour
    reading = world.limiter.take([(f"keys of {owner}", behaviour.keys_per_hour)], _HOUR_S)
    if not reading.allowed:
        raise rate_limited(rate_headers(reading, behaviour, world.clock))
    now = world.clock.now()
    active = [
        key
        for key in world.keys.values()
        if key.owner == owner and key.state(now) is KeyState.ACTIVE
    ]
    if len(active) >= behaviour.active_key_cap:
        message = f"There are {len(active)} active keys, the most one owner can have. Revoke one."
        raise RefusalError(409, "conflict", message)
    secret = new_secret(world.rng)
    key = Key(
        id=f"key-{1 + len(world.keys)}",
        name=name,
        owner=owner,
        scopes=set(behaviour.new_key_scopes if scopes is None else scopes),
        digest=digest_of(secret),
        created_at=now,
    )
    world.keys[key.id] = key
    return key, secret


def revoke_key(world: World, key_id: str) -> Key:
    """Revoke a key; it stays visible, as metadata.

    Raises:
        RefusalError: 404 when there is no such key.
    """
    key = world.keys.get(key_id)
    if key is None:
        raise not_found()
    key.withdrawn = KeyState.REVOKED
    return key
