"""The Inspect page: what goes in, what is shown of it, and where it leads."""

from pathlib import Path

import pytest
from textual import events

from pinned_tui.inspect.dispatch import INSPECTORS
from pinned_tui.inspect.model import (
    InputKind,
    InputText,
    Inspection,
    InspectionContext,
    StoppedError,
)
from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.secret import Secret
from pinned_tui.sandbox.demo import SandboxDemo
from pinned_tui.session import Attempt, Outcome, Strand, Timeline
from pinned_tui.tui.screens.file_picker import matches
from pinned_tui.tui.screens.inspect import InspectScreen
from pinned_tui.tui.screens.inspect_dialogs import sample_text, samples
from pinned_tui.tui.widgets.paste_area import PasteArea
from pinned_tui.tui.widgets.text import HangingIndent
from tests.tui.scenes import HEALTHY, verdict
from tests.tui.tui_stage import Stage, services, staged

KEY = "pe_live_Zq8sT3vX0aLm7RkYw2NcB5hJ"
PAYLOAD = sample_text(samples()["payload"])


def page(stage: Stage) -> InspectScreen:
    assert isinstance(stage.app.screen, InspectScreen)
    return stage.app.screen


def area(stage: Stage) -> PasteArea:
    return stage.app.screen.query_one(PasteArea)


async def inspect(stage: Stage) -> None:
    await stage.press("i")
    await stage.on("inspect")
    await stage.until(lambda: page(stage)._inspections.inspector is not None)


async def paste(stage: Stage, text: str) -> None:
    target = stage.app.screen.focused or stage.app.screen
    target.post_message(events.Paste(text))
    await stage.pilot.pause()
    await settled(stage)


async def settled(stage: Stage) -> None:
    """Wait until what is in the field was looked at and is shown."""
    await stage.until(
        lambda: not page(stage)._stale and not page(stage)._hidden and not page(stage).busy
    )


def causes(stage: Stage) -> list[str]:
    looked = page(stage)._result
    assert looked is not None
    return [verdict.cause for verdict in looked.session.verdicts]


def leaking(folder: Path) -> list[Path]:
    """Return the files that hold the key."""
    key = Secret(KEY, source="pasted")
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path for path in files if find_leaks(path.read_bytes(), [key])]


# -- what goes in ------------------------------------------------------------------------------


