"""From observations to ranked verdicts and an outcome. Pure.

All causes that the observations allow are collected; what lies behind a failed layer is silenced,
since a key can't be judged by an answer that the API never gave; the rest is ranked by layer,
then by certainty. The first verdict is the answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pinned_tui.diagnosis.catalog import LAYERS, Catalog, CauseLayer, worded
from pinned_tui.diagnosis.examined import UNRECOGNISED, looked_at, nothing_examined
from pinned_tui.diagnosis.facts import CauseRule, Facts, Finding, is_cached
from pinned_tui.diagnosis.rules import RULES
from pinned_tui.diagnosis.symptoms import not_reproduced, symptom_row
from pinned_tui.diagnosis.templates import Values
from pinned_tui.session import (
    LEFT_OPEN,
    NAMES_NO_FAULT,
    Certainty,
    Observation,
    Outcome,
    Session,
    Status,
    Verdict,
)

GATES = ("key", "address", "network", "responder", "authentication")
"""Layers whose failure makes everything behind them undecided."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The result: ranked verdicts, and what they come to.

    Attributes:
        silenced: What was found behind a failed layer, and is therefore not judged.
        undecided: Causes that stand only because the user could not tell, each with its subject.
    """

    verdicts: tuple[Verdict, ...]
    outcome: Outcome
    silenced: tuple[Finding, ...] = ()
    undecided: frozenset[tuple[str, str | None]] = frozenset()


@dataclass(frozen=True, slots=True)
class ReportedCause:
    """A cause that the user's answers at the guide's steps conclude.

    Attributes:
        subject: The scope or field that the answers named.
        found: What the user typed with it, cleaned and redacted.
        unsure: Whether the answer was that they can't tell.
    """

    cause: str
    certainty: Certainty
    subject: str | None = None
    found: str | None = None
    unsure: bool = False


def diagnose(
    session: Session,
    catalogue: Catalog,
    reported: Iterable[ReportedCause] = (),
    rules: Sequence[CauseRule] = RULES,
    unproven: Sequence[str] = (),
    *,
    fixed: bool = False,
) -> Diagnosis:
    """Diagnose the latest run of ``session``.

    Args:
        session: With the observations of the run.
        catalogue: The words of the causes, their layers and outcomes.
        reported: Causes concluded from the user's answers.
        rules: What reads the observations.
        unproven: Titles of the faults of an earlier run that this one does not prove fixed.
        fixed: Whether this run proves that a fault of an earlier one, which the user's symptom
            came from, is fixed.
    """
    facts, reported = Facts(session), tuple(reported)
    findings = [finding for rule in rules for finding in rule(facts)]
    findings = [_of_its_age(finding, session, catalogue) for finding in findings]
    findings += [_finding_of(one) for one in reported if _counts(one, findings, facts, catalogue)]
    collected = _without_signs(findings, catalogue)
    findings = _before_the_gate(collected, catalogue)
    kept = set(map(id, findings))  # comparing thousands of them with each other takes long
    silenced = tuple(finding for finding in collected if id(finding) not in kept)
    findings = _answering(findings, facts, catalogue, unproven, fixed=fixed)
    findings.sort(key=lambda f: _place(f, catalogue))
    findings = _once(findings, catalogue)
    verdicts = tuple(_verdict(finding, catalogue) for finding in findings)
    unsure = {(one.cause, one.subject) for one in reported if one.unsure}
    return Diagnosis(
        verdicts=verdicts,
        outcome=outcome(session, verdicts, catalogue),
        silenced=silenced,
        undecided=frozenset(
            (v.cause, v.subject)
            for v in verdicts
            if not v.evidence
            and v.certainty is Certainty.POSSIBLE
            and (v.cause, v.subject) in unsure
        ),
    )


_FROM_A_CACHE = "The response comes from a cache, so it may be out of date (response-cached)."
_KEPT: frozenset[CauseLayer] = frozenset({"scope", "channel", "event"})
"""Layers of what the API keeps, of which a cache may hold an older state."""


def _of_its_age(finding: Finding, session: Session, catalogue: Catalog) -> Finding:
    """Let nothing be sure that rests on an answer from a cache."""
    kept = catalogue[finding.cause].layer in _KEPT
    if not kept or not any(is_cached(seen, session) for seen in finding.evidence):
        return finding
    sure = finding.certainty is Certainty.CONFIRMED
    return replace(
        finding,
        certainty=Certainty.LIKELY if sure else finding.certainty,
        alternatives=(*finding.alternatives, _FROM_A_CACHE),
    )


def _once(findings: list[Finding], catalogue: Catalog) -> list[Finding]:
    """Keep one finding of each cause and subject; of what blocks the way, one of each cause."""
    kept: dict[tuple[str, str | None], Finding] = {}
    for finding in findings:
        blocks = catalogue[finding.cause].layer in GATES and not finding.stands
        kept.setdefault((finding.cause, None if blocks else finding.subject), finding)
    return list(kept.values())


def _without_signs(findings: list[Finding], catalogue: Catalog) -> list[Finding]:
    """Drop the causes that another one explains, which then rests on what showed them."""
    explained = {sign: f.cause for f in findings for sign in catalogue[f.cause].explains}
    shown: dict[str, tuple[Observation, ...]] = {}
    for finding in findings:
        if finding.cause in explained:
            by = explained[finding.cause]
            shown[by] = (*shown.get(by, ()), *finding.evidence)
    return [
        replace(finding, evidence=(*finding.evidence, *shown.get(finding.cause, ())))
        for finding in findings
        if finding.cause not in explained
    ]


def _finding_of(one: ReportedCause) -> Finding:
    """Return the finding that an answer makes; who can't tell has not said that it is so."""
    guess = one.unsure or one.certainty is Certainty.POSSIBLE
    values = _values_of(one)
    return Finding(one.cause, one.certainty, (), one.subject, one.found, values=values, guess=guess)


