"""Shows the build of a key without showing the key: how many of which class, and where."""

import unicodedata
from itertools import groupby

from pinned_tui.privacy.clean import CUT, is_clean, stand_in
from pinned_tui.privacy.secret import shape

_STRUCTURE = "\"'`=:"
"""Signs that are shown as they are: they tell how a value is put together, not what it is."""

_TIMES = "\N{MULTIPLICATION SIGN}"
_MOST_PARTS = 12
_MOST_NAMES = 3
_NAMES = {
    " ": ("a space", "spaces"),
    "\t": ("a tab", "tabs"),
    "\n": ("a line break", "line breaks"),
    "\r": ("a carriage return", "carriage returns"),
    "\u00a0": ("a no-break space", "no-break spaces"),
    "\u00ad": ("a soft hyphen", "soft hyphens"),
    "\u200b": ("a zero-width space", "zero-width spaces"),
    "\ufeff": ("a byte order mark", "byte order marks"),
    "\x00": ("a NUL character", "NUL characters"),
}
_CLASS_NAMES = {
    "Zs": ("an unusual space", "unusual spaces"),
    "Cc": ("a control character", "control characters"),
    "Pi": ("a typographic quotation mark", "typographic quotation marks"),
    "Pf": ("a typographic quotation mark", "typographic quotation marks"),
    "Pd": ("a typographic dash", "typographic dashes"),
}
_LETTERS = ("a letter beyond ASCII", "letters beyond ASCII")
_ODD_CHARACTERS = ("a sign beyond ASCII", "signs beyond ASCII")
_INVISIBLE = ("an invisible character", "invisible characters")


def is_invisible(character: str) -> bool:
    """Tell whether ``character`` shows nothing at all; white space is another matter."""
    return not is_clean(character) and not character.isspace()


def outline(value: str) -> str:
    """Return the build of ``value``: classes of characters with counts, and visible stand-ins.

    A key in a file with a line break at its end reads *letters and digits*, times 32, ``␊``. Of
    letters and digits only the class is told, so that nothing can be put together from it.
    """
    parts = [_part(label, "".join(run)) for label, run in groupby(value, key=_label)]
    if len(parts) > _MOST_PARTS:
        parts = [*parts[: _MOST_PARTS - 1], CUT]
    return " ".join(parts)


def named(characters: str) -> str:
    """Name ``characters`` in words and in their order: ``2 spaces and a line break``."""
    names: list[str] = []
    for (one, many), run in groupby(characters.replace("\r\n", "\n"), key=_names):
        count = len(list(run))
        names.append(one if count == 1 else f"{count} {many}")
    if len(names) > _MOST_NAMES:
        return f"{len(characters)} characters of several kinds"
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _label(character: str) -> str:
    """Return what stands for the character; empty for what is told by its class only."""
    if character in _STRUCTURE:
        return character
    if character == " ":
        return "␠"
    if character.isspace() or is_invisible(character):
        return stand_in(character)
    if character.isascii():
        return ""
    return _LETTERS[1] if character.isalnum() else stand_in(character)


def _part(label: str, run: str) -> str:
    if label and label != _LETTERS[1] and len(run) == 1:
        return label
    return f"{label or shape(run)}{_TIMES}{len(run)}"


def _names(character: str) -> tuple[str, str]:
    if character in _NAMES:
        return _NAMES[character]
    if is_invisible(character):
        return _INVISIBLE
    category = unicodedata.category(character)
    if category in _CLASS_NAMES:
        return _CLASS_NAMES[category]
    return _LETTERS if character.isalnum() else _ODD_CHARACTERS
