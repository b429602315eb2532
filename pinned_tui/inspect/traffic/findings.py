"""Collects what the story shows: each cause once, with its count and its first place. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pinned_tui.core.labels import plural
from pinned_tui.inspect.model import Fault, Note
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.traffic.model import LoggedExchange
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Certainty

_SURE = (Certainty.CONFIRMED, Certainty.LIKELY, Certainty.POSSIBLE)


@dataclass(slots=True)
class _Finding:
    fault: Fault
    lines: list[int]


@dataclass(slots=True)
class TrafficFindings:
    """The faults and notes of a story.

    Attributes:
        unit: What the input consists of: ``line`` or ``entry``.
        secrets: The credentials that were found in the requests that were looked at closely.
        explained: The failed requests that a fault explains already, by identity.
        repeated: The requests without a response that were sent again, by identity.
    """

    unit: str
    notes: list[Note] = field(default_factory=list)
    explained: set[int] = field(default_factory=set)
    repeated: set[int] = field(default_factory=set)
    secrets: list[Secret] = field(default_factory=list)
    _found: dict[tuple[str, str | None], _Finding] = field(default_factory=dict)

    def add(
        self,
        cause: str,
        certainty: Certainty,
        seen: LoggedExchange,
        detail: str,
        *,
        subject: str | None = None,
        found: str | None = None,
        suggestion: str | int | None = None,
        alternatives: tuple[str, ...] = (),
        **values: str | int | None,
    ) -> None:
        """Take over a fault of one request; further ones of its cause and subject are counted."""
        fault = Fault(
            cause, certainty, detail, subject=subject, found=found, suggestion=suggestion,
            span=seen.span, alternatives=alternatives, values=values,
        )  # fmt: skip
        self.take(fault, seen)

    def take(self, fault: Fault, seen: LoggedExchange) -> None:
        """Take over a fault that was found in a request."""
        at = (fault.cause, fault.subject)
        known = self._found.get(at)
        if known is None:
            self._found[at] = _Finding(fault, [seen.line])
            return
        known.lines.append(seen.line)
        if _SURE.index(fault.certainty) < _SURE.index(known.fault.certainty):
            known.fault = fault

    def tells(self, causes: Iterable[str], requests: Iterable[LoggedExchange]) -> bool:
        """Return whether one of ``causes`` was found, likely at least, in one of ``requests``."""
        lines = {one.line for one in requests}
        wanted = set(causes)
        return any(
            cause in wanted
            and found.fault.certainty is not Certainty.POSSIBLE
            and not lines.isdisjoint(found.lines)
            for (cause, _), found in self._found.items()
        )

    def faults(self) -> tuple[Fault, ...]:
        """Return the faults, each with how often and where it was seen."""
        merged = list(self._found.values())
        return tuple(self._counted(finding) for finding in merged)

    def _counted(self, finding: _Finding) -> Fault:
        fault, lines = finding.fault, finding.lines
        if len(lines) == 1:
            return fault
        first, last = min(lines), max(lines)
        detail = say(
            "traffic.cases.several",
            first=fault.detail,
            cases=plural(len(lines), "such case"),
            unit=self.unit,
            begin=first,
            end=last,
        )
        values = {"count": len(lines), **fault.values}
        return Fault(
            fault.cause, fault.certainty, detail, fault.subject, fault.found,
            fault.suggestion, fault.span, fault.path, fault.alternatives, values,
        )  # fmt: skip
