"""One request on its way, and the record made of it: cleaned, redacted, by allow-list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from pinned_tui.api_spec.errors import read_error
from pinned_tui.api_spec.rate_limit import is_rate_field, read_rate_limit
from pinned_tui.api_spec.response_origin import (
    API,
    EDGE_ID_HEADERS,
    Responder,
    edge_id,
    identify,
    sign_headers,
)
from pinned_tui.api_spec.routes import is_loopback
from pinned_tui.client import errors
from pinned_tui.client.body import BodyReader, parse_json
from pinned_tui.client.body_allowlist import TEXT_LIMIT, excerpt
from pinned_tui.client.errors import who_listens
from pinned_tui.client.throttle import Budget
from pinned_tui.core.clock import Clock, timestamp
from pinned_tui.redaction.redactor import Redactor
from pinned_tui.redaction.sanitize import clean_json, clean_line
from pinned_tui.session import ApiError, Exchange, Failure, Request, Response

if TYPE_CHECKING:
    import httpx

_KEPT_HEADERS = {
    "age",
    "cache-control",
    "cache-status",
    "cf-cache-status",
    "cf-mitigated",
    "content-length",
    "content-type",
    "date",
    "location",
    "server",
    "via",
    "www-authenticate",
    "x-cache",
    "x-request-id",
    *EDGE_ID_HEADERS,
    *sign_headers(),
}

_MARKS = {"send_request_body.complete": "sent", "receive_response_headers.complete": "headers"}
"""What the ends of two steps of the HTTP client are called here."""

_PHASES = (
    ("prepare", "connect_tcp.started"),
    ("connect", "connect_tcp.complete"),
    ("proxy", "proxy"),
    ("tls", "start_tls.complete"),
    ("send", "sent"),
    ("wait", "headers"),
)
"""The phases of a request in order, and what ends each; ``read`` is the rest."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An exchange with what the probes read from it.

    Attributes:
        exchange: The record: cleaned, redacted, reduced to what may be kept.
        document: The parsed body with its texts cleaned; None where it is no JSON.
        content: The body as it came, within the budgets, where it is no JSON; it is in no record.
    """

    exchange: Exchange
    document: Any = None
    content: bytes = field(default=b"", repr=False)

    @property
    def status(self) -> int | None:
        """The status code, or None when there is no response."""
        return self.exchange.response.status if self.exchange.response else None

    @property
    def failure(self) -> Failure | None:
        """Why there is no usable response, or None."""
        return self.exchange.error

    @property
    def withheld(self) -> bool:
        """Whether nothing was sent, because of what an earlier response said of rate limits."""
        return self.failure is not None and self.failure.kind in {"withheld", "spared"}

    @property
    def spared(self) -> bool:
        """Whether nothing was sent, because hardly a request is left."""
        return self.failure is not None and self.failure.kind == "spared"

    @property
    def error(self) -> ApiError | None:
        """The API's error envelope, or None."""
        return self.exchange.response.error if self.exchange.response else None


@dataclass(frozen=True, slots=True)
class CallContext:
    """What a call works with.

    Attributes:
        run: Id of the run, to mark the exchange with.
        on_exchange: Called with the exchange as it ends.
    """

    http: "httpx.AsyncClient"
    clock: Clock
    budget: Budget
    redactor: Redactor
    run: str
    through_proxy: bool
    on_exchange: Callable[[Exchange], None]


