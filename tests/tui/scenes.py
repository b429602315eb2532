"""The scenes that pictures are taken of: how to get to each, by keyboard, in the real app.

They are the pictures in ``screenshots/`` and, at the same time, what the tests hold the app
against. ``python -m tests.pictures`` takes them anew.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from textual import events

from pinned_tui.sandbox.demo import SandboxDemo
from pinned_tui.tui.screens.dialogs import WhichKeyScreen
from pinned_tui.tui.screens.inspect_dialogs import sample_text, samples
from pinned_tui.tui.widgets.paste_area import PasteArea
from tests.tui.tui_stage import Stage, demo, services, staged

SHOWN_PORT = "40100"
"""The port in the pictures: any free one is as long."""

SIZES = {"60x20": (60, 20), "80x24": (80, 24), "160x50": (160, 50)}

HEALTHY = """{
  "channelId": 42,
  "title": "Open studio night",
  "startAt": "2027-07-01T19:30:00+02:00",
  "timezone": "Europe/Berlin",
  "classifications": ["music"],
  "approxLocation": {
    "city": { "name": "Berlin", "countryCode": "DE", "placeId": "place_4Tq8Zr" }
  }
}
"""
"""A payload that nothing is wrong with."""

Way = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: its name, and the way there from Home."""

    name: str
    way: Way
    theme: str = "dark"
    sizes: tuple[str, ...] = tuple(SIZES)


async def home(stage: Stage) -> None:
    await stage.idle_history()


def connect(digit: str) -> Way:
    async def way(stage: Stage) -> None:
        await stage.press(digit)
        await stage.on("connect")
        await stage.until(lambda: bool(stage.app.screen.query("LedgerView > *")) or digit == "8")

    return way


def step(digit: str) -> Way:
    async def way(stage: Stage) -> None:
        await connect(digit)(stage)
        await stage.press("enter")
        await stage.until(lambda: stage.page != "connect")
        while stage.page == "ConfirmScreen":
            await stage.press("y")
            await stage.until(lambda: stage.page != "connect")
        await stage.idle()

    return way


def verdict(digit: str) -> Way:
    async def way(stage: Stage) -> None:
        await step(digit)(stage)
        await stage.walk()

    return way


async def stopped(stage: Stage, sandbox: SandboxDemo) -> None:
    """To the first question of a section, whose check was stopped once the host was reached."""
    await connect("2")(stage)
    sandbox.sandbox.latency_ms = 60_000
    await stage.press("enter")
    await stage.on("step")
    await stage.until(lambda: "network" in stage.app.controller.state.progress)
    await stage.until(lambda: stage.app.controller.state.progress["network"].state == "done")
    await stage.press("escape")
    await stage.idle()


async def consent(stage: Stage) -> None:
    await connect("5")(stage)
    await stage.press("enter")
    await stage.on("ConfirmScreen")


async def proved(stage: Stage) -> None:
    await verdict("3")(stage)
    await stage.prove()


async def export(stage: Stage) -> None:
    await proved(stage)
    await stage.press("e")
    await stage.on("export")
    await stage.until(lambda: "#" in stage.told("#preview"))


async def exchanges(stage: Stage) -> None:
    await verdict("2")(stage)
    await stage.press("x")
    await stage.on("exchanges")


async def why(stage: Stage) -> None:
    await verdict("1")(stage)
    await stage.press("w")
    await stage.on("why")


async def declined(stage: Stage) -> None:
    """To a verdict without the check that would tell: it was not agreed to."""
    await connect("5")(stage)
    await stage.press("enter")
    await stage.until(lambda: stage.page != "connect")
    while stage.page == "ConfirmScreen":
        await stage.press("n")
        await stage.until(lambda: stage.page != "connect")
    await stage.idle()
    await stage.press("j")
    await stage.on("verdict")


async def why_open(stage: Stage) -> None:
    await declined(stage)
    await stage.press("w")
    await stage.on("why")


async def why_question(stage: Stage) -> None:
    """To the reasons where only the person can tell the open causes apart."""
    await step("6")(stage)
    await stage.press("j")
    await stage.on("verdict")
    await stage.press("w")
    await stage.on("why")


async def still_found(stage: Stage) -> None:
    """To a verdict that was verified without a fix."""
    await verdict("9")(stage)
    await stage.press("v")
    await stage.until(lambda: len(stage.session.runs) > 1)
    await stage.idle()


async def which_key(stage: Stage) -> None:
    """To the dialog that asks for a replaced key; the demo itself has no need of it."""
    await verdict("1")(stage)
    stage.app.push_screen(WhichKeyScreen(stage.app.controller.state.request.secret))
    await stage.on("WhichKeyScreen")


async def event_step(stage: Stage) -> None:
    """To a question about the event, with what was found of it."""
    await step("9")(stage)
    await stage.press("enter")
    await stage.at("seen-status")


async def new_key(stage: Stage) -> None:
    await step("8")(stage)
    await stage.press("1", "enter", "p")
    await stage.until(lambda: stage.app.controller.demo.replaced)
    await stage.until(lambda: bool(stage.told("#done")))


