"""Keys that come faster than pages, in one write on a real terminal, and what they may not do."""

import os
import signal
import termios
from pathlib import Path

import pytest
from textual import events

from pinned_tui.core.clock import SystemClock
from pinned_tui.core.private_files import HISTORY_NAME
from pinned_tui.history.store import HistoryStore
from pinned_tui.sandbox.demo import SandboxDemo
from pinned_tui.tui.screens.step import StepScreen
from pinned_tui.tui.widgets.choices import Choices
from tests import samples
from tests.sampling import one_in
from tests.tui.scenes import step
from tests.tui.terminal import Terminal, environment
from tests.tui.tui_stage import services, staged

HOME = "What are you seeing?"
ESC = "\x1b[27u"
"""The key Esc, as a terminal sends it that tells it from the beginning of another key."""


def program(folder: Path, *words: str) -> Terminal:
    return Terminal("-m", "pinned_tui", *words, env=environment(folder))


def is_well(terminal: Terminal, folder: Path) -> None:
    """End it by two presses of Ctrl+C, and look for anything that went wrong meanwhile."""
    terminal.type("\x03\x03")
    assert terminal.ended() == 0
    assert terminal.restored
    assert b"never awaited" not in terminal.written
    assert b"Traceback" not in terminal.written
    assert not list(folder.rglob("crash-*"))


def raw(terminal: Terminal) -> bool:
    """Return whether the program reads keys: a key before that is the shell's."""
    modes = termios.tcgetattr(terminal.fd)
    return b"\x1b[?1049h" in terminal.written and not modes[3] & termios.ICANON


@pytest.mark.parametrize(
    ("keys", "shown"),
    one_in(
        2,
        [
            ("\x10hist\r", "No sessions yet"),
            ("\x10\x10hist\r", "No sessions yet"),
            ("\x10\r\r", "What will be sent"),
            (":inspect\r", "Paste what fails"),
            (f"4{ESC}h", "No sessions yet"),
            (f"?{ESC}3", "What will be sent"),
            (f"h{ESC}h{ESC}h{ESC}i", "Paste what fails"),
        ],
    ),
    ids=["palette", "palette-twice", "palette-enter-twice", "colon", "back", "help", "flips"],
)
def test_keys_in_one_write_do_what_they_do_one_by_one(
    tmp_path: Path, keys: str, shown: str
) -> None:
    with program(tmp_path, "demo") as terminal:
        terminal.shows(HOME)
        terminal.type(keys)
        terminal.shows(shown)
        is_well(terminal, tmp_path)


@pytest.mark.parametrize(
    "keys", one_in(2, ["\x10\r\r", "\x10\x10", f"h{ESC}h{ESC}", "4\r\r\r", "\x1b[<0;5;5M"])
)
def test_keys_before_the_first_paint_end_nothing(tmp_path: Path, keys: str) -> None:
    with program(tmp_path, "demo") as terminal:
        terminal.until(lambda: raw(terminal))
        terminal.type(keys)
        terminal.shows("pinned-tui")
        terminal.type("\x1b\x1b")
        is_well(terminal, tmp_path)


def test_ctrl_c_at_the_first_paint_asks_for_a_second_one(tmp_path: Path) -> None:
    with program(tmp_path) as terminal:
        terminal.until(lambda: raw(terminal))
        terminal.type("\x03")
        terminal.shows(HOME, "Press Ctrl+C again to quit")
        is_well(terminal, tmp_path)


def test_what_is_typed_behind_slash_belongs_to_the_field(tmp_path: Path) -> None:
    store = HistoryStore.open(tmp_path / "data" / HISTORY_NAME, clock=SystemClock())
    store.save(samples.plain())
    store.close()
    with program(tmp_path) as terminal:
        terminal.shows(HOME)
        terminal.type("h/quota")
        terminal.shows("No session contains “quota”")
        is_well(terminal, tmp_path)


