"""Every action of the TUI, once: it feeds the keys, the buttons, the key bar, the palette and help.

A screen carries out the action ``x`` in its method ``action_x`` and says in ``check_action`` when
it has nothing to do. Keys are plain ones: nothing here depends on keys that terminals and
multiplexers keep for themselves (Ctrl+B, Ctrl+S, Ctrl+Q, function keys, Alt).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from textual.binding import Binding, BindingType

EVERYWHERE = "*"
"""Stands for all pages in :attr:`Action.pages`."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a person can do.

    Attributes:
        id: Name of the method that does it, without ``action_``.
        keys: Textual's names of its keys; the first one is shown.
        label: What the button and the key bar say.
        description: What it does, one line, for the palette and help.
        pages: Names of the pages that offer it; :data:`EVERYWHERE` for all.
        shown: Whether the key bar shows it.
        button: Whether the page shows a button for it.
        primary: Whether that button is the page's main one.
        shown_key: How its key is written, where the names of :attr:`keys` are not readable.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    description: str
    pages: frozenset[str] = field(default=frozenset({EVERYWHERE}))
    shown: bool = True
    button: bool = False
    primary: bool = False
    shown_key: str | None = None

    def on(self, page: str) -> bool:
        """Tell whether the page named ``page`` offers this."""
        return EVERYWHERE in self.pages or page in self.pages

    def free_key(self, taken: Callable[[str, str | None], bool]) -> str:
        """Return the first key that is not taken, as people read it, or an empty text.

        Args:
            taken: Tells of a key and its character whether something else takes it.
        """
        for key in self.keys:
            if not taken(key, key if len(key) == 1 else _CHARACTERS.get(key)):
                return self.key_name if key == self.keys[0] else readable_key(key)
        return ""

    @property
    def key_name(self) -> str:
        """The key as people read it, for example ``Esc`` or ``?``."""
        if self.shown_key is not None:
            return self.shown_key
        return readable_key(self.keys[0])


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
    """Write Textual's name of a key as people read it, for example ``Ctrl+C``."""
    held, plus, letter = key.rpartition("+")
    if plus:
        return f"{held.title()}+{letter.upper()}"
    return _READABLE.get(key, key)


def _pages(*names: str) -> frozenset[str]:
    return frozenset(names)


