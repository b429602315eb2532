"""Inspect: paste anything that fails, and see beside it what is wrong and where."""

import asyncio
from collections.abc import Callable
from functools import cached_property, partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from pinned_tui.core.input_files import LARGEST_INPUT
from pinned_tui.inspect.model import InputKind, read_text
from pinned_tui.session import Session
from pinned_tui.tui.background import Latest, is_there
from pinned_tui.tui.inspection import (
    PASTED,
    InputBuffer,
    InspectionKeeper,
    InspectionResult,
    Inspector,
    KeptInspection,
)
from pinned_tui.tui.keymap import Action, bindings
from pinned_tui.tui.screens import inspect_dialogs as dialogs
from pinned_tui.tui.screens.page import Page
from pinned_tui.tui.widgets.findings import MOST_ROWS, FindingsList, Panel, describe_input, summary
from pinned_tui.tui.widgets.paste_area import PasteArea, TextMark
from pinned_tui.tui.widgets.text import MUTED, STRONG, line, words

AT_ONCE = 64 * 1024
"""Characters up to which a paste is inspected before any of it is painted."""

PAUSE_S = 0.25
"""How long nobody types before what was typed is inspected."""

_PLACEHOLDER = Content(
    "A curl or HTTPie command, a raw request or response, a HAR file, the JSON you send, the error"
    " you got, log lines, or an API key.\n\n"
    "Nothing is sent. A key is hidden before anything is shown."
)


