"""The routes of the public API: one table for the dispatch and for the OpenAPI document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pinned_tui.sandbox import handlers
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.handlers import Handler

NAMESPACE = "/api/public/v1"
OPENAPI_PATH = "/api/developer/openapi/public-api-v1"


@dataclass(frozen=True, slots=True)
class SandboxRoute:
    """One method of one path.

    Attributes:
        path: Below the namespace; a part in braces is a parameter.
        scope: What the key needs (page *api-keys-and-scopes*), or None.
        answer: Name of the answer's schema in the OpenAPI document.
        takes: What it takes beside the path: a page of a list, a whole event, some of an
            event's fields, or a file.
    """

    method: str
    path: str
    scope: str | None
    handler: Handler
    summary: str
    answer: str
    takes: Literal["page", "event", "changes", "file", None] = None
    parts: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.path.split("/")))

    @property
    def name(self) -> str:
        """Method and path in one, for example ``GET /events/{id}``."""
        return f"{self.method} {self.path}"

    @property
    def writes(self) -> bool:
        """Whether it takes a body, so that its handler checks scope, body and channel in order."""
        return self.takes in {"event", "changes", "file"}

    def scope_in(self, behaviour: Behaviour) -> str | None:
        """Return the scope that it needs in an API of ``behaviour``."""
        asks = behaviour.classifications_need
        return asks if self.path == "/classifications" and ":" in asks else self.scope

    def is_public(self, behaviour: Behaviour) -> bool:
        """Tell whether it needs no key in an API of ``behaviour``."""
        return self.path == "/classifications" and behaviour.classifications_need == "nothing"

    def match(self, path: str) -> Mapping[str, str] | None:
        """Return the parameters that ``path`` gives this route, or None where it isn't its path."""
        given = path.split("/")
        if len(given) != len(self.parts):
            return None
        pairs = list(zip(self.parts, given, strict=True))
        if any(not _is_parameter(part) and part != text for part, text in pairs):
            return None
        return {part[1:-1]: text for part, text in pairs if _is_parameter(part)}


def _is_parameter(part: str) -> bool:
    return part.startswith("{")


ROUTES: tuple[SandboxRoute, ...] = (
    SandboxRoute(
        "GET",
        "/channels",
        "channels:read",
        handlers.list_channels,
        "List the channels that the key's owner can use.",
        "ChannelList",
        takes="page",
    ),
    SandboxRoute(
        "GET",
        "/classifications",
        None,
        handlers.list_classifications,
        "List the public classification slugs.",
        "ClassificationList",
        takes="page",
    ),
    SandboxRoute(
        "GET",
        "/events",
        "events:read",
        handlers.list_events,
        "List the events in the channels that the key's owner can use.",
        "EventList",
        takes="page",
    ),
    SandboxRoute(
        "POST",
        "/events",
        "events:create",
        handlers.create_event,
        "Create an event.",
        "EventAnswer",
        takes="event",
    ),
    SandboxRoute(
        "GET",
        "/events/{id}",
        "events:read",
        handlers.read_event,
        "Read one event.",
        "EventAnswer",
    ),
    SandboxRoute(
        "PATCH",
        "/events/{id}",
        "events:update",
        handlers.update_event,
        "Update the fields of an event that the body names.",
        "EventAnswer",
        takes="changes",
    ),
    SandboxRoute(
        "POST",
        "/media",
        "media:create",
        handlers.upload_media,
        "Upload a picture for cover images.",
        "MediaAnswer",
        takes="file",
    ),
)


def routes_of(path: str) -> Iterator[tuple[SandboxRoute, Mapping[str, str]]]:
    """Yield the routes of ``path``, whatever their method, with the parameters it gives them."""
    for route in ROUTES:
        parameters = route.match(path)
        if parameters is not None:
            yield route, parameters
