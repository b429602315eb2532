"""Connect: with which key, where, what for, and what will be sent."""

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from pinned_tui.core.input_files import read_payload_file
from pinned_tui.core.labels import plural
from pinned_tui.core.private_files import FileProblem
from pinned_tui.session import SCOPES
from pinned_tui.tui.keymap import bindings, digits
from pinned_tui.tui.screens.page import Page, PageBody
from pinned_tui.tui.widgets.flow import Flow
from pinned_tui.tui.widgets.forms import HINTS, FormField, ScopeBox
from pinned_tui.tui.widgets.key_panel import FILE, NONE, TYPED, KeyPanel
from pinned_tui.tui.widgets.ledger import LedgerView
from pinned_tui.tui.widgets.secret_input import SecretInput
from pinned_tui.tui.widgets.text import MUTED, words

if TYPE_CHECKING:
    from pinned_tui.checks.plan import ProbeCard
    from pinned_tui.checks.request import RawCheckRequest
    from pinned_tui.guide.model import SymptomHead


@dataclass(frozen=True, slots=True)
class ConnectChoice:
    """An input that a section asks for; ``needed`` is False where it may stay empty."""

    name: str
    needed: bool


_LABELS = {"channel": "Channel", "event": "Event", "payload": "Payload"}


def wanted(section: "SymptomHead | None") -> tuple[ConnectChoice, ...]:
    """Return which inputs ``section`` asks for; *not sure* takes any of them."""
    if section is None:
        return (ConnectChoice("channel", needed=False), ConnectChoice("event", needed=False))
    return tuple(
        ConnectChoice(name.removesuffix("?"), needed=not name.endswith("?"))
        for name in section.asks
    )


