"""The arguments of a command, and the requests that the command makes of them."""

from dataclasses import dataclass, field

from pinned_tui.inspect.http_message import HttpRequest
from pinned_tui.inspect.model import Span
from pinned_tui.inspect.shell.words import Command, Word, WordBuilder


@dataclass(frozen=True, slots=True)
class Argument:
    """An option, with its value where it has one, or a value alone.

    Attributes:
        name: The long name of the option without dashes; empty for a value alone.
        value: The value; None for an option without one.
        prefix: What stands before the value in the same word, for example ``--header=`` or ``-sX``.
        span: Option and value in the source.
    """

    name: str
    value: Word | None
    span: Span
    prefix: str = ""

    @property
    def text(self) -> str:
        """The value, empty where there is none."""
        return self.value.text if self.value is not None else ""


@dataclass(frozen=True, slots=True)
class ArgumentFault:
    """An argument that the shell or the client does not take as it was meant.

    Attributes:
        about: What it was meant to be: the name of a header in small letters, ``body``, ``url`` or
            ``method``.
        detail: What was seen, in one sentence.
        change: What fixes it, in one sentence.
        instead: What to write in place of the value; None where quoting it properly is enough.
    """

    argument: Argument
    about: str
    detail: str
    change: str | None = None
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedArguments:
    """A request of a command, with the arguments that it was made of.

    Attributes:
        request: As it was meant.
        arguments: Those that belong to it, in their order.
        slips: Those that are not taken as they were meant.
        remarks: What is worth knowing of the options: code and sentence.
        credentials: Values of options that nothing may repeat, such as a proxy's password.
    """

    request: HttpRequest
    command: Command
    arguments: tuple[Argument, ...]
    slips: tuple[ArgumentFault, ...] = ()
    remarks: tuple[tuple[str, str, Span], ...] = ()
    credentials: tuple[str, ...] = field(default=(), repr=False)


def joined(words: list[Word], separator: str) -> Word:
    """Return ``words`` as one, with ``separator`` between them."""
    if len(words) == 1:
        return words[0]
    builder = WordBuilder()
    for number, word in enumerate(words):
        if number:
            builder.add(separator, word.span.start)
        base = builder.length
        for text, source in word.offsets.runs(word.text, 0, len(word.text)):
            builder.add(text, source)
        for part in word.filled:
            builder.mark(part.shifted(base))
    return builder.word(Span(words[0].span.start, words[-1].span.end))
