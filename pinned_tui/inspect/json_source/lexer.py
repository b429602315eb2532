"""Texts, numbers and words of JSON, each with what is wrong in how it is written.

Every reader takes the text and an offset and returns where the token ends. What people write in
place of JSON is read as what they mean: single quotes, ``True``, ``007``, a date without quotes.
"""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass

from pinned_tui.inspect.json_source.edits import Edit
from pinned_tui.inspect.json_source.syntax_errors import SyntaxFault
from pinned_tui.inspect.model import Span

Scalar = str | int | float | bool | None

QUOTES = {
    "'": "'",
    "`": "`",
    "\u201c": '\u201d\u201c"',
    "\u201d": '\u201d\u201c"',
    "\u201e": '\u201c\u201d"',
    "\u201f": '\u201d"',
    "\u2018": "\u2019\u2018'",
    "\u2019": "\u2019\u2018'",
    "\u00ab": "\u00bb",
}
"""Quotes that people write in place of ``"``, each with those that may close it."""

_STRING = re.compile(r'"[^"\\\x00-\x1f]*+"')
_ANY_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_ODD = re.compile(r'[\x00-\x1f]|\\(?:u[0-9a-fA-F]{4}|.)?|"', re.DOTALL)
_ESCAPES = frozenset('"\\/bfnrt')
_AFTER = re.compile(r"[ \t\xa0\u200b\ufeff]{0,50}(?:[,:}\]\r\n]|=>|//|/\*|#|\Z)")
_AFTER_NUMBER = re.compile(rf"{_AFTER.pattern}|[ \t]{{1,50}}[-0-9\"{{\[]")
_NEXT_TEXT = re.compile(r"[ \t]{0,50}\"")
_END_OF_LINE = re.compile(r"[ \t]*,?[ \t]*\r?\Z")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
_COMMENT_BEHIND = re.compile(r"[ \t](?://|/\*|#)")
_BARE = re.compile(r"[^,\[\]{}\"\n]{1,400}")
PLACEHOLDER = re.compile(
    r"\{\{[^{}\n]{0,200}\}\}|\$\{[^{}\n]{0,200}\}|<%[^%\n]{0,200}%>|%\(\w{1,80}\)[sd]"
    r"|<[A-Za-z][\w -]{0,80}>|\$[A-Za-z_]\w{0,80}|#\{[^{}\n]{0,200}\}"
    r"|\{[!$][A-Za-z_][^{}\n]{0,200}\}|@\{[^{}\n]{0,300}\}|<\?[^?\n]{1,300}\?>|%[A-Z_]{2,80}%"
    r"|@[A-Za-z]\w{0,60}(?:[.(][^,\n}]{0,200})?(?=[ \t]*[,}\]\n])"
)
_LITERALS: dict[str, Scalar] = {"true": True, "false": False, "null": None}
_FOREIGN: dict[str, str] = {"none": "null", "nil": "null"}
_NO_NUMBERS = frozenset({"nan", "infinity", "-infinity", "inf", "-inf", "undefined", "+infinity"})
_ZEROS = re.compile(r"\+?(?P<sign>-?)0*+(?P<digits>[0-9]++(?:\.[0-9]++)?)[lLn]?")
_POINT = re.compile(r"\+?(?P<sign>-?)(?P<whole>[0-9]*+)\.(?P<part>[0-9]*+)")
_MOST_DIGITS = 400
_LARGEST: int = 10**400
_LOOK_AHEAD = 400
_MOST_QUOTES = 6


@dataclass(frozen=True, slots=True)
class Token:
    """A value that holds no others.

    Attributes:
        bare: Whether it is a template's placeholder that stands without quotes.
    """

    value: Scalar
    end: int
    bare: bool = False


Tell = Callable[[SyntaxFault], None]


