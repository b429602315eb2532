"""Why this verdict and not another, in the app: what it shows, and the check that it runs."""

from pathlib import Path

import pytest

from tests.tui.scenes import declined, step, verdict, why
from tests.tui.tui_stage import demo, services, staged


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_it_shows_what_fits_and_what_does_not(tmp_path: Path, size: tuple[int, int]) -> None:
    with demo() as sandbox:
        async with staged(services(tmp_path, demo=sandbox), size) as stage:
            await why(stage)
            assert "key-rejected" in stage.text()
            shown = ""
            for _ in range(8):
                shown += stage.text()
                await stage.press("pagedown")
            for heading in ("Fits what was seen", "Still open", "Ruled out", "Not judged"):
                assert heading in shown
            assert "key-header-stripped" in shown
            assert "Something else comes first" in shown
            assert "Run this check" not in shown, "no check is left to try"


async def test_the_check_that_would_tell_asks_first_and_is_run(tmp_path: Path) -> None:
    with demo() as sandbox:
        async with staged(services(tmp_path, demo=sandbox)) as stage:
            await declined(stage)
            runs = len(stage.session.runs)
            sent = sandbox.sandbox.state.counts.requests
            await stage.press("w")
            await stage.on("why")
            assert "asks you first" in stage.text()

            await stage.press("enter")
            await stage.on("ConfirmScreen")
            await stage.press("n")
            await stage.on("why")
            assert sandbox.sandbox.state.counts.requests == sent
            assert len(stage.session.runs) == runs

            await stage.press("enter")
            await stage.on("ConfirmScreen")
            await stage.press("y")
            await stage.on("verdict")
            await stage.until(lambda: len(stage.session.runs) > runs)
            await stage.idle()
            given = [one.probe for one in stage.session.consents if one.given]
            assert given == ["create-scope"]
            assert not any(
                one.next is not None and one.next.probe == "create-scope"
                for one in stage.session.considered
            )


async def test_the_question_that_would_tell_is_gone_to_and_counts(tmp_path: Path) -> None:
    with demo() as sandbox:
        async with staged(services(tmp_path, demo=sandbox)) as stage:
            await step("6")(stage)
            await stage.press("j")
            await stage.on("verdict")
            await stage.press("w")
            await stage.on("why")
            assert "What would narrow it down" in stage.text()
            assert "Answer this question" in stage.text()
            sent = sandbox.sandbox.state.counts.requests
            await stage.press("1", "enter")
            await stage.on("step")
            assert stage.session.step == "copies-header"
            await stage.press("2", "enter")
            await stage.on("verdict")
            assert sandbox.sandbox.state.counts.requests == sent
            named = {one.cause for one in stage.session.verdicts}
            assert {"duplicates-present", "idempotency-key-missing"} <= named


async def test_where_only_a_look_tells_it_is_named_and_nothing_is_offered(tmp_path: Path) -> None:
    with demo() as sandbox:
        async with staged(services(tmp_path, demo=sandbox), (80, 50)) as stage:
            await why(stage)
            assert "another network" in stage.text()
            assert "What would narrow it down" not in stage.text()


async def test_a_further_check_keeps_what_the_others_found(tmp_path: Path) -> None:
    with demo() as sandbox:
        async with staged(services(tmp_path, demo=sandbox)) as stage:
            await declined(stage)
            before = {one.probe for one in stage.session.latest()}
            sent = sandbox.sandbox.state.counts.requests
            await stage.press("w")
            await stage.on("why")
            await stage.press("enter", "y")
            await stage.on("verdict")
            await stage.until(lambda: len(stage.session.runs) > 1)
            await stage.idle()
            assert stage.session.runs[-1].purpose == "further"
            assert sandbox.sandbox.state.counts.requests - sent == 2
            assert before <= {one.probe for one in stage.session.latest()}


async def test_a_kept_session_shows_it_and_runs_nothing(tmp_path: Path) -> None:
    with demo() as sandbox:
        async with staged(services(tmp_path, demo=sandbox)) as stage:
            await verdict("1")(stage)
            await stage.press("h")
            await stage.on("history")
            await stage.until(lambda: "session" in stage.told("#count"))
            await stage.press("enter")
            await stage.on("session")
            await stage.press("w")
            await stage.on("why")
            assert "key-rejected" in stage.text()
            await stage.press("question_mark")
            await stage.on("HelpScreen")
            assert "considered" in stage.text()
