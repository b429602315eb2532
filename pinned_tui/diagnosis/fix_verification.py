"""What became of what the first run found: proof that it is fixed, or why there is none. Pure.

A verdict that is absent from the latest run is not thereby fixed. It may be absent because its
layer was not reached, because its check did not run, or because something else was asked. Gone is
only what the latest run has looked at again and seen otherwise.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from pinned_tui.core.labels import UNTESTED
from pinned_tui.diagnosis.catalog import LAYERS, Catalog, Cause
from pinned_tui.diagnosis.engine import GATES, diagnose
from pinned_tui.diagnosis.event import CODE as EVENT_READ
from pinned_tui.diagnosis.facts import is_cached
from pinned_tui.diagnosis.run_diff import PARTS, QuestionPart, differences
from pinned_tui.session import (
    LEFT_OPEN,
    NOT_REPRODUCED,
    Certainty,
    Fate,
    Observation,
    Proven,
    Run,
    Session,
    Status,
    Verdict,
)

Observations = tuple[Observation, ...]

_MOST_SUMMARIES = 2

_READ_HERE = frozenset({"key", "payload-form", "payload-slugs"})
"""Probes that read what is on this machine: whatever they don't name is not there."""

_LISTS = {
    "classification-unknown": "classifications.listed",
    "payload-rejected": "contract.read",
}
"""By cause, the observation of what a payload is held against to tell it."""

_ABOUT = {"scope": "scope", "channel": "channel", "event": "event"}
"""By layer, the particular of an observation that says what it is about."""

_OWN: Mapping[str, tuple[QuestionPart, ...]] = {
    "scope": ("needs", "channel", "event", "payload"),
    "channel": ("channel",),
    "event": ("event", "event_day", "channel"),
    "body": ("payload",),
}
"""By layer, the parts of the question that say what it is about."""

_LOOKED_AT: Mapping[str, tuple[QuestionPart, ...]] = {
    "event": ("event", "event_day"),
    "links": ("event", "event_day"),
    "payload-form": ("payload",),
    "payload-slugs": ("payload",),
    "payload": ("payload",),
}
"""By probe, the parts of the question that say what it looks at."""

_FIELDS = {"event.no-image": "image", "event.link-unusable": "offers"}
"""By what was seen of an event, the field that must be told again for it to be gone."""

_STAGES = {
    "network.settings": 0,
    "network.proxy-name": 1,
    "network.name": 1,
    "network.name-unanswered": 1,
    "network.proxy-connect": 2,
    "network.connect": 2,
    "network.ipv6": 2,
    "network.proxy": 3,
    "network.tls": 4,
}
"""The stages of the way to the host: who passes a later one has passed the earlier."""

_UNASKED = "It is seen still, and nothing that is asked now needs it: "

_READ_AGAIN = "All of it was read again, and this is no longer among what is wrong in it."

_OTHERS = "The events that were alike are so no more; others are."

_CACHED = "It was only seen in a response from a cache, which may date from another time or key."

_PASTED = "It is in what was pasted, and the checks don't read that. Paste it again as it is now."

_SPOKE = frozenset({"authentication.accepted", "authentication.rejected"})
"""Observations that only an answer of the API itself makes."""


def prove(session: Session, catalogue: Catalog) -> tuple[Proven, ...]:
    """Describe what became of each fault that the first run named, in the latest run.

    Explanations are no faults, so nothing is to be proved of them; nor is it of a symptom that
    was not met.
    """
    before = session.before
    if before is None:
        return ()
    proving = _Proving(session, before, catalogue)
    return tuple(
        proving.of(verdict)
        for verdict in before.verdicts
        if verdict.cause != NOT_REPRODUCED and not is_explanation(verdict, catalogue)
    )


def is_explanation(verdict: Verdict, catalogue: Catalog) -> bool:
    """Return whether a verdict explains what is seen and names nothing to fix."""
    cause = catalogue.get(verdict.cause)
    return cause is not None and cause.outcome == "explanation"


