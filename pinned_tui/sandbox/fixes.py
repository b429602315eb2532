"""What fixes a scenario: each effect is data in the scenario's file and knows how to be applied."""

from collections.abc import Iterable
from typing import Protocol

import msgspec
from msgspec.structs import replace

from pinned_tui.sandbox.clock import SandboxClock
from pinned_tui.sandbox.http_types import RefusalError, not_found, rate_limited
from pinned_tui.sandbox.limits import rate_headers
from pinned_tui.sandbox.world import Key, KeyState, World, new_secret
from pinned_tui.session import Scope

_HOUR_S = 3600.0


def create_key(
    world: World, *, owner: str, name: str, scopes: Iterable[Scope] | None = None
) -> tuple[Key, str]:
    """Create a key for ``owner`` and return it with its secret, which is not kept.

    Args:
        world: Where to create it.
        owner: The user it acts for.
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
    active = sum(key.owner == owner and key.state is KeyState.ACTIVE for key in world.keys_now())
    if active >= behaviour.active_key_cap:
        message = f"There are {active} active keys, the most one owner can have. Revoke one."
        raise RefusalError(409, "conflict", message)
    secret = new_secret(world.rng)
    key = Key(
        id=f"key-{1 + len(world.keys)}",
        name=name,
        owner=owner,
        scopes=tuple(behaviour.new_key_scopes if scopes is None else scopes),
        created_at=world.stamp(),
    )
    world.add_key(key, secret)
    return key, secret


def revoke_key(world: World, key_id: str) -> Key:
    """Revoke a key; it stays visible, as metadata.

    Raises:
        RefusalError: 404 for an unknown key.
    """
    key = world.keys.get(key_id)
    if key is None:
        raise not_found()
    revoked = world.keys[key_id] = replace(key, state=KeyState.REVOKED)
    return revoked


def _change_event(world: World, event_id: int, **changes: str) -> None:
    event = world.events[event_id]
    world.events[event_id] = replace(event, updated_at=world.stamp(), **changes)


class FixContext(Protocol):
    """What an effect works on."""

    @property
    def world(self) -> World:
        """The world to change."""
        ...

    @property
    def clock(self) -> SandboxClock:
        """The clock that times it."""
        ...

    @property
    def story_key(self) -> Key:
        """The key that the story is about."""
        ...

    def replace_key(self) -> None:
        """Create a replacement for that key, unless there is one."""
        ...


class _Fix(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="effect"
):
    """One way to fix it; ``done`` says what was changed, as the story's user would have done it."""

    done: str


class ChangeNothing(_Fix, frozen=True, kw_only=True, tag="nothing"):
    """Changes nothing."""

    def apply(self, context: FixContext) -> None:
        """Leave everything as it is."""


class ReplaceKey(_Fix, frozen=True, kw_only=True, tag="replace-key"):
    """Creates a replacement for the story's key."""

    def apply(self, context: FixContext) -> None:
        """Create it."""
        context.replace_key()


class GrantScope(_Fix, frozen=True, kw_only=True, tag="grant-scope"):
    """Gives the story's key one more scope."""

    scope: str

    def apply(self, context: FixContext) -> None:
        """Add the scope."""
        key = context.story_key
        if self.scope not in key.scopes:
            context.world.keys[key.id] = replace(key, scopes=(*key.scopes, self.scope))


class RestoreAccess(_Fix, frozen=True, kw_only=True, tag="restore-access"):
    """Makes the owner of the story's key a member of a channel."""

    channel: int

    def apply(self, context: FixContext) -> None:
        """Add the member."""
        channels, owner = context.world.channels, context.story_key.owner
        channel = channels[self.channel]
        channels[self.channel] = replace(channel, members=(*channel.members, owner))


class HandOverMedia(_Fix, frozen=True, kw_only=True, tag="hand-over-media"):
    """Gives media to the owner of the story's key."""

    media: int

    def apply(self, context: FixContext) -> None:
        """Change the owner."""
        media = context.world.media
        media[self.media] = replace(media[self.media], owner=context.story_key.owner)


class RemoveEvents(_Fix, frozen=True, kw_only=True, tag="remove-events"):
    """Removes events."""

    events: tuple[int, ...]

    def apply(self, context: FixContext) -> None:
        """Remove those that are still there."""
        for number in self.events:
            context.world.events.pop(number, None)


class WaitOut(_Fix, frozen=True, kw_only=True, tag="wait-out"):
    """Lets so much time pass that every rate window is over."""

    seconds: int

    def apply(self, context: FixContext) -> None:
        """Move the clock on, and forget a window that was to be found used up."""
        context.clock.advance(self.seconds)
        context.world.limiter.clear()


class Publish(_Fix, frozen=True, kw_only=True, tag="publish"):
    """Publishes a draft."""

    event: int

    def apply(self, context: FixContext) -> None:
        """Change its status."""
        _change_event(context.world, self.event, status="published")


class Approve(_Fix, frozen=True, kw_only=True, tag="approve"):
    """Approves an event in moderation."""

    event: int

    def apply(self, context: FixContext) -> None:
        """Change its moderation state."""
        _change_event(context.world, self.event, moderation_status="approved")


class Recover(_Fix, frozen=True, kw_only=True, tag="recover"):
    """Lets the server listen and answer again."""

    def apply(self, context: FixContext) -> None:
        """End the failure."""
        context.world.failing = None
        context.world.reachable = True


Effect = (
    ChangeNothing
    | ReplaceKey
    | GrantScope
    | RestoreAccess
    | HandOverMedia
    | RemoveEvents
    | WaitOut
    | Publish
    | Approve
    | Recover
)
