"""What earlier sessions knew of a key that is built alike, at the same address."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from pinned_tui.history.known_channels import channels_listed
from pinned_tui.history.store import HistoryStore
from pinned_tui.session import Channel, KeyFacts, Session, Target
from tests import samples

KEY = KeyFacts(source="environment", length=40, shape="letters, digits and _")
SEVEN = (Channel(id=7, name="Seven", slug="seven"),)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[HistoryStore]:
    store = HistoryStore.open(tmp_path / "history.db", clock=samples.TurnedClock())
    with contextlib.closing(store):
        yield store


def session(number: int, **changes: object) -> Session:
    return samples.plain(number, **{"key": KEY, "channels": SEVEN, **changes})


def test_a_channel_is_remembered_with_its_latest_session(history: HistoryStore) -> None:
    for number in (1, 2, 3):
        history.save(session(number))
    now = session(9, channels=())
    assert channels_listed(history, now) == {7: session(3).started_at}


@pytest.mark.parametrize(
    "changes",
    [
        {"key": None},
        {"key": msgspec.structs.replace(KEY, length=41)},
        {"key": msgspec.structs.replace(KEY, shape="digits")},
        {"target": Target(base_url="https://elsewhere.example")},
        {"channels": ()},
    ],
)
def test_other_keys_and_addresses_tell_nothing(
    changes: dict[str, object], history: HistoryStore
) -> None:
    history.save(session(1, **changes))
    assert channels_listed(history, session(9)) == {}


def test_where_the_key_came_from_does_not_matter(history: HistoryStore) -> None:
    history.save(session(1, key=msgspec.structs.replace(KEY, source="file")))
    assert 7 in channels_listed(history, session(9))


def test_the_session_itself_does_not_count(history: HistoryStore) -> None:
    history.save(session(1))
    assert channels_listed(history, session(1)) == {}


def test_without_a_key_nothing_is_recalled(history: HistoryStore) -> None:
    history.save(session(1))
    assert channels_listed(history, session(9, key=None)) == {}
