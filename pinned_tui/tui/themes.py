"""The themes: one accent colour, dark and light, and the terminal's own colours."""

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="pinned-dark",
    primary="#4fb3a5",
    secondary="#3a7d8c",
    accent="#4fb3a5",
    warning="#e0af58",
    error="#e8727a",
    success="#7fc98a",
    foreground="#d9dee3",
    background="#14181c",
    surface="#1a1f25",
    panel="#232a31",
    dark=True,
    variables={"muted": "#8a96a1"},
)

LIGHT = Theme(
    name="pinned-light",
    primary="#0f766e",
    secondary="#2b6777",
    accent="#0f766e",
    warning="#9a6200",
    error="#b3261e",
    success="#1e7b34",
    foreground="#1f2429",
    background="#fbfaf7",
    surface="#f2f0ea",
    panel="#e7e4dc",
    dark=False,
    variables={"muted": "#5f6870"},
)

ORDER = ("pinned-dark", "pinned-light", "ansi-dark", "ansi-light")
"""The order in which *Theme* goes through them."""

BY_NAME = {
    "dark": "pinned-dark",
    "light": "pinned-light",
    "ansi": "ansi-dark",
    "ansi-light": "ansi-light",
}
"""What ``PINNED_TUI_THEME`` may say."""


def register() -> None:
    """Have Textual know our themes before the app is made.

    To begin with another theme and change it afterwards would have all styles worked out twice.
    """
    BUILTIN_THEMES.update({DARK.name: DARK, LIGHT.name: LIGHT})
