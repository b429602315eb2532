"""The observations of one run as the rules ask for them, and what a rule returns."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pinned_tui.api_spec import response_origin
from pinned_tui.api_spec.error_causes import CauseRow, ErrorSigns, find_cause, signs_of
from pinned_tui.api_spec.errors import STATUS_OF_CODE
from pinned_tui.api_spec.response_origin import cache_marks
from pinned_tui.diagnosis.templates import Values
from pinned_tui.session import Certainty, Exchange, Observation, Session, Status


@dataclass(frozen=True, slots=True)
class Finding:
    """A cause that the observations point to, before it is put into words.

    Attributes:
        subject: Which scope, channel, event or field; the retry moment for a rate limit.
        evidence: The observations that speak for it.
        values: What was seen, for the sentences of the catalogue.
        alternatives: What this evidence can't tell apart from it, beyond the catalogue's words.
        excludes: Ids of causes among the catalogue's alternatives that this evidence rules out.
        stands: Whether it holds whatever else failed, as what a pasted input shows does.
        guess: Whether it is only inferred, or not seen at all, so that it may not be so.
        unasked: Whether it rests on what nobody asked for, so that it counts for the user's
            symptom only where nothing that was asked for does.
        harm: Whether it did harm already, such as an event that is there twice: that goes first.
        steps: What to do first, before what the catalogue says.
    """

    cause: str
    certainty: Certainty
    evidence: tuple[Observation, ...]
    subject: str | None = None
    found: str | None = None
    suggestion: str | int | None = None
    values: Values = field(default_factory=dict)
    alternatives: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    stands: bool = False
    guess: bool = False
    unasked: bool = False
    harm: bool = False
    steps: tuple[str, ...] = ()


class Facts:
    """The observations of a session's latest run, by their codes.

    Args:
        session: The session; observations of earlier runs are left aside.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._observations = session.latest()
        self._exchanges = {x.id: x for x in session.exchanges}

    def latest(self) -> tuple[Observation, ...]:
        """Return all observations of the run."""
        return self._observations

    def all(self, *codes: str) -> tuple[Observation, ...]:
        """Return the observations with one of ``codes``."""
        return tuple(o for o in self._observations if o.code in codes)

    def asked(self, *codes: str) -> tuple[Observation, ...]:
        """Return those of them that decide something the user asked for."""
        return tuple(o for o in self.all(*codes) if o.asked)

    def first(self, *codes: str) -> Observation | None:
        """Return the first observation with one of ``codes``, or None."""
        return next(iter(self.all(*codes)), None)

    def has(self, *codes: str) -> bool:
        """Return whether there is an observation with one of ``codes``."""
        return self.first(*codes) is not None

    def passed(self, about: str) -> tuple[Observation, ...]:
        """Return what turned out well about ``about``, the first word of the codes."""
        return self._turned_out(about, Status.PASS)

    def failed(self, about: str) -> tuple[Observation, ...]:
        """Return what turned out badly about ``about``, the first word of the codes."""
        return self._turned_out(about, Status.FAIL)

    def _turned_out(self, about: str, status: Status) -> tuple[Observation, ...]:
        return tuple(
            o for o in self._observations if o.status is status and o.code.startswith(f"{about}.")
        )

    def exchange_of(self, observation: Observation) -> Exchange | None:
        """Return the last exchange that ``observation`` was read from, or None."""
        for exchange_id in reversed(observation.exchanges):
            if exchange_id in self._exchanges:
                return self._exchanges[exchange_id]
        return None


def cause_row(facts: Facts, seen: Observation, who: str | None = None) -> CauseRow | None:
    """Return the row of the table of causes for the response that was observed.

    Args:
        facts: Has the exchange.
        seen: The observation of a response.
        who: Who answered, where a comparison showed that it was not whom the response names.
    """
    exchange = facts.exchange_of(seen)
    signs = signs_of(exchange) if exchange is not None else None
    if signs is None:
        code = text(seen.data, "code")
        signs = ErrorSigns(
            who=response_origin.API,
            status=seen.data.get("status") or STATUS_OF_CODE.get(code or "", 0),
            code=code,
            documented=code in STATUS_OF_CODE or seen.data.get("request_id") is not None,
        )
    return find_cause(replace(signs, who=who or signs.who))


def is_cached(seen: Observation, session: Session) -> bool:
    """Return whether what was seen rests on a response that carries a cache's marks.

    What names no response of its own rests on those of its probe.
    """
    marked = {
        x.id
        for x in session.exchanges
        if x.response is not None and cache_marks(x.response.headers)
    }
    if not marked:  # as in a paste with thousands of faults, where no probe has asked anything
        return False
    near = (o for o in session.observations if (o.run, o.probe) == (seen.run, seen.probe))
    ids = set(seen.exchanges or [one for other in near for one in other.exchanges])
    return not marked.isdisjoint(ids)


CauseRule = Callable[[Facts], Iterable[Finding]]
"""Reads the facts and names the causes that they point to. Pure."""


def text(data: Mapping[str, Any], name: str) -> str | None:
    """Return an observation's particular as text, or None where there is none."""
    value = data.get(name)
    return None if value is None else str(value)


def response_values(observation: Observation) -> dict[str, str | int | None]:
    """Return the values that sentences about a response may need, from its observation."""
    data = observation.data
    return {
        "status": text(data, "status"),
        "code": text(data, "code"),
        "message": text(data, "message"),
        "request_id": text(data, "request_id"),
        "route": text(data, "route"),
        "method": text(data, "method"),
    }