class Call:
    """One request on its way: gathers what the record needs as it becomes known."""

    def __init__(
        self,
        means: CallContext,
        *,
        number: int,
        method: str,
        url: str,
        probe: str,
        shown_url: str | None = None,
    ) -> None:
        """Begin; ``shown_url`` is what the record says where ``url`` may not be repeated."""
        self._means = means
        self._id = f"x-{number}"
        self._method = method
        self._url = url
        self._shown_url = shown_url or url
        self._probe = probe
        self._request = Request(method=method, url=self._shown_url)
        self._response: Response | None = None
        self._document: Any = None
        self._content = b""
        self._started = means.clock.now()
        self._marks: dict[str, float] = {"start": means.clock.monotonic()}
        self._asks_proxy = False

    def describe(self, headers: Mapping[str, str], body: bytes | None, shown: str | None) -> None:
        """Note what is sent; in ``headers`` a stand-in is in the place of the key."""
        size = len(body) if body is not None else 0
        self._request = Request(
            method=self._method,
            url=self._shown_url,
            headers=dict(headers),
            body_bytes=size,
            body=shown,
        )

    @property
    def phase(self) -> str:
        """How far the request has come."""
        if "connect_tcp.complete" not in self._marks and "sent" not in self._marks:
            return "connect"
        if self._asks_proxy:
            return "proxy"
        if "start_tls.started" in self._marks and "start_tls.complete" not in self._marks:
            return "tls"
        return "answer" if "sent" in self._marks else "request"

    def out_of_time(self) -> Failure:
        """Return the failure of a request whose budget is used up."""
        phase = self.phase
        kind = {"connect": "timeout", "tls": "timeout", "proxy": "proxy-silent"}.get(phase, "slow")
        if phase == "connect" and self._means.through_proxy:
            kind = "proxy-unreachable"
        seconds = self._means.budget.request_s
        return errors.failure(kind, phase, f"The budget of {seconds:g} s is used up.")

    async def failed(self, error: BaseException) -> Failure:
        """Return the failure that ``error`` means, raised by the HTTP client.

        Where an unencrypted request, which only this machine gets, had no response at all, it is
        looked who listens there.
        """
        found = errors.from_exception(
            error,
            through_proxy=self._means.through_proxy,
            phase=self.phase,
            begun=self._response is not None,
        )
        parts = urlsplit(self._url)
        host = parts.hostname or ""
        if found.kind != "closed" or parts.scheme != "http" or not is_loopback(host):
            return found
        return await who_listens(host, parts.port or 80) or found

    async def perform(self, headers: Mapping[str, str], body: bytes | None) -> Reply:
        """Send, receive, and read the response within the budgets."""
        request = self._means.http.build_request(
            self._method, self._url, headers=headers, content=body, extensions={"trace": self._mark}
        )
        response = await self._means.http.send(request, stream=True)
        try:
            return await self._receive(response)
        finally:
            await response.aclose()

    async def _mark(self, event: str, info: Mapping[str, Any]) -> None:
        moment = self._means.clock.monotonic()
        name = event.partition(".")[2]
        if name == "send_request_headers.started":
            self._asks_proxy = info["request"].method == b"CONNECT"
        elif name == "setup_socks5_connection.started":
            self._asks_proxy = True
        if not self._asks_proxy:
            self._marks[_MARKS.get(name, name)] = moment
        elif name in {"receive_response_headers.complete", "setup_socks5_connection.complete"}:
            self._marks["proxy"] = moment
            self._asks_proxy = False

    async def _receive(self, response: "httpx.Response") -> Reply:
        budget = self._means.budget
        headers = _readable_headers(response, self._means.redactor)
        self._response = _head(response, headers, self._means.redactor)
        reader = BodyReader(
            response.headers.get("content-encoding", ""),
            wire_limit=budget.wire_bytes,
            decoded_limit=budget.decoded_bytes,
        )
        try:
            async for piece in response.aiter_raw():
                reader.feed(piece)
            reader.finish()
        finally:
            self._read(reader, headers)
        return self.ended(None)

    def _read(self, reader: BodyReader, headers: dict[str, str]) -> None:
        """Take what came of the body into the record, also when it was cut short."""
        assert self._response is not None  # noqa: S101 - set by the only caller
        redactor = self._means.redactor
        content = self._content = reader.content
        # The probes follow links and compare IDs of it, so only what is known is taken out here.
        document = clean_json(parse_json(content))
        self._document = redactor.json(document, by_look=False)
        text = redactor.text(content[: TEXT_LIMIT * 4].decode("utf-8", errors="replace"))
        error = read_error(self._document)
        if error is not None:
            error = read_error(redactor.json(document))
        status = self._response.status
        by = identify(status, headers, self._document, text, error)
        self._response = Response(
            status=status,
            reason=self._response.reason,
            http_version=self._response.http_version,
            answered_by=by.who,
            product=by.product,
            signs=by.signs,
            headers={n: v for n, v in headers.items() if n in _KEPT_HEADERS or is_rate_field(n)},
            content_type=headers.get("content-type"),
            body_bytes=reader.wire_bytes,
            excerpt=redactor.json(excerpt(self._document, text)),
            request_id=_request_id(error, headers, text, by),
            error=error,
            rate_limit=read_rate_limit(
                headers,
                received_at=self._means.clock.now(),
                limited=self._response.status == 429,
            ),
        )

    def withheld(self, kind: str) -> Reply:
        """Return the reply of a request that is not sent; it leaves no record."""
        return Reply(self._record(errors.failure(kind, "request")))

    def ended(self, failure: Failure | None) -> Reply:
        """Make the record and tell the client's owner of it."""
        self._marks["end"] = self._means.clock.monotonic()
        exchange = self._record(failure)
        self._means.on_exchange(exchange)
        if failure is not None:
            return Reply(exchange)
        return Reply(exchange, self._document, self._content if self._document is None else b"")

    def _record(self, failure: Failure | None) -> Exchange:
        response = self._response
        if response is not None and failure is not None:
            response = msgspec.structs.replace(response, complete=False)
        return Exchange(
            id=self._id,
            run=self._means.run,
            probe=self._probe,
            started_at=timestamp(self._started),
            request=self._request,
            response=response,
            timings_ms=self._timings(),
            error=failure,
        )

    def _timings(self) -> dict[str, float]:
        """Return how long each phase took; together they are the total.

        Each lasts from the end of the one before; the last is the one in which the request ended.
        """
        marks = self._marks
        if "end" not in marks:
            return {}
        ended = [(name, marks[mark]) for name, mark in _PHASES if mark in marks]
        spans: dict[str, float] = {}
        last = 0.0
        for name, moment in [*ended, (self._under_way, marks["end"])]:
            reached = round((moment - marks["start"]) * 1000, 1)
            spans[name] = round(reached - last, 1)
            last = reached
        return spans | {"total": last}

    @property
    def _under_way(self) -> str:
        """The phase in which the request ended."""
        match self.phase:
            case "connect":
                return "connect" if "connect_tcp.started" in self._marks else "prepare"
            case "request":
                return "send"
            case "answer":
                return "read" if "headers" in self._marks else "wait"
            case phase:
                return phase


