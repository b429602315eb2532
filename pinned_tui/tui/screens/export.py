"""Export: write a report that can be forwarded."""

import asyncio
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, Static

from pinned_tui.core.private_files import FileProblem, named
from pinned_tui.redaction.secret import Secret
from pinned_tui.report.export import (
    FORMATS,
    export,
    save_report,
    suggested_name,
)
from pinned_tui.session import Session
from pinned_tui.tui.background import Latest, is_there
from pinned_tui.tui.keymap import bindings, digits
from pinned_tui.tui.screens.dialogs import ConfirmScreen
from pinned_tui.tui.screens.page import Page, PageBody
from pinned_tui.tui.widgets.choices import Choice, Choices
from pinned_tui.tui.widgets.forms import FormField
from pinned_tui.tui.widgets.masked_input import masked
from pinned_tui.tui.widgets.text import MUTED, block, line, words

_PREVIEW_LINES = 400


class ExportScreen(Page):
    """Format, file, preview, and what came of it."""

    PAGE = "export"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("export"), *digits()]
    CSS_PATH = ["../styles/forms.tcss", "../styles/export.tcss"]  # noqa: RUF012 - Textual's type
    AUTO_FOCUS = ""

    def __init__(self, session: Session) -> None:
        """Offer to write the report of ``session``."""
        super().__init__()
        self._session = session
        self._written: Path | None = None
        self._rendering = Latest(self)

    def content(self) -> ComposeResult:
        """Yield the formats, the file and the preview."""
        choices = [
            Choice(name, str(n), f"{one.title} ({one.suffix})")
            for n, (name, one) in enumerate(FORMATS.items(), start=1)
        ]
        with PageBody(id="body"):
            yield Static(words("Which format?"), classes="label")
            yield Choices(choices, marked=0, radio=True, id="format")
            yield Static(words("Where to?"), classes="label gap")
            yield FormField(
                "Folder", value=str(self.controller.services.report_folder), id="folder"
            )
            yield FormField("File", value=suggested_name(self._session, choices[0].id), id="file")
            yield Static(words(""), id="result", classes="hidden")
            yield Static(words("Preview"), classes="label gap")
            yield Static(words("Rendering the preview", MUTED), id="preview")

    def on_mount(self) -> None:
        """Render the preview."""
        self.query_one("#format", Choices).focus()
        self._render_preview()

    def place(self) -> str:
        """Name the page."""
        return "Export"

    @property
    def _format(self) -> str:
        choice = self.query_one("#format", Choices).choice
        return choice.id if choice is not None else next(iter(FORMATS))

    @on(Choices.Marked, "#format")
    def _other_format(self) -> None:
        self.query_one("#file Input", Input).value = suggested_name(self._session, self._format)
        self._render_preview()

    def _render_preview(self) -> None:
        secrets = tuple(self.state.secrets)
        rendering = partial(asyncio.to_thread, _preview, self._session, self._format, secrets)
        self._rendering.begin(rendering, self.query_one("#preview", Static).update)

    @on(Input.Submitted)
    def _enter_in_input(self) -> None:
        self.action_save_report()

    def action_mark(self, digit: str) -> None:
        """Choose the format whose number is ``digit``."""
        self.query_one("#format", Choices).mark_digit(digit)

    def action_save_report(self) -> None:
        """Write the report."""
        self.lead(self._save, "Writing")

    async def _save(self) -> None:
        for field in self.query(FormField):
            field.complain(None)
        folder, name = (self.query_one(f"#{one}", FormField).value for one in ("folder", "file"))
        if not name:
            self.query_one("#file", FormField).complain("Give the file a name.")
            return
        path = _path(folder, name)
        taken = path != self._written and await asyncio.to_thread(path.is_file)
        if (not taken or await self._may_replace(path)) and is_there(self):
            await self._write(path)

    async def _may_replace(self, path: Path) -> bool:
        answer = await self.context.pages.ask(
            ConfirmScreen(
                "Replace the existing file?",
                masked(named(path)),
                yes="Replace it",
                no="Keep it",
            )
        )
        return bool(answer)

    async def _write(self, path: Path) -> None:
        notices: list[str] = []
        try:
            await asyncio.to_thread(
                save_report,
                path,
                self._session,
                self._format,
                secrets=tuple(self.state.secrets),
                overwrite=True,
                notice=notices.append,
            )
        except FileProblem as problem:
            message = line(("✗ Not written. ", "bold $text-error"), str(problem))
        else:
            self._written = path
            notes = [f"\nNote: {notice}" for notice in notices]
            message = line(("✓ Written to ", "bold $text-success"), masked(named(path)), *notes)
        if is_there(self):
            result = self.query_one("#result", Static)
            result.remove_class("hidden")
            result.update(message)
            result.scroll_visible(animate=False)


def _preview(session: Session, format_name: str, secrets: tuple[Secret, ...]) -> Content:
    """Return the beginning of the report. Works in any thread."""
    lines = export(session, format_name, secrets=secrets).decode("utf-8").splitlines()
    text = "\n".join(lines[:_PREVIEW_LINES])
    if len(lines) > _PREVIEW_LINES:
        text += f"\n… and {len(lines) - _PREVIEW_LINES} more lines"
    return block(text)


def _path(folder: str, name: str) -> Path:
    return Path(folder).expanduser() / name
