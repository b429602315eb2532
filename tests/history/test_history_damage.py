"""Files that are damaged, old, new, locked, full or read-only: nothing lost, nothing silent."""

import contextlib
import random
import sqlite3
import struct
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pinned_tui.core.clock import SystemClock
from pinned_tui.history import database as database_module
from pinned_tui.history import sqlite as sqlite_module
from pinned_tui.history.entries import DamagedSessionError, HistoryError, ReadOnlyHistoryError
from pinned_tui.history.schema import MIGRATIONS, statements
from pinned_tui.history.store import HistoryStore
from pinned_tui.session import Session
from tests import samples
from tests.history.conftest import OpenStore

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="modes are a POSIX matter")

NEXT = (*MIGRATIONS, statements("ALTER TABLE session ADD COLUMN more TEXT"))


@contextlib.contextmanager
def behind_its_back(path: Path) -> Iterator[sqlite3.Connection]:
    """The file through a connection that the history knows nothing of."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def filled(store: HistoryStore, count: int) -> dict[str, Session]:
    saved = {}
    for number in range(1, count + 1):
        session = samples.plain(number, section="words " * number)
        store.save(session)
        saved[session.id] = session
    store.close()
    return saved


def set_aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("*damaged-*"))


@pytest.mark.parametrize(
    "change",
    [
        "outcome = 'problem'",
        "started_at = '2020-01-01T00:00:00.000Z'",
        "title = 'Something else'",
        "sha256 = zeroblob(32)",
        "body_sha256 = zeroblob(32)",
        "words = 'something else'",
        "note = 'something else'",
        "target = 7",
        "title = CAST(x'ff1b5b33' AS TEXT)",
    ],
)
def test_a_changed_record_is_listed_as_damaged_and_not_opened(
    open_store: OpenStore, path: Path, change: str
) -> None:
    filled(open_store(), 3)
    with behind_its_back(path) as connection:
        connection.execute(f"UPDATE session SET {change} WHERE id = '00000002'")
    store = open_store()
    damaged = {entry.id: entry for entry in store.list()}
    assert [name for name, entry in damaged.items() if entry.damaged] == ["00000002"]
    assert damaged["00000002"].outcome is None
    assert "\x1b" not in damaged["00000002"].title
    with pytest.raises(DamagedSessionError, match="00000002 is damaged"):
        store.get("00000002")
    assert store.get("00000003").id == "00000003"
    assert store.delete("00000002") == "00000002"
    assert not any(entry.damaged for entry in store.list())


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE document SET body = zeroblob(length(body)) WHERE session = 2",
        "UPDATE document SET body = 'text' WHERE session = 2",
        "UPDATE document SET body = (SELECT body FROM document LIMIT 1) WHERE session = 2",
        "DELETE FROM document WHERE session = 2",
    ],
)
def test_a_changed_document_is_listed_and_not_opened(
    open_store: OpenStore, path: Path, change: str
) -> None:
    filled(open_store(), 3)
    with behind_its_back(path) as connection:
        connection.execute(change)
    store = open_store()
    assert [entry.id for entry in store.list()] == ["00000003", "00000002", "00000001"]
    with pytest.raises(DamagedSessionError, match="00000002 is damaged"):
        store.get("00000002")
    assert store.get("00000003").id == "00000003"
    assert store.delete("00000002") == "00000002"


def test_a_record_whose_id_is_damaged_can_still_be_deleted(
    open_store: OpenStore, path: Path
) -> None:
    filled(open_store(), 2)
    with behind_its_back(path) as connection:
        connection.execute("UPDATE session SET id = CAST(x'1b5bff' AS TEXT) WHERE rowid = 1")
    store = open_store()
    (damaged,) = (entry for entry in store.list() if entry.damaged)
    assert "\x1b" not in damaged.id
    store.delete(damaged.id)
    assert [entry.id for entry in store.list()] == ["00000002"]


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\x00" * 300])
def test_a_file_that_is_no_database_is_set_aside_and_kept(
    open_store: OpenStore, path: Path, content: bytes
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    notices: list[str] = []
    store = open_store(notice=notices.append)
    store.save(samples.plain())
    assert len(store.list()) == 1
    (aside,) = set_aside(path)
    assert aside.name == "history.damaged-2026-11-23T22-04-05Z.sqlite3"
    assert aside.read_bytes() == content
    (notice,) = notices
    assert aside.name in notice


def test_files_set_aside_in_the_same_second_have_names_of_their_own(
    open_store: OpenStore, path: Path
) -> None:
    for _ in range(3):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"nonsense" * 100)
        open_store().close()
    assert len(set_aside(path)) == 3


def test_what_is_intact_in_a_damaged_file_is_taken_over(open_store: OpenStore, path: Path) -> None:
    saved = filled(open_store(), 40)
    octets = bytearray(path.read_bytes())
    with behind_its_back(path) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        root = "SELECT rootpage FROM sqlite_schema WHERE name = 'session'"
        (page,) = connection.execute(root).fetchone()
    inner = octets[(page - 1) * size : page * size]
    assert inner[0] == 5  # a table that has grown over one page
    (cell,) = struct.unpack_from(">H", inner, 12 + 2)
    (leaf,) = struct.unpack_from(">I", inner, cell)
    octets[(leaf - 1) * size : leaf * size] = bytes(size)
    path.write_bytes(octets)
    notices: list[str] = []
    store = open_store(notice=notices.append)
    kept = store.list()
    assert {kept[0].id, kept[-1].id} == {"00000028", "00000001"}  # from both sides of the damage
    assert len(kept) == 40  # a document is enough to make the heading anew
    assert all(store.get(entry.id) == saved[entry.id] for entry in kept)
    (aside,) = set_aside(path)
    assert aside.read_bytes() == octets
    assert "Sessions recovered: 40." in notices[0]


def test_documents_that_are_lost_are_counted(open_store: OpenStore, path: Path) -> None:
    filled(open_store(), 3)
    with behind_its_back(path) as connection:
        connection.execute("DELETE FROM document WHERE session = 2")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        root = "SELECT rootpage FROM sqlite_schema WHERE name = 'session_by_start'"
        (page,) = connection.execute(root).fetchone()
    octets = bytearray(path.read_bytes())
    octets[(page - 1) * size : page * size] = bytes(size)
    path.write_bytes(octets)
    notices: list[str] = []
    store = open_store(notice=notices.append)
    assert [entry.id for entry in store.list()] == ["00000003", "00000001"]
    assert "Sessions recovered: 2. Sessions that can't be read: 1." in notices[0]


@pytest.mark.parametrize("seed", range(40))
def test_flipped_bits_never_pass_for_a_session(
    open_store: OpenStore, path: Path, seed: int
) -> None:
    saved = filled(open_store(), 12)
    octets = bytearray(path.read_bytes())
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 1, 1, 20))):
        octets[chance.randrange(len(octets))] ^= 1 << chance.randrange(8)
    path.write_bytes(octets)
    store = open_store()
    for entry in store.list():
        if not entry.damaged:
            with contextlib.suppress(DamagedSessionError):
                assert store.get(entry.id) == saved[entry.id]
    store.save(samples.plain(99))
    assert store.get("00000063") == samples.plain(99)


def test_the_journal_of_a_damaged_file_goes_with_it(open_store: OpenStore, path: Path) -> None:
    filled(open_store(), 3)
    with behind_its_back(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM session")
        half = path.with_name(f"{path.name}-journal").read_bytes()
        with path.open("r+b") as file:
            file.write(b"no database at all")
        open_store()
        aside, journal = set_aside(path)
        assert journal.name == f"{aside.name}-journal"
        assert journal.read_bytes() == half


@pytest.mark.parametrize("index", ["session_by_start", "session_by_offer"])
def test_an_index_that_leads_nowhere_hides_no_session(
    open_store: OpenStore, path: Path, index: str
) -> None:
    saved = filled(open_store(), 5)
    with behind_its_back(path) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        root = f"SELECT rootpage FROM sqlite_schema WHERE name = '{index}'"
        (page,) = connection.execute(root).fetchone()
    octets = bytearray(path.read_bytes())
    found = octets.find(saved["00000003"].started_at.encode(), (page - 1) * size, page * size)
    assert found > 0
    octets[octets.index(b"\x03", found)] = 0x77
    path.write_bytes(octets)
    store = open_store()
    assert {listed.id for listed in store.list()} == set(saved)
    assert store.get("00000003") == saved["00000003"]


def test_an_id_that_its_index_has_lost_is_still_found(open_store: OpenStore, path: Path) -> None:
    saved = filled(open_store(), 5)
    with behind_its_back(path) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        root = "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_session_1'"
        (page,) = connection.execute(root).fetchone()
    octets = bytearray(path.read_bytes())
    found = octets.index(b"00000003", (page - 1) * size, page * size)
    octets[found : found + 8] = b"zzzzzzzz"
    path.write_bytes(octets)
    assert open_store().get("00000003") == saved["00000003"]


def test_what_another_has_mended_meanwhile_is_not_set_aside(
    open_store: OpenStore, path: Path
) -> None:
    store, other = open_store(), open_store()
    seen: list[int] = []

    def work(connection: sqlite3.Connection) -> int:
        if not seen:
            seen.append(0)
            path.rename(path.with_name("history.damaged-by-hand.sqlite3"))
            other.save(samples.plain())
            fault = sqlite3.DatabaseError("database disk image is malformed")
            fault.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise fault
        return int(connection.execute("SELECT count(*) FROM session").fetchone()[0])

    assert store._run(work) == 1
    assert len(set_aside(path)) == 1


def test_damage_that_comes_while_the_file_is_open(open_store: OpenStore, path: Path) -> None:
    notices: list[str] = []
    store = open_store(notice=notices.append)
    for number in range(1, 30):
        store.save(samples.plain(number))
    with path.open("r+b") as file:
        file.write(b"\xff" * path.stat().st_size)
    store.save(samples.plain(30))
    assert store.get("last") == samples.plain(30)
    assert len(set_aside(path)) == 1
    assert len(notices) == 1


def test_a_file_that_vanishes_is_begun_anew(open_store: OpenStore, path: Path) -> None:
    store = open_store()
    store.save(samples.plain(1))
    path.unlink()
    store.save(samples.plain(2))
    assert [entry.id for entry in open_store().list()] == ["00000002"]
    path.unlink()
    path.parent.rmdir()
    store.save(samples.plain(3))
    assert [entry.id for entry in open_store().list()] == ["00000003"]


def test_a_file_that_was_replaced_is_the_one_in_use(open_store: OpenStore, path: Path) -> None:
    store, other = open_store(), open_store()
    store.save(samples.plain(1))
    path.rename(path.with_name("old.sqlite3"))
    other.save(samples.plain(2))
    store.save(samples.plain(3))
    assert [entry.id for entry in other.list()] == ["00000003", "00000002"]


def test_two_that_find_the_same_damage_set_it_aside_once(open_store: OpenStore, path: Path) -> None:
    store, other = open_store(), open_store()
    store.save(samples.plain(1))
    with path.open("r+b") as file:
        file.write(b"\xff" * path.stat().st_size)
    store.save(samples.plain(2))
    other.save(samples.plain(3))
    assert len(set_aside(path)) == 1
    assert len(store.list()) == 2


def test_a_newer_schema_is_read_and_not_written(open_store: OpenStore, path: Path) -> None:
    filled(open_store(migrations=NEXT), 2)
    before = path.read_bytes()
    notices: list[str] = []
    store = open_store(notice=notices.append)
    assert not store.writable
    assert len(store.list()) == 2
    assert store.get("last").id == "00000002"
    for change in (
        lambda: store.save(samples.plain(3)),
        lambda: store.delete("last"),
        lambda: store.prune(keep=0),
    ):
        with pytest.raises(ReadOnlyHistoryError):
            change()
    assert path.read_bytes() == before
    (notice,) = notices
    assert "Update pinned-tui" in notice


def test_an_old_schema_is_brought_up_to_date_after_a_backup(
    open_store: OpenStore, path: Path
) -> None:
    saved = filled(open_store(), 3)
    before = path.read_bytes()
    store = open_store(migrations=NEXT)
    assert {entry.id for entry in store.list()} == set(saved)
    (backup,) = path.parent.glob("*before-update-*")
    with behind_its_back(path) as new, behind_its_back(backup) as old:
        assert new.execute("PRAGMA user_version").fetchone() == (3,)
        assert old.execute("PRAGMA user_version").fetchone() == (2,)
        assert old.execute("SELECT count(*) FROM session").fetchone() == (3,)
        assert len(new.execute("SELECT more FROM session").fetchall()) == 3
    assert len(backup.read_bytes()) == len(before)
    if sys.platform != "win32":
        assert backup.stat().st_mode & 0o077 == 0
    open_store(migrations=NEXT)
    assert len(list(path.parent.glob("*before-update-*"))) == 1


def test_a_migration_that_fails_changes_nothing(open_store: OpenStore, path: Path) -> None:
    filled(open_store(), 3)
    broken = (*NEXT, statements("CREATE TABLE extra (a)", "DROP TABLE nowhere"))
    with pytest.raises(HistoryError, match="no such table: nowhere"):
        open_store(migrations=broken)
    with behind_its_back(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        assert {name for (name,) in tables} == {"session", "document", "term", "about"}
    assert len(open_store().list()) == 3


def test_only_one_of_many_migrates(open_store: OpenStore, path: Path) -> None:
    filled(open_store(), 3)
    stores: list[HistoryStore] = []
    threads = [
        threading.Thread(target=lambda: stores.append(open_store(migrations=NEXT)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(store.list()) for store in stores] == [3] * 6
    assert len(list(path.parent.glob("*before-update-*"))) == 1


def test_a_file_that_stays_locked_is_said_to_be_in_use(open_store: OpenStore, path: Path) -> None:
    store = open_store(patience_s=0.01)
    with behind_its_back(path) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(HistoryError, match="Another program is using it"):
            store.save(samples.plain())
        with pytest.raises(HistoryError, match="Another program is using it"):
            open_store(patience_s=0.01)
    store.save(samples.plain())
    assert len(store.list()) == 1


def test_a_file_that_is_busy_for_a_moment_is_opened_after_all(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite says busy at once, timeout or not, where waiting could mean waiting for oneself."""
    filled(open_store(), 1)
    refusals = [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY]

    def connect(path: Path, *, writable: bool, patience_s: float) -> sqlite3.Connection:
        if refusals:
            fault = sqlite3.OperationalError("database is locked")
            fault.sqlite_errorcode = refusals.pop()
            raise fault
        return sqlite_module.connect(path, writable=writable, patience_s=patience_s)

    monkeypatch.setattr(database_module, "connect", connect)
    assert len(open_store().list()) == 1
    assert refusals == []


