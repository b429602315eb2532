"""Files of the first version: migrated whole, with a copy, and nothing of them lost."""

import contextlib
import sqlite3
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinned_tui import session as sessions
from pinned_tui.history.entries import DamagedSessionError, HistoryError, ReadOnlyHistoryError
from pinned_tui.history.schema import FIRST, MIGRATIONS, statements
from pinned_tui.history.store import HistoryStore
from pinned_tui.session import Outcome, Session, replace
from tests import samples
from tests.history import old_file
from tests.history.conftest import OpenStore
from tests.history.test_history_store import as_shown
from tests.strategies import sessions as any_sessions

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="modes are a POSIX matter")


def old(path: Path, *saved: Session) -> bytes:
    """Make a file of the first version and return what is in it."""
    old_file.make(path, [old_file.row_of(one) for one in saved])
    return path.read_bytes()


def test_all_sessions_are_taken_over_and_the_old_file_is_kept(
    open_store: OpenStore, path: Path
) -> None:
    saved = [samples.told(), *(samples.plain(n, section="w " * n) for n in range(2, 60))]
    before = old(path, *saved)
    notices: list[str] = []
    store = open_store(notice=notices.append)
    assert {entry.id for entry in store.list()} == {one.id for one in saved}
    assert [store.get(one.id) for one in saved] == saved
    (copy,) = path.parent.glob("*before-update-*")
    assert len(copy.read_bytes()) == len(before)
    with contextlib.closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM session").fetchone() == (59,)
    assert copy.name in notices[0]
    open_store(notice=notices.append)
    assert len(notices) == 1
    assert len(list(path.parent.glob("*before-update-*"))) == 1


def test_what_was_taken_over_is_found_by_what_tickets_quote(
    open_store: OpenStore, path: Path
) -> None:
    old(path, replace(samples.failing(), id="aaaa"), samples.plain(2))
    store = open_store()
    for text in ("req_7", "Jazz & B", "scope-missing", "events:read", "AAAA"):
        assert [entry.id for entry in store.list(text=text)] == ["aaaa"], text
    assert store.list(outcome=Outcome.PROBLEM)[0].cause == "scope-missing"
    key = samples.failing().key
    assert key is not None
    listed = store.channels_listed(base_url="https://pinned.events", key=key, besides="")
    assert set(listed) == {42}


def test_a_session_taken_over_is_saved_again_in_its_place(
    open_store: OpenStore, path: Path
) -> None:
    old(path, samples.plain(1, outcome=None))
    store = open_store()
    store.save(samples.plain(1))
    assert store.count() == 1
    assert store.get("last") == samples.plain(1)


def test_what_was_damaged_before_stays_listed_and_is_not_opened(
    open_store: OpenStore, path: Path
) -> None:
    rows = [old_file.row_of(samples.plain(n)) for n in range(1, 8)]
    bent: list[tuple[object, ...]] = [
        rows[0],
        (*rows[1][:-1], b"{}"),
        (*rows[2][:-2], b"x" * 32, rows[2][-1]),
        (7, *rows[3][1:]),
        (*rows[4][:1], b"\x1b[31m", *rows[4][2:]),
        ("00000001\x1b", *rows[5][1:-1], "text"),
        ("", *rows[6][1:]),
    ]
    old_file.make(path, bent)
    store = open_store()
    entries = store.list()
    assert len(entries) == 7
    assert [entry.id for entry in entries if not entry.damaged] == ["00000001"]
    for entry in entries:
        if entry.damaged and entry.id:
            with pytest.raises(DamagedSessionError):
                store.get(entry.id)
            store.delete(entry.id)
    assert store.get("00000001") == samples.plain(1)


def test_ids_that_only_differ_in_what_is_not_shown_are_both_kept(
    open_store: OpenStore, path: Path
) -> None:
    damaged = (*old_file.row_of(samples.plain(1))[:-1], b"{}")
    intact = old_file.row_of(samples.plain(2, id="␛1"))
    old_file.make(path, [("\x1b1", *damaged[1:]), intact])
    store = open_store()
    assert sorted(entry.damaged for entry in store.list()) == [False, True]
    assert store.get("last").started_at == samples.plain(2).started_at


