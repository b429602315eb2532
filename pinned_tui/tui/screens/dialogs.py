"""Dialogs: what lies over a page and answers with a value."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar, TypeVar

from textual import on
from textual._time import get_time
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from pinned_tui.core.demo import SituationCard
from pinned_tui.core.private_files import FileProblem, named, typed_path, write_private
from pinned_tui.redaction.secret import Secret
from pinned_tui.tui.background import is_there, spawn, takes_actions
from pinned_tui.tui.context import AppContext, context_of
from pinned_tui.tui.selection import PageSelection
from pinned_tui.tui.widgets.button import PlainButton
from pinned_tui.tui.widgets.choices import Choice, Choices
from pinned_tui.tui.widgets.flow import Flow
from pinned_tui.tui.widgets.key_panel import describe_key
from pinned_tui.tui.widgets.masked_input import TextInput, masked
from pinned_tui.tui.widgets.secret_input import SecretInput
from pinned_tui.tui.widgets.text import MUTED, HangingIndent, line, words

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
    def context(self) -> AppContext:
        """What the dialog can have of the app."""
        return context_of(self)

    def reply(self, value: DialogResult | None) -> None:
        """Answer with ``value`` and close; a second answer does not count."""
        self.context.pages.answer(self, value, self.answered)

    async def answered(self, value: DialogResult | None) -> None:
        """Do what follows from ``value``, once this is closed and before anything typed since."""

    def action_close(self) -> None:
        """Close without an answer."""
        self.reply(None)


class PickScreen(Dialog[str | None]):
    """Answers with the id of what was chosen, by Enter, a digit or a click; None for Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", show=False),
        *(Binding(digit, f"take_digit('{digit}')", show=False) for digit in "0123456789"),
    ]
    AUTO_FOCUS = "#offered"

    def __init__(
        self, question: str, choices: Sequence[Choice], current: str | None = None
    ) -> None:
        """Offer ``choices`` under ``question``; ``current`` is marked."""
        super().__init__()
        self._question = question
        self._choices = tuple(choices)
        ids = [choice.id for choice in choices]
        self._marked = ids.index(current) if current in ids else 0

    def content(self) -> ComposeResult:
        """Yield the question and the list."""
        yield Static(words(self._question), classes="title")
        yield Choices(self._choices, marked=self._marked, radio=True, id="offered")

    @on(Choices.Clicked)
    def action_take(self) -> None:
        """Answer with the marked one."""
        choice = self.query_one(Choices).choice
        self.reply(choice.id if choice is not None else None)

    def action_take_digit(self, digit: str) -> None:
        """Answer with the one whose number is ``digit``."""
        if self.query_one(Choices).mark_digit(digit):
            self.action_take()


_SUFFIXES = {"bash": "sh", "cmd": "cmd", "powershell": "ps1", "http": "http", "json": "json"}


class SaveScreen(Dialog[None]):
    """Asks where to, writes, and says what came of it; a file that is there is left alone."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "save", show=False, priority=True)]
    CSS = FORM
    AUTO_FOCUS = "#path"

    def __init__(self, text: str, language: str, folder: Path) -> None:
        """Offer to write ``text`` to ``folder``."""
        super().__init__()
        self._text = text
        self._path = folder / f"corrected.{_SUFFIXES.get(language, 'txt')}"

    def content(self) -> ComposeResult:
        """Yield the field and the buttons."""
        yield Static(words("Where should the corrected version go?"), classes="title")
        yield TextInput(str(self._path), id="path", compact=True, select_on_focus=False)
        yield Static(words(""), id="problem", classes="text")
        yield Flow(
            PlainButton("Enter", "Write", "save", primary=True),
            PlainButton("Esc", "Close", "close"),
            classes="dialog-buttons",
        )

    @on(Input.Submitted)
    def action_save(self) -> None:
        """Write it."""
        path = typed_path(self.query_one("#path", Input).value.strip())
        spawn(self, partial(self._save, path))

    async def _save(self, path: Path) -> None:
        try:
            await asyncio.to_thread(write_private, path, self._text.encode("utf-8"))
        except FileProblem as problem:
            message = line(("✗ Not written. ", "bold $text-error"), str(problem))
        else:
            message = line(("✓ Written to ", "bold $text-success"), masked(named(path)))
        if is_there(self):
            self.query_one("#problem", Static).update(message)


class SituationScreen(Dialog[str]):
    """Offers the situations; answers with the name of one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "take", show=False)]
    AUTO_FOCUS = "#situations"

    def __init__(self, cards: Sequence[SituationCard], current: str | None) -> None:
        """Offer ``cards``; ``current`` is marked."""
        super().__init__()
        self._cards = tuple(cards)
        self._current = current

    def content(self) -> ComposeResult:
        """Yield the list and the story of the marked one."""
        names = [card.name for card in self._cards]
        yield Static(words("Which situation?"), classes="title")
        yield Choices(
            [Choice(card.name, "", card.title) for card in self._cards],
            marked=names.index(self._current) if self._current in names else 0,
            radio=True,
            id="situations",
        )
        yield Static(words(""), id="story", classes="muted gap")

    def on_mount(self) -> None:
        """Show the story of the marked one."""
        self._tell()

    @on(Choices.Marked)
    def _tell(self) -> None:
        choice = self.query_one(Choices).choice
        story = next((c.story for c in self._cards if choice and c.name == choice.id), "")
        self.query_one("#story", Static).update(words(story))

    @on(Choices.Clicked)
    def action_take(self) -> None:
        """Answer with the marked one."""
        choice = self.query_one(Choices).choice
        self.reply(choice.id if choice is not None else None)


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """The key to verify with; None where there is still none."""

    secret: Secret | None