def leave_half_done(path: Path) -> None:
    """Leave the file and its journal as a computer does that stops in the middle of a change."""
    before = path.read_bytes()
    with behind_its_back(path) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("PRAGMA cache_spill = 1")
        connection.execute("BEGIN IMMEDIATE")
        for number in range(300):
            connection.execute("UPDATE document SET body = zeroblob(?)", (20_000 + number,))
        half_done = path.read_bytes()
        journal = path.with_name(f"{path.name}-journal").read_bytes()
    assert half_done != before
    path.write_bytes(half_done)
    path.with_name(f"{path.name}-journal").write_bytes(journal)


@pytest.fixture
def whole_file_checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the checks of whole files found, each as it was made."""
    found: list[str] = []

    def require_sound(connection: sqlite3.Connection) -> None:
        try:
            sqlite_module.require_sound(connection)
        except sqlite3.Error as error:
            found.append(str(error))
            raise
        found.append("sound")

    monkeypatch.setattr(database_module, "require_sound", require_sound)
    return found


def test_the_whole_file_is_not_checked_after_an_orderly_end(
    open_store: OpenStore, path: Path, whole_file_checks: list[str]
) -> None:
    filled(open_store(), 3)
    open_store().save(samples.plain(4))
    with behind_its_back(path) as connection:  # at work this moment
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM document")
        assert len(open_store(clock=SystemClock()).list()) == 4
    leave_half_done(path)  # this moment, by a process that was killed
    assert len(open_store(clock=SystemClock()).list()) == 4
    assert whole_file_checks == []


def test_a_file_that_is_not_sound_after_an_unclean_end_is_set_aside(
    open_store: OpenStore, path: Path, whole_file_checks: list[str]
) -> None:
    saved = filled(open_store(), 30)
    leave_half_done(path)
    journal = path.with_name(f"{path.name}-journal").read_bytes()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("SELECT * FROM about").fetchall()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        root = "SELECT rootpage FROM sqlite_schema WHERE name = 'term_by_value'"
        (page,) = connection.execute(root).fetchone()
    octets = bytearray(path.read_bytes())  # rolled back by now; a page of it never arrived
    octets[(page - 1) * size : page * size] = bytes(size)
    path.write_bytes(octets)
    path.with_name(f"{path.name}-journal").write_bytes(bytes(len(journal)))
    store = open_store()
    assert {entry.id: store.get(entry.id) for entry in store.list()} == saved
    assert len(set_aside(path)) == 2  # with its journal
    assert len(whole_file_checks) == 1


def test_a_change_that_another_left_half_done_is_undone(
    open_store: OpenStore, path: Path, whole_file_checks: list[str]
) -> None:
    """A hot journal, as a crash leaves it, rolls back when the file is opened."""
    saved = filled(open_store(), 3)
    leave_half_done(path)
    store = open_store()
    assert whole_file_checks == ["sound"]
    assert {entry.id: store.get(entry.id) for entry in store.list()} == saved
    assert set_aside(path) == []


@posix_only
def test_a_read_only_folder_is_read_and_said_to_be(unprivileged_path: Path) -> None:
    path, notices = unprivileged_path, list[str]()
    store = HistoryStore.open(path, clock=samples.TurnedClock())
    store.save(samples.plain(1))
    store.close()
    path.parent.chmod(0o500)
    store = HistoryStore.open(path, clock=samples.TurnedClock(), notice=notices.append)
    assert not store.writable
    assert store.get("last") == samples.plain(1)
    with pytest.raises(ReadOnlyHistoryError):
        store.save(samples.plain(2))
    store.close()
    assert "is read-only" in notices[0]


@posix_only
def test_a_folder_that_allows_nothing_new_is_named(unprivileged_path: Path) -> None:
    unprivileged_path.parent.chmod(0o500)
    with pytest.raises(HistoryError, match="don't have permission"):
        HistoryStore.open(unprivileged_path, clock=samples.TurnedClock())


@posix_only
def test_a_file_that_can_not_be_read_is_named(unprivileged_path: Path) -> None:
    path = unprivileged_path
    HistoryStore.open(path, clock=samples.TurnedClock()).close()
    path.chmod(0o000)
    with pytest.raises(HistoryError, match="can't be opened"):
        HistoryStore.open(path, clock=samples.TurnedClock())