async def test_a_pasted_payload_is_told_what_is_wrong_with_it(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        assert "Nothing is sent" in stage.text()
        await paste(stage, PAYLOAD.replace("\n", "\r"))
        assert {"field-missing", "field-wrong-type"} <= set(causes(stage))
        assert "✗ problem" in stage.text()
        assert "What to do" in stage.text()
        assert page(stage).query_one("#found").has_focus
        await stage.press("down")
        assert "Use    42" in stage.text()


async def test_a_healthy_payload_is_told_to_be_so(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await paste(stage, HEALTHY)
        assert causes(stage) == []
        assert "✓ healthy" in stage.text()


async def test_a_pasted_key_is_masked_before_it_is_painted(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await paste(stage, f'KEY="{KEY} "\n')
        assert area(stage).text == "[key-1]\n"
        assert KEY[:8] not in stage.text()
        assert "key-quoted" in causes(stage)
        assert Secret(KEY, source="pasted") in stage.app.controller.state.secrets
        await stage.press("p", "ctrl+a", "shift+end", "ctrl+x")
        await stage.pilot.pause()
        assert stage.app.clipboard == ""


async def test_undoing_does_not_bring_a_typed_key_back_to_view(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await stage.press(*KEY)
        await settled(stage)
        assert area(stage).text == "[key-1]"
        await stage.press("ctrl+z")
        await stage.pilot.pause()
        assert KEY[:8] not in stage.text()
        await stage.press("x")
        await settled(stage)
        looked = page(stage)._result
        assert looked is not None
        assert looked.held.text == f"{KEY}x"
        assert area(stage).text == "[key-1]"


async def test_a_word_that_is_being_typed_is_not_taken_for_a_key(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await stage.press(*"curl")
        await settled(stage)
        assert area(stage).text == "curl"


async def test_edits_are_looked_at_and_the_stand_in_goes_on_standing(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await paste(stage, f"{KEY} ")
        assert causes(stage) == ["key-whitespace"]
        await stage.press("p", "ctrl+e", "backspace")
        await stage.press(*KEY[-4:])
        assert "results are for the previous text" in stage.text()
        await settled(stage)
        looked = page(stage)._result
        assert looked is not None
        assert KEY[:8] not in stage.text()


async def test_controls_in_what_is_pasted_are_shown_as_pictures(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await paste(stage, '{"title": "a\x1b]52;c;cHduZWQ=\x07b\u202e"}')
        assert "␛]52" in area(stage).text
        assert "\x1b" not in area(stage).text
        looked = page(stage)._result
        assert looked is not None
        assert "\x1b" in looked.held.text


async def test_pasting_beside_the_field_replaces_what_is_in_it(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await paste(stage, PAYLOAD)
        assert not area(stage).has_focus
        await paste(stage, HEALTHY)
        assert area(stage).text == HEALTHY


async def test_pasting_in_the_field_inserts(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await stage.press(*"{}")
        await stage.press("left")
        await paste(stage, '"title": "x"')
        assert area(stage).text == '{"title": "x"}'
        await stage.press(*" ")
        assert area(stage).text == '{"title": "x" }'


async def test_a_large_paste_shows_its_first_lines_and_is_inspected_as_a_whole(
    tmp_path: Path,
) -> None:
    rows = "".join(f'  "field{n}": "{"x" * 80}",\n' for n in range(12_000))
    text = f'{{\n  "channelId": "42",\n{rows}  "end": "{KEY}"\n}}'
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await paste(stage, text)
        looked = page(stage)._result
        assert looked is not None
        assert looked.held.text == text
        assert "1.2 MB, the first" in stage.told("#what")
        assert len(area(stage).text) <= 64 * 1024
        await stage.press("p", "ctrl+home")
        area(stage).cursor_location = (0, 1)
        await stage.press(" ")
        assert area(stage).text.startswith("{ \n")
        await settled(stage)
        looked = page(stage)._result
        assert looked is not None
        assert len(looked.held.text) == len(text) + 1
        assert looked.held.text.endswith(text[-200:])


async def test_an_empty_field_offers_examples_and_clearing_leads_there(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await stage.press("ctrl+t")
        await stage.on("PickScreen")
        await stage.press("1")
        await stage.on("inspect")
        await settled(stage)
        assert "field-missing" in causes(stage)
        await stage.press("d")
        assert area(stage).text == ""
        assert area(stage).has_focus
        assert "Try an example" in stage.text()
    assert services(tmp_path).history.list() == ()


@pytest.mark.parametrize("name", samples())
async def test_every_example_shows_something(tmp_path: Path, name: str) -> None:
    from pinned_tui.inspect.detect import detect
    from pinned_tui.inspect.model import read_text

    kind = detect(read_text(sample_text(samples()[name])))
    assert kind in INSPECTORS
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await paste(stage, sample_text(samples()[name]))
        assert causes(stage), name


async def test_what_was_not_recognised_can_be_named(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await paste(stage, "some words that are nothing")
        assert "? inconclusive" in stage.text()
        assert "press k" in stage.text()
        await stage.press("k")
        await stage.on("PickScreen")
        await stage.press("7")
        await stage.on("inspect")
        await settled(stage)
        assert causes(stage)[0] == "body-malformed-json"
        assert "as you said" in stage.told("#what")


# -- looking takes time ------------------------------------------------------------------------


class Slow:
    """Stands for an inspection that takes long, until it is let go or stopped."""

    def __init__(self) -> None:
        self.go = False
        self.stopped = False

    def __call__(self, pasted: InputText, looking: InspectionContext) -> Inspection:
        import time

        while not self.go:
            try:
                looking.say(0.4)
            except StoppedError:
                self.stopped = True
                raise
            time.sleep(0.002)
        return Inspection(InputKind.LOG, "Log lines.")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    slow = Slow()
    monkeypatch.setattr(
        "pinned_tui.inspect.dispatch.INSPECTORS", {**INSPECTORS, InputKind.LOG: slow}
    )
    return slow


LOG = '2026-06-12T09:00:00Z POST /events 201 "x"\n' * 3000


async def test_a_long_look_is_shown_and_escape_stops_it(tmp_path: Path, slow: Slow) -> None:
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        area(stage).post_message(events.Paste(LOG))
        await stage.until(lambda: "inspecting, 40 %" in stage.text())
        assert "POST /events" not in stage.text()
        await stage.press("escape")
        await stage.until(lambda: slow.stopped)
        assert stage.page == "inspect"
        assert area(stage).text == ""
        assert area(stage).has_focus


async def test_typing_goes_on_while_it_looks(tmp_path: Path, slow: Slow) -> None:
    slow.go = True
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await paste(stage, LOG)
        slow.go = False
        await stage.press("p", "a")
        await stage.until(lambda: "inspecting" in stage.told("#state"))
        await stage.press("b", "c")
        assert area(stage).text.startswith("abc2026")
        await stage.until(lambda: slow.stopped)
        slow.go = True
        await settled(stage)
        looked = page(stage)._result
        assert looked is not None
        assert looked.held.text == f"abc{LOG}"


# -- what is found -----------------------------------------------------------------------------

STORY = Timeline(
    requests=2,
    passed_over=3,
    strands=(
        Strand(
            label="Open studio night",
            summary="Created twice under two keys.",
            attempts=(
                Attempt(
                    line=1,
                    at="2026-06-12T09:00:00Z",
                    method="POST",
                    route="/events",
                    status=201,
                    mark="created",
                    event_id="801",
                ),
                Attempt(
                    line=2,
                    at="2026-06-12T09:00:31Z",
                    method="POST",
                    route="/events",
                    status=201,
                    mark="duplicate",
                    event_id="802",
                    remark="Another key than 31 s before.",
                ),
            ),
        ),
    ),
)


@pytest.mark.parametrize("size", [(60, 20), (160, 50)])
async def test_a_story_is_told(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(pasted: InputText, looking: InspectionContext) -> Inspection:
        return Inspection(InputKind.LOG, "Log lines.", timeline=STORY)

    monkeypatch.setattr(
        "pinned_tui.inspect.dispatch.INSPECTORS", {**INSPECTORS, InputKind.LOG: look}
    )
    async with staged(services(tmp_path), size) as stage:
        await inspect(stage)
        await paste(stage, LOG[:300])
        await stage.press("s")
        for word in ("Timeline of 2 requests", "Created twice", "+31 s", "duplicate", "event"):
            assert word in stage.text()
        await stage.press("s")
        assert "Timeline of 2 requests" not in stage.text()


async def test_the_corrected_version_is_shown_copied_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pinned_tui.inspect.model import Correction

    def look(pasted: InputText, looking: InspectionContext) -> Inspection:
        secret = Secret(KEY, source="pasted")
        mended = Correction("curl -H 'x-api-key: YOUR_KEY'\n", "bash", ("The header is mended.",))
        return Inspection(InputKind.CURL, "A command.", correction=mended, secrets=(secret,))

    monkeypatch.setattr(
        "pinned_tui.inspect.dispatch.INSPECTORS", {**INSPECTORS, InputKind.CURL: look}
    )
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await paste(stage, f"curl -H 'x-api-key {KEY}' https://pinned.events")
        assert KEY[:8] not in stage.text()
        await stage.press("v")
        assert "The header is mended." in stage.text()
        await stage.press("c")
        assert stage.app.clipboard == "curl -H 'x-api-key: YOUR_KEY'\n"
        assert any("placeholder" in one.message for one in stage.app._notifications)
        await stage.press("w")
        await stage.on("SaveScreen")
        await stage.press("enter")
        await stage.until(lambda: "Written to" in stage.told("#problem"))
        await stage.press("escape")
        await stage.on("inspect")
    assert (tmp_path / "corrected.sh").read_text() == "curl -H 'x-api-key: YOUR_KEY'\n"


# -- files -------------------------------------------------------------------------------------


async def test_a_file_is_found_by_its_beginning_and_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "payload.json").write_bytes(PAYLOAD.encode().replace(b"\n", b"\r\n"))
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await stage.press("ctrl+o")
        await stage.on("FileScreen")
        await stage.press("i", "n")
        await stage.until(lambda: "inputs" in stage.text())
        await stage.press("tab")
        await stage.until(lambda: "payload.json" in stage.text())
        await stage.press("down", "enter")
        await stage.on("inspect")
        await settled(stage)
        assert "payload.json" in stage.told("#what")
        assert "field-missing" in causes(stage)
        looked = page(stage)._result
        assert looked is not None
        assert "\r\n" in looked.held.text


async def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await stage.press("ctrl+o")
        await stage.on("FileScreen")
        await stage.press(*"absent.har", "enter")
        await stage.until(lambda: "There is no file" in stage.told("#problem"))
        await stage.press("escape")
        await stage.on("inspect")
        assert area(stage).has_focus


def test_matches_are_listed_folders_first_and_hidden_ones_when_asked(tmp_path: Path) -> None:
    for name in ("b.txt", ".hidden", "C.txt", "evil\x1b[2J"):
        (tmp_path / name).touch()
    (tmp_path / "a").mkdir()
    found, more = matches(f"{tmp_path}/")
    assert [Path(one).name for one in found] == ["a", "b.txt", "C.txt"]
    assert found[0].endswith("/")
    assert more == 0
    assert [Path(one).name for one in matches(f"{tmp_path}/.h")[0]] == [".hidden"]
    assert matches(f"{tmp_path}/none/") == ((), 0)


# -- where it leads ----------------------------------------------------------------------------


async def test_an_inspection_leads_into_the_guide_and_to_a_live_check(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await inspect(stage)
        await paste(stage, PAYLOAD)
        await stage.press("u")
        await stage.on("step")
        assert stage.session.section == "validation"
        assert stage.session.runs[-1].purpose == "inspect"
        await stage.press("j")
        await stage.on("verdict")
        assert "Check it live" in stage.text()
        await stage.press("v")
        await stage.on("connect")
        await stage.until(lambda: bool(stage.app.screen.query("LedgerView > *")))
        await stage.press("enter")
        await stage.until(lambda: stage.page != "connect")
        while stage.page == "ConfirmScreen":
            await stage.press("y")
            await stage.until(lambda: stage.page != "connect")
        await stage.idle()
        purposes = [run.purpose for run in stage.session.runs]
        assert purposes == ["inspect", "check"]
        assert {"field-missing"} <= {verdict.cause for verdict in stage.session.verdicts}
    (kept,) = services(tmp_path).history.list()
    assert kept.outcome is Outcome.PROBLEM


async def test_an_inspection_from_a_verdict_joins_its_session(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await verdict("3")(stage)
        before = stage.session
        await inspect(stage)
        await paste(stage, PAYLOAD)
        assert "Use in my session" in stage.text()
        await stage.press("u")
        await stage.on("verdict")
        assert stage.session.id == before.id
        assert [run.purpose for run in stage.session.runs] == ["check", "inspect"]
        found = {one.cause for one in stage.session.verdicts}
        assert {"scope-missing", "field-missing"} <= found
        shown = [str(one._body) for one in stage.app.screen.query(HangingIndent)]
        assert any("approxLocation" in one for one in shown), shown
    assert len(services(tmp_path).history.list()) == 1


async def test_back_from_the_guide_is_back_at_the_input(
    tmp_path: Path, sandbox: SandboxDemo
) -> None:
    async with staged(services(tmp_path, demo=sandbox)) as stage:
        await inspect(stage)
        await paste(stage, PAYLOAD)
        await stage.press("u")
        await stage.on("step")
        while stage.page == "step":
            await stage.press("escape")
        assert stage.page == "inspect"
        assert area(stage).text == PAYLOAD


async def test_an_inspection_is_kept_and_exported_without_what_was_pasted(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await paste(stage, f'"{KEY}"')
        await stage.press("e")
        await stage.on("export")
        await stage.until(lambda: "#" in stage.told("#preview"))
        await stage.press("enter")
        await stage.until(lambda: "Written" in stage.told("#result"))
        await stage.press("escape")
        await stage.on("inspect")
        await stage.press("escape")
        await stage.on("home")
    (entry,) = services(tmp_path).history.list()
    assert entry.cause == "key-quoted"
    assert not leaking(tmp_path)


async def test_escape_leads_from_the_field_to_the_findings_and_then_home(tmp_path: Path) -> None:
    async with staged(services(tmp_path)) as stage:
        await inspect(stage)
        await paste(stage, PAYLOAD)
        await stage.press("enter")
        assert area(stage).has_focus
        await stage.press("q")
        assert stage.page == "inspect"
        await settled(stage)
        await stage.press("escape")
        assert not area(stage).has_focus
        await stage.press("escape")
        await stage.on("home")
