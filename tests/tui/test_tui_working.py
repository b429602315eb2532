"""What a person does between the steps: stopping, quitting, going back, looking things up."""

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input

from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.redaction.secret import Secret
from pinned_tui.sandbox.demo import SandboxDemo
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import NOT_REPRODUCED, Outcome
from pinned_tui.tui.check_starter import CheckStarter
from pinned_tui.tui.step_actions import carry_out
from pinned_tui.tui.widgets.choices import Choices
from pinned_tui.tui.widgets.secret_input import SecretInput
from tests.tui.scenes import connect, step, stopped, verdict
from tests.tui.tui_stage import demo, services, staged


async def test_escape_stops_a_running_check_and_keeps_what_was_learnt(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await stopped(stage, sandbox)
        assert stage.page == "step"
        assert stage.session.outcome is Outcome.INCONCLUSIVE
        codes = {one.code for one in stage.session.observations}
        assert {"network.connect", "run.interrupted"} <= codes
        await stage.press("escape")
        await stage.on("connect")
    assert services(tmp_path).history.list()[0].outcome is Outcome.INCONCLUSIVE


async def test_quitting_in_mid_check_asks_first_and_keeps_the_session(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await connect("2")(stage)
        sandbox.sandbox.latency_ms = 60_000
        await stage.press("enter")
        await stage.on("step")
        await stage.press("q")
        await stage.on("ConfirmScreen")
        await stage.press("enter")  # No is the answer that is marked
        await stage.on("step")
        assert stage.app.controller.running
        await stage.press("q")
        await stage.on("ConfirmScreen")
        await stage.press("y")
        await stage.until(lambda: stage.app.return_code == 0)
    assert len(services(tmp_path).history.list()) == 1


async def test_answers_given_while_the_checks_run_stay(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await connect("1")(stage)
        sandbox.sandbox.latency_ms = 60_000
        await stage.press("enter")
        await stage.on("step")
        await stage.press("4", "enter")
        assert len(stage.session.answers) == 1
        sandbox.sandbox.latency_ms = 0
        await stage.idle()
        assert [answer.option for answer in stage.session.answers] == ["unsure"]
        assert stage.session.runs


async def test_going_back_shows_the_answer_that_was_given(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await step("1")(stage)
        await stage.press("4", "enter")
        await stage.until(lambda: stage.session.step != "401-accepted")
        await stage.press("escape")
        await stage.until(lambda: stage.session.step == "401-accepted")
        marked = stage.app.screen.query_one("#options", Choices).choice
        assert marked is not None
        assert marked.id == "unsure"
        assert len(stage.session.answers) == 1


async def test_not_sure_leads_where_the_checks_point(tmp_path: Path, sandbox: SandboxDemo) -> None:
    given = services(tmp_path, demo=SandboxDemo("revoked-key"))
    async with staged(given) as stage:
        await connect("0")(stage)
        await stage.press("enter")
        await stage.on("step")
        assert stage.session.section == "unauthorized"
    given.demo.close()  # type: ignore[union-attr]


async def test_a_declined_consent_is_recorded_and_nothing_is_sent(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await connect("5")(stage)
        await stage.press("enter")
        for _ in range(2):
            await stage.on("ConfirmScreen")
            await stage.press("enter")
        await stage.on("step")
        await stage.idle()
        assert stage.session.consents
        assert not any(consent.given for consent in stage.session.consents)
        assert {x.request.method for x in stage.session.exchanges} <= {"GET", "HEAD"}
        assert "found something else" not in stage.text()


async def test_what_was_agreed_to_and_what_was_declined_is_asked_about_again_when_verifying(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await connect("5")(stage)
        await stage.press("enter")
        for answer in "yn":
            await stage.on("ConfirmScreen")
            await stage.press(answer)
        await stage.on("step")
        await stage.idle()
        await stage.press("j")
        await stage.on("verdict")
        assert stage.session.first_cause == "check-incomplete"
        await stage.press("v")
        for _ in range(2):
            await stage.on("ConfirmScreen")
            await stage.press("y")
        await stage.until(lambda: len(stage.session.runs) == 2)
        await stage.idle()
        assert stage.page == "verdict"
        assert stage.session.first_cause == "payload-rejected"


async def test_the_lost_key_is_replaced_and_the_old_one_shown_dead(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await step("8")(stage)

        async def carry_out(at: str, marked: str) -> None:
            await stage.until(lambda: stage.session.step == at)
            await stage.press("p")
            await stage.until(lambda: bool(stage.told("#done")))
            choice = stage.app.screen.query_one("#options", Choices).choice
            assert choice is not None
            assert choice.id == marked
            await stage.press("enter")

        await stage.press("1", "enter")
        await carry_out("lost-create", "done")
        await stage.until(lambda: stage.session.step == "lost-deploy")
        await stage.press("1", "enter")
        await carry_out("lost-verify", "works")
        await stage.until(lambda: stage.session.step == "lost-traffic")
        await stage.press("1", "enter")
        await carry_out("lost-revoke", "done")
        await carry_out("lost-dead", "dead")
        await stage.on("verdict")
        assert stage.session.outcome is Outcome.HEALTHY
        assert [run.outcome for run in stage.session.runs] == [
            Outcome.PROBLEM,
            Outcome.HEALTHY,
            Outcome.PROBLEM,
            Outcome.HEALTHY,
        ]
        own = [x for x in stage.session.exchanges if x.probe != "controls"]
        keys = [x.request.headers["Authorization"] for x in own]
        assert list(dict.fromkeys(keys)) == ["Bearer [key-1]", "Bearer [key-2]"]
        refused = [x for x in own if x.response and x.response.status == 401]
        assert {x.request.headers["Authorization"] for x in refused} == {"Bearer [key-2]"}


async def test_the_demo_does_not_go_on_without_the_key_that_it_is_about(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await step("8")(stage)
        await stage.press("1", "enter")
        await stage.at("lost-create")
        await stage.press("1", "enter")
        await stage.until(lambda: "press p" in stage.told("#done"))
        assert stage.session.step == "lost-create"
        await stage.press("p")
        await stage.until(lambda: "Created" in stage.told("#done"))
        for option, reached in (
            ("1", "lost-deploy"),
            ("1", "lost-verify"),
            ("3", "lost-traffic"),
            ("1", "lost-revoke"),
        ):
            await stage.press(option, "enter")
            await stage.at(reached)
        await stage.press("p")
        await stage.until(lambda: "Revoked" in stage.told("#done"))
        assert "Revoke it in the demo's portal" not in stage.text()


async def test_the_top_line_tells_the_step_on_a_small_screen(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox), (60, 20)) as stage:
        await step("8")(stage)
        assert stage.text().startswith(" Lost API key secret · step 1 of about 7")


async def test_a_question_for_a_channel_shows_which_there_are(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox), (60, 20)) as stage:
        await step("4")(stage)
        for reached in ("channel-listed", "channel-pick"):
            await stage.press("enter")
            await stage.at(reached)
        assert "101 Riverside Concert Hall" in stage.text()
        await stage.press(*"101", "enter")  # what stood in the field is replaced
        await stage.until(lambda: stage.session.target.channel_id == 101)


async def test_nothing_is_fixed_where_nothing_is_to_mend(tmp_path: Path) -> None:
    with demo("healthy") as healthy:
        async with staged(services(tmp_path, demo=healthy)) as stage:
            await step("1")(stage)
            await stage.press("enter")
            await stage.at("401-header")
            await stage.press("2", "enter")
            await stage.on("verdict")
            assert stage.session.first_cause == "auth-scheme-missing"
            await stage.press("f")
            await stage.until(lambda: "Nothing was changed" in stage.said())
            assert "Fixed in the sandbox" not in stage.text()
            await stage.press("v")
            await stage.until(lambda: len(stage.session.runs) == 2)
            await stage.idle()
            assert stage.session.first_cause == NOT_REPRODUCED
            assert stage.session.outcome is Outcome.INCONCLUSIVE
            assert "Fix it" not in stage.text()


async def test_a_fix_proves_nothing_about_what_only_answers_named(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await step("6")(stage)
        await stage.press("1", "enter")
        await stage.at("copies-header")
        await stage.press("2", "enter")
        await stage.on("verdict")
        await stage.prove()
        assert "Not tested again" in stage.text()
        await stage.press("e")
        await stage.on("export")
        await stage.until(lambda: "Not tested again" in stage.told("#preview"))
        assert "Nothing needs fixing" not in stage.told("#preview")
        await stage.press("escape", "n")
        await stage.on("home")
        await stage.press("h")
        await stage.on("history")
        await stage.until(lambda: "1 session" in stage.told("#count"))
        assert "Fixed: The channel contains events" in stage.text()


async def test_a_typed_key_leaves_the_field_and_is_never_its_value(tmp_path: Path) -> None:
    key = "pe_live_Zq8sT3vX0aLm7RkYw2NcB5hJ"
    with Sandbox("healthy") as running:
        async with staged(services(tmp_path, base_url=running.base_url)) as stage:
            await stage.press("1")
            await stage.on("connect")
            field = stage.app.screen.query_one(SecretInput)
            assert field.has_focus
            await stage.press(*key)
            assert f"{len(key)} characters" in stage.text()
            await stage.press("backspace", key[-1], "enter")
            await stage.until(lambda: field.count == 0)
            assert key[:6] not in stage.text()
            assert key not in repr(vars(field))
            await stage.press("enter")
            await stage.on("step")
            await stage.idle()
            assert stage.app.clipboard == ""
            assert stage.session.key is not None
            assert stage.session.key.length == len(key)
            assert Secret(key, source="typed") in stage.app.controller.state.secrets


@pytest.mark.parametrize(
    ("field", "text", "word"),
    [
        ("base-url", "http://pinned.events", "https"),
        ("channel", "-7", "whole numbers"),
        ("event", "", "can't be checked without it"),
    ],
)
async def test_a_field_that_cannot_be_used_says_why(
    tmp_path: Path, field: str, text: str, word: str
) -> None:
    given = services(tmp_path, secret=Secret("pe_live_Zq8sT3vX0aLm7RkYw2Nc", source="environment"))
    async with staged(replace(given, given=RawCheckRequest(secret=None, event="12"))) as stage:
        await stage.press("9")
        await stage.on("connect")
        stage.app.screen.query_one(f"#{field} Input", Input).value = text
        await stage.press("enter")
        await stage.until(lambda: word in stage.text())
        assert stage.page == "connect"
        assert stage.app.screen.query_one(f"#{field} Input").has_focus
        await stage.press("7")
        await stage.until(lambda: not stage.app.screen.query(f"#{field}.-wrong"))


async def test_what_was_asked_for_at_the_start_is_asked_in_the_app_too(tmp_path: Path) -> None:
    asked = RawCheckRequest(
        secret=None, event_title="Jazz", event_day="2027-03-05", expected_start="2027-03-05 19:30"
    )
    async with staged(services(tmp_path, given=asked)) as stage:
        await stage.press("9")
        await stage.on("connect")
        assert stage.app.screen.query_one("#event Input", Input).value == "Jazz"
        assert "2027-03-05 19:30" in stage.text()
        ask = stage.app.controller.state.request
        assert (ask.event_title, ask.event_day) == ("Jazz", "2027-03-05")
        assert ask.expected_start == "2027-03-05 19:30"


async def test_without_a_key_nothing_else_is_demanded(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await stage.press("9")
        await stage.on("connect")
        await stage.press("escape", "9")
        await stage.on("connect")
        stage.app.screen.query_one("#key-source", Choices).mark_digit("3")
        await stage.pilot.pause()
        stage.app.screen.query_one("#do-start").focus()
        await stage.press("enter")
        await stage.on("step")
        await stage.idle()
        assert stage.session.first_cause == "key-missing"


async def test_while_the_api_asks_to_wait_nothing_is_started_anew(tmp_path: Path) -> None:
    with demo("rate-limited") as limited:
        async with staged(services(tmp_path, demo=limited)) as stage:
            await step("7")(stage)
            await stage.idle()
            sent = limited.sandbox.state.counts.requests
            assert stage.session.first_cause == "rate-limited"
            await stage.press("escape")
            await stage.on("connect")
            await stage.press("enter")
            await stage.until(lambda: "asks you to wait" in stage.said())
            assert stage.page == "connect"
            assert limited.sandbox.state.counts.requests == sent


async def test_the_history_is_filtered_opened_and_deleted_from(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        for digit in "13":
            await verdict(digit)(stage)
            await stage.press("n")
            await stage.on("home")
        await stage.press("h")
        await stage.on("history")
        await stage.until(lambda: "2 sessions" in stage.told("#count"))
        await stage.press("slash", *"scope")
        await stage.until(lambda: "1 session" in stage.told("#count"))
        await stage.press("enter", "enter")
        await stage.on("session")
        assert "lacks the scope" in stage.text()
        await stage.press("escape", "d")
        await stage.on("ConfirmScreen")
        await stage.press("enter")
        await stage.on("history")
        await stage.press("d")
        await stage.on("ConfirmScreen")
        await stage.press("y")
        await stage.until(lambda: "No session contains" in stage.told("#count"))
    assert len(services(tmp_path).history.list()) == 1


async def test_an_export_asks_before_it_replaces_a_file(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await verdict("1")(stage)
        await stage.press("e")
        await stage.on("export")
        name = stage.app.screen.query_one("#file Input", Input).value
        (tmp_path / name).write_text("mine")
        await stage.press("enter")
        await stage.on("ConfirmScreen")
        await stage.press("n")
        await stage.on("export")
        assert (tmp_path / name).read_text() == "mine"
        stage.app.screen.query_one("#folder Input", Input).value = str(tmp_path / "absent")
        await stage.press("enter")
        await stage.until(lambda: "Not written" in stage.told("#result"))


async def test_help_and_palette_offer_what_the_page_can_do(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await verdict("1")(stage)
        await stage.press("question_mark")
        await stage.on("HelpScreen")
        assert "Run the same checks again" in stage.text()
        await stage.press("escape")
        await stage.on("verdict")
        await stage.press("colon")
        await stage.on("PaletteScreen")
        choices = stage.app.screen.query_one(Choices).choices
        offered = {choice.label for choice in choices}
        assert {"Verify the fix (v)", "Export (e)", "Fix it (demo) (f)"} <= offered
        await stage.press(*"forward", "enter")
        await stage.on("export")


async def test_a_rate_limit_counts_down_and_verifying_waits(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    given = services(tmp_path, demo=sandbox)
    async with staged(given) as stage:
        await verdict("7")(stage)
        assert "You can verify in 20 s" in stage.text()
        assert "About  2026-06-12 09:30:20 UTC" in stage.text()
        await stage.press("v")
        assert len(stage.session.runs) == 1
        given.clock.at = given.clock.at.replace(minute=31)  # type: ignore[attr-defined]
        await stage.until(lambda: "you can verify now" in stage.text())


async def test_while_the_api_asks_to_wait_no_way_leads_to_a_request(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    given = services(tmp_path, demo=sandbox)
    async with staged(given) as stage:
        await verdict("7")(stage)
        controller = stage.app.controller
        sent = sandbox.sandbox.state.counts.requests
        assert sent == 1, "nothing may be sent after a 429"
        await stage.press("v", "w")
        await stage.on("why")
        assert "Run what would tell" not in stage.text()
        asked = replace(controller.state.request, channel="101")
        await CheckStarter(stage.app, controller).start("check", asked)
        assert controller.state.request.channel == "101"
        await stage.until(lambda: "nothing was sent" in stage.said())
        done = await carry_out("verify-new-key", controller, Secret("k" * 40, source="test"))
        assert not done.good
        assert sandbox.sandbox.state.counts.requests == sent
        given.clock.at = given.clock.at.replace(minute=31)  # type: ignore[attr-defined]
        await CheckStarter(stage.app, controller).start("check", asked)
        await stage.idle()
        assert sandbox.sandbox.state.counts.requests > sent
