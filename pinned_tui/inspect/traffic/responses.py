"""What the responses in a log mean, each kind once; what recovered is left out. Pure."""

import bisect
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pinned_tui.core.labels import plural
from pinned_tui.inspect.http_message import HttpBody, HttpRequest
from pinned_tui.inspect.model import Fault, InspectionContext, Note
from pinned_tui.inspect.response.notes import left_unexplained
from pinned_tui.inspect.response.rules import inspect_response
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.traffic.findings import TrafficFindings
from pinned_tui.inspect.traffic.grouping import RequestGroup
from pinned_tui.inspect.traffic.model import LoggedExchange
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty

_LIMIT = 100
_FEWEST_ASKED = 10
_MOST_READ_AGAIN = 50
_SETTLES_WITHIN_S = 600.0


def judge_responses(
    threads: Sequence[RequestGroup],
    payload_of: Callable[[LoggedExchange], Any],
    findings: TrafficFindings,
    context: InspectionContext,
    own: Mapping[int, tuple[Fault, ...]],
) -> None:
    """Say what the failures mean that nothing has fixed or explained.

    Args:
        threads: The requests, grouped.
        payload_of: Reads the payload of a request again.
        findings: Takes the faults.
        context: The present moment.
        own: What is wrong with a request by itself, by the request's identity.
    """
    made = sorted(
        one.at for thread in threads for one in thread.creates
        if one.succeeded and one.at is not None and one.key is None
    )  # fmt: skip
    judged: dict[tuple[int, str, str | None], tuple[Fault, ...]] = {}
    read_again = 0
    keyless = accepted_later(threads)
    without_id: list[LoggedExchange] = []
    for number, thread in enumerate(threads):
        if number % 2000 == 0:
            context.say(0.7 + 0.2 * number / len(threads))
        for place, one in enumerate(thread.seen):
            if not _counts(one, place, thread, findings) or (one.status == 401 and keyless):
                continue
            if thread.anonymous and one.creates and one.transient and _made_soon(one, made):
                continue  # the event that the later attempt made has a thread of its own
            if one.request_id is None and _is_the_apis(one, findings.unit):
                without_id.append(one)
            body = None
            if one.status == 403 and one.creates and read_again < _MOST_READ_AGAIN:
                read_again += 1
                body = _channel_of(payload_of(one))
            at = (id(one.response), one.place.template, body)
            if at not in judged:
                judged[at] = _judge(one, body, context)
            for fault in left_unexplained(judged[at], own.get(id(one), ())):
                findings.take(_placed(fault, one), one)
    if without_id:
        first = without_id[0]
        findings.notes.append(
            Note(
                "request-id-missing",
                say(
                    "traffic.request-id-missing.one"
                    if len(without_id) == 1
                    else "traffic.request-id-missing.several",
                    failures=plural(len(without_id), "failure"),
                    unit=findings.unit,
                    line=first.line,
                ),
                first.span,
            )
        )


def _is_the_apis(one: LoggedExchange, unit: str) -> bool:
    """Return whether a failure may come from the API itself; of many, logs keep the status only."""
    bare = unit == "line" and one.response is not None and not one.response.text
    return one.failed and (one.code is not None or bare)


def accepted_later(threads: Iterable[RequestGroup]) -> bool:
    """Return whether all 401 came before the first success: the key was replaced meanwhile."""
    refused = [one.line for thread in threads for one in thread.seen if one.status == 401]
    accepted = [one.line for thread in threads for one in thread.seen if one.succeeded]
    return bool(refused and accepted) and max(refused) < min(accepted)


def _counts(
    one: LoggedExchange, place: int, thread: RequestGroup, findings: TrafficFindings
) -> bool:
    """Return whether a failure is one that is left to be explained."""
    if one.response is None or one.status is None or id(one) in findings.explained:
        return False
    if one.method == "OPTIONS" and one.status in {401, 403, 404, 405}:
        return False  # a preflight: it is the browser that keeps the request from being sent
    if one.status < 400:
        return one.status != 304  # of a success, only a web page is kept as a response
    if not thread.anonymous and (thread.creating or one.transient):
        return not thread.recovered
    return not one.transient or not _settled(one, place, thread)


def _made_soon(one: LoggedExchange, made: Sequence[float]) -> bool:
    """Return whether an event was created soon after a request that nothing tells from others."""
    if one.at is None:
        return False
    at = bisect.bisect_right(made, one.at)
    return at < len(made) and made[at] - one.at <= _SETTLES_WITHIN_S


def _settled(one: LoggedExchange, place: int, thread: RequestGroup) -> bool:
    """Return whether a success followed soon, in a thread that may be about many things."""
    for later in thread.seen[place + 1 : place + 30]:
        if later.succeeded:
            return one.at is None or later.at is None or later.at - one.at <= _SETTLES_WITHIN_S
    return False


