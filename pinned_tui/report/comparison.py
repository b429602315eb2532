"""What changed between the first check and the latest one: the proof that a fix works. Pure."""

from dataclasses import dataclass

from pinned_tui.session import Run, ScopeState, Session, Status, Verdict, weightiest


@dataclass(frozen=True, slots=True)
class ProbeChange:
    """What a probe saw in the first run and in the latest; None where it saw nothing."""

    probe: str
    before: Status | None
    after: Status | None

    @property
    def changed(self) -> bool:
        """Whether the two differ."""
        return self.before is not self.after


@dataclass(frozen=True, slots=True)
class ScopeChange:
    """What was known of a scope in the first run and in the latest."""

    scope: str
    before: ScopeState
    after: ScopeState

    @property
    def changed(self) -> bool:
        """Whether the two differ."""
        return self.before is not self.after


@dataclass(frozen=True, slots=True)
class Comparison:
    """The first run of a session beside its latest.

    Attributes:
        gone: Verdicts of the first run that checks found and whose cause and subject the latest no
            longer names.
        untested: Those that rest on nothing but answers of the person: no check saw them, so none
            can prove that they are mended.
        new: Verdicts of the latest run that the first did not name.
        staying: Verdicts of the latest run that the first named too.
        probes: Every probe of either run, in the order in which it first ran.
        scopes: The scopes of which either run tells something.
    """

    before: Run
    after: Run
    gone: tuple[Verdict, ...]
    untested: tuple[Verdict, ...]
    new: tuple[Verdict, ...]
    staying: tuple[Verdict, ...]
    probes: tuple[ProbeChange, ...]
    scopes: tuple[ScopeChange, ...]


def compare(session: Session) -> Comparison | None:
    """Return the first run beside the latest, or None where there are not two."""
    if len(session.runs) < 2:
        return None
    before, after = session.runs[0], session.runs[-1]
    first = {_what(verdict) for verdict in before.verdicts}
    latest = {_what(verdict) for verdict in after.verdicts}
    missing = [verdict for verdict in before.verdicts if _what(verdict) not in latest]
    return Comparison(
        before=before,
        after=after,
        gone=tuple(verdict for verdict in missing if verdict.evidence),
        untested=tuple(verdict for verdict in missing if not verdict.evidence),
        new=tuple(v for v in after.verdicts if _what(v) not in first),
        staying=tuple(v for v in after.verdicts if _what(v) in first),
        probes=_probes(session, before, after),
        scopes=_scopes(before, after),
    )


def _what(verdict: Verdict) -> tuple[str, str | None]:
    return verdict.cause, verdict.subject


def _probes(session: Session, before: Run, after: Run) -> tuple[ProbeChange, ...]:
    seen: dict[str, dict[str, list[Status]]] = {}
    for observation in session.observations:
        if observation.run in (before.id, after.id):
            runs = seen.setdefault(observation.probe, {before.id: [], after.id: []})
            runs[observation.run].append(observation.status)
    return tuple(
        ProbeChange(probe, weightiest(runs[before.id]), weightiest(runs[after.id]))
        for probe, runs in seen.items()
    )


def _scopes(before: Run, after: Run) -> tuple[ScopeChange, ...]:
    silent = ScopeState.NOT_PROBED
    changes = (
        ScopeChange(scope, before.scopes.get(scope, silent), after.scopes.get(scope, silent))
        for scope in dict.fromkeys((*before.scopes, *after.scopes))
    )
    return tuple(c for c in changes if (c.before, c.after) != (silent, silent))
