"""The program on a real terminal: what reaches it, and how it is left."""

import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
from msgspec.structs import replace

from pinned_tui.core.clock import SystemClock
from pinned_tui.history.fallback import FallbackStore
from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.secret import Secret
from pinned_tui.sandbox.server import Sandbox
from tests.sampling import one_in
from tests.tui.terminal import Terminal, environment

PASTED_KEY = "pe_live_Zq8sT3vX0aLm7RkYw2NcB5hJ"
HOSTILE = "\x1b]52;c;cHduZWQ=\x07\x1b[31mRed\x9b2J\u202eevil [@click=app.quit]x[/] [/]"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("wrong-channel") as running:
        yield running


def key_of(sandbox: Sandbox) -> str:
    secret = sandbox.situation.secret
    assert secret is not None
    return secret.reveal()


def app(sandbox: Sandbox, folder: Path, **more: str) -> Terminal:
    env = environment(folder, PINNED_EVENTS_API_KEY=key_of(sandbox), **more)
    words = ("-m", "pinned_tui", "--base-url", sandbox.base_url, "--channel", "204")
    return Terminal(*words, env=env)


def drawn(terminal: Terminal) -> list[Any]:
    return [cell for row in terminal.screen.buffer.values() for cell in row.values()]


def kept(folder: Path) -> list[str]:
    path = folder / "data" / "history.sqlite3"
    history = FallbackStore(path, clock=SystemClock(), notice=lambda _: None)
    return [entry.title for entry in history.list()]


