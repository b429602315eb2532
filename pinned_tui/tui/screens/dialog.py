"""What the dialogs share: they lie over a page and answer with a value."""

from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from pinned_tui.tui.latest import takes_actions
from pinned_tui.tui.selecting import PageSelection

if TYPE_CHECKING:
    from pinned_tui.tui.app import PinnedApp

DialogResult = TypeVar("DialogResult")


FORM = """
Dialog Input { height: 1; border: none; padding: 0 1; background: $panel; }
Dialog Input:focus { border: none; }
Dialog Input:ansi { text-style: underline; background: ansi_default; }
"""
"""The look of a field in a dialog, for those that have one."""


class Dialog(PageSelection[DialogResult], ModalScreen[DialogResult]):
    """A box over the page. Escape closes it without an answer.

    A subclass yields what the box holds from :meth:`content`.
    """

    CSS_PATH = "../styles/dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", show=False),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether there is anything to do: not before all is there, nor once it goes."""
        return takes_actions(self) and super().check_action(action, parameters)

    def compose(self) -> ComposeResult:
        """Put the content into the box."""
        with VerticalScroll(id="dialog", can_focus=False):
            yield from self.content()

    def content(self) -> ComposeResult:
        """Yield what the box holds."""
        yield from ()

    @property
    def pinned(self) -> "PinnedApp":
        """The app, by its own type."""
        return cast("PinnedApp", self.app)

    def reply(self, value: DialogResult | None) -> None:
        """Answer with ``value`` and close; what comes after the first answer counts no more."""
        self.pinned.pages.answer(self, value)

    async def answered(self, value: DialogResult | None) -> None:
        """Do what follows from ``value``, once this is closed and before anything typed since."""

    def action_close(self) -> None:
        """Close without an answer."""
        self.reply(None)
