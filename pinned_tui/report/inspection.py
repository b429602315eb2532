"""What an inspection found, ready for each format: places, excerpts, the timeline. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pinned_tui.core import labels
from pinned_tui.core.clock import parse_timestamp
from pinned_tui.report.blocks import (
    AttemptRow,
    Attempts,
    Block,
    Bullets,
    Code,
    CodeBlock,
    Excerpt,
    Heading,
    InlineLine,
    Paragraph,
    Styled,
    line,
    muted,
)
from pinned_tui.session import (
    Attempt,
    Certainty,
    Input,
    Observation,
    Session,
    Strand,
    Timeline,
    Verdict,
)

FAULT = "pasted.fault"
NOTE = "pasted.note"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LONG_GAP_S = 60.0


def is_inspection(session: Session) -> bool:
    """Return whether nothing was asked of a server: every run looked at an input."""
    return bool(session.runs) and all(run.purpose == "inspect" for run in session.runs)


def latest_inputs(session: Session) -> tuple[Input, ...]:
    """Return the inputs of the latest run."""
    run = session.run
    return tuple(one for one in session.inputs if run is not None and one.run == run.id)


@dataclass(frozen=True, slots=True)
class ReportedFinding:
    """A fault or a note, with the place that it is about.

    Attributes:
        name: The cause, or the code of the note.
        certainty: None for a note.
        place: Such as ``line 3, column 12``; None where it has none.
        excerpt: The line, or None where it can't be shown.
        mark: Beginning and length of the part in question within the excerpt.
        suggestion: The value proposed instead.
        title: What the verdict on it is called.
        fix: What to do first about it.
    """

    name: str
    certainty: Certainty | None
    text: str
    place: str | None
    excerpt: str | None
    mark: tuple[int, int] | None
    suggestion: str | None
    title: str | None = None
    fix: str | None = None

    @property
    def whole(self) -> bool:
        """Whether the part in question is all that is shown of its line."""
        return self.excerpt is not None and (self.marked or "").strip() == self.excerpt.strip()

    @property
    def marked(self) -> str | None:
        """The part in question."""
        if self.excerpt is None or self.mark is None:
            return None
        return self.excerpt[self.mark[0] : self.mark[0] + self.mark[1]]


def found(session: Session, code: str) -> tuple[ReportedFinding, ...]:
    """Return the faults or the notes of the latest inspection, in their order."""
    verdicts = {(v.cause, v.subject): v for v in reversed(session.verdicts)}
    return tuple(_found(one, verdicts) for one in session.latest() if one.code == code)


def _found(one: Observation, verdicts: Mapping[tuple[str, str | None], Verdict]) -> ReportedFinding:
    data = one.data
    verdict = verdicts.get((str(data.get("cause")), data.get("subject")))
    certainty = data.get("certainty")
    suggestion = data.get("suggestion")
    return ReportedFinding(
        name=str(data.get("cause") or data.get("note") or one.code),
        certainty=Certainty(certainty) if certainty in set(Certainty) else None,
        text=one.summary,
        place=_place(data),
        excerpt=data["excerpt"] if isinstance(data.get("excerpt"), str) else None,
        mark=_mark(data.get("mark")),
        suggestion=None if suggestion is None else str(suggestion),
        title=verdict.title if verdict else None,
        fix=verdict.fix[0] if verdict and verdict.fix else None,
    )


def _place(data: dict[str, Any]) -> str | None:
    number, column, path = data.get("line"), data.get("column"), data.get("path")
    where = f"line {number}, column {column}" if isinstance(number, int) else None
    if isinstance(path, str) and path:
        return f"{path} ({where})" if where else path
    return where


def _mark(value: Any) -> tuple[int, int] | None:  # noqa: ANN401 - any JSON value
    if isinstance(value, list) and len(value) == 2 and all(isinstance(n, int) for n in value):
        return max(value[0], 0), max(value[1], 1)
    return None


def rows(strand: Strand) -> tuple[tuple[AttemptRow, ...], dict[str, str]]:
    """Return the requests of a strand in words, and the keys that its letters stand for."""
    letters: dict[str, str] = {}
    made = []
    before: datetime | None = None
    for attempt in strand.attempts:
        now = _moment(attempt.at)
        made.append(_row(attempt, now, before, letters))
        before = now or before
    return tuple(made), {letter: key for key, letter in letters.items()}


def _row(
    attempt: Attempt, now: datetime | None, before: datetime | None, letters: dict[str, str]
) -> AttemptRow:
    key = attempt.idempotency_key
    if key is not None and key not in letters:
        number = len(letters)
        letters[key] = _LETTERS[number] if number < len(_LETTERS) else f"#{number + 1}"
    gap = (now - before).total_seconds() if now and before else None
    came_to = labels.MARK[attempt.mark]
    return AttemptRow(
        line=str(attempt.line),
        when=_when(now, gap),
        gap=gap is not None and gap >= _LONG_GAP_S,
        request=f"{attempt.method} {attempt.route}",
        status="–" if attempt.status is None else str(attempt.status),  # noqa: RUF001 - a dash
        mark=came_to,
        key="" if key is None else letters[key],
        about=", ".join(_about(attempt)),
    )


def _when(now: datetime | None, gap: float | None) -> str:
    if now is None:
        return ""
    return f"{now:%H:%M:%S}" if gap is None or gap < 0 else f"+{labels.duration(gap)}"


def _about(attempt: Attempt) -> Iterable[str]:
    if attempt.event_id is not None and f"/{attempt.event_id}" not in attempt.route:
        yield f"event {attempt.event_id}"
    if attempt.wait_s is not None:
        yield f"wait {labels.wait(attempt.wait_s)}"
    if attempt.remark is not None:
        yield attempt.remark


def _moment(text: str | None) -> datetime | None:
    try:
        return parse_timestamp(text) if text else None
    except ValueError:
        return None


def inspected(session: Session) -> Iterable[Block]:
    """Yield what was inspected."""
    yield Heading(2, line("What was inspected"))
    for one in latest_inputs(session):
        kind = f", read as {one.kind}" if one.kind else ""
        yield Bullets(
            (
                line(Code(one.name), f", {labels.plural(one.size_bytes, 'byte')}{kind}"),
                line(one.summary),
                line(f"Looked at {labels.moment(session.started_at)}. Nothing was sent."),
            )
        )


def faults_and_notes(session: Session) -> Iterable[Block]:
    """Yield each fault and each note with its place."""
    for title, code in (("What was found", FAULT), ("Worth knowing", NOTE)):
        entries = found(session, code)
        if entries:
            yield Heading(2, line(title))
            yield Bullets(tuple(_entry(one) for one in entries))


def _entry(one: ReportedFinding) -> InlineLine:
    certainty = f" ({one.certainty})" if one.certainty else ""
    spans: list[Any] = [Code(one.name), f"{certainty}: {one.text}"]
    if one.place is not None:
        spans.append(f" At {one.place}")
        if one.excerpt is not None:
            spans += [": ", Code(one.excerpt)]
        if one.marked is not None and one.marked != one.excerpt:
            spans += [", there ", Code(one.marked)]
        spans.append(".")
    if one.suggestion is not None:
        spans += [" Suggested instead: ", Code(one.suggestion)]
    return line(*spans)


def faults_in_place(session: Session) -> Iterable[Block]:
    """Yield each fault as compilers do: where, the line, the part in question, what it is."""
    entries = found(session, FAULT)
    if entries:
        yield Heading(2, line("What was found"))
    for number, one in enumerate(entries):
        yield from _in_place(one, leading=number == 0)


def _in_place(one: ReportedFinding, *, leading: bool) -> Iterable[Block]:
    possible = one.certainty is Certainty.POSSIBLE
    title = f"{'!' if possible else '✗'} {one.title or one.name}"
    yield Heading(3, line(Styled(title, "warn" if possible else "problem")))
    certainty = f"  {labels.CERTAINTY[one.certainty]}" if one.certainty is not None else ""
    place = f"  {one.place}" if one.place is not None else None
    yield Paragraph(line(Styled(f"[{one.name}]{certainty}", "muted"), place))
    if one.excerpt is not None:
        yield Excerpt(one.excerpt, None if one.whole else one.mark)
    yield Paragraph(line(one.text))
    if one.suggestion is not None:
        yield Paragraph(line(Styled(f"→ {one.suggestion}", "ok")))
    elif one.fix is not None and not leading:  # the leading fault's steps follow in full
        yield Paragraph(line(Styled(f"→ {one.fix}", "ok")))


def notes_in_short(session: Session) -> Iterable[Block]:
    """Yield what is worth knowing and needs no action."""
    entries = found(session, NOTE)
    if entries:
        yield Heading(2, line("Worth knowing"))
        yield Bullets(
            tuple(line(one.text, f" ({one.place})" if one.place else None) for one in entries)
        )


def timelines(session: Session, *, groups: int | None = None) -> Iterable[Block]:
    """Yield the timeline of each input that has one.

    Args:
        session: The session.
        groups: The most groups of requests that are shown; all by default.
    """
    for one in latest_inputs(session):
        if one.timeline is not None:
            yield from timeline(one.timeline, groups=groups)


def timeline(
    one: Timeline, *, groups: int | None = None, requests: int | None = None
) -> Iterable[Block]:
    """Yield a timeline.

    Args:
        one: The timeline.
        groups: The most groups of requests that are shown; all by default.
        requests: The most requests that are shown; all by default.
    """
    if not one.strands:
        return
    others = f", {one.passed_over:,} other lines" if one.passed_over else ""
    title = f"Timeline of {labels.plural(one.requests, 'request')}{others}"
    yield Heading(2, line(title))
    explained = "Times are UTC; those with a plus count from the request before."
    keys = any(attempt.idempotency_key for strand in one.strands for attempt in strand.attempts)
    yield Paragraph(muted(f"{explained}{' Letters stand for Idempotency-Keys.' if keys else ''}"))
    shown, room = 0, requests
    for strand in one.strands[:groups]:
        if room is not None and room <= 0:
            break
        yield from _strand(strand, room)
        room = None if room is None else room - len(strand.attempts)
        shown += 1
    left = len(one.strands) - shown + one.left_out
    if left:
        yield Paragraph(line(f"{labels.plural(left, 'group')} more left out."))


def _strand(strand: Strand, room: int | None) -> Iterable[Block]:
    made, keys = rows(strand)
    yield Heading(3, line(strand.label))
    yield Paragraph(line(strand.summary))
    yield Attempts(made[:room])
    if keys:
        yield Bullets(tuple(line(f"{letter} = ", Code(key)) for letter, key in keys.items()))
    left = len(made) - len(made[:room]) + strand.left_out
    if left:
        yield Paragraph(line(f"{labels.plural(left, 'request')} more left out."))


def corrections(session: Session) -> Iterable[Block]:
    """Yield the corrected versions, where they go along, and what was changed.

    Which reports they go along with is decided by :func:`pinned_tui.session.without_pasted`.
    """
    for one in latest_inputs(session):
        yield from correction(one)


def correction(one: Input) -> Iterable[Block]:
    """Yield the corrected version of an input and what was changed."""
    if not one.changes and one.corrected is None:
        return
    yield Heading(2, line("Corrected version"))
    if one.changes:
        yield Bullets(tuple(line(change) for change in one.changes))
    if one.corrected is not None:
        yield CodeBlock(one.corrected, one.language or "")
