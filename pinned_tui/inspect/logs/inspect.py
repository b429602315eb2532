"""Inspects log lines and HAR files: reads the requests, then tells their story."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from pinned_tui.core.labels import plural
from pinned_tui.inspect.described import with_headers
from pinned_tui.inspect.error_input import faults_of, secrets_in
from pinned_tui.inspect.errors_in_text import ReportedError, errors_in, errors_in_lines
from pinned_tui.inspect.event_documents import documents_in
from pinned_tui.inspect.event_documents import faults_of as event_faults
from pinned_tui.inspect.event_shape import parsed
from pinned_tui.inspect.excerpt import InputExcerpt
from pinned_tui.inspect.header_errors import header_fault
from pinned_tui.inspect.logs.har import read_har
from pinned_tui.inspect.logs.reader import read_log
from pinned_tui.inspect.logs.requests import inspect_described
from pinned_tui.inspect.model import (
    Fault,
    InputKind,
    InputText,
    Inspection,
    InspectionContext,
    Note,
)
from pinned_tui.inspect.network_errors import is_about_api, network_fault
from pinned_tui.inspect.request.findings import RequestFindings
from pinned_tui.inspect.response.context import read_response
from pinned_tui.inspect.response.notes import left_unexplained
from pinned_tui.inspect.secrets import CredentialCollector
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.traffic.analyze import tell
from pinned_tui.inspect.traffic.model import LoggedExchange, Traffic
from pinned_tui.session import Certainty

_WHOLE = 64 * 1024
_LINE = 4000
_MOST_EVENTS = 2000
_READ_SHARE = 0.7
"""The share of the reading in the whole work."""


def inspect_log(input_text: InputText, context: InspectionContext) -> Inspection:
    """Inspect log lines of any format."""
    return _inspect(input_text, context, InputKind.LOG, read_log)


def inspect_har(input_text: InputText, context: InspectionContext) -> Inspection:
    """Inspect a HAR 1.2 file."""
    return _inspect(input_text, context, InputKind.HAR, read_har)


def _inspect(
    input_text: InputText,
    context: InspectionContext,
    kind: InputKind,
    read: Callable[[str, InspectionContext, CredentialCollector, InputExcerpt | None], Traffic],
) -> Inspection:
    text = input_text.text
    credentials = CredentialCollector(whole=len(text) <= _WHOLE)
    excerpt = input_text.excerpt
    traffic = read(text, _part_of(context, 0.0, _READ_SHARE), credentials, excerpt)
    _narrow(traffic)
    notes: list[Note] = []
    if excerpt is not None:
        traffic.passed_over += excerpt.left_out
        notes += _left_unread(excerpt)
    if traffic.cut or (excerpt is not None and not excerpt.whole):
        notes.append(Note("input-cut", say("input.input-cut.note")))
    what = say("input.log.har" if kind is InputKind.HAR else "input.log.lines")
    units = "entry", "entries"
    if kind is InputKind.LOG:
        units = "line", "lines"
    others = plural(traffic.passed_over, *units)
    if not traffic.seen:
        summary = say("input.log.none", kind=what, others=others)
        nothing = Inspection(kind, summary, notes=tuple(notes), secrets=credentials.secrets())
        return (
            nothing
            if kind is InputKind.HAR
            else _without_requests(nothing, input_text, traffic.unread, context)
        )
    story = tell(traffic, _part_of(context, _READ_SHARE, 1.0))
    for secret in story.secrets:
        credentials.add(secret.reveal())
    for fault in story.faults:
        _credentials_of_line(text, fault, credentials)
    if len(text) <= _WHOLE:
        credentials.add_text(text)
    requests = plural(len(traffic.seen), "request")
    if traffic.passed_over:
        summary = say(
            "input.log.and-one" if traffic.passed_over == 1 else "input.log.and-several",
            kind=what,
            requests=requests,
            others=others,
        )
    else:
        summary = say("input.log.only", kind=what, requests=requests)
    context.say(1.0)
    stated = _stated_beside(text, traffic, context)
    faults = (*story.faults, *left_unexplained(faults_of(stated, context), story.faults))
    if story.unsettled and all(fault.certainty is Certainty.POSSIBLE for fault in faults):
        found = inspect_described(text, context) if kind is InputKind.LOG else RequestFindings()
        for secret in found.secrets:
            credentials.add(secret.reveal())
        sure = [one for one in found.faults if one.certainty is not Certainty.POSSIBLE]
        faults = (*faults, *(sure or [_why_unsettled(text, summary, traffic, story.unsettled)]))
    found_in_log = Inspection(
        kind,
        summary,
        faults,
        (*notes, *story.notes),
        timeline=story.timeline,
        secrets=(*credentials.secrets(), *secrets_in(text, (one.span.start for one in stated))),
        judged=len(traffic.seen) - len(story.unsettled) + len(stated),
    )
    refused = any(one.cause in _EXPLAINED_BY_HEADERS for one in faults)
    shown = kind is InputKind.LOG and (refused or not found_in_log.judged)
    return with_headers(found_in_log, text) if shown else found_in_log


def _left_unread(excerpt: InputExcerpt) -> Iterator[Note]:
    """Say how much about the API a large input has that was not read."""
    if excerpt.beyond:
        of = "lines" if excerpt.unit == "line" else "entries"
        text = say(f"input.excerpt.{of}", beyond=f"{excerpt.beyond:,}", total=f"{excerpt.total:,}")
        yield Note("input-excerpt", text)


_EXPLAINED_BY_HEADERS = frozenset({"key-rejected", "auth-header-missing", "gateway-refused"})
"""What the headers of the request explain, where a log shows them."""


def _without_requests(
    nothing: Inspection,
    input_text: InputText,
    unread: Sequence[tuple[int, int]],
    context: InspectionContext,
) -> Inspection:
    """Judge a log in which no request was recognised by the errors in it, and by headers."""
    text = input_text.text
    events = _event_documents(text)
    if events:
        return replace(
            nothing,
            kind=InputKind.ANSWER,
            summary=say("documents.summary.several", count=len(events)),
            faults=tuple(event_faults(events, text, context.now)),
            judged=len(events),
        )
    errors = errors_in(text) or tuple(one for _, one in errors_in_lines(text, unread))
    if errors:
        told = replace(
            nothing,
            summary=say(
                "input.log.errors",
                summary=nothing.summary,
                errors=plural(len(errors), "error response"),
            ),
            faults=faults_of(errors, context),
            secrets=(
                *nothing.secrets, *secrets_in(input_text.text, (one.span.start for one in errors))
            ),
            judged=len(errors), reported=not any(one.whole for one in errors),
        )  # fmt: skip
        return with_headers(told, text)
    lost = header_fault(text) or (network_fault(text) if is_about_api(text) else None)
    if lost is not None:
        place = lost.span.start if lost.span is not None else 0
        secrets = (*nothing.secrets, *secrets_in(text, [place]))
        return replace(nothing, faults=(lost,), secrets=secrets, judged=1, reported=True)
    found = inspect_described(input_text.text, context)
    described = replace(
        nothing,
        faults=tuple(found.faults),
        notes=(*nothing.notes, *found.notes),
        secrets=(*nothing.secrets, *found.secrets),
        judged=1 if found.faults else 0,
    )
    return described if found.faults or not is_about_api(text) else with_headers(described, text)


def _event_documents(text: str) -> tuple[dict[str, object], ...]:
    """Return the events of an export with one on each line; none where a line is anything else."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not 1 < len(lines) <= _MOST_EVENTS:
        return ()
    found = [documents_in(parsed(line)) for line in lines]
    return tuple(one for documents in found for one in documents) if all(found) else ()


