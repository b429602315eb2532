"""The one screen that shows any node of the guide."""

import asyncio
import math
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual._time import get_time
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalGroup
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from pinned_tui.tui.background import is_there, refill, spawn
from pinned_tui.tui.keymap import Action, bindings, digits
from pinned_tui.tui.screens.page import Page, PageBody
from pinned_tui.tui.step_actions import StepOffer, carry_out, offered
from pinned_tui.tui.widgets.checks import CheckLine, CheckList, seen_lines
from pinned_tui.tui.widgets.choices import Choice, Choices
from pinned_tui.tui.widgets.forms import HINTS
from pinned_tui.tui.widgets.guide_tree import TreeMap
from pinned_tui.tui.widgets.masked_input import TextInput
from pinned_tui.tui.widgets.secret_input import SecretInput
from pinned_tui.tui.widgets.text import ACCENT, MUTED, STRONG, line, words
from pinned_tui.tui.widgets.verdict import ListedChannels

if TYPE_CHECKING:
    from pinned_tui.guide.model import VendorRule
    from pinned_tui.guide.walker import StepView
    from pinned_tui.redaction.secret import Secret


class StepScreen(Page):
    """A question, why it is asked, its answers, and the live checks beside it."""

    PAGE = "step"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("step"), *digits()]
    CSS_PATH = ["../styles/forms.tcss", "../styles/step.tcss"]  # noqa: RUF012 - Textual's type
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        """Show the step that the session is at."""
        super().__init__()
        self._shown: str | None = None
        self._drawing = asyncio.Lock()
        self._painted_at = math.inf
        self._touched = False
        self._typed_key: Secret | None = None
        self._offer: StepOffer | None = None
        self._doing = False
        self._scrolled_to = 0

    # -- what is shown -------------------------------------------------------------------------

    def content(self) -> ComposeResult:
        """Yield the three columns; what they hold comes with the step."""
        with Horizontal(id="columns"):
            with PageBody(id="map-panel", classes="side"):
                yield Static(words("Where you are"), classes="label")
                yield TreeMap(id="map")
                yield Static(words(""), id="rules", classes="gap")
            with PageBody(id="body"):
                yield VerticalGroup(id="step")
                yield CheckLine(named=True, classes="below")
            with PageBody(id="checks-panel", classes="side"):
                yield Static(words("Live checks"), classes="label")
                yield CheckLine(classes="after")
                yield CheckList(id="checks")

    async def on_mount(self) -> None:
        """Follow the session."""
        self.context.session_changed.subscribe(self, self._session_changed)
        await self._show_step()

    async def _session_changed(self, _: None) -> None:
        if self.is_current:
            await self._show_step()

    @on(events.ScreenResume)
    @on(events.Resize)
    async def _up_to_date(self) -> None:
        await self._show_step()

    def place(self) -> str:
        """Name the section and how far one is."""
        view = self.state.view
        if view is None:
            return ""
        return f"{view.section.title} · step {view.position} of about {view.total_estimate}"

    def label_of(self, action: Action) -> str:
        """Name what the step can have done here."""
        if action.id == "carry_out" and self._offer is not None:
            return self._offer.label
        return super().label_of(action)

    def can(self, action: str) -> bool | None:
        """Offer to stop the checks while they run, and to go back otherwise."""
        if action == "carry_out":
            return (not self._doing or None) if self._offer is not None else False
        running = self.state.running
        if action == "stop_checks":
            return running
        if action == "back":
            return not running
        if action in {"toggle_checks", "toggle_map"}:
            return "-wide" not in self.classes
        if action == "exchanges":
            session = self.state.session
            return session is not None and bool(session.exchanges)
        return True

    @property
    def painted(self) -> bool:
        """Whether the question that the session is at can be seen."""
        view = self.state.view
        shown = view is None or view.step.id == self._shown
        return shown and self._painted_at < math.inf

    async def _show_step(self) -> None:
        """Bring everything up to date; the question itself only when it is another one."""
        async with self._drawing:
            if is_there(self):
                await self._draw_step()

    async def _draw_step(self) -> None:
        state, position = self.state, self.state.position
        view = position.view if position is not None else None
        if position is None or view is None:
            return
        self._offer = offered(view.step.do, self.controller)
        progress = list(state.progress.values())
        self.query_one(CheckList).show(
            progress, brief="-wide" not in self.classes, about=position.shown
        )
        for check_line in self.query(CheckLine):
            check_line.show(progress, running=state.running)
        self.query_one(TreeMap).show(view, position.ahead)
        self.query_one("#rules", Static).update(_rules(position.rules))
        if self._shown != view.step.id:
            await self._ask(view)
        elif not self._touched:
            self._follow_evidence(view)
        for listed in self.query(ListedChannels):
            await listed.show(position.session.channels)
        if not is_there(self):
            return
        beside = self.query_one("#seen", Static)
        beside.set_class("-wide" in self.classes or not position.shown, "hidden")
        beside.update(seen_lines(position.shown))
        elsewhere = self.query_one("#elsewhere", Static)
        elsewhere.set_class(view.elsewhere is None, "hidden")
        elsewhere.update(_elsewhere(view))
        self.frame_changed()
        self.call_after_refresh(self._keep_mark_in_view)

    def _keep_mark_in_view(self) -> None:
        """Scroll to the marked answer, unless the user has scrolled since the question came."""
        for choices in self.query(Choices):
            body = self.query_one("#body", PageBody)
            if body.scroll_offset.y == self._scrolled_to:
                choices.show_mark()
                self._scrolled_to = body.scroll_offset.y

    async def _ask(self, view: "StepView") -> None:
        self._shown, self._touched, self._typed_key = view.step.id, False, None
        self._painted_at = math.inf
        box = self.query_one("#step", VerticalGroup)
        if not await refill(box, self._parts(view)):
            return
        self.call_after_refresh(self._paint_ended, view.step.id)
        self.query_one("#body").scroll_home(animate=False, immediate=True)
        self._scrolled_to = 0
        field = self.query("#typed")
        (field.first() if field else self.query_one(Choices)).focus()

    def _paint_ended(self, step_id: str) -> None:
        """Take answers from now on: before this, they were given to the question before."""
        if self._shown == step_id:
            self._painted_at = get_time()

    def _parts(self, view: "StepView") -> list[Widget]:
        step = view.step
        parts: list[Widget] = [
            Static(words(step.question, STRONG), classes="text"),
            Static(words(step.why, MUTED), classes="text after"),
        ]
        if step.look is not None:
            parts.append(Static(words(step.look), classes="text after"))
        parts.append(Static(words(""), id="seen", classes="text after hidden"))
        parts.append(Static(words(""), id="elsewhere", classes="text after hidden"))
        offer = self._offer
        if offer is not None and offer.typed is not None:
            parts.append(SecretInput(offer.typed, id="typed"))
        elif step.input == "key":
            parts.append(SecretInput(id="typed"))
        elif step.input is not None:
            if step.input == "channel":
                parts.append(ListedChannels())
            hint = HINTS.get(step.input, "")
            parts.append(TextInput(view.text or "", placeholder=hint, id="typed", compact=True))
        parts.append(Static(words(""), id="done"))
        selected = view.selected
        ids = [option.id for option in step.options]
        parts.append(
            Choices(
                self._choices(view),
                marked=ids.index(selected.id) if selected is not None else 0,
                radio=True,
                id="options",
            )
        )
        return parts

    @staticmethod
    def _choices(view: "StepView") -> list[Choice]:
        evidence = view.preselected
        return [
            Choice(
                option.id,
                str(number),
                option.label,
                tag="✓ the live checks say so"
                if evidence is not None and option == evidence
                else "",
            )
            for number, option in enumerate(view.step.options, start=1)
        ]

    def _follow_evidence(self, view: "StepView") -> None:
        """Mark the answer that the checks have given meanwhile."""
        choices = self.query_one(Choices)
        fresh = self._choices(view)
        if tuple(fresh) == choices.choices:
            return
        choices.offer(fresh)
        selected = view.selected
        if selected is not None:
            choices.mark_quietly([c.id for c in fresh].index(selected.id))

    # -- answering -----------------------------------------------------------------------------

    @on(Choices.Marked, "#options")
    def _marked(self) -> None:
        self._touched = True

    def action_mark(self, digit: str) -> None:
        """Mark the answer whose number is ``digit``."""
        choices = self.query_one(Choices)
        if choices.mark_digit(digit):
            choices.focus()

    @on(SecretInput.Entered)
    def _key_typed(self, event: SecretInput.Entered) -> None:
        self._typed_key = event.secret
        event.field.hold("Held in memory; type to replace it")
        if event.enter and self._offer is not None:
            self.action_carry_out()
        elif event.enter:
            self.query_one(Choices).focus()

    @on(Input.Submitted, "#typed")
    def _enter_in_input(self) -> None:
        self.action_continue()

    def action_continue(self) -> None:
        """Take the marked answer and go on."""
        # While the question is drawn anew, there are no answers.
        choice = next((listed.choice for listed in self.query(Choices)), None)
        view = self.state.view
        if choice is None or view is None or view.step.id != self._shown:
            return
        if self.context.typeahead.at < self._painted_at:
            return  # the key was meant for the question before
        if self._offer is not None and choice.id == self._offer.option:
            self._show_note(line(("! ", "bold $text-warning"), self._offer.first))
            return
        fields = self.query("#typed")
        field = fields.first() if fields else None
        text = field.value.strip() if isinstance(field, Input) else None
        answer = self.navigation.answer
        self.lead(partial(answer, view.step, choice.id, text, self._typed_key))

    def action_carry_out(self) -> None:
        """Have this step carried out here."""
        view = self.state.view
        if self._offer is None or view is None or view.step.do is None or self._doing:
            return
        if self._offer.typed is not None and self._typed_key is None:
            self.query_one(SecretInput).focus()
            self.context.say(f"{self._offer.typed} first.")
            return
        self._doing = True
        self.note("Working")
        self.frame_changed()
        spawn(self.app, partial(self._carry_out, view.step.id, view.step.do))

    async def _carry_out(self, step_id: str, action: str) -> None:
        """Carry it out, however long it takes: the user can do everything else meanwhile."""
        try:
            done = await carry_out(action, self.controller, self._typed_key)
        finally:
            self._doing = False
            self.note("")
        await self._show_step()
        if not is_there(self) or self._shown != step_id:
            return
        sign = ("✓ ", "bold $text-success") if done.good else ("✗ ", "bold $text-error")
        self._show_note(line(sign, done.text))
        choices = self.query_one(Choices)
        ids = [choice.id for choice in choices.choices]
        if done.option in ids:
            self._touched = True
            choices.mark_quietly(ids.index(done.option))
        choices.focus()

    def _show_note(self, text: Content) -> None:
        """Show ``text`` above the answers."""
        note = self.query_one("#done", Static)
        note.display = True
        note.update(text)
        note.scroll_visible(animate=False)

    def action_step_back(self) -> None:
        """Go one step back, or to Connect from the first one."""
        if not self.controller.guide.back():
            self.navigation.back()

    def action_back(self) -> None:
        """Go one step back."""
        self.action_step_back()

    def action_stop_checks(self) -> None:
        """Stop the running checks; what they found stays."""
        self.controller.stop()
        self.context.say("Stopping the checks. What they found is kept.")

    def action_jump_to_verdict(self) -> None:
        """Skip the remaining questions."""
        self.lead(self._jump)

    async def _jump(self) -> None:
        self.controller.guide.skip_to_verdict()
        await self.navigation.show_verdict()

    def action_exchanges(self) -> None:
        """Show the requests that were sent."""
        self.navigation.show_exchanges(self.state.session)

    def action_toggle_checks(self) -> None:
        """Show or hide the live checks."""
        self.remove_class("show-map")
        self.toggle_class("show-checks")

    def action_toggle_map(self) -> None:
        """Show or hide the way through the guide."""
        self.remove_class("show-checks")
        self.toggle_class("show-map")


def _rules(rules: "tuple[VendorRule, ...]") -> Content:
    """Return what the vendor's guide says at this step."""
    lines = [words(rule.says, MUTED) for rule in rules]
    return Content("\n").join([words("The guide says", ACCENT), *lines]) if lines else Content("")


def _elsewhere(view: "StepView") -> Content:
    """Return a note where the checks found something that these questions are not about."""
    if view.elsewhere is None:
        return words("")
    found = f"! The checks found something else first: {view.elsewhere.verdict.title}."
    return words(f"{found} Press j to see it.", "$text-warning")
