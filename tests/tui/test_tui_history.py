"""The History page over very many sessions: keys at any speed, and only what is in view."""

import asyncio
import shutil
import sqlite3
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from pinned_tui.history.store import HistoryStore
from pinned_tui.tui.widgets.session_list import SessionList
from tests import samples
from tests.history.bulk import fill, small
from tests.tui.tui_stage import Stage, StandingClock, services, staged

MANY = 20_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    fill(folder / "history.sqlite3", MANY, small(3), samples.BEGIN)
    return folder


async def opened(stage: Stage) -> SessionList:
    await stage.press("h")
    await stage.on("history")
    sessions = stage.app.screen.query_one(SessionList)
    await stage.until(lambda: sessions.is_current)
    return sessions


def burst(stage: Stage, keys: str) -> None:
    """Press keys as a paste into a raw terminal does: all before the first is acted upon."""
    names = {"/": "slash", ".": "full_stop", "\r": "enter", "\x1b": "escape"}
    for key in keys:
        character = key if key.isprintable() else None
        stage.app.post_message(events.Key(names.get(key, key), character))


def filter_of(stage: Stage) -> Input:
    return stage.app.screen.query_one("#filter", Input)


async def test_a_long_list_says_its_length_and_is_all_there(large: Path) -> None:
    async with staged(services(large)) as stage:
        sessions = await opened(stage)
        assert "20,000 sessions" in stage.told("#count")
        assert sessions.entry is not None
        assert sessions.entry.title.endswith("customer19999")
        for key, customer in (("end", 0), ("up", 1), ("pageup", None), ("home", 19_999)):
            await stage.press(key)
            await stage.until(lambda: sessions.entry is not None)
            if customer is not None:
                assert sessions.entry.title.endswith(f"customer{customer}")
                assert f"customer{customer}" in stage.text()
        await stage.press(*["pagedown"] * 40)
        await stage.until(lambda: sessions.entry is not None)
        shown = MANY - 1 - sessions.marked
        assert sessions.entry.title.endswith(f"customer{shown}")
        assert f"customer{shown}" in stage.text()
        assert len(sessions._entries) <= 2_200


async def test_only_what_is_in_view_is_drawn(large: Path, tmp_path: Path) -> None:
    counts = []
    for folder in (large, tmp_path):
        async with staged(services(folder)) as stage:
            await opened(stage)
            counts.append(len(stage.app.screen.query("*")))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("pause", [None, 0.0, 0.03, 0.25])
async def test_a_filter_takes_keys_at_any_speed(large: Path, pause: float | None) -> None:
    async with staged(services(large)) as stage:
        sessions = await opened(stage)
        keys = "/customer4242"
        if pause is None:
            burst(stage, keys)
        else:
            for key in keys:
                burst(stage, key)
                await asyncio.sleep(pause)
        await stage.until(lambda: "1 session with “customer4242”" in stage.told("#count"))
        assert filter_of(stage).value == "customer4242"
        assert sessions.entry is not None
        assert sessions.entry.title.endswith("customer4242")
        assert stage.app.is_running
        assert stage.app.return_code is None


async def test_what_is_typed_ahead_after_the_slash_belongs_to_the_field(large: Path) -> None:
    async with staged(services(large)) as stage:
        await opened(stage)
        burst(stage, "/quota")
        await stage.until(lambda: "No session contains “quota”" in stage.told("#count"))
        assert filter_of(stage).value == "quota"
        assert filter_of(stage).has_focus


async def test_enter_opens_what_the_filter_says_now(large: Path) -> None:
    """Not what an earlier text had found, which is still to be seen."""
    async with staged(services(large)) as stage:
        await opened(stage)
        burst(stage, "/customer777\r\r")
        await stage.on("session")
        await stage.press("escape")
        await stage.on("history")
        sessions = stage.app.screen.query_one(SessionList)
        assert sessions.entry is not None
        assert sessions.entry.title.endswith("customer7779")


async def test_leaving_while_it_reads_ends_nothing(large: Path) -> None:
    async with staged(services(large)) as stage:
        for _ in range(6):
            burst(stage, "h/cust\r\x1b\x1b")
        await stage.on("home")
        await stage.until(lambda: not stage.app.typeahead.busy)
        await stage.press("h")
        await stage.on("history")
        assert stage.app.is_running


async def test_a_deleted_session_is_gone_and_the_mark_stays_in_its_place(
    large: Path, tmp_path: Path
) -> None:
    shutil.copy(large / "history.sqlite3", tmp_path)
    async with staged(services(tmp_path)) as stage:
        sessions = await opened(stage)
        await stage.press(*["pagedown"] * 12, "down")
        marked = sessions.marked
        assert marked > 50
        assert sessions.entry is not None
        deleted = f"customer{MANY - 1 - marked}"
        assert sessions.entry.title.endswith(deleted)
        await stage.press("d")
        await stage.on("ConfirmScreen")
        assert deleted in stage.text()
        await stage.press("y")
        await stage.on("history")
        await stage.until(lambda: "19,999 sessions" in stage.told("#count"))
        assert sessions.marked == marked
        assert sessions.entry.title.endswith(f"customer{MANY - 2 - marked}")
        await stage.press("end", "d")
        await stage.on("ConfirmScreen")
        await stage.press("y")
        await stage.until(lambda: "19,998 sessions" in stage.told("#count"))
        assert sessions.entry is not None
        assert sessions.entry.title.endswith("customer1")


async def test_what_another_program_adds_meanwhile_moves_nothing_under_the_mark(
    tmp_path: Path,
) -> None:
    path = tmp_path / "history.sqlite3"
    fill(path, 450, small(3), samples.BEGIN)
    async with staged(services(tmp_path)) as stage:
        sessions = await opened(stage)
        store = HistoryStore.open(path, clock=StandingClock())
        store.save(samples.plain(9_999_999))
        store.close()
        await stage.press("end")
        await stage.until(lambda: sessions.total == 451 and sessions.entry is not None)
        assert sessions.entry is not None
        await stage.press("d")
        await stage.on("ConfirmScreen")
        asked = stage.text()
        assert sessions.entry.title in asked


async def test_a_damaged_record_is_listed_as_such(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    fill(path, 3, small(3), samples.BEGIN)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE session SET title = 'x' || char(27) WHERE key = 2")
    connection.close()
    async with staged(services(tmp_path)) as stage:
        await opened(stage)
        assert stage.text().count("Damaged record") == 1
        assert "\x1b" not in stage.text()


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 50)])
async def test_the_list_fits_any_size_and_a_changed_one(large: Path, size: tuple[int, int]) -> None:
    async with staged(services(large), size) as stage:
        sessions = await opened(stage)
        await stage.press("end")
        await stage.until(lambda: sessions.entry is not None)
        for width, height in ((200, 60), (40, 12), size):
            await stage.resize(width, height)
            await stage.until(lambda: "22:04:05" in stage.text())
