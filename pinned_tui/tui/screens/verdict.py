"""The verdict: what it is, how to fix it, and the proof that it is fixed."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalGroup
from textual.widgets import Static

from pinned_tui.session import NAMES_NO_FAULT, Outcome, Session
from pinned_tui.tui.background import is_there, refill, takes_actions
from pinned_tui.tui.keymap import Action, bindings
from pinned_tui.tui.screens.page import Page, PageBody
from pinned_tui.tui.state import retry_moment
from pinned_tui.tui.widgets.button import ActionButton
from pinned_tui.tui.widgets.checks import CheckLine, CheckList
from pinned_tui.tui.widgets.countdown import Countdown
from pinned_tui.tui.widgets.text import MUTED, line, words
from pinned_tui.tui.widgets.verdict import VerdictView


class VerdictScreen(Page):
    """The end of the questions, and the beginning of the fix."""

    PAGE = "verdict"
    BINDINGS: ClassVar[list[BindingType]] = bindings("verdict")
    CSS_PATH = ["../styles/result.tcss", "../styles/verdict.tcss"]  # noqa: RUF012 - Textual's type
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        """Show the session of the controller."""
        super().__init__()
        self._drawn: object = None

    def content(self) -> ComposeResult:
        """Yield the place for the result, and for the checks while they run."""
        with PageBody(id="body"):
            yield Static(words(""), id="mended")
            with VerticalGroup(id="checking"):
                yield CheckLine(classes="after")
                yield CheckList()
            yield VerticalGroup(id="wait")
            yield VerticalGroup(id="result")

    async def on_mount(self) -> None:
        """Follow the session."""
        self.context.session_changed.subscribe(self, self._session_changed)
        await self._draw()

    async def _session_changed(self, _: None) -> None:
        if self.is_current:
            await self._draw()

    @on(events.ScreenResume)
    async def _up_to_date(self) -> None:
        await self._draw()

    def label_of(self, action: Action) -> str:
        """Offer a live check where there was none yet, and speak of a fix only after a fault."""
        session = self.state.session
        if action.id == "verify" and self.state.only_inspected:
            return "Check it live"
        if action.id == "verify" and session is not None and _names_no_fault(session):
            return "Run again"
        return super().label_of(action)

    def place(self) -> str:
        """Name the section."""
        where = self.state.position
        section = where.section_title if where is not None else ""
        return f"{section} · verdict" if section else "Verdict"

    # -- what is shown -------------------------------------------------------------------------

    async def _draw(self) -> None:
        state, demo = self.state, self.controller.demo
        running = state.running
        self.set_class(running, "-running")
        if running:
            progress = list(state.progress.values())
            self.query_one(CheckLine).show(progress, running=True)
            self.query_one(CheckList).show(progress)
        mended = self.query_one("#mended", Static)
        mended.display = demo.fixed is not None
        if demo.fixed is not None:
            mended.update(
                line(
                    ("✓ Fixed in the sandbox. ", "bold $text-success"),
                    demo.fixed,
                    (" Now verify the fix." if demo.unverified else "", MUTED),
                )
            )
        shown = (state.session, running)
        if not running and shown != self._drawn and state.session is not None:
            self._drawn = shown
            box = self.query_one("#result", VerticalGroup)
            if not await refill(box, [VerdictView(state.session)]):
                return
            await self._draw_wait()
            if not is_there(self):
                return
            self.query_one("#body").scroll_home(animate=False)
            if state.session.outcome is Outcome.HEALTHY:
                self.query_one("#do-export").focus()
        self.frame_changed()

    async def _draw_wait(self) -> None:
        until = None if self.controller.demo.unverified else retry_moment(self.state.session)
        now = self.controller.services.clock.now
        counting = [Countdown(until, now)] if until is not None else []
        await refill(self.query_one("#wait", VerticalGroup), counting)

    @on(Countdown.Over)
    def _wait_over(self) -> None:
        self.frame_changed()

    def _focus_main(self) -> None:
        for button in self.query(ActionButton):
            if button.display and not button.disabled:
                button.focus()
                return

    def can(self, action: str) -> bool | None:
        """Return whether an action can be done now; None shows it disabled."""
        state, controller = self.state, self.controller
        if action == "stop_checks":
            return state.running
        if action == "back":
            return not state.running
        if action == "verify":
            return None if state.running or controller.wait_until else True
        if action == "fix_demo":
            return controller.demo.can_fix and not state.running
        if action == "walk_on":
            return state.has_section
        if action == "why":
            return None if state.running or state.session is None else True
        if action in {"export", "exchanges"}:
            return None if state.session is None else True
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take the key for verifying during a wait too: it says how long that lasts."""
        waiting = self.controller.wait_until and not self.state.running
        if action == "verify" and waiting and takes_actions(self):
            return True
        return super().check_action(action, parameters)

    # -- actions -------------------------------------------------------------------------------

    def action_verify(self) -> None:
        """Run the same checks again, or the first ones after an inspection."""
        if self.state.only_inspected:
            self.lead(self.navigation.check_live, "Preparing")
        else:
            self.lead(self.navigation.verify)

    def action_stop_checks(self) -> None:
        """Stop the running checks; what they learned stays."""
        self.controller.stop()

    def action_fix_demo(self) -> None:
        """Apply the fix in the sandbox."""
        self.lead(self._fix, "Working")

    async def _fix(self) -> None:
        nothing = await self.controller.demo.fix()
        if nothing is not None:
            self.context.say(nothing)
        if nothing is not None or not is_there(self):
            return
        await self._draw_wait()
        if not is_there(self):
            return
        self.query_one("#body").scroll_home(animate=False)
        self.frame_changed()
        self._focus_main()

    def action_walk_on(self) -> None:
        """Go to the questions of the guide."""
        self.lead(self.navigation.walk_on)

    def action_why(self) -> None:
        """Show why it is this cause."""
        self.navigation.show_why(self.state.session, in_progress=True)

    def action_back(self) -> None:
        """Go back to the last question."""
        self.lead(self.navigation.back_from_verdict)

    def action_export(self) -> None:
        """Write a report."""
        self.navigation.show_export(self.state.session)

    def action_exchanges(self) -> None:
        """Show the requests that were sent."""
        self.navigation.show_exchanges(self.state.session)


def _names_no_fault(session: Session) -> bool:
    """Return whether nothing was found that could be fixed: there is nothing to verify then."""
    return session.outcome is Outcome.HEALTHY or session.first_cause in NAMES_NO_FAULT
