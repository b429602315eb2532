"""JSON values with the places where they stand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pinned_tui.inspect.json_source.edits import Edit
from pinned_tui.inspect.json_source.syntax_errors import SyntaxFault
from pinned_tui.inspect.model import Span

if TYPE_CHECKING:
    from pinned_tui.inspect.json_source.lexer import Scalar

DEEPEST = 200
"""Levels of brackets that are read; parsers that servers use give up between 64 and 1000."""


@dataclass(slots=True)
class Node:
    """A value with its place.

    Attributes:
        value: Itself; an object holds its members, a list its nodes.
        bare: Whether it is a template's placeholder without quotes, so that it is no JSON.
    """

    value: "Scalar | dict[str, Member] | list[Node]"
    start: int
    end: int
    bare: bool = False

    @property
    def span(self) -> Span:
        """Its place in the text."""
        return Span(self.start, self.end)

    @property
    def members(self) -> "dict[str, Member]":
        """The members of an object; none for any other value."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> "list[Node]":
        """The items of a list; none for any other value."""
        return self.value if isinstance(self.value, list) else []


@dataclass(slots=True)
class Member:
    """A name in an object, with its value."""

    key_start: int
    key_end: int
    node: Node

    @property
    def key_span(self) -> Span:
        """The place of the name, with its quotes."""
        return Span(self.key_start, self.key_end)


@dataclass(slots=True)
class DuplicateKey:
    """A name that stands twice in one object; the last one counts for most readers."""

    name: str
    first: Member
    second: Member
    holder: Node


@dataclass(slots=True)
class Scan:
    """A text as far as it could be read.

    Attributes:
        roots: The values on the top level, in a healthy text exactly one.
        bare: Whether placeholders of a template stand without quotes.
        stopped: Whether reading had to stop before the end; the last slip says why.
        expected: What should have stood there.
    """

    roots: list[Node] = field(default_factory=list)
    slips: list[SyntaxFault] = field(default_factory=list)
    twice: list[DuplicateKey] = field(default_factory=list)
    stopped: bool = False
    bare: bool = False
    expected: str = ""
    found: dict[str, str] = field(default_factory=dict)

    def edits(self) -> list[Edit]:
        """Return what fixes the slips."""
        return [slip.edit for slip in self.slips if slip.edit is not None]


def walk(node: Node, path: str = "") -> Iterator[tuple[str, Node]]:
    """Yield every value below ``node`` with its path, itself first."""
    waiting = [(path, node)]
    while waiting:
        path, node = waiting.pop()
        yield path, node
        inner = [(f"{path}.{name}" if path else name, m.node) for name, m in node.members.items()]
        inner += [(f"{path}[{index}]", item) for index, item in enumerate(node.items)]
        waiting.extend(reversed(inner))


def plain(node: Node) -> object:
    """Return the value of ``node`` without places; its depth is bounded by :data:`DEEPEST`."""
    if isinstance(node.value, dict):
        return {name: plain(member.node) for name, member in node.value.items()}
    if isinstance(node.value, list):
        return [plain(item) for item in node.value]
    return node.value