def _readable_headers(response: "httpx.Response", redactor: Redactor) -> dict[str, str]:
    """Return the headers by lower-case name, cleaned and redacted, repeats joined by a comma.

    They are joined first: a secret may stand in pieces in headers of the same name.
    """
    values: dict[str, list[str]] = {}
    for raw_name, raw_value in response.headers.raw[:200]:
        name = redactor.text(clean_line(raw_name.decode("latin-1")))[:80].lower()
        values.setdefault(name, []).append(clean_line(raw_value.decode("utf-8", errors="replace")))
    joined = {n: redactor.text(", ".join(each), name=n)[:500] for n, each in values.items()}
    return {n: v for n, v in joined.items() if not is_rate_field(n) or not redactor.knows(n + v)}


def _head(response: "httpx.Response", headers: dict[str, str], redactor: Redactor) -> Response:
    return Response(
        status=response.status_code,
        reason=redactor.text(clean_line(response.reason_phrase))[:80],
        http_version=response.http_version,
        headers={n: v for n, v in headers.items() if n in _KEPT_HEADERS or is_rate_field(n)},
        content_type=headers.get("content-type"),
        complete=False,
    )


def _request_id(
    error: ApiError | None, headers: Mapping[str, str], text: str, by: Responder
) -> str | None:
    """Return the ID of the request in the records of whoever answered."""
    if error is not None and error.request_id:
        return error.request_id
    return headers.get("x-request-id") or edge_id(headers, "" if by.who == API else text)
