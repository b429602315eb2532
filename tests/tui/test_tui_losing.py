"""What must not be lost or held up: a paste, a selection, a key being typed, an answer to Esc."""

import asyncio
import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual import events
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static

from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.secret import Secret
from pinned_tui.sandbox.demo import SandboxDemo
from pinned_tui.session import Session, Verdict, replace
from pinned_tui.tui.screens.export import ExportScreen
from pinned_tui.tui.screens.file_picker import FileScreen
from pinned_tui.tui.screens.history import HistoryScreen
from pinned_tui.tui.screens.inspect import InspectScreen
from pinned_tui.tui.screens.page import Page
from pinned_tui.tui.screens.palette import PaletteScreen
from pinned_tui.tui.screens.session import SessionScreen
from pinned_tui.tui.widgets.paste_area import PasteArea
from pinned_tui.tui.widgets.secret_input import SecretInput
from pinned_tui.tui.widgets.text import MOST_CHARACTERS, MOST_ROWS, HangingIndent, bounded, words
from tests import samples
from tests.tui.scenes import connect, verdict
from tests.tui.tui_stage import Stage, services, staged

KEY = "pe_live_Zq8sT3vX0aLm7RkYw2NcB5hJ"
CURL = f"curl https://pinned.events/api/public/v1/events -H 'Authorization: Bearer {KEY}'"


async def paste(stage: Stage, text: str) -> None:
    await stage.press("i")
    await stage.on("inspect")
    stage.app.post_message(events.Paste(text))
    await stage.until(lambda: bool(stage.app.screen.query("#found")))
    await stage.ready()


def field(stage: Stage) -> str:
    return stage.app.screen.query_one(PasteArea).text


def leaking(folder: Path) -> list[Path]:
    """Return the files that hold the key."""
    key = Secret(KEY, source="pasted")
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path for path in files if find_leaks(path.read_bytes(), [key])]


def crash_report(folder: Path) -> str:
    (report,) = folder.glob("crash-*")
    return report.read_text("utf-8")


# -- the paste -------------------------------------------------------------------------------------


