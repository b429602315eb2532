"""The part of a report that shows what was seen: observations, scopes, channels, requests. Pure."""

from collections.abc import Iterable, Sequence

from pinned_tui import wording
from pinned_tui.report.blocks import (
    Block,
    Bullets,
    Code,
    Heading,
    InlineLine,
    Paragraph,
    Strong,
    Table,
    joined,
    line,
)
from pinned_tui.report.phases import way_in_short
from pinned_tui.session import Exchange, Observation, Response, ScopeState, Session, Status

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
    runs = _run_names(session)
    rows = [_observed(one, runs) for one in session.observations]
    head = ("Id", "Status", "Check", "What was seen", "Requests")
    yield from _table((*head, "Run") if runs else head, rows)
    took = way_in_short(session)
    if took is not None:
        yield Paragraph(line(Strong("It took:"), f" {took}."))


def _run_names(session: Session) -> dict[str, str]:
    """Return what to call each run; nothing where there is only one."""
    if len(session.runs) < 2:
        return {}
    return {run.id: f"{n}, {run.purpose}" for n, run in enumerate(session.runs, start=1)}


def _observed(one: Observation, runs: dict[str, str]) -> tuple[InlineLine, ...]:
    row = (
        line(Code(one.id)),
        line(str(wording.STATUS[one.status])),
        line(one.probe),
        line(one.summary),
        joined(tuple(line(Code(exchange)) for exchange in one.exchanges), ", "),
    )
    return (*row, line(runs.get(one.run, one.run))) if runs else row


def _unchecked(session: Session) -> Iterable[Block]:
    skipped = [one.summary for one in session.latest() if one.status is Status.SKIP]
    unprobed = [s for s, state in session.scopes.items() if state is ScopeState.NOT_PROBED]
    lines = [line(summary) for summary in skipped]
    if unprobed and session.run is not None:
        scopes = joined(tuple(line(Code(scope)) for scope in unprobed), ", ")
        lines.append((*line("Scopes that no check looked at: "), *scopes))
    if lines:
        yield Heading(2, line("What was not checked, and why"))
        yield Bullets(tuple(lines))


def _scopes(session: Session) -> Iterable[Block]:
    if session.run is None or not session.scopes:
        return
    yield Heading(2, line("Scopes of the key"))
    yield Paragraph(
        line("Inferred from the answers, route by route: the API does not tell a key's scopes.")
    )
    rows = tuple(
        (line(Code(scope)), line(str(wording.SCOPE[state])))
        for scope, state in session.scopes.items()
    )
    yield Table(("Scope", "State"), rows)


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
    yield from _table(("Id", "Sent at", "Request", "Answer", "requestId", "Time"), rows)


def _exchange(one: Exchange) -> tuple[InlineLine, ...]:
    request_id = one.response.request_id if one.response else None
    total = one.timings_ms.get("total")
    return (
        line(Code(one.id)),
        line(wording.moment(one.started_at)),
        line(Code(f"{one.request.method} {one.request.url}")),
        _answered(one),
        line(Code(request_id)) if request_id else line("none"),
        line("not known" if total is None else wording.duration(total / 1000)),
    )


def _answered(one: Exchange) -> InlineLine:
    if one.response is None:
        return line(one.error.message if one.error else "no answer")
    parts = [line(f"{one.response.status} {one.response.reason}".rstrip()), *_said(one.response)]
    if one.error is not None:
        parts.append(line(one.error.message))
    return joined(tuple(parts), ", ")


def _said(response: Response) -> Iterable[InlineLine]:
    if response.answered_by != "api":
        product = f" ({response.product})" if response.product else ""
        who = wording.ANSWERED_BY.get(response.answered_by, response.answered_by)
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
        yield line(f"retry from {wording.moment(limit.retry_at)}")
    if not response.complete:
        yield line("cut short")


def _table(head: tuple[str, ...], rows: Sequence[tuple[InlineLine, ...]]) -> Iterable[Block]:
    yield Table(head, tuple(rows[:MOST_ROWS]))
    left = len(rows) - MOST_ROWS
    if left > 0:
        yield Paragraph(line(_LEFT_OUT.format(f"{left:,}")))