ACTIONS: tuple[Action, ...] = (
    # Home
    Action(
        "choose_symptom",
        ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0"),
        "Choose",
        "Choose what you are seeing by its number",
        _pages("home"),
        shown_key="1–9, 0",  # noqa: RUF001 - a range of keys
    ),
    Action(
        "go",
        ("enter",),
        "Go on",
        "Go on with what is marked",
        _pages("home"),
        button=True,
        primary=True,
    ),
    # Inspect
    Action(
        "use_inspection",
        ("u",),
        "Use in my session",
        "Enter the guide where this points, with the live checks to follow",
        _pages("inspect"),
        button=True,
        primary=True,
    ),
    Action(
        "copy_corrected",
        ("c",),
        "Copy corrected",
        "Copy the corrected version, with a placeholder for the key",
        _pages("inspect"),
        button=True,
    ),
    Action(
        "open_file",
        ("o", "ctrl+o"),
        "Open a file",
        "Inspect a file instead of pasting it",
        _pages("inspect"),
        button=True,
    ),
    Action(
        "try_example",
        ("a", "ctrl+t"),
        "Try an example",
        "Fill in something broken, to see what this page does",
        _pages("inspect"),
        button=True,
    ),
    Action(
        "to_findings",
        ("escape",),
        "To the findings",
        "Leave the field for the findings, where the plain keys work",
        _pages("inspect"),
    ),
    Action(
        "stop_looking",
        ("escape",),
        "Stop",
        "Stop looking at a large input",
        _pages("inspect"),
    ),
    Action(
        "edit_place",
        ("enter", "p"),
        "Edit there",
        "Go to the marked place in the field and edit it",
        _pages("inspect"),
    ),
    Action(
        "toggle_corrected",
        ("v",),
        "Corrected",
        "Show the corrected version and what it changes, or the findings again",
        _pages("inspect"),
    ),
    Action(
        "toggle_story",
        ("s",),
        "Timeline",
        "Show the requests of a log as a timeline, or the findings again",
        _pages("inspect"),
    ),
    Action(
        "write_corrected",
        ("w",),
        "Write to a file",
        "Write the corrected version to a file",
        _pages("inspect"),
    ),
    Action(
        "choose_kind",
        ("k",),
        "Kind",
        "Say what it is, where it was not recognised",
        _pages("inspect"),
    ),
    Action("clear_input", ("d",), "Clear", "Empty the field", _pages("inspect")),
    # Connect
    Action(
        "start",
        ("enter",),
        "Start the checks",
        "Send the requests listed on this page and begin",
        _pages("connect"),
        button=True,
        primary=True,
    ),
    Action(
        "change_situation",
        ("s",),
        "Other situation",
        "Put the local sandbox into another situation",
        _pages("connect"),
        button=True,
    ),
    # Step
    Action(
        "continue",
        ("enter",),
        "Continue",
        "Take the marked answer and go on",
        _pages("step"),
        button=True,
        primary=True,
    ),
    Action(
        "stop_checks",
        ("escape",),
        "Stop the checks",
        "Stop the running checks and keep what was learnt",
        _pages("step", "checking", "verdict"),
    ),
    Action(
        "carry_out",
        ("p",),
        "Carry it out",
        "Have this step carried out here: in the demo's portal, or live",
        _pages("step"),
        button=True,
    ),
    Action(
        "step_back",
        ("b", "left"),
        "Back",
        "Go one step back; your answers stay",
        _pages("step"),
        shown=False,
    ),
    Action(
        "jump_to_verdict",
        ("j",),
        "Verdict now",
        "Skip the remaining questions and see the verdict",
        _pages("step"),
        button=True,
    ),
    Action(
        "toggle_checks",
        ("c",),
        "Live checks",
        "Show or hide the live checks",
        _pages("step"),
    ),
    Action(
        "toggle_map",
        ("m",),
        "Map",
        "Show or hide where you are in the tree",
        _pages("step"),
    ),
    # Verdict
    Action(
        "verify",
        ("v",),
        "Verify the fix",
        "Run the same checks again and compare before and after",
        _pages("verdict"),
        button=True,
        primary=True,
    ),
    Action(
        "fix_demo",
        ("f",),
        "Fix it (demo)",
        "Let the local sandbox mend the situation, as its person would",
        _pages("verdict"),
        button=True,
    ),
    Action(
        "walk_on",
        ("g",),
        "Guide",
        "Walk through the questions of the guide",
        _pages("verdict"),
        button=True,
    ),
    # Export
    Action(
        "save_report",
        ("enter",),
        "Write the report",
        "Write the report to the file named above",
        _pages("export"),
        button=True,
        primary=True,
    ),
    # History
    Action(
        "open_session",
        ("enter",),
        "Open",
        "Open the marked session, read-only",
        _pages("history"),
        button=True,
        primary=True,
    ),
    Action("filter", ("slash",), "Filter", "Show only sessions with a word", _pages("history")),
    Action(
        "delete_session",
        ("d",),
        "Delete",
        "Delete the marked session from the history",
        _pages("history"),
        button=True,
    ),
    # Verdict and the session viewer
    Action(
        "export",
        ("e",),
        "Export",
        "Write a report that can be forwarded",
        _pages("verdict", "session", "inspect"),
        button=True,
    ),
    Action(
        "exchanges",
        ("x",),
        "Exchanges",
        "See every request that was sent and its answer",
        _pages("step", "verdict", "session"),
        button=True,
    ),
    Action(
        "why",
        ("w",),
        "Why",
        "See why it is this cause and not another, and what would tell",
        _pages("verdict", "session"),
        button=True,
    ),
    # Why
    Action(
        "tell_apart",
        ("enter",),
        "Run this check",
        "Run the marked check, or answer the marked question, and diagnose anew",
        _pages("why"),
        button=True,
        primary=True,
    ),
    # Everywhere
    Action(
        "new_check",
        ("n",),
        "New check",
        "Go Home and choose another symptom",
        _pages("verdict", "session", "history", "export"),
    ),
    Action(
        "inspect",
        ("i",),
        "Inspect",
        "Paste a request, answer, payload, key or log and see what is wrong with it",
        _pages("home", "step", "verdict"),
    ),
    Action("history", ("h",), "History", "Open past sessions", _pages("home", "verdict")),
    Action("back", ("escape",), "Back", "Go back to where you came from"),
    Action(
        "theme",
        ("t",),
        "Theme",
        "Change between dark, light and the terminal's own colours",
        shown=False,
    ),
    Action("palette", ("colon", "ctrl+p"), "Commands", "Find any action by its name", shown=False),
    Action("help", ("question_mark",), "Help", "What this screen is for, and its keys"),
    Action("leave", ("q", "ctrl+c", "ctrl+q"), "Quit", "Quit; the session is kept in the history"),
)
"""The registry, in the order in which keys are shown."""


def on_page(page: str) -> Iterator[Action]:
    """Go through the actions that the page named ``page`` offers."""
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


def find(action_id: str) -> Action:
    """Return the action with the id ``action_id``; KeyError if there is none."""
    for action in ACTIONS:
        if action.id == action_id:
            return action
    raise KeyError(action_id)
