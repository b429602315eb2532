"""Where the key comes from, and what may be shown of it."""

import asyncio
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalGroup
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from pinned_tui.core.input_files import read_key_file
from pinned_tui.core.labels import plural
from pinned_tui.core.private_files import FileProblem
from pinned_tui.redaction.secret import Secret
from pinned_tui.tui.background import is_there
from pinned_tui.tui.widgets.choices import Choice, Choices
from pinned_tui.tui.widgets.masked_input import TextInput
from pinned_tui.tui.widgets.secret_input import SecretInput
from pinned_tui.tui.widgets.text import MUTED, line, words

HELD = "held"
TYPED = "typed"
FILE = "file"
NONE = "none"

_HELD_LABELS = {
    "environment": "From the environment: PINNED_EVENTS_API_KEY",
    "file": "From the file given at the start",
    "stdin": "From standard input",
    "sandbox": "The demo's key, from the local sandbox",
}


class KeyPanel(VerticalGroup):
    """Offers the sources of a key and keeps the one that was handed over."""

    DEFAULT_CSS = """
    KeyPanel { height: auto; }
    KeyPanel SecretInput, KeyPanel Input { margin-left: 7; display: none; }
    KeyPanel.-typed SecretInput { display: block; }
    KeyPanel.-file Input { display: block; }
    KeyPanel #key-facts { margin-left: 7; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = []

    class Changed(Message):
        """Another key, or none, is in hand."""

    def __init__(self, held: Secret | None, *, without: bool = False) -> None:
        """Begin with ``held``; ``without`` begins with *I have no key*."""
        super().__init__()
        self._keys: dict[str, Secret | None] = {HELD: held, TYPED: None, FILE: None, NONE: None}
        self._held = held
        self.source = HELD if held is not None else NONE if without else TYPED
        self._problem: str | None = None

    @property
    def secret(self) -> Secret | None:
        """The key in hand."""
        return self._keys[self.source]

    def compose(self) -> ComposeResult:
        """Yield the sources, the two inputs and the description of the key."""
        sources = [(TYPED, "Type or paste it"), (FILE, "From a file"), (NONE, "I have no key")]
        if self._held is not None:
            label = _HELD_LABELS.get(self._held.source, f"The current key ({self._held.source})")
            sources.insert(0, (HELD, label))
        choices = [Choice(id_, str(n), label) for n, (id_, label) in enumerate(sources, start=1)]
        marked = next(n for n, (id_, _) in enumerate(sources) if id_ == self.source)
        yield Choices(choices, marked=marked, radio=True, id="key-source")
        yield SecretInput(id="key-typed")
        yield TextInput(
            placeholder="Path of a file that contains only the key", id="key-file", compact=True
        )
        yield Static(Content(""), id="key-facts")

    def on_mount(self) -> None:
        """Show the source that holds."""
        self._show()

    @on(Choices.Marked, "#key-source")
    def _other_source(self, event: Choices.Marked) -> None:
        event.stop()
        self._take_source(event.choice.id)
        self.post_message(self.Changed())

    def _take_source(self, source: str) -> None:
        self.source = source
        self._problem = None
        self._show()

    @on(SecretInput.Entered)
    def _typed(self, event: SecretInput.Entered) -> None:
        self._keys[TYPED] = event.secret
        self._problem = None
        event.field.hold(
            f"Held: {plural(len(event.secret.reveal()), 'character')}; type to replace it"
        )
        self._show()
        self.post_message(self.Changed())

    @on(Input.Submitted, "#key-file")
    @on(Input.Blurred, "#key-file")
    async def _file_named(self, event: Input.Submitted | Input.Blurred) -> None:
        await self.read_file(event.value)

    async def read_file(self, name: str) -> None:
        """Take the key from the file ``name``."""
        if not name.strip():
            return
        self._problem = None
        try:
            self._keys[FILE] = await asyncio.to_thread(read_key_file, name.strip())
        except FileProblem as problem:
            self._keys[FILE] = None
            self._problem = str(problem)
        if is_there(self):
            self._show()
            self.post_message(self.Changed())

    def complain(self, problem: str) -> None:
        """Show ``problem`` below the field, unless what is wrong with the file is shown there."""
        self._problem = self._problem or problem
        self._show()

    def choose(self, digit: str) -> None:
        """Mark the source whose number is ``digit``; what is typed next goes into its field."""
        choices = self.query_one("#key-source", Choices)
        if choices.mark_digit(digit) and choices.choice is not None:
            self._take_source(choices.choice.id)
            self.focus_entry()

    def focus_entry(self) -> None:
        """Put the focus where the key is to be given."""
        if self.source == TYPED:
            self.query_one(SecretInput).focus()
        elif self.source == FILE:
            self.query_one("#key-file").focus()
        else:
            self.query_one("#key-source").focus()

    def _show(self) -> None:
        self.set_class(self.source == TYPED, "-typed")
        self.set_class(self.source == FILE, "-file")
        facts = self.query_one("#key-facts", Static)
        text = (
            words(f"✗ {self._problem}", "$text-error")
            if self._problem
            else describe_key(self.secret)
        )
        facts.update(text)
        facts.display = bool(text.plain)


def describe_key(secret: Secret | None) -> Content:
    """Return what may be shown of a key: its length, its shape and its faults."""
    if secret is None:
        return Content("")
    from pinned_tui.inspect.key import inspect_key

    facts = secret.facts()
    lines = [
        words(
            f"This key: {plural(facts.length, 'character')}, {facts.shape}. It stays in memory.",
            MUTED,
        )
    ]
    lines.extend(
        line(("! ", "bold $text-warning"), words(fault.detail))
        for fault in inspect_key(secret.reveal())
    )
    return Content("\n").join(lines)
