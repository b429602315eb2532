"""Whether a credential in an input is ever shown or kept, and whether what a user needs is."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pinned_tui.checks.inspection_run import new_inspection
from pinned_tui.core.clock import SystemClock
from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.inspect.model import read_text
from pinned_tui.tui.inspection import InputBuffer, Inspector
from tests.blind.running import Written, run, stored

BASE = "https://pinned.events"

HIDDEN = "hidden"
"""How a finding begins that is about what a user needs to read."""

_WINDOW = 8
"""So many signs of a secret in a row are a leak; a public prefix is not counted."""


def parts(case: dict[str, Any]) -> Iterator[str]:
    """Yield the secrets of ``case``, and what is long enough in them to give them away."""
    yield from (*case["secrets"], *case.get("other_forms", ()))
    for secret in case["secrets"]:
        for prefix in case.get("public_prefixes", ()):
            secret = secret.removeprefix(prefix)
        for at in range(len(secret) - _WINDOW + 1):
            yield secret[at : at + _WINDOW]


def leaks(case: dict[str, Any]) -> list[str]:
    """Return where a secret of ``case`` comes out, and in what of it."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        out = Written()
        run(out, "text", "inspect", "-", data=data, stdin=case["input"])
        run(out, "json", "inspect", "-", "--format", "json", data=data, stdin=case["input"])
        run(out, "list", "history", "list", data=data)
        run(out, "markdown", "report", "last", "--format", "markdown", data=data)
        places = {
            **out.texts,
            "screen": screen(case["input"]),
            "stored": stored(data).decode("utf-8", "replace"),
        }
    if any(code == 4 for code in out.codes):
        found.append("exit 4")
    for place, text in places.items():
        part = next((one for one in parts(case) if one in text), None)
        if part is not None:
            found.append(f"{place}: {part}")
    shown = places["screen"]
    return found + [f"{HIDDEN}: {text}" for text in case["readable"] if text not in shown]


def screen(text: str) -> str:
    """Return what the app shows of ``text`` when it is pasted."""
    clock = SystemClock()
    inspector = Inspector(
        clock, load_catalogue(), lambda: new_inspection(base_url=BASE, clock=clock)
    )
    return inspector.inspect(InputBuffer(read_text(text))).masked.shown
