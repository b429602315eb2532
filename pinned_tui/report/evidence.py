"""The part of a report that shows what was seen: observations, scopes, channels, requests. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from pinned_tui.core import labels
from pinned_tui.core.labels import duration
from pinned_tui.report.blocks import (
    Block,
    Bullets,
    Code,
    Heading,
    InlineLine,
    Paragraph,
    Signed,
    SignedRow,
    Strong,
    Styled,
    Table,
    codes,
    joined,
    line,
    muted,
    sign,
)
from pinned_tui.session import (
    Channel,
    Consent,
    Exchange,
    Observation,
    Response,
    ScopeState,
    Session,
    Status,
)


def title_of(probe: str) -> str:
    """Return what a probe finds out, in words; an ID of another version comes back as it is."""
    return _probe_titles().get(probe, probe)


@cache
def _probe_titles() -> dict[str, str]:
    from pinned_tui.checks.plan import MEANS
    from pinned_tui.checks.probes.passive import LIMITS_ID, LIMITS_TITLE

    return {one.probe: one.title for one in MEANS} | {LIMITS_ID: LIMITS_TITLE}


_STAGES: Final[Mapping[str, str]] = {
    "network.proxy-name": "proxy's name",
    "network.proxy-connect": "connect to it",
    "network.proxy": "through it",
    "network.name": "name",
    "network.connect": "connect",
    "network.tls": "TLS",
}
"""What each stage of the way is called, by the code of its observation."""

_PHASES: Final[Mapping[str, str]] = {"tls": "TLS", "proxy": "through the proxy"}
_FAMILIES: Final = ("IPv4", "IPv6")


def way_in_short(session: Session) -> str | None:
    """Return how long each stage of the latest run took; None where that is unknown.

    The first response is the last one:
    ``name 12 ms · connect IPv4 31 ms, IPv6 29 ms · TLS 58 ms · response 210 ms``.
    """
    stages = [
        f"{_STAGES[one.code]} {took}"
        for one in session.latest()
        if one.code in _STAGES and one.status is Status.PASS and (took := _took(one))
    ]
    if not stages:
        return None
    return " · ".join([*stages, *_first_response(session)])


def _took(stage: Observation) -> str | None:
    """Return a stage's time, of each kind of address where there is more than one."""
    both = stage.data.get("ms_by_family")
    if isinstance(both, dict) and len(both) > 1:
        kinds = [(kind, _milliseconds(both.get(kind))) for kind in _FAMILIES]
        return ", ".join(f"{kind} {took}" for kind, took in kinds if took) or None
    return _milliseconds(stage.data.get("ms"))


def _milliseconds(value: object) -> str | None:
    return duration(value / 1000) if isinstance(value, int | float) else None


def _first_response(session: Session) -> Iterator[str]:
    run = session.run.id if session.run is not None else None
    for exchange in session.exchanges:
        times = exchange.timings_ms
        if exchange.run == run and exchange.error is None and "wait" in times:
            yield f"response {duration((times['wait'] + times.get('read', 0.0)) / 1000)}"
            return


