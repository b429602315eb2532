"""What a probe is: its declaration, what it sees, and what it works with."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pinned_tui.api_spec.openapi import AdvertisedRoutes
from pinned_tui.api_spec.routes import Route
from pinned_tui.checks.request import CheckRequest
from pinned_tui.client.call import Reply
from pinned_tui.client.client import ApiClient
from pinned_tui.client.network_env import NetworkEnv
from pinned_tui.client.pagination import PagedList
from pinned_tui.core.clock import Clock
from pinned_tui.session import Channel, ScopeState, Status


@dataclass(frozen=True, slots=True)
class ProbeObservation:
    """An observation before it has its place in a Session; see :class:`session.Observation`."""

    code: str
    status: Status
    summary: str
    data: Mapping[str, Any] = field(default_factory=dict)
    asked: bool = True
    replies: tuple[Reply, ...] = ()


@dataclass
class ProbeFindings:
    """What the probes of one run pass on to each other; each field is filled by one probe.

    Attributes:
        first_reply: The response to the first page of channels, which also says whether the key
            works.
        channels: The channels as far as they were read.
        target: The number of the channel asked for, once it is known whether there is one.
        event: The document of the event asked for, once it is found.
        events: The reading of the list of events, or None where it could not be read.
        slugs: The public classification slugs; None while they are not known.
        stated: The routes and scopes of the live OpenAPI document; None while it is not known.
        schema: The JSON Schema of a create request from the live OpenAPI document; None while it
            is not known.
        create_control: The response to a create request that lacks almost everything.
        limited: Whether the API asked to wait, after which nothing further is sent.
    """

    target: asyncio.Future[int | None]
    events: asyncio.Future[PagedList | None]
    first_reply: Reply | None = None
    event: dict[str, Any] | None = None
    channels: tuple[Channel, ...] = ()
    slugs: frozenset[str] | None = None
    schema: Mapping[str, object] | None = None
    stated: AdvertisedRoutes | None = None
    create_control: Reply | None = None
    limited: bool = False
    scopes: dict[str, ScopeState] = field(default_factory=dict)

    def settle(self, name: Literal["target", "events"] | None, asked: CheckRequest) -> None:
        """Leave nobody waiting for a finding: unfilled, it is what is known without its probe."""
        if name == "target" and not self.target.done():
            self.target.set_result(asked.channel_id)
        elif name == "events" and not self.events.done():
            self.events.set_result(None)


@dataclass
class ProbeContext:
    """What a probe works with.

    Attributes:
        say: Shows what the probe waits for, one line.
        halt: Ends the run: nothing further is sent. Takes the reason, by its name among the
            phrases ``not-done``; it goes with every skipped probe.
        leave: Takes a function that returns what the probe has seen so far, for a run that is cut
            short.
    """

    asked: CheckRequest
    client: ApiClient
    surroundings: NetworkEnv
    clock: Clock
    found: ProbeFindings
    say: Callable[[str], None]
    halt: Callable[[str], None]
    leave: Callable[[Callable[[], list[ProbeObservation]]], None]


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
        elsewhere: What else than the API it sends to, in words; None where it does not.
        though_halted: Whether it runs even where the way was found blocked: it finds out why.
        awaits: Probes that it runs side by side with and whose findings it waits for.
        fills: Which of the findings that others wait for is its own to fill. However it ends, and
            also where it does not run, nobody waits for that any longer.
    """

    id: str
    title: str
    route: Route | None
    could_change: str
    leaves: str
    after: tuple[str, ...]
    wanted: Callable[[CheckRequest], bool]
    run: Callable[[ProbeContext], Awaitable[list[ProbeObservation]]]
    though_halted: bool = False
    elsewhere: str | None = None
    awaits: tuple[str, ...] = ()
    fills: Literal["target", "events"] | None = None

    @property
    def needs_consent(self) -> bool:
        """Whether the user has to agree first: it does more than read, or asks other hosts."""
        writes = self.route is not None and not self.route.reads_only
        return writes or self.elsewhere is not None

    @property
    def method(self) -> str | None:
        """The HTTP method that it uses, or None where it sends nothing over HTTP."""
        if self.route is not None:
            return self.route.method
        return "GET" if self.elsewhere is not None else None

    @property
    def sends_to(self) -> str | None:
        """The path that it asks, or what else it asks, in words."""
        return self.route.path if self.route is not None else self.elsewhere
