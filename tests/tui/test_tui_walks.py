"""Each section of the guide, by keyboard alone, from Home to its verdict, the proof and the report.

Through the real app and the real sandbox: only the clock stands still.
"""

from pathlib import Path

import pytest

from pinned_tui.session import Outcome
from tests.sampling import one_in
from tests.tui.scenes import step
from tests.tui.tui_stage import demo, services, staged

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


def written(folder: Path) -> str:
    (report,) = folder.glob("*.md")
    return report.read_text("utf-8")


@pytest.mark.parametrize(("digit", "cause"), one_in(2, WALKS))
async def test_a_section_leads_to_its_verdict_and_the_fix_is_proved(
    tmp_path: Path, digit: str, cause: str
) -> None:
    with demo() as sandbox:
        async with staged(services(tmp_path, demo=sandbox)) as stage:
            await step(digit)(stage)
            await stage.walk()
            assert stage.session.first_cause == cause
            await stage.prove()
            assert stage.session.outcome is Outcome.HEALTHY, stage.session.verdicts
            await stage.press("e")
            await stage.on("export")
            await stage.press("enter")
            await stage.until(lambda: "Written" in stage.told("#result"))
    assert "Before" in written(tmp_path)
    kept = services(tmp_path).history.list()
    assert [entry.outcome for entry in kept] == [Outcome.HEALTHY]
