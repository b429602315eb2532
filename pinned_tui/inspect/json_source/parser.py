"""Reads JSON with the place of every name and value, and goes on where it is not quite JSON.

``json`` of the standard library stops at the first fault, tells no places of values, and gives up
on depth. This reader goes through the text once, keeps a stack of its own, and notes each place
where the text is no JSON with what fixes it, so that all faults come in one pass.
"""

import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import NoReturn

from pinned_tui.inspect.json_source.edits import Edit
from pinned_tui.inspect.json_source.lexer import QUOTES, Scalar, number, read_string, read_word
from pinned_tui.inspect.json_source.nodes import DEEPEST, DuplicateKey, Member, Node, Scan
from pinned_tui.inspect.json_source.syntax_errors import UNSAID, SyntaxFault
from pinned_tui.inspect.model import Span
from pinned_tui.inspect.sentences import say

_MOST_SLIPS = 20_000
"""Slips after which reading stops: such a text is something else."""

_SPACE = re.compile(r"[ \t\r\n]*+")
_COMMENT = re.compile(r"//[^\n]*+|#[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/")
_ODD_SPACE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\xa0\u1680\u2000-\u200f\u2028-\u202f"
                        r"\u205f-\u2064\u3000\ufeff]+")  # fmt: skip
_BARE_NAME = re.compile(r"[^\W\d][\w$-]{0,100}|[0-9]{1,20}|\$\w{1,100}")
_PLAIN = frozenset('{}[],:"')
_MEMBER = re.compile(
    r'"([^"\\\x00-\x1f]*+)"[ \t\r\n]*+:[ \t\r\n]*+(?:"([^"\\\x00-\x1f]*+)"'
    r"|(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)|(true|false|null))"
    r"(?=[ \t\r\n]*+[,}])"
)
_WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None}
_COLON = re.compile(r":|=>?|\uff1a")
_CODE_BEFORE = re.compile(
    r"(?:(?:export|const|let|var|final|val)[ \t]+)?\$?[A-Za-z_][\w.\[\]\"']{0,80}[ \t]*"
    r"(?::[ \t]*\w{1,40}[ \t]*)?=[ \t]*(?=[{\[])|JSON\.stringify\([ \t]*|json\.dumps\([ \t]*"
    r"|(?:-d[ \t]+)?'(?=\s{0,40}[{\[])"
)
_FIELD_FIRST = re.compile(r"[\"'“„]?[A-Za-z_]\w{0,60}[\"'”“]?[ \t]{0,10}:")
_CLOSERS = {"{": "}", "[": "]"}
_BEGINS_VALUE = re.compile(r"[\"'\u201c\u201e\u2018\u00ab{\[\w$<%.+-]")
_LEFT_OVER = re.compile(r"[}\]);,'\s]*+")


class _StopError(Exception):
    """Reading can't go on."""


class _State(Enum):
    VALUE = auto()
    OPENED = auto()
    AFTER_COMMA = auto()
    COLON = auto()
    MEMBER_ENDED = auto()
    DONE = auto()


_OPENS_TEMPLATE = ("{{", "{!", "{$")


@dataclass(slots=True)
class _Open:
    node: Node
    bracket: str
    name: str | None = None
    key_start: int = 0
    key_end: int = 0


