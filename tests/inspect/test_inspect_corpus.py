"""What people really paste: right kind, right causes, right places, no false alarm, no leak."""

import pytest

from pinned_tui.diagnosis.catalog import load_catalogue
from tests.corpus.judging import Aspect, judge
from tests.corpus.reading import EXPECTED, FOLDER, Item, folders, items, offline

ITEMS = {item.name: item for item in items()}


@pytest.mark.parametrize("name", ITEMS)
def test_what_is_said(name: str) -> None:
    """Kind, causes, places, corrections and secrets, all of one inspection."""
    item = ITEMS[name]
    assert_makes_sense(item)
    judged = judge(item)
    told = [f"{miss.aspect}: {miss.told}" for miss in judged.misses]
    if judged.skipped:
        assert [one for one in told if one.startswith(f"{Aspect.KIND}: ")] == []
        pytest.skip(judged.skipped)
    assert told == []


def assert_makes_sense(item: Item) -> None:
    assert item.why
    assert item.kinds
    if item.corrected_healthy:
        assert item.faults
        assert not item.healthy
    for fault in item.faults:
        if fault.line is not None:
            text = item.data.decode("utf-8", "replace")
            assert fault.line <= text.count("\n") + 1


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(ITEMS) >= 170
    assert sum(item.healthy for item in ITEMS.values()) >= 60


def test_every_cause_that_can_be_found_offline_is_expected_somewhere() -> None:
    expected = {cause for item in ITEMS.values() for fault in item.faults for cause in fault.causes}
    expected |= {note for item in ITEMS.values() for note in item.notes}
    assert set(offline()) <= expected


def test_the_catalogue_says_which_causes_are_found_offline() -> None:
    catalogue = load_catalogue()
    assert [cause for cause in offline() if "offline" not in catalogue[cause].found_by] == []


def test_every_cause_that_is_expected_is_in_the_catalogue() -> None:
    catalogue = load_catalogue()
    for item in ITEMS.values():
        named = item.causes | item.first | set(item.notes)
        assert [cause for cause in sorted(named) if cause not in catalogue] == [], item.name


def test_every_file_is_listed_once() -> None:
    there = {
        f"{path.parent.name}/{path.name}"
        for folder in folders()
        for path in (FOLDER / folder).iterdir()
        if path.name != EXPECTED
    }
    assert there == set(ITEMS)
    assert len(ITEMS) == len(items())
