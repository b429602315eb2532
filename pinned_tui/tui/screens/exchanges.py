"""The exchange inspector: every request with its response."""

import json
from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from pinned_tui.client.client import WRONG_KEY
from pinned_tui.core.labels import ANSWERED_BY, duration, moment
from pinned_tui.report.evidence import phases_in_words, title_of
from pinned_tui.session import Exchange, Request, Session
from pinned_tui.tui.keymap import bindings
from pinned_tui.tui.screens.page import Page, PageBody
from pinned_tui.tui.widgets.choices import Choice, Choices
from pinned_tui.tui.widgets.text import MOST_ROWS, MUTED, STRONG, block, line, words

_LONGEST_EXCERPT = 6000


class ExchangesScreen(Page):
    """A list of exchanges, and one of them in full."""

    PAGE = "exchanges"
    BINDINGS: ClassVar[list[BindingType]] = bindings("exchanges")
    CSS_PATH = "../styles/exchanges.tcss"
    AUTO_FOCUS = ""

    def __init__(self, session: Session) -> None:
        """Show the exchanges of ``session``."""
        super().__init__()
        self._exchanges = session.exchanges

    def content(self) -> ComposeResult:
        """Yield the list and the detail."""
        shown = self._exchanges[:MOST_ROWS]
        choices = [Choice(x.id, "", _title(x), hint=_in_short(x)) for x in shown]
        with Horizontal(id="columns"):
            with PageBody(id="list"):
                yield Choices(choices, marked=0 if choices else None, id="exchanges")
                if len(shown) < len(self._exchanges):
                    count = f"{len(self._exchanges):,}"
                    yield Static(words(f"The first {len(shown)} of {count}.", MUTED))
            with PageBody(id="body"):
                yield Static(words("No request was sent.", MUTED), id="detail")

    def on_mount(self) -> None:
        """Show the first one."""
        self.query_one(Choices).focus()
        if self._exchanges:
            self._show(self._exchanges[0])

    def place(self) -> str:
        """Name the page."""
        return "Exchanges"

    @on(Choices.Marked, "#exchanges")
    def _other(self, event: Choices.Marked) -> None:
        self._show(next(x for x in self._exchanges if x.id == event.choice.id))

    def _show(self, exchange: Exchange) -> None:
        self.query_one("#detail", Static).update(Content("\n").join(detail(exchange)))
        self.query_one("#body").scroll_home(animate=False)


def _title(exchange: Exchange) -> str:
    return f"{exchange.request.method} {_path(exchange.request.url)}"


def _path(url: str) -> str:
    _, _, rest = url.partition("://")
    _, slash, path = rest.partition("/")
    return (slash + path).removeprefix("/api/public/v1") or url


def _in_short(exchange: Exchange) -> str:
    """Return how it ended, and with which key it was sent where that is not the usual way."""
    return " · ".join(part for part in (_ended(exchange), _key_sent(exchange.request)) if part)


def _key_sent(request: Request) -> str:
    headers = {name.lower(): value for name, value in request.headers.items()}
    if "x-api-key" in headers:
        return "key in x-api-key"
    if "authorization" not in headers:
        return "without a key"
    return "with a wrong key" if WRONG_KEY in headers["authorization"] else ""


def _ended(exchange: Exchange) -> str:
    took = exchange.timings_ms.get("total")
    time = f" · {duration(took / 1000)}" if took is not None else ""
    if exchange.response is None:
        failure = exchange.error
        return f"✗ {failure.kind if failure is not None else 'no response'}{time}"
    sign = "✓" if exchange.response.status < 400 else "✗"
    return f"{sign} {exchange.response.status} {exchange.response.reason}".rstrip() + time


def detail(exchange: Exchange) -> Iterator[Content]:
    """Yield the lines of one exchange in full."""
    request = exchange.request
    yield line((request.method, STRONG), " ", request.url)
    yield words(f"{moment(exchange.started_at)} · {title_of(exchange.probe)}", MUTED)
    yield from _headers(request.headers)
    if request.body is not None:
        yield words("")
        yield block(request.body)
    yield words("")
    yield from _received(exchange)
    if exchange.timings_ms:
        yield words("")
        yield words("Timings", "bold $text-accent")
        for name, took in phases_in_words(exchange.timings_ms):
            yield line((f"{name:<18}", MUTED), took)


def _headers(headers: dict[str, str]) -> Iterator[Content]:
    for name, value in list(headers.items())[:MOST_ROWS]:
        yield line((f"{name}: ", MUTED), value)


def _received(exchange: Exchange) -> Iterator[Content]:
    if exchange.error is not None:
        yield words("No usable response", "bold $text-error")
        yield words(exchange.error.message)
    response = exchange.response
    if response is None:
        return
    good = "bold $text-success" if response.status < 400 else "bold $text-error"
    who = ANSWERED_BY.get(response.answered_by, response.answered_by)
    yield line((_ended(exchange), good), (f"  from {who}", MUTED))
    if response.request_id is not None:
        yield line(("requestId ", MUTED), (response.request_id, STRONG))
    limit = response.rate_limit
    if limit is not None:
        for name, value in limit.fields.items():
            yield line((f"{name} ", MUTED), value)
        if limit.retry_at is not None:
            yield line(("retry from ", MUTED), moment(limit.retry_at))
    shown = frozenset(limit.fields) if limit is not None else frozenset()
    yield from _headers({n: v for n, v in response.headers.items() if n.lower() not in shown})
    if not response.complete:
        yield words("The response was cut short.", "$text-warning")
    if response.excerpt is not None:
        yield words("")
        yield words("What the checks read of the body", "bold $text-accent")
        yield block(_excerpt(response.excerpt))


def _excerpt(excerpt: object) -> str:
    text = (
        excerpt if isinstance(excerpt, str) else json.dumps(excerpt, indent=2, ensure_ascii=False)
    )
    return text if len(text) <= _LONGEST_EXCERPT else text[:_LONGEST_EXCERPT] + "…"
