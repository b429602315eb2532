"""Every action of the TUI, once: it feeds the keys, the buttons, the key bar, the palette and help.

A screen carries out the action ``x`` in its method ``action_x`` and says in ``check_action`` when
it has nothing to do. Keys are plain ones: nothing here depends on keys that terminals and
multiplexers keep for themselves (Ctrl+B, Ctrl+S, Ctrl+Q, function keys, Alt). The words of the
actions are in ``words/actions.toml``.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Literal

from textual.binding import Binding, BindingType

Place = Literal["main", "button", "bar", "hidden"]
"""Where a page shows an action: as its main button, as a button, in the key bar, or nowhere."""

_EVERYWHERE = "*"

_ACTIONS: tuple[tuple[str, str, str, Place], ...] = (
    # id, keys (the first one is shown), pages, place
    ("choose_symptom", "1 2 3 4 5 6 7 8 9 0", "home", "bar"),
    ("go", "enter", "home", "main"),
    ("use_inspection", "u", "inspect", "main"),
    ("copy_corrected", "c", "inspect", "button"),
    ("open_file", "o ctrl+o", "inspect", "button"),
    ("try_example", "a ctrl+t", "inspect", "button"),
    ("to_findings", "escape", "inspect", "bar"),
    ("stop_looking", "escape", "inspect", "bar"),
    ("edit_place", "enter p", "inspect", "bar"),
    ("toggle_corrected", "v", "inspect", "bar"),
    ("toggle_story", "s", "inspect", "bar"),
    ("write_corrected", "w", "inspect", "bar"),
    ("choose_kind", "k", "inspect", "bar"),
    ("clear_input", "d", "inspect", "bar"),
    ("start", "enter", "connect", "main"),
    ("change_situation", "s", "connect", "button"),
    ("continue", "enter", "step", "main"),
    ("stop_checks", "escape", "step checking verdict", "bar"),
    ("carry_out", "p", "step", "button"),
    ("step_back", "b left", "step", "hidden"),
    ("jump_to_verdict", "j", "step", "button"),
    ("toggle_checks", "c", "step", "bar"),
    ("toggle_map", "m", "step", "bar"),
    ("verify", "v", "verdict", "main"),
    ("fix_demo", "f", "verdict", "button"),
    ("walk_on", "g", "verdict", "button"),
    ("save_report", "enter", "export", "main"),
    ("open_session", "enter", "history", "main"),
    ("filter", "slash", "history", "bar"),
    ("delete_session", "d", "history", "button"),
    ("export", "e", "verdict session inspect", "button"),
    ("exchanges", "x", "step verdict session", "button"),
    ("why", "w", "verdict session", "button"),
    ("tell_apart", "enter", "why", "main"),
    ("new_check", "n", "verdict session history export", "bar"),
    ("inspect", "i", "home step verdict", "bar"),
    ("history", "h", "home verdict", "bar"),
    ("back", "escape", _EVERYWHERE, "bar"),
    ("theme", "t", _EVERYWHERE, "hidden"),
    ("palette", "colon ctrl+p", _EVERYWHERE, "hidden"),
    ("help", "question_mark", _EVERYWHERE, "bar"),
    ("leave", "q ctrl+c ctrl+q", _EVERYWHERE, "bar"),
)

_READABLE = {
    "enter": "Enter",
    "escape": "Esc",
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
    "left": "←",
    "right": "→",
}

_CHARACTERS = {"question_mark": "?", "colon": ":", "slash": "/"}
"""What keys with a name of their own type."""


def readable_key(key: str) -> str:
    """Return Textual's name of a key as people write it, for example ``Ctrl+C``."""
    held, plus, letter = key.rpartition("+")
    if plus:
        return f"{held.title()}+{letter.upper()}"
    return _READABLE.get(key, key)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that the user can do.

    Attributes:
        id: Name of the method that does it, without ``action_``.
        keys: Textual's names of its keys; the first one is shown.
        pages: Names of the pages that offer it.
        place: Where the page shows it.
        label: What the button and the key bar say.
        description: What it does, one line, for the palette and help.
        shown_key: How its keys are written, where their names are not readable.
    """

    id: str
    keys: tuple[str, ...]
    pages: frozenset[str]
    place: Place
    label: str
    description: str
    shown_key: str | None = None

    @property
    def button(self) -> bool:
        """Whether the page shows a button for it."""
        return self.place in {"main", "button"}

    def on(self, page: str) -> bool:
        """Return whether the page named ``page`` offers this."""
        return _EVERYWHERE in self.pages or page in self.pages

    def free_key(self, taken: Callable[[str, str | None], bool]) -> str:
        """Return the first key that is not taken, as people write it, or an empty text.

        Args:
            taken: Returns for a key and its character whether something else takes it.
        """
        for key in self.keys:
            if not taken(key, key if len(key) == 1 else _CHARACTERS.get(key)):
                return self.key_name if key == self.keys[0] else readable_key(key)
        return ""

    @property
    def key_name(self) -> str:
        """The key as people write it, for example ``Esc`` or ``?``."""
        return self.shown_key or readable_key(self.keys[0])


def action_words() -> dict[str, list[str]]:
    """Read the words of all actions."""
    text = (resources.files("pinned_tui.tui") / "words" / "actions.toml").read_text("utf-8")
    return tomllib.loads(text)


_words = action_words()
ACTIONS: tuple[Action, ...] = tuple(
    Action(name, tuple(keys.split()), frozenset(pages.split()), place, *_words[name])
    for name, keys, pages, place in _ACTIONS
)
"""All actions, in the order in which keys are shown."""


def on_page(page: str) -> Iterator[Action]:
    """Yield the actions that the page named ``page`` offers."""
    return (action for action in ACTIONS if action.on(page))


def bindings(page: str) -> list[BindingType]:
    """Return the bindings of the page named ``page``."""
    return [
        Binding(
            key,
            f"{action.id}('{key}')" if action.id == "choose_symptom" else action.id,
            action.label,
            show=False,
            priority=key.startswith("ctrl+"),
        )
        for action in on_page(page)
        for key in action.keys
    ]


def digits() -> list[BindingType]:
    """Return the bindings of a page whose answers are numbered: its ``action_mark`` takes one."""
    return [Binding(str(n), f"mark('{n}')", show=False) for n in range(1, 10)]