async def test_a_paste_is_there_when_inspect_is_opened_again(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await paste(stage, CURL)
        shown = field(stage)
        await stage.press("escape")
        await stage.on("home")
        await stage.press("i")
        await stage.on("inspect")
        await stage.until(lambda: bool(stage.app.screen.query("#found")))
        await stage.ready()
        assert field(stage) == shown
        assert "[key-1]" in shown
        assert not stage.app.screen.query_one(PasteArea).has_focus
    assert len(services(tmp_path).history.list()) == 1
    assert not leaking(tmp_path)


async def test_what_was_typed_and_not_looked_at_yet_is_there_again(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await stage.press("i")
        await stage.on("inspect")
        await stage.press("h", "i")
        await stage.press("escape")
        page = stage.app.screen
        if isinstance(page, InspectScreen):
            await stage.until(lambda: not page.busy)
            await stage.press("escape")
        await stage.on("home")
        await stage.press("i")
        await stage.until(lambda: field(stage) == "hi")


async def test_a_large_paste_whose_look_was_stopped_is_kept(tmp_path: Path) -> None:
    text = "2027-01-01T00:00:00Z POST /api/public/v1/events 201\n" * 20_000
    async with staged(services(tmp_path)) as stage:
        await stage.press("i")
        await stage.on("inspect")
        stage.app.post_message(events.Paste(text))
        await stage.until(lambda: stage.app.kept_input is not None)
        page = stage.app.screen
        assert isinstance(page, InspectScreen)
        page.action_stop_looking()
        await stage.press("escape")
        await stage.on("home")
        await stage.press("i")
        await stage.until(lambda: "01T00:00:00Z" in field(stage))


async def test_clearing_the_field_clears_it_for_good(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await paste(stage, CURL)
        await stage.press("d", "escape")
        await stage.until(lambda: stage.page != "inspect" or not field(stage))
        assert stage.app.kept_input is None


# -- Ctrl+C ----------------------------------------------------------------------------------------


async def test_ctrl_c_copies_what_is_selected_and_quits_nothing(tmp_path: Path) -> None:
    async with staged(services(tmp_path, opened=samples.told())) as stage:
        title = stage.app.screen.query_one("#body")
        title.text_select_all()
        await stage.pilot.press("ctrl+c")
        await stage.ready()
        assert samples.SCOPE_MISSING.title in stage.app.clipboard
        assert "Copied" in stage.said()
        assert "again to quit" not in stage.said()


def mouse(kind: type[events.MouseEvent], at: Widget, *, button: int = 1) -> events.MouseEvent:
    """Return what the terminal says when the mouse does something in the middle of ``at``."""
    x, y = at.region.x + 1, at.region.y
    return kind(at, x, y, 0, 0, button, shift=False, meta=False, ctrl=False, screen_x=x, screen_y=y)


@pytest.mark.parametrize("way", ["pressed", "dragged from", "dragged to", "its row"])
async def test_the_mouse_on_a_text_that_has_just_gone_does_nothing(
    tmp_path: Path, way: str
) -> None:
    async with staged(services(tmp_path, opened=samples.told())) as stage:
        screen = stage.app.screen
        texts = [one for one in screen.query_one("#body").query(Static) if one.region.height]
        gone, stays = texts[0], texts[-1]
        down, move, up = events.MouseDown, events.MouseMove, events.MouseUp
        before, after = {
            "pressed": ([], [mouse(down, gone), mouse(move, gone), mouse(up, gone)]),
            "dragged from": ([mouse(down, gone)], [mouse(move, stays), mouse(up, stays)]),
            "dragged to": ([mouse(down, stays)], [mouse(move, gone), mouse(up, stays)]),
            "its row": ([mouse(down, gone), mouse(move, stays)], [mouse(move, gone)]),
        }[way]
        for event in before:
            screen._forward_event(event)
        # Gone from the page, which has not been laid out anew yet.
        stage.app._unregister(gone)
        for event in after:
            screen._forward_event(event)
        await stage.ready()
        assert gone not in screen.selections
        assert stage.app.return_code is None


async def test_ctrl_c_copies_from_a_field(tmp_path: Path, sandbox: SandboxDemo) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await verdict("2")(stage)
        await stage.press("e")
        await stage.on("export")
        name = stage.app.screen.query_one("#file Input", Input)
        stage.app.screen.set_focus(name)
        name.action_select_all()
        await stage.pilot.press("ctrl+c")
        await stage.ready()
        assert stage.app.clipboard == name.value
        assert "again to quit" not in stage.said()


@pytest.mark.parametrize("page", ["connect", "which-key"])
async def test_ctrl_c_keeps_a_key_that_is_being_typed(
    tmp_path: Path, sandbox: SandboxDemo, page: str
) -> None:
    async with staged(services(tmp_path)) as stage:
        if page == "connect":
            await stage.press("1")
            await stage.on("connect")
        else:
            from pinned_tui.tui.screens.dialogs import WhichKeyScreen

            await stage.app.pages.open(WhichKeyScreen(None))
        typed = stage.app.screen.query_one(SecretInput)
        stage.app.screen.set_focus(typed)
        await stage.press(*KEY)
        await stage.pilot.press("ctrl+c")
        await stage.ready()
        assert typed.is_attached
        assert typed.count == len(KEY)
        assert stage.app.clipboard == ""
        assert "again to quit" in stage.said()
        assert stage.app.is_running


async def test_two_ctrl_c_far_apart_quit_nothing(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        stage.app.shutdown.by_ctrl_c(100.0, lambda: False)
        stage.app.shutdown.by_ctrl_c(102.5, lambda: False)
        await stage.ready()
        assert stage.app.is_running
        stage.app.shutdown.by_ctrl_c(103.0, lambda: False)
        await stage.until(lambda: not stage.app.is_running)


async def test_two_more_ctrl_c_answer_the_question_whether_to_quit(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await connect("2")(stage)
        sandbox.sandbox.latency_ms = 60_000
        await stage.press("enter")
        await stage.on("step")
        await stage.pilot.press("ctrl+c", "ctrl+c")
        await stage.on("ConfirmScreen")
        assert stage.app.controller.running
        await stage.pilot.press("ctrl+c", "ctrl+c")
        await stage.until(lambda: not stage.app.is_running)


# -- what takes long -------------------------------------------------------------------------------


async def test_who_leaves_what_takes_long_is_not_called_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pinned_tui.tui.page_stack.HOLD_S", 0.0)
    gate = asyncio.Event()
    async with staged(services(tmp_path)) as stage:
        pages = stage.app.pages
        opened = SessionScreen(samples.plain())

        async def slow() -> None:
            await gate.wait()
            await pages.open(opened)

        assert pages.lead(slow)
        assert not pages.lead(slow)
        await stage.press("h")
        await stage.on("history")
        gate.set()
        await stage.ready()
        assert stage.page == "history"
        assert not opened.is_attached


async def test_a_key_waits_for_what_is_on_its_way(tmp_path: Path) -> None:
    gate = asyncio.Event()
    async with staged(services(tmp_path)) as stage:
        pages = stage.app.pages

        async def slow() -> None:
            await gate.wait()
            await pages.open(SessionScreen(samples.told()))

        assert pages.lead(slow)
        stage.app.post_message(events.Key("x", "x"))
        await stage.pilot.pause()
        gate.set()
        await stage.on("exchanges")


async def test_a_session_whose_check_is_stopped_before_it_begins_is_not_waited_for(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await connect("2")(stage)
        controller = stage.app.controller
        await controller.begin(controller.state.request)
        controller.stop()
        controller.stop()
        async with asyncio.timeout(20):
            await controller.ended()
        assert not controller.running


async def test_what_a_check_learns_after_the_user_began_anew_is_kept_and_not_shown(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await connect("2")(stage)
        controller = stage.app.controller
        sandbox.sandbox.latency_ms = 60_000
        await stage.press("enter")
        await stage.on("step")
        old = stage.session.id
        controller.choose("scope")
        await controller.ended()
        assert controller.state.session is None
        await stage.until(lambda: old in {one.id for one in controller.services.history.list()})


PAGES: dict[str, tuple[Callable[[Page], Screen[Any]], str]] = {
    "a page": (lambda _: SessionScreen(samples.told()), "scroll_body('end')"),
    "a list": (lambda _: HistoryScreen(), "filter"),
    "a dialog": (lambda _: FileScreen(), "complete"),
    "the palette": (PaletteScreen, "move(1)"),
}


@pytest.mark.parametrize("name", PAGES)
async def test_no_action_of_a_page_that_is_not_whole_is_carried_out(
    name: str, tmp_path: Path
) -> None:
    make, action = PAGES[name]
    async with staged(services(tmp_path)) as stage:
        home = stage.app.screen
        assert isinstance(home, Page)
        page = make(home)
        coming = stage.app.push_screen(page)  # from here on keys go to it, with nothing in it yet
        assert not await stage.app.run_action(action, page)
        await coming
        await stage.until(lambda: page.is_mounted)
        assert await stage.app.run_action(action, page)
        await stage.app.pop_screen()
        assert not await stage.app.run_action(action, page)
        assert stage.app.crash is None


async def test_what_fails_in_a_task_that_nobody_waits_for_ends_nothing(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:

        async def failing() -> None:
            raise LookupError("nobody waits for this")

        task = asyncio.get_running_loop().create_task(failing())
        await asyncio.wait({task})
        del task
        gc.collect()
        await stage.until(lambda: "in the background" in stage.said())
        assert stage.app.is_running
        assert stage.app.crash is None
    assert "LookupError" in crash_report(tmp_path)


# -- texts of megabytes ----------------------------------------------------------------------------


def huge() -> Session:
    text = "x" * 20_000_000
    verdicts: tuple[Verdict, ...] = (
        msgspec.structs.replace(
            samples.SCOPE_MISSING, summary=text, title=text, found=text, fix=(text, text)
        ),
    ) * 3
    told = samples.told()
    observations = tuple(msgspec.structs.replace(one, summary=text) for one in told.observations)
    return replace(told, verdicts=verdicts, observations=observations)


async def test_a_report_with_texts_of_megabytes_can_be_looked_at_and_left(tmp_path: Path) -> None:
    async with staged(services(tmp_path, opened=huge())) as stage:
        shown = [str(one.visual) for one in stage.app.screen.query(Static)]
        assert any("cut here" in text for text in shown)
        assert sum(map(len, shown)) < 50 * MOST_CHARACTERS
        for key in "x", "w":
            await stage.press(key)
            await stage.press("escape")
        await stage.on("session")
        await stage.pilot.press("ctrl+c", "ctrl+c")
        await stage.until(lambda: not stage.app.is_running)


async def test_a_report_with_very_many_rows_shows_the_first_ones(tmp_path: Path) -> None:
    told = samples.told()
    many = replace(told, observations=told.observations * 500, exchanges=told.exchanges * 250)
    async with staged(services(tmp_path, opened=many)) as stage:
        assert len(stage.app.screen.query(HangingIndent)) < 3 * MOST_ROWS
        await stage.press("x")
        await stage.on("exchanges")
        shown = stage.app.screen.query("#list Static").results(Static)
        said = "".join(str(one.visual) for one in shown)
        assert f"The first {MOST_ROWS} of {len(many.exchanges):,}" in said


def test_a_text_is_cut_and_says_so() -> None:
    assert words("x" * MOST_CHARACTERS).plain == "x" * MOST_CHARACTERS
    cut = words("x" * (MOST_CHARACTERS + 1)).plain
    assert cut.endswith("(cut here, 1 more character)")
    assert len(list(bounded(HangingIndent("", "x") for _ in range(10)))) == 10
    assert len(list(bounded((HangingIndent("", "x") for _ in range(10)), 3))) == 4


async def test_a_preview_that_is_late_does_not_replace_a_newer_one(tmp_path: Path) -> None:
    async with staged(services(tmp_path, opened=samples.told())) as stage:
        await stage.press("e")
        await stage.on("export")
        page = stage.app.screen
        assert isinstance(page, ExportScreen)
        for digit in "1", "2", "1", "2":
            stage.app.post_message(events.Key(digit, digit))
        await stage.until(lambda: stage.told("#preview").startswith("{"))
        await stage.ready()
        assert stage.told("#preview").startswith("{")
