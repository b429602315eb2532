"""Fields, boxes and lists: what they say without colours, and which keys they take and offer."""

from pathlib import Path

from textual.widgets import Input

from pinned_tui.sandbox.demo import SandboxDemo
from pinned_tui.tui.widgets.choices import Choices
from pinned_tui.tui.widgets.forms import ScopeBox
from pinned_tui.tui.widgets.key_panel import KeyPanel
from tests import samples
from tests.tui.scenes import connect, verdict
from tests.tui.tui_stage import Stage, services, staged


def bar(stage: Stage) -> str:
    """What the bar of keys says: the last line that is not empty."""
    return stage.text().rstrip().rpartition("\n")[2].strip()


async def test_a_ticked_box_differs_from_an_empty_one_by_its_sign(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await connect("2")(stage)
        assert "[ ] events:create" in stage.text()
        box = stage.app.screen.query_one("#scope-events-create", ScopeBox)
        box.focus()
        await stage.press("space")
        assert "[x] events:create" in stage.text()
        assert "[ ] events:update" in stage.text()


async def test_the_digits_beside_the_keys_mark_them(tmp_path: Path, sandbox: SandboxDemo) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await connect("1")(stage)
        await stage.press("4")
        assert stage.app.screen.query_one(KeyPanel).source == "none"
        await stage.press("2")
        assert stage.app.screen.query_one(KeyPanel).source == "typed"


async def test_the_digits_beside_the_formats_mark_them(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await verdict("1")(stage)
        await stage.press("e")
        await stage.on("export")
        await stage.press("2")
        assert stage.app.screen.query_one("#file Input", Input).value.endswith(".json")
        chosen = stage.app.screen.query_one("#format", Choices).choice
        assert chosen is not None
        assert chosen.id == "json"


async def test_beside_a_field_only_keys_are_offered_that_do_not_go_into_it(
    tmp_path: Path,
) -> None:
    async with staged(services(tmp_path)) as stage:
        await stage.press("1")
        await stage.on("connect")
        assert bar(stage) == "Esc Back  Ctrl+P Commands  Ctrl+C Quit"
        await stage.press("shift+tab")
        assert bar(stage) == "Esc Back  ? Help  q Quit"


async def test_a_session_that_is_looked_at_offers_no_new_check(tmp_path: Path) -> None:
    async with staged(services(tmp_path, opened=samples.failing())) as stage:
        assert "New check" not in stage.text()
        await stage.press("e")
        await stage.on("export")
        assert "New check" not in stage.text()
        await stage.press("n")
        assert stage.page == "export"


async def test_an_empty_history_takes_the_keys_of_the_page(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await stage.press("h")
        await stage.on("history")
        await stage.until(lambda: "No sessions yet" in stage.told("#count"))
        assert not stage.app.screen.query_one("#filter", Input).has_focus
        await stage.press("n")
        await stage.on("home")


async def test_a_filter_that_finds_nothing_is_not_repeated_at_length(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await stage.press("h")
        await stage.on("history")
        await stage.press("slash")
        stage.app.screen.query_one("#filter", Input).value = "[/]" + "z" * 900
        await stage.until(lambda: "No session contains" in stage.told("#count"))
        assert "[/]zzz" in stage.told("#count")
        assert len(stage.told("#count")) < 80
        assert stage.app.screen.query_one("#filter", Input).has_focus