class InspectScreen(Page):
    """A field to paste into, and what is found in it."""

    PAGE = "inspect"
    BINDINGS: ClassVar[list[BindingType]] = bindings("inspect")
    CSS_PATH = "../styles/inspect.tcss"
    AUTO_FOCUS = ""

    def __init__(self, session: Session | None = None) -> None:
        """Inspect for ``session``; without one, for a session of its own."""
        super().__init__()
        self._session = session
        self._kind: InputKind | None = None
        self._result: InspectionResult | None = None
        self._stale = False
        self._hidden = False
        self._waiting: int | None = None
        self._inspecting, self._drawing = Latest(self), Latest(self)

    def content(self) -> ComposeResult:
        """Yield the field and the place for what is found."""
        with Container(id="columns"):
            with Vertical(id="pasting"):
                yield Static(words(""), id="what")
                yield PasteArea(_PLACEHOLDER, self._paste, id="area")
                yield Static(words(""), id="hidden")
            yield FindingsList(id="findings")

    def on_mount(self) -> None:
        """Begin with what was here before, once the words of the causes are read."""
        self._tell()
        if self.context.kept_input is None:
            self._area.focus()
        Latest(self).begin(self._inspections.ready, self._ready)

    def _ready(self, _: Inspector) -> None:
        kept = self.context.kept_input
        if kept is not None and not (self._result or self._hidden or self._area.text):
            self._inspections.go_on_with(kept.inspections)
            self._kind = kept.kind
            self._inspect(kept.held(), cursor=0, leave=True)

    @property
    def busy(self) -> bool:
        """Whether an inspection, or drawing what it found, is under way."""
        return self._inspecting.busy or self._drawing.busy

    @cached_property
    def _inspections(self) -> InspectionKeeper:
        return InspectionKeeper(self.controller, self._session)

    @property
    def _area(self) -> PasteArea:
        return self.query_one(PasteArea)

    @property
    def _found(self) -> FindingsList:
        return self.query_one(FindingsList)

    def place(self) -> str:
        """Name the page."""
        return "Inspect"

    def label_of(self, action: Action) -> str:
        """Name whose session it becomes."""
        if action.id == "use_inspection" and not self._inspections.joins:
            return "Start a session with it"
        return super().label_of(action)

    @on(events.Resize)
    def _resized(self) -> None:
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        self._found.set_brief(brief="-wide" not in self.classes)
        self.frame_changed()
        self._point()

    def frame_changed(self) -> None:
        """Give the room to the field while it has the focus, and to the findings otherwise."""
        self.set_class(self._result is None, "-empty")
        self.set_class(not self._area.has_focus, "-reading")
        self.set_class(self._hidden, "-hidden")
        self.set_class(self._result is not None and not self._result.found, "-clean")
        super().frame_changed()
        # Where there is little room, these have their keys only.
        cramped = "-narrow" in self.classes and self._result is not None
        for button in self.query("#do-open-file, #do-export"):
            button.display = button.display and not cramped

    def can(self, action: str) -> bool | None:
        """Return what can be done now."""
        result = None if self._hidden else self._result
        if action == "stop_looking":
            return self._waiting is not None
        if action == "back":
            return not self.can("stop_looking") and not self.can("to_findings")
        if action == "try_example":
            return result is None and not self._hidden
        if action in {"open_file", "choose_kind"}:
            return not self._hidden
        if result is None:
            return action not in _ON_FINDINGS
        return self._can_on(result, action)

    def _can_on(self, result: InspectionResult, action: str) -> bool | None:
        match action:
            case "to_findings":
                return self._area.has_focus
            case "edit_place":
                return not self._area.has_focus
            case "export":
                return None if self._stale else True
            case "use_inspection" if result.inspection.kind is None:
                return False
            case "use_inspection":
                return None if self._stale or self.state.running else True
            case "toggle_story":
                return result.timeline is not None
            case "copy_corrected" | "write_corrected" | "toggle_corrected":
                return result.corrected is not None
        return True

    def _tell(self) -> None:
        """Bring the lines above the field and above the findings up to date."""
        result, wait = self._result, words("")
        if self._waiting is not None:
            wait = words(f"  ◌ inspecting, {self._waiting} %", MUTED)
        elif self._stale:
            wait = words("  ◌ results are for the previous text", MUTED)
        told = words("Paste what fails, or open a file", STRONG)
        if result is not None:
            told = describe_input(result, said=self._kind is not None)
            self._found.tell(line(summary(result), wait))
        self.query_one("#what", Static).update(told)
        pending = line(("Inspecting your paste before showing it.", STRONG), wait)
        self.query_one("#hidden", Static).update(pending)
        self.frame_changed()

    @on(FindingsList.Chosen)
    def _point(self) -> None:
        """Show in the field where the findings are."""
        result, marked = self._result, self._found.marked
        if result is None or self._stale or self._area.is_edited:
            return
        spans = ((one.span, one is marked) for one in result.found[:MOST_ROWS] if one.span)
        places = ((result.masked.span(span.start, span.end), chosen) for span, chosen in spans)
        marks = [TextMark(*place, chosen=chosen) for place, chosen in places if place is not None]
        self._area.point_at(sorted(marks, key=lambda mark: mark.chosen))

    # -- what goes in --------------------------------------------------------------------------

    def on_paste(self, event: events.Paste) -> None:
        """Take what is pasted beside the field in place of what is in it."""
        event.stop()
        if not self._hidden:
            self._take(InputBuffer(read_text(_lines(event.text))), fresh=True)

    def _paste(self, text: str) -> None:
        """Take what is pasted into the field: nothing of it is shown before it was inspected."""
        if self._hidden:
            return
        before, after = self._area.around_selection()
        after += self._area.masked.rest
        text = _lines(text)
        name = self._result.held.name if self._result is not None else PASTED
        held = InputBuffer(read_text(before + text + after), name)
        fresh = not (before or after)
        self._take(held, fresh=fresh, cursor=0 if fresh else len(before + text))

    def _take(
        self, held: InputBuffer, *, fresh: bool, example: bool = False, cursor: int = 0
    ) -> None:
        """Inspect ``held`` and show it, at once where it is small.

        Args:
            held: The whole input from now on.
            fresh: Whether it is another one than before.
            example: Whether it is an example, which the history need not keep.
            cursor: Where the cursor is to be.
        """
        if len(held.text) > LARGEST_INPUT:
            self.context.say("This is too large to inspect. Cut out the part that matters.")
            return
        if fresh:
            self._inspections.anew(example=example)
            self._kind = None
            self._found.panel = "findings"
        self._inspect(held, cursor, leave=fresh)

    def _inspect(self, held: InputBuffer, cursor: int, *, leave: bool) -> None:
        self._keep(lambda: held)
        inspector = self._inspections.inspector
        if len(held.text) <= AT_ONCE and inspector is not None:
            self._stop()
            result = inspector.inspect(held, self._kind)
            self._show(result, cursor)
            self._begin_to_draw(result, leave=leave)
            self.context.pages.soon(self._drawing.settled)  # a key behind it is meant for the list
            return
        self._hidden, self._waiting = True, 0
        self._tell()
        self._start(lambda: held, cursor=cursor, leave=leave)

    def _keep(self, held: Callable[[], InputBuffer]) -> None:
        """Keep the input until the program ends, whatever becomes of this page."""
        self.context.kept_input = KeptInspection(held, self._kind, self._inspections)

    @on(TextArea.Changed, "#area")
    def _edited(self) -> None:
        """Inspect what was typed once nobody types for a moment."""
        area = self._area
        if not area.is_edited or self._hidden:
            return
        text, masked = area.text, area.masked
        name = self._result.held.name if self._result is not None else PASTED

        def typed() -> InputBuffer:
            return InputBuffer(read_text(masked.restored(text) + masked.rest), name, typed=True)

        self._keep(typed)
        self._start(typed, typed=text)
        if not self._stale:
            self._stale = True
            area.point_at(())
            self._tell()

    def _start(
        self,
        held: Callable[[], InputBuffer],
        *,
        typed: str | None = None,
        cursor: int | None = None,
        leave: bool = False,
    ) -> None:
        def inspected(result: InspectionResult | None) -> None:
            self._waiting = None
            if result is not None and typed in {None, self._area.text}:
                self._show(result, cursor)
                self._begin_to_draw(result, leave=leave)

        self._inspecting.begin(
            partial(self._inspect_in_thread, held, pause=typed is not None), inspected
        )

    def _stop(self) -> None:
        self._inspecting.drop()
        self._waiting = None

    async def _inspect_in_thread(
        self, held: Callable[[], InputBuffer], *, pause: bool
    ) -> InspectionResult | None:
        """Inspect in a thread; typing and scrolling go on."""
        if pause:
            await asyncio.sleep(PAUSE_S)
        return await self._inspections.inspect(held, self._kind, self._progressed)

    def _progressed(self, percent: int) -> None:
        if is_there(self):
            self._waiting = percent
            self._tell()

    def _show(self, result: InspectionResult, cursor: int | None) -> None:
        """Show the input of ``result`` in the field, and remember its secrets."""
        empty = not result.held.text.strip()
        self._result, self._stale, self._hidden = None if empty else result, False, False
        self._inspections.guard(result)
        self._area.show(result.masked, cursor)

    def _begin_to_draw(self, result: InspectionResult, *, leave: bool) -> None:
        async def known() -> InspectionResult:
            return result

        self._drawing.begin(known, partial(self._draw, leave=leave))

    async def _draw(self, result: InspectionResult, *, leave: bool) -> None:
        """Show what was found in it; with ``leave``, go on in the list."""
        if result is self._result:
            await self._found.show(result)
            if not is_there(self):
                return
            self._point()
            self._inspections.keep(result)
            if leave:
                self._found.focus_list()
            elif self.focused is None:
                self._area.focus()
        self._tell()

    # -- actions -------------------------------------------------------------------------------

    def action_to_findings(self) -> None:
        """Leave the field for the findings."""
        self._found.focus_list()

    def action_stop_looking(self) -> None:
        """Stop; a paste that was not shown yet is dropped."""
        self._stop()
        if self._hidden:
            self._hidden = False
            self.context.say(
                "Stopped. Your paste is kept until you quit: open this page again to inspect it."
            )
            self.call_after_refresh(self._area.focus)
        self._tell()

    def action_edit_place(self) -> None:
        """Go to the marked place in the field."""
        self._area.focus()

    def action_toggle_corrected(self) -> None:
        """Show the corrected version, or the findings again."""
        self.call_next(self._toggle, "corrected")  # the app, which carries this out, waits for none

    def action_toggle_story(self) -> None:
        """Show the timeline, or the findings again."""
        self.call_next(self._toggle, "story")

    async def _toggle(self, panel: Panel) -> None:
        await self._found.show_panel("findings" if self._found.panel == panel else panel)

    def action_clear_input(self) -> None:
        """Empty the field."""
        self._stop()
        self._result, self._kind, self._stale = None, None, False
        self.context.kept_input = None
        self._inspections.anew()
        self._area.clear_all()
        self._tell()
        self._area.focus()

    def action_copy_corrected(self) -> None:
        """Copy the corrected version."""
        if self._result is not None:
            dialogs.copy_corrected(self.context, self._result, self.app.copy_to_clipboard)

    def action_write_corrected(self) -> None:
        """Write the corrected version to a file."""
        if self._result is not None:
            dialogs.write_corrected(self.context, self._result)

    def action_open_file(self) -> None:
        """Inspect a file."""
        self.lead(self._open_file)

    async def _open_file(self) -> None:
        answer = await dialogs.choose_file(self.context)
        if answer is not None and is_there(self):
            self._take(InputBuffer(*answer), fresh=True)

    def action_choose_kind(self) -> None:
        """Let the user say what kind of input it is."""
        self.lead(self._choose_kind)

    async def _choose_kind(self) -> None:
        answer = await dialogs.choose_kind(self.context, self._kind)
        if answer is not None and is_there(self):
            self._kind = answer.kind
            if self._result is not None:
                held = self._result.held
                self._keep(lambda: held)
                self._start(lambda: held)

    def action_try_example(self) -> None:
        """Fill in an example."""
        self.lead(self._try_example)

    async def _try_example(self) -> None:
        text = await dialogs.choose_example(self.context)
        if text is not None:
            await self._inspections.ready()
        if text is not None and is_there(self):
            self._take(InputBuffer(read_text(text), "example"), fresh=True, example=True)

    def action_use_inspection(self) -> None:
        """Enter the guide where this points."""
        if self._result is not None:
            self.lead(partial(self._use, self._result), "Preparing")

    async def _use(self, result: InspectionResult) -> None:
        session, ask = await self._inspections.into_session(result)
        await self.navigation.use_inspection(session, ask)

    def action_export(self) -> None:
        """Write a report of what was found."""
        if self._result is not None:
            self.navigation.show_export(self._result.session)


_ON_FINDINGS = frozenset(
    {
        *("to_findings", "clear_input", "edit_place", "export", "use_inspection", "toggle_story"),
        *("copy_corrected", "write_corrected", "toggle_corrected"),
    }
)
"""What takes findings to do it with."""


def _lines(text: str) -> str:
    r"""Return pasted text with ``\n`` at the ends of lines: terminals send ``\r`` for them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
