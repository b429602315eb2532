"""Export: a report that can be forwarded."""

import asyncio
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, Static

from pinned_tui.files import FileProblem
from pinned_tui.report.export import (
    FORMATS,
    ExportRefusedError,
    export,
    save_report,
    suggested_name,
)
from pinned_tui.session import Session
from pinned_tui.tui.actions import bindings, digits
from pinned_tui.tui.screens.confirm import ConfirmScreen
from pinned_tui.tui.screens.page import Body, Page
from pinned_tui.tui.widgets.choices import Choice, Choices
from pinned_tui.tui.widgets.fields import Field
from pinned_tui.tui.widgets.masked_input import masked
from pinned_tui.tui.widgets.text import MUTED, line, words

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

    def content(self) -> ComposeResult:
        """Yield the formats, the file and the preview."""
        choices = [
            Choice(name, str(n), f"{one.title} ({one.suffix})")
            for n, (name, one) in enumerate(FORMATS.items(), start=1)
        ]
        with Body(id="body"):
            yield Static(words("Which format?"), classes="label")
            yield Choices(choices, marked=0, radio=True, id="format")
            yield Static(words("Where to?"), classes="label gap")
            yield Field("Folder", value=str(self.controller.services.report_folder), id="folder")
            yield Field("File", value=suggested_name(self._session, choices[0].id), id="file")
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
        self.run_worker(self._preview(self._format), exclusive=True, group="preview")

    async def _preview(self, format_name: str) -> None:
        secrets = tuple(self.controller.secrets)
        shown = self.query_one("#preview", Static)
        try:
            data = await asyncio.to_thread(export, self._session, format_name, secrets=secrets)
        except ExportRefusedError as refusal:
            shown.update(words(str(refusal), "$text-error"))
            return
        lines = data.decode("utf-8").splitlines()
        text = "\n".join(lines[:_PREVIEW_LINES])
        if len(lines) > _PREVIEW_LINES:
            text += f"\n… and {len(lines) - _PREVIEW_LINES} more lines"
        shown.update(words(text))

    @on(Input.Submitted)
    def _enter_in_input(self) -> None:
        self.action_save_report()

    def action_mark(self, digit: str) -> None:
        """Choose the format whose number is ``digit``."""
        self.query_one("#format", Choices).mark_digit(digit)

    def action_save_report(self) -> None:
        """Write the report."""
        self.run_worker(self._save(), exclusive=True, group="save")

    async def _save(self) -> None:
        for field in self.query(Field):
            field.complain(None)
        folder, name = (self.query_one(f"#{one}", Field).value for one in ("folder", "file"))
        if not name:
            self.query_one("#file", Field).complain("Give the file a name.")
            return
        path = _path(folder, name)
        taken = path != self._written and await asyncio.to_thread(path.is_file)
        if not taken or await self._may_replace(path):
            await self._write(path)

    async def _may_replace(self, path: Path) -> bool:
        answer = await self.app.push_screen_wait(
            ConfirmScreen(
                "Replace the file that is there?", masked(str(path)), yes="Replace it", no="Keep it"
            )
        )
        return bool(answer)

    async def _write(self, path: Path) -> None:
        result = self.query_one("#result", Static)
        result.remove_class("hidden")
        try:
            await asyncio.to_thread(
                save_report,
                path,
                self._session,
                self._format,
                secrets=tuple(self.controller.secrets),
                overwrite=True,
            )
        except (FileProblem, ExportRefusedError) as problem:
            result.update(line(("✗ Not written. ", "bold $text-error"), str(problem)))
        else:
            self._written = path
            result.update(line(("✓ Written to ", "bold $text-success"), masked(str(path))))
        result.scroll_visible(animate=False)


def _path(folder: str, name: str) -> Path:
    return Path(folder).expanduser() / name
