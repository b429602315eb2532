"""Reads the literals, assignments and calls out of program code, whatever stands between them.

One reader for all languages: what differs is how they write strings and names. Statements are not
understood, and need not be: what is not a value, a call or an assignment is passed over.
"""

import re

from pinned_tui.inspect.formats.code_tokens import CodeToken, Language, Tokenizer
from pinned_tui.inspect.formats.code_tree import (
    Assignment,
    CodeCall,
    Constant,
    Expression,
    Group,
    Item,
    Joined,
    Literal,
    Name,
    Program,
)
from pinned_tui.inspect.model import Span

_CLOSES = {"(": ")", "[": "]", "{": "}"}
_DOTS = frozenset({".", "->", "::", "?.", "&."})
_KEYED = frozenset({":", "=>", "=", ":="})
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE", "$true"), True),
    **dict.fromkeys(("false", "False", "FALSE", "$false"), False),
    **dict.fromkeys(("null", "None", "nil", "NULL", "$null", "undefined"), None),
}
_SKIPPED = frozenset(
    {
        *("new", "await", "yield", "const", "let", "var", "val", "final", "return", "async"),
        *("public", "private", "protected", "static", "readonly", "using", "export", "default"),
        *("throw", "my", "local", "global", "override", "string", "String", "auto", "def"),
    }
)
_TYPES = re.compile(r"<[\w ,.?\[\]]{0,80}(?:<[\w ,.?\[\]]{0,80}>)?[\w ,.?\[\]]{0,40}>(?=\s*[({])")
_COMMAND = re.compile(r"(?:Invoke-(?:RestMethod|WebRequest)|irm|iwr)\Z", re.IGNORECASE)
_ENDS_COMMAND = frozenset({"|", ")", "}", ";"})
_MAP = re.compile(r"(?:map\[\w+\]\w+|\[\](?:byte|string))(?=\s*[{(])")
_DEEPEST = 60
_MOST_NESTED = 4


def parse(text: str, language: Language, tokenizer: Tokenizer) -> Program:
    """Return what stands in ``text``."""
    program = Program()
    _Parser(text, language, tokenizer, program).all(0, len(text))
    return program


