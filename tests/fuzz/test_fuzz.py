"""The search for inputs that break an inspection finds some when there are any."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.model import InputText, Inspection
from tests.corpus.judging import session_of
from tests.fuzz import target
from tests.fuzz.__main__ import Kept, again, main, mutated
from tests.fuzz.target import inspect

KEY = "pe_live_9fKq2LmX7vTz4RbW8cYd3HnS"
CURL = f"curl https://pinned.events/api/public/v1/channels -H 'Authorization: Bearer {KEY}'"


def _broken(monkeypatch: pytest.MonkeyPatch, how: Callable[[Inspection], Inspection]) -> None:
    def looked(pasted: InputText, *others: Any) -> Inspection:
        return how(look(pasted, *others))

    monkeypatch.setattr(target, "look", looked)


def _raise(_: Inspection) -> Inspection:
    raise KeyError("x")


def test_nothing_is_wrong_with_a_command() -> None:
    assert inspect(CURL.encode()) is None


def test_an_exception_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _broken(monkeypatch, _raise)
    kept = Kept(tmp_path)
    assert mutated(kept, count=3, seed=1, minutes=1) == 3
    assert [place.partition(" at ")[0] for place in kept.places] == ["KeyError"]
    (path,) = kept.places.values()
    assert again([str(path)]) == 1


def test_healthy_over_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    _broken(monkeypatch, lambda it: replace(it, faults=(), judged=0))
    monkeypatch.setattr(target, "session_of", lambda p, it: session_of(p, replace(it, judged=1)))
    found = inspect(CURL.encode())
    assert found is not None
    assert found.place == "empty curl"


def test_a_key_that_comes_out_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(target, "_secrets", lambda: ("wiener-strasse-17b",))
    found = inspect(f"{CURL[:-30]}x' -H 'X-Note: wiener-strasse-17b'".encode())  # no secret
    assert found is not None
    assert found.place == "leak in curl: session"


def test_what_takes_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(target, "SECONDS_PER_MB", 0.0)
    found = inspect(CURL.encode())
    assert found is not None
    assert found.place == "slow as curl"


def test_files_that_came_to_harm_break_nothing(tmp_path: Path) -> None:
    assert main(["mutated", "--count", "20", "--folder", str(tmp_path)]) == 0
    assert list(tmp_path.iterdir()) == []