def _counts(one: ReportedCause, found: Iterable[Finding], facts: Facts, catalogue: Catalog) -> bool:
    """Return whether an answer adds to what the checks found, and does not contradict it.

    A scope that was named is not found by finding another one missing.
    """
    if one.cause not in catalogue or _excluded(one, facts, catalogue):
        return False
    scoped = catalogue[one.cause].layer == "scope" and one.subject is not None
    known = {(f.cause, f.subject if scoped else None) for f in found}
    return (one.cause, one.subject if scoped else None) not in known


def _excluded(reported: ReportedCause, facts: Facts, catalogue: Catalog) -> bool:
    """Return whether the checks saw the opposite of what was reported."""
    return any(
        seen.status is Status.PASS
        and seen.data.get("scope", reported.subject) == reported.subject
        and not seen.data.get("partly")
        for seen in facts.all(*catalogue[reported.cause].excluded_by)
    )


def _settles(finding: Finding, catalogue: Catalog) -> bool:
    """Return whether a finding is an answer, beside which what was left open need not be named."""
    explains = catalogue[finding.cause].outcome == "explanation"
    return finding.certainty is not Certainty.POSSIBLE and not explains


def _answering(
    findings: list[Finding],
    facts: Facts,
    catalogue: Catalog,
    unproven: Sequence[str],
    *,
    fixed: bool,
) -> list[Finding]:
    """Let the findings answer what the user came with.

    What was asked for comes first: found, or still open. A refusal that nobody asked for explains
    the symptom only beside neither. Where nothing does, that is said, with what to rule out next.
    """
    found = any(_settles(one, catalogue) and not one.unasked for one in findings)
    open_ = [] if found else _left_open(facts, unproven)
    if found or open_:
        return [*(_not_sure(one) if one.unasked else one for one in findings), *open_]
    if fixed or any(_settles(one, catalogue) for one in findings):
        return findings
    examined = looked_at(facts.session)
    if not examined:
        return [*findings, *nothing_examined(facts)]
    row = symptom_row(facts.session.target.symptom)
    if row is None or not _is_finished(facts.session):
        return findings
    if any(_explains(one, catalogue) and row.is_about(catalogue[one.cause]) for one in findings):
        return findings
    refused = [one for one in findings if one.unasked]
    return [*findings, not_reproduced(row, facts, examined, refused, unproven)]


