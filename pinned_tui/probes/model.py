"""What a probe is: its declaration, what it sees, and what it works with."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pinned_tui.api.call import Reply
from pinned_tui.api.client import ApiClient
from pinned_tui.api.pagination import Listing
from pinned_tui.api.routes import Route
from pinned_tui.api.surroundings import Surroundings
from pinned_tui.clock import Clock
from pinned_tui.privacy.secret import Secret
from pinned_tui.session import Channel, ScopeState, Status


@dataclass(frozen=True, slots=True)
class Seen:
    """An observation before it has its place in a Session; see :class:`session.Observation`."""

    code: str
    status: Status
    summary: str
    data: Mapping[str, Any] = field(default_factory=dict)
    asked: bool = True
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the checks are to find out, read from the person's words.

    Attributes:
        channel_id: The channel as a number; ``channel_given`` is the text that was no number.
        channel_from_payload: The channel is only named by the payload, nobody asked to list it.
        event_id: The event, as it goes into a path.
        scopes: The scopes that something asked for.
        payload: The bytes of a create request's body.
        everything: Run all that only reads.
        consented: Ids of the probes that may do more than read.
    """

    secret: Secret | None
    channel_id: int | None = None
    channel_given: str | None = None
    channel_from_payload: bool = False
    event_id: str | int | None = None
    scopes: frozenset[str] = frozenset()
    payload: bytes | None = None
    everything: bool = False
    consented: frozenset[str] = frozenset()

    @property
    def wants_channel(self) -> bool:
        """Whether a channel is to be found in the list."""
        return self.channel_id is not None or self.channel_given is not None


@dataclass
class Findings:
    """What the probes of one run tell each other; each field has one probe that fills it.

    Attributes:
        first_reply: The answer to the first page of channels, which also tells of the key.
        channels: The channels as far as they were read.
        target: The number of the channel asked for, once it is known whether there is one.
        events: The reading of the list of events, or None where it could not be read.
        slugs: The public classification slugs; None while they are not known.
        create_control: The answer to a create request that lacks almost everything.
    """

    target: asyncio.Future[int | None]
    events: asyncio.Future[Listing | None]
    first_reply: Reply | None = None
    channels: tuple[Channel, ...] = ()
    slugs: frozenset[str] | None = None
    create_control: Reply | None = None
    scopes: dict[str, ScopeState] = field(default_factory=dict)


@dataclass
class Context:
    """What a probe works with.

    Attributes:
        say: Shows what the probe waits for, one line.
        halt: Ends the run: nothing further is sent; the reason goes with every skipped probe.
    """

    asked: Asked
    client: ApiClient
    surroundings: Surroundings
    clock: Clock
    found: Findings
    say: Callable[[str], None]
    halt: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Probe:
    """The declaration of one live check.

    Attributes:
        id: Its name in sessions, consents and the guide.
        title: What it finds out, in words.
        route: The route it calls, or None where it sends nothing over HTTP.
        could_change: What a request of it could change at worst.
        leaves: What it leaves behind at the API.
        after: Probes that come before it, where they run at all.
        wanted: Whether what was asked calls for it.
        run: Carries it out.
    """

    id: str
    title: str
    route: Route | None
    could_change: str
    leaves: str
    after: tuple[str, ...]
    wanted: Callable[[Asked], bool]
    run: Callable[[Context], Awaitable[list[Seen]]]

    @property
    def needs_consent(self) -> bool:
        """Whether it does more than read, so that the person has to agree first."""
        return self.route is not None and not self.route.reads_only