def scan(text: str) -> Scan:
    """Read ``text``; never fails."""
    return _Scanner(text).run()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._ended = 0
        self._scan = Scan()
        self._stack: list[_Open] = []
        self._comma = Span(0, 0)
        self._braceless = False
        self._steps = {
            _State.VALUE: self._value,
            _State.OPENED: self._opened,
            _State.AFTER_COMMA: self._after_comma,
            _State.COLON: self._colon,
            _State.MEMBER_ENDED: self._member_ended,
        }

    def run(self) -> Scan:
        """Read the whole text."""
        try:
            self._begin()
            self._document()
            while self._another():
                self._document()
        except _StopError:
            self._scan.stopped = True
        self._close_braces()
        return self._scan

    def _begin(self) -> None:
        """Pass over what stands before the value."""
        if self._text.startswith("\ufeff"):
            span = Span(0, 1)
            self._slip("byte-order-mark", span, Edit(span, ""))
            self._at = 1
        self._skip()
        code = _CODE_BEFORE.match(self._text, self._at)
        if code is not None:
            span = Span(self._at, code.end())
            self._slip("code-around", span, Edit(span, ""))
            self._at = code.end()
        self._braceless = _FIELD_FIRST.match(self._text, self._at) is not None
        if self._braceless:
            place = Span(self._at, self._at)
            self._slip("braces-missing", place, Edit(place, "{"))

    def _document(self) -> None:
        """Read one value of the top level."""
        state = _State.VALUE
        if self._braceless:
            state = self._push(Node({}, self._at, self._at), "{")
        while state is not _State.DONE:
            self._skip()
            if len(self._scan.slips) > _MOST_SLIPS:
                self._stop("hopeless")
            ended = self._at >= len(self._text)
            state = self._text_ended(state) if ended else self._steps[state]()

    def _close_braces(self) -> None:
        """Take the brace that is missing at the end for one of those around the fields."""
        if self._braceless:
            self._scan.slips = [
                replace(slip, kind=UNSAID) if slip.kind == "end-missing" else slip
                for slip in self._scan.slips
            ]

    def _another(self) -> bool:
        """Return whether a further value follows on the top level."""
        self._skip()
        rest = _LEFT_OVER.match(self._text, self._at)
        if rest is not None and rest.end() == len(self._text):
            if rest[0]:
                span = Span(self._at, self._at + len(rest[0].rstrip()))
                self._slip("bracket-too-many", span, Edit(span, ""))
            return False
        if self._text[self._at] not in "{[":
            self._stop("unexpected", "end")
        return True

    # --- states -------------------------------------------------------------------------------

    def _value(self) -> _State:
        sign = self._text[self._at]
        if sign in "{[" and not self._text.startswith(_OPENS_TEMPLATE, self._at):
            self._at += 1
            node = Node({} if sign == "{" else [], self._at - 1, self._at)
            return self._push(node, sign)
        if sign == '"' or sign in QUOTES:
            token = read_string(self._text, self._at, self._scan.slips.append)
        else:
            token = read_word(self._text, self._at, self._scan.slips.append)
        if token is None and sign in "{[":
            self._at += 1
            return self._push(Node({} if sign == "{" else [], self._at - 1, self._at), sign)
        if token is None:
            self._stop("cut" if sign == '"' else "unexpected", "value")
        node = Node(token.value, self._at, token.end, token.bare)
        self._scan.bare = self._scan.bare or token.bare
        self._at = self._ended = token.end
        self._attach(node)
        return _State.MEMBER_ENDED if self._stack else _State.DONE

    def _healthy_member(self) -> _State | None:
        """Read name and value at once where both are plain JSON, which is nearly always."""
        match = _MEMBER.match(self._text, self._at)
        if match is None:
            return None
        top = self._stack[-1]
        top.name = match[1]
        if not match[1].isascii():
            return None
        top.key_start, top.key_end = match.start(), match.end(1) + 1
        kind = match.lastindex or 0
        value: Scalar
        if kind == 2:
            value = match[2]
            if not value.isascii():
                return None
            start, end = match.start(2) - 1, match.end(2) + 1
        else:
            written = match[kind]
            value = number(written) if kind == 3 else _WORDS[written]
            start, end = match.span(kind)
        self._at = self._ended = end
        self._attach(Node(value, start, end))
        return _State.MEMBER_ENDED

    def _opened(self) -> _State:
        if self._text[self._at] == self._closer():
            return self._close()
        return self._next()

    def _next(self) -> _State:
        """Read the next name of an object, or value of a list."""
        if not self._in_object():
            return self._value()
        return self._healthy_member() or self._name()

    def _after_comma(self) -> _State:
        if self._text[self._at] == ",":
            span = Span(self._at, self._at + 1)
            self._slip("comma-too-many", span, Edit(span, ""))
            self._at += 1
            return _State.AFTER_COMMA
        if self._text[self._at] in "}]":
            self._drop_comma()
            return self._member_ended()
        return self._next()

    def _name(self) -> _State:
        text, at = self._text, self._at
        top = self._stack[-1]
        if text[at] == '"' or text[at] in QUOTES:
            token = read_string(text, at, self._scan.slips.append)
            if token is None:
                self._stop("cut")
            top.name, end = str(token.value), token.end
        else:
            match = _BARE_NAME.match(text, at)
            if match is None:
                self._stop("unexpected", "name")
            top.name, end = match[0], match.end()
            span = Span(at, end)
            self._slip("quotes-missing", span, Edit(span, f'"{match[0]}"'))
        top.key_start, top.key_end = at, end
        self._at = end
        return _State.COLON

    def _colon(self) -> _State:
        match = _COLON.match(self._text, self._at)
        if match is None:
            self._stop("unexpected", "colon")
        if match[0] != ":":
            span = Span(self._at, match.end())
            self._slip("colon", span, Edit(span, ":"))
        self._at = match.end()
        return _State.VALUE

    def _member_ended(self) -> _State:
        sign = self._text[self._at]
        if sign == ",":
            self._comma = Span(self._at, self._at + 1)
            self._at += 1
            return _State.AFTER_COMMA
        if sign == self._closer():
            return self._close()
        if sign in "}]":
            return self._wrong_closer(sign)
        if sign == ":":
            return self._list_not_closed()
        if not _BEGINS_VALUE.match(sign):
            self._stop("unexpected", "comma")
        place = Span(self._ended, self._ended)
        self._slip("comma-missing", place, Edit(place, ","))
        return self._next()

    # --- parts --------------------------------------------------------------------------------

    def _push(self, node: Node, bracket: str) -> _State:
        self._attach(node)
        if len(self._stack) >= DEEPEST:
            self._stop("too-deep")
        self._stack.append(_Open(node, bracket))
        self._ended = self._at
        return _State.OPENED

    def _attach(self, node: Node) -> None:
        if not self._stack:
            self._scan.roots.append(node)
            return
        top = self._stack[-1]
        if isinstance(top.node.value, list):
            top.node.value.append(node)
        elif isinstance(top.node.value, dict) and top.name is not None:
            member = Member(top.key_start, top.key_end, node)
            if top.name in top.node.value:
                earlier = top.node.value.pop(top.name)
                self._scan.twice.append(DuplicateKey(top.name, earlier, member, top.node))
            top.node.value[top.name] = member

    def _close(self) -> _State:
        top = self._stack.pop()
        self._at += 1
        self._ended = self._at
        top.node.end = self._at
        return _State.MEMBER_ENDED if self._stack else _State.DONE

    def _wrong_closer(self, sign: str) -> _State:
        """Close what is open inside, where a bracket closes something further out."""
        if sign not in [_CLOSERS[each.bracket] for each in self._stack]:
            span = Span(self._at, self._at + 1)
            self._slip("bracket-too-many", span, Edit(span, ""))
            self._at += 1
            return _State.MEMBER_ENDED
        missing = self._closer()
        place = Span(self._ended, self._ended)
        self._slip("bracket-missing", place, Edit(place, missing), f"“{missing}”")
        top = self._stack.pop()
        top.node.end = self._ended
        return _State.MEMBER_ENDED

    def _list_not_closed(self) -> _State:
        """Close a list before the text that turns out to be the next name of its object."""
        inner = self._stack[-1]
        items = inner.node.items
        outer = self._stack[-2].bracket if len(self._stack) > 1 else ""
        if len(items) < 2 or outer != "{" or not isinstance(items[-1].value, str):
            self._stop("unexpected", "comma")
        name = items.pop()
        inner.node.end = items[-1].end
        place = Span(inner.node.end, inner.node.end)
        self._slip("bracket-missing", place, Edit(place, "]"), "“]”")
        self._stack.pop()
        top = self._stack[-1]
        top.name, top.key_start, top.key_end = str(name.value), name.start, name.end
        return self._colon()

    def _drop_comma(self) -> None:
        self._slip("comma-too-many", self._comma, Edit(self._comma, ""))

    def _text_ended(self, state: _State) -> _State:
        """Close what is open where the text ends between two values."""
        if not self._stack or state in {_State.VALUE, _State.COLON}:
            self._stop("cut")
        if state is _State.AFTER_COMMA:
            self._drop_comma()
        missing = "".join(_CLOSERS[each.bracket] for each in reversed(self._stack))
        place = Span(self._ended, self._ended)
        self._slip("end-missing", place, Edit(place, missing), f"“{missing[:20]}”")
        for each in self._stack:
            each.node.end = self._ended
        self._stack.clear()
        return _State.DONE

    def _skip(self) -> None:
        """Pass over white space, comments, and what looks like white space."""
        text = self._text
        if self._at < len(text) and text[self._at] in _PLAIN:
            return
        while True:
            space = _SPACE.match(text, self._at)
            self._at = space.end() if space else self._at
            comment = _COMMENT.match(text, self._at)
            if comment is not None:
                kind, end, written = "comment", comment.end(), ""
            elif odd := _ODD_SPACE.match(text, self._at):
                control = odd[0][0] < " " or odd[0][0] == "\x7f"
                kind, end = ("control-character" if control else "odd-space"), odd.end()
                written = "" if control else " "
                self._scan.found.setdefault(kind, f"U+{ord(odd[0][0]):04X}")
            else:
                return
            span = Span(self._at, end)
            self._slip(kind, span, Edit(span, written))
            self._at = end

    def _slip(self, kind: str, span: Span, edit: Edit, found: str | None = None) -> None:
        if found is not None:
            self._scan.found.setdefault(kind, found)
        self._scan.slips.append(SyntaxFault(kind, span, edit))

    def _stop(self, kind: str, expected: str | None = None) -> NoReturn:
        """Give up at the present place.

        Args:
            kind: Why, a kind of :class:`SyntaxFault`.
            expected: What should have been there, by its name in ``json.toml``.

        Raises:
            _StopError: always.
        """
        if expected is not None:
            closer = self._closer() if self._stack else ""
            self._scan.expected = say(f"json.expected.{expected}", closer=closer)
        if kind == "too-deep":
            self._scan.found[kind] = str(DEEPEST)
        length = 0 if kind == "too-deep" else 1
        end = min(self._at + length, len(self._text))
        self._scan.slips.append(SyntaxFault(kind, Span(self._at, end)))
        raise _StopError

    def _closer(self) -> str:
        return _CLOSERS[self._stack[-1].bracket]

    def _in_object(self) -> bool:
        return self._stack[-1].bracket == "{"
