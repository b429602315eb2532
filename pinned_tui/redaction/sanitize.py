"""Makes foreign text safe to display, where it enters.

A terminal obeys control characters: an answer of a server can write to the clipboard, rename the
window or hide lines. Invisible characters and those that turn the direction of writing make a text
read as something it is not. Here each of them becomes a visible stand-in, so nothing is lost from
view: the ASCII controls their pictures (``␛``), the others their number (``⟨U+202E⟩``).

What counts as unsafe: Unicode's ``Cc`` but newline and tab, all of ``Default_Ignorable_Code_Point``
(soft hyphen, zero-width and bidi controls, fillers, tags, variation selectors) but the two
selectors that emoji are written with, line and paragraph separators, interlinear annotation,
surrogates and noncharacters.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

CUT = "…"
"""Stands where something was left out because it is too long, too deep or too much."""

_UNSAFE_RANGES = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0"
    "\ud800-\udfff\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(
        f"{chr(plane | 0xFFFE)}-{chr(plane | 0xFFFF)}"
        for plane in range(1 << 16, 17 << 16, 1 << 16)
    )
)
_UNSAFE = re.compile(f"[{_UNSAFE_RANGES}]")
_UNSAFE_ON_A_LINE = re.compile(f"[\t\n{_UNSAFE_RANGES}]")
_BROKEN_STAND_IN = re.compile("⟨[^⟩]{0,8}\\Z")
_NATIVE_BITS = 64
_LONGEST_NUMBER_BITS = 256


def clean(text: str, *, limit: int | None = None) -> str:
    """Return ``text`` with every unsafe character replaced by a visible stand-in.

    Newlines and tabs stay. Cleaning a clean text changes nothing.

    Args:
        text: Foreign text; secrets must be taken out of it before it is cut.
        limit: The most characters to return; what is longer ends in ``…``.
    """
    return _cleaned(text, _UNSAFE, limit)


def clean_line(text: str, limit: int | None = None) -> str:
    """Return ``text`` on one line: as :func:`clean`, with newlines and tabs as ``␊`` and ``␉``."""
    return _cleaned(text, _UNSAFE_ON_A_LINE, limit)


def is_clean(text: str) -> bool:
    """Return whether ``text`` holds nothing that :func:`clean` would replace."""
    return _UNSAFE.search(text) is None


def unsafe_characters(text: str) -> Iterator[tuple[int, str]]:
    """Yield each character that :func:`clean` would replace, with its place."""
    return ((match.start(), match[0]) for match in _UNSAFE.finditer(text))


def clean_json(value: object, *, depth: int = 64, items: int = 100_000) -> JsonValue:
    """Return a parsed JSON value with its texts and keys cleaned, and of bounded size.

    What goes beyond a bound becomes ``…``. Numbers that the session's JSON can't carry (over 64
    bits, NaN, infinities) become text. Keys that look alike once cleaned are numbered.

    Args:
        value: What a JSON parser returned.
        depth: The most levels of lists and objects.
        items: The most values in all.

    Raises:
        TypeError: ``value`` holds something that JSON has no form for.
    """
    return _cleaned_json(value, depth, _Budget(items))


def stand_in(character: str) -> str:
    """Return the visible stand-in of one character."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"


def _cleaned(text: str, unsafe: re.Pattern[str], limit: int | None) -> str:
    if limit is not None:
        text = text[: limit + 1]
    cleaned = unsafe.sub(lambda match: stand_in(match[0]), text)
    if limit is None or len(cleaned) <= limit:
        return cleaned
    if limit < 1:
        return ""
    return _BROKEN_STAND_IN.sub("", cleaned[: limit - 1]) + CUT


@dataclass(slots=True)
class _Budget:
    """Counts the values that may still be taken over."""

    left: int

    def take(self) -> bool:
        """Take one value, if there is one left to take."""
        self.left -= 1
        return self.left >= 0


def _cleaned_json(value: object, depth: int, budget: _Budget) -> JsonValue:
    match value:
        case None | bool():
            return value
        case str():
            return clean(value)
        case int():
            return _cleaned_integer(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case list() | dict() if depth < 1:
            return CUT
        case list():
            return _cleaned_list(value, depth - 1, budget)
        case dict():
            return _cleaned_object(value, depth - 1, budget)
    raise TypeError(f"JSON has no form for {type(value).__name__}")


def _cleaned_list(values: list[object], depth: int, budget: _Budget) -> JsonValue:
    cleaned: list[JsonValue] = []
    for value in values:
        if not budget.take():
            cleaned.append(CUT)
            break
        cleaned.append(_cleaned_json(value, depth, budget))
    return cleaned


def _cleaned_object(values: dict[object, object], depth: int, budget: _Budget) -> JsonValue:
    cleaned: dict[str, JsonValue] = {}
    seen: Counter[str] = Counter()
    for key, value in values.items():
        if not isinstance(key, str):
            raise TypeError(f"JSON has no form for a key that is {type(key).__name__}")
        name = shown = clean(key) if budget.take() else CUT
        while name in cleaned:
            seen[shown] += 1
            name = f"{shown} ({seen[shown] + 1})"
        if budget.left < 0:
            cleaned[name] = CUT
            break
        cleaned[name] = _cleaned_json(value, depth, budget)
    return cleaned


def _cleaned_integer(value: int) -> int | str:
    bits = value.bit_length()
    if bits < _NATIVE_BITS:
        return value
    return str(value) if bits <= _LONGEST_NUMBER_BITS else f"a number of {bits} bits"