def _explains(finding: Finding, catalogue: Catalog) -> bool:
    """Return whether a finding is an answer with nothing to fix; a mere guess is none."""
    grounded = bool(finding.evidence) or finding.certainty is not Certainty.POSSIBLE
    return grounded and catalogue[finding.cause].outcome == "explanation"


def _not_sure(finding: Finding) -> Finding:
    return replace(finding, certainty=Certainty.POSSIBLE)


def _is_finished(session: Session) -> bool:
    """Return whether a check ran to its end; before that, what it did not meet means nothing."""
    run = session.run
    return run is not None and run.purpose != "inspect" and run.finished_at is not None


def _left_open(facts: Facts, unproven: Sequence[str]) -> list[Finding]:
    """Name what was asked for and is still not known, where nothing else was found."""
    unsettled = [seen for seen in facts.latest() if _is_open(seen)]
    if not unsettled:
        return []
    open_ = [seen for seen in unsettled if seen.code != _STOPPED]
    values = {
        "detail": " ".join(seen.summary for seen in open_[:3]) or None,
        **_leading_words(stopped=len(open_) < len(unsettled), unproven=unproven),
        **_ways_on(unsettled),
    }
    return [Finding(LEFT_OPEN, Certainty.CONFIRMED, tuple(unsettled), values=values)]


def _leading_words(*, stopped: bool, unproven: Sequence[str]) -> dict[str, str | None]:
    """Say first what matters most: a known fault that may still be there, and who ended it."""
    rest = "The check did not get to everything that was asked."
    return {
        "short": "You stopped the check before it was done" if stopped else None,
        "stopped": "You stopped the check before it was done." if stopped else None,
        "unproven": "; ".join(unproven) or None,
        "open": rest if stopped or unproven else None,
    }


_STOPPED = "run.interrupted"
_CUT_SHORT = {"run.deadline", _STOPPED}
_NOT_ALL_READ = {"events.partly-compared", "event.unknown"}
_NOT_TOLD = {"event.start-not-compared", "event.channel-untold", "events.not-compared"}


def _ways_on(unsettled: Sequence[Observation]) -> dict[str, str | None]:
    """Return what the steps towards an answer name; a step whose value is None is no way on."""
    codes = {seen.code for seen in unsettled}
    routes = dict.fromkeys(
        str(seen.data["route"]) for seen in unsettled if seen.code == "run.unconsented"
    )
    fitting = [e for s in unsettled if s.code == "event.several" for e in s.data["candidates"]]
    cut = [str(s.data["reason"]) for s in unsettled if s.code in _CUT_SHORT]
    parts = [str(s.data["part"]) for s in unsettled if s.code in _NOT_ALL_READ and "part" in s.data]
    named = {"event.several", "run.unconsented", *_CUT_SHORT, *_NOT_ALL_READ, *_NOT_TOLD}
    ids = [str(s.data["request_id"]) for s in unsettled if s.data.get("request_id")]
    return {
        "route": ", ".join(routes) or None,
        "candidates": "; ".join(_candidate(one) for one in fitting[:5]) or None,
        "reason": cut[0] if cut else None,
        "part": parts[0] if parts and not cut else None,
        "untold": "what the API does not say" if codes & _NOT_TOLD else None,
        "unclear": "a response stays unclear" if codes - named else None,
        "request_id": ids[0] if ids else None,
    }


def _candidate(event: Mapping[str, object]) -> str:
    return f"{event['id']}: “{event.get('title')}”, {event.get('start') or 'no start'}"


def _values_of(reported: ReportedCause) -> Values:
    """Let the subject stand for the scope or field that the sentences may name."""
    layer_word = "scope" if reported.cause == "scope-missing" else "field"
    return {layer_word: reported.subject}


