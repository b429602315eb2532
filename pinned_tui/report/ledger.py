"""The ledger: what was to be sent, what was sent, and the person's word on it. Pure.

It rests on what the session holds: the plan of each run, the exchanges and the consents.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from pinned_tui import wording
from pinned_tui.report.blocks import (
    Block,
    Code,
    Heading,
    InlineLine,
    Paragraph,
    Table,
    joined,
    line,
)
from pinned_tui.session import Consent, Exchange, Session

MOST_ROUTES = 12
"""The most routes that are told apart: one of an unknown answer could name any."""

_NAMESPACE = "/api/public/v1"
_ID = re.compile(r"/[0-9]+(?=/|$)")


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What one probe was to send, and what it sent.

    Attributes:
        planned: Method and route as told before; None where an older session does not say.
        sent: How often each method and route was sent.
        word: The person's word on it.
    """

    probe: str
    planned: str | None
    sent: dict[str, int]
    word: str


def ledger(session: Session, run: str | None = None) -> tuple[LedgerEntry, ...]:
    """Return the entries in the order of the plan.

    Args:
        session: The session.
        run: The id of the only run to count; all by default.
    """
    runs = [one for one in session.runs if run in {None, one.id}]
    planned = {plan.probe: plan for one in runs for plan in one.planned}
    exchanges = [x for x in session.exchanges if run in {None, x.run}]
    probes = dict.fromkeys((*planned, *(x.probe for x in exchanges)))
    words = {id_: _word([c for c in session.consents if c.probe == id_]) for id_ in probes}
    return tuple(
        LedgerEntry(
            probe=probe,
            planned=f"{planned[probe].method} {planned[probe].route}" if probe in planned else None,
            sent=_counted(x for x in exchanges if x.probe == probe),
            word=words[probe],
        )
        for probe in probes
    )


def _counted(exchanges: Iterable[Exchange]) -> dict[str, int]:
    counts = Counter(_route(x) for x in exchanges)
    told = dict(counts.most_common(MOST_ROUTES))
    rest = counts.total() - sum(told.values())
    return told | ({"others": rest} if rest else {})


def _route(exchange: Exchange) -> str:
    """Return method and path without what varies from request to request."""
    try:
        path = urlsplit(exchange.request.url).path
    except ValueError:
        path = ""
    path = _ID.sub("/{id}", path.removeprefix(_NAMESPACE))
    return f"{exchange.request.method} {path or '/'}"


def _word(consents: list[Consent]) -> str:
    return "; ".join(dict.fromkeys(consent_in_words(one) for one in consents)) or "not needed"


def consent_in_words(consent: Consent) -> str:
    """Say what the person said to a probe that does more than read."""
    if not consent.given:
        return "not agreed to, not sent"
    return "agreed beforehand" if consent.how == "beforehand" else "agreed when asked"


def in_ledger(session: Session) -> Iterable[Block]:
    """Yield the ledger as a part of a report."""
    entries = ledger(session)
    if not entries:
        return
    yield Heading(2, line("What was to be sent, and what was"))
    counted = sum(sum(entry.sent.values()) for entry in entries)
    yield Paragraph(line(f"{wording.plural(counted, 'request')} in all; lists may take several."))
    rows = tuple(
        (
            line(entry.probe),
            line(Code(entry.planned)) if entry.planned else line("not recorded"),
            _sent(entry),
            line(entry.word),
        )
        for entry in entries
    )
    yield Table(("Check", "To be sent", "Sent", "The person's word"), rows)


def _sent(entry: LedgerEntry) -> InlineLine:
    if not entry.sent:
        return line("nothing")
    parts = (
        line(f"{count} times " if count > 1 else "once ", Code(route))
        for route, count in entry.sent.items()
    )
    return joined(tuple(parts), ", ")


def in_short(session: Session) -> str:
    """Return the ledger of the latest run in one or two sentences, for plain text."""
    run = session.run
    entries = ledger(session, run.id) if run is not None else ()
    counts: Counter[str] = Counter()
    for entry in entries:
        counts.update(entry.sent)
    sent = wording.plural(run.requests_sent if run is not None else 0, "request")
    routes = ", ".join(f"{route} {count}" for route, count in counts.items())
    text = f"Sent {sent}{f': {routes}' if routes else ''}."
    refused = [e.planned for e in entries if e.planned and not e.sent and "not agreed" in e.word]
    if refused:
        text += f" Not agreed to, so not sent: {', '.join(dict.fromkeys(refused))}."
    return text
