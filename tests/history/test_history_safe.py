"""The history that stops nobody: what fails is said once, and all of it works in memory."""

import contextlib
import sqlite3
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pinned_tui.history.entries import HistoryError, NoSuchSessionError
from pinned_tui.history.fallback import FallbackStore
from pinned_tui.history.leak_guard import leak_guard
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Outcome
from tests import samples
from tests.history.conftest import OpenStore


class Watched:
    """A safe history and what it had to say."""

    def __init__(
        self, path: Path, secrets: tuple[Secret, ...] = (), patience_s: float | None = 0.01
    ) -> None:
        self.notices: list[str] = []
        self.history = FallbackStore(
            path,
            clock=samples.TurnedClock(),
            notice=self.notices.append,
            guard=leak_guard(lambda: secrets),
            patience_s=patience_s,
        )

    def ids(self) -> list[str]:
        return [entry.id for entry in self.history.list()]


@pytest.fixture
def watched(path: Path) -> Iterator[Watched]:
    made = Watched(path)
    yield made
    made.history.close()


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program holds the file and does not let go."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def test_nothing_is_touched_before_the_first_call(watched: Watched, path: Path) -> None:
    assert not path.parent.exists()
    watched.history.save(samples.plain())
    assert path.exists()


def test_a_sound_history_passes_everything_on(watched: Watched, open_store: OpenStore) -> None:
    for number in (1, 2, 3):
        watched.history.save(samples.plain(number))
    assert watched.ids() == ["00000003", "00000002", "00000001"]
    assert [e.id for e in watched.history.list(limit=1, text="pinned")] == ["00000003"]
    assert watched.history.list(outcome=Outcome.PROBLEM) == ()
    assert watched.history.get("last") == samples.plain(3)
    assert watched.history.delete("last") == "00000003"
    assert watched.history.prune(keep=1) == 1
    assert [entry.id for entry in open_store().list()] == ["00000002"]
    assert watched.notices == []


def test_where_there_can_be_no_history_work_goes_on_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    watched = Watched(tmp_path / "file" / "history.sqlite3")
    for number in (1, 2, 3):
        watched.history.save(samples.plain(number))
    watched.history.save(samples.plain(2, outcome=None))
    assert watched.ids() == ["00000003", "00000002", "00000001"]
    assert watched.history.get("00000002").outcome is None
    assert watched.history.delete("last") == "00000003"
    assert watched.history.prune(older_than=timedelta(0), keep=1) == 1
    assert watched.ids() == ["00000002"]
    with pytest.raises(NoSuchSessionError):
        watched.history.get("00000003")
    (notice,) = watched.notices
    assert "kept in memory until you quit" in notice
    watched.history.close()


def test_a_store_that_fails_later_is_said_once_and_still_read(
    watched: Watched, open_store: OpenStore, path: Path
) -> None:
    watched.history.save(samples.plain(1))
    watched.history.save(samples.plain(2))
    with locked(path):
        watched.history.save(samples.plain(3))
        watched.history.save(samples.plain(4))
        watched.history.save(samples.plain(2, outcome=None))
        assert watched.ids() == ["00000004", "00000003", "00000002", "00000001"]
        assert [entry.id for entry in watched.history.list(limit=2)] == ["00000004", "00000003"]
        assert [e.id for e in watched.history.list(outcome=Outcome.HEALTHY, limit=3)] == [
            "00000004",
            "00000003",
            "00000001",
        ]
        assert watched.history.get("last") == samples.plain(4)
        assert watched.history.get("00000002").outcome is None
        assert watched.history.get("00000001") == samples.plain(1)
        assert watched.history.delete("00000004") == "00000004"
        assert watched.history.delete("00000003") == "00000003"
        assert [e.id for e in watched.history.list(outcome=Outcome.HEALTHY, limit=1)] == [
            "00000001"
        ]
        with pytest.raises(HistoryError, match="Another program"):
            watched.history.delete("00000001")
    (notice,) = watched.notices
    assert "Another program is using it" in notice
    watched.history.save(samples.plain(5))
    assert "00000005" not in [entry.id for entry in open_store().list()]  # not tried every time