def _judge(one: LoggedExchange, body: str | None, context: InspectionContext) -> tuple[Fault, ...]:
    if one.response is None:
        return ()
    route = "/events/" if one.place.template == "/events/{id}" else one.place.template
    prefix = "https://pinned.events/api/public/v1"
    event = "{id}" if route == "/events/" else ""
    request = HttpRequest(
        one.method, f"{prefix}{route}{event}", body=HttpBody(body) if body else None, origin="har"
    )
    faults, _ = inspect_response(one.response, request, context)
    return faults


def _placed(fault: Fault, one: LoggedExchange) -> Fault:
    """Put a fault at the request that it was found in."""
    values = {**fault.values, "request_id": one.request_id}
    subject = fault.subject
    if fault.cause == "event-not-found":
        event = clean_line(one.place.event_id, 80) if one.place.event_id else None
        subject, values["event"] = event, event
    detail = fault.detail.replace("/events/{id}", f"/events/{subject}") if subject else fault.detail
    return Fault(
        fault.cause, fault.certainty, detail, subject, fault.found, fault.suggestion,
        one.span, fault.path, fault.alternatives, values,
    )  # fmt: skip


def _channel_of(payload: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return a body with nothing but the channel of ``payload``."""
    channel = payload.get("channelId") if isinstance(payload, dict) else None
    plain = isinstance(channel, int | str) and not isinstance(channel, bool)
    return json.dumps({"channelId": channel}) if plain else None


def judge_lists(requests: Sequence[LoggedExchange], findings: TrafficFindings) -> None:
    """Find lists of which only the first page was read, and those asked for too many entries."""
    first_pages: dict[str, LoggedExchange] = {}
    further: set[str] = set()
    for one in requests:
        if one.method != "GET" or one.place.event_id or not one.succeeded:
            continue
        asked = one.place.number("limit")
        if asked is not None and asked > _LIMIT:
            _capped(one, asked, findings)
        route = one.place.route
        if (one.page or one.place.number("page") or 1) > 1:
            further.add(route)
        elif one.total is not None and (asked is None or asked >= _FEWEST_ASKED):
            first_pages[route] = one
    for route, one in first_pages.items():
        size = max(one.count or 0, 1) if one.limit is None else one.limit
        if route in further or one.total is None or one.total <= size:
            continue
        if not (one.count or (one.count is None and one.limit)):
            continue
        findings.add(
            "list-stops-at-page-one", Certainty.LIKELY, one,
            say(
                "traffic.list-stops-at-page-one.seen",
                route=route,
                total=f"{one.total:,}",
                count=f"{one.count or size:,}",
            ),
            subject=route, route=f"GET {route}", expected=one.total, actual=one.count or size,
        )  # fmt: skip


def _capped(one: LoggedExchange, asked: int, findings: TrafficFindings) -> None:
    detail = say("traffic.list-limit-capped.documented", asked=f"{asked:,}")
    returned = one.limit if one.limit is not None and one.limit < asked else None
    if returned is not None:
        detail = say(
            "traffic.list-limit-capped.returned", asked=f"{asked:,}", limit=f"{returned:,}"
        )
    findings.add(
        "list-limit-capped",
        Certainty.LIKELY if returned is None else Certainty.CONFIRMED,
        one,
        detail,
        subject="limit",
        found=str(asked),
        suggestion=_LIMIT,
        actual=returned,
    )


def judge_client(requests: Sequence[LoggedExchange], findings: TrafficFindings) -> None:
    """Find signs that the client goes on after a failure as if it had worked."""
    failed: LoggedExchange | None = None
    for one in requests:
        if one.creates and one.failed:
            failed = one
        elif one.creates:
            failed = None
        if one.hopeful:
            _ignoring(one, one, None, findings)
        if one.place.lacks_its_id and one.method != "POST" and (failed or one.failed):
            cause = failed or one
            called = f"{one.method} {clean_line(one.place.route, 60)}"
            _ignoring(cause, one, called, findings)
            findings.explained.add(id(one))


def _ignoring(
    failed: LoggedExchange, sign: LoggedExchange, request: str | None, findings: TrafficFindings
) -> None:
    """Report a failure after which ``request`` follows, or, without one, a success is logged."""
    route = f"{failed.method} {clean_line(failed.place.route, 60)}"
    status: str | int = say("traffic.client-ignores-status.no-response")
    if failed.status is not None:
        status = failed.status
    if request is None:
        detail = say("traffic.client-ignores-status.success", route=route, status=status)
    else:
        detail = say(
            "traffic.client-ignores-status.no-id", route=route, status=status, request=request
        )
    findings.add(
        "client-ignores-status", Certainty.LIKELY, sign, detail, route=route, status=status
    )
