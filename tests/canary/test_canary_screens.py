"""A key that is pasted into any field of any page is not on the screen, nor in the clipboard."""

import ast
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input, TextArea

import pinned_tui.tui
from pinned_tui.guide.loader import symptoms
from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.secret import Secret
from pinned_tui.tui.screens.connect import ConnectScreen
from pinned_tui.tui.screens.dialogs import SaveScreen
from pinned_tui.tui.screens.file_picker import FileScreen
from pinned_tui.tui.screens.palette import PaletteScreen
from pinned_tui.tui.widgets.key_panel import FILE, KeyPanel
from pinned_tui.tui.widgets.masked_input import DOT, Masking, masked
from pinned_tui.tui.widgets.paste_area import PasteArea
from tests import samples
from tests.canary.canary import KEY, READABLE
from tests.sampling import one_in
from tests.tui.scenes import step
from tests.tui.tui_stage import Stage, demo, services, staged

SECRET = Secret(KEY, source="test")
CURL = f"curl https://pinned.events/api/public/v1/events -H 'Authorization: Bearer {KEY}'"
NOWHERE = "http://127.0.0.1:9"
PASTES = (KEY, CURL, f"/home/me/{KEY}.txt", f"https://pinned.events/{KEY}?k={KEY}")


async def home(stage: Stage) -> None:
    await stage.press("ctrl+p")
    await stage.until(lambda: isinstance(stage.app.screen, PaletteScreen))


async def history(stage: Stage) -> None:
    stage.app.navigation.show_history()
    await stage.on("history")


async def export(stage: Stage) -> None:
    stage.app.navigation.show_export(samples.plain())
    await stage.on("export")


async def inspect(stage: Stage) -> None:
    stage.app.navigation.show_inspect()
    await stage.on("inspect")


async def connect(stage: Stage) -> None:
    asks = {name.removesuffix("?"): one for one in symptoms() for name in one.asks}
    for section in (asks["channel"], asks["payload"], asks["event"]):
        stage.app.controller.choose(section.id)
        stage.app.push_screen(ConnectScreen(section))
        await stage.until(lambda: isinstance(stage.app.screen, ConnectScreen))
        panel = stage.app.screen.query_one(KeyPanel)
        panel._take_source(FILE)
        await stage.pilot.pause()
        await paste_everywhere(stage)


async def open_file(stage: Stage) -> None:
    stage.app.push_screen(FileScreen())
    await stage.until(lambda: isinstance(stage.app.screen, FileScreen))


async def save_file(stage: Stage) -> None:
    folder = stage.app.services.report_folder
    stage.app.push_screen(SaveScreen("text", "bash", folder))
    await stage.until(lambda: isinstance(stage.app.screen, SaveScreen))


PAGES: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "the palette": home,
    "history": history,
    "export": export,
    "inspect": inspect,
    "connect": connect,
    "open a file": open_file,
    "save a file": save_file,
}


async def paste_everywhere(stage: Stage) -> None:
    """Paste into each field of the page, copy, press Enter; look at the screen each time."""
    fields = [one for one in stage.app.screen.query("Input, PasteArea, SecretInput") if one.display]
    assert fields
    for field in fields:
        if field.disabled:
            continue
        for text in PASTES:
            field.focus()
            field.post_message(events.Paste(text))
            await stage.pilot.pause()
            look(stage)
        assert isinstance(field, Masking | PasteArea) or not isinstance(field, Input | TextArea)
        if isinstance(field, Masking):
            assert KEY in field.value
            assert DOT * len(KEY) in masked(field.value)
            field.select_all()
            field.action_copy()
            assert find_leaks(stage.app.clipboard, [SECRET]) == ()
            await stage.press("enter")
            look(stage)
            if field.is_attached:
                field.select_all()
                field.action_cut()
                assert find_leaks(stage.app.clipboard, [SECRET]) == ()


def look(stage: Stage) -> None:
    for shown in (stage.text(), stage.said(), stage.app.title, stage.app.sub_title):
        assert find_leaks(shown, [SECRET]) == (), shown


@pytest.mark.parametrize("page", one_in(2, PAGES))
async def test_a_key_in_any_field_is_not_shown(page: str, tmp_path: Path) -> None:
    async with staged(services(tmp_path, base_url=NOWHERE), size=(160, 50)) as stage:
        await PAGES[page](stage)
        await paste_everywhere(stage)


async def test_a_key_typed_as_an_answer_of_the_guide_is_not_shown(tmp_path: Path) -> None:
    with demo() as sandbox:
        async with staged(services(tmp_path, demo=sandbox), size=(160, 50)) as stage:
            await step("4")(stage)
            for reached in ("channel-listed", "channel-pick"):
                await stage.press("enter")
                await stage.at(reached)
            await stage.until(lambda: bool(stage.app.screen.query("#typed:focus")))
            await paste_everywhere(stage)


def test_every_input_of_the_app_is_one_that_masks() -> None:
    """A bare input of Textual's would show what is pasted into it."""
    root = Path(pinned_tui.tui.__file__).parent
    bare = []
    for path in root.rglob("*.py"):
        if path.name in {"masked_input.py", "paste_area.py"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if name in {"Input", "MaskedInput", "TextArea"}:
                    bare.append(f"{path.name}:{node.lineno}")
            if isinstance(node, ast.ClassDef):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                bare += [f"{path.name}: {node.name}"] if bases & {"Input", "TextArea"} else []
    assert bare == []


@pytest.mark.parametrize(
    "text",
    ["", "customer42.", "scope-missing", "/srv/reports/pinned-events-20261123-f2nvsk7q.md",
     *(one.must_stay for one in READABLE if one.id in {"slug", "path", "version"})],
)  # fmt: skip
def test_what_is_no_key_is_readable_in_a_field(text: str) -> None:
    assert masked(text) == text
