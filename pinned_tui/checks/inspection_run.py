"""From what was pasted to a Session: what is wrong with it becomes observations and verdicts.

Both faces use it. Here everything that was pasted is cleaned and redacted: whoever inspects sees
the keys in the input, whoever reads the session does not.
"""

import bisect
import dataclasses
import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.checks.run import concluded, new_session
from pinned_tui.core.clock import Clock, timestamp
from pinned_tui.diagnosis.catalog import Catalog, load_catalogue
from pinned_tui.inspect.excerpt import InputExcerpt
from pinned_tui.inspect.model import Fault, InputKind, InputText, Inspection, Note, Span
from pinned_tui.redaction.redactor import Redactor
from pinned_tui.redaction.sanitize import clean_json, clean_line
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import (
    SCOPES,
    Certainty,
    Input,
    Observation,
    Run,
    ScopeState,
    Session,
    Status,
    Timeline,
    replace,
)

PROBE = "inspect"
"""What the observations of an inspection name as their probe."""

_LONGEST_LINE = 160
_OWN_WORDS = ("cause", "certainty", "kind", "note", "line", "column", "judged", "count", "reported")
"""Particulars of an observation that nothing of the input is in."""

_LONGEST_READ = 4000


@dataclass(frozen=True, slots=True)
class Handed:
    """An input with where it came from.

    Attributes:
        name: The file's name without its folder, or ``pasted``.
        size: Count of bytes.
        excerpt: Where the text stood in a larger input; None where it is all of it.
    """

    text: str
    name: str
    size: int
    excerpt: InputExcerpt | None = None

    @classmethod
    def of(cls, pasted: InputText, name: str) -> "Handed":
        """Return ``pasted`` with its name."""
        return cls(pasted.text, name, pasted.size, pasted.excerpt)


