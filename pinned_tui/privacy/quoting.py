"""Repeats what a person typed, unless it may be a key that got into the wrong place.

An error message names the input it is about. A key that was typed or pasted there by mistake would
be repeated with it: on the screen, in the log of a build, in a shared window. The forms of keys are
not documented, so what is looked for here is chance: letters and digits in no order of words.
"""

import re

from pinned_tui.privacy.clean import clean_line, is_clean
from pinned_tui.privacy.worth import is_placeholder, weigh

NOT_REPEATED = "a text that may be a key (not repeated here)"
"""Stands where a text would have been quoted."""

_ENOUGH = 8
"""Letters and digits in no order from which on a piece of text may be a key."""

_LONGEST_WORD = 19
"""Letters; longer runs of them in one case are taken for no word."""

_LONGEST_NUMBER = 15
"""Digits; dates, times and IDs have up to 14."""

_PIECE = re.compile(r"[A-Za-z0-9_~+=\s-]+")
"""Paths, addresses and sentences are read piece by piece; the signs of keys hold one together."""

_MOMENT = re.compile(r"(?<!\w)\d{8}T\d{4,9}Z?(?!\w)")
_PREFIXED = re.compile(r"(?:pe|pk|rk|sk|gh[opsu])[_-](?=\S{12})", re.IGNORECASE)
_TOGETHER = re.compile(r"[A-Za-z0-9]+")
_RUN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_NO_VOWELS = re.compile(r"[^aeiouy]{6}", re.IGNORECASE)


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
    return _PREFIXED.match(piece) is not None or _chance(piece) >= _ENOUGH


def _chance(piece: str) -> int:
    """Count the letters and digits of ``piece`` that belong to no word and no number."""
    telling = weigh(piece).telling
    return sum(
        _chance_together(together[0], telling[together.start() : together.end()])
        for together in _TOGETHER.finditer(piece)
    )


def _chance_together(text: str, telling: tuple[bool, ...]) -> int:
    """Count in ``text``, letters and digits without a sign between them."""
    runs = list(_RUN.finditer(text))
    if len(runs) == 1 and text.isdigit():
        return len(text) if len(text) > _LONGEST_NUMBER else 0
    odd = [
        run[0].isalpha() and any(telling[run.start() : run.end()]) and not _is_word(run, text)
        for run in runs
    ]
    padded = [False, *odd, False]
    return sum(
        len(run[0])
        for place, run in enumerate(runs)
        if odd[place] or (run[0].isdigit() and (padded[place] or padded[place + 2]))
    )


def _is_word(run: re.Match[str], text: str) -> bool:
    """Tell whether letters could be a word, or the part of a name such as ``startAt``."""
    word = run[0]
    if len(word) > _LONGEST_WORD or _NO_VOWELS.search(word):
        return False
    if word == text:
        return True
    beside = text[max(run.start() - 1, 0) : run.start()] + text[run.end() : run.end() + 1]
    return len(word) >= (4 if any(sign.isdigit() for sign in beside) else 3)