class _Parser:
    """Reads one run of tokens."""

    def __init__(
        self,
        text: str,
        language: Language,
        tokenizer: Tokenizer,
        program: Program,
        nested: int = 0,
    ) -> None:
        self._text, self._language, self._tokenizer = text, language, tokenizer
        self._program, self._nested = program, nested
        self._tokens: list[CodeToken] = []
        self._lines: set[int] = set()
        self._at = 0
        self._depth = 0

    def all(self, start: int, end: int) -> Expression | None:
        """Read everything between two places; return the first value."""
        for token in self._tokenizer.tokens(self._text, start, end):
            if token.kind == "line":
                self._lines.add(len(self._tokens))
            else:
                self._tokens.append(token)
        first: Expression | None = None
        while self._at < len(self._tokens):
            items = self._items("")
            first = first or (items[0].value if items else None)
            self._at += 1  # a bracket that nothing opened
        return first

    def _peek(self, ahead: int = 0) -> str:
        """Return the sign or name that follows; empty for a string, a number and the end."""
        at = self._at + ahead
        token = self._tokens[at] if at < len(self._tokens) else None
        return token.text if token is not None and token.kind in {"sign", "name"} else ""

    def _on_new_line(self) -> bool:
        return self._at in self._lines

    def _items(self, opening: str) -> list[Item]:
        """Read items up to the bracket that closes them, or the end."""
        items: list[Item] = []
        while self._at < len(self._tokens):
            sign = self._peek()
            if sign in {")", "]", "}"}:
                break
            if sign in {"...", "**", "@"} and opening:
                self._at += 1
                value = self._expression()
                if value is not None:
                    items.append(Item(None, value, spread=sign != "@"))
                continue
            item = self._item(opening)
            if item is None:
                self._at += 1
            else:
                items.append(item)
        return items

    def _item(self, opening: str) -> Item | None:
        key = self._expression()
        if key is None:
            return None
        sign = self._peek()
        if sign == "as" and self._language.id == "python":
            self._at += 1  # with httpx.Client(…) as client:
            target = self._expression()
            if isinstance(target, Name) and isinstance(key, CodeCall):
                self._assign(target, key)
            return Item(None, key)
        if sign == "," and opening in {"", "{"} and self._language.id == "go":
            self._second_name()
            sign = self._peek()
        if (sign == "to" and opening == "(") or sign in _KEYED:
            return self._keyed(key, sign, opening)
        return Item(None, key)

    def _second_name(self) -> None:
        """Pass over the second of two names that get values: ``req, err := …``."""
        after = self._tokens[self._at + 1 : self._at + 3]
        if len(after) == 2 and after[0].kind == "name" and after[1].text in {":=", "="}:
            self._at += 2

    def _keyed(self, key: Expression, sign: str, opening: str) -> Item:
        self._at += 1
        value = self._expression()
        if value is None:
            return Item(None, key)
        if sign == ":" and self._peek() == "=" and isinstance(value, Name | Group):
            # What stood behind the colon was a type.
            self._at += 1
            sign, value = "=", self._expression() or value
        if sign in {"=", ":="} and opening != "(":
            self._assign(key, value)
        return Item(key, value)

    def _assign(self, target: Expression, value: Expression) -> None:
        at = target.span.start
        if isinstance(target, Name):
            self._program.events.append(Assignment(target.path, None, value, at))
        elif isinstance(target, CodeCall) and target.name == "[]":
            path = target.path.removesuffix(".[]")
            key = target.arguments[0].value if target.arguments else None
            self._program.events.append(Assignment(path, key or target, value, at))

    def _expression(self) -> Expression | None:
        """Read a value, with whatever is put to it."""
        first = self._operand()
        if first is None:
            return None
        parts = [first]
        while True:
            sign = self._peek()
            adds = sign == self._language.adds
            if adds:
                self._at += 1
            elif not self._follows_string(parts[-1]):
                break
            following = self._operand()
            if following is None:
                break
            parts.append(following)
        value = first
        if len(parts) > 1:
            value = Joined(tuple(parts), Span(first.span.start, parts[-1].span.end))
        return self._piped(value)

    def _follows_string(self, before: Expression) -> bool:
        """Return whether a string stands right behind a string, which Python puts together."""
        at = self._at
        return (
            self._language.id == "python"
            and isinstance(before, Literal | Joined)
            and at < len(self._tokens)
            and self._tokens[at].kind == "string"
            and (self._depth > 0 or not self._on_new_line())
        )

    def _piped(self, value: Expression) -> Expression:
        """Follow a value into what PowerShell hands it to, and past the else of a default."""
        if self._peek() == "|" and self._peek(1).lower() == "convertto-json":
            end = self._tokens[self._at + 1].span.end
            self._at += 2
            value = CodeCall(
                "ConvertTo-Json", (Item(None, value),), None, Span(value.span.start, end)
            )
        if self._peek() in {"??", "||", "or"} or (self._peek() == "|" and self._peek(1) == "|"):
            self._at += 2 if self._peek() == "|" else 1
            default = self._expression()
            if default is not None:
                # Which of the two it is depends on the environment.
                span = Span(value.span.start, default.span.end)
                return CodeCall("default", (Item(None, value), Item(None, default)), None, span)
        return value

    def _operand(self) -> Expression | None:
        while self._peek() in _SKIPPED and self._is_modifier():
            self._at += 1
        if self._peek() == "&" and self._language.id == "go":
            self._at += 1
        if self._at >= len(self._tokens):
            return None
        token = self._tokens[self._at]
        if token.kind == "string":
            self._at += 1
            return self._postfix(self._string(token))
        if token.kind == "number":
            self._at += 1
            return Constant(_number(token.text), token.span)
        if token.kind == "name":
            return self._named(token)
        listed = token.text == "@" and self._peek(1) == "("  # PowerShell's list, also of one item
        if token.text == "@" and self._peek(1) in {"{", "("}:
            self._at += 1
            token = self._tokens[self._at]
        if token.text == "-" and self._tokens[self._at + 1 : self._at + 2]:
            following = self._tokens[self._at + 1]
            if following.kind == "number":
                self._at += 2
                span = Span(token.span.start, following.span.end)
                return Constant(-(_number(following.text) or 0), span)
        if token.text in _CLOSES and self._depth < _DEEPEST:
            match = _MAP.match(self._text, token.span.start)
            if match is not None and self._language.id == "go":
                return self._typed(match.end())
            return self._postfix(self._group(alone=not listed))
        return None

    def _is_modifier(self) -> bool:
        """Return whether a word that may be a modifier has a value behind it."""
        following = self._tokens[self._at + 1 : self._at + 2]
        return bool(following) and (
            following[0].kind != "sign" or following[0].text in {"[", "{", "("}
        )

    def _typed(self, end: int) -> Expression | None:
        """Read a value behind a type in brackets, as Go has them."""
        while self._at < len(self._tokens) and self._tokens[self._at].span.start < end:
            self._at += 1
        value = self._operand()
        if isinstance(value, Group) and value.opening == "(" and len(value.items) == 1:
            return value.items[0].value
        return value

    def _group(self, *, alone: bool = True) -> Expression:
        """Read what stands in brackets; one value ``alone`` in round ones is that value."""
        token = self._tokens[self._at]
        self._at += 1
        self._depth += 1
        items = self._items(token.text)
        self._depth -= 1
        end = self._tokens[min(self._at, len(self._tokens) - 1)].span.end
        if self._peek() == _CLOSES[token.text]:
            self._at += 1
        group = Group(token.text, tuple(items), Span(token.span.start, end))
        lone = alone and token.text == "(" and len(items) == 1 and items[0].key is None
        return items[0].value if lone and not self._is_arrow() else group

    def _is_arrow(self) -> bool:
        return self._peek() == "=>"

    def _string(self, token: CodeToken) -> Expression:
        inside = token.inside or token.span
        if len(token.pieces) == 1:
            piece = token.pieces[0]
            return Literal(piece.text, piece.offsets, token.span, inside)
        parts: list[Expression] = []
        for piece in token.pieces:
            if piece.code is not None:
                parts.append(self._filled(piece.code))
            elif piece.text:
                start = piece.offsets[0]
                span = Span(start, piece.offsets[-1] + 1)
                parts.append(Literal(piece.text, piece.offsets, span, span))
        return Joined(tuple(parts), token.span)

    def _filled(self, code: Span) -> Expression:
        """Read what is filled into a string."""
        if self._nested < _MOST_NESTED:
            inner = _Parser(
                self._text, self._language, self._tokenizer, self._program, self._nested + 1
            ).all(code.start, code.end)
            if inner is not None:
                return inner
        return Name(self._text[code.start : code.end], code)

    def _named(self, token: CodeToken) -> Expression:
        self._at += 1
        if token.text in _WORDS and self._peek() not in _DOTS:
            return Constant(_WORDS[token.text], token.span)
        if self._language.id == "powershell" and _COMMAND.match(token.text):
            return self._command(token)
        return self._postfix(Name(token.text, token.span))

    def _command(self, token: CodeToken) -> Expression:
        """Read a command of PowerShell with its named arguments."""
        items: list[Item] = []
        self._depth += 1
        while self._at < len(self._tokens) and not self._on_new_line():
            sign = self._peek()
            if sign in _ENDS_COMMAND:
                break
            if sign == "-" and self._peek(1):
                key = self._tokens[self._at + 1]
                self._at += 2
                if self._peek() == "-" or self._at >= len(self._tokens) or self._on_new_line():
                    continue  # a switch without a value
                value = self._expression()
                if value is not None:
                    items.append(Item(Name(key.text, key.span), value))
                continue
            if sign == "@" and self._peek(1) not in {"{", "("}:
                self._at += 1
                value = self._expression()
                if isinstance(value, Name):
                    items.append(Item(None, Name(f"${value.path}", value.span), spread=True))
                continue
            value = self._expression()
            if value is None:
                self._at += 1
            else:
                items.append(Item(None, value))
        self._depth -= 1
        end = self._tokens[self._at - 1].span.end
        call = CodeCall(token.text, tuple(items), None, Span(token.span.start, end))
        self._program.events.append(call)
        return call

    def _postfix(self, value: Expression) -> Expression:
        """Read members, elements and arguments behind a value."""
        while True:
            sign = self._peek()
            following = self._tokens[self._at + 1 : self._at + 2]
            if sign in _DOTS and following and following[0].kind == "name":
                if self._language.adds == "." and sign == ".":
                    return value
                self._at += 2
                value = self._member(value, following[0])
            elif sign in {"(", "["} and not self._on_new_line() and self._depth < _DEEPEST:
                value = self._applied(value, sign)
            elif sign == "<" and (types := _TYPES.match(self._text, self._start())):
                while self._at < len(self._tokens) and self._start() < types.end():
                    self._at += 1
            elif sign == "{" and self._is_initializer(value):
                group = self._group()
                items = group.items if isinstance(group, Group) else ()
                before = value.arguments if isinstance(value, CodeCall) else ()
                path = value.path if isinstance(value, CodeCall | Name) else ""
                span = Span(value.span.start, group.span.end)
                value = CodeCall(path, (*before, *items), None, span)
                self._program.events.append(value)
            else:
                return value

    def _start(self) -> int:
        return self._tokens[self._at].span.start

    def _is_initializer(self, value: Expression) -> bool:
        """Return whether braces behind a constructor hold its fields."""
        if not isinstance(value, CodeCall | Name) or self._language.id not in {"csharp", "go"}:
            return False
        before = self._text[max(value.span.start - 5, 0) : value.span.start]
        return before.endswith(("new ", "&")) and self._depth < _DEEPEST

    def _member(self, value: Expression, name: CodeToken) -> Expression:
        span = Span(value.span.start, name.span.end)
        if isinstance(value, Name):
            return Name(f"{value.path}.{name.text}", span)
        path = f"{value.path}()." if isinstance(value, CodeCall) else "."
        called = self._peek() in {"(", "<"} and not self._on_new_line()
        if called or name.text in {"to_json", "json"}:
            arguments = self._arguments() if self._peek() == "(" else ()
            return self._called(path + name.text, arguments, value, value.span.start)
        return CodeCall(path + name.text, (), value, span)

    def _applied(self, value: Expression, sign: str) -> Expression:
        if sign == "[":
            arguments = self._arguments()
            path = value.path if isinstance(value, Name | CodeCall) else ""
            end = self._tokens[self._at - 1].span.end
            receiver = None if isinstance(value, Name) else value
            return CodeCall(f"{path}.[]", arguments, receiver, Span(value.span.start, end))
        if isinstance(value, Name):
            return self._called(value.path, self._arguments(), None, value.span.start)
        if isinstance(value, CodeCall):
            return self._called(value.path, self._arguments(), value.receiver, value.span.start)
        self._arguments()
        return value

    def _arguments(self) -> tuple[Item, ...]:
        opening = self._peek()
        self._at += 1
        self._depth += 1
        items = self._items(opening)
        self._depth -= 1
        if self._peek() == _CLOSES[opening]:
            self._at += 1
        return tuple(items)

    def _called(
        self, path: str, arguments: tuple[Item, ...], receiver: Expression | None, start: int
    ) -> CodeCall:
        end = self._tokens[self._at - 1].span.end
        call = CodeCall(path, arguments, receiver, Span(start, end))
        self._program.events.append(call)
        return call


def _number(written: str) -> int | float | None:
    """Return the number that is written; None where it is none that JSON knows."""
    plain = written.replace("_", "").rstrip("lLfFdDmM")
    try:
        return int(plain) if plain.isdigit() else float(plain)
    except ValueError:
        return None
