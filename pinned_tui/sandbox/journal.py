"""What the sandbox received and what came of it, so that a test can prove what was sent."""

from collections import Counter, deque
from typing import Literal

import msgspec

KEPT = 1000
"""How many requests and changes are kept in full; the counters go on beyond."""


class LoggedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One request to the API or for its document: no query, header or body, so no secret either.

    Attributes:
        route: Method and path of the route, for example ``GET /events/{id}``.
        key: Id of the API key that authenticated it.
    """

    at: str
    route: str
    status: int
    key: str | None = None


class WorldChange(msgspec.Struct, frozen=True, kw_only=True):
    """One object that a request created or changed; ``key`` is the id of the API key used."""

    at: str
    kind: Literal["event", "media"]
    id: int
    key: str


class RequestLog:
    """The record of one world, from its start."""

    def __init__(self) -> None:
        self.requests: deque[LoggedRequest] = deque(maxlen=KEPT)
        self.created: deque[WorldChange] = deque(maxlen=KEPT)
        self.changed: deque[WorldChange] = deque(maxlen=KEPT)
        self.by_route: Counter[str] = Counter()
        self.by_status: Counter[str] = Counter()

    def receive(self, received: LoggedRequest) -> None:
        """Record one request with its answer's status."""
        self.requests.append(received)
        self.by_route[received.route] += 1
        self.by_status[str(received.status)] += 1
