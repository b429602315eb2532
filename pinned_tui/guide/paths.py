"""The way through a section: the stops so far, and the steps that probably follow. Pure."""

from dataclasses import dataclass

from pinned_tui.guide.conditions import Condition
from pinned_tui.guide.model import Guide, Option, Section, Step
from pinned_tui.session import Answer, Session


@dataclass(frozen=True, slots=True)
class PathStop:
    """A step on the path, with the latest answer to it, if there is one."""

    step: Step
    option: Option | None = None
    answer: Answer | None = None


def latest_answers(session: Session) -> dict[str, Answer]:
    """Return the latest answer by step: the one that counts."""
    return {made.step: made for made in session.answers}


def where(guide: Guide, session: Session) -> tuple[Section | None, Step | None]:
    """Return the section and the step that ``session`` is at; no step at the verdict."""
    section = guide.section(session.section)
    return section, section.step(session.step) if section is not None else None


def path(guide: Guide, session: Session) -> tuple[PathStop, ...]:
    """Return the way from the section's first step along the latest answers.

    It ends at the verdict, at a step without an answer, or where it would go in a circle. The
    session's own step is always on it, at the end where the answers don't lead there.
    """
    section, here = where(guide, session)
    if section is None:
        return ()
    latest = latest_answers(session)
    stops: dict[str, PathStop] = {}
    step = section.step(section.first)
    while step is not None and step.id not in stops:
        made = latest.get(step.id)
        option = step.option(made.option) if made is not None else None
        stops[step.id] = PathStop(step, option, made if option is not None else None)
        step = section.step(option.next) if option is not None else None
    if here is not None and here.id not in stops:
        stops[here.id] = PathStop(here)
    return tuple(stops.values())


def trail(guide: Guide, session: Session) -> tuple[PathStop, ...]:
    """Return the stops of the path before the current step, all of them at the verdict."""
    stops = path(guide, session)
    ids = [stop.step.id for stop in stops]
    return stops[: ids.index(session.step)] if session.step in ids else stops


def preselected(step: Step, evidence: Condition) -> Option | None:
    """Return the option that the evidence gives: the first with a condition that holds."""
    return next((o for o in step.options if any(map(evidence.holds, o.evidence))), None)


def road_ahead(guide: Guide, session: Session) -> tuple[Step, ...]:
    """Return the steps that probably follow the current one.

    Along the latest answers and the evidence; where neither speaks, the longest way is taken, so
    that an estimate made of it shrinks rather than grows.
    """
    section, step = where(guide, session)
    if section is None or step is None:
        return ()
    latest, evidence = latest_answers(session), Condition.of(session)
    way = {stop.step.id: stop.step for stop in trail(guide, session)}
    passed = len(way)
    while step is not None and step.id not in way:
        way[step.id] = step
        made = latest.get(step.id)
        option = step.option(made.option) if made is not None else None
        option = option or preselected(step, evidence)
        if option is None:
            rest = (_longest(section, o.next, frozenset(way)) for o in step.options)
            way |= {s.id: s for s in max(rest, key=len)}
            break
        step = section.step(option.next)
    return tuple(way.values())[passed + 1 :]


def _longest(section: Section, step_id: str, passed: frozenset[str]) -> tuple[Step, ...]:
    """Return the longest way from a step to the verdict that visits no step twice."""
    step = section.step(step_id)
    if step is None or step_id in passed:
        return ()
    rest = (_longest(section, o.next, passed | {step_id}) for o in step.options)
    return (step, *max(rest, key=len))


def reachable(section: Section, step_id: str) -> frozenset[str]:
    """Return the ids of the steps that can follow a step, with its own and with the verdict's."""
    seen: set[str] = set()
    left = [step_id]
    while left:
        here = left.pop()
        if here in seen:
            continue
        seen.add(here)
        step = section.step(here)
        left += [o.next for o in step.options] if step is not None else []
    return frozenset(seen)