def test_a_path_typed_behind_its_key_goes_into_the_dialog(tmp_path: Path) -> None:
    (tmp_path / "quirky-request.txt").write_text("GET /api/public/v1/channels HTTP/1.1\n\n")
    with program(tmp_path) as terminal:
        terminal.shows(HOME)
        terminal.type(f"i\x0f{tmp_path}/quirky\t\r")
        terminal.shows("quirky-request.txt", "Edit there")
        is_well(terminal, tmp_path)


def test_a_click_is_never_meant_for_the_next_page(tmp_path: Path) -> None:
    with program(tmp_path, "demo") as terminal:
        terminal.shows(HOME)
        clicks = "".join(f"\x1b[<0;9;{y}M\x1b[<0;9;{y}m" for y in range(3, 20))
        terminal.type("\x10" + clicks)
        terminal.shows("Search for an action")
        is_well(terminal, tmp_path)


def test_leaving_in_the_middle_of_a_selection_leaves_no_complaint(tmp_path: Path) -> None:
    with program(tmp_path) as terminal:
        terminal.shows(HOME)
        drag = "".join(f"\x1b[<0;9;3M\x1b[<32;20;{y}M\x1b[<0;20;{y}m" for y in range(4, 12))
        terminal.type(drag + "\x03" + drag + "q")
        assert terminal.ended() == 0
        assert b"never awaited" not in terminal.written


async def test_a_second_enter_does_not_answer_the_next_question(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await step("1")(stage)
        before = stage.session.step
        for _ in range(3):
            stage.app.post_message(events.Key("enter", "\r"))
        await stage.until(lambda: stage.session.step != before)
        await stage.ready()
        assert [answer.step for answer in stage.session.answers] == [before]


async def test_an_answer_to_a_step_that_was_left_is_dropped(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await step("1")(stage)
        view = stage.app.controller.state.view
        assert view is not None
        option = view.step.options[0].id
        await stage.press("enter")
        await stage.until(lambda: stage.session.step != view.step.id)
        answers = stage.session.answers
        await stage.app.navigation.answer(view.step, option, None, None)
        assert not stage.app.controller.guide.answer(view.step.id, option)
        assert stage.session.answers == answers


async def test_consent_typed_before_the_question_is_no_consent(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await stage.press("5")
        await stage.on("connect")
        stage.app.post_message(events.Key("enter", "\r"))
        stage.app.post_message(events.Key("y", "y"))
        await stage.on("ConfirmScreen")
        await stage.ready()
        assert stage.page == "ConfirmScreen"
        assert stage.app.controller.state.session is None
        asking = stage.app.screen
        await stage.press("y")
        await stage.until(lambda: stage.app.screen is not asking)


async def test_a_question_is_drawn_once_though_everything_changes_at_once(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    """News of a session, a resize and another task that draws meet on one page."""
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await step("1")(stage)
        page = stage.app.screen
        assert isinstance(page, StepScreen)
        steps = iter(("401-copied", "401-state", "401-copied"))
        for size in ((60, 20), (80, 24), (160, 50)):
            await stage.pilot.resize_terminal(*size)
            stage.app.controller.state.changed()
            for key in "2", "1":
                stage.app.post_message(events.Key(key, key))
            stage.app.controller.guide.go_to(next(steps))
            await page._show_step()
        await stage.ready()
        assert len(page.query(Choices)) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("moment", one_in(2, ["raw", "soon", "screen", "later"]))
def test_a_signal_at_the_first_paint_leaves_the_terminal_as_it_was(
    tmp_path: Path, number: signal.Signals, moment: str
) -> None:
    with program(tmp_path) as terminal:
        before = termios.tcgetattr(terminal.fd)
        reached = {
            "raw": lambda: not termios.tcgetattr(terminal.fd)[3] & termios.ICANON,
            "screen": lambda: b"\x1b[?1049h" in terminal.written,
            "soon": lambda: b"\x1b[?2004h" in terminal.written,
            "later": lambda: "pinned-tui" in terminal.text,
        }
        terminal.until(reached[moment])
        os.kill(terminal.pid, number)
        assert terminal.ended() == 128 + number
        assert terminal.restored
        assert termios.tcgetattr(terminal.fd) == before
    assert not list(tmp_path.rglob("crash-*"))
