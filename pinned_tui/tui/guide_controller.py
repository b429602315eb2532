"""The user's way through the guide's questions."""

from dataclasses import replace

from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.session import Session
from pinned_tui.tui.state import SessionState


class GuideController:
    """Takes answers and steps; the verdicts follow.

    Args:
        state: The session in progress.
    """

    def __init__(self, state: SessionState) -> None:
        self._state = state

    def is_at(self, step_id: str) -> bool:
        """Return whether ``step_id`` is the question that waits for an answer."""
        view = self._state.view
        return view is not None and view.step.id == step_id

    def answer(self, step_id: str, option: str, text: str | None = None) -> bool:
        """Take the answer to the step ``step_id`` and go on.

        Returns:
            Whether it was taken: the session has to be at that step still.
        """
        from pinned_tui.guide import walker

        if not self.is_at(step_id):
            return False
        session, reference = self._state.active()
        self._move(
            walker.answer(reference.guide, session, option, at=self._state.now, text=text),
            conclude=True,
        )
        return True

    def back(self) -> bool:
        """Go one step back, and return whether there was one to go to."""
        from pinned_tui.guide import walker

        session, reference = self._state.active()
        before = walker.back(reference.guide, session)
        self._move(before)
        return before.step != session.step

    def enter_section(self) -> None:
        """Go to the first question of the section."""
        from pinned_tui.guide import walker

        session, reference = self._state.active()
        if session.section is not None:
            self._move(walker.enter(reference.guide, session, session.section))

    def enter_by_evidence(self) -> None:
        """Go to the question that the checks point to."""
        from pinned_tui.guide import walker

        session, reference = self._state.active()
        self._move(walker.enter_by_evidence(reference.guide, session), conclude=True)

    def go_to(self, step_id: str) -> None:
        """Go to a question, wherever in the guide it is."""
        from pinned_tui.guide import walker

        session, reference = self._state.active()
        self._move(walker.go_to(reference.guide, session, step_id), conclude=True)

    def skip_to_verdict(self) -> None:
        """Leave out the remaining questions."""
        from pinned_tui.guide import walker

        session, _ = self._state.active()
        # No page needs to hear of it: the verdict, which is opened next, draws itself.
        self._state.session = walker.skip_to_verdict(session)
        self._state.conclude()

    def _move(self, session: Session, *, conclude: bool = False) -> None:
        self._state.session = session
        if conclude:
            self._state.conclude()
        self._state.changed()

    def extended_request(self) -> RawCheckRequest:
        """Return the request, extended by what the answers name and call for."""
        from pinned_tui.guide import walker

        session, reference = self._state.active()
        request = self._state.request
        further = walker.called_for(reference.guide, session)
        return replace(
            request,
            needs=request.needs | walker.named_scopes(reference.guide, session),
            open_links=request.open_links or "links" in further,
            sends="x-api-key" if "x-api-key" in further else request.sends,
        )
