"""What answers and fields call for the checks to look at besides: a title, links, a header."""

from pathlib import Path

import pytest
from textual.widgets import Input

from pinned_tui.checks.request import event_or_title
from pinned_tui.session import Outcome
from tests.tui.scenes import connect, step, verdict
from tests.tui.tui_stage import demo, services, staged

WAY = (
    ("seen-found", "1"), ("seen-status", "2"), ("seen-review", "2"), ("seen-channel", "1"),
    ("seen-date", "2"),
)  # fmt: skip
"""The answers that lead to the question about links and image."""


async def test_an_event_is_looked_for_by_its_title(tmp_path: Path) -> None:
    with demo("draft-event") as sandbox:
        async with staged(services(tmp_path, demo=sandbox)) as stage:
            await connect("9")(stage)
            field = stage.app.screen.query_one("#event Input", Input)
            field.value = "open rehearsal"
            field.focus()
            await stage.press("enter")
            await stage.on("step")
            await stage.idle()
            assert stage.session.target.event_title == "open rehearsal"
            assert stage.session.target.event_id is None
            assert stage.session.first_cause == "event-draft"
            assert stage.session.verdicts[0].subject == "5021"


async def test_the_header_that_the_persons_code_uses_is_tried_once_it_is_known(
    tmp_path: Path,
) -> None:
    with demo("healthy") as sandbox:
        async with staged(services(tmp_path, demo=sandbox)) as stage:
            await step("1")(stage)
            await stage.press("enter")
            await stage.at("401-header")
            sent = len(stage.session.exchanges)
            await stage.press("4", "enter")
            await stage.at("401-where")
            await stage.idle()
            assert len(stage.session.exchanges) > sent
            tried = [x.request.headers for x in stage.session.exchanges if x.probe == "controls"]
            assert len(tried) == 1
            assert "Authorization" not in tried[0]
            assert "x-api-key" in tried[0]


async def test_links_are_opened_only_after_a_yes(tmp_path: Path) -> None:
    with demo("healthy") as sandbox:
        async with staged(services(tmp_path, demo=sandbox)) as stage:
            await connect("9")(stage)
            stage.app.screen.query_one("#event Input", Input).value = "5001"
            await stage.press("enter")
            await stage.on("step")
            await stage.idle()
            for at, answer in WAY:
                await stage.at(at)
                await stage.press(answer, "enter")
            await stage.at("seen-extras")
            await stage.press("4", "enter")
            await stage.on("ConfirmScreen")
            assert "ticket links" in stage.text()
            await stage.press("n")
            await stage.on("verdict")
            await stage.idle()
            asked = [consent for consent in stage.session.consents if consent.probe == "links"]
            assert [consent.given for consent in asked] == [False]
            assert not [x for x in stage.session.exchanges if "tickets" in x.request.url]
            assert stage.session.outcome is not Outcome.PROBLEM


@pytest.mark.parametrize("size", [(160, 50), (80, 24), (60, 20)])
async def test_what_a_question_is_about_stands_beside_it(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    with demo("healthy") as sandbox:
        async with staged(services(tmp_path, demo=sandbox), size=size) as stage:
            await connect("9")(stage)
            stage.app.screen.query_one("#event Input", Input).value = "5001"
            await stage.press("enter")
            await stage.on("step")
            await stage.idle()
            beside = {
                "seen-status": "Its status is “published”",
                "seen-channel": "It is in channel",
                "seen-date": "It begins ",
            }
            for at, answer in WAY:
                await stage.at(at)
                others = {told for step, told in beside.items() if step != at}
                assert beside.get(at, "") in stage.text()
                assert not [told for told in others if told in stage.text()]
                await stage.press(answer, "enter")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("5021", ("5021", None)), (" evt_5021 ", ("evt_5021", None)), ("Jazz", (None, "Jazz")),
        ("Jazz Night 2027", (None, "Jazz Night 2027")), ("", (None, None)), (None, (None, None)),
    ],
)  # fmt: skip
def test_one_field_takes_an_id_or_a_title(typed: str | None, expected: tuple[object, ...]) -> None:
    assert event_or_title(typed) == expected


async def test_the_exchanges_tell_which_key_each_request_carried(tmp_path: Path) -> None:
    with demo("revoked-key") as sandbox:
        async with staged(services(tmp_path, demo=sandbox)) as stage:
            await verdict("1")(stage)
            await stage.press("x")
            await stage.on("exchanges")
            shown = stage.text()
            for told in ("without a key", "with a wrong key", "key in x-api-key"):
                assert told in shown
