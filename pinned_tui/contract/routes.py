"""The routes of the public API and the scope that each one needs.

Documented by the vendor unless :attr:`Route.assumed` says otherwise (lookup, update and media are
assumed from the documented shape).
"""

from dataclasses import dataclass

from pinned_tui.contract.base_url import NAMESPACE


@dataclass(frozen=True, slots=True)
class Route:
    """One route.

    Attributes:
        path: Below the namespace, with ``{id}`` where an ID goes.
        scope: The scope it needs, or None where none is known.
        assumed: Whether the vendor's pages leave it open.
        outside: Whether the path counts from the root of the site, not from the namespace; such a
            route needs no key and gets none.
    """

    method: str
    path: str
    scope: str | None
    assumed: bool = False
    outside: bool = False

    @property
    def reads_only(self) -> bool:
        """Whether the method is safe (RFC 9110, 9.2.1), so that it needs no consent."""
        return self.method in {"GET", "HEAD"}

    def full_path(self, **ids: str | int) -> str:
        """Return the path from the root of the site, with IDs filled in."""
        path = self.path.format(**ids)
        return path if self.outside else NAMESPACE + path

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


LIST_CHANNELS = Route("GET", "/channels", "channels:read")
LIST_CLASSIFICATIONS = Route("GET", "/classifications", None)
LIST_EVENTS = Route("GET", "/events", "events:read")
GET_EVENT = Route("GET", "/events/{id}", "events:read", assumed=True)
CREATE_EVENT = Route("POST", "/events", "events:create")
UPDATE_EVENT = Route("PATCH", "/events/{id}", "events:update", assumed=True)
UPLOAD_MEDIA = Route("POST", "/media", "media:create", assumed=True)
OPENAPI = Route("GET", "/api/developer/openapi/public-api-v1", None, outside=True)
"""The OpenAPI document of the public API, in YAML."""
