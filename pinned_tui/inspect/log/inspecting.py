"""Inspects log lines and HAR files: reads the requests, then tells their story."""

from collections.abc import Callable
from dataclasses import replace

from pinned_tui.inspect.log.har import read_har
from pinned_tui.inspect.log.lines import read_log
from pinned_tui.inspect.log.model import Traffic
from pinned_tui.inspect.model import Fault, Inspection, Kind, Looking, Note, Pasted
from pinned_tui.inspect.secrets import Credentials
from pinned_tui.inspect.story.telling import tell
from pinned_tui.wording import plural

_WHOLE = 64 * 1024
_LINE = 4000
_READING = 0.7
"""The share of the reading in the whole work."""


def inspect_log(pasted: Pasted, looking: Looking) -> Inspection:
    """Inspect log lines of any format."""
    return _inspect(pasted, looking, Kind.LOG, read_log)


def inspect_har(pasted: Pasted, looking: Looking) -> Inspection:
    """Inspect a HAR 1.2 file."""
    return _inspect(pasted, looking, Kind.HAR, read_har)


def _inspect(
    pasted: Pasted,
    looking: Looking,
    kind: Kind,
    read: Callable[[str, Looking, Credentials], Traffic],
) -> Inspection:
    text = pasted.text
    credentials = Credentials(whole=len(text) <= _WHOLE)
    traffic = read(text, _part_of(looking, 0.0, _READING), credentials)
    _narrow(traffic)
    notes: list[Note] = []
    if traffic.cut:
        notes.append(
            Note("input-cut", "The input ends in the middle of an entry; what is before was read.")
        )
    what = "A HAR file" if kind is Kind.HAR else "Log lines"
    units = "entry", "entries"
    if kind is Kind.LOG:
        units = "line", "lines"
    others = plural(traffic.passed_over, *units)
    if not traffic.seen:
        summary = (
            f"{what} without a request to the Pinned Events API ({others} about other things)."
        )
        return Inspection(kind, summary, notes=tuple(notes), secrets=credentials.secrets())
    story = tell(traffic, _part_of(looking, _READING, 1.0))
    for secret in story.secrets:
        credentials.add(secret.reveal())
    for fault in story.faults:
        _credentials_of_line(text, fault, credentials)
    if len(text) <= _WHOLE:
        credentials.add_text(text)
    summary = f"{what} with {plural(len(traffic.seen), 'request')} to the API"
    summary += f"; {others} {'is' if traffic.passed_over == 1 else 'are'} about other things."
    looking.say(1.0)
    return Inspection(
        kind,
        summary
        if traffic.passed_over
        else f"{what} with {plural(len(traffic.seen), 'request')} to the API.",
        story.faults,
        (*notes, *story.notes),
        timeline=story.timeline,
        secrets=credentials.secrets(),
    )


def _part_of(looking: Looking, start: float, end: float) -> Looking:
    """Return what a part of the work is told; it counts its own progress from 0 to 1."""
    return replace(looking, say=lambda done: looking.say(start + (end - start) * done))


def _narrow(traffic: Traffic) -> None:
    """Leave out paths that only look like the API's, where others surely are.

    A bare ``/events`` counts only in a log in which no request has the API's address.
    """
    sure = [one for one in traffic.seen if one.place.is_api]
    if sure and len(sure) < len(traffic.seen):
        traffic.passed_over += len(traffic.seen) - len(sure)
        traffic.seen = sure


def _credentials_of_line(text: str, fault: Fault, credentials: Credentials) -> None:
    """Collect the credentials of the line that a fault is shown in."""
    if fault.span is None:
        return
    start = text.rfind("\n", 0, fault.span.start) + 1
    end = text.find("\n", fault.span.start)
    end = len(text) if end < 0 else end
    if end - start <= _LINE:
        credentials.add_text(text[start:end])