async def history(stage: Stage) -> None:
    for digit in "139":
        await verdict(digit)(stage)
        await stage.press("n")
        await stage.on("home")
    await stage.press("h")
    await stage.on("history")
    await stage.until(lambda: "session" in stage.told("#count"))


async def session(stage: Stage) -> None:
    await history(stage)
    await stage.press("enter")
    await stage.on("session")
    await stage.until(lambda: bool(stage.app.screen.query("#answers > *")))


async def help_(stage: Stage) -> None:
    await step("1")(stage)
    await stage.press("question_mark")
    await stage.on("HelpScreen")


def pasted(text: str, *keys: str) -> Way:
    """Paste ``text`` into the Inspect page, then press ``keys``."""

    async def way(stage: Stage) -> None:
        await stage.press("i")
        await stage.on("inspect")
        area = stage.app.screen.query_one(PasteArea)
        await stage.until(lambda: area.has_focus)
        area.post_message(events.Paste(text))
        await stage.until(lambda: bool(stage.app.screen.query("#found")))
        await stage.until(lambda: not area.has_focus)
        await stage.press(*keys)

    return way


def example(name: str, *keys: str) -> Way:
    return pasted(sample_text(samples()[name]), *keys)


def corpus(name: str) -> str:
    """Return an input of the corpus."""
    return (Path(__file__).parent.parent / "corpus" / name).read_text(encoding="utf-8")


async def inspect(stage: Stage) -> None:
    await stage.press("i")
    await stage.on("inspect")
    await stage.until(lambda: stage.app.screen.query_one(PasteArea).has_focus)


async def situations(stage: Stage) -> None:
    await connect("1")(stage)
    await stage.press("s")
    await stage.on("SituationScreen")


SCENES = (
    Scene("home", home),
    Scene("home-light", home, theme="light", sizes=("80x24",)),
    Scene("home-ansi", home, theme="ansi", sizes=("80x24",)),
    Scene("connect", connect("5")),
    Scene("situations", situations, sizes=("80x24",)),
    Scene("consent", consent),
    Scene("step", step("1")),
    Scene("step-light", step("1"), theme="light", sizes=("80x24",)),
    Scene("step-event", event_step, sizes=("60x20", "80x24")),
    Scene("new-key", new_key),
    Scene("verdict", verdict("2")),
    Scene("rate-limited", verdict("7")),
    Scene("duplicates", verdict("6"), sizes=("60x20", "80x24")),
    Scene("proved", proved),
    Scene("still-found", still_found, sizes=("60x20", "80x24")),
    Scene("export", export),
    Scene("exchanges", exchanges),
    Scene("why", why),
    Scene("why-open", why_open, sizes=("80x24",)),
    Scene("which-key", which_key, sizes=("60x20", "80x24")),
    Scene("why-question", why_question, sizes=("60x20", "80x24")),
    Scene("history", history),
    Scene("session", session),
    Scene("help", help_),
    Scene("inspect", inspect, sizes=("80x24",)),
    Scene("inspect-payload", example("payload", "down")),
    Scene("inspect-key", example("key")),
    Scene("inspect-clean", pasted(HEALTHY)),
    Scene("inspect-curl", example("curl", "down"), sizes=("60x20", "80x24")),
    Scene("inspect-corrected", example("curl", "v"), sizes=("80x24",)),
    Scene("inspect-httpie", pasted(corpus("httpie/uuid-key.sh")), sizes=("80x24",)),
    Scene("inspect-request", pasted(corpus("requests/wrong-host.http")), sizes=("80x24",)),
    Scene("inspect-answer", example("answer"), sizes=("60x20", "80x24")),
    Scene("inspect-har", pasted(corpus("har/duplicates.har")), sizes=("80x24",)),
    Scene("inspect-log", example("log", "down"), sizes=("60x20", "80x24")),
    Scene("inspect-timeline", example("log", "s"), sizes=("60x20", "80x24", "160x50")),
    Scene("inspect-key-light", example("key"), theme="light", sizes=("80x24",)),
    Scene("inspect-payload-ansi", example("payload", "down"), theme="ansi", sizes=("80x24",)),
)


async def pictures(scene: Scene, folder: Path) -> dict[str, str]:
    """Play ``scene`` once and return its pictures as SVG, by their file names without suffix.

    Args:
        scene: The scene.
        folder: An empty folder for the history.
    """
    taken: dict[str, str] = {}
    with demo() as sandbox:
        given = services(
            folder,
            demo=sandbox,
            environment={"PINNED_TUI_THEME": scene.theme},
            report_folder=Path("~/reports"),
        )
        async with staged(given) as stage:
            await scene.way(stage)
            for size in scene.sizes:
                await stage.resize(*SIZES[size])
                svg = stage.app.export_screenshot(title="pinned-tui")
                taken[f"{scene.name}-{size}"] = svg
        port = sandbox.sandbox.base_url.rpartition(":")[2]
    return {name: _steady(svg, port) for name, svg in taken.items()}


def _steady(svg: str, port: str) -> str:
    """Take out what differs from one run to the next: the port, and a name made of the content."""
    return re.sub(r"terminal-\d+", "terminal", svg).replace(port, SHOWN_PORT)
