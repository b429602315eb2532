"""Walks a Session through the guide: Session in, next Session out. Pure.

Where a user is stands in the session itself: ``section``, ``step`` and ``answers``, which only
grow. The latest answer to a step counts, and the *path* is the way from the section's first step
along those answers. So going back loses nothing: the answers stay, and are shown again.
"""

from dataclasses import dataclass
from typing import Literal

from pinned_tui.guide.conditions import Condition
from pinned_tui.guide.locate import OtherSection, elsewhere, enter_by_evidence, go_to
from pinned_tui.guide.model import (
    LATER,
    TYPED,
    UNSURE,
    VERDICT,
    Further,
    Guide,
    Option,
    Section,
    Step,
)
from pinned_tui.guide.paths import (
    PathStop,
    latest_answers,
    path,
    preselected,
    road_ahead,
    trail,
    where,
)
from pinned_tui.guide.tree import TreeLine, tree
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import SCOPES, Answer, Certainty, Session, replace

__all__ = [
    "VERDICT",
    "AskedCause",
    "OtherSection",
    "PathStop",
    "StepView",
    "TreeLine",
    "WalkError",
    "answer",
    "asked_causes",
    "back",
    "current",
    "enter",
    "enter_by_evidence",
    "go_to",
    "named_scopes",
    "path",
    "road_ahead",
    "skip_to_verdict",
    "trail",
    "tree",
]

_LONGEST_TEXT = 500


class WalkError(ValueError):
    """A section or an answer was asked for that is not there to be chosen."""


@dataclass(frozen=True, slots=True)
class StepView:
    """Everything that a face needs to show the current step.

    Attributes:
        preselected: The option that the evidence gives.
        chosen: The option that was chosen here before, and ``chosen_by`` on whose word.
        text: What was typed here before, else what the session knows already.
        position: 1 for the first step of the path.
        total_estimate: How many steps the way to the verdict probably has.
        trail: The stops before this one.
        elsewhere: What the checks found first, where this section is not about it.
    """

    step: Step
    section: Section
    preselected: Option | None
    chosen: Option | None
    chosen_by: Literal["evidence", "person"] | None
    text: str | None
    position: int
    total_estimate: int
    trail: tuple[PathStop, ...]
    elsewhere: OtherSection | None

    @property
    def selected(self) -> Option | None:
        """The option to put the cursor on: the user's own, else what the evidence gives now.

        Where neither says anything, a question stands at "I can't tell" and what is to be done
        at "later": whoever just presses on must not claim what nobody saw.
        """
        if self.chosen_by == "person":
            return self.chosen
        return self.preselected or self.chosen or self._silent

    @property
    def _silent(self) -> Option | None:
        """The option that claims nothing; None where something is to be typed."""
        if self.step.kind == "input":
            return None
        return self.step.option(UNSURE) or self.step.option(LATER)


@dataclass(frozen=True, slots=True)
class AskedCause:
    """A cause that an answer on the path concludes.

    Attributes:
        step: Id of the step, and ``option`` of the answer, that conclude it.
        subject: The scope or field that the answers named.
        text: What the user typed with it.
    """

    cause: str
    certainty: Certainty
    step: str
    option: str
    subject: str | None = None
    text: str | None = None


def enter(guide: Guide, session: Session, section_id: str) -> Session:
    """Go to the first step of a section.

    Raises:
        WalkError: the guide has no such section.
    """
    section = guide.section(section_id)
    if section is None:
        known = ", ".join(s.id for s in guide.sections)
        raise WalkError(f"the guide has no section {section_id!r}; its sections are {known}")
    return replace(session, section=section.id, step=section.first)


def current(guide: Guide, session: Session) -> StepView | None:
    """Return what to show at the session's step, or None at the verdict."""
    section, step = where(guide, session)
    if section is None or step is None:
        return None
    before = trail(guide, session)
    made = latest_answers(session).get(step.id)
    chosen = step.option(made.option) if made is not None else None
    typed = made.text if made is not None else None
    return StepView(
        step=step,
        section=section,
        preselected=preselected(step, Condition.of(session)),
        chosen=chosen,
        chosen_by=made.by if made is not None and chosen is not None else None,
        text=_known(step, session) if typed is None else typed,
        position=len(before) + 1,
        total_estimate=len(before) + 1 + len(road_ahead(guide, session)),
        trail=before,
        elsewhere=elsewhere(guide, session),
    )


