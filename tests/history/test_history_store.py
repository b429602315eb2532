"""The history on a real SQLite file: what is saved is there, found, listed and deleted."""

import contextlib
import json
import os
import re
import sqlite3
import stat
import sys
import threading
import zlib
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinned_tui.history import store as store_module
from pinned_tui.history.entries import (
    HistoryError,
    HistoryPage,
    NoSuchSessionError,
    RecordRefusedError,
    SessionDeletedError,
    SeveralSessionsError,
)
from pinned_tui.history.leak_guard import leak_guard
from pinned_tui.history.location import data_folder, default_path
from pinned_tui.history.store import HistoryStore
from pinned_tui.redaction.sanitize import clean_json, clean_line
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Outcome, Session, encode, replace
from tests import samples
from tests.history.conftest import OpenStore
from tests.strategies import sessions

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="modes are a POSIX matter")

CLOCK = samples.TurnedClock()


def test_what_was_saved_is_there_after_opening_again(open_store: OpenStore) -> None:
    store = open_store()
    store.save(samples.told())
    store.close()
    assert open_store().get(samples.told().id) == samples.told()


def test_a_later_state_takes_the_place_of_an_earlier_one(store: HistoryStore) -> None:
    store.save(samples.failing())
    store.save(samples.told())
    (entry,) = store.list()
    assert entry.outcome is Outcome.HEALTHY
    assert store.get(entry.id) == samples.told()


