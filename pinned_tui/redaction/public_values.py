"""Tells what is no secret even if someone uses it as a key: what this program prints itself.

A key that is the address of the API, a media type, a time or a word of our own sentences would be
found in every report. Looking for it would hold back all of them and protect nothing, since
everybody knows it. So it is decided once, here, before anything is looked for.
"""

import re
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_MEDIA_TYPE = re.compile(
    r"(?:application|audio|font|image|message|multipart|text|video|\*)/[a-z*][a-z.+*-]{0,60}"
    r"(?:\s*;\s*[a-z]{1,12}=[a-z0-9-]{1,12})?",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\d\d:\d\d(?::\d\d)?"
)
_HOST = re.compile(
    r"(?:[a-z]{1,24}(?:-[a-z]{1,24}){0,3}\.){1,4}"
    r"(?:app|at|ch|cloud|co|com|de|dev|eu|events|example|fr|invalid|io|it|local|net|nl|org|test|uk)"
    r"|localhost|\d{1,3}(?:\.\d{1,3}){3}",
    re.IGNORECASE,
)
_PATH_PART = r"(?:[a-z._]{1,24}(?:-[a-z]{1,24}){0,4}|v?\d{1,8})"
_ADDRESS = re.compile(
    rf"https?://(?:{_HOST.pattern}|\[[0-9a-f:]{{2,39}}\])(?::\d{{1,5}})?(?:/{_PATH_PART}){{0,8}}/?",
    re.IGNORECASE,
)
_FILE = re.compile(rf"(?:~|\.{{1,2}}|[a-z]:)?(?:[/\\]{_PATH_PART}){{1,8}}[/\\]?", re.IGNORECASE)
_WORDY = re.compile(r"[A-Za-z]{2,19}(?:[ .:_/-][A-Za-z]{2,19}){0,3}")
_LETTERS = re.compile("[a-z]{2,19}")
_READ = (".toml", ".py")


def is_public(value: str) -> bool:
    """Return whether ``value`` is a text that is known to everybody and can't be a secret.

    That is an address, a host, a path of plain words, a media type, a date or time, and whatever
    is put together from words that this program itself is written in.
    """
    forms = (_MEDIA_TYPE, _MOMENT, _HOST, _ADDRESS, _FILE)
    if any(form.fullmatch(value) for form in forms):
        return True
    if not _WORDY.fullmatch(value):
        return False
    return all(word in _own_words() for word in _LETTERS.findall(value.lower()))


@lru_cache(maxsize=1)
def _own_words() -> frozenset[str]:
    """Return the words in the program's own files; read only for keys that are all letters."""
    words: set[str] = set()
    for text in _texts(files("pinned_tui")):
        words.update(_LETTERS.findall(text.lower()))
    return frozenset(words)


def _texts(folder: Traversable) -> list[str]:
    found: list[str] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _texts(entry)
        elif entry.name.endswith(_READ):
            found.append(entry.read_text(encoding="utf-8"))
    return found