class WhichKeyScreen(Dialog[KeyAnswer | None]):
    """Answers with a key, which never shows; None for Escape, which sends nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "take", show=False)]
    AUTO_FOCUS = "#another-key"

    def __init__(self, in_hand: Secret | None) -> None:
        """Keep the key ``in_hand`` unless another one is given."""
        super().__init__()
        self._secret = in_hand

    def content(self) -> ComposeResult:
        """Yield what Enter does, the field, and a description of the key."""
        kept = (
            "There is no key yet. Enter the one to verify with."
            if self._secret is None
            else "If you replaced the key, enter the new one. Enter alone keeps the current key."
        )
        yield Static(words("Verify with which key?"), classes="title")
        yield Static(words(kept), classes="text after")
        yield SecretInput("Paste or type another key", id="another-key")
        yield Static(describe_key(self._secret), id="key-facts", classes="text")
        yield Flow(
            PlainButton("Enter", "Verify the fix", "take", primary=True),
            PlainButton("Esc", "Cancel", "close"),
            classes="dialog-buttons",
        )

    @on(SecretInput.Entered)
    def _given(self, event: SecretInput.Entered) -> None:
        self._secret = event.secret
        event.field.hold("Held in memory; type to replace it")
        self.query_one("#key-facts", Static).update(describe_key(event.secret))
        if event.enter:
            self.action_take()

    def action_take(self) -> None:
        """Answer with the key that was given, else with the one in hand."""
        self.reply(KeyAnswer(self._secret))


class ConfirmScreen(Dialog[bool]):
    """Asks; answers True for yes, False for no, None for Escape, which means no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", show=False),
        Binding("n", "answer(False)", show=False),
    ]
    AUTO_FOCUS = "#no"

    def __init__(
        self,
        question: str,
        text: str = "",
        *,
        facts: Sequence[tuple[str, str]] = (),
        yes: str = "Yes",
        no: str = "No",
    ) -> None:
        """Ask ``question``.

        Args:
            question: The question, one line.
            text: What it means, below it.
            facts: Names and values, below the text.
            yes: What the button for yes says.
            no: What the button for no says.
        """
        super().__init__()
        self._question = question
        self._text = text
        self._facts = tuple(facts)
        self._labels = (yes, no)
        self._painted_at = math.inf

    def content(self) -> ComposeResult:
        """Yield the question, the facts and the two buttons."""
        yield Static(words(self._question), classes="title")
        if self._text:
            yield Static(words(self._text), classes="text after")
        width = max((len(name) for name, _ in self._facts), default=0)
        for name, value in self._facts:
            yield HangingIndent(words(name.ljust(width + 1), MUTED), words(value))
        yes, no = self._labels
        yield Flow(
            PlainButton("n", no, "answer(False)", id="no"),
            PlainButton("y", yes, "answer(True)", id="yes"),
            classes="dialog-buttons",
        )

    def on_mount(self) -> None:
        """Take an answer once the question can be read: what came before is not meant for it."""
        self.call_after_refresh(self._paint_ended)

    def _paint_ended(self) -> None:
        self._painted_at = get_time()

    @property
    def painted(self) -> bool:
        """Whether the question can be seen."""
        return self._painted_at < math.inf

    def action_answer(self, yes: bool) -> None:
        """Answer and close."""
        if self.context.typeahead.at >= self._painted_at:
            self.reply(yes)
