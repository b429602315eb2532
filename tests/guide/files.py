"""The text of the guide's files, as it is or with a fault put in."""

from importlib.resources import files

from pinned_tui.guide.loader import RULES_FILE
from pinned_tui.guide.model import SECTION_IDS


def documents() -> dict[str, str]:
    """Return the text of each file by its name."""
    names = [*(f"{section_id}.toml" for section_id in SECTION_IDS), RULES_FILE]
    data = files("pinned_tui.guide").joinpath("data")
    return {name: data.joinpath(name).read_text(encoding="utf-8") for name in names}


def spoilt(file: str, old: str, new: str) -> dict[str, str]:
    """Return the documents with the first ``old`` in ``file`` replaced."""
    made = documents()
    assert old in made[file]
    return made | {file: made[file].replace(old, new, 1)}
