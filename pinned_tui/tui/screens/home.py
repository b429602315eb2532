"""Home: what are you seeing?"""

from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from pinned_tui.core.clock import parse_timestamp
from pinned_tui.core.labels import OUTCOME, ago
from pinned_tui.tui.background import Latest, refill
from pinned_tui.tui.keymap import bindings
from pinned_tui.tui.screens.page import Page, PageBody
from pinned_tui.tui.widgets.choices import Choice, Choices
from pinned_tui.tui.widgets.text import MUTED, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pinned_tui.history.entries import HistoryEntry

NOT_SURE = "not-sure"
INSPECT = "inspect"
_RECENT = 5
_ROOMY = 34
"""Lines from which on every symptom can have its explanation below it."""


class HomeScreen(Page):
    """The nine symptoms of the guide, *not sure*, and the recent sessions."""

    PAGE = "home"
    BINDINGS: ClassVar[list[BindingType]] = bindings("home")
    AUTO_FOCUS = ""

    def content(self) -> ComposeResult:
        """Yield the question and its answers."""
        from pinned_tui.guide.loader import symptoms

        choices = [Choice(s.id, str(s.number), s.symptom, hint=s.hint) for s in symptoms()]
        choices.append(
            Choice(
                NOT_SURE,
                "0",
                "Not sure, check everything",
                hint="Runs all read-only checks and takes you to the likely cause.",
            )
        )
        choices.append(
            Choice(
                INSPECT,
                "i",
                "Paste a request, response, payload, key or log",
                hint="Shows what is wrong with it and where. Nothing is sent.",
            )
        )
        with PageBody(id="body"), Horizontal(id="columns"):
            with Vertical(id="asking"):
                yield Static(words("What are you seeing?"), classes="title")
                yield Choices(choices, marked=0, id="symptoms")
                yield Static(words(choices[0].hint, MUTED), id="hint")
            yield Vertical(id="recent")

    def on_resize(self) -> None:
        """Explain every symptom where there is room, and else the marked one."""
        roomy = self.app.size.height >= _ROOMY
        self.query_one("#symptoms", Choices).show_hints(shown=roomy)
        self.query_one("#hint").display = not roomy

    def on_mount(self) -> None:
        """Begin in the list of symptoms."""
        self.query_one("#symptoms", Choices).focus()

    @on(Choices.Marked, "#symptoms")
    def _explain(self, event: Choices.Marked) -> None:
        self.query_one("#hint", Static).update(words(event.choice.hint, MUTED))

    def on_screen_resume(self) -> None:
        """Show the sessions since."""
        self.recent.begin(partial(self.controller.history.recent, limit=_RECENT), self._show_recent)

    @cached_property
    def recent(self) -> Latest:
        """The reading of the recent sessions."""
        return Latest(self)

    async def _show_recent(self, entries: "Sequence[HistoryEntry]") -> None:
        now = self.controller.services.clock.now()
        choices = [_recent(e, ago(parse_timestamp(e.started_at), now)) for e in entries]
        heading = Static(words("Recent sessions"), classes="label")
        shown = [heading, Choices(choices, id="recent-list")] if choices else []
        await refill(self.query_one("#recent"), shown)

    def place(self) -> str:
        """Name the page."""
        return "Home"

    # -- actions -------------------------------------------------------------------------------

    def action_choose_symptom(self, digit: str | None = None) -> None:
        """Go on with the symptom whose number is ``digit``; without one, go to their list."""
        symptoms = self.query_one("#symptoms", Choices)
        if digit is None:
            symptoms.focus()
        elif symptoms.mark_digit(digit):
            symptoms.focus()
            self._go(symptoms)

    def action_go(self) -> None:
        """Go on with what is marked in the list that has the focus."""
        recent = self.query("#recent-list").first(Choices) if self.query("#recent-list") else None
        self._go(
            recent
            if recent is not None and recent.has_focus
            else self.query_one("#symptoms", Choices)
        )

    def on_choices_clicked(self, event: Choices.Clicked) -> None:
        """Go on with what was clicked on."""
        self._go(event.choices)

    @on(Choices.Left)
    def _other_list(self, event: Choices.Left) -> None:
        """Let the arrows lead from one list into the other."""
        lists = list(self.query(Choices))
        at = lists.index(event.choices) + (1 if event.down else -1)
        if 0 <= at < len(lists):
            lists[at].marked = 0 if event.down else len(lists[at].choices) - 1
            lists[at].focus()
            event.prevent_default()

    def _go(self, choices: Choices) -> None:
        choice = choices.choice
        if choice is None:
            return
        if choices.id == "recent-list":
            self.navigation.show_past(choice.id)
        elif choice.id == INSPECT:
            self.navigation.show_inspect()
        else:
            section = None if choice.id == NOT_SURE else choice.id
            self.lead(partial(self.navigation.connect, section), "Preparing")


def _recent(entry: "HistoryEntry", when: str) -> Choice:
    sign = OUTCOME[entry.outcome]
    hint = " · ".join(part for part in (str(sign), entry.target, when) if part)
    return Choice(entry.id, "", entry.title or entry.cause or sign.word, hint=hint)
