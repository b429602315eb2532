"""The app's file picker on what is too large to be held: progress, its end, and the places."""

import asyncio
import json
import os
import sys
import threading
from pathlib import Path

import pytest

from pinned_tui.core.input_files import LARGEST_INPUT
from tests.inspect.traffic import error, row
from tests.tui.test_tui_inspect import causes, inspect, page, settled
from tests.tui.tui_stage import services, staged

OTHER = json.dumps({"ts": "2026-11-28T10:00:00Z", "level": "info", "msg": "job done"}) + "\n"
BLOCK = OTHER * 20_000
posix = pytest.mark.skipif(sys.platform == "win32", reason="named pipes of POSIX")


async def test_a_large_log_is_opened_and_says_that_a_part_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    count = LARGEST_INPUT // len(BLOCK) + 1
    with (tmp_path / "big.log").open("w") as file:
        file.writelines([BLOCK] * count)
        file.write(json.dumps(row(5, 401, response=error("unauthorized"))) + "\n")
    async with staged(services(tmp_path / "home")) as stage:
        await inspect(stage)
        await stage.press("ctrl+o")
        await stage.on("FileScreen")
        await stage.press(*"big.log", "enter")
        await stage.on("inspect")
        await stage.until(lambda: page(stage)._result is not None)
        await settled(stage)
        (tmp_path / "big.log").unlink()
        assert "what is about the API is shown" in stage.told("#what")
        assert causes(stage)[0] == "key-rejected"
        looked = page(stage)._result
        assert looked is not None
        assert len(looked.held.text) < 10_000
        found = [one for one in looked.session.observations if one.code == "pasted.fault"]
        assert found[0].data["line"] == 20_000 * count + 1


@posix
async def test_escape_ends_the_reading_of_a_pipe_that_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo(tmp_path / "endless")
    ended = threading.Event()

    def write() -> None:
        try:
            with (tmp_path / "endless").open("w") as pipe:
                while True:
                    pipe.write(BLOCK)
        except BrokenPipeError:
            ended.set()

    async with staged(services(tmp_path / "home")) as stage:
        await inspect(stage)
        await stage.press("ctrl+o")
        await stage.on("FileScreen")
        writing = threading.Thread(target=write, daemon=True)
        writing.start()
        await stage.press(*"endless", "enter")
        await stage.until(lambda: "MB" in stage.told("#problem"))
        await stage.press("escape")
        await stage.on("inspect")
        assert await asyncio.to_thread(ended.wait, 10)
        assert page(stage)._result is None