class ConnectScreen(Page):
    """The last page before anything is sent."""

    PAGE = "connect"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("connect"), *digits()]
    CSS_PATH = ["../styles/forms.tcss", "../styles/connect.tcss"]  # noqa: RUF012 - Textual's type
    AUTO_FOCUS = ""

    def __init__(self, section: "SymptomHead | None") -> None:
        """Ask for what ``section`` needs; None is *not sure*."""
        super().__init__()
        self._section = section
        self._wanted = wanted(section)

    # -- what is shown -------------------------------------------------------------------------

    def content(self) -> ComposeResult:
        """Yield the situation, the key, the fields and the ledger."""
        ask, situation = self.state.request, self.controller.demo.situation
        with PageBody(id="body"):
            if situation is not None:
                yield Static(words(situation.card.title), classes="title", id="situation-title")
                yield Static(
                    words(situation.card.story), classes="text after", id="situation-story"
                )
            with Horizontal(id="columns"):
                with Vertical(id="asking"):
                    yield Static(words("Which key?"), classes="label")
                    without = self._section is not None and not self._section.needs_key
                    yield KeyPanel(ask.secret, without=without)
                    yield Static(words("Where, and what for?"), classes="label gap")
                    yield FormField("Base URL", value=self.controller.base_url, id="base-url")
                    yield from self._fields(ask)
                with Vertical(id="sending"):
                    yield Static(words("What will be sent"), classes="label")
                    yield Static(words(""), classes="muted", id="sending-note")
                    yield LedgerView(id="ledger")

    def _fields(self, ask: "RawCheckRequest") -> ComposeResult:
        values = {
            "channel": ask.channel,
            "event": ask.event or ask.event_title,
            "payload": ask.payload_name,
        }
        for one in self._wanted:
            if one.name == "scope":
                boxes = (ScopeBox(scope, ticked=scope in ask.needs) for scope in SCOPES)
                yield Horizontal(
                    Static(words("Scopes needed"), classes="name"), Flow(*boxes), classes="scopes"
                )
            else:
                hint = HINTS[one.name] + ("" if one.needed else "; optional")
                yield FormField(
                    _LABELS[one.name], value=values[one.name] or "", hint=hint, id=one.name
                )
                if one.name == "event" and (when := _when(ask)):
                    yield Static(words(when, MUTED), classes="text")

    async def on_mount(self) -> None:
        """Lock what the demo decides, and plan."""
        if self.controller.services.demo is not None:
            self.query_one("#base-url Input", Input).disabled = True
        await self._plan()
        self._focus_first()

    def place(self) -> str:
        """Name the section."""
        return f"{self._section.title if self._section else 'Check everything'} · connect"

    def can(self, action: str) -> bool | None:
        """Offer another situation in the demo only."""
        if action == "change_situation":
            return self.controller.services.demo is not None
        return super().can(action)

    def _focus_first(self) -> None:
        panel = self.query_one(KeyPanel)
        empty = self._first_empty()
        if panel.source in {TYPED, FILE} and panel.secret is None:
            panel.focus_entry()
        elif empty is not None:
            empty.focus_input()
        else:
            self.query_one("#do-start").focus()

    def _first_empty(self) -> FormField | None:
        """Return the first field that must not stay empty; without a key there is none."""
        if self.query_one(KeyPanel).source == NONE:
            return None
        for one in self._wanted:
            if one.needed and one.name != "scope":
                field = self.query_one(f"#{one.name}", FormField)
                if not field.value:
                    return field
        return None

    # -- what is asked for ---------------------------------------------------------------------

    def _draft(self) -> "RawCheckRequest":
        """Return what the page asks for as it stands, but for the payload's bytes."""
        from pinned_tui.checks.request import event_or_title

        changes: dict[str, object] = {"secret": self.query_one(KeyPanel).secret}
        for one in self._wanted:
            if one.name == "channel":
                changes["channel"] = self.query_one("#channel", FormField).value or None
            elif one.name == "event":
                typed = self.query_one("#event", FormField).value
                changes["event"], changes["event_title"] = event_or_title(typed)
            elif one.name == "scope":
                boxes = self.query(ScopeBox)
                changes["needs"] = frozenset(box.scope for box in boxes if box.value)
        return replace(self.state.request, **changes)  # type: ignore[arg-type]

    @on(KeyPanel.Changed)
    @on(Input.Changed)
    @on(ScopeBox.Changed)
    async def _plan(self) -> None:
        """Show what would be sent for what the page asks."""
        from pinned_tui.checks.plan import planned
        from pinned_tui.checks.request import CheckRequestError

        ledger = self.query_one(LedgerView)
        note = self.query_one("#sending-note", Static)
        try:
            cards = planned(self._draft())
        except CheckRequestError as error:
            await ledger.explain(str(error))
            note.update(words(""))
            return
        await ledger.show(cards)
        note.update(words(f"{_note(cards)} {self._way()}".strip(), MUTED))

    def _way(self) -> str:
        """Return whom the requests pass on their way; on this machine, nobody."""
        from pinned_tui.api_spec.routes import BaseUrlError, parse_base_url
        from pinned_tui.client.network_env import survey

        try:
            base = parse_base_url(self.query_one("#base-url", FormField).value)
        except BaseUrlError:
            return ""
        found = survey(base, self.controller.services.environment)
        if base.is_loopback and not base.secure:
            return found.note or ""
        return found.in_words()

    @on(SecretInput.Entered)
    def _key_entered(self, event: SecretInput.Entered) -> None:
        if event.enter:
            self._focus_first()

    @on(Input.Submitted)
    def _enter_in_input(self) -> None:
        self.action_start()

    # -- actions -------------------------------------------------------------------------------

    def action_start(self) -> None:
        """Check the fields, ask for consent where it is needed, and begin."""
        self.lead(self._start, "Preparing the checks")

    async def _start(self) -> None:
        ask = await self._understood()
        if ask is not None:
            await self.navigation.begin(ask)

    async def _understood(self) -> "RawCheckRequest | None":
        """Return what is asked for, or show what is wrong with it."""
        for field in self.query(FormField):
            field.complain(None)
        panel = self.query_one(KeyPanel)
        if panel.source in {TYPED, FILE} and panel.secret is None:
            panel.complain("Enter the key first, or choose “I have no key”.")
            panel.focus_entry()
            panel.scroll_visible(animate=False)
            return None
        fault = self._fault()
        if fault is not None:
            self._show_fault(*fault)
            return None
        return await self._with_payload(self._draft())

    def _fault(self) -> tuple[str, str] | None:
        """Return the first field that can't be used, and why."""
        from pinned_tui.api_spec.routes import BaseUrlError, parse_base_url
        from pinned_tui.checks.request import CheckRequestError, understand

        empty = self._first_empty()
        if empty is not None:
            return empty.id or "", "This symptom can't be checked without it."
        try:
            base = parse_base_url(self.query_one("#base-url", FormField).value)
        except BaseUrlError as error:
            return "base-url", str(error)
        self.controller.base_url = base.url
        ask = self._draft()
        for name, alone in (
            ("channel", replace(ask, event=None, event_title=None)),
            ("event", replace(ask, channel=None)),
        ):
            try:
                understand(alone)
            except CheckRequestError as error:
                return name, str(error)
        return None

    async def _with_payload(self, ask: "RawCheckRequest") -> "RawCheckRequest | None":
        if not any(one.name == "payload" for one in self._wanted):
            return ask
        named = self.query_one("#payload", FormField).value
        if not named:
            return replace(ask, payload=None, payload_name=None)
        if ask.payload is not None and named == ask.payload_name:
            return ask
        try:
            data, name = await asyncio.to_thread(read_payload_file, named)
        except FileProblem as problem:
            self._show_fault("payload", str(problem))
            return None
        return replace(ask, payload=data, payload_name=name)

    def _show_fault(self, name: str, problem: str) -> None:
        field = self.query_one(f"#{name}", FormField)
        field.complain(problem)
        field.focus_input()
        field.scroll_visible(animate=False)

    def action_mark(self, digit: str) -> None:
        """Mark the source of the key whose number is ``digit``, and go to its field."""
        self.query_one(KeyPanel).choose(digit)

    def action_change_situation(self) -> None:
        """Let the user choose another situation of the sandbox."""
        self.lead(self.navigation.change_situation)


def _when(ask: "RawCheckRequest") -> str:
    """Return what is known about the time of the event beside its name."""
    day = f"It starts on {ask.event_day}. " if ask.event_day else ""
    return day + (f"It should start at {ask.expected_start}." if ask.expected_start else "")


def _note(cards: "tuple[ProbeCard, ...]") -> str:
    if not any(card.method for card in cards):
        return "Nothing: there is no key to send."
    asking = sum(card.consent for card in cards)
    reading = sum(card.method is not None and not card.consent for card in cards)
    text = plural(reading, "read-only check")
    if asking:
        text += f", and {plural(asking, 'check')} that ask{'s' if asking == 1 else ''} you first"
    return f"{text}. A list may take several requests."
