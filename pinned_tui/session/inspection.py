"""What was pasted, and what happened by a log or a HAR file."""

from typing import Literal

import msgspec

AttemptMark = Literal[
    "created",
    "replayed",
    "duplicate",
    "conflict",
    "in progress",
    "updated",
    "read",
    "refused",
    "limited",
    "failed",
    "unknown",
]
"""What a request of a log came to."""


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One request of a log or a HAR file.

    Attributes:
        line: Where it stands in the input: the line, or the number of the HAR entry, from 1.
        at: When it was sent, RFC 3339 in UTC; None where the log does not say.
        route: Path below the API's namespace, for example ``/events``.
        idempotency_key: Its ``Idempotency-Key``.
        event_id: The event that it made or that it is about.
        wait_s: Seconds that the response asked to wait.
        remark: What is noteworthy, in words.
    """

    line: int
    at: str | None = None
    method: str
    route: str
    status: int | None = None
    mark: AttemptMark
    idempotency_key: str | None = None
    event_id: str | None = None
    request_id: str | None = None
    wait_s: float | None = None
    remark: str | None = None


class Strand(msgspec.Struct, frozen=True, kw_only=True):
    """The requests that belong together: those about one source event, or of one route.

    Attributes:
        label: What they are about, for example a title or a route.
        summary: What happened, in one sentence.
    """

    label: str
    summary: str
    attempts: tuple[Attempt, ...]
    left_out: int = 0


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """A log or a HAR file as a story.

    Attributes:
        requests: How many requests to the API were found.
        passed_over: How many lines or entries were about something else.
        left_out: How many strands are not shown.
    """

    requests: int
    passed_over: int = 0
    strands: tuple[Strand, ...] = ()
    left_out: int = 0


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a user pasted or named, and what came of looking at it.

    Attributes:
        id: ``in-1`` and so on.
        name: The file's name without its folder, or ``pasted``.
        kind: What it is, one of the words of ``--kind``; None where nothing recognised it.
        summary: What was found to be there, in one sentence.
        changes: What the corrected version changes, a sentence each.
        corrected: The corrected version. It holds what the user pasted, so it is neither kept
            in the history nor put into a report.
        language: What the corrected version is written in, for example ``bash`` or ``json``.
    """

    id: str
    run: str
    name: str
    kind: str | None
    summary: str
    size_bytes: int
    changes: tuple[str, ...] = ()
    corrected: str | None = None
    language: str | None = None
    timeline: Timeline | None = None
