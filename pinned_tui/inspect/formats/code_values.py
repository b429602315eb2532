"""Follows the variables of a program to the values that the program itself gives them."""

import bisect
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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
from pinned_tui.inspect.http_message import FieldPlace
from pinned_tui.inspect.model import Span

_DEEPEST = 12
_LONGEST = 200_000
_LONGEST_CODE = 120
_UNSAFE = re.compile(r"[{}\s]+")


@dataclass(frozen=True, slots=True)
class Text:
    """A text that a program puts together.

    Attributes:
        text: The text; what is not known of it stands there as ``${code}``.
        offsets: Where each of its characters stands.
        filled: The unknown parts.
        span: The expression that it is, with its quotes.
        literal: The place inside the quotes, where it is one string as it stands.
    """

    text: str
    offsets: tuple[int, ...]
    filled: tuple[Span, ...]
    span: Span
    literal: Span | None = None

    @property
    def unknown(self) -> bool:
        """Whether nothing of it is known."""
        return len(self.filled) == 1 and self.filled[0] == Span(0, len(self.text))


@dataclass(slots=True)
class Json:
    """An object that a program sends as JSON.

    Attributes:
        text: It as JSON.
        places: Where its fields stand, by JSON path.
        open: Whether it may have fields that are not in view.
    """

    text: str
    places: dict[str, FieldPlace] = field(default_factory=dict)
    open: bool = False


_FORMATS = frozenset({"format", "sprintf", "formatted", "interpolate"})
_BLANK = re.compile(
    r"\{(?:(?P<at>\d{1,2})|[A-Za-z_]\w{0,40})?(?::[^{}]{0,20})?\}|%(?:\d{1,2}\$)?[sdvq]"
)
"""What a template leaves blank: ``{}``, ``{0}``, ``%s``."""


