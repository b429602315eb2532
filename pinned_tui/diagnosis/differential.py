"""Why this verdict and not another: the causes considered, and what would tell them apart. Pure.

The engine names what fits. This adds what the evidence can't tell apart from it, what it rules
out and by what, and what was not judged because something else comes first; and for each cause
that is open, what would tell: the cheapest probe not yet run, or else a question to the user.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec

from pinned_tui.diagnosis.catalog import (
    LAYERS,
    Catalog,
    CatalogError,
    Cause,
    read_toml,
    worded,
)
from pinned_tui.diagnosis.engine import Diagnosis
from pinned_tui.diagnosis.facts import Facts, Finding
from pinned_tui.diagnosis.symptoms import symptom_row, to_rule_out
from pinned_tui.session import (
    NOT_REPRODUCED,
    SCOPES,
    Certainty,
    Considered,
    Cost,
    NextStep,
    Observation,
    ScopeState,
    Session,
    Standing,
    Status,
    Verdict,
)

MOST = 16
"""The most rows in all: a list to be read, not a dump."""

_MOST_OF: dict[Standing, int] = {"fits": 8, "open": 5, "ruled out": 4, "not judged": 3}
_CHEAPEST_FIRST: tuple[Cost, ...] = ("free", "reads", "consent")
_LIMITED = frozenset({"rate-limited", "rate-limited-by-edge"})
_NAMED = re.compile(r"\(([a-z0-9-]+)\)\Z")
_MOST_SUMMARIES = 2


@dataclass(frozen=True, slots=True)
class ProbeOption:
    """A probe as a means to tell causes apart.

    Attributes:
        title: What it finds out, in words.
        scope: The scope that its route needs, if it has one.
        though_halted: Whether it runs even where something blocks the way.
    """

    probe: str
    title: str
    cost: Cost
    scope: str | None = None
    though_halted: bool = False


Questions = Callable[[str], NextStep | None]
"""Returns the question, not answered yet, that would tell of a cause, by the cause's id, if any."""


def _no_question(_: str) -> NextStep | None:
    return None


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fits: str
    told: str
    untold: str
    untold_yet: str
    open: str
    hinted: str
    unasked: str
    ruled_out: str
    ruled_out_by_first: str
    not_judged: str


@cache
def _words() -> _Words:
    file = files("pinned_tui.diagnosis") / "data" / "why" / "words.toml"
    try:
        return msgspec.convert(read_toml(file), _Words)
    except msgspec.ValidationError as error:
        raise CatalogError(f"{file.name}: {error}") from error


def consider(
    session: Session,
    diagnosis: Diagnosis,
    catalogue: Catalog,
    means: Iterable[ProbeOption] = (),
    questions: Questions = _no_question,
) -> tuple[Considered, ...]:
    """Return the causes considered for the leading question, at most :data:`MOST`.

    Args:
        session: With the observations that were diagnosed.
        diagnosis: What the engine made of them.
        catalogue: The words and the data of the causes.
        means: The probes there are, for what would tell further.
        questions: The questions there are, for what no probe tells.
    """
    if session.run is None and not diagnosis.verdicts:
        return ()
    table = _Table(session, diagnosis, catalogue, tuple(means), questions)
    counts: dict[Standing, int] = {}
    rows: dict[tuple[str, str | None], Considered] = {}
    fitting = {
        v.cause for v in diagnosis.verdicts if (v.cause, v.subject) not in diagnosis.undecided
    }
    for row in table.rows():
        place = (row.cause or row.title, row.subject)
        known = row.standing == "open" and row.subject is None and row.cause in fitting
        if place not in rows and not known and counts.get(row.standing, 0) < _MOST_OF[row.standing]:
            rows[place] = row
            counts[row.standing] = counts.get(row.standing, 0) + 1
    return tuple(rows.values())[:MOST]