def phases_in_words(timings_ms: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    """Yield each phase of a request with its time, rounded so that they still add up to the total.

    Args:
        timings_ms: As an exchange has them, in order.
    """
    reached = shown = 0.0
    for name, took in timings_ms.items():
        if name == "total":
            yield name, duration(round(took) / 1000)
            continue
        reached += took
        whole = round(reached) - shown
        shown += whole
        yield _PHASES.get(name, name), duration(whole / 1000)


MOST_ROUTES = 12
"""The most routes that are listed each: a file from elsewhere could name any number of them."""

_NAMESPACE = "/api/public/v1"
_ID = re.compile(r"/[0-9]+(?=/|$)")


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What one probe was to send, and what it sent.

    Attributes:
        planned: Method and route as announced; None where an older session does not say.
        sent: How often each method and route was sent.
        consent: The user's consent to it.
    """

    probe: str
    planned: str | None
    sent: dict[str, int]
    consent: str


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
    consents = {id_: _consent([c for c in session.consents if c.probe == id_]) for id_ in probes}
    return tuple(
        LedgerEntry(
            probe=probe,
            planned=f"{planned[probe].method} {planned[probe].route}" if probe in planned else None,
            sent=_counted(x for x in exchanges if x.probe == probe),
            consent=consents[probe],
        )
        for probe in probes
    )


def _counted(exchanges: Iterable[Exchange]) -> dict[str, int]:
    counts = Counter(_route(x) for x in exchanges)
    listed = dict(counts.most_common(MOST_ROUTES))
    rest = counts.total() - sum(listed.values())
    return listed | ({"others": rest} if rest else {})


def _route(exchange: Exchange) -> str:
    """Return method and path without what varies from request to request."""
    try:
        path = urlsplit(exchange.request.url).path
    except ValueError:
        path = ""
    path = _ID.sub("/{id}", path.removeprefix(_NAMESPACE))
    return f"{exchange.request.method} {path or '/'}"


def _consent(consents: list[Consent]) -> str:
    return "; ".join(dict.fromkeys(consent_in_words(one) for one in consents)) or "not needed"


def consent_in_words(consent: Consent) -> str:
    """Return what the user said to a probe that does more than read."""
    if not consent.given:
        return "not agreed to, not sent"
    return "agreed beforehand" if consent.how == "beforehand" else "agreed when asked"


def ledger_in_full(session: Session) -> Iterable[Block]:
    """Yield what each check was to send, and what it sent."""
    entries = ledger(session)
    if not entries:
        return
    yield Heading(2, line("What was to be sent, and what was"))
    counted = sum(sum(entry.sent.values()) for entry in entries)
    yield Paragraph(line(f"{labels.plural(counted, 'request')} in all; lists may take several."))
    rows = tuple(
        (
            line(entry.probe),
            line(Code(entry.planned)) if entry.planned else line("not recorded"),
            _sent(entry),
            line(entry.consent),
        )
        for entry in entries
    )
    yield Table(("Check", "To be sent", "Sent", "Consent"), rows)


def _sent(entry: LedgerEntry) -> InlineLine:
    if not entry.sent:
        return line("nothing")
    parts = (
        line(f"{count} times " if count > 1 else "once ", Code(route))
        for route, count in entry.sent.items()
    )
    return joined(tuple(parts), ", ")


def sent_in_short(session: Session) -> str:
    """Return what the latest run sent in one or two sentences, and where it is not all."""
    run = session.run
    entries = ledger(session, run.id) if run is not None else ()
    counts: Counter[str] = Counter()
    for entry in entries:
        counts.update(entry.sent)
    sent = labels.plural(run.requests_sent if run is not None else 0, "request")
    routes = ", ".join(f"{route} {count}" for route, count in counts.items())
    others = session.requests_sent - (run.requests_sent if run is not None else 0)
    whole = f" ({session.requests_sent:,} in this session)" if others else ""
    text = f"Sent {sent}{whole}{f': {routes}' if routes else ''}."
    refused = [e.planned for e in entries if e.planned and not e.sent and "not agreed" in e.consent]
    if refused:
        text += f" Not agreed to, so not sent: {', '.join(dict.fromkeys(refused))}."
    return text


MOST_ROWS = 100
"""The most rows of a table; the JSON report has all of them."""

_LEFT_OUT = "{} more are left out here; the JSON report has all of them."


def evidence(session: Session) -> Iterable[Block]:
    """Yield what was seen, and what was not checked."""
    yield from _observations(session)
    yield from _unchecked(session)
    yield from _scopes(session)
    yield from _channels(session)
    yield from _requests(session)


def _observations(session: Session) -> Iterable[Block]:
    if not session.observations:
        return
    yield Heading(2, line("What was seen"))
    runs = (
        {run.id: f"{n}, {run.purpose}" for n, run in enumerate(session.runs, start=1)}
        if len(session.runs) > 1
        else {}
    )
    rows = [_observed(one, runs) for one in session.observations]
    head = ("Id", "Status", "Check", "What was seen", "Requests")
    yield from _table((*head, "Run") if runs else head, rows)
    took = way_in_short(session)
    if took is not None:
        yield Paragraph(line(Strong("It took:"), f" {took}."))


def _observed(one: Observation, runs: dict[str, str]) -> tuple[InlineLine, ...]:
    row = (
        line(Code(one.id)),
        line(str(labels.STATUS[one.status])),
        line(one.probe),
        line(one.summary),
        codes(one.exchanges),
    )
    return (*row, line(runs.get(one.run, one.run))) if runs else row


def what_shows(session: Session, ids: Iterable[str]) -> Iterable[Block]:
    """Yield the observations with these IDs, in the order of the session."""
    wanted = set(ids)
    yield from _ended("What shows it", [o for o in session.observations if o.id in wanted])


def checked(session: Session, *, without: Collection[str] = ()) -> Iterable[Block]:
    """Yield how each check of the latest run ended, in a line each, and how long it took.

    Args:
        session: The session.
        without: The IDs of observations that are shown elsewhere.
    """
    title = "What else was checked" if without else "What was checked"
    yield from _ended(title, [o for o in session.latest() if o.id not in without])
    took = way_in_short(session)
    if took is not None:
        yield Paragraph(muted(f"It took: {took}."))


def _ended(title: str, observations: Sequence[Observation]) -> Iterable[Block]:
    if observations:
        yield Heading(2, line(title))
        yield Signed(
            tuple(SignedRow(sign(labels.STATUS[o.status]), line(o.summary)) for o in observations)
        )


def _unchecked(session: Session) -> Iterable[Block]:
    skipped = [one.summary for one in session.latest() if one.status is Status.SKIP]
    unprobed = [s for s, state in session.scopes.items() if state is ScopeState.NOT_PROBED]
    lines = [line(summary) for summary in skipped]
    if unprobed and session.run is not None:
        lines.append((*line("Scopes that no check looked at: "), *codes(unprobed)))
    if lines:
        yield Heading(2, line("What was not checked, and why"))
        yield Bullets(tuple(lines))


def _scopes(session: Session) -> Iterable[Block]:
    if session.run is None or not session.scopes:
        return
    yield Heading(2, line("Scopes of the key"))
    yield Paragraph(
        line("Inferred from the responses, route by route: no endpoint lists a key's scopes.")
    )
    rows = tuple(
        (line(Code(scope)), line(str(labels.SCOPE[state])))
        for scope, state in session.scopes.items()
    )
    yield Table(("Scope", "State"), rows)


def scopes_in_short(session: Session) -> Iterable[Block]:
    """Yield what is known of each scope, where anything was sent that could show it."""
    if session.run is None or session.run.requests_sent == 0 or not session.scopes:
        return
    yield Heading(2, line("Scopes of the key"))
    yield Signed(
        tuple(
            SignedRow(sign(labels.SCOPE[state]), line(scope))
            for scope, state in session.scopes.items()
        )
    )


MOST_CHANNELS = 12
"""The most channels that are listed where there is little room."""


def channels_in_short(channels: Sequence[Channel]) -> Iterable[Block]:
    """Yield the first channels, and how many more there are."""
    if not channels:
        return
    yield Heading(2, line("Channels that this key can use"))
    yield Signed(
        tuple(
            SignedRow(Styled(str(one.id), "strong"), line(f"{one.name} ({one.slug})"))
            for one in channels[:MOST_CHANNELS]
        )
    )
    left = len(channels) - MOST_CHANNELS
    if left > 0:
        yield Paragraph(muted(f"and {labels.plural(left, 'more channel')}"))


def _channels(session: Session) -> Iterable[Block]:
    if not session.channels:
        return
    yield Heading(2, line("Channels that the key can use"))
    rows = [
        (line(Code(str(channel.id))), line(channel.name), line(Code(channel.slug)))
        for channel in session.channels
    ]
    yield from _table(("ID", "Name", "Slug"), rows)


def _requests(session: Session) -> Iterable[Block]:
    if not session.exchanges:
        return
    yield Heading(2, line("Requests sent"))
    rows = [_exchange(one) for one in session.exchanges]
    yield from _table(("Id", "Sent at", "Request", "Response", "requestId", "Time"), rows)


def _exchange(one: Exchange) -> tuple[InlineLine, ...]:
    request_id = one.response.request_id if one.response else None
    total = one.timings_ms.get("total")
    return (
        line(Code(one.id)),
        line(labels.moment(one.started_at)),
        line(Code(f"{one.request.method} {one.request.url}")),
        _response(one),
        line(Code(request_id)) if request_id else line("none"),
        line("unknown" if total is None else labels.duration(total / 1000)),
    )


def _response(one: Exchange) -> InlineLine:
    if one.response is None:
        return line(one.error.message if one.error else "no response")
    parts = [line(f"{one.response.status} {one.response.reason}".rstrip()), *_details(one.response)]
    if one.error is not None:
        parts.append(line(one.error.message))
    return joined(tuple(parts), ", ")


def _details(response: Response) -> Iterable[InlineLine]:
    if response.answered_by != "api":
        product = f" ({response.product})" if response.product else ""
        who = labels.ANSWERED_BY.get(response.answered_by, response.answered_by)
        yield line(f"answered by: {who}{product}")
    error = response.error
    if error is not None:
        yield line(Code(error.code), f": {error.message}")
        if error.field is not None:
            yield line("field ", Code(error.field))
        if error.issue is not None:
            yield line(error.issue)
    limit = response.rate_limit
    if limit is not None and limit.retry_at is not None:
        yield line(f"retry from {labels.moment(limit.retry_at)}")
    if not response.complete:
        yield line("cut short")


def _table(head: tuple[str, ...], rows: Sequence[tuple[InlineLine, ...]]) -> Iterable[Block]:
    yield Table(head, tuple(rows[:MOST_ROWS]))
    left = len(rows) - MOST_ROWS
    if left > 0:
        yield Paragraph(line(_LEFT_OUT.format(f"{left:,}")))
