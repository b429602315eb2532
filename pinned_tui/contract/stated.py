"""What an OpenAPI document says of the routes: which there are, and which scopes they need. Pure.

Where the live document can be read, it wins over what was assumed of the routes that the vendor's
pages leave open (look-up, update, media).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pinned_tui.contract.base_url import NAMESPACE
from pinned_tui.contract.routes import Route

_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head"})
_PARAMETER = re.compile(r"\{[^{}/]*\}")
_SCOPE = re.compile(r"[a-z]{1,40}:[a-z]{1,40}")
_MOST_PATHS = 2000


@dataclass(frozen=True, slots=True)
class AdvertisedRoutes:
    """The routes of a document, by method and path below the namespace, with their scopes."""

    scopes: Mapping[tuple[str, str], tuple[str, ...]]

    def has(self, route: Route) -> bool:
        """Tell whether the document has ``route``."""
        return (route.method, route.path) in self.scopes

    def scope_of(self, route: Route) -> str | None:
        """Return the one scope that the document states for ``route``; None where it does not."""
        stated = self.scopes.get((route.method, route.path), ())
        return stated[0] if len(stated) == 1 else None


def stated_routes(document: object) -> AdvertisedRoutes | None:
    """Read the routes of a parsed OpenAPI document; None where it names no path at all."""
    paths = document.get("paths") if isinstance(document, Mapping) else None
    if not isinstance(paths, Mapping):
        return None
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for path, item in list(paths.items())[:_MOST_PATHS]:
        if not isinstance(path, str) or not isinstance(item, Mapping):
            continue
        short = _PARAMETER.sub("{id}", path.rstrip("/").partition(NAMESPACE)[2] or path)
        for method, operation in item.items():
            if method in _METHODS and isinstance(operation, Mapping):
                found[method.upper(), short] = tuple(dict.fromkeys(_scopes(operation)))
    return AdvertisedRoutes(found) if found else None


def _scopes(operation: Mapping[object, object]) -> Iterator[str]:
    """Return the scopes under ``security`` (OpenAPI 3.1, 4.8.30) and ``x-required-scopes``."""
    required = operation.get("x-required-scopes")
    lists = [required if isinstance(required, list) else []]
    security = operation.get("security")
    for requirement in security if isinstance(security, list) else []:
        if isinstance(requirement, Mapping):
            lists += [each for each in requirement.values() if isinstance(each, list)]
    for names in lists:
        yield from (name for name in names if isinstance(name, str) and _SCOPE.fullmatch(name))