def read_string(text: str, at: int, tell: Tell) -> Token | None:
    """Read a text in quotes of any kind at ``at``, or return None where none can be read."""
    match = _STRING.match(text, at)
    if match is not None and _AFTER.match(text, match.end()):
        return _checked(Token(match[0][1:-1], match.end()), at, tell)
    if text[at] != '"':
        return _foreign_quotes(text, at, tell)
    match = _ANY_STRING.match(text, at)
    if match is None:
        return None if (end := _line_end(text, at)) is None else _closed(text, at, end, tell)
    end = match.end()
    fits = _AFTER.match(text, end) or _NEXT_TEXT.match(text, end)
    newline = text.find("\n", at, end)
    if newline >= 0 and not _AFTER.match(text, end) and _line_end(text, at) is not None:
        return _closed(text, at, _line_end(text, at) or end, tell)
    if not fits and newline < 0:
        end = _end_after_quotes(text, end)
    return _inner(text, at, end, tell)


def _line_end(text: str, at: int) -> int | None:
    """Return where the text at ``at`` would end with its line, before a comma there."""
    end = text.find("\n", at)
    if end < 0:
        return None
    line = text[max(at, end - 60) : end]
    tail = _END_OF_LINE.search(line)
    return end - (len(line) - tail.start()) if tail else end


def _closed(text: str, at: int, end: int, tell: Tell) -> Token:
    """Read a text whose closing quote is missing, up to the end of its line."""
    tell(SyntaxFault("text-not-closed", Span(at, end), Edit(Span(end, end), '"')))
    return Token(_inner(text, at, end, tell, closed=False).value, end)


def _end_after_quotes(text: str, end: int) -> int:
    """Find the quote that closes a text which has further quotes in it."""
    stop = min(len(text), end + _LOOK_AHEAD)
    at = text.find('"', end, stop)
    for _ in range(_MOST_QUOTES):
        if at < 0 or text.find("\n", end, at) >= 0:
            break
        if _AFTER.match(text, at + 1):
            return at + 1
        at = text.find('"', at + 1, stop)
    return end


def _inner(text: str, at: int, end: int, tell: Tell, *, closed: bool = True) -> Token:
    """Read what is between two straight quotes, and fix what JSON does not allow there."""
    last = end - 1 if closed else end
    pieces: list[str] = []
    done = at + 1
    for match in _ODD.finditer(text, at + 1, last):
        fixed = _fixed(match[0])
        if fixed is None:
            continue
        kind, written = fixed
        span = Span(match.start(), match.end())
        tell(SyntaxFault(kind, span, Edit(span, written)))
        pieces += (text[done : match.start()], written)
        done = match.end()
    pieces.append(text[done:last])
    value = _decoded("".join(pieces))
    return _checked(Token(value, end), at, tell)


def _fixed(written: str) -> tuple[str, str] | None:
    """Return kind and fixed form of a control character, an escape or a quote in a text."""
    if written == '"':
        return "quote-inside", '\\"'
    if written[0] != "\\":
        kind = "line-break" if written in "\r\n" else "control-character"
        return kind, json.dumps(written)[1:-1]
    if len(written) == 6 or (len(written) == 2 and written[1] in _ESCAPES):
        return None
    if written == "\\'":
        return "escape", "'"
    rest = written[1:]
    return "escape", "\\\\" + (json.dumps(rest)[1:-1] if rest and rest < " " else rest)


def _decoded(inner: str) -> str:
    try:
        value = json.loads(f'"{inner}"')
    except ValueError:
        return inner
    return str(value)


def _foreign_quotes(text: str, at: int, tell: Tell) -> Token | None:
    """Read a text in quotes that JSON does not know."""
    closers = QUOTES.get(text[at])
    if closers is None:
        return None
    end = _foreign_end(text, at, closers)
    if end is None:
        return None
    inner = text[at + 1 : end - 1]
    value = re.sub(r"\\(['`\u2018\u2019])", r"\1", inner)
    value = _decoded(re.sub(r'(?<!\\)"', r"\"", value)) if "\\" in value else value
    span = Span(at, end)
    kind = "single-quotes" if text[at] in "'`" else "smart-quotes"
    tell(SyntaxFault(kind, span, Edit(span, json.dumps(value, ensure_ascii=False))))
    return _checked(Token(value, end), at, tell)


