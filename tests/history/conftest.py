"""Histories on real files, closed when their test ends."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pinned_tui.history.store import HistoryStore
from tests import samples
from tests.accounts import unprivileged_folder

OpenStore = Callable[..., HistoryStore]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A place for a history; its folder is not there yet."""
    return tmp_path / "kept" / "history.sqlite3"


@pytest.fixture
def open_store(path: Path) -> Iterator[OpenStore]:
    """Opens the history at ``path``; each call is another store."""
    with contextlib.ExitStack() as stack:

        def open_one(**options: Any) -> HistoryStore:
            options.setdefault("clock", samples.TurnedClock())
            store = HistoryStore.open(path, **options)
            stack.callback(store.close)
            return store

        yield open_one


@pytest.fixture
def store(open_store: OpenStore) -> HistoryStore:
    """A history that is open."""
    return open_store()


@pytest.fixture
def unprivileged_path() -> Iterator[Path]:
    """A place for a history of an ordinary account, which the test then is."""
    with unprivileged_folder() as folder:
        folder.chmod(0o700)
        yield folder / "history.sqlite3"
