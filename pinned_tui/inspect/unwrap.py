"""Takes off what was copied along with a key: its name, a scheme, quotes, brackets, white space.

A value can be wrapped several times over, as in ``export PINNED_EVENTS_API_KEY="Bearer …"``. What
is left in the middle is what can be judged as a key.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby

from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.sanitize import CUT, is_clean, stand_in
from pinned_tui.redaction.secret import shape
from pinned_tui.redaction.secret_strength import is_like_key, weigh
from pinned_tui.session import Certainty

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
    """Return whether ``character`` shows nothing at all; white space is another matter."""
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


_MOST_LAYERS = 8
_QUOTES = "\"'`"
_SCHEME = re.compile(r"(?:(?:bearer|basic)(?:\s*:\s*|\s+|\Z)|(?:token|api-?key)\s+)", re.IGNORECASE)
_NAME = re.compile(
    r"""(?:(?:export|set|setx|env|let|const|var)\s+|\$env:|-H\s*|--header[=\s]\s*)?["'{\s]*
        (?P<name>[A-Za-z_][\w.-]{1,63})["']?\s*(?P<sign>:=|=|:)(?!//)\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_KEY_WORD = re.compile("key|token|secret|auth", re.IGNORECASE)
_HEADER = re.compile("(?:proxy-)?authorization|(?:x-)?api-?key", re.IGNORECASE)
_BRACKETS = (
    ("${", "}", "a dollar sign and braces, ${ and }"),
    ("#{", "}", "a number sign and braces, #{ and }"),
    ("$(", ")", "a dollar sign and parentheses, $( and )"),
    ("{{", "}}", "double braces, {{ and }}"),
    ("<%=", "%>", "the signs of a template, <%= and %>"),
    ("<<", ">>", "double angle brackets, << and >>"),
    ("<", ">", "angle brackets, < and >"),
    ("{", "}", "braces, { and }"),
    ("[", "]", "square brackets, [ and ]"),
    ("(", ")", "parentheses, ( and )"),
    ("«", "»", "angle quotes, « and »"),
    ("%", "%", "percent signs"),
    ("__", "__", "double underscores"),
)
_SIGNS = (("$env:", "$env:"), ("$", "a dollar sign"))
_ENVIRONMENT = re.compile("[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")


@dataclass(frozen=True, slots=True)
class WrapperLayer:
    """Something around the key that should not be there.

    Attributes:
        cause: An id of the catalogue.
        detail: What was seen, in one sentence.
    """

    cause: str
    certainty: Certainty
    detail: str


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """A value without what is around the key in it.

    Attributes:
        core: What is left in the middle.
        layers: What was taken off, from the outside in.
        leading: White space that was taken off in front, of all layers.
        trailing: The same behind.
    """

    core: str
    layers: tuple[WrapperLayer, ...] = ()
    leading: str = ""
    trailing: str = ""


def unwrap(value: str) -> Unwrapped:
    """Take off ``value`` all that is around the key in it."""
    unwrapped = _trimmed(Unwrapped(value))
    for _ in range(_MOST_LAYERS):
        core = unwrapped.core
        layer = _name(core) or _scheme(core) or _quotes(core) or _bracketed(core)
        if layer is None:
            break
        core, taken = layer
        layers = (*unwrapped.layers, taken)
        unwrapped = _trimmed(Unwrapped(core, layers, unwrapped.leading, unwrapped.trailing))
    return unwrapped


def _trimmed(value: Unwrapped) -> Unwrapped:
    text = value.core
    start, end = 0, len(text)
    while start < end and _is_nothing(text[start]):
        start += 1
    while end > start and _is_nothing(text[end - 1]):
        end -= 1
    return Unwrapped(
        core=text[start:end],
        layers=value.layers,
        leading=value.leading + "".join(filter(str.isspace, text[:start])),
        trailing="".join(filter(str.isspace, text[end:])) + value.trailing,
    )


def _is_nothing(character: str) -> bool:
    return character.isspace() or is_invisible(character)


def _name(text: str) -> tuple[str, WrapperLayer] | None:
    """Find ``NAME=value``, ``x-api-key: value`` and the like.

    A name that says that it is a key's is sure of itself before ``=``; other names count only when
    they are written as variables of the environment are. The padding of base64 is no assignment.
    """
    match = _NAME.match(text)
    if match is None:
        return None
    name, rest = match["name"], text[match.end() :]
    named_key = _KEY_WORD.search(name) is not None and not weigh(name).told
    sure = named_key and (match["sign"] != ":" or _HEADER.fullmatch(name) is not None)
    variable = match["sign"] != ":" and _ENVIRONMENT.fullmatch(name) is not None
    if not (named_key or variable) or (rest and not rest.strip("=")):
        return None
    certainty = Certainty.CONFIRMED if sure else Certainty.LIKELY
    detail = say("key.key-includes-name.seen", length=len(name), sign=match["sign"])
    return _without_rest(rest, match[0]), WrapperLayer("key-includes-name", certainty, detail)


def _without_rest(text: str, before: str) -> str:
    """Take off what ends a line of code or of JSON, and the quote that was opened before."""
    if text[:1] in _QUOTES or before.lstrip().startswith("{"):
        text = text.rstrip(",;} \t\r\n")
    opened = before.count('"') % 2 or before.count("'") % 2
    closed = text[-1:] in _QUOTES and text.count(text[-1:]) % 2
    return text[:-1] if text and opened and closed else text


def _scheme(text: str) -> tuple[str, WrapperLayer] | None:
    match = _SCHEME.match(text)
    if match is None:
        return None
    detail = say("key.key-includes-scheme.seen")
    return text[match.end() :], WrapperLayer("key-includes-scheme", Certainty.CONFIRMED, detail)


def _quotes(text: str) -> tuple[str, WrapperLayer] | None:
    first, last = text[:1] in _QUOTES, text[-1:] in _QUOTES
    if not text or not (first or last):
        return None
    if len(text) > 1 and text[0] == text[-1]:
        detail = say("key.key-quoted.both")
        return text[1:-1], WrapperLayer("key-quoted", Certainty.CONFIRMED, detail)
    detail = say("key.key-quoted.beginning" if first else "key.key-quoted.end")
    inner = text[1:] if first else text[:-1]
    return inner, WrapperLayer("key-quoted", Certainty.LIKELY, detail)


def is_bracketed(text: str) -> bool:
    """Return whether ``text`` is a real key in the brackets that examples have around a name."""
    return _bracketed(text.strip()) is not None


def _bracketed(text: str) -> tuple[str, WrapperLayer] | None:
    """Take off the brackets of an example that were left around a real key.

    What is inside must look like a key: a name in brackets is a placeholder.
    """
    for opening, closing, words in _BRACKETS:
        inner = text.removeprefix(opening).removesuffix(closing).strip()
        if text.startswith(opening) and text.endswith(closing) and _holds_key(inner):
            detail = say("key.key-quoted.brackets", signs=words)
            return inner, WrapperLayer("key-quoted", Certainty.CONFIRMED, detail)
    for opening, closing, words in _BRACKETS:
        inner = text.removeprefix(opening).removesuffix(closing).strip()
        if opening != closing and len(inner) < len(text) and _holds_key(inner):
            detail = say("key.key-quoted.bracket", signs=words)
            return inner, WrapperLayer("key-quoted", Certainty.LIKELY, detail)
    for sign, words in _SIGNS:
        if text.startswith(sign) and _holds_key(text.removeprefix(sign)):
            detail = say("key.key-quoted.sign", signs=words)
            return text.removeprefix(sign), WrapperLayer("key-quoted", Certainty.CONFIRMED, detail)
    return None


def _holds_key(inner: str) -> bool:
    """Return whether ``inner`` is a key, or one in further brackets or quotes."""
    return is_like_key(inner.strip("{}[]<>()«»%$#'\"` ")) and " " not in inner