def test_a_document_of_a_newer_pinned_tui_is_kept_to_the_byte(
    open_store: OpenStore, path: Path
) -> None:
    session = samples.plain(1)
    document = sessions.encode(session).replace(b'"schema_version": 1', b'"schema_version": 9')
    old_file.make(path, [old_file.row_of(session, document)])
    store = open_store()
    assert [entry.id for entry in store.list()] == [session.id]
    with pytest.raises(DamagedSessionError, match="Update pinned-tui to open it"):
        store.get(session.id)


@given(saved=st.lists(any_sessions(), max_size=4, unique_by=lambda one: one.id))
@settings(suppress_health_check=list(HealthCheck))
def test_any_sessions_are_taken_over(
    saved: list[Session], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("old") / "history.sqlite3"
    old(path, *saved)
    clock = samples.TurnedClock()
    with contextlib.closing(HistoryStore.open(path, clock=clock)) as store:
        entries = store.list()
        assert not any(entry.damaged for entry in entries)
        assert len(entries) == len(saved)
        seen = [store.get(entry.id) for entry in entries]
    if len({one.id for one in map(as_shown, saved)}) == len(saved):
        assert sorted(map(repr, seen)) == sorted(repr(as_shown(one)) for one in saved)


def test_a_migration_that_can_not_be_backed_up_does_not_begin(
    open_store: OpenStore, path: Path
) -> None:
    before = old(path, samples.plain(1))
    path.with_name("history.before-update.part").mkdir()
    (path.with_name("history.before-update.part") / "in the way").touch()
    with pytest.raises(HistoryError, match="no backup can be made first"):
        open_store()
    assert path.read_bytes() == before


@posix_only
def test_an_old_file_that_is_read_only_is_read(unprivileged_path: Path) -> None:
    before = old(unprivileged_path, samples.plain(1), samples.plain(2))
    unprivileged_path.chmod(0o400)
    unprivileged_path.parent.chmod(0o500)
    notices: list[str] = []
    with contextlib.closing(
        HistoryStore.open(unprivileged_path, clock=samples.TurnedClock(), notice=notices.append)
    ) as store:
        assert not store.writable
        assert store.get("last") == samples.plain(2)
        with pytest.raises(ReadOnlyHistoryError):
            store.save(samples.plain(3))
    assert unprivileged_path.read_bytes() == before
    assert list(unprivileged_path.parent.iterdir()) == [unprivileged_path]
    assert "is read-only" in notices[0]


def test_a_file_that_is_not_meant_for_this_version_is_refused_and_not_touched(
    open_store: OpenStore, path: Path
) -> None:
    to_come = statements(
        "ALTER TABLE session RENAME TO something_else",
        "UPDATE about SET value = '3' WHERE name = 'readable_by'",
    )
    open_store(migrations=(*MIGRATIONS, to_come)).close()
    before = path.read_bytes()
    with pytest.raises(HistoryError, match="in a form that this one can't read"):
        open_store()
    assert path.read_bytes() == before


def test_the_version_before_finds_its_columns_missing_and_touches_nothing(
    open_store: OpenStore, path: Path
) -> None:
    """Its own statements, on a file of this version."""
    open_store().save(samples.plain(1))
    before = path.read_bytes()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)  # it knows 1
        with pytest.raises(sqlite3.OperationalError, match="no such column: document") as refused:
            connection.execute("SELECT id, sha256, document FROM session WHERE rowid = 1")
    # Neither corrupt nor no database at all, which would make it set the file aside.
    assert refused.value.sqlite_errorcode == sqlite3.SQLITE_ERROR
    assert path.read_bytes() == before
    assert [statement.split() for statement in FIRST] == [
        statement.split() for statement in old_file.TABLES[:2]
    ]
