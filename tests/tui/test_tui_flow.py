"""The flow from page to page: where keys go, what is marked, and what is said on the way."""

from functools import partial
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input, Static

from pinned_tui.guide.loader import load_guide
from pinned_tui.guide.model import Section
from pinned_tui.redaction.secret import Secret
from pinned_tui.sandbox.demo import SandboxDemo
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import NOT_REPRODUCED, Outcome
from pinned_tui.tui.widgets.choices import Choices
from pinned_tui.tui.widgets.key_panel import KeyPanel
from pinned_tui.tui.widgets.secret_input import SecretInput
from tests.sampling import one_in
from tests.tui.scenes import connect, step, stopped, verdict
from tests.tui.tui_stage import Stage, demo, services, staged

OLD = Secret("pe_live_Zq8sT3vX0aLm7RkYw2NcB5hJ", source="environment")
"""A key that no sandbox knows."""


async def test_a_replaced_key_is_proved_in_the_same_session(tmp_path: Path) -> None:
    with Sandbox("healthy") as running:
        new = running.situation.secret
        assert new is not None
        async with staged(services(tmp_path, base_url=running.base_url, secret=OLD)) as stage:
            await step("1")(stage)
            await stage.press("j")
            await stage.on("verdict")
            assert stage.session.first_cause == "key-rejected"
            await stage.press("v")
            await stage.on("WhichKeyScreen")
            await stage.press("escape")
            await stage.on("verdict")
            assert len(stage.session.runs) == 1
            await stage.press("v", "enter")  # the key in hand is kept
            await stage.until(lambda: len(stage.session.runs) == 2)
            await stage.idle()
            assert stage.session.first_cause == "key-rejected"
            await stage.press("v")
            await stage.on("WhichKeyScreen")
            stage.app.screen.post_message(events.Paste(new.reveal()))
            await stage.until(lambda: f"{len(new.reveal())} characters" in stage.text())
            assert new.reveal()[:6] not in stage.text()
            await stage.press("enter")
            await stage.until(lambda: len(stage.session.runs) == 3)
            await stage.idle()
            assert stage.session.outcome is Outcome.HEALTHY
            assert [one.fate for one in stage.session.proof] == ["gone"]
            assert new in stage.app.controller.state.secrets


async def test_the_digit_of_a_source_leads_into_its_field(tmp_path: Path) -> None:
    async with staged(services(tmp_path, secret=OLD)) as stage:
        await stage.press("1")
        await stage.on("connect")
        panel = stage.app.screen.query_one(KeyPanel)
        await stage.press("2", *"qk3")  # letters and digits that are commands elsewhere
        assert stage.app.screen.query_one(SecretInput).count == 3
        await stage.press("shift+tab", "3", *"q/1")
        assert stage.app.screen.query_one("#key-file", Input).value == "q/1"
        assert panel.source == "file"
        await stage.press("shift+tab", "up", "up")
        assert panel.source == "held"
        assert stage.app.screen.query_one("#key-source").has_focus


async def test_a_new_key_is_asked_for_before_anything_is_said_of_it(tmp_path: Path) -> None:
    with Sandbox("healthy") as running:
        new = running.situation.secret
        assert new is not None
        async with staged(services(tmp_path, base_url=running.base_url, secret=OLD)) as stage:
            await step("8")(stage)
            for option, reached in (
                ("1", "lost-create"),
                ("1", "lost-deploy"),
                ("2", "lost-verify"),
            ):
                await stage.press(option, "enter")
                await stage.at(reached)
            await stage.until(lambda: bool(stage.app.screen.query("#typed")))
            assert "the live checks say so" not in stage.text()
            assert stage.app.screen.query_one(SecretInput).has_focus
            stage.app.screen.post_message(events.Paste(new.reveal()))
            await stage.until(lambda: f"{len(new.reveal())} characters" in stage.text())
            await stage.press("enter")
            await stage.until(lambda: "accepts the new key" in stage.told("#done"))
            choice = stage.app.screen.query_one("#options", Choices).choice
            assert choice is not None
            assert choice.id == "works"


