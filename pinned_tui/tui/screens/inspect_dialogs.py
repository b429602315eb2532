"""What the Inspect page asks in dialogs: a file, a kind, an example, where to write to."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING, Any

from pinned_tui.core.labels import plural
from pinned_tui.inspect.model import TITLES, InputKind, InputText
from pinned_tui.tui.inspection import InspectionResult
from pinned_tui.tui.widgets.choices import Choice
from pinned_tui.tui.widgets.findings import capital

if TYPE_CHECKING:
    from pinned_tui.tui.context import AppContext

_AUTO = "auto"


@dataclass(frozen=True, slots=True)
class KindAnswer:
    """What the user says that it is; None is to detect it."""

    kind: InputKind | None


async def choose_file(context: "AppContext") -> tuple[InputText, str] | None:
    """Return the text and the name of a file, or None."""
    from pinned_tui.tui.screens.file_picker import FileScreen

    return await context.pages.ask(FileScreen())


async def choose_kind(context: "AppContext", current: InputKind | None) -> KindAnswer | None:
    """Return what the user says that it is, or None where nothing was said."""
    from pinned_tui.tui.screens.dialogs import PickScreen

    choices = [Choice(_AUTO, "0", "Detect it")]
    choices += [
        Choice(kind, str(number) if number <= 9 else " ", capital(title))
        for number, (kind, title) in enumerate(TITLES.items(), start=1)
    ]
    name = await context.pages.ask(PickScreen("What kind of input is it?", choices, current))
    if name is None:
        return None
    return KindAnswer(None if name == _AUTO else InputKind(name))


async def choose_example(context: "AppContext") -> str | None:
    """Return the text of an example, or None."""
    from pinned_tui.tui.screens.dialogs import PickScreen

    offered = samples()
    choices = [
        Choice(name, str(number), sample["title"])
        for number, (name, sample) in enumerate(offered.items(), start=1)
    ]
    name = await context.pages.ask(PickScreen("Which example?", choices))
    return None if name is None else sample_text(offered[name])


def copy_corrected(
    context: "AppContext", result: InspectionResult, copy: Callable[[str], None]
) -> None:
    """Copy the corrected version of ``result``, and say what is left to do with it."""
    if result.corrected is not None:
        copy(result.corrected)
        key = " Put your key where its placeholder is." if result.inspection.secrets else ""
        context.say(
            f"Copied {plural(len(result.corrected), 'character')}.{key} If your terminal does not"
            " share its clipboard, press w to write a file."
        )


def write_corrected(context: "AppContext", result: InspectionResult) -> None:
    """Offer to write the corrected version of ``result`` to a file."""
    from pinned_tui.tui.screens.dialogs import SaveScreen

    if result.corrected is not None:
        language = result.session.inputs[-1].language or "txt"
        folder = context.controller.services.report_folder
        screen = SaveScreen(result.corrected, language, folder)
        context.pages.soon(partial(context.pages.open, screen))


def samples() -> dict[str, dict[str, Any]]:
    """Read the examples, by their ids."""
    text = (resources.files("pinned_tui.tui") / "words" / "samples.toml").read_text("utf-8")
    return {one["id"]: one for one in tomllib.loads(text)["sample"]}


def sample_text(sample: dict[str, Any]) -> str:
    """Return what an example fills in."""
    return str(sample["text"]).rstrip("\n")
