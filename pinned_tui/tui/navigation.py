"""The way from Home to a proven fix: which page comes after which, and what is asked between."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from pinned_tui.guide.model import TYPED, VERDICT
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Cost, NextStep, Session
from pinned_tui.tui.check_starter import CheckStarter
from pinned_tui.tui.context import AppContext
from pinned_tui.tui.controller import Controller

if TYPE_CHECKING:
    from textual.screen import Screen

    from pinned_tui.checks.request import RawCheckRequest
    from pinned_tui.guide.model import Step, SymptomHead

_CHEAPEST_FIRST: tuple[Cost, ...] = ("free", "reads", "asks", "consent")
"""What would tell causes apart, from what costs nothing to what needs the user's consent."""

_FIXED_BY_ANOTHER_KEY = frozenset({"key", "authentication", "scope"})
"""Layers whose causes a replacement key may fix."""


class Navigation:
    """Leads through the pages. Its coroutines run as leads of :class:`Pages`, one at a time."""

    def __init__(self, app: AppContext, controller: Controller) -> None:
        """Lead through the pages of ``app``."""
        self._app = app
        self._pages = app.pages
        self._controller = controller
        self._state = controller.state
        self._checks = CheckStarter(app, controller)

    # -- to one page ---------------------------------------------------------------------------

    def _open(self, page: "Screen[Any]") -> None:
        self._pages.soon(partial(self._pages.open, page))

    def back(self) -> None:
        """Leave the page on top; on the last one, quit."""
        if len(self._app.screen_stack) > 1:
            self._pages.soon(partial(self._pages.close, self._app.screen))
        else:
            self._app.leave()

    def home(self) -> None:
        """Leave all pages but the first, and stop the running check."""
        self._controller.stop()
        self._pages.soon(self._pages.home)

    def show_help(self, page: str) -> None:
        """Show what ``page`` is for, and its keys."""
        from pinned_tui.tui.screens.help import HelpScreen

        self._open(HelpScreen(page))

    def show_palette(self) -> None:
        """Offer all actions of the page on top by their names, and run the chosen one."""
        from pinned_tui.tui.screens.page import Page
        from pinned_tui.tui.screens.palette import PaletteScreen

        page = self._app.screen
        if isinstance(page, Page):
            self._open(PaletteScreen(page))

    def show_history(self) -> None:
        """Open the list of past sessions."""
        from pinned_tui.tui.screens.history import HistoryScreen

        self._open(HistoryScreen())

    def show_inspect(self) -> None:
        """Open Inspect, for the session in progress; from Home, for a session of its own."""
        from pinned_tui.tui.screens.inspect import InspectScreen

        at_home = len(self._app.screen_stack) == 1
        self._open(InspectScreen(None if at_home else self._state.session))

    def show_export(self, session: Session | None) -> None:
        """Offer to write the report of ``session``."""
        from pinned_tui.tui.screens.export import ExportScreen

        if session is not None:
            self._open(ExportScreen(session))

    def show_exchanges(self, session: Session | None) -> None:
        """Show the requests of ``session``."""
        from pinned_tui.tui.screens.exchanges import ExchangesScreen

        if session is not None:
            self._open(ExchangesScreen(session))

    def show_why(self, session: Session | None, *, in_progress: bool = False) -> None:
        """Show why ``session`` has its verdict; only the one in progress can be taken further."""
        from pinned_tui.tui.screens.why import WhyScreen

        if session is not None:
            self._open(WhyScreen(session, self.ways_to_tell() if in_progress else ()))

    def show_past(self, session_id: str) -> None:
        """Open a session of the history, read-only."""
        self._pages.soon(partial(self._open_past, session_id))

    async def _open_past(self, session_id: str) -> None:
        from pinned_tui.history.entries import HistoryError
        from pinned_tui.tui.screens.session import SessionScreen

        try:
            session = await self._controller.history.get(session_id)
        except HistoryError as error:
            self._app.say(str(error), severity="warning")
        else:
            await self._pages.open(SessionScreen(session))

    # -- from Home to the first question -------------------------------------------------------

    async def connect(self, section: str | None) -> None:
        """Go from Home to Connect; in the demo, into the situation that goes with it."""
        self._controller.choose(section)
        await self._controller.demo.enter_for(section)
        await self._show_connect()

    async def change_situation(self) -> None:
        """Let the user choose another situation of the sandbox, and prepare Connect for it."""
        from pinned_tui.tui.screens.dialogs import SituationScreen

        controller = self._controller
        demo, situation = controller.services.demo, controller.demo.situation
        if demo is None or situation is None:
            return
        page = self._app.screen
        name = await self._pages.ask(SituationScreen(demo.cards, situation.card.name))
        if name is not None:
            await controller.demo.enter(name)
            await self._pages.close(page)
            await self._show_connect()

    async def use_inspection(self, session: Session, request: "RawCheckRequest") -> None:
        """Go on with a session that an inspection was written into: where it points.

        That is a question that it answers, or else the verdict. From a session that is in
        progress already, this goes back to it; what was found counts there.
        """
        from pinned_tui.tui.screens.step import StepScreen
        from pinned_tui.tui.screens.verdict import VerdictScreen

        controller, page, current = self._controller, self._app.screen, self._state.session
        in_progress = current is not None and current.id == session.id
        await controller.adopt(session, request)
        if in_progress and len(self._app.screen_stack) > 2:
            await self._pages.close(page)
            return
        controller.guide.enter_by_evidence()
        view = self._state.view
        if view is not None and view.preselected is not None:
            await self._pages.open(StepScreen())
            return
        # A question that waits for checks which nobody ran yet would lead nowhere.
        controller.guide.skip_to_verdict()
        await self._pages.open(VerdictScreen())

    async def check_live(self) -> None:
        """Go from what an inspection found to Connect, for the same session."""
        await self._controller.prepare_check()
        await self._show_connect()

    async def _show_connect(self) -> None:
        from pinned_tui.tui.screens.connect import ConnectScreen

        await self._pages.open(ConnectScreen(self._symptom()))

    def _symptom(self) -> "SymptomHead | None":
        from pinned_tui.guide.loader import symptoms

        return next((s for s in symptoms() if s.id == self._state.section), None)

    async def begin(self, request: "RawCheckRequest") -> None:
        """Ask for consent where it is needed, start the checks and show the first question.

        Nothing is sent while the API asks to wait, nor where the user calls the start off.
        """
        if self._checks.must_wait("Start again when the wait is over."):
            return
        symptom = self._symptom()
        if symptom is not None:
            request = replace(request, needs=request.needs | frozenset(symptom.needs))
        consented = await self._checks.with_consent(request)
        if consented is None:
            return
        await self._controller.begin(consented)
        if self._pages.is_dropped():
            self._controller.stop()  # the user did not wait for it
        elif self._state.section is None:
            from pinned_tui.tui.screens.checking import CheckingScreen

            await self._pages.open(CheckingScreen())
        else:
            from pinned_tui.tui.screens.step import StepScreen

            await self._pages.open(StepScreen())

    # -- questions -----------------------------------------------------------------------------

    async def answer(
        self, step: "Step", option: str, text: str | None, secret: Secret | None
    ) -> None:
        """Take the answer to ``step``; carry out what it brings along; go on to where it leads.

        Where the session is at another step meanwhile, the answer is dropped.
        """
        if not self._controller.guide.is_at(step.id):
            return
        if option == TYPED and not await self._checks.take_input(step, text, secret):
            return
        if not self._controller.guide.answer(step.id, option, text):
            return
        session = self._state.session
        request = self._controller.guide.extended_request()
        if request != self._state.request:
            await self._checks.start("check", request)
        if session is not None and session.step == VERDICT:
            await self.show_verdict()

    # -- the verdict ---------------------------------------------------------------------------

    async def show_verdict(self) -> None:
        """Show the verdict over the last question."""
        from pinned_tui.tui.screens.verdict import VerdictScreen

        await self._pages.open(VerdictScreen())

    async def enter_where_evidence_points(self, page: "Screen[Any]") -> None:
        """Put the question that the checks point to, or the verdict, in the place of ``page``."""
        from pinned_tui.tui.screens.step import StepScreen
        from pinned_tui.tui.screens.verdict import VerdictScreen

        self._controller.guide.enter_by_evidence()
        asking = self._state.view is not None
        await self._pages.replace(page, StepScreen if asking else VerdictScreen)

    async def verify(self) -> None:
        """Run the same checks again; what does more than read is asked about again.

        Where the key may have been replaced, the user says with which one. While the API asks to
        wait, nothing is sent.
        """
        if self._checks.must_wait("Verify when the wait is over."):
            return
        request = self._state.request
        if self._depends_on_the_key():
            from pinned_tui.tui.screens.dialogs import WhichKeyScreen

            answer = await self._pages.ask(WhichKeyScreen(request.secret))
            if answer is None:
                return
            request = replace(request, secret=answer.secret)
        consented = await self._checks.with_consent(request)
        if consented is not None:
            await self._controller.run("verify", consented)

    def _depends_on_the_key(self) -> bool:
        """Return whether another key may fix what was found; the demo brings it along itself."""
        session, reference = self._state.active()
        cause = reference.catalogue.get(session.first_cause) if session.first_cause else None
        demo = self._controller.services.demo is not None
        return not demo and cause is not None and cause.layer in _FIXED_BY_ANOTHER_KEY

    # -- why -----------------------------------------------------------------------------------

    def ways_to_tell(self) -> tuple[NextStep, ...]:
        """Return what would tell open causes apart and can be done here and now, cheapest first."""
        session = self._state.session
        if session is None or self._state.running:
            return ()
        steps = dict.fromkeys(one.next for one in session.considered if one.next is not None)
        return tuple(
            sorted(filter(self._can_tell, steps), key=lambda one: _CHEAPEST_FIRST.index(one.cost))
        )

    def _can_tell(self, step: NextStep) -> bool:
        from pinned_tui.checks.plan import asking_too

        if step.probe is None:
            return step.question is not None
        return asking_too(self._state.request, step.probe) is not None

    async def tell_apart(self, step: NextStep) -> None:
        """Take a step that tells open causes apart: a question, or one check."""
        if step.question is not None:
            await self._ask_at(step.question)
        elif step.probe is not None:
            await self._look_further(step.probe)

    async def _ask_at(self, question: str) -> None:
        """Go from the page of reasons to a question of the guide."""
        page = self._app.screen
        self._controller.guide.go_to(question)
        await self._pages.close(page)
        await self._to_the_questions()

    async def _look_further(self, probe: str) -> None:
        """Run one check, and show the verdict that comes of it.

        What does more than read asks first; without the user's consent nothing is sent at all.
        """
        from pinned_tui.checks.plan import asking_too, planned

        page, request = self._app.screen, asking_too(self._state.request, probe)
        if request is None:
            return
        cards = planned(request, self._state.session)
        card = next(card for card in cards if card.id == probe)
        if card.consent and not await self._checks.agrees_to(card):
            return
        request = replace(request, consented=frozenset({probe} if card.consent else ()))
        await self._controller.run("further", request, frozenset({probe}))
        await self._pages.close(page)

    async def back_from_verdict(self) -> None:
        """Go back to the last question, or to Connect where there was none."""
        if self._state.has_section:
            self._controller.guide.back()
        await self._pages.close(self._app.screen)

    async def walk_on(self) -> None:
        """Go through the questions of the section from its first one."""
        self._controller.guide.enter_section()
        await self._to_the_questions()

    async def _to_the_questions(self) -> None:
        """Go from the verdict to the question that the session is at."""
        from pinned_tui.tui.screens.step import StepScreen

        await self._pages.close(self._app.screen)
        if not isinstance(self._app.screen, StepScreen):
            await self._pages.open(StepScreen())
