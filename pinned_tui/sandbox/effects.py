"""What mends a scenario: each effect is data in the scenario's file and knows how to be applied."""

from typing import Protocol

import msgspec

from pinned_tui.sandbox.clock import SandboxClock
from pinned_tui.sandbox.model import Key, World


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
    def persons_key(self) -> Key:
        """The key that the story is about."""
        ...

    def replace_key(self) -> None:
        """Create a replacement for that key, unless there is one."""
        ...


class _Fix(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="effect"
):
    """One way to mend; ``done`` says what was changed, as the person would have done it."""

    done: str


class ChangeNothing(_Fix, frozen=True, kw_only=True, tag="nothing"):
    """Changes nothing."""

    def apply(self, ground: FixContext) -> None:
        """Leave everything as it is."""


class ReplaceKey(_Fix, frozen=True, kw_only=True, tag="replace-key"):
    """Creates a replacement for the person's key."""

    def apply(self, ground: FixContext) -> None:
        """Create it."""
        ground.replace_key()


class GrantScope(_Fix, frozen=True, kw_only=True, tag="grant-scope"):
    """Gives the person's key one more scope."""

    scope: str

    def apply(self, ground: FixContext) -> None:
        """Add the scope."""
        ground.persons_key.scopes.add(self.scope)


class RestoreAccess(_Fix, frozen=True, kw_only=True, tag="restore-access"):
    """Makes the owner of the person's key a member of a channel."""

    channel: int

    def apply(self, ground: FixContext) -> None:
        """Add the member."""
        ground.world.channels[self.channel].members.add(ground.persons_key.owner)


class HandOverMedia(_Fix, frozen=True, kw_only=True, tag="hand-over-media"):
    """Gives media to the owner of the person's key."""

    media: int

    def apply(self, ground: FixContext) -> None:
        """Change the owner."""
        media = ground.world.media
        media[self.media] = media[self.media].owned_by(ground.persons_key.owner)


class RemoveEvents(_Fix, frozen=True, kw_only=True, tag="remove-events"):
    """Removes events."""

    events: tuple[int, ...]

    def apply(self, ground: FixContext) -> None:
        """Remove those that are still there."""
        for number in self.events:
            ground.world.events.pop(number, None)


class WaitOut(_Fix, frozen=True, kw_only=True, tag="wait-out"):
    """Lets so much time pass that every rate window is over."""

    seconds: int

    def apply(self, ground: FixContext) -> None:
        """Move the clock on, and forget a window that was to be found used up."""
        ground.clock.advance(self.seconds)
        ground.world.limiter.clear()


class Publish(_Fix, frozen=True, kw_only=True, tag="publish"):
    """Publishes a draft."""

    event: int

    def apply(self, ground: FixContext) -> None:
        """Change its status."""
        event = ground.world.events[self.event]
        event.status, event.updated_at = "published", ground.world.stamp()


class Approve(_Fix, frozen=True, kw_only=True, tag="approve"):
    """Approves an event in moderation."""

    event: int

    def apply(self, ground: FixContext) -> None:
        """Change its moderation state."""
        event = ground.world.events[self.event]
        event.moderation_status, event.updated_at = "approved", ground.world.stamp()


class Recover(_Fix, frozen=True, kw_only=True, tag="recover"):
    """Lets the server listen and answer again."""

    def apply(self, ground: FixContext) -> None:
        """End the failure."""
        ground.world.failing = None
        ground.world.reachable = True


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
