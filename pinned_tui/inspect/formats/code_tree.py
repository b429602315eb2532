"""What a tolerant reader makes of program code: literals, names and calls, with their places."""

from dataclasses import dataclass, field

from pinned_tui.inspect.model import Span


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, or a part of one between two interpolations.

    Attributes:
        text: What the program gets.
        offsets: Where each of its characters stands.
        inside: Its place without the quotes.
    """

    text: str
    offsets: tuple[int, ...]
    span: Span
    inside: Span


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a truth value or nothing, as JSON would have it."""

    value: int | float | bool | None
    span: Span


@dataclass(frozen=True, slots=True)
class Name:
    """A variable or a member of one, its parts joined by dots whatever the language."""

    path: str
    span: Span


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts put together to one text."""

    parts: "tuple[Expression, ...]"
    span: Span


@dataclass(frozen=True, slots=True)
class Item:
    """One of several in brackets: a field, an argument, an element.

    Attributes:
        key: What stands before the colon, the arrow or the equals sign; None without one.
        spread: Whether all that it holds is taken over in its place.
    """

    key: "Expression | None"
    value: "Expression"
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """What stands in brackets: an object, a list, arguments, or a block of statements."""

    opening: str
    items: tuple[Item, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class CodeCall:
    """A call of a function, a method or a constructor.

    Attributes:
        path: Its name with what it is called on; ``()`` marks calls on the way.
        receiver: What it is called on, where that is more than a name.
    """

    path: str
    arguments: tuple[Item, ...]
    receiver: "Expression | None"
    span: Span

    @property
    def name(self) -> str:
        """The last part of its name."""
        return self.path.rpartition(".")[2]


Expression = Literal | Constant | Name | Joined | Group | CodeCall


@dataclass(frozen=True, slots=True)
class Assignment:
    """A value that a variable, a member or an element of one gets.

    Attributes:
        key: The element, as in ``headers["Accept"] = …``; None where all of it is set.
    """

    path: str
    key: "Expression | None"
    value: "Expression"
    at: int


@dataclass(slots=True)
class Program:
    """The assignments and calls of a program, in the order in which they stand there."""

    events: list[Assignment | CodeCall] = field(default_factory=list)
