"""What the README shows of adding a cause is what stands in the files that it names."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SECTION = re.compile(r"^### A new cause\n(.*?)^### ", re.MULTILINE | re.DOTALL)
PIECE = re.compile(r"^The (\w+) .*?, in `([^`]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def pieces() -> dict[str, tuple[Path, str]]:
    """Return file and text of each piece that the README quotes, by what it calls it."""
    section = SECTION.search((ROOT / "README.md").read_text("utf-8"))
    assert section is not None
    return {name: (ROOT / path, text) for name, path, text in PIECE.findall(section[1])}


@pytest.mark.parametrize("name", ["row", "predicate", "situation"])
def test_the_example_of_a_new_cause_stands_in_its_file_word_for_word(name: str) -> None:
    file, quoted = pieces()[name]
    whole = f"\n\n{file.read_text('utf-8')}\n\n"
    assert f"\n\n{quoted}\n" in whole, "it begins after an empty line"
    assert whole.partition(quoted)[2].startswith("\n"), "and ends before one"


def test_its_pieces_are_of_one_cause_and_there_are_no_others() -> None:
    quoted = {name: text for name, (_, text) in pieces().items()}
    assert list(quoted) == ["row", "predicate", "situation"]
    (cause,) = tomllib.loads(quoted["row"])["cause"]
    (situation,) = tomllib.loads(quoted["situation"])["situation"]
    assert situation["expect"]["cause"] == cause["id"]
    assert quoted["predicate"].startswith(f'@shows("{cause["id"]}", ')
