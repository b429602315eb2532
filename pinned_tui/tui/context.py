"""What the screens need of the app.

The app and the navigation import the screens; the screens know both by these protocols only.
"""

from typing import TYPE_CHECKING, Any, Protocol, cast

from pinned_tui.redaction.secret import Secret
from pinned_tui.session import NextStep, Session

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.notifications import SeverityLevel
    from textual.screen import Screen
    from textual.signal import Signal

    from pinned_tui.checks.request import RawCheckRequest
    from pinned_tui.guide.model import Step
    from pinned_tui.tui.controller import Controller
    from pinned_tui.tui.inspection import KeptInspection
    from pinned_tui.tui.page_stack import Pages
    from pinned_tui.tui.type_ahead import TypeAhead


class Navigator(Protocol):
    """Where the screens can go. The coroutines are for :meth:`Page.lead`, one at a time."""

    def back(self) -> None:
        """Leave the page on top; on the last one, quit."""

    def home(self) -> None:
        """Leave all pages but the first, and stop the running check."""

    def show_help(self, page: str) -> None:
        """Show what ``page`` is for, and its keys."""

    def show_palette(self) -> None:
        """Offer all actions of the page on top by their names, and run the chosen one."""

    def show_history(self) -> None:
        """Open the list of past sessions."""

    def show_inspect(self) -> None:
        """Open Inspect, for the session in progress; from Home, for a session of its own."""

    def show_export(self, session: Session | None) -> None:
        """Offer to write the report of ``session``."""

    def show_exchanges(self, session: Session | None) -> None:
        """Show the requests of ``session``."""

    def show_why(self, session: Session | None, *, in_progress: bool = False) -> None:
        """Show why ``session`` has its verdict; only the one in progress can be taken further."""

    def show_past(self, session_id: str) -> None:
        """Open a session of the history, read-only."""

    async def connect(self, section: str | None) -> None:
        """Go from Home to Connect; in the demo, into the situation that goes with it."""

    async def change_situation(self) -> None:
        """Let the user choose another situation of the sandbox, and prepare Connect for it."""

    async def use_inspection(self, session: Session, request: "RawCheckRequest") -> None:
        """Go on with a session that an inspection was written into, where that points."""

    async def check_live(self) -> None:
        """Go from what an inspection found to Connect, for the same session."""

    async def begin(self, request: "RawCheckRequest") -> None:
        """Ask for consent where it is needed, start the checks and show the first question."""

    async def answer(
        self, step: "Step", option: str, text: str | None, secret: Secret | None
    ) -> None:
        """Take the answer to ``step`` and go on to where it leads."""

    async def show_verdict(self) -> None:
        """Show the verdict over the last question."""

    async def enter_where_evidence_points(self, page: "Screen[Any]") -> None:
        """Put the question that the checks point to, or the verdict, in the place of ``page``."""

    async def verify(self) -> None:
        """Run the same checks again; what does more than read is asked about again."""

    async def tell_apart(self, step: NextStep) -> None:
        """Take a step that tells open causes apart: a question, or one check."""

    async def back_from_verdict(self) -> None:
        """Go back to the last question, or to Connect where there was none."""

    async def walk_on(self) -> None:
        """Go through the questions of the section from its first one."""


class AppContext(Protocol):
    """The app as the screens know it.

    Attributes:
        kept_input: What is in the field of Inspect while that page is closed.
    """

    kept_input: "KeptInspection | None"

    @property
    def controller(self) -> "Controller":
        """What runs the checks, and holds the session in progress."""

    @property
    def navigation(self) -> Navigator:
        """Leads to other pages."""

    @property
    def pages(self) -> "Pages":
        """The stack of pages, and the questions that are asked over them."""

    @property
    def typeahead(self) -> "TypeAhead":
        """Lets keys in one at a time."""

    @property
    def session_changed(self) -> "Signal[None]":
        """Published after every change of the session in progress."""

    @property
    def mode_tag(self) -> str:
        """What the top line says about the mode."""

    @property
    def screen(self) -> "Screen[Any]":
        """The page or dialog on top."""

    @property
    def screen_stack(self) -> "list[Screen[Any]]":
        """All pages and dialogs, the one on top last."""

    def say(
        self, message: str, *, title: str = "", severity: "SeverityLevel" = "information"
    ) -> None:
        """Show a message for as long as it takes to read."""

    def next_theme(self) -> None:
        """Change between dark, light and the terminal's own colours."""

    def leave(self) -> None:
        """Quit, after asking when a check is running."""


def context_of(node: "DOMNode") -> AppContext:
    """Return the app that ``node`` is in."""
    return cast("AppContext", node.app)
