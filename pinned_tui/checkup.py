"""One check from end to end: runs the probes, diagnoses what they saw, returns the Session.

Both faces use it: the command line waits for the result, the TUI follows it as it grows.
"""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from pinned_tui.privacy.secret import Secret
from pinned_tui.session import Session, Status

State = Literal["waiting", "running", "done", "skipped", "cancelled"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where one probe stands.

    Attributes:
        probe: The probe's id; ``title`` is what it finds out, in words.
        message: What it waits for or what it found, one line.
        status: The weightiest status among its observations, once it is done.
    """

    probe: str
    title: str
    state: State
    message: str
    status: Status | None = None


class Listener(Protocol):
    """Follows a check while it runs. Called on the event loop, must not block."""

    def progressed(self, progress: Progress) -> None:
        """Take note of where a probe stands."""
        ...

    def advanced(self, session: Session) -> None:
        """Take the session as it is now; verdicts are those that hold so far."""
        ...


@dataclass(frozen=True, slots=True)
class Ask:
    """What the person asks for, and what they hand over for it.

    Attributes:
        secret: The key; None means there is none.
        channel: As typed: an ID, or a slug, name or URL that stands for one.
        needs: Scopes asked for outright.
        payload: The bytes of a create request's body; ``payload_name`` its file's name.
        everything: Run every probe that only reads (*not sure*), whatever was asked.
        consented: Ids of the probes that may do more than read.
    """

    secret: Secret | None
    channel: str | None = None
    event: str | None = None
    needs: frozenset[str] = frozenset()
    payload: bytes | None = None
    payload_name: str | None = None
    everything: bool = False
    consented: frozenset[str] = field(default_factory=frozenset)