class Values:
    """The values of a program's expressions."""

    def __init__(
        self, text: str, program: Program, passes: frozenset[str], writes_json: frozenset[str]
    ) -> None:
        """Take over the program.

        Args:
            text: The source.
            program: What was read of it.
            passes: Names of functions that hand their first argument on.
            writes_json: Names of functions that write a value as JSON.
        """
        self.text = text
        self._passes, self._writes_json = passes, writes_json
        self._assigned: dict[str, list[Assignment]] = {}
        self._set: dict[str, list[Assignment]] = {}
        for event in program.events:
            if isinstance(event, Assignment):
                table = self._assigned if event.key is None else self._set
                table.setdefault(event.path, []).append(event)
        self._starts = {
            path: [one.at for one in assigned] for path, assigned in self._assigned.items()
        }
        self.code: dict[str, str] = {}
        """The expressions by how they are shown in a text: ``${code}``."""

    def assigned(self, path: str, before: int) -> Assignment | None:
        """Return the assignment of a variable that counts at a place."""
        found = self._assigned.get(path)
        if found is None:
            return None
        at = bisect.bisect_left(self._starts[path], before)
        return found[max(at - 1, 0)]

    def set_in(self, path: str) -> Sequence[Assignment]:
        """Return the elements that are set in a variable one by one."""
        return self._set.get(path, ())

    def follow(self, value: Expression, depth: int = 0) -> Expression:
        """Return what a variable stands for, or the value itself where it is not known."""
        while depth < _DEEPEST:
            depth += 1
            if isinstance(value, Name):
                found = self.assigned(value.path, value.span.start)
                if found is None or found.value is value:
                    member = self._member(value, depth)
                    if member is None:
                        return value
                    value = member
                    continue
                if found.value.span.start <= value.span.start < found.value.span.end:
                    return value
                value = found.value
            elif isinstance(value, CodeCall) and self._hands_on(value):
                value = self._handed(value)
            else:
                return value
        return value

    def _member(self, name: Name, depth: int) -> Expression | None:
        """Return a field of an object that the program writes out: ``config.baseUrl``."""
        head, dot, last = name.path.rpartition(".")
        if not dot or head in {"this", "self", "$this"}:
            found = self.assigned(last, name.span.start) if dot else None
            return found.value if found is not None else None
        held = self.assigned(head, name.span.start)
        if held is None or depth >= _DEEPEST:
            return None
        owner = self.follow(held.value, depth + 1)
        if not isinstance(owner, Group):
            return None
        return next((item.value for item in owner.items if key_of(item) == last), None)

    def _hands_on(self, call: CodeCall) -> bool:
        return call.name in self._passes and self._handed(call) is not call

    def _handed(self, call: CodeCall) -> Expression:
        """Return the first argument, or what a method without one is called on."""
        positional = [item.value for item in call.arguments if item.key is None]
        if not positional and len(call.arguments) == 1:
            positional = [call.arguments[0].value]  # Swift: URL(string: address)
        if positional:
            return positional[0]
        if call.receiver is not None:
            return call.receiver
        path = call.path.rpartition(".")[0]
        return Name(path, call.span) if path and "(" not in path else call

    def fields(self, value: Expression, depth: int = 0) -> tuple[list[Item], bool]:
        """Return the fields of an object with what is spread into it; whether there may be more."""
        found = self.follow(value)
        if isinstance(found, CodeCall) and found.name in {"assign", "array_merge", "merge"}:
            owners = [Item(None, item.value, spread=True) for item in found.arguments]
            found = Group("{", tuple(owners), found.span)
        elif isinstance(found, CodeCall) and found.receiver is None and found.arguments:
            # A constructor or a function that makes a map of its arguments: mapOf, array, dict.
            known = re.search(r"(?:Map|map|array|dict|Dictionary|of|Headers)\Z", found.name)
            if known is None:
                return [], True
            arguments = found.arguments if found.name == "array" else _paired(found.arguments)
            found = Group("{", arguments, found.span)
        elif isinstance(found, CodeCall) and not found.arguments and found.name.endswith("Headers"):
            found = Group("{", (), found.span)
        if not isinstance(found, Group) or depth > _DEEPEST:
            return [], not (isinstance(found, Constant) and found.value is None)
        items: list[Item] = []
        more = False
        for item in found.items:
            if item.spread:
                inner, open_ended = self.fields(item.value, depth + 1)
                items += inner
                more = more or open_ended
            else:
                items.append(item)
        if isinstance(value, Name):
            items += [Item(one.key, one.value) for one in self.set_in(value.path)]
        return items, more

    def text_of(self, value: Expression) -> Text:
        """Return a value as text, what is not known of it marked as filled in."""
        parts = list(self._parts(value, 0))
        text: list[str] = []
        offsets: list[int] = []
        filled: list[Span] = []
        length = 0
        for part, places, known in parts:
            if length + len(part) > _LONGEST:
                break
            if not known:
                filled.append(Span(length, length + len(part)))
            text.append(part)
            offsets += places
            length += len(part)
        found = self.follow(value)
        literal = found.inside if isinstance(found, Literal) else None
        return Text("".join(text), tuple(offsets), tuple(filled), found.span, literal)

    def _parts(self, value: Expression, depth: int) -> Iterator[tuple[str, Sequence[int], bool]]:
        found = self.follow(value)
        if isinstance(found, Literal):
            yield found.text, found.offsets, True
        elif isinstance(found, Constant) and found.value is not None:
            text = json.dumps(found.value)
            yield text, [found.span.start] * len(text), True
        elif isinstance(found, Joined) and depth < _DEEPEST:
            for part in found.parts:
                yield from self._parts(part, depth + 1)
        elif depth < _DEEPEST and (parts := self._formatted(found)):
            for part in parts:
                yield from self._parts(part, depth + 1)
        else:
            # The outermost variable that could not be followed names what is filled in.
            code = self.text[found.span.start : found.span.end]
            shown = "${" + _UNSAFE.sub(" ", code)[:_LONGEST_CODE].strip() + "}"
            self.code[shown] = code
            yield shown, [found.span.start] * len(shown), False

    def _formatted(self, value: Expression) -> list[Expression]:
        """Return the parts of a text that a template and its arguments make; none otherwise."""
        if not isinstance(value, CodeCall) or value.name.lower().rstrip("!") not in _FORMATS:
            return []
        arguments = [item for item in value.arguments if item.key is None]
        template = self.follow(value.receiver) if value.receiver is not None else None
        if not isinstance(template, Literal):
            if not arguments:
                return []
            template = self.follow(arguments[0].value)
            arguments = arguments[1:]
        if not isinstance(template, Literal):
            return []
        parts: list[Expression] = []
        done = 0
        for number, match in enumerate(_BLANK.finditer(template.text)):
            parts.append(_cut(template, done, match.start()))
            done = match.end()
            at = int(match["at"]) if match["at"] else number
            if at < len(arguments):
                parts.append(arguments[at].value)
            else:
                parts.append(Name(match[0].strip("{}%") or "value", value.span))
        return [*parts, _cut(template, done, len(template.text))]

    def json_of(self, value: Expression) -> Json | None:
        """Return the JSON that a value is sent as; None where the program does not show it."""
        found = self.follow(value)
        if isinstance(found, CodeCall) and (found.name in self._writes_json):
            inner = self._handed(found)
            return self.json_of(inner) if inner is not found else None
        if not isinstance(found, Group | CodeCall):
            return None
        result = Json("")
        written = self._json(value, "", result, 0)
        if not isinstance(written, dict | list):
            return None
        result.text = json.dumps(written, ensure_ascii=False)
        return result

    def _json(self, value: Expression, path: str, result: Json, depth: int) -> object:
        """Return a value as JSON has it, with the places of its fields."""
        found = self.follow(value)
        place, unknown = found.span, False
        written: object
        if isinstance(found, Constant):
            written = found.value
        elif depth < _DEEPEST and self._is_list(found):
            items = found.items if isinstance(found, Group) else ()
            written = [
                self._json(item.value, f"{path}[{number}]", result, depth + 1)
                for number, item in enumerate(items)
            ]
            unknown = any(item.spread for item in items)
        elif isinstance(found, Group) or (isinstance(found, CodeCall) and self.fields(found)[0]):
            members, unknown = self.fields(value) if depth < _DEEPEST else ([], True)
            entries: dict[str, object] = {}
            for item in members:
                key = key_of(item)
                if key is None:
                    unknown = True
                    continue
                inner = f"{path}.{key}" if path else key
                entries[key] = self._json(item.value, inner, result, depth + 1)
            written = entries
            result.open = result.open or (unknown and not path)
        else:
            text = self.text_of(value)
            written, unknown = text.text, bool(text.filled)
        if path:
            result.places[path] = FieldPlace(place, filled=unknown)
        return written

    def _is_list(self, value: Expression) -> bool:
        """Return whether a group is a list; PHP writes lists and objects with the same brackets."""
        if not isinstance(value, Group) or value.opening == "{":
            return False
        return not any(item.key is not None for item in value.items)

    def writes_json(self, value: Expression) -> bool:
        """Return whether a value is handed to a function that writes it as JSON."""
        found = self.follow(value)
        return isinstance(found, CodeCall) and found.name in self._writes_json


