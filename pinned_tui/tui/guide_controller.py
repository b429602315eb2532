"""The walk through the guide's questions, on the session that the controller holds."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pinned_tui.session import Observation, Session

if TYPE_CHECKING:
    from pinned_tui.checks.request import RawCheckRequest
    from pinned_tui.guide.model import Guide, Step, VendorRule
    from pinned_tui.guide.walker import StepView
    from pinned_tui.tui.controller import Controller


@dataclass(frozen=True, slots=True)
class GuidePosition:
    """A session and the guide that it is walked through with."""

    guide: "Guide"
    session: Session

    @property
    def view(self) -> "StepView | None":
        """What to show at the current step; None at the verdict."""
        from pinned_tui.guide import walker

        return walker.current(self.guide, self.session)

    @property
    def ahead(self) -> "tuple[Step, ...]":
        """The steps that probably follow the current one."""
        from pinned_tui.guide import walker

        return walker.road_ahead(self.guide, self.session)

    @property
    def rules(self) -> "tuple[VendorRule, ...]":
        """The vendor's rules that the current step goes through."""
        view = self.view
        return () if view is None else self.guide.rules_of(view.step)

    @property
    def shown(self) -> tuple[Observation, ...]:
        """What the checks saw of what the current step is about."""
        view = self.view
        codes = () if view is None else view.step.shows
        return tuple(seen for seen in self.session.latest() if seen.code in codes)

    @property
    def section_title(self) -> str:
        """The title of the section, or an empty text where there is none."""
        section = self.guide.section(self.session.section)
        return section.title if section is not None else ""


class GuideController:
    """Takes answers and steps; the verdicts follow.

    Args:
        controller: Holds the session and is told of every change.
    """

    def __init__(self, controller: "Controller") -> None:
        self._controller = controller

    def is_at(self, step_id: str) -> bool:
        """Return whether ``step_id`` is the question that waits for an answer."""
        view = self._controller.view
        return view is not None and view.step.id == step_id

    def answer(self, step_id: str, option: str, text: str | None = None) -> bool:
        """Take the answer to the step ``step_id`` and go on.

        Returns:
            Whether it was taken: the session has to be at that step still.
        """
        from pinned_tui.guide import walker

        if not self.is_at(step_id):
            return False
        session, books = self._controller.at_work()
        self._controller.session = walker.answer(
            books.guide, session, option, at=self._controller.now, text=text
        )
        self._controller.conclude()
        self._controller.changed()
        return True

    def back(self) -> bool:
        """Go one step back; tell whether there was one to go to."""
        from pinned_tui.guide import walker

        session, books = self._controller.at_work()
        stepped = walker.back(books.guide, session)
        moved = stepped.step != session.step
        self._controller.session = stepped
        self._controller.changed()
        return moved

    def enter_section(self) -> None:
        """Go to the first question of the section."""
        from pinned_tui.guide import walker

        session, books = self._controller.at_work()
        if session.section is not None:
            self._controller.session = walker.enter(books.guide, session, session.section)
            self._controller.changed()

    def enter_by_evidence(self) -> None:
        """Go to the question that the checks point to."""
        from pinned_tui.guide import walker

        session, books = self._controller.at_work()
        self._controller.session = walker.enter_by_evidence(books.guide, session)
        self._controller.conclude()
        self._controller.changed()

    def go_to(self, step_id: str) -> None:
        """Go to a question, wherever in the guide it is."""
        from pinned_tui.guide import walker

        session, books = self._controller.at_work()
        self._controller.session = walker.go_to(books.guide, session, step_id)
        self._controller.conclude()
        self._controller.changed()

    def skip_to_verdict(self) -> None:
        """Leave the remaining questions."""
        from pinned_tui.guide import walker

        session, _ = self._controller.at_work()
        self._controller.session = walker.skip_to_verdict(session)
        self._controller.conclude()

    def widened(self) -> "RawCheckRequest":
        """Return what is asked, widened by what the answers name and call for."""
        from pinned_tui.guide import walker

        session, books = self._controller.at_work()
        asked = self._controller.asked
        further = walker.called_for(books.guide, session)
        return replace(
            asked,
            needs=asked.needs | walker.named_scopes(books.guide, session),
            open_links=asked.open_links or "links" in further,
            sends="x-api-key" if "x-api-key" in further else asked.sends,
        )
