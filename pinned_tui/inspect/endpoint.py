"""Where a request goes: whether that is the API, and which of its routes. Pure.

Logs name addresses in every way: whole, as a path alone, or as the route that a client with a base
address was told. Reading one must be cheap, since a log has many.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from pinned_tui.api_spec import routes
from pinned_tui.api_spec.routes import NAMESPACE, Route, is_loopback
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.shell.words import Dialect

_REFERENCE = re.compile(
    r"\$\{(?:env:)?(?P<braced>[A-Za-z_]\w{0,127})\}|\$env:(?P<env>[A-Za-z_]\w{0,127})"
    r"|%(?P<percent>[A-Za-z_]\w{2,127})%|\$(?P<plain>[A-Za-z_]\w{0,127})",
    re.IGNORECASE,
)
_SHELLS = {Dialect.BASH: "bash", Dialect.CMD: "cmd.exe", Dialect.POWERSHELL: "PowerShell"}


@dataclass(frozen=True, slots=True)
class Unfilled:
    """A variable that goes out as it is written.

    Attributes:
        name: Its name without signs.
        detail: Why it is not filled in, in one sentence.
        reference: How to write it in that shell.
    """

    name: str
    detail: str
    reference: str


def reference(name: str, shell: str) -> str:
    """Return how ``shell`` writes the variable ``name`` of the environment."""
    return {
        Dialect.BASH: f"${name}",
        Dialect.CMD: f"%{name}%",
        Dialect.POWERSHELL: f"$env:{name}",
    }[Dialect(shell)]


def unfilled(text: str, shell: str | None) -> Unfilled | None:
    """Return the variable that ``text`` as a whole is, though the shell has not filled it in."""
    match = _REFERENCE.fullmatch(text.strip())
    if match is None or shell is None:
        return None
    name = next(filter(None, match.groups()))
    shown = _SHELLS[Dialect(shell)]
    style = match.lastgroup
    native = {
        Dialect.BASH: style in {"braced", "plain"},
        Dialect.CMD: style == "percent",
        Dialect.POWERSHELL: style in {"braced", "env", "plain"},
    }[Dialect(shell)]
    why = "single-quotes" if native else "foreign-syntax"
    detail = say(f"request.key-placeholder.{why}", shell=shown, name=name)
    return Unfilled(name, detail, reference(name, shell))


HOST = "pinned.events"
_ID = re.compile(r"/events/[^/]+\Z")
_ROUTES: dict[tuple[str, str], Route] = {
    (route.method, route.path): route
    for route in (
        routes.LIST_CHANNELS,
        routes.LIST_CLASSIFICATIONS,
        routes.LIST_EVENTS,
        routes.GET_EVENT,
        routes.CREATE_EVENT,
        routes.UPDATE_EVENT,
        routes.UPLOAD_MEDIA,
    )
}
_PATHS = frozenset(path for _, path in _ROUTES)
_LIKE_API = re.compile(r"/(?:api|v\d|public|graphql|rest)(?:/|\Z)", re.IGNORECASE)
_NO_IDS = frozenset({"undefined", "null", "none", "nan", "nil", "[object object]", "%5bobject"})
_LONGEST_QUERY = 2000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address, taken apart.

    Attributes:
        host: In small letters, without a port; empty where the address is a path alone.
        route: The path below the API's namespace, or the path as it stands.
        query: What stands behind the question mark.
        in_namespace: Whether the path is below the API's namespace.
        url: The address as it was read.
        template: The route with ``{id}`` in place of an event's ID.
        event_id: The ID of the event in the path; None where there is none.
    """

    host: str
    route: str
    query: str
    in_namespace: bool
    url: str
    template: str
    event_id: str | None

    @property
    def is_api(self) -> bool:
        """Whether the request goes to the public API, this machine's sandbox included."""
        return self.in_namespace or (self.host == HOST and self.template in _PATHS)

    @property
    def may_be_api(self) -> bool:
        """Whether it is one of the API's routes without the address of the API in front."""
        return (not self.host or is_loopback(self.host)) and self.template in _PATHS

    @property
    def is_beside_api(self) -> bool:
        """Whether it goes to the API's host, and not below the API's namespace.

        The API's own description is public, and reading it is no mistake.
        """
        own = self.host in {HOST, f"www.{HOST}"} and not self.in_namespace
        return own and self.route.rstrip("/") != routes.OPENAPI.path

    @property
    def is_like_api(self) -> bool:
        """Whether its path was meant for the API: a version or ``api`` stands in it."""
        return _LIKE_API.search(self.route) is not None

    @property
    def lacks_its_id(self) -> bool:
        """Whether a word that stands for nothing is where the ID of an event belongs."""
        return self.route == "/events/" or (self.event_id or "").lower() in _NO_IDS

    def number(self, name: str) -> int | None:
        """Return the number that the query gives for ``name``, such as ``page``."""
        if name not in self.query:
            return None
        pairs = parse_qsl(self.query[:_LONGEST_QUERY], max_num_fields=None)
        value = next((value for key, value in pairs if key == name), "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def read_place(url: str) -> Endpoint:
    """Take ``url`` apart; never fails."""
    before, whole, after = url.partition("://")
    address = after if whole and "/" not in before else url
    host, path = "", address
    if (whole and "/" not in before) or (
        not address.startswith("/") and address.lower().startswith((f"{HOST}/", "localhost"))
    ):
        host, slash, rest = address.partition("/")
        path = slash + rest
    path, _, query = path.partition("#")[0].partition("?")
    host = host.rpartition("@")[2].lower()
    host = host.partition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    at = path.find(NAMESPACE)
    if at >= 0:
        path = path[at + len(NAMESPACE) :]
    route = path or "/"
    named = _ID.match(route) is not None
    return Endpoint(
        host.rstrip("."),
        route,
        query,
        in_namespace=at >= 0,
        url=url,
        template="/events/{id}" if named else route,
        event_id=route.removeprefix("/events/") if named else None,
    )


def find_route(method: str | None, place: Endpoint) -> Route | None:
    """Return the route of the contract that ``method`` and ``place`` name, or None."""
    return _ROUTES.get((method or "", place.template))


def methods_of(place: Endpoint) -> tuple[str, ...]:
    """Return the methods that the contract has for the path of ``place``."""
    return tuple(method for method, path in _ROUTES if path == place.template)


def is_known_path(place: Endpoint) -> bool:
    """Return whether the contract has the path of ``place``, whatever the method."""
    return place.template in _PATHS
