"""Each section of the guide, by keyboard alone, from Home to its verdict, the proof and the report.

Through the real app and the real sandbox: only the clock stands still.
"""

from pathlib import Path

import pytest
from tests.tui.tui_stage import demo, services, staged

from pinned_tui.session import Outcome

WALKS = [
    ("1", "key-rejected"),
    ("2", "channel-not-accessible"),
    ("3", "scope-missing"),
    ("4", "channel-not-accessible"),
    ("5", "payload-rejected"),
    ("6", "duplicates-present"),
    ("7", "rate-limited"),
    ("9", "event-draft"),
]


@pytest.mark.parametrize(("digit", "cause"), WALKS)
async def test_a_section_leads_to_its_verdict_and_the_fix_is_proved(
    tmp_path: Path, digit: str, cause: str
) -> None:
    with demo() as sandbox:
        async with staged(services(tmp_path, demo=sandbox)) as stage:
            await stage.press(digit)
            await stage.on("connect")
            await stage.press("enter")
            await stage.until(lambda: stage.page != "connect")
            while stage.page == "ConfirmScreen":
                await stage.press("y")
                await stage.until(lambda: stage.page != "connect")
            await stage.on("step")
            await stage.idle()
            for _ in range(12):
                if stage.page == "verdict":
                    break
                before = stage.app.controller.session
                await stage.press("enter")
                await stage.until(
                    lambda: stage.app.controller.session is not before or stage.page == "verdict"
                )
                await stage.idle()
            await stage.on("verdict")
            session = stage.app.controller.session
            assert session is not None
            assert session.first_cause == cause
            await stage.press("f")
            await stage.until(lambda: stage.app.controller.mended is not None)
            await stage.press("v")
            await stage.until(
                lambda: (
                    len(stage.app.controller.session.runs) > len(session.runs)  # type: ignore[union-attr]
                    and not stage.app.controller.running
                )
            )
            after = stage.app.controller.session
            assert after is not None
            assert after.outcome is Outcome.HEALTHY, after.verdicts
            await stage.press("e")
            await stage.on("export")
            await stage.press("enter")
            await stage.until(lambda: any(tmp_path.glob("*.md")))
            assert "Before" in next(iter(tmp_path.glob("*.md"))).read_text("utf-8")
        kept = services(tmp_path).history.list()
        assert [entry.outcome for entry in kept] == [Outcome.HEALTHY]