class _Table:
    """The rows of one session, in order; the same cause may come up twice, the first counts."""

    def __init__(
        self,
        session: Session,
        diagnosis: Diagnosis,
        catalogue: Catalog,
        means: tuple[ProbeOption, ...],
        questions: Questions,
    ) -> None:
        self._diagnosis = diagnosis
        self._catalogue = catalogue
        self._means = means
        self._questions = questions
        self._session = session
        self._seen = session.latest()
        self._by_id = {one.id: one for one in self._seen}
        self._known_scopes = {
            scope
            for scope, state in session.scopes.items()
            if state in {ScopeState.PRESENT, ScopeState.MISSING}
        }
        self._first = diagnosis.verdicts[0] if diagnosis.verdicts else None
        planned = session.run.probes if session.run is not None else ()
        self._unasked = {str(o.data.get("probe")): o for o in self._of("run.unconsented")}
        self._behind = {str(o.data.get("probe")): o for o in self._of("run.skipped")}
        ran = {one.probe for one in self._seen if one.code != "run.unconsented"}
        self._spent = (set(planned) - set(self._unasked)) | ran

    def rows(self) -> Iterator[Considered]:
        """Yield all of them."""
        yield from self._fitting()
        yield from self._undecided_by_user()
        if self._first is not None:
            yield from self._not_told_apart(self._first)
        yield from self._to_rule_out()
        yield from self._unlooked_at()
        yield from self._ruled_out()
        yield from self._not_judged()

    def _of(self, code: str) -> list[Observation]:
        return [one for one in self._seen if one.code == code]

    # -- fits ----------------------------------------------------------------------------------

    def _fitting(self) -> Iterator[Considered]:
        for verdict in self._diagnosis.verdicts:
            cause = self._catalogue[verdict.cause]
            if self._is_undecided(verdict) or cause.id == NOT_REPRODUCED:
                continue
            if verdict is not self._first and cause.outcome in {"note", "explanation"}:
                continue
            shown = [self._by_id[id_] for id_ in verdict.evidence if id_ in self._by_id]
            sure = verdict.certainty is Certainty.CONFIRMED
            yield Considered(
                cause=verdict.cause,
                title=verdict.title,
                standing="fits",
                why=_words().fits.format(seen=_said(shown)) if shown else _words().told,
                subject=verdict.subject,
                speaks_for=verdict.evidence,
                next=None if sure else self._next(cause, verdict.subject),
            )

    def _is_undecided(self, verdict: Verdict) -> bool:
        return (verdict.cause, verdict.subject) in self._diagnosis.undecided

    # -- open ----------------------------------------------------------------------------------

    def _undecided_by_user(self) -> Iterator[Considered]:
        """Yield what the user was asked and could not answer: nothing speaks for or against."""
        for verdict in filter(self._is_undecided, self._diagnosis.verdicts):
            cause = self._catalogue[verdict.cause]
            yield Considered(
                cause=verdict.cause,
                title=verdict.title,
                standing="open",
                why=_words().untold_yet if cause.tested_by else _words().untold,
                subject=verdict.subject,
                next=self._next(cause, verdict.subject) or self._questions(cause.id),
            )

    def _not_told_apart(self, first: Verdict) -> Iterator[Considered]:
        """Yield what the evidence can't tell apart from ``first``; causes before mere words."""
        own = self._catalogue[first.cause]
        named = [(self._named_in(sentence), sentence) for sentence in first.alternatives]
        for other, sentence in sorted(named, key=lambda pair: pair[0] is None):
            hints = [o for o in self._seen if other is not None and o.code in other.hinted_by]
            yield Considered(
                cause=other.id if other is not None else None,
                title=_possible_title(other) if other is not None else sentence,
                standing="open",
                why=_words().hinted.format(seen=_said(hints)) if hints else _words().open,
                speaks_for=tuple(one.id for one in hints),
                next=self._next(other, None, own) or self._asking(other) if other else None,
            )

    def _to_rule_out(self) -> Iterator[Considered]:
        """Yield what is left to rule out where the checks did not meet the user's symptom."""
        row = symptom_row(self._session.target.symptom)
        if row is None or self._first is None or self._first.cause != NOT_REPRODUCED:
            return
        for one in to_rule_out(row, Facts(self._session)):
            cause = self._catalogue[one.cause]
            yield Considered(
                cause=cause.id,
                title=_possible_title(cause),
                standing="open",
                why=_words().open,
                next=self._next(cause, None) or self._asking(cause),
            )

    def _unlooked_at(self) -> Iterator[Considered]:
        """Yield what a probe not agreed to would find out, if nothing else found it out."""
        for means in self._means:
            if means.probe not in self._unasked:
                continue
            cause = self._cause_tested_by(means)
            if cause is None:
                continue
            subject = means.scope if cause.layer == "scope" else None
            if subject is not None and subject in self._known_scopes:
                continue
            yield Considered(
                cause=cause.id,
                title=_possible_title(cause, subject),
                standing="open",
                why=_words().unasked,
                subject=subject,
                next=self._next(cause, subject),
            )

    def _cause_tested_by(self, means: ProbeOption) -> Cause | None:
        """Return the cause that a probe is for: one that it is the first means to find, if any."""
        tested = [cause for cause in self._catalogue if means.probe in cause.tested_by]
        return min(tested, key=lambda cause: cause.tested_by.index(means.probe) > 0, default=None)

    def _named_in(self, sentence: str) -> Cause | None:
        named = _NAMED.search(sentence)
        return self._catalogue.get(named[1]) if named is not None else None

    # -- ruled out -----------------------------------------------------------------------------

    def _ruled_out(self) -> Iterator[Considered]:
        first = self._first
        if first is not None:
            yield from self._ruled_out_by_first(first)
        against = [(cause, seen) for cause in self._catalogue if (seen := self._refuting(cause))]
        against.sort(key=lambda pair: self._distance(pair[0]))
        standing = {verdict.cause for verdict in self._diagnosis.verdicts}
        for cause, seen in against:
            if cause.layer == "scope":
                for one in seen:
                    yield _refuted(cause, str(one.data.get("scope")), [one])
            elif cause.id not in standing:
                yield _refuted(cause, _part_of(seen), seen)

    def _ruled_out_by_first(self, first: Verdict) -> Iterator[Considered]:
        """Yield the alternatives that the catalogue names and this very evidence excludes."""
        left = {c.id for text in first.alternatives if (c := self._named_in(text)) is not None}
        shown = [self._by_id[id_] for id_ in first.evidence if id_ in self._by_id]
        for sentence in self._catalogue[first.cause].alternatives:
            other = self._named_in(sentence)
            if other is None or other.id in left or not shown:
                continue
            if against := self._refuting(other):
                yield _refuted(other, None, against)
            else:
                yield Considered(
                    cause=other.id,
                    title=_title(other, None),
                    standing="ruled out",
                    why=_words().ruled_out_by_first.format(seen=_said(shown)),
                    against=first.evidence,
                )

    def _refuting(self, cause: Cause) -> list[Observation]:
        return [o for o in self._seen if o.code in cause.excluded_by and o.status is Status.PASS]

    def _distance(self, cause: Cause) -> tuple[bool, bool, int]:
        """Return how far a cause is from the first verdict; the near ones are worth a row."""
        if self._first is None:
            return (False, False, -LAYERS.index(cause.layer))
        own = self._catalogue[self._first.cause]
        near = cause.id in own.related or own.id in cause.related or cause.section == own.section
        steps = abs(LAYERS.index(cause.layer) - LAYERS.index(own.layer))
        return (not near, cause.layer != own.layer, steps)

    # -- not judged ----------------------------------------------------------------------------

    def _not_judged(self) -> Iterator[Considered]:
        first = self._first
        if first is None:
            return
        why = _words().not_judged.format(title=first.title)
        for finding in self._diagnosis.silenced:
            yield _silenced(finding, self._catalogue[finding.cause], why)
        for means in self._means:
            if means.probe in self._behind:
                yield Considered(cause=None, title=means.title, standing="not judged", why=why)

    # -- what would narrow it down -----------------------------------------------------------

    def _next(self, *causes: Cause | str | None) -> NextStep | None:
        """Return the cheapest probe not yet run that tells of one of the causes.

        A text among them is the subject: where it is a scope, only its own probe tells.
        """
        if any(verdict.cause in _LIMITED for verdict in self._diagnosis.verdicts):
            return None
        subject = next((one for one in causes if isinstance(one, str)), None)
        for cause in causes:
            able = [] if not isinstance(cause, Cause) else self._able(cause, subject)
            if able:
                best = min(able, key=lambda one: _CHEAPEST_FIRST.index(one.cost))
                return NextStep(title=best.title, cost=best.cost, probe=best.probe)
        return None

    def _asking(self, cause: Cause) -> NextStep | None:
        """Return what only the user can find out about ``cause``, and has not answered yet."""
        if cause.look is not None:
            return NextStep(title=cause.look, cost="asks")
        return self._questions(cause.id)

    def _able(self, cause: Cause, subject: str | None) -> list[ProbeOption]:
        return [
            one
            for one in self._means
            if one.probe in cause.tested_by
            and one.probe not in self._spent
            and (subject not in SCOPES or one.scope == subject)
            and (one.though_halted or not self._behind)
        ]