async def test_the_refused_channel_is_not_taken_instead_of_itself(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await step("4")(stage)
        for reached in ("channel-listed", "channel-pick"):
            await stage.press("enter")
            await stage.at(reached)
        await stage.until(lambda: bool(stage.app.screen.query("#typed")))
        refused = stage.session.target.channel_id
        assert stage.app.screen.query_one("#typed", Input).value == ""
        await stage.press("enter")
        await stage.until(lambda: "Type something first" in stage.said())
        await stage.press(*str(refused), "enter")
        await stage.until(lambda: f"Channel {refused} is not in the list" in stage.said())
        assert stage.session.step == "channel-pick"
        assert len(stage.session.runs) == 1


async def test_what_was_asked_for_is_asked_for_after_the_fix_too(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await verdict("9")(stage)
        await stage.prove()
        before, after = (run.target for run in stage.session.runs)
        assert before is not None
        assert after is not None
        assert before.needs == ("events:read",)
        assert after.needs == before.needs


async def test_beside_a_field_no_button_shows_a_key_that_goes_into_it(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await step("4")(stage)
        assert "j Verdict now" in stage.text()
        for reached in ("channel-listed", "channel-pick"):
            await stage.press("enter")
            await stage.at(reached)
        await stage.until(lambda: bool(stage.app.screen.query("#typed:focus")))
        assert "Verdict now" in stage.text()
        assert "j Verdict now" not in stage.text()
        assert "Enter Continue" in stage.text()
        await stage.press("tab")
        assert "j Verdict now" in stage.text()


async def test_where_nothing_was_wrong_no_fix_is_spoken_of(tmp_path: Path) -> None:
    with demo("healthy") as healthy:
        async with staged(services(tmp_path, demo=healthy)) as stage:
            await step("1")(stage)
            await stage.press("j")
            await stage.on("verdict")
            assert stage.session.first_cause == NOT_REPRODUCED
            assert "v Run again" in stage.text()
            assert "Verify the fix" not in stage.text()


async def test_a_check_that_was_stopped_is_run_again(tmp_path: Path, sandbox: SandboxDemo) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await stopped(stage, sandbox)
        await stage.press("j")
        await stage.on("verdict")
        assert stage.session.first_cause == "check-incomplete"
        assert "v Run again" in stage.text()


async def test_a_verify_that_has_to_wait_says_how_long(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await verdict("7")(stage)
        assert stage.app.screen.query_one("#do-verify").disabled
        await stage.press("v")
        await stage.until(lambda: "asks you to wait 20 s more" in stage.said())
        assert len(stage.session.runs) == 1


@pytest.mark.parametrize(
    "section", one_in(3, load_guide().sections), ids=lambda section: section.id
)
async def test_the_marked_answer_is_in_sight_at_every_step(
    tmp_path: Path, sandbox: SandboxDemo, section: Section, thorough: bool
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await step(str(section.number))(stage)
        for size in ((60, 20), *([(80, 24)] if thorough else [])):  # the smallest is the hardest
            await stage.resize(*size)
            for one in section.steps:
                stage.app.controller.guide.go_to(one.id)
                await stage.until(partial(asks, stage, one.question))
                await stage.pilot.pause()
                body = stage.app.screen.query_one("#body").content_region
                for row in stage.app.screen.query("#options .-marked"):
                    assert body.contains_region(row.region), (size, one.id)


def asks(stage: Stage, question: str) -> bool:
    """Tell whether the page shows ``question``."""
    first = stage.app.screen.query("#step Static").first(Static)
    return str(first.visual) == question and bool(stage.app.screen.query("#options"))


async def test_a_key_that_is_not_given_is_missed_at_its_field(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await stage.press("1")
        await stage.on("connect")
        await stage.press("enter")
        await stage.until(lambda: "Enter the key first" in stage.told("#key-facts"))
        assert stage.said() == ""
        assert stage.app.screen.query_one(SecretInput).has_focus
        await stage.press(*"abcdefgh", "enter")
        await stage.until(lambda: "8 characters" in stage.told("#key-facts"))
        assert "Enter the key first" not in stage.text()


async def test_escape_at_the_consent_calls_the_start_off(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await connect("5")(stage)
        await stage.press("enter")
        await stage.on("ConfirmScreen")
        await stage.press("y")
        await stage.on("ConfirmScreen")
        await stage.press("escape")
        await stage.on("connect")
        assert sandbox.sandbox.state.counts.requests == 0
        assert stage.app.controller.state.session is None
        await stage.press("enter")
        for answer in "yy":
            await stage.on("ConfirmScreen")
            await stage.press(answer)
        await stage.on("step")


async def test_not_sure_and_without_a_key_one_is_at_the_verdict(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await stage.press("0")
        await stage.on("connect")
        await stage.press("shift+tab", "3", "tab", "enter")
        await stage.on("verdict")
        assert stage.session.first_cause == "key-missing"
        assert stage.session.answers == ()
        await stage.press("escape")
        await stage.on("connect")
