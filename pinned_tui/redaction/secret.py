"""The API key as a value that can't be shown by accident, and what a user typed, quoted safely.

An error message names the input it is about. A key that was typed or pasted there by mistake would
be repeated with it: on the screen, in the log of a build, in a shared window. The forms of keys are
not documented, so what is looked for here is chance: letters and digits in no order of words.
"""

import re
import unicodedata
from typing import NoReturn

from pinned_tui.session import KeyFacts

_KEY_SIGNS = "_-.~+/="
"""Signs that keys are commonly written with (RFC 6750, section 2.1: ``b64token``)."""


class Secret:
    """A secret value; :meth:`reveal` is the one way to it.

    It never shows itself: not in ``repr``, ``str``, ``format`` or a traceback with locals, and it
    can be neither pickled nor serialised. It is immutable, so a copy is the object itself. Two
    secrets are compared in constant time, and can't be hashed: a hash would tell equal ones apart.
    """

    __slots__ = ("_name", "_source", "_value")

    _value: str
    _source: str
    _name: str

    def __init__(self, value: str, *, source: str, name: str = "key-1") -> None:
        """Take ``value`` as it is, blanks and all: what is wrong with it is worth telling.

        Args:
            value: The secret itself.
            source: Where it came from in a word, for example ``environment``.
            name: What stands in for it where it was taken out, in brackets.
        """
        object.__setattr__(self, "_value", value)
        object.__setattr__(self, "_source", source)
        object.__setattr__(self, "_name", name)

    def reveal(self) -> str:
        """Return the secret itself, to be sent or compared and nothing else."""
        return self._value

    @property
    def source(self) -> str:
        """Where it came from."""
        return self._source

    @property
    def name(self) -> str:
        """Its name, for example ``key-1``."""
        return self._name

    @property
    def token(self) -> str:
        """What stands in for it where it was taken out, for example ``[key-1]``."""
        return f"[{self._name}]"

    def facts(self) -> KeyFacts:
        """Return what may be told of it: its length and its classes of characters."""
        return KeyFacts(source=self._source, length=len(self._value), shape=shape(self._value))

    def __repr__(self) -> str:
        return f"Secret({self._name})"

    def __str__(self) -> str:
        return repr(self)

    def __format__(self, format_spec: str) -> str:
        return format(repr(self), format_spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        import hmac  # costs start-up

        return hmac.compare_digest(_octets(self._value), _octets(other._value))

    __hash__ = None  # type: ignore[assignment]

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a Secret can't be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a Secret can't be changed")

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: object) -> "Secret":
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Secret can't be pickled")

    def __getstate__(self) -> NoReturn:
        raise TypeError("a Secret can't be pickled")


def shape(text: str) -> str:
    """Name the classes of characters in ``text``, for example ``letters, digits and _``.

    Only signs that keys are usually written with are named one by one; the others are counted
    as a class, so that nothing of an unusual value can be put together from it.
    """
    classes = {_character_class(character) for character in text}
    named = [name for name in _CLASS_ORDER if name in classes]
    if not named:
        return "nothing"
    if len(named) == 1:
        return named[0]
    return f"{', '.join(named[:-1])} and {named[-1]}"


_CLASS_ORDER: tuple[str, ...] = (
    "letters",
    "digits",
    *_KEY_SIGNS,
    "other signs",
    "spaces",
    "line breaks",
    "letters beyond ASCII",
    "signs beyond ASCII",
    "control characters",
    "invisible characters",
)


def _character_class(character: str) -> str:
    if character.isascii():
        return _ascii_class(character)
    category = unicodedata.category(character)
    if category in {"Zl", "Zp"} or character == "\x85":
        return "line breaks"
    if category == "Zs":
        return "spaces"
    if category == "Cc":
        return "control characters"
    if category.startswith("C"):
        return "invisible characters"
    return "letters beyond ASCII" if category.startswith("L") else "signs beyond ASCII"


def _ascii_class(character: str) -> str:
    if character.isalpha():
        return "letters"
    if character.isdigit():
        return "digits"
    if character in _KEY_SIGNS:
        return character
    if character in " \t":
        return "spaces"
    if character in "\r\n":
        return "line breaks"
    return "other signs" if character.isprintable() else "control characters"


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


NOT_REPEATED = "a text that may be a key (not repeated here)"
"""Stands where a text would have been quoted."""

_PIECE = re.compile(r"[A-Za-z0-9_~+=\s-]+")
"""Paths, addresses and sentences are read piece by piece; the signs of keys hold one together."""

_MOMENT = re.compile(r"(?<!\w)\d{8}T\d{4,9}Z?(?!\w)")
_PREFIXED = re.compile(r"(?:pe|pk|rk|sk|gh[opsu])[_-](?=\S{12})", re.IGNORECASE)


def quoted(text: str, limit: int = 60) -> str:
    """Return ``text`` in quotation marks, cleaned and cut, or words in place of what may be a key.

    Args:
        text: What a user typed.
        limit: The most characters to repeat.
    """
    from pinned_tui.redaction.sanitize import clean_line  # costs start-up

    return NOT_REPEATED if may_be_key(text) else f"“{clean_line(text, limit)}”"


def may_be_key(text: str) -> bool:
    """Return whether a part of ``text`` may be a key; names, paths, addresses and codes are none.

    IDs of pure chance, such as UUIDs, can't be told from keys and count as such. So that nothing
    hides in between, invisible characters are passed over.
    """
    from pinned_tui.redaction.sanitize import is_clean  # costs start-up

    visible = _MOMENT.sub("", "".join(sign for sign in text if sign.isspace() or is_clean(sign)))
    return any(_may_be_key(piece[0].strip()) for piece in _PIECE.finditer(visible))


def _may_be_key(piece: str) -> bool:
    from pinned_tui.redaction.secret_strength import is_placeholder, is_random  # costs start-up

    if is_placeholder(piece):
        return False
    return is_random(piece) or _PREFIXED.match(piece) is not None