def _before_the_gate(findings: list[Finding], catalogue: Catalog) -> list[Finding]:
    """Drop what lies behind the first failed gate; what a user reported stays."""
    failed = [
        LAYERS.index(catalogue[f.cause].layer)
        for f in findings
        if catalogue[f.cause].layer in GATES
        and f.certainty is not Certainty.POSSIBLE
        and f.evidence
        and not f.stands
        and catalogue[f.cause].outcome != "explanation"
    ]
    if not failed:
        return findings
    gate = min(failed)
    return [
        f
        for f in findings
        if f.stands or not f.evidence or LAYERS.index(catalogue[f.cause].layer) <= gate
    ]


def _place(finding: Finding, catalogue: Catalog) -> tuple[bool, bool, bool, bool, bool, int, int]:
    """Return what findings are ranked by; of those merely possible, what was seen goes first."""
    cause = catalogue[finding.cause]
    possible = finding.certainty is Certainty.POSSIBLE
    return (
        possible,
        cause.outcome == "explanation",
        possible and not finding.unasked,
        possible and not finding.evidence,
        not finding.harm,
        LAYERS.index(cause.layer),
        finding.certainty.rank,
    )


def _verdict(finding: Finding, catalogue: Catalog) -> Verdict:
    cause = catalogue[finding.cause]
    words = worded(
        cause,
        {
            "subject": finding.subject,
            "found": finding.found,
            "suggestion": finding.suggestion,
            **finding.values,
        },
        seen=bool(finding.evidence) or finding.cause in NAMES_NO_FAULT,
        guess=finding.guess,
    )
    return Verdict(
        cause=cause.id,
        certainty=finding.certainty,
        title=words.title,
        section=cause.section,
        summary=words.summary,
        fix=(*finding.steps, *words.fix),
        verify=words.verify,
        docs=cause.docs_url,
        evidence=tuple(seen.id for seen in finding.evidence),
        subject=finding.subject,
        found=finding.found,
        suggestion=finding.suggestion,
        alternatives=(*_left(words.alternatives, finding.excludes), *finding.alternatives),
        unknowable=words.unknowable,
    )


def _left(alternatives: tuple[str, ...], excluded: tuple[str, ...]) -> tuple[str, ...]:
    """Drop the alternatives that name a cause which the evidence rules out."""
    ends = tuple(f"({cause})" for cause in excluded)
    return tuple(one for one in alternatives if not (ends and one.endswith(ends)))


def outcome(session: Session, verdicts: Iterable[Verdict], catalogue: Catalog) -> Outcome:
    """Return what ``verdicts`` come to; the exit code of a check follows from it.

    A verdict that is likely or better and names something to fix is a problem. What could not be
    finished, or was asked for and is not known, is inconclusive, and so is a run that examined
    nothing of what was asked for. Else that holds.
    Whatever a pasted input shows is a problem too, but for an input that nothing recognises, and
    for a failure of the network, an edge or the server that a program only reports.
    """
    sure = [v.cause for v in verdicts if v.certainty is not Certainty.POSSIBLE]
    strong = {catalogue[cause].outcome for cause in sure if cause != UNRECOGNISED}
    if "inconclusive" in strong and _shows_responses(session):
        strong.add("problem")
    if UNRECOGNISED in sure:
        strong.add("inconclusive")
    if "problem" in strong:
        return Outcome.PROBLEM
    if "inconclusive" in strong or not looked_at(session):
        return Outcome.INCONCLUSIVE
    return Outcome.HEALTHY


def _shows_responses(session: Session) -> bool:
    """Return whether the run looked at a pasted input that is more than the report of an error."""
    run = session.run
    if run is None or run.purpose != "inspect":
        return False
    return not any(
        seen.run == run.id and seen.code == "pasted.recognised" and seen.data.get("reported")
        for seen in session.observations
    )


def _is_open(seen: Observation) -> bool:
    """Return whether an observation leaves something open that was asked for."""
    unsettled = seen.status in {Status.UNKNOWN, Status.SKIP}
    unanswered = seen.status is Status.FAIL and seen.code.startswith(
        ("answer.", "network.", "run.")
    )
    return seen.asked and (unsettled or unanswered)