def answer(
    guide: Guide, session: Session, option_id: str, *, at: str, text: str | None = None
) -> Session:
    """Record the answer to the current step and go where it leads.

    Args:
        guide: The tree.
        session: At a step, not at the verdict.
        option_id: The option chosen.
        at: The moment, as :func:`pinned_tui.core.clock.timestamp` writes it.
        text: What was typed, with secrets taken out of it; never kept where a key is asked for.

    Raises:
        WalkError: the session is at no step, or the step has no such option.
    """
    _, step = where(guide, session)
    if step is None:
        raise WalkError("the session is at no step of the guide, so there is nothing to answer")
    option = step.option(option_id)
    if option is None:
        known = ", ".join(o.id for o in step.options)
        raise WalkError(f"step {step.id} has no option {option_id!r}; its options are {known}")
    made = Answer(
        step=step.id,
        option=option.id,
        by="evidence" if option == preselected(step, Condition.of(session)) else "person",
        at=at,
        text=_kept(step, option, text),
    )
    return replace(session, step=option.next, answers=(*session.answers, made))


def back(guide: Guide, session: Session) -> Session:
    """Go to the stop before the current one; at the first one, nothing changes."""
    before = trail(guide, session)
    return replace(session, step=before[-1].step.id) if before else session


def skip_to_verdict(session: Session) -> Session:
    """Leave the questions for the verdict; section and answers stay."""
    return replace(session, step=VERDICT)


def asked_causes(guide: Guide, session: Session) -> tuple[AskedCause, ...]:
    """Return the causes that the answers on the path conclude, in its order, each one once.

    Where several answers conclude the same, the one that carries it furthest counts.
    """
    found: dict[tuple[str, str | None], AskedCause] = {}
    subject: str | None = None
    for stop in path(guide, session):
        if stop.option is None or stop.answer is None:
            continue
        subject = stop.option.subject or subject
        if stop.option.cause is None:
            continue
        concluded = AskedCause(
            cause=stop.option.cause,
            certainty=stop.option.certainty,
            step=stop.step.id,
            option=stop.option.id,
            subject=subject,
            text=stop.answer.text,
        )
        known = found.setdefault((concluded.cause, subject), concluded)
        if concluded.certainty.rank < known.certainty.rank:
            found[concluded.cause, subject] = concluded
    return tuple(found.values())


def called_for(guide: Guide, session: Session) -> frozenset[Further]:
    """Return what the answers call for the checks to look at besides."""
    given = (stop.option for stop in path(guide, session) if stop.option is not None)
    return frozenset(further for option in given for further in option.calls_for)


def named_scopes(guide: Guide, session: Session) -> frozenset[str]:
    """Return the scopes that the answers on the path name as needed."""
    named = (stop.option.subject for stop in path(guide, session) if stop.option is not None)
    return frozenset(name for name in named if name in SCOPES)


def _kept(step: Step, option: Option, text: str | None) -> str | None:
    """Return what may be kept of what was typed, safe to display."""
    if text is None or option.id != TYPED or step.input == "key":
        return None
    return clean_line(text.strip(), limit=_LONGEST_TEXT)


def _known(step: Step, session: Session) -> str | None:
    """Return what the session has already of what ``step`` asks to be typed.

    A channel that is not among those that the key can use is the one to be replaced.
    """
    target = session.target
    listed = {channel.id for channel in session.channels}
    refused = bool(listed) and target.channel_id not in listed
    known: dict[str | None, str | int | None] = {
        "channel": None if refused else target.channel_given or target.channel_id,
        "event": target.event_id,
        "payload": target.payload,
    }
    value = known.get(step.input)
    return None if value is None else str(value)
