"""The routes of the public API and the scope that each one needs.

Documented by the vendor unless :attr:`Route.assumed` says otherwise (lookup, update and media are
assumed from the documented shape).
"""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from pinned_tui.redaction.secret import quoted

DEFAULT_BASE_URL = "https://pinned.events"
NAMESPACE = "/api/public/v1"
"""The path below which the public API lives, for every host."""

ENVIRONMENT_VARIABLE = "PINNED_EVENTS_BASE_URL"


class BaseUrlError(ValueError):
    """The base URL can't be used; the message quotes it and says what to write instead."""


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """A checked base URL.

    Attributes:
        url: Scheme, host and port (and a path prefix, if any), without a final slash.
        note: What was corrected in the person's input, or None.
    """

    url: str
    host: str
    port: int
    secure: bool
    note: str | None = None

    @property
    def is_loopback(self) -> bool:
        """Whether the host is this machine."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` names this machine: ``localhost`` or an address of the loopback net."""
    if host.lower().rstrip(".") == "localhost":
        return True
    import ipaddress  # costs start-up

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_foreign(base_url: str) -> bool:
    """Tell whether a base URL names another host than the API's or this machine."""
    host = urlsplit(base_url).hostname or ""
    return host != urlsplit(DEFAULT_BASE_URL).hostname and not is_loopback(host)


def parse_base_url(text: str) -> BaseUrl:
    """Check what the person gave as the base URL.

    The API's namespace at its end is taken off with a note, since examples often carry it.

    Raises:
        BaseUrlError: no web address, plain ``http`` beyond loopback, or parts that don't belong.
    """
    given = text.strip()
    shown = quoted(given, limit=80) if given else "An empty text"
    parts = _split(given, shown)
    host, port = _host_and_port(parts, shown)
    if parts.scheme == "http" and not is_loopback(host):
        raise BaseUrlError(
            f"{shown} is not encrypted: anyone on the way could read your key."
            " Write it with https:// (plain http is accepted for this machine only)."
        )
    path = parts.path.rstrip("/")
    note = None
    before, found, _ = path.partition(NAMESPACE)
    if found:
        path = before
        note = f"Took {NAMESPACE} and what follows it off the base URL: pinned-tui adds it."
    return BaseUrl(
        url=f"{parts.scheme}://{parts.netloc.lower()}{path}",
        host=host,
        port=port,
        secure=parts.scheme == "https",
        note=note,
    )


def _split(given: str, shown: str) -> SplitResult:
    if not given.isprintable():  # urlsplit leaves line breaks out, which makes another host of it
        raise BaseUrlError(_not_an_address(shown))
    try:
        parts = urlsplit(given)
    except ValueError:
        raise BaseUrlError(_not_an_address(shown)) from None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise BaseUrlError(_not_an_address(shown))
    if "@" in parts.netloc:
        raise BaseUrlError(
            "The base URL holds a user name or password before the @. Take it out: the key goes"
            " into the environment variable PINNED_EVENTS_API_KEY, never into an address."
        )
    if parts.query or parts.fragment:
        raise BaseUrlError(
            "The base URL ends in ?… or #…. Give only the address of the site,"
            f" for example {DEFAULT_BASE_URL}."
        )
    return parts


def _host_and_port(parts: SplitResult, shown: str) -> tuple[str, int]:
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        raise BaseUrlError(f"{shown} has an invalid port number (1 to 65535).") from None
    if not host or not host.isascii() or any(c.isspace() or c in "<>\"'`\\{}|^" for c in host):
        raise BaseUrlError(_not_an_address(shown))
    if port == 0:
        raise BaseUrlError(f"{shown} has port 0; a port is a number from 1 to 65535.")
    return host, port or (443 if parts.scheme == "https" else 80)


def _not_an_address(shown: str) -> str:
    return (
        f"{shown} is not a web address."
        f" Write it with https:// and the host, for example {DEFAULT_BASE_URL}."
    )


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
ROUTES = (
    LIST_CHANNELS, LIST_CLASSIFICATIONS, LIST_EVENTS, GET_EVENT, CREATE_EVENT, UPDATE_EVENT,
    UPLOAD_MEDIA,
)  # fmt: skip
"""The routes below the namespace."""

OPENAPI = Route("GET", "/api/developer/openapi/public-api-v1", None, outside=True)
"""The OpenAPI document of the public API, in YAML."""