def _cut(literal: Literal, start: int, end: int) -> Literal:
    """Return a part of a literal."""
    offsets = literal.offsets[start:end]
    place = (
        Span(offsets[0], offsets[-1] + 1) if offsets else Span(literal.span.end, literal.span.end)
    )
    return Literal(literal.text[start:end], offsets, place, place)


def key_of(item: Item) -> str | None:
    """Return the name of a field; a variable alone is a field of its own name."""
    key = item.key if item.key is not None else item.value
    if isinstance(key, Literal):
        return key.text if item.key is not None else None
    if isinstance(key, Name):
        return key.path.rpartition(".")[2]
    if isinstance(key, CodeCall) and key.name == "[]" and key.arguments:
        inner = key.arguments[0].value
        return inner.text if isinstance(inner, Literal) else None
    return None


def _paired(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return the arguments of a function that makes a map: ``Map.of("a", b, "c", d)``."""
    if any(item.key is not None or item.spread for item in items) or len(items) % 2:
        return items
    if not all(isinstance(item.value, Literal) for item in items[::2]):
        return items
    return tuple(
        Item(name.value, value.value) for name, value in zip(items[::2], items[1::2], strict=True)
    )


def constants(names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the words that mean something by what they mean."""
    return {word.lower(): meaning for meaning, words in names.items() for word in words}