def _silenced(finding: Finding, cause: Cause, why: str) -> Considered:
    return Considered(
        cause=cause.id,
        title=_title(cause, finding.subject),
        standing="not judged",
        why=why,
        subject=finding.subject,
        speaks_for=tuple(one.id for one in finding.evidence),
    )


def _refuted(cause: Cause, subject: str | None, seen: list[Observation]) -> Considered:
    return Considered(
        cause=cause.id,
        title=_title(cause, subject),
        standing="ruled out",
        why=_words().ruled_out.format(seen=_said(seen)),
        subject=subject,
        against=tuple(one.id for one in seen),
    )


def _part_of(seen: list[Observation]) -> str | None:
    """Return what it is ruled out for, where that is not all that it could be about."""
    partly = seen[0].data.get("partly")
    return str(seen[0].data.get("subject")) if partly else None


def _title(cause: Cause, subject: str | None) -> str:
    return worded(cause, {"subject": subject}).title


def _possible_title(cause: Cause, subject: str | None = None) -> str:
    return worded(cause, {"subject": subject}, guess=True).title


def _said(seen: list[Observation]) -> str:
    """Join what was seen into one text, without saying a thing twice."""
    summaries = tuple(dict.fromkeys(one.summary for one in seen))
    return " ".join(summaries[:_MOST_SUMMARIES])
