"""The requests of a log or a HAR file, kept small: a large file has very many."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pinned_tui.inspect.endpoint import Endpoint
from pinned_tui.inspect.http_message import HttpRequest, HttpResponse
from pinned_tui.inspect.model import Span


@dataclass(slots=True)
class LoggedExchange:
    """One request of a log or a HAR file.

    Of its payload only a digest is kept; :attr:`Traffic.payload_of` reads it again where it is
    needed.

    Attributes:
        line: The line, or the number of the HAR entry, from 1.
        start: Where it begins in the input.
        end: Where it ends there.
        at: Seconds since 1970 at which it was sent.
        took: Seconds until its response.
        status: None where there was no response, or none was logged.
        cut_off: Whether the log says that no response came.
        key: Its ``Idempotency-Key``.
        key_told: Whether the input would show the key if there was one.
        misspelled: Name of a header that was meant to be ``Idempotency-Key``.
        digest: Digest of the canonical payload, or the one that the log names.
        record: The ID of the record of the source, where the input names it.
        source: What tells the event in the source: its ID there, or title, start and channel.
        title: The event's title, for people.
        hint: What the request is probably about, where nothing tells it for certain: the title and
            the job that are logged beside it.
        event_id: The event that the response names, or the address.
        replayed: Whether the response says that it is a replay.
        wait_s: Seconds that the response says to wait.
        total: How many entries a list has by its own word.
        count: How many of them this page has.
        limit: The page size that the response names.
        page: The page of a list, where the log names it apart from the address.
        keyed: Whether a header with a key is among its headers; None where these are not logged.
        shape: What is the same for requests that are alike, but for their payload; None where only
            the address is known.
        hopeful: Whether the log goes on as if a failed request had succeeded.
        response: The response to a failed request; requests with like responses share one.
        creates: Whether it asks for a new event.
        beside: Whether it goes to the API's host by an address that is not the API's.
        is_page: Whether what looks like a success is a web page, which the API never gives.
    """

    line: int
    start: int
    end: int
    method: str
    place: Endpoint
    at: float | None = None
    took: float | None = None
    status: int | None = None
    cut_off: bool = False
    key: str | None = None
    key_visible: bool = False
    misspelled: str | None = None
    digest: bytes | None = None
    record: str | None = None
    source: str | None = None
    title: str | None = None
    hint: str | None = None
    event_id: str | None = None
    request_id: str | None = None
    code: str | None = None
    replayed: bool = False
    wait_s: float | None = None
    total: int | None = None
    count: int | None = None
    limit: int | None = None
    page: int | None = None
    keyed: bool | None = None
    shape: int | None = None
    hopeful: bool = False
    response: HttpResponse | None = None
    creates: bool = False
    beside: bool = False
    is_page: bool = False

    def __post_init__(self) -> None:
        self.creates = self.method == "POST" and self.place.route == "/events"

    @property
    def span(self) -> Span:
        """Where it stands in the input."""
        return Span(self.start, self.end)

    @property
    def succeeded(self) -> bool:
        """Whether it got a 2xx from the API."""
        return not self.is_page and self.status is not None and 200 <= self.status < 300

    @property
    def failed(self) -> bool:
        """Whether it got an error, or no response."""
        return self.cut_off or (self.status is not None and self.status >= 400)

    @property
    def payload_refused(self) -> bool:
        """Whether the payload may be the reason of the failure."""
        return self.cut_off or self.status in {400, 404, 413, 415, 422}

    @property
    def transient(self) -> bool:
        """Whether it failed in a way that a later try may recover from."""
        return self.cut_off or (
            self.status is not None and (self.status == 429 or self.status >= 500)
        )

    @property
    def responded_at(self) -> float | None:
        """When its response came, as far as the input tells."""
        if self.at is None:
            return None
        return self.at + (self.took or 0.0)


def _no_payload(_seen: LoggedExchange) -> Any:  # noqa: ANN401 - any JSON value
    return None


def _no_request(_seen: LoggedExchange) -> HttpRequest | None:
    return None


@dataclass(slots=True)
class Traffic:
    """All requests to the API in an input.

    Attributes:
        seen: The requests, in the order in which they were sent.
        passed_over: How many lines or entries were about something else.
        unread: Those of them that may tell of an error of the API all the same.
        payload_of: Reads the payload of a request again.
        request_of: Reads a request again, as far as the input has it.
        unit: What the input consists of: ``line`` or ``entry``.
        cut: Whether the input ends in the middle of an entry.
        browser: The first request that a browser sent, if one did.
        browsers: How many of them there are.
    """

    seen: list[LoggedExchange] = field(default_factory=list)
    passed_over: int = 0
    unread: list[tuple[int, int]] = field(default_factory=list)
    payload_of: Callable[[LoggedExchange], Any] = _no_payload
    request_of: Callable[[LoggedExchange], HttpRequest | None] = _no_request
    unit: str = "line"
    cut: bool = False
    browser: LoggedExchange | None = None
    browsers: int = 0