@given(session=sessions())
@settings(suppress_health_check=list(HealthCheck))
def test_any_session_survives(session: Session, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("any") / "history.sqlite3"
    store = HistoryStore.open(path, clock=CLOCK)
    store.save(session)
    (entry,) = store.list()
    assert not entry.damaged
    assert (entry.started_at, entry.outcome) == (session.started_at, session.outcome)
    assert store.get("last") == store.get(entry.id) == as_shown(session)
    assert store.page(limit=1) == HistoryPage(entries=(entry,), total=1)
    store.save(session)
    assert store.delete(entry.id) == entry.id
    assert store.list() == ()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for table in ("session", "document", "term"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    store.close()


def as_shown(session: Session) -> Session:
    """What comes out of the history: the same with its texts safe to display."""
    document = clean_json(json.loads(encode(session)))
    return replace(msgspec.convert(document, Session), id=clean_line(session.id, 200))


def test_an_entry_tells_what_a_list_needs(store: HistoryStore) -> None:
    store.save(samples.failing())
    (entry,) = store.list()
    assert entry.cause == "scope-missing"
    assert entry.title == "The key lacks the scope events:read"
    assert entry.target == "pinned.events · channel 42"
    assert (entry.started_at, entry.finished_at) == (
        samples.failing().started_at,
        samples.failing().finished_at,
    )


def test_the_newest_comes_first_whatever_the_order_of_saving(store: HistoryStore) -> None:
    for number in (2, 5, 1, 4, 3):
        store.save(samples.plain(number))
    newest = [f"{number:08x}" for number in (5, 4, 3, 2, 1)]
    assert [entry.id for entry in store.list()] == newest
    assert [entry.id for entry in store.list(limit=2)] == newest[:2]
    assert list(store.index()) == newest
    assert store.get("last").id == newest[0]


def test_of_two_that_began_together_the_one_saved_later_is_last(store: HistoryStore) -> None:
    for number in (2, 1):
        store.save(samples.plain(number, started_at=samples.plain().started_at))
    assert store.get("last").id == "00000001"


def test_a_filter_looks_at_id_target_title_cause_and_outcome(store: HistoryStore) -> None:
    store.save(samples.plain(2))
    store.save(replace(samples.failing(), id="f00"))
    for text in ("F00", "SCOPE-miss", "lacks the scope", "problem"):
        assert [entry.id for entry in store.list(text=text)] == ["f00"], text
    assert len(store.list(text="pinned.events")) == 2
    assert store.list(text="nowhere") == ()
    assert [entry.id for entry in store.list(outcome=Outcome.HEALTHY)] == ["00000002"]
    assert store.list(text="f00", outcome=Outcome.HEALTHY) == ()


def test_a_filter_knows_more_letters_than_ascii(store: HistoryStore) -> None:
    verdict = samples.SCOPE_MISSING
    fields = {name: getattr(verdict, name) for name in verdict.__struct_fields__}
    titled = type(verdict)(**{**fields, "title": "Müßige Straße"})
    store.save(samples.plain(verdicts=(titled,)))
    assert len(store.list(text="MÜSSIGE STRASSE")) == 1


def test_the_beginning_of_an_id_is_enough_where_it_is_the_only_one(store: HistoryStore) -> None:
    for name in ("abc1", "abd2", "abd"):
        store.save(samples.plain(id=name))
    assert store.get("abc").id == "abc1"
    assert store.get("abd").id == "abd"
    with pytest.raises(SeveralSessionsError, match=r"“ab”.*abd"):
        store.get("ab")


@pytest.mark.parametrize("reference", ["zzz", "", "'; DROP TABLE session; --", "%", "\x00"])
def test_an_id_that_is_not_there_is_said_so(store: HistoryStore, reference: str) -> None:
    store.save(samples.plain())
    with pytest.raises(NoSuchSessionError):
        store.get(reference)
    with pytest.raises(NoSuchSessionError):
        store.delete(reference)
    assert len(store.list()) == 1


def test_an_empty_history_says_so(store: HistoryStore) -> None:
    assert store.list() == ()
    with pytest.raises(NoSuchSessionError, match="empty"):
        store.get("last")


def test_deleting_takes_one_and_leaves_no_trace_of_it(store: HistoryStore, path: Path) -> None:
    store.save(samples.plain(1, section="a-trace-to-look-for"))
    store.save(samples.plain(2))
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (body,) = connection.execute("SELECT body FROM document WHERE session = 1").fetchone()
    assert b"a-trace-to-look-for" in zlib.decompress(body)
    assert b"a-trace-to-look-for" in path.read_bytes()  # in the heading
    assert body in path.read_bytes()
    assert store.delete("00000001") == "00000001"
    assert [entry.id for entry in store.list()] == ["00000002"]
    assert b"a-trace-to-look-for" not in path.read_bytes()
    assert body[:20] not in path.read_bytes()


def test_pruning_by_number_keeps_the_newest(store: HistoryStore) -> None:
    for number in range(1, 6):
        store.save(samples.plain(number))
    assert store.prune(keep=2) == 3
    assert [entry.id for entry in store.list()] == ["00000005", "00000004"]
    assert store.prune(keep=0) == 2


def test_pruning_by_age_keeps_the_younger(open_store: OpenStore) -> None:
    clock = samples.TurnedClock()
    store = open_store(clock=clock)
    for number in (0, 60, 120):
        store.save(samples.plain(number))
    clock.turn(timedelta(hours=24))
    assert store.prune(older_than=timedelta(hours=23, minutes=30)) == 1
    assert store.prune(older_than=timedelta.max) == 0
    assert store.prune() == 0
    assert store.prune(older_than=timedelta(0)) == 2


def test_a_guard_that_refuses_leaves_what_was_there(open_store: OpenStore, path: Path) -> None:
    secret = Secret("pe_live_Zt7Qw9LmX2vRb4Ks8HdN3cYf6GjP1aEu", source="prompt")
    secrets: list[Secret] = []
    store = open_store(guard=leak_guard(lambda: secrets))
    store.save(samples.plain())
    secrets.append(secret)
    with pytest.raises(RecordRefusedError) as refused:
        store.save(samples.plain(step=f"typed {secret.reveal()}"))
    assert secret.reveal() not in str(refused.value)
    assert store.get("last") == samples.plain()
    assert secret.reveal().encode() not in path.read_bytes()


@posix_only
def test_a_file_that_others_could_read_is_closed_and_its_folder_left_alone(
    open_store: OpenStore, path: Path
) -> None:
    path.parent.mkdir()
    path.touch()
    path.parent.chmod(0o755)
    path.chmod(0o644)
    open_store().save(samples.plain())
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o755
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@posix_only
def test_the_journal_is_as_private_as_the_file(store: HistoryStore, path: Path) -> None:
    store.save(samples.plain())
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("DELETE FROM session")
    journal = path.with_name(f"{path.name}-journal")
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    other.close()
    assert len(store.list()) == 1


@pytest.mark.parametrize("umask", [0o000, 0o077])
@posix_only
def test_a_loose_umask_opens_nothing(open_store: OpenStore, path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        open_store().save(samples.plain())
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@posix_only
def test_symbolic_links_are_not_followed(open_store: OpenStore, tmp_path: Path, path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "kept").symlink_to(elsewhere)
    with pytest.raises(HistoryError, match="is a link"):
        open_store()
    assert list(elsewhere.iterdir()) == []
    (tmp_path / "kept").unlink()
    path.parent.mkdir(mode=0o700)
    path.symlink_to(elsewhere / "theirs.sqlite3")
    with pytest.raises(HistoryError, match="is a link"):
        open_store()
    assert list(elsewhere.iterdir()) == []


def test_a_folder_in_the_place_of_the_file_is_named(open_store: OpenStore, path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    path.mkdir()
    with pytest.raises(HistoryError, match="is a folder"):
        open_store()


def test_threads_take_turns(store: HistoryStore) -> None:
    failures: list[HistoryError] = []

    def work(thread: int) -> None:
        try:
            for number in range(20):
                store.save(samples.plain(100 * thread + number))
                store.list(limit=3)
        except HistoryError as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(store.list()) == 80


def test_a_closed_store_opens_again_when_it_is_used(store: HistoryStore) -> None:
    store.save(samples.plain(1))
    store.close()
    store.close()
    store.save(samples.plain(2))
    assert len(store.list()) == 2


@given(st.lists(st.integers(1, 9), max_size=12), st.integers(0, 9))
def test_pruning_leaves_the_newest_of_any_series(numbers: list[int], keep: int) -> None:
    store = HistoryStore.in_memory(clock=CLOCK)
    for number in numbers:
        store.save(samples.plain(number))
    there = sorted(set(numbers), reverse=True)
    assert store.prune(keep=keep) == max(0, len(there) - keep)
    assert [entry.id for entry in store.list()] == [f"{number:08x}" for number in there[:keep]]
    store.close()


def test_where_it_is_kept_is_the_systems_place_or_the_one_named(tmp_path: Path) -> None:
    assert default_path({"PINNED_TUI_DATA_DIR": str(tmp_path)}) == tmp_path / "history.sqlite3"
    usual = default_path({"PINNED_TUI_DATA_DIR": "  "})
    assert usual == default_path({})
    assert "pinned-tui" in str(usual)
    assert data_folder({"PINNED_TUI_DATA_DIR": "~/there"}) == Path.home() / "there"
    assert data_folder({"PINNED_TUI_DATA_DIR": "here"}).is_absolute()


def test_a_session_never_takes_the_place_of_another_with_its_id(store: HistoryStore) -> None:
    first, second = samples.plain(1), samples.plain(2, id="00000001")
    assert store.save(first) == first
    kept = store.save(second)
    assert kept.id != first.id
    assert kept == replace(second, id=kept.id)
    assert re.fullmatch(r"20261123-[2-9a-z]{8}", kept.id)
    assert store.save(second) == kept  # known by its own id and its start
    assert store.save(replace(second, outcome=None)).id == kept.id
    assert store.get("00000001") == first
    assert store.get(kept.id).outcome is None
    assert store.count() == 2


def test_an_imported_session_never_takes_the_place_of_ones_own(store: HistoryStore) -> None:
    store.save(samples.plain(1))
    theirs = store.save(samples.plain(1, outcome=None), origin="imported")
    assert theirs.id != "00000001"
    assert store.save(samples.plain(1, outcome=None), origin="imported") == theirs
    assert store.get("00000001") == samples.plain(1)


def test_a_draw_that_is_taken_is_drawn_again(
    store: HistoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(("00000001", "00000002", "free"))
    monkeypatch.setattr(store_module, "new_id", lambda _: next(drawn))
    for number in (1, 2):
        store.save(samples.plain(number))
    assert store.save(samples.plain(3, id="00000001")).id == "free"


def test_a_deleted_session_is_not_brought_back_by_its_next_step(open_store: OpenStore) -> None:
    store, other = open_store(), open_store()
    store.save(samples.plain(1, outcome=None))
    other.delete("last")
    with pytest.raises(SessionDeletedError, match="00000001 was deleted"):
        store.save(samples.plain(1))
    assert store.list() == ()
    store.save(samples.plain(2))
    assert store.prune(keep=0) == 1
    with pytest.raises(SessionDeletedError):
        store.save(samples.plain(2))


def test_a_session_in_a_file_that_was_begun_anew_is_kept_again(
    open_store: OpenStore, path: Path
) -> None:
    store = open_store()
    store.save(samples.plain(1))
    store.close()
    path.unlink()
    store.save(samples.plain(1))
    assert store.get("last") == samples.plain(1)


def test_a_note_and_a_ticket_outlast_the_next_step(store: HistoryStore, path: Path) -> None:
    store.save(samples.plain(1, outcome=None))
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE session SET note = 'call back', ticket = 'ABC-123'")
    store.save(samples.plain(1))
    for text in ("CALL BACK", "abc-123"):
        assert [entry.damaged for entry in store.list(text=text)] == [False]


@pytest.mark.parametrize("text", ["req_7", "REQ_", "jazz &", "JAZZ", "events:read", "scope-m"])
def test_a_filter_finds_what_tickets_quote(store: HistoryStore, text: str) -> None:
    store.save(replace(samples.failing(), id="f00"))
    store.save(samples.plain(2))
    assert [entry.id for entry in store.list(text=text)] == ["f00"]
    assert store.count(text=text) == 1


def test_pages_are_parts_of_the_list(store: HistoryStore) -> None:
    for number in range(25):
        store.save(samples.plain(number, outcome=Outcome.PROBLEM if number % 2 else None))
    whole = store.list()
    for text, outcome in ((None, None), ("pinned", None), ("0", None), (None, Outcome.PROBLEM)):
        wanted = store.list(text=text, outcome=outcome)
        for offset in (0, 7, 24, 30):
            page = store.page(text=text, outcome=outcome, offset=offset, limit=10)
            assert page == HistoryPage(entries=wanted[offset : offset + 10], total=len(wanted))
    assert store.count() == len(whole) == 25


@pytest.mark.parametrize("reference", ["\udcff", "last\udcff"])
def test_what_no_file_can_hold_is_found_nowhere(store: HistoryStore, reference: str) -> None:
    store.save(samples.plain())
    assert store.list(text=reference) == ()
    with pytest.raises(NoSuchSessionError):
        store.get(reference)


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.booleans()), max_size=25),
)
def test_no_series_of_saves_and_deletions_loses_or_brings_back(
    steps: list[tuple[int, int, bool]],
) -> None:
    """Against a model: sessions by id and start; five of them share two ids."""
    store = HistoryStore.in_memory(clock=CLOCK)
    there: dict[int, tuple[str, int]] = {}
    gone: set[int] = set()
    for number, state, deleting in steps:
        if deleting and number in there:
            store.delete(there.pop(number)[0])
            gone.add(number)
        elif not deleting:
            session = samples.plain(number, id=f"id-{number % 2}", requests_sent=state)
            if number in gone:
                with pytest.raises(SessionDeletedError):
                    store.save(session)
                continue
            kept = store.save(session)
            assert there.setdefault(number, (kept.id, 0))[0] == kept.id
            there[number] = (kept.id, state)
        held = {name: store.get(name).requests_sent for name, _ in there.values()}
        assert held == dict(there.values())
        assert {entry.id for entry in store.list()} == set(held)
    store.close()
