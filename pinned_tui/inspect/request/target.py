"""Takes the address of a request apart and finds the route that it leads to, or should lead to."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum, auto
from urllib.parse import urlsplit

from pinned_tui.api_spec.routes import DEFAULT_BASE_URL, NAMESPACE, OPENAPI, is_loopback
from pinned_tui.inspect.http_message import HttpRequest

API_HOST = DEFAULT_BASE_URL.removeprefix("https://")

VARIABLE = re.compile(
    r"\{\{[^{}]*\}\}|\$\{[^{}]*\}|\$(?:env:)?[A-Za-z_]\w*|%[A-Za-z_]\w{2,63}%|<[^<>/]*>|\{[^{}/]*\}"
)
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<slashes>/{1,3})")
_LONGEST = 8192
_RESOURCES = ("channels", "classifications", "events", "media")
_OTHER_NAMES = """
    event=events channel=channels classification=classifications categories=classifications
    category=classifications upload=media uploads=media medias=media
"""
_SINGULAR = dict(pair.split("=") for pair in _OTHER_NAMES.split())
_LIKE = 0.8
_LIKE_HOST = 0.75


class HostKind(Enum):
    """What the host is to the API."""

    API = auto()
    VARIABLE = auto()
    LOOPBACK = auto()
    NEAR = auto()
    OTHER = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class RequestTarget:
    """An address, taken apart.

    Attributes:
        scheme: In small letters; None where none is written.
        login: What stands before the ``@``.
        host: In small letters, without port; empty where only a path is known.
        authority: Host and port as written.
        path: As written, without query.
        resource: The list that the path leads to, or comes close to: ``events`` and so on.
        id: What follows it in the path.
        canonical: The path as the contract has it, or None where no route is near.
        documented: Whether it leads to the API's description, which is public and no route.
    """

    scheme: str | None
    login: str
    host: str
    authority: str
    path: str
    query: str
    kind: HostKind
    resource: str | None = None
    id: str | None = None
    canonical: str | None = None
    documented: bool = False

    @property
    def route(self) -> str | None:
        """The route's path below the namespace, with ``{id}`` for an ID."""
        if self.canonical is None:
            return None
        return f"/{self.resource}/{{id}}" if self.id is not None else f"/{self.resource}"

    @property
    def concerns_api(self) -> bool:
        """Whether the request is meant for the API, as far as its address tells."""
        if self.kind is HostKind.OTHER:
            return NAMESPACE in self.path or "/public/v1" in self.path
        return not self.documented


def target_of(request: HttpRequest) -> RequestTarget | None:
    """Take the address of ``request`` apart; None where it has none that can be read."""
    url = (request.url or "").strip()
    if not url or len(url) > _LONGEST:
        return None
    host_header = request.header("Host")
    scheme, login, authority, rest = _parts(url)
    if not authority and host_header is not None:
        authority = host_header.value.strip()
    path, _, query = rest.partition("#")[0].partition("?")
    if request.query:
        query = f"{query}&{request.query}" if query else request.query
    host = _host(authority)
    kind = _kind(authority, host, url, request)
    if kind is HostKind.VARIABLE:
        path = VARIABLE.sub("", path, count=1) if not authority else path
    resource, ident, canonical = _route(path)
    documented = path.rstrip("/") == OPENAPI.path
    return RequestTarget(
        scheme, login, host, authority, path, query, kind, resource, ident, canonical, documented
    )


def _parts(url: str) -> tuple[str | None, str, str, str]:
    """Return scheme, login, authority and the rest; a slash too few behind the scheme is let be."""
    scheme: str | None = None
    match = _SCHEME.match(url)
    if match is not None:
        scheme, url = match["scheme"].lower(), url[match.end() :]
    elif url.startswith("/") or VARIABLE.match(url):
        return None, "", "", url
    end = re.search(r"[/?#]|\Z", url)
    place = end.start() if end else len(url)
    login, _, authority = url[:place].rpartition("@")
    return scheme, login, authority, url[place:]


def _host(authority: str) -> str:
    try:
        host = urlsplit(f"//{authority}").hostname or ""
    except ValueError:
        host = authority.rpartition(":")[0] or authority
    return host.rstrip(".").lower()


def _kind(authority: str, host: str, url: str, request: HttpRequest) -> HostKind:
    if VARIABLE.search(authority) or (not authority and VARIABLE.match(url)):
        return HostKind.VARIABLE
    if any(part.start <= url.find(authority or url[:1]) < part.end for part in request.url_filled):
        return HostKind.VARIABLE
    if not host:
        return HostKind.UNKNOWN
    if host == API_HOST:
        return HostKind.API
    if is_loopback(host) or host in {"0.0.0.0", "host.docker.internal"}:  # noqa: S104 - read only
        return HostKind.LOOPBACK
    squeezed = re.sub(r"[^a-z]", "", host)
    near = host.endswith(f".{API_HOST}") or "pinnedevent" in squeezed
    near = near or bool(get_close_matches(host, [API_HOST, f"www.{API_HOST}"], 1, _LIKE_HOST))
    return HostKind.NEAR if near else HostKind.OTHER


def _route(path: str) -> tuple[str | None, str | None, str | None]:
    """Find the route that ``path`` leads to, however it is misspelt."""
    segments = [segment for segment in path.split("/") if segment.strip()][-12:]
    for place in range(len(segments) - 1, -1, -1):
        resource = _resource(segments[place])
        if resource is None:
            continue
        behind = segments[place + 1 :]
        if not behind:
            return resource, None, f"{NAMESPACE}/{resource}"
        if len(behind) == 1 and resource == "events":
            return resource, behind[0], f"{NAMESPACE}/{resource}/{behind[0]}"
        return resource, None, None
    return None, None, None


def _resource(segment: str) -> str | None:
    plain = segment.strip().lower().rstrip(".,;:")
    if plain in _SINGULAR:
        return _SINGULAR[plain]
    near = get_close_matches(plain[:40], _RESOURCES, 1, _LIKE)
    return near[0] if near else None


def goes_elsewhere(request: HttpRequest) -> bool:
    """Return whether a request names an address that has nothing of the API's."""
    target = target_of(request) if request.url is not None else None
    return target is not None and not target.concerns_api