def identity(verdict: Verdict, catalogue: Catalog) -> tuple[str, str | None]:
    """Return what makes two verdicts of different runs the same one.

    What blocks the way is there once, whatever it is about; and a subject that names one answer,
    such as its request ID or the moment to retry, is another one in every run.
    """
    cause = catalogue.get(verdict.cause)
    passing = cause is not None and (cause.layer in (*GATES, "rate") or cause.passing_subject)
    return verdict.cause, None if passing else verdict.subject


def is_the_same(first: Verdict, again: Verdict, session: Session) -> bool:
    """Return whether two verdicts of one identity may be about the same.

    They are not where both name all the events that are alike, and no two of them stay so.
    """
    before, now = _alike(first, session), _alike(again, session)
    return before is None or now is None or not before.isdisjoint(now)


def _alike(verdict: Verdict, session: Session) -> set[tuple[str, str]] | None:
    """Return the pairs of events that a verdict calls alike; None where it does not name all."""
    pairs: set[tuple[str, str]] = set()
    for seen in session.observations:
        if seen.id not in verdict.evidence or seen.code != "events.duplicates":
            continue
        groups = seen.data["groups"]
        if seen.data["event_count"] != sum(len(group["ids"]) for group in groups):
            return None
        for group in groups:
            pairs.update(combinations(sorted(map(str, group["ids"])), 2))
    return pairs or None