class Lines:
    """Where the lines of a text begin, to turn offsets into lines and columns."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of ``offset``, both from 1, columns in characters."""
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Return line ``number`` without its end."""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self._text)
        return self._text[start:end].rstrip("\r")


def inspected(
    session: Session,
    handed: Handed,
    inspection: Inspection,
    *,
    clock: Clock,
    secrets: Iterable[Secret] = (),
    catalogue: Catalog | None = None,
) -> Session:
    """Return ``session`` with a run that holds what an inspection found.

    Args:
        session: The session that the input belongs to; its earlier runs stay.
        handed: The input.
        inspection: What was found in it.
        clock: Tells when.
        secrets: Further secrets that must not get into the session.
        catalogue: The causes; the packaged ones by default.
    """
    run_id = f"run-{len(session.runs) + 1}"
    writer = _Writer(session, run_id, handed, Redactor([*inspection.secrets, *secrets]))
    now = timestamp(clock.now())
    run = Run(
        id=run_id,
        purpose="inspect",
        started_at=now,
        finished_at=now,
        scopes=dict.fromkeys(SCOPES, ScopeState.NOT_PROBED),
        probes=(PROBE,),
    )
    session = replace(
        session,
        finished_at=now,
        observations=(*session.observations, *writer.observations(inspection)),
        inputs=(*session.inputs, writer.input(inspection)),
        runs=(*session.runs, run),
    )
    return concluded(session, catalogue or load_catalogue())


def new_inspection(*, base_url: str, clock: Clock, chance: random.Random | None = None) -> Session:
    """Begin a session for an input alone."""
    return new_session(RawCheckRequest(secret=None), base_url=base_url, clock=clock, chance=chance)


def asking_for(ask: RawCheckRequest, handed: Handed, inspection: Inspection) -> RawCheckRequest:
    """Return ``ask`` with what a live check of the same input would ask for.

    The body of a create request goes along as it is; the channel is read from it there.
    """
    if inspection.kind is not InputKind.PAYLOAD or not handed.text.lstrip(
        "\ufeff \t\r\n"
    ).startswith("{"):
        return ask
    return dataclasses.replace(
        ask, payload=handed.text.encode("utf-8", "replace"), payload_name=handed.name
    )


class _Writer:
    """Writes what was found into observations: cleaned, redacted, with line and column."""

    def __init__(self, session: Session, run_id: str, handed: Handed, redactor: Redactor) -> None:
        self._session = session
        self._run = run_id
        self._handed = handed
        self._lines = Lines(handed.text)
        self._redactor = redactor

    def observations(self, inspection: Inspection) -> list[Observation]:
        """Return one observation for what it is, and one for each fault and note."""
        found = [self._recognised(inspection)]
        found += [self._fault(fault) for fault in inspection.faults]
        found += [self._note(note) for note in inspection.notes]
        first = len(self._session.observations) + 1
        return [
            msgspec.structs.replace(one, id=f"obs-{number}")
            for number, one in enumerate(found, start=first)
        ]

    def input(self, inspection: Inspection) -> Input:
        """Return the record of the input itself."""
        correction = inspection.correction
        return Input(
            id=f"in-{len(self._session.inputs) + 1}",
            run=self._run,
            name=self._shown(self._handed.name, 120),
            kind=inspection.kind,
            summary=self._shown(inspection.summary, 400),
            size_bytes=self._handed.size,
            changes=tuple(self._shown(c, 400) for c in correction.changes) if correction else (),
            corrected=self._redactor.text(correction.text) if correction else None,
            language=correction.language if correction else None,
            timeline=self._timeline(inspection.timeline),
        )

    def _recognised(self, inspection: Inspection) -> Observation:
        known = inspection.kind is not None
        return self._observation(
            "pasted.recognised" if known else "pasted.unrecognised",
            Status.PASS if known else Status.UNKNOWN,
            inspection.summary,
            {
                "kind": inspection.kind,
                "name": self._handed.name,
                "judged": inspection.judged > 0,
                "count": inspection.judged,
                "reported": inspection.reported,
            },
        )

    def _fault(self, fault: Fault) -> Observation:
        sure = fault.certainty is not Certainty.POSSIBLE
        data: dict[str, Any] = {
            "cause": fault.cause,
            "certainty": str(fault.certainty),
            "subject": fault.subject,
            "found": fault.found,
            "suggestion": fault.suggestion,
            "detail": fault.detail,
            "path": fault.path,
            "alternatives": list(fault.alternatives),
            "values": dict(fault.values),
            **self._place(fault.span),
        }
        status = Status.FAIL if sure else Status.WARN
        return self._observation("pasted.fault", status, fault.detail, data)

    def _note(self, note: Note) -> Observation:
        data = {"note": note.code, **self._place(note.span)}
        return self._observation("pasted.note", Status.WARN, note.summary, data, asked=False)

    def _place(self, span: Span | None) -> dict[str, Any]:
        """Return line, column, and the line itself with the part in question, if it may be shown.

        A line is redacted as a whole before it is cut. Where the part can't be marked without
        cutting a secret apart, the line is shown without a mark.
        """
        if span is None:
            return {}
        line, column = self._lines.place(span.start)
        whole = self._lines.line(line)
        there = excerpt.place(line, column) if (excerpt := self._handed.excerpt) else (line, column)
        place: dict[str, Any] = {"line": there[0], "column": there[1]}
        if len(whole) > _LONGEST_READ:
            return place
        first, last = column - 1, min(column - 1 + span.end - span.start, len(whole))
        redacted = self._redactor.text(whole)
        parts = [self._redactor.text(part) for part in (whole[:first], whole[first:last])]
        marked = redacted.startswith("".join(parts))
        cleaned = [clean_line(part) for part in parts]
        mark = (len(cleaned[0]), len(cleaned[1])) if marked else None
        return place | _excerpt(clean_line(redacted), mark)

    def _timeline(self, timeline: Timeline | None) -> Timeline | None:
        if timeline is None:
            return None
        plain = msgspec.json.decode(msgspec.json.encode(timeline))
        redacted = self._redactor.json(clean_json(plain))
        if not isinstance(redacted, dict):
            return None  # withheld as a whole, since a secret is scattered over it
        return msgspec.convert(redacted, Timeline)

    def _observation(
        self, code: str, status: Status, summary: str, data: dict[str, Any], *, asked: bool = True
    ) -> Observation:
        return Observation(
            id="",
            run=self._run,
            probe=PROBE,
            code=code,
            status=status,
            summary=self._shown(summary, 400),
            asked=asked,
            data=self._redacted(data),
        )

    def _redacted(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return ``data`` without secrets; our own words stay, whatever a secret is made of."""
        known = _with_own_names(data, self._redactor.json(clean_json(data)))
        if "values" in known:
            known["values"] = _with_own_names(data["values"], known["values"])
        return known | {name: data[name] for name in _OWN_WORDS if name in data}

    def _shown(self, text: str, limit: int) -> str:
        return clean_line(self._redactor.text(text), limit)


def _with_own_names(data: dict[str, Any], redacted: object) -> dict[str, Any]:
    """Return redacted values under the names that they had, of which all are our own."""
    if not isinstance(redacted, dict) or len(redacted) != len(data):
        return {}
    return dict(zip(data, redacted.values(), strict=True))


def _excerpt(text: str, mark: tuple[int, int] | None) -> dict[str, Any]:
    """Cut ``text`` to a length that is readable, around the marked part."""
    start = 0
    if mark is not None and mark[0] + min(mark[1], 40) > _LONGEST_LINE:
        start = max(mark[0] - 40, 0)
    shown = text[start : start + _LONGEST_LINE]
    excerpt: dict[str, Any] = {"excerpt": shown}
    if mark is not None:
        at = mark[0] - start
        excerpt["mark"] = [at, max(1, min(mark[1], len(shown) - at))]
    return excerpt
