"""What the demo offers to the TUI: situations, a key for each, and a control that fixes them.

The TUI knows only this protocol. The sandbox fulfils it (:mod:`pinned_tui.sandbox.demo`), and only
the command line brings the two together.
"""

from dataclasses import dataclass
from typing import Protocol

from pinned_tui.redaction.secret import Secret


@dataclass(frozen=True, slots=True)
class SituationCard:
    """One situation that the demo can be put into.

    Attributes:
        name: The scenario's name, for example ``missing-scope``.
        title: The same in words.
        story: One or two sentences: who tried what, and what went wrong.
        section: Id of the guide's section that leads to its verdict.
    """

    name: str
    title: str
    story: str
    section: str


@dataclass(frozen=True, slots=True)
class Situation:
    """A running situation: where the sandbox listens and what to use there.

    Attributes:
        secret: The key in hand, or None where the situation is that there is none.
        channel: The channel as the story's user would write it.
        payload: The body of the create request that the story is about, with its file name.
    """

    card: SituationCard
    base_url: str
    secret: Secret | None
    channel: str | None = None
    event: str | None = None
    needs: tuple[str, ...] = ()
    payload: bytes | None = None
    payload_name: str | None = None


@dataclass(frozen=True, slots=True)
class FixResult:
    """What the *fix it* control did.

    Attributes:
        done: What was changed in the sandbox, in one sentence, as the story's user would say it.
        situation: The situation to verify with: a new key or another channel may come with it.
        changed: Whether there was anything to change.
    """

    done: str
    situation: Situation
    changed: bool = True


class Demo(Protocol):
    """The local sandbox as the demo uses it. Every call returns within a second or so."""

    @property
    def cards(self) -> tuple[SituationCard, ...]:
        """All situations, in the order in which they are offered."""
        ...

    @property
    def chosen(self) -> str | None:
        """The situation asked for on the command line; None: follow the user's symptom."""
        ...

    def situation_for(self, section: str | None) -> SituationCard:
        """Return the situation that goes with a section; None is *not sure*."""
        ...

    async def enter(self, name: str) -> Situation:
        """Put the sandbox into the situation ``name``, from the beginning."""
        ...

    async def fix(self) -> FixResult:
        """Fix the situation, as the user of its story would."""
        ...

    async def create_key(self) -> Secret:
        """Stand in for the Developer Portal: create a replacement key for the same owner."""
        ...

    async def revoke_old_key(self) -> None:
        """Stand in for the Developer Portal: revoke the key that was replaced."""
        ...

    def old_secret(self) -> Secret:
        """Return the secret of the replaced key, to prove that it no longer works."""
        ...
