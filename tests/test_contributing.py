"""What CONTRIBUTING shows of adding a cause is what stands in the files that it names."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
KINDS = {
    "In an event's document": ["row", "predicate", "situation"],
    "In a response of the API": ["row", "cause", "situation"],
    "In a pasted input": ["sentence", "rule", "input"],
}


def pieces(kind: str) -> list[tuple[str, str, str]]:
    """Return the name, the file and the text of each piece that is shown for a kind of cause."""
    section = re.search(rf"^### {re.escape(kind)}\n(.*?)(?=^##)", TEXT, re.MULTILINE | re.DOTALL)
    assert section is not None
    found = []
    for block in re.finditer(
        r"(?P<before>(?:^(?!```)[^\n]+\n)+)\n```\w+\n(?P<text>.*?)^```$",
        section[1],
        re.MULTILINE | re.DOTALL,
    ):
        paragraph = block["before"]
        name = re.match(r"The (\w+) ", paragraph)
        files = [one for one in re.findall(r"`([^`\s]+\.(?:py|toml))`", paragraph) if "/" in one]
        assert name is not None, paragraph
        found.append((name[1], next(one for one in files if (ROOT / one).exists()), block["text"]))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_new_cause_stands_in_its_files_word_for_word(kind: str) -> None:
    shown = pieces(kind)
    assert [name for name, _, _ in shown] == KINDS[kind]
    for _, file, quoted in shown:
        whole = f"\n\n{(ROOT / file).read_text('utf-8')}\n\n"
        if whole.count(quoted) != 1:
            pytest.fail(f"{file} has not this:\n{quoted}")


@pytest.mark.parametrize("kind", list(KINDS)[:2])
def test_the_pieces_of_an_example_are_of_one_cause(kind: str) -> None:
    shown = {name: tomllib.loads(text) for name, file, text in pieces(kind) if "toml" in file}
    (situation,) = shown["situation"]["situation"]
    (cause,) = shown.get("cause", shown["row"])["cause"]
    assert situation["expect"]["cause"] == cause["id"]


def test_the_rooms_of_the_map_are_the_folders_of_the_package() -> None:
    rooms = set(re.findall(r"^\| `(\w+)/` \|", TEXT, re.MULTILINE))
    folders = {one.parent.name for one in (ROOT / "pinned_tui").glob("*/__init__.py")}
    assert rooms == folders


def test_every_file_that_is_named_is_there() -> None:
    for name in re.findall(r"`((?:pinned_tui|tests)/[\w/.-]+\.\w+)`", TEXT):
        assert (ROOT / name).is_file(), name
