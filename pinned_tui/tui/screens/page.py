"""What all pages share: the frame, scrolling by keyboard, and the registry's actions."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget

from pinned_tui.tui.background import is_there, takes_actions
from pinned_tui.tui.context import AppContext, Navigator, context_of
from pinned_tui.tui.keymap import Action, on_page
from pinned_tui.tui.selection import PageSelection
from pinned_tui.tui.widgets.button import ActionButton
from pinned_tui.tui.widgets.choices import Choices
from pinned_tui.tui.widgets.flow import Flow
from pinned_tui.tui.widgets.frame import KeyBar, TopLine

if TYPE_CHECKING:
    from pinned_tui.tui.controller import Controller
    from pinned_tui.tui.state import SessionState


class PageBody(VerticalScroll, can_focus=False):
    """The part of a page that scrolls; the page's keys scroll it."""


class Page(PageSelection[None]):
    """A full screen with a frame around it.

    A subclass names itself in ``PAGE`` (the name in the registry of actions), yields what it shows
    from :meth:`content`, and carries out its actions in ``action_*``.
    """

    PAGE: ClassVar[str]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_body('up')", show=False),
        Binding("down", "scroll_body('down')", show=False),
        Binding("pageup", "scroll_body('page_up')", show=False),
        Binding("pagedown,space", "scroll_body('page_down')", show=False),
        Binding("home", "scroll_body('home')", show=False),
        Binding("end", "scroll_body('end')", show=False),
    ]

    @property
    def context(self) -> AppContext:
        """What the page can have of the app."""
        return context_of(self)

    @property
    def navigation(self) -> Navigator:
        """Leads to the other pages."""
        return self.context.navigation

    @property
    def controller(self) -> "Controller":
        """Runs the checks."""
        return self.context.controller

    @property
    def state(self) -> "SessionState":
        """The session in progress."""
        return self.context.controller.state

    def compose(self) -> ComposeResult:
        """Put the frame around the content."""
        yield TopLine(id="top")
        yield from self.content()
        buttons = [ActionButton(a) for a in on_page(self.PAGE) if a.button]
        if buttons:
            yield Flow(*buttons, classes="buttons")
        yield KeyBar(self.PAGE)

    def content(self) -> ComposeResult:
        """Yield what the page shows; one of it has the id ``body`` and scrolls."""
        yield from ()

    @on(events.Mount)
    @on(events.ScreenResume)
    def _fill_frame(self) -> None:
        self.frame_changed()

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _focus_moved(self) -> None:
        if self.is_current:
            self.frame_changed()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether there is anything to do: True, False (not shown) or None (not now)."""
        del parameters
        return takes_actions(self) and self.can(action)

    def can(self, action: str) -> bool | None:
        """Return whether an action can be done now; pages know more about theirs."""
        if action == "new_check":  # a session opened read-only has none beside it
            return self.controller.services.opened is None
        return len(self.app.screen_stack) > 1 if action == "back" else True

    def label_of(self, action: Action) -> str:
        """Return what the button of ``action`` says; a page may be more specific."""
        return action.label

    def key_of(self, action: Action) -> str:
        """Return a key for the button of ``action`` that works where the focus is, if any does.

        What a field takes for itself is not offered beside it.
        """
        focused = self.focused
        return action.free_key(focused.check_consume_key if focused else lambda *_: False)

    def place(self) -> str:
        """Return what the top line says about where one is."""
        return ""

    def frame_changed(self) -> None:
        """Bring the top line, the buttons and the keys up to date."""
        top = self.query_one(TopLine)
        top.place = self.place()
        top.tag = self.context.mode_tag
        for button in self.query(ActionButton):
            button.sync(
                can=self.can(button.of.id),
                label=self.label_of(button.of),
                key=self.key_of(button.of),
            )
        self.refresh_bindings()

    def action_scroll_body(self, direction: str) -> None:
        """Scroll the body up, down, by a page, or to an end."""
        body = self.query_one("#body", Widget)
        getattr(body, f"scroll_{direction}")(animate=False)

    def lead(self, flow: Callable[[], Coroutine[Any, Any, None]], note: str = "") -> None:
        """Go on to another page; ``note`` says what the page waits for meanwhile."""

        async def leading() -> None:
            self.note(note)
            try:
                await flow()
            finally:
                self.note("")

        if not self.context.pages.lead(leading):
            self.context.say("Still busy with your last request.")

    def note(self, text: str) -> None:
        """Show in the top line what the page waits for."""
        if is_there(self):
            self.query_one(TopLine).note = text

    @on(Choices.Left)
    def _scroll_on(self, event: Choices.Left) -> None:
        if takes_actions(self):
            self.action_scroll_body("down" if event.down else "up")

    def on_key_bar_chosen(self, event: KeyBar.Chosen) -> None:
        """Do what was clicked on in the bar of keys."""
        self.call_next(self.run_action, event.action.id)

    def action_back(self) -> None:
        """Go back to the page below."""
        self.navigation.back()

    def action_help(self) -> None:
        """Show what this page is for, and its keys."""
        self.navigation.show_help(self.PAGE)

    def action_palette(self) -> None:
        """Open the command palette."""
        self.navigation.show_palette()

    def action_theme(self) -> None:
        """Change to the next theme."""
        self.context.next_theme()

    def action_leave(self) -> None:
        """Quit, after asking when a check is running."""
        self.context.leave()

    def action_new_check(self) -> None:
        """Go Home, to choose another symptom."""
        self.navigation.home()

    def action_inspect(self) -> None:
        """Open the page that anything can be pasted into."""
        self.navigation.show_inspect()

    def action_history(self) -> None:
        """Open the list of past sessions."""
        self.navigation.show_history()
