"""What changed between the first check and the latest one: the proof that a fix works. Pure.

What became of each verdict is decided by :mod:`pinned_tui.diagnosis.fix_verification`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pinned_tui.core import labels
from pinned_tui.diagnosis.catalog import Catalog, load_catalogue
from pinned_tui.diagnosis.fix_verification import (
    identity,
    is_explanation,
    is_the_same,
    prove,
    together,
)
from pinned_tui.diagnosis.run_diff import Difference, differences
from pinned_tui.session import (
    NAMES_NO_FAULT,
    Fate,
    KeyFacts,
    Proven,
    Run,
    ScopeState,
    Session,
    Status,
    Verdict,
    weightiest,
)


@dataclass(frozen=True, slots=True)
class ProbeChange:
    """What a probe saw in the first run and in the latest; None where it saw nothing.

    Attributes:
        spared: Whether the latest run had it at hand and no need of it.
    """

    probe: str
    before: Status | None
    after: Status | None
    spared: bool = False

    @property
    def changed(self) -> bool:
        """Whether the two differ; of one that was not needed again nothing was lost."""
        return self.before is not self.after and not self.spared


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
    """The first run of a session and its latest.

    Explanations are no faults, so they are neither gone nor new.

    Attributes:
        proof: What became of each verdict of the first run, and what shows it.
        gone: Those that the latest run looked at again and found not to hold.
        elsewhere: Those that are absent because something else was asked.
        unproven: Those that are absent because the latest run did not get to them.
        untested: Those that rest on the user's answers alone: no check saw them, so none
            can prove that they are fixed.
        new: Verdicts of the latest run that the first did not name.
        staying: Verdicts that both runs came to.
        asked: In what the question and the key differ.
        probes: Every probe of either run, in the order in which it first ran.
        scopes: The scopes that either run knows something about.
    """

    before: Run
    after: Run
    proof: tuple[Proven, ...]
    gone: tuple[Verdict, ...]
    elsewhere: tuple[Verdict, ...]
    unproven: tuple[Verdict, ...]
    untested: tuple[Verdict, ...]
    new: tuple[Verdict, ...]
    staying: tuple[Verdict, ...]
    asked: tuple[Difference, ...]
    probes: tuple[ProbeChange, ...]
    scopes: tuple[ScopeChange, ...]


def compare(session: Session) -> Comparison | None:
    """Return the first run beside the latest, or None where there are not two."""
    before = session.before
    if before is None:
        return None
    after = session.runs[-1]
    catalogue = load_catalogue()
    proof = session.proof or prove(session, catalogue)
    fates = {(one.cause, one.subject): one.fate for one in proof}

    def ended(fate: Fate) -> tuple[Verdict, ...]:
        return tuple(v for v in before.verdicts if fates.get((v.cause, v.subject)) == fate)

    new, again = _named_now(session, before, after, catalogue)
    named = {identity(verdict, catalogue) for verdict in again}
    hidden = [v for v in ended("staying") if identity(v, catalogue) not in named]
    return Comparison(
        before=before,
        after=after,
        proof=proof,
        gone=ended("gone"),
        elsewhere=ended("asked differently"),
        unproven=ended("not proven"),
        untested=ended("only told"),
        new=new,
        staying=(*again, *hidden),
        asked=tuple(_asked(before, after)),
        probes=_probes(session, before),
        scopes=_scopes(before, after),
    )


def fates(comparison: Comparison) -> Iterator[tuple[Fate, str, str]]:
    """Yield what became of each fault of the first run: its fate, in words, and what shows it."""
    for fate in labels.FATE:
        for one in comparison.proof:
            if one.fate == fate:
                possible = ", which was only possible" if one.certainty == "possible" else ""
                yield (
                    fate,
                    f"{labels.FATE[fate].word.capitalize()}: {one.title}{possible}",
                    one.why,
                )


def _named_now(
    session: Session, before: Run, after: Run, catalogue: Catalog
) -> tuple[tuple[Verdict, ...], tuple[Verdict, ...]]:
    """Return the faults that the latest run names: those that are new, and those that stay."""
    first = {identity(verdict, catalogue): verdict for verdict in before.verdicts}

    def known(verdict: Verdict) -> bool:
        then = first.get(identity(verdict, catalogue))
        return then is not None and is_the_same(then, verdict, session)

    faults = [v for v in after.verdicts if not is_explanation(v, catalogue)]
    found = [v for v in faults if v.cause not in NAMES_NO_FAULT]  # nothing was found there
    new = tuple(v for v in found if not known(v))
    return new, tuple(v for v in faults if known(v))


def _asked(before: Run, after: Run) -> Iterator[Difference]:
    for _, difference in differences(before, after):
        yield difference
    if before.target is not None and after.target is not None and before.key != after.key:
        yield Difference("key", _in_short(before.key), _in_short(after.key))


def _in_short(key: KeyFacts | None) -> str | None:
    return None if key is None else f"{labels.plural(key.length, 'character')} from {key.source}"


def _probes(session: Session, before: Run) -> tuple[ProbeChange, ...]:
    ids = [run.id for run in session.runs]
    side = dict.fromkeys(ids[: ids.index(before.id) + 1], 0)
    side |= {run.id: 1 for run in together(session)}
    seen: dict[str, tuple[list[Status], list[Status]]] = {}
    for observation in session.observations:
        if observation.run in side:
            sides = seen.setdefault(observation.probe, ([], []))
            sides[side[observation.run]].append(observation.status)
    planned = {probe for run in together(session) for probe in run.probes}
    return tuple(
        ProbeChange(probe, weightiest(then), weightiest(now), spared=not now and probe in planned)
        for probe, (then, now) in seen.items()
    )


def _scopes(before: Run, after: Run) -> tuple[ScopeChange, ...]:
    silent = ScopeState.NOT_PROBED
    changes = (
        ScopeChange(scope, before.scopes.get(scope, silent), after.scopes.get(scope, silent))
        for scope in dict.fromkeys((*before.scopes, *after.scopes))
    )
    return tuple(c for c in changes if (c.before, c.after) != (silent, silent))
