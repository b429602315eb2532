"""From what the checks found to the place in the guide that is about it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from types import MappingProxyType

from pinned_tui.guide.conditions import Condition, parse
from pinned_tui.guide.model import UNSURE, VERDICT, Guide, Option, Section, Step
from pinned_tui.guide.paths import latest_answers, preselected, reachable
from pinned_tui.session import NAMES_NO_FAULT, Answer, Certainty, Session, Verdict, replace

_ASKS_NOTHING = frozenset({"key-missing"})
"""Verdicts that no question adds to: without a key there is nothing to ask about it."""


@dataclass(frozen=True, slots=True)
class OtherSection:
    """What the checks found first, where the current section does not lead to it.

    Attributes:
        section: The section that does, or None where none of the guide's does: the network, say.
    """

    verdict: Verdict
    section: Section | None


def enter_by_evidence(guide: Guide, session: Session) -> Session:
    """Go to the section and step that the leading verdict of the checks points to.

    The steps on the way are answered by the evidence, and as *can't tell* where it is silent; the
    way goes on from there as far as the evidence answers, and stops before the verdict, so that
    the user sees what it rests on. Where nothing was found, or nothing that a section is about,
    the session is at the verdict without a section; where no question adds to what was found, it
    is at the verdict within it.
    """
    found = _leading(session)
    section = _home(guide, found) if found is not None else None
    if found is None or section is None:
        return replace(session, section=None, step=VERDICT)
    if found.cause in _ASKS_NOTHING:
        return replace(session, section=section.id, step=VERDICT)
    stops = _way(section, _goal(section, found.cause), Condition.of(session))
    here = stops[-1][1].next if stops else section.first
    return _moved(session, section, here, stops)


def go_to(guide: Guide, session: Session, step_id: str) -> Session:
    """Go to a step of the guide, so that its answer counts.

    The steps on the way there keep the answers that lead to it; the others are answered by the
    evidence, and as *can't tell* where it is silent.

    Raises:
        KeyError: the guide has no such step.
    """
    section = next((one for one in guide.sections if one.step(step_id) is not None), None)
    if section is None:
        raise KeyError(step_id)
    way = _way(section, step_id, Condition.of(session), latest_answers(session))
    stops = list(takewhile(lambda stop: stop[0].id != step_id, way))
    return _moved(session, section, step_id, stops)


def _moved(
    session: Session, section: Section, here: str, stops: Iterable[tuple[Step, Option]]
) -> Session:
    """Return the session at a step, with the answers that lead there and were not given yet."""
    latest, at = latest_answers(session), _moment(session)
    answers = tuple(
        Answer(step=step.id, option=option.id, by="evidence", at=at)
        for step, option in stops
        if step.id not in latest or latest[step.id].option != option.id
    )
    return replace(session, section=section.id, step=here, answers=(*session.answers, *answers))


def elsewhere(guide: Guide, session: Session) -> OtherSection | None:
    """Return the leading verdict of the checks if the session's section is not about it."""
    found = _leading(session)
    section = guide.section(session.section)
    if found is None or section is None or _is_about(section, found):
        return None
    return OtherSection(found, _home(guide, found))


def question_about(guide: Guide, cause: str) -> Step | None:
    """Return the question whose answer would conclude ``cause``, if the guide has one."""
    for _, step in guide.steps():
        if step.kind == "choice" and any(option.cause == cause for option in step.options):
            return step
    return None


def causes_of(section: Section) -> frozenset[str]:
    """Return the causes that a section is about: those its options conclude or look for."""
    return frozenset(
        cause for step in section.steps for option in step.options for cause in _causes(option)
    )


def _causes(option: Option) -> frozenset[str]:
    looked_for = {
        term.name
        for condition in option.evidence
        for term in parse(condition)
        if term.subject == "cause" and not term.negated
    }
    return frozenset(looked_for | ({option.cause} if option.cause else set()))


def _leading(session: Session) -> Verdict | None:
    """Return the first verdict that the checks found and that is more than possible."""
    return next((v for v in session.verdicts if _was_found(v)), None)


def _was_found(verdict: Verdict) -> bool:
    found = verdict.cause not in NAMES_NO_FAULT and verdict.certainty is not Certainty.POSSIBLE
    return found and bool(verdict.evidence)


def _is_about(section: Section, verdict: Verdict) -> bool:
    return section.title == verdict.section or verdict.cause in causes_of(section)


def _home(guide: Guide, verdict: Verdict) -> Section | None:
    """Return the section that is about ``verdict``; the one of its own title, if several are."""
    about = [section for section in guide.sections if _is_about(section, verdict)]
    return next((s for s in about if s.title == verdict.section), about[0] if about else None)


def _way(
    section: Section,
    goal: str | None,
    evidence: Condition,
    answers: Mapping[str, Answer] = MappingProxyType({}),
) -> list[tuple[Step, Option]]:
    """Return the steps to pass, each with the option that leads on.

    Args:
        section: The section to walk through.
        goal: Id of the step to come by, if there is one.
        evidence: Answers what the user has not.
        answers: What the user answered, by step.
    """
    way: list[tuple[Step, Option]] = []
    passed: set[str] = set()
    step = section.step(section.first)
    while step is not None:
        passed.add(step.id)
        sought = goal if goal not in passed else None
        said, given = answers.get(step.id), preselected(step, evidence)
        own = step.option(said.option) if said is not None else None
        options = (own, given, step.option(UNSURE)) if sought is not None else (own, given)
        option = next((o for o in options if _leads_on(section, o, sought, passed)), None)
        if option is None:
            break
        way.append((step, option))
        evidence = evidence.with_answer(step.id, option.id)
        step = section.step(option.next)
    return way


def _leads_on(
    section: Section, option: Option | None, sought: str | None, passed: set[str]
) -> bool:
    """Return whether ``option`` leads to a new step, and to the one that is sought, if any is."""
    if option is None or option.next == VERDICT or option.next in passed:
        return False
    return sought is None or sought in reachable(section, option.next)


def _goal(section: Section, cause: str) -> str | None:
    """Return the first step that is about ``cause``, or None where only the section is."""
    return next((s.id for s in section.steps if any(cause in _causes(o) for o in s.options)), None)


def _moment(session: Session) -> str:
    """Return when the evidence was complete."""
    run = session.run
    if run is None:
        return session.started_at
    return run.finished_at or run.started_at
