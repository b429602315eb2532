"""Repeats what a person typed, unless it may be a key that got into the wrong place.

An error message names the input it is about. A key that was typed or pasted there by mistake would
be repeated with it: on the screen, in the log of a build, in a shared window. The forms of keys are
not documented, so what is looked for here is chance: letters and digits in no order of words.
"""

import re

from pinned_tui.privacy.clean import clean_line, is_clean
from pinned_tui.privacy.worth import is_placeholder, is_random

NOT_REPEATED = "a text that may be a key (not repeated here)"
"""Stands where a text would have been quoted."""

_PIECE = re.compile(r"[A-Za-z0-9_~+=\s-]+")
"""Paths, addresses and sentences are read piece by piece; the signs of keys hold one together."""

_MOMENT = re.compile(r"(?<!\w)\d{8}T\d{4,9}Z?(?!\w)")
_PREFIXED = re.compile(r"(?:pe|pk|rk|sk|gh[opsu])[_-](?=\S{12})", re.IGNORECASE)


def quoted(text: str, limit: int = 60) -> str:
    """Return ``text`` in quotation marks, cleaned and cut, or words in place of what may be a key.

    Args:
        text: What a person typed.
        limit: The most characters to repeat.
    """
    return NOT_REPEATED if may_be_key(text) else f"“{clean_line(text, limit)}”"


def may_be_key(text: str) -> bool:
    """Tell whether a part of ``text`` may be a key; names, paths, addresses and codes are none.

    IDs of pure chance, such as UUIDs, can't be told from keys and count as such. So that nothing
    hides in between, invisible characters are passed over.
    """
    visible = _MOMENT.sub("", "".join(sign for sign in text if sign.isspace() or is_clean(sign)))
    return any(_may_be_key(piece[0].strip()) for piece in _PIECE.finditer(visible))


def _may_be_key(piece: str) -> bool:
    if is_placeholder(piece):
        return False
    return is_random(piece) or _PREFIXED.match(piece) is not None