class _Proving:
    """The latest run of a session, to be held against verdicts of the first."""

    def __init__(self, session: Session, before: Run, catalogue: Catalog) -> None:
        self._catalogue = catalogue
        self._session = session
        self._latest = session.runs[-1]
        self._by_id = {one.id: one for one in session.observations}
        self._seen = session.latest()
        self._planned = {probe for run in together(session) for probe in run.probes}
        self._named = {identity(v, catalogue): v for v in self._latest.verdicts}
        self._behind = {
            (found.cause, found.subject): found for found in diagnose(session, catalogue).silenced
        }
        self._differs = dict(differences(before, self._latest))

    def of(self, verdict: Verdict) -> Proven:
        """Judge one verdict of the first run."""
        again = self._named.get(identity(verdict, self._catalogue))
        if again is not None and not is_the_same(verdict, again, self._session):
            return self._others(verdict, again)
        if again is not None:
            shown = [self._by_id[id_] for id_ in again.evidence if id_ in self._by_id]
            return _proven(verdict, "staying", _said(shown, passed=False) or again.summary, shown)
        if not verdict.evidence:
            return _proven(verdict, "only told", UNTESTED)
        silenced = self._behind.get((verdict.cause, verdict.subject))
        if silenced is not None:
            why = _said(silenced.evidence, passed=False)
            return _proven(verdict, "staying", why, silenced.evidence)
        cause = self._catalogue.get(verdict.cause)
        shown = [self._by_id[id_] for id_ in verdict.evidence if id_ in self._by_id]
        if cause is None or not shown:
            return _proven(verdict, "not proven", "This version does not know what shows it.")
        if shown[0].code.startswith("pasted."):
            return _proven(verdict, "not proven", _PASTED)
        return self._held_against(verdict, cause, shown)

    def _others(self, verdict: Verdict, again: Verdict) -> Proven:
        """Judge copies of which none is a copy now, while other events are."""
        cause = self._catalogue[verdict.cause]
        shown = [self._by_id[id_] for id_ in again.evidence if id_ in self._by_id]
        if told := self._changed(cause.hangs_on):
            return _proven(verdict, "asked differently", told)
        if any(is_cached(one, self._session) for one in shown):
            return _proven(verdict, "not proven", _CACHED, shown)
        if any(one.data.get("complete") is False for one in shown):
            return _proven(verdict, "not proven", _said(shown, passed=False), shown)
        return _proven(verdict, "gone", _OTHERS, shown)

    def _held_against(self, verdict: Verdict, cause: Cause, shown: list[Observation]) -> Proven:
        """Judge a verdict by its evidence; the first of it is the observation that showed it."""
        if told := self._changed(cause.hangs_on):
            return _proven(verdict, "asked differently", told)
        answers = self._answers(cause, shown)
        if any(is_cached(one, self._session) for one in answers):
            return _proven(verdict, "not proven", _CACHED, answers)
        if answers:
            passed = any(one.status is Status.PASS for one in answers)
            read = shown[0].probe in _READ_HERE and not passed
            return _proven(verdict, "gone", _READ_AGAIN if read else _said(answers), answers)
        about = _ABOUT.get(cause.layer, "")
        still = self._unasked(shown[0], about)
        if still is not None:
            return _proven(verdict, "asked differently", _UNASKED + still.summary, (still,))
        unplanned = bool(self._planned) and shown[0].probe not in self._planned
        own = _OWN.get(cause.layer, ()) + _LOOKED_AT.get(shown[0].probe, ())
        parts = tuple(PARTS) if unplanned else tuple(dict.fromkeys(own))
        if told := self._changed(parts):
            return _proven(verdict, "asked differently", told)
        return _proven(verdict, "not proven", self._why_not(cause, shown[0]))

    def _changed(self, parts: tuple[QuestionPart, ...]) -> str:
        told = "; ".join(str(self._differs[part]) for part in parts if part in self._differs)
        return f"The question was another one: {told}." if told else ""

    def _unasked(self, shown: Observation, about: str) -> Observation | None:
        """Return the same observation again where it alarms no more, since nobody asked."""
        for one in self._seen:
            same = one.code == shown.code and one.data.get(about) == shown.data.get(about)
            if same and shown.asked and not one.asked and one.status is not Status.PASS:
                return one
        return None

    # -- what speaks against it ----------------------------------------------------------------

    def _answers(self, cause: Cause, evidence: list[Observation]) -> Observations:
        """Return what was seen in the latest run that shows the cause to be gone."""
        shown, about = evidence[0], _ABOUT.get(cause.layer, "")
        if self._looks_elsewhere(shown):
            return ()
        if shown.probe in _READ_HERE:
            return self._read_again(cause, shown)
        if cause.id == LEFT_OPEN:
            settled = [self._settled(one.probe) for one in evidence]
            return settled[0] if all(settled) else ()
        if shown.code.startswith("network."):
            return self._way_passed(shown) or self._spoke()
        if is_trouble(shown):
            return self._spoke() if shown.probe == "authentication" else self._settled(shown.probe)
        if self._is_of_another_question(shown, about):
            return ()
        if not self._tells_of(_FIELDS.get(shown.code)):
            return ()
        if cause.excluded_by:
            return tuple(
                o for o in self._seen if o.code in cause.excluded_by and _refutes(o, shown, about)
            )
        passed = tuple(o for o in self._settled(shown.probe) if o.status is Status.PASS)
        named = any(about in shown.data and about in one.data for one in passed)
        if self._changed(_OWN.get(about, ())) and not named:
            return ()
        return passed if all(_refutes(one, shown, about) for one in passed) else ()

    def _looks_elsewhere(self, shown: Observation) -> bool:
        """Return whether what gave no answer, or was read here, is no longer what is looked at."""
        held = shown.code == "event.forbidden" or shown.probe in _READ_HERE or is_trouble(shown)
        return held and bool(self._changed(_LOOKED_AT.get(shown.probe, ())))

    def _tells_of(self, field: str | None) -> bool:
        """Return whether an event that was read tells of a field; true where none is needed."""
        return field is None or any(
            field in (o.data.get("document") or {}) for o in self._seen if o.code == EVENT_READ
        )

    def _is_of_another_question(self, shown: Observation, about: str) -> bool:
        """Return whether it is not said what was seen, and that was asked about differently."""
        parts = tuple(part for part in PARTS if about and part in {about, f"{about}_day"})
        return shown.data.get(about) is None and bool(self._changed(parts))

    def _read_again(self, cause: Cause, shown: Observation) -> Observations:
        """What is on this machine was read again, all of it, and the fault is not there."""
        whole = [one for one in self._seen if one.probe == "payload-form"]
        unreadable = any(str(one.data.get("cause")).startswith("body-") for one in whole)
        if unreadable and not cause.id.startswith("body-"):
            return ()
        if shown.probe == "payload-slugs" and not self._read(_LISTS.get(cause.id, "")):
            return ()
        return self._settled(shown.probe)

    def _read(self, code: str) -> bool:
        """Return whether a list of the API's was read to its end; true where none is needed."""
        return not code or any(
            o.code == code and o.status is Status.PASS and o.data.get("complete") is not False
            for o in self._seen
        )

    def _way_passed(self, shown: Observation) -> Observations:
        passed = [one for one in self._seen if one.status is Status.PASS]
        return tuple(o for o in passed if _STAGES.get(o.code, -1) >= _STAGES[shown.code])

    def _spoke(self) -> Observations:
        return tuple(one for one in self._seen if one.code in _SPOKE)

    def _settled(self, probe: str) -> Observations:
        """Return what a probe saw, where it came to its end and left nothing open."""
        seen = tuple(one for one in self._seen if one.probe == probe)
        left = [one for one in seen if is_open(one)]
        return () if len(left) == len(seen) or any(one.asked for one in left) else seen

    # -- why there is no proof -----------------------------------------------------------------

    def _why_not(self, cause: Cause, shown: Observation) -> str:
        seen = [one for one in self._seen if one.probe == shown.probe]
        first = self._in_the_way(cause, begun=any(not o.code.startswith("run.") for o in seen))
        if first is not None:
            return f"It was not looked at again, because something else comes first: {first.title}."
        if not seen and shown.probe not in self._planned:
            return "It was not looked at again: the check that saw it did not run."
        left = [one for one in seen if is_open(one)] or [o for o in seen if o.status is Status.FAIL]
        if left:
            return f"It was not settled. {_said(left, passed=False)}"
        return "What was seen this time does not show whether it is fixed."

    def _in_the_way(self, cause: Cause, *, begun: bool) -> Verdict | None:
        """Return the verdict of the latest run that stands before the layer of a cause.

        A check that was not even begun may be behind another one of its own layer.
        """
        for verdict in self._latest.verdicts:
            other = self._catalogue.get(verdict.cause)
            if other is None or verdict.certainty is Certainty.POSSIBLE or not verdict.evidence:
                continue
            blocks = other.layer in GATES or other.layer == "rate"
            ahead = LAYERS.index(cause.layer) - LAYERS.index(other.layer)
            if blocks and (ahead > 0 or other.layer == "rate" or (ahead == 0 and not begun)):
                return verdict
        return None


