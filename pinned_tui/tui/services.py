"""What the TUI is given to work with: clock, history, key, defaults. Nothing in it draws."""

import asyncio
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.core.clock import Clock
from pinned_tui.core.demo import Demo
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import KeyFacts, Session

if TYPE_CHECKING:
    from pinned_tui.diagnosis.catalog import Catalog
    from pinned_tui.guide.model import Guide
    from pinned_tui.history.entries import HistoryEntry, HistoryPage


class Notices:
    """Takes what the history has to say, from any thread, and passes it on to the screen.

    What is said before there is a screen waits for it.
    """

    def __init__(self) -> None:
        """Begin without a listener."""
        self._lock = threading.Lock()
        self._waiting: list[str] = []
        self._listener: Callable[[str], None] | None = None

    def __call__(self, message: str) -> None:
        """Take ``message``."""
        with self._lock:
            listener = self._listener
            if listener is None:
                self._waiting.append(message)
        if listener is not None:
            listener(message)

    def listen(self, listener: Callable[[str], None]) -> None:
        """Pass everything on to ``listener``, which may be called from any thread."""
        with self._lock:
            self._listener = listener
            waiting, self._waiting = self._waiting, []
        for message in waiting:
            listener(message)

    def unlisten(self) -> None:
        """Let what is said from now on wait again."""
        with self._lock:
            self._listener = None

    def rest(self) -> list[str]:
        """Return what nobody has heard."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        return waiting


class History(Protocol):
    """The past sessions, as :class:`pinned_tui.history.fallback.FallbackStore` keeps them."""

    def save(self, session: Session) -> None:
        """Keep ``session``, in place of an earlier state of it."""
        ...

    def list(
        self, *, text: str | None = None, limit: int | None = None
    ) -> "tuple[HistoryEntry, ...]":
        """Return what is kept, newest first."""
        ...

    def page(self, *, text: str | None = None, offset: int = 0, limit: int) -> "HistoryPage":
        """Return a part of what is kept, newest first, and how much there is."""
        ...

    def channels_listed(self, *, base_url: str, key: KeyFacts, besides: str) -> dict[int, str]:
        """Return the channels that a key listed before, each with when."""
        ...

    def get(self, reference: str) -> Session:
        """Return one session by its id."""
        ...

    def delete(self, reference: str) -> str:
        """Forget one session and return its id."""
        ...


def _guide() -> "Guide":
    from pinned_tui.guide.loader import load_guide

    return load_guide()


def _catalogue() -> "Catalog":
    from pinned_tui.diagnosis.catalog import load_catalogue

    return load_catalogue()


_NOTHING = RawCheckRequest(secret=None)


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that comes from outside the TUI.

    Attributes:
        base_url: Where the API is, without the namespace.
        data_folder: Where crash files go.
        environment: The process's environment, for the theme and for ``NO_COLOR``.
        secret: The key that was handed over at the start, with its source.
        secrets: All keys of this run, which must not get out; keys that are typed are added.
        notices: What the history has to say; the same that it was opened with.
        demo: The local sandbox, in the demo.
        given: What was asked for on the command line; its key is in ``secret``.
        report_folder: Where Export offers to write to; the working folder by default.
        guide: Loads the decision tree; called when it is first needed.
        catalogue: Loads the causes; called when they are first needed.
        chance: Where sessions take their ids from; the system's by default.
        opened: A session to look at, read-only, instead of Home.
    """

    clock: Clock
    history: History
    base_url: str
    data_folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    secret: Secret | None = None
    secrets: list[Secret] = field(default_factory=list)
    notices: Notices = field(default_factory=Notices)
    demo: Demo | None = None
    given: RawCheckRequest = _NOTHING
    report_folder: Path = field(default_factory=Path.cwd)
    guide: "Callable[[], Guide]" = _guide
    catalogue: "Callable[[], Catalog]" = _catalogue
    chance: random.Random | None = None
    opened: Session | None = None


@dataclass(frozen=True, slots=True)
class ReferenceData:
    """The guide and the catalogue of causes."""

    guide: "Guide"
    catalogue: "Catalog"

    @classmethod
    async def load(cls, services: Services) -> "ReferenceData":
        """Read both in a thread."""
        guide = await asyncio.to_thread(services.guide)
        return cls(guide, await asyncio.to_thread(services.catalogue))
