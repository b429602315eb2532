"""From the requests of an input to what is wrong, what is worth knowing, and the timeline. Pure."""

from dataclasses import dataclass

from pinned_tui.core.labels import plural
from pinned_tui.inspect.model import Fault, InspectionContext, Note
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.traffic.duplicates import (
    judge_headers,
    judge_lone_keys,
    judge_shared,
    judge_thread,
)
from pinned_tui.inspect.traffic.findings import TrafficFindings
from pinned_tui.inspect.traffic.grouping import RequestGroup, in_order, threads_of
from pinned_tui.inspect.traffic.model import LoggedExchange, Traffic
from pinned_tui.inspect.traffic.proven_duplicates import (
    judge_drifted,
    judge_duplicates,
    judge_repeats,
    unsettled,
)
from pinned_tui.inspect.traffic.requests import RequestInspector, followed_without_key
from pinned_tui.inspect.traffic.responses import (
    accepted_later,
    judge_client,
    judge_lists,
    judge_responses,
)
from pinned_tui.inspect.traffic.retries import judge_rates
from pinned_tui.inspect.traffic.timeline import timeline
from pinned_tui.inspect.traffic.timestamps import TimestampReader
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Certainty, Timeline


@dataclass(frozen=True, slots=True)
class TrafficReport:
    """What the requests of a log or a HAR file tell.

    Attributes:
        unsettled: The requests of which the input does not tell how they ended.
    """

    faults: tuple[Fault, ...]
    notes: tuple[Note, ...]
    timeline: Timeline
    secrets: tuple[Secret, ...]
    unsettled: tuple[LoggedExchange, ...] = ()


def tell(traffic: Traffic, context: InspectionContext) -> TrafficReport:
    """Group the requests, judge them, and draw the timeline."""
    requests = in_order(traffic)
    threads, shared = threads_of(requests)
    findings = TrafficFindings(traffic.unit)
    moments = TimestampReader(context.now)
    findings.explained |= {id(one) for one in followed_without_key(requests)}
    judge_headers(requests, findings)
    judge_shared(requests, shared, findings)
    for number, thread in enumerate(threads):
        judge_thread(thread, traffic.payload_of, findings, moments)
        judge_duplicates(thread, findings)
        if number % 1000 == 0:
            context.say(0.3 * number / len(threads))
    judge_repeats(requests, findings)
    judge_drifted(requests, findings)
    reported = {key for thread in threads if len(thread.keys) > 1 for key in thread.keys}
    judge_lone_keys(requests, findings, reported | shared.keys())
    context.say(0.4)
    judge_rates(requests, threads, findings)
    context.say(0.5)
    judge_client(requests, findings)
    asked = RequestInspector(traffic, findings, context)
    asked.judge(threads, accepted_later=accepted_later(threads))
    judge_responses(threads, traffic.payload_of, findings, context, asked.own)
    judge_lists(requests, findings)
    context.say(0.9)
    _browser(traffic, findings)
    _unanswered(threads, findings)
    drawn = timeline(traffic, threads)
    return TrafficReport(
        findings.faults(),
        tuple(findings.notes),
        drawn,
        tuple(findings.secrets),
        tuple(unsettled(threads, findings)),
    )


def _browser(traffic: Traffic, findings: TrafficFindings) -> None:
    if traffic.browser is not None:
        findings.add(
            "client-in-browser", Certainty.LIKELY, traffic.browser,
            say(
                "traffic.client-in-browser.seen", requests=plural(traffic.browsers, "request")
            ),
        )  # fmt: skip


def _unanswered(threads: list[RequestGroup], findings: TrafficFindings) -> None:
    """Note requests without a response that nobody repeated."""
    lost = [
        t.creates[-1]
        for t in threads
        if t.creates and t.creates[-1].cut_off and id(t.creates[-1]) not in findings.repeated
    ]
    if lost:
        findings.notes.append(
            Note(
                "request-unanswered",
                say(
                    "traffic.request-unanswered.one"
                    if len(lost) == 1
                    else "traffic.request-unanswered.several",
                    requests=plural(len(lost), "create request"),
                    unit=findings.unit,
                    line=lost[0].line,
                ),
                lost[0].span,
            )
        )
