"""A log or a HAR file as a story: strand by strand, attempt by attempt."""

from collections.abc import Iterator

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from pinned_tui.session import Attempt, AttemptMark, Strand, Timeline
from pinned_tui.tui.widgets.text import MUTED, STRONG, HangingIndent, line, words
from pinned_tui.wording import plural, wait

MOST_ATTEMPTS = 200
"""Attempts that are shown; the report has them all."""

_GOOD, _BAD, _WARN = "bold $text-success", "bold $text-error", "bold $text-warning"
_MARKS: dict[AttemptMark, tuple[str, str]] = {
    "created": ("✓", _GOOD),
    "replayed": ("↺", _GOOD),
    "updated": ("✓", _GOOD),
    "read": ("✓", _GOOD),
    "duplicate": ("✗", _BAD),
    "conflict": ("✗", _BAD),
    "refused": ("✗", _BAD),
    "failed": ("✗", _BAD),
    "limited": ("!", _WARN),
    "in progress": ("!", _WARN),
    "unknown": ("?", MUTED),
}


def summary(timeline: Timeline) -> str:
    """Return what the story is made of, in one line."""
    passed = f", {timeline.passed_over:,} other lines" if timeline.passed_over else ""
    return f"{plural(timeline.requests, 'request')} to the API{passed}"


def story(timeline: Timeline) -> Iterator[Widget]:
    """Yield the strands, each with its attempts."""
    yield Static(words(summary(timeline), MUTED), classes="text")
    room = MOST_ATTEMPTS
    shown = 0
    for strand in timeline.strands:
        if room <= 0:
            break
        yield from _strand(strand, room)
        room -= len(strand.attempts)
        shown += 1
    more = len(timeline.strands) - shown + timeline.left_out
    if more > 0:
        yield Static(words(f"and {plural(more, 'more strand')}", MUTED), classes="text gap")


def _strand(strand: Strand, room: int) -> Iterator[Widget]:
    yield Static(words(strand.label, STRONG), classes="text gap")
    yield Static(words(strand.summary, MUTED), classes="text")
    width = max((len(_time(one)) for one in strand.attempts), default=0)
    for one in strand.attempts[:room]:
        yield HangingIndent(_head(one, width), _body(one))
    more = max(len(strand.attempts) - room, 0) + strand.left_out
    if more > 0:
        yield Static(words(f"and {plural(more, 'more attempt')}", MUTED), classes="text")


def _time(one: Attempt) -> str:
    """Return the time of day in UTC, or the line where the log has no times."""
    if one.at is None:
        return f"#{one.line}"
    return one.at.partition("T")[2].rstrip("Z")[:12]


def _head(one: Attempt, width: int) -> Content:
    return line((_time(one).rjust(width), MUTED), " ", _MARKS[one.mark])


def _body(one: Attempt) -> Content:
    status = "" if one.status is None else f" {one.status}"
    parts = [
        f"{one.method} {one.route}{status}",
        f"event {one.event_id}" if one.event_id else "",
        f"key {one.idempotency_key}" if one.idempotency_key else "",
        f"wait {wait(one.wait_s)}" if one.wait_s is not None else "",
    ]
    rest = " · ".join(part for part in parts if part)
    body = line((str(one.mark), STRONG), "  ", rest)
    return body if one.remark is None else line(body, "\n", (one.remark, MUTED))