def _foreign_end(text: str, at: int, closers: str) -> int | None:
    """Find the closing quote; an apostrophe within a word closes nothing."""
    place = at + 1
    stop = min(len(text), at + 100_000)
    while place < stop:
        sign = text[place]
        if sign == "\\":
            place += 2
            continue
        if sign in closers and _AFTER.match(text, place + 1):
            return place + 1
        place += 1
    return None


def _checked(token: Token, at: int, tell: Tell) -> Token:
    """Tell of half characters, which no UTF-8 can carry."""
    value = token.value
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            tell(SyntaxFault("half-character", Span(at, token.end)))
    return token


def read_word(text: str, at: int, tell: Tell) -> Token | None:
    """Read a number, a literal, or what stands in place of one; None where nothing fits."""
    match = _NUMBER.match(text, at)
    if match is not None and _AFTER_NUMBER.match(text, match.end()):
        return Token(number(match[0]), match.end())
    for word, value in _LITERALS.items():
        if text.startswith(word, at) and _AFTER.match(text, at + len(word)):
            return Token(value, at + len(word))
    match = PLACEHOLDER.match(text, at)
    if match is not None:
        return Token(match[0], match.end(), bare=True)
    match = _BARE.match(text, at)
    written = _COMMENT_BEHIND.split(match[0], maxsplit=1)[0].rstrip() if match else ""
    return _bareword(written, Span(at, at + len(written)), tell) if written else None


def _bareword(written: str, span: Span, tell: Tell) -> Token | None:
    lowered = written.lower()
    literal = _FOREIGN.get(lowered, lowered)
    if literal in _LITERALS:
        if literal != written:
            tell(SyntaxFault("literal", span, Edit(span, literal)))
        return Token(_LITERALS[literal], span.end)
    if lowered in _NO_NUMBERS:
        tell(SyntaxFault("no-number", span))
        return Token(None, span.end)
    fixed = _as_number(written)
    if fixed is not None:
        if fixed != written:
            tell(SyntaxFault("number-form", span, Edit(span, fixed)))
        return Token(number(fixed), span.end)
    if not re.fullmatch(r"[\w@#.+-][^\\]{0,300}", written) or written[-1] in "'\u201d\u2019":
        return None
    tell(SyntaxFault("quotes-missing", span, Edit(span, json.dumps(written, ensure_ascii=False))))
    return Token(written, span.end)


def _as_number(written: str) -> str | None:
    """Return how JSON writes a number that was written in another way, or None."""
    plain = written.replace("_", "") if re.fullmatch(r"[0-9]+(?:_[0-9]+)+", written) else written
    match = _ZEROS.fullmatch(plain)
    if match is not None:
        return match["sign"] + match["digits"]
    match = _POINT.fullmatch(plain)
    if match is None or not (match["whole"] or match["part"]):
        return None
    whole = match["whole"].lstrip("0") or "0"
    return f"{match['sign']}{whole}" + (f".{match['part']}" if match["part"] else "")


def number(written: str) -> int | float:
    """Return the value of a number; one that is absurd becomes the largest that there is."""
    if re.fullmatch(r"-?[0-9]+", written):
        if len(written) <= _MOST_DIGITS:
            return int(written)
        return -_LARGEST if written[0] == "-" else _LARGEST
    value = float(written) if len(written) < 2 * _MOST_DIGITS else sys.float_info.max
    return max(-sys.float_info.max, min(sys.float_info.max, value))


def offsets(text: str, span: Span) -> list[int]:
    """Return for each character of the text in quotes at ``span`` where it stands."""
    places: list[int] = []
    at, last = span.start + 1, span.end - 1
    while at < last:
        places.append(at)
        if text[at] != "\\":
            at += 1
            continue
        high = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
        pair = high.match(text, at)
        at += 12 if pair else 6 if text[at + 1 : at + 2] == "u" else 2
    return [*places, last]