_RECOVERS = frozenset({401, 429})


def _stated_beside(text: str, traffic: Traffic, context: InspectionContext) -> list[ReportedError]:
    """Return the errors in lines that tell of no request, as far as no later success fixes them."""
    last = max((one.start for one in traffic.seen if one.succeeded), default=-1)
    errors = []
    for start, error in errors_in_lines(text, traffic.unread):
        status = read_response(error.response, error.request).status or 0
        if start > last or not (status in _RECOVERS or status >= 500):
            errors.append(error)
    context.say(1.0)
    return errors


_BEHIND = 2000
"""How far behind the line of a request its error may go on."""


def _why_unsettled(
    text: str, summary: str, traffic: Traffic, unsettled: Sequence[LoggedExchange]
) -> Fault:
    """Say what kept requests from a response, or that the input does not tell how they ended."""
    done = 0  # what was looked through for one request is not looked through for the next
    for one in unsettled:
        end = len(text) if len(text) <= _WHOLE else one.end + _BEHIND
        if end > done:
            fault = network_fault(text, max(one.start, done), end)
            if fault is not None:
                return fault
            done = end
    return _unsettled(summary, traffic, unsettled)


def _unsettled(summary: str, traffic: Traffic, unsettled: Sequence[LoggedExchange]) -> Fault:
    """Say that the input does not tell how its requests ended, and what was looked for."""
    first, count = unsettled[0], len(unsettled)
    variant = "one" if count == 1 else "several"
    if all(one.cut_off for one in unsettled):
        variant = "lost"
    detail = say(
        f"input.unsettled.{variant}",
        summary=summary,
        count=f"{count:,}",
        unit=traffic.unit,
        line=first.line,
    )
    values = {"short": say("input.unsettled-title.short"), "detail": detail}
    return Fault("input-unrecognised", Certainty.CONFIRMED, detail, span=first.span, values=values)


def _part_of(context: InspectionContext, start: float, end: float) -> InspectionContext:
    """Return what a part of the work is told; it counts its own progress from 0 to 1."""
    return replace(context, say=lambda done: context.say(start + (end - start) * done))


def _narrow(traffic: Traffic) -> None:
    """Leave out paths that only look like the API's, where others surely are.

    A bare ``/events`` counts only in a log in which no request has the API's address, and so does a
    page of the API's host; a path that was meant for the API counts wherever it stands.
    """
    if not any(one.place.is_api for one in traffic.seen):
        return
    sure = [
        one for one in traffic.seen if one.place.is_api or (one.beside and one.place.is_like_api)
    ]
    if sure and len(sure) < len(traffic.seen):
        traffic.passed_over += len(traffic.seen) - len(sure)
        traffic.seen = sure


def _credentials_of_line(text: str, fault: Fault, credentials: CredentialCollector) -> None:
    """Collect the credentials of the line that a fault is shown in."""
    if fault.span is None:
        return
    start = text.rfind("\n", 0, fault.span.start) + 1
    end = text.find("\n", fault.span.start)
    end = len(text) if end < 0 else end
    if end - start <= _LINE:
        credentials.add_text(text[start:end])
