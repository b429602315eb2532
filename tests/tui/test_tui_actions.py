"""The registry of actions, and what is made of it."""

import inspect
import re
from collections import Counter

import pytest

from pinned_tui.tui.keymap import ACTIONS, action_words, bindings, on_page
from pinned_tui.tui.screens.checking import CheckingScreen
from pinned_tui.tui.screens.connect import ConnectScreen
from pinned_tui.tui.screens.exchanges import ExchangesScreen
from pinned_tui.tui.screens.export import ExportScreen
from pinned_tui.tui.screens.help import help_words
from pinned_tui.tui.screens.history import HistoryScreen
from pinned_tui.tui.screens.home import HomeScreen
from pinned_tui.tui.screens.inspect import InspectScreen
from pinned_tui.tui.screens.page import Page
from pinned_tui.tui.screens.session import SessionScreen
from pinned_tui.tui.screens.step import StepScreen
from pinned_tui.tui.screens.verdict import VerdictScreen
from pinned_tui.tui.screens.why import WhyScreen

PAGES: tuple[type[Page], ...] = (
    HomeScreen,
    ConnectScreen,
    CheckingScreen,
    StepScreen,
    VerdictScreen,
    ExportScreen,
    HistoryScreen,
    SessionScreen,
    ExchangesScreen,
    InspectScreen,
    WhyScreen,
)

TAKEN_BY_TERMINALS = re.compile(r"ctrl\+[abdsvwz\\]|alt\+.*|f\d+")


def test_ids_are_unique_and_words_are_there() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    assert action_words().keys() == {action.id for action in ACTIONS}
    for action in ACTIONS:
        assert action.label
        assert action.description
        assert not action.description.endswith(".")


def test_no_action_depends_on_a_key_that_terminals_take() -> None:
    for action in ACTIONS:
        assert not TAKEN_BY_TERMINALS.fullmatch(action.keys[0]), action


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.PAGE)
def test_a_page_carries_out_what_the_registry_gives_it(page: type[Page]) -> None:
    for action in on_page(page.PAGE):
        carries_out = getattr(page, f"action_{action.id}", None)
        assert inspect.isroutine(carries_out), action.id
        # A click in the bar of keys names the action alone.
        inspect.signature(carries_out).bind(page)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.PAGE)
def test_a_key_does_one_thing_on_a_page(page: type[Page]) -> None:
    keys = Counter(key for action in on_page(page.PAGE) for key in action.keys)
    # Escape stops the checks while they run, and goes back when they don't.
    assert [key for key, count in keys.items() if count > 1] in ([], ["escape"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.PAGE)
def test_a_page_binds_all_of_its_keys(page: type[Page]) -> None:
    bound = {binding.key for binding in bindings(page.PAGE)}  # type: ignore[union-attr]
    assert bound == {key for action in on_page(page.PAGE) for key in action.keys}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.PAGE)
def test_help_has_words_for_the_page(page: type[Page]) -> None:
    words = help_words()[page.PAGE]
    assert words["title"]
    assert all(words["text"])
