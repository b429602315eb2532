"""Where a user is in the tree, as lines to draw. Pure."""

from dataclasses import dataclass
from typing import Literal

from pinned_tui.guide.model import VERDICT, Guide, Section, Step
from pinned_tui.guide.paths import path, road_ahead, where
from pinned_tui.session import Session

StepState = Literal["walked", "here", "ahead", "aside"]


@dataclass(frozen=True, slots=True)
class TreeLine:
    """One line of the drawing.

    Attributes:
        step: Id of the step, or ``@verdict``.
        title: The step's few words.
        depth: 0 on the way from the first step to the verdict, 1 on branches beside it.
        state: ``walked``, ``here``, ``ahead`` on the probable way, or ``aside``.
        answer: The label of the latest answer, where the path has one.
    """

    step: str
    title: str
    depth: int
    state: StepState
    answer: str | None = None


def tree(guide: Guide, session: Session) -> tuple[TreeLine, ...]:
    """Return the session's section as lines: every step once, the verdict last.

    The way walked and the one probably ahead stand at depth 0 in their order; a branch that
    leaves it stands, with all that follows on it, below the first step that leads there. Without
    a section there are no lines.
    """
    section, here = where(guide, session)
    if section is None:
        return ()
    labels = {stop.step.id: stop.option for stop in path(guide, session)}
    main = _main(guide, session)
    place = main.index(here) if here is not None else len(main)
    drawn = {step.id for step in main}
    lines: list[TreeLine] = []
    for number, step in enumerate(main):
        state: StepState = "here" if number == place else "walked" if number < place else "ahead"
        option = labels.get(step.id)
        lines.append(TreeLine(step.id, step.title, 0, state, option.label if option else None))
        lines += _branches(section, step, drawn)
    lines.append(TreeLine(VERDICT, "Verdict", 0, "ahead" if here is not None else "here"))
    return tuple(lines)


def _main(guide: Guide, session: Session) -> list[Step]:
    """Return the steps of the path up to the current one, then those probably ahead."""
    section, here = where(guide, session)
    steps = [stop.step for stop in path(guide, session)]
    if section is None or here is None:
        return steps
    return [*steps[: steps.index(here) + 1], *road_ahead(guide, session)]


def _branches(section: Section, step: Step, drawn: set[str]) -> list[TreeLine]:
    """Return the steps that ``step`` leads to and that are not drawn yet, each with its own."""
    lines: list[TreeLine] = []
    for option in step.options:
        beside = section.step(option.next)
        if beside is not None and beside.id not in drawn:
            drawn.add(beside.id)
            lines.append(TreeLine(beside.id, beside.title, 1, "aside"))
            lines += _branches(section, beside, drawn)
    return lines