@pytest.mark.parametrize(
    ("number", "code"),
    one_in(3, [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)]),
)
def test_a_signal_leaves_the_terminal_as_it_was_and_the_session_kept(
    sandbox: Sandbox, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    with app(sandbox, tmp_path) as terminal:
        terminal.shows("What are you seeing?")
        terminal.type("4")
        terminal.shows("What will be sent")
        terminal.type("\r")
        terminal.shows("step 1", "the live checks say so")
        terminal.send(number)
        assert terminal.ended() == code
        assert terminal.restored
    assert len(kept(tmp_path)) == 1


@pytest.mark.parametrize("deaf", [False, True])
def test_a_terminal_that_goes_away_ends_the_program_with_the_session_kept(
    sandbox: Sandbox, tmp_path: Path, deaf: bool
) -> None:
    # As after nohup, no signal tells of it: then the program finds out by itself.
    words = ("-m", "tests.tui.deaf") if deaf else ("-m", "pinned_tui")
    env = environment(tmp_path, PINNED_EVENTS_API_KEY=key_of(sandbox))
    with Terminal(*words, "--base-url", sandbox.base_url, "--channel", "204", env=env) as terminal:
        terminal.shows("What are you seeing?")
        terminal.type("4")
        terminal.shows("What will be sent")
        terminal.type("\r")
        terminal.shows("step 1", "the live checks say so")
        assert terminal.vanish() == 129
    assert len(kept(tmp_path)) == 1
    assert not list((tmp_path / "data").glob("crash-*"))


def _has_drawn(terminal: Terminal, times: int) -> bool:
    return terminal.written.count(OWN_SCREEN) == times


OWN_SCREEN = b"\x1b[?1049h"
"""What a program writes as it takes a screen of its own."""


def test_an_app_that_is_continued_reads_once_and_ends_as_a_whole(tmp_path: Path) -> None:
    """SIGCONT comes after a stop, and after SIGHUP; what reads the terminal must not be doubled."""
    with Terminal("-m", "pinned_tui", env=environment(tmp_path)) as terminal:
        terminal.shows("What are you seeing?")
        threads = psutil.Process(terminal.pid).num_threads()
        for number in range(2, 8):
            terminal.send(signal.SIGCONT)
            terminal.until(partial(_has_drawn, terminal, number))
            terminal.type("h")  # which is heard once it reads again
            terminal.shows("pinned-tui · History")
            terminal.type("\x1b")
            terminal.shows("What are you seeing?")
        # Two a time would be added; what the event loop keeps for its own work are fewer.
        assert psutil.Process(terminal.pid).num_threads() < threads + 6
        terminal.type("q")
        assert terminal.ended() == 0
        assert terminal.restored


@pytest.mark.parametrize("how", ["waits", "works"])
def test_ctrl_c_twice_ends_a_program_that_hangs(tmp_path: Path, how: str) -> None:
    words = ("-m", "tests.tui.hanging", how)
    with Terminal(*words, env=environment(tmp_path)) as terminal:
        terminal.shows("What are you seeing?")
        terminal.type("?\x03\x03")
        assert terminal.ended() == 130
        assert terminal.restored


def test_a_page_that_hangs_can_be_left_and_does_not_make_the_app_deaf(tmp_path: Path) -> None:
    words = ("-m", "tests.tui.hanging", "page")
    with Terminal(*words, env=environment(tmp_path)) as terminal:
        terminal.shows("What are you seeing?")
        terminal.type("?")
        terminal.shows("Choose what you see")
        terminal.type("\x1b[15~\x1b[27u")
        terminal.shows("What are you seeing?")
        terminal.type("h")
        terminal.shows("No sessions yet")
        terminal.type("\x03")
        terminal.shows("Press Ctrl+C again to quit")
        terminal.type("\x03\x03")
        assert terminal.ended() == 0
        assert terminal.restored


def test_a_paste_that_breaks_off_does_not_make_it_deaf(tmp_path: Path) -> None:
    with Terminal("-m", "tests.tui.impatient", env=environment(tmp_path)) as terminal:
        terminal.shows("What are you seeing?")
        terminal.type("\x1b[200~some text whose end never comes")

        def pressed_until_it_ends() -> bool:
            terminal.type("\x03")
            return terminal.restored

        terminal.until(pressed_until_it_ends)
        # A Ctrl+C that comes when the terminal is given back already is a signal, as anywhere.
        assert terminal.ended() in {0, -signal.SIGINT}
        assert terminal.restored


def test_no_byte_on_the_terminal_and_in_no_file_holds_the_key(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    key = sandbox.situation.secret
    assert key is not None
    with app(sandbox, tmp_path) as terminal:
        terminal.shows("What are you seeing?")
        terminal.type("4")
        terminal.shows("What will be sent")
        terminal.type("\r")
        terminal.shows("step 1", "the live checks say so")
        terminal.type("j")
        terminal.shows("What to do")
        terminal.type("x")
        terminal.shows("[key-1]")
        terminal.type("\x1b")
        terminal.shows("What to do")
        terminal.type("q")
        assert terminal.ended() == 0
        assert terminal.restored
        assert key.reveal().encode() not in terminal.written
        assert not find_leaks(terminal.written, [key])
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert not find_leaks(path.read_bytes(), [key]), path


def test_a_typed_key_is_not_shown(sandbox: Sandbox, tmp_path: Path) -> None:
    key = key_of(sandbox)
    env = environment(tmp_path)
    words = ("-m", "pinned_tui", "--base-url", sandbox.base_url)
    with Terminal(*words, env=env) as terminal:
        terminal.shows("What are you seeing?")
        terminal.type("1")
        terminal.shows("it is not shown")
        terminal.type(f"\x1b[200~{key}\n\x1b[201~")
        terminal.shows(f"{len(key)} characters")
        terminal.type("\x03")
        terminal.shows("Press Ctrl+C again to quit", f"{len(key)} characters")
        terminal.type("\x03\x03")
        assert terminal.ended() == 0
        assert key[:8].encode() not in terminal.written
        assert not find_leaks(terminal.written, [sandbox.situation.secret])  # type: ignore[list-item]


def test_textual_is_kept_from_writing_down_what_is_typed(sandbox: Sandbox, tmp_path: Path) -> None:
    log = tmp_path / "textual.log"
    unsafe = {"TEXTUAL_LOG": str(log), "TEXTUAL": "debug,devtools", "TEXTUAL_DEBUG": "1"}
    with app(sandbox, tmp_path, **unsafe) as terminal:
        terminal.shows("What are you seeing?")
        terminal.type("q")
        assert terminal.ended() == 0
    assert not log.exists()


def test_hostile_names_of_channels_neither_act_nor_crash(sandbox: Sandbox, tmp_path: Path) -> None:
    def rename() -> None:
        channels = sandbox._stage.world.channels
        for channel in tuple(channels.values()):
            channels[channel.id] = replace(channel, name=HOSTILE)

    sandbox._run(rename)
    with app(sandbox, tmp_path) as terminal:
        terminal.shows("What are you seeing?")
        terminal.type("4")
        terminal.shows("What will be sent")
        terminal.type("\r")
        terminal.shows("step 1", "the live checks say so")
        terminal.type("j")
        terminal.shows("[@click=app.quit]x[/]")
        terminal.type("q")
        assert terminal.ended() == 0
    assert b"\x1b]52" not in terminal.written
    assert b"\x9b2J" not in terminal.written
    assert "\u202e".encode() not in terminal.written


def test_a_failure_of_the_tool_shows_an_apology_and_no_values(tmp_path: Path) -> None:
    key = "pe_live_Zq8sT3vX0aLm7RkYw2NcB5hJ"
    env = environment(tmp_path, PINNED_EVENTS_API_KEY=key)
    with Terminal("-m", "tests.tui.crashing", env=env) as terminal:
        assert terminal.ended() == 4
        assert terminal.restored
        said = terminal.written.decode()
    assert "because of an error of its own" in said
    assert "Traceback" not in said
    assert "RuntimeError" not in said
    assert key not in said
    (report,) = (tmp_path / "data").glob("crash-*.txt")
    text = report.read_text("utf-8")
    assert "RuntimeError" in text
    assert "crashing.py" in text
    assert key not in text
    assert "held" not in text
    assert report.stat().st_mode & 0o077 == 0


def test_without_colours_only_attributes_are_used(sandbox: Sandbox, tmp_path: Path) -> None:
    with app(sandbox, tmp_path, NO_COLOR="1") as terminal:
        terminal.shows("What are you seeing?", "Quit")
        terminal.until(lambda: any(cell.reverse for cell in drawn(terminal)))
        cells = drawn(terminal)
        terminal.type("q")
        assert terminal.ended() == 0
    assert {cell.fg for cell in cells} == {cell.bg for cell in cells} == {"default"}


@pytest.mark.parametrize(("words", "digit"), [((), "6"), (("--scenario", "draft-event"), "9")])
def test_the_demo_leads_to_a_proven_fix(tmp_path: Path, words: tuple[str, ...], digit: str) -> None:
    with Terminal("-m", "pinned_tui", "demo", *words, env=environment(tmp_path)) as terminal:
        terminal.shows("What are you seeing?", "demo: local sandbox")
        terminal.type(digit)
        terminal.shows("What will be sent")
        terminal.type("\r")
        terminal.shows("the live checks say so")
        terminal.type("j")
        terminal.shows("What to do")
        terminal.type("f")
        terminal.shows("Fixed in the sandbox", "verify")
        terminal.type("v")
        terminal.shows("Before", "After", "✓ healthy")
        terminal.type("q")
        assert terminal.ended() == 0


def bracketed(text: str) -> str:
    """Return what a terminal sends when ``text`` is pasted."""
    line_ends = text.replace("\n", "\r")
    return f"\x1b[200~{line_ends}\x1b[201~"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{PASTED_KEY}\n", "[key-1]"),
        pytest.param(f'"{PASTED_KEY} "', "[key-1]", marks=pytest.mark.thorough),
        pytest.param(
            f'{{"title": "My key is {PASTED_KEY}"}}', "[key-1]", marks=pytest.mark.thorough
        ),
        pytest.param(f"what is this: {PASTED_KEY} ?", "[key-1]", marks=pytest.mark.thorough),
        (f'{{"title": "x", "authorization": "Bearer {PASTED_KEY}"}}', "[key-1]"),
    ],
)
def test_a_pasted_key_is_never_painted(tmp_path: Path, text: str, shown: str) -> None:
    key = Secret(PASTED_KEY, source="pasted")
    with Terminal("-m", "pinned_tui", env=environment(tmp_path)) as terminal:
        terminal.shows("What are you seeing?")
        terminal.type("i")
        terminal.shows("Nothing is sent", "Paste what fails")
        terminal.type(bracketed(text))
        terminal.shows(shown, "Edit there")
        terminal.type("\r")
        terminal.shows("To the findings")
        terminal.type("\x01\x1b[1;2F\x18\x1a")  # mark the line, cut it, undo
        terminal.type("\x1b")
        terminal.shows("Edit there")
        terminal.type("q")
        assert terminal.ended() == 0
    assert PASTED_KEY[:10].encode() not in terminal.written
    assert not find_leaks(terminal.written, [key])
    assert b"\x1b]52" not in terminal.written
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert not find_leaks(path.read_bytes(), [key]), path


def test_controls_that_are_pasted_do_not_reach_the_terminal(tmp_path: Path) -> None:
    with Terminal("-m", "pinned_tui", env=environment(tmp_path)) as terminal:
        terminal.shows("What are you seeing?")
        terminal.type("i")
        terminal.shows("Paste what fails")
        terminal.type(bracketed('{"title": "' + HOSTILE + '"}'))
        terminal.shows("[@click=app.quit]x[/]")
        terminal.type("q")
        assert terminal.ended() == 0
    assert b"\x1b]52" not in terminal.written
    assert b"\x9b2J" not in terminal.written
    assert "\u202e".encode() not in terminal.written