def together(session: Session) -> Iterator[Run]:
    """Go through the latest run, and those before it to which it only adds."""
    for run in reversed(session.runs):
        yield run
        if run.purpose != "further":
            return


def is_trouble(seen: Observation) -> bool:
    """Return whether an answer told nothing of key, scope or data."""
    return seen.code.startswith(("answer.", "rate.", "network.")) and seen.status is not Status.PASS


def is_open(seen: Observation) -> bool:
    """Return whether an observation leaves open what it was to find out."""
    undecided = seen.status in {Status.UNKNOWN, Status.SKIP} or seen.code.startswith("run.")
    return undecided or is_trouble(seen)


def _refutes(seen: Observation, shown: Observation, about: str) -> bool:
    """Return whether ``seen`` passes what ``shown`` had failed, about the same thing."""
    this, that = seen.data.get(about), shown.data.get(about)
    same = this is None or that is None or str(this) == str(that)
    return seen.status is Status.PASS and seen.data.get("complete") is not False and same


def _proven(verdict: Verdict, fate: Fate, why: str, shown: Iterable[Observation] = ()) -> Proven:
    return Proven(
        cause=verdict.cause,
        title=verdict.title,
        certainty=verdict.certainty,
        fate=fate,
        why=why,
        subject=verdict.subject,
        evidence=tuple(one.id for one in shown),
    )


def _said(seen: Iterable[Observation], *, passed: bool = True) -> str:
    """Join what was seen into one text: first what passed, or what did not; a little is enough."""
    weighed = sorted(seen, key=lambda one: (one.status is Status.PASS) is not passed)
    return " ".join(tuple(dict.fromkeys(one.summary for one in weighed))[:_MOST_SUMMARIES])
