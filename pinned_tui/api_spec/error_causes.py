"""What a response means: one table from status, code, route and who answered to a cause.

The table is data (``error_causes.toml``), each row with the source of its rule. The live checks,
pasted responses, logs and HAR files ask it alike; each adds only what it alone knows, such as what
another request was answered. Pure.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

import msgspec

from pinned_tui.api_spec import response_origin
from pinned_tui.api_spec.errors import STATUS_OF_CODE
from pinned_tui.api_spec.routes import NAMESPACE, ROUTES
from pinned_tui.api_spec.urls import Leads, leads_to
from pinned_tui.session import ApiError, Certainty, Exchange

Who: TypeAlias = Literal[
    "api", "edge", "gateway", "site", "portal", "proxy", "redirect", "broken", "other", "unknown"
]
RouteKind: TypeAlias = Literal["list", "event", "write", "foreign", "unknown"]
Stage: TypeAlias = Literal["key", "scope", "body", "access"]
"""What the API looks at, in its order. That it looks at the key first is documented."""

Subject: TypeAlias = Literal[
    "retry", "request_id", "scope", "channel", "event", "method", "idempotency_key", "field"
]


INVALID = frozenset({400, 422})
"""Statuses of a request that is not valid: each field that the error names may have a cause."""


class Example(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A field that an error names, and what it says of it."""

    field: str | None = None
    says: str


class CauseRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the table. What its columns mean stands at the beginning of the TOML file."""

    cause: str
    certainty: Certainty
    source: str
    who: tuple[Who, ...] = ("api",)
    status: tuple[int | Literal["4xx", "5xx"], ...] = ()
    code: tuple[str, ...] = ()
    documented: bool | None = None
    route: tuple[RouteKind, ...] = ()
    scoped: bool | None = None
    field: str | None = None
    says: str | None = None
    blocks: bool | None = None
    leads: Leads | None = None
    stage: Stage | None = None
    alternatives: tuple[str, ...] = ()
    subject: Subject | None = None
    adds: str = ""
    quotes: bool = False
    example: Example | None = None

    def fits(self, signs: "ErrorSigns") -> bool:
        """Return whether this row is about such a response."""
        return (
            signs.who in self.who
            and (not self.status or not {signs.status, signs.status_class}.isdisjoint(self.status))
            and (not self.code or signs.code in self.code)
            and (not self.route or signs.route in self.route)
            and self.documented in {None, signs.documented}
            and self.scoped in {None, signs.scoped}
            and self.blocks in {None, signs.blocks}
            and self.leads in {None, signs.leads}
            and (self.field is None or re.search(self.field, signs.field) is not None)
            and (self.says is None or re.search(self.says, signs.says) is not None)
        )


@dataclass(frozen=True, slots=True)
class ErrorSigns:
    """What the table is asked by.

    Attributes:
        who: Who answered; ``unknown`` where only the status is known.
        documented: Whether the API's documentation has the code, or a requestId is there.
        scoped: Whether the route is known to need a scope.
        field: What ``details.field`` names, or empty.
        says: What the error says of it: the issue, else the message.
        blocks: Whether the body is a challenge or a block page.
        leads: Where a redirect leads, where it is one.
    """

    who: str
    status: int
    code: str | None = None
    documented: bool = False
    route: RouteKind = "unknown"
    scoped: bool = False
    field: str = ""
    says: str = ""
    blocks: bool = False
    leads: Leads | None = None

    @property
    def status_class(self) -> str:
        """The class of the status, such as ``4xx``."""
        return f"{self.status // 100}xx"


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: dict[str, str]
    row: tuple[CauseRow, ...]


@cache
def load_rows() -> tuple[CauseRow, ...]:
    """Read the table that comes with the package, once.

    Raises:
        ValueError: it can't be read, or a row is not valid.
    """
    text = (files("pinned_tui.api_spec") / "error_causes.toml").read_text("utf-8")
    table = msgspec.convert(tomllib.loads(text), _Table)
    return tuple(_filled_in(row, table.words) for row in table.row)


def _filled_in(row: CauseRow, words: dict[str, str]) -> CauseRow:
    """Return a row with the shared words in place of their names, its expressions checked."""
    says = row.says
    for name, expression in words.items():
        says = says and says.replace(f"{{{name}}}", f"(?i:{expression})")
    for expression in filter(None, (row.field, says)):
        try:
            re.compile(expression)
        except re.error as error:
            raise ValueError(f"error_causes.toml: {row.cause}: {expression}: {error}") from error
    return msgspec.structs.replace(row, says=says)


def find_cause(signs: ErrorSigns) -> CauseRow | None:
    """Return the row for a response, or None where the table has none.

    A status alone makes a cause likely at most.
    """
    row = next((row for row in load_rows() if row.fits(signs)), None)
    if row is not None and signs.who == "unknown" and row.certainty is Certainty.CONFIRMED:
        return msgspec.structs.replace(row, certainty=Certainty.LIKELY)
    return row


@cache
def status_of_code() -> dict[str, int]:
    """Return the codes that the table or the vendor's page *Errors* knows, each with its status."""
    named = {
        code: row.status[0]
        for row in load_rows()
        for code in row.code
        if row.status and isinstance(row.status[0], int)
    }
    return {**named, **STATUS_OF_CODE}


def route_kind(method: str | None, path: str | None) -> RouteKind:
    """Return what kind of route a request went to.

    Args:
        method: The method, where it is known.
        path: The path below the API's namespace, where it is known.
    """
    if path is None:
        return "unknown"
    if re.fullmatch(r"/events/[^/]+", path):
        return "event"
    if path not in {route.path for route in ROUTES}:
        return "foreign"
    return "list" if method == "GET" else "write"


def is_documented(error: ApiError | None) -> bool:
    """Return whether an error has a documented code or, as the API's errors do, a requestId."""
    return error is not None and (error.code in STATUS_OF_CODE or error.request_id is not None)


def what_is_said(error: ApiError | None, status: int) -> str:
    """Return the words of an error that the table looks at: of a field, those about the field."""
    if error is None:
        return ""
    if status in INVALID:
        return error.issue or error.message
    return f"{error.message} {error.issue or ''}".strip()


def signs_of(exchange: Exchange) -> ErrorSigns | None:
    """Return what the table is asked by for a recorded exchange, None without a response."""
    request, response = exchange.request, exchange.response
    if response is None:
        return None
    error = response.error
    location = response.headers.get("location")
    path = urlsplit(request.url).path
    below = path.partition(NAMESPACE)[2] if NAMESPACE in path else path
    kind = route_kind(request.method, below)
    return ErrorSigns(
        who=response.answered_by,
        status=response.status,
        code=error.code if error else None,
        documented=is_documented(error),
        route=kind,
        field=(error.field or "") if error else "",
        says=what_is_said(error, response.status),
        blocks=response_origin.is_block_page(response.headers, response.excerpt),
        leads=leads_to(location, request.url) if location is not None else None,
    )


def cause_of(exchange: Exchange) -> CauseRow | None:
    """Return the row for an exchange that was recorded."""
    signs = signs_of(exchange)
    return find_cause(signs) if signs is not None else None