def test_what_was_only_in_memory_is_stored_at_the_end_if_it_can_be(
    watched: Watched, open_store: OpenStore, path: Path
) -> None:
    watched.history.save(samples.plain(1))
    with locked(path):
        watched.history.close()
        watched.history.save(samples.plain(2))
    assert [entry.id for entry in open_store().list()] == ["00000001"]
    watched.history.close()
    assert [entry.id for entry in open_store().list()] == ["00000002", "00000001"]


def test_a_refused_session_stays_in_memory_and_the_others_are_stored(
    open_store: OpenStore, path: Path
) -> None:
    secret = Secret("pe_live_Zt7Qw9LmX2vRb4Ks8HdN3cYf6GjP1aEu", source="prompt")
    watched = Watched(path, (secret,))
    watched.history.save(samples.plain(1, step=secret.reveal()))
    watched.history.save(samples.plain(1, step=secret.reveal()))
    watched.history.save(samples.plain(2))
    assert watched.ids() == ["00000002", "00000001"]
    watched.history.close()
    assert [entry.id for entry in open_store().list()] == ["00000002"]
    (notice,) = watched.notices
    assert "would hold your key" in notice
    assert secret.reveal() not in notice
    assert secret.reveal().encode() not in path.read_bytes()


def test_a_damaged_file_is_said_and_the_new_one_is_used(watched: Watched, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"nonsense" * 1000)
    watched.history.save(samples.plain())
    assert watched.ids() == ["00000001"]
    (notice,) = watched.notices
    assert "set aside" in notice


@pytest.mark.skipif(sys.platform == "win32", reason="modes are a POSIX matter")
def test_a_read_only_history_is_read_and_new_sessions_are_in_memory(
    unprivileged_path: Path,
) -> None:
    first = Watched(unprivileged_path)
    first.history.save(samples.plain(1))
    first.history.close()
    unprivileged_path.parent.chmod(0o500)
    watched = Watched(unprivileged_path)
    watched.history.save(samples.plain(2))
    assert watched.ids() == ["00000002", "00000001"]
    assert watched.history.get("00000001") == samples.plain(1)
    watched.history.close()
    (notice,) = watched.notices
    assert "is read-only" in notice


def test_a_session_that_is_deleted_while_it_is_open_stays_deleted(
    watched: Watched, open_store: OpenStore, path: Path
) -> None:
    watched.history.save(samples.plain(1, outcome=None))
    watched.history.delete("last")
    watched.history.save(samples.plain(1))
    assert watched.ids() == []
    with locked(path):
        watched.history.save(samples.plain(1))
        watched.history.save(samples.plain(2))
        watched.history.save(samples.plain(1))
        assert watched.ids() == ["00000002"]
    watched.history.close()
    assert [entry.id for entry in open_store().list()] == ["00000002"]


def test_a_session_that_another_program_deletes_is_said_once(
    watched: Watched, open_store: OpenStore
) -> None:
    watched.history.save(samples.plain(1, outcome=None))
    open_store().delete("last")
    for _ in range(2):
        watched.history.save(samples.plain(1))
    assert watched.ids() == []
    (notice,) = watched.notices
    assert "00000001 was deleted from the history" in notice


def test_pages_are_parts_of_the_list_where_some_sessions_can_not_be_stored(
    watched: Watched, path: Path
) -> None:
    for number in range(1, 8):
        watched.history.save(samples.plain(number))
    with locked(path):
        for number in (3, 9, 8):
            watched.history.save(samples.plain(number, outcome=None))
        whole = watched.history.list()
        assert len(whole) == 9
        for offset in (0, 1, 5, 9):
            page = watched.history.page(offset=offset, limit=4)
            assert (page.entries, page.total) == (whole[offset : offset + 4], 9)


def test_a_page_of_what_can_not_be_read_is_empty(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert Watched(tmp_path / "file" / "history.sqlite3").history.page(limit=5).total == 0
