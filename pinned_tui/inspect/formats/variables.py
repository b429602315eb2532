"""Follows the variables of a file to the values that the file itself gives them. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pinned_tui.inspect.model import Span

MUSTACHE = re.compile(r"\{\{[ \t]*(?P<name>[^{}\n]{1,200}?)[ \t]*\}\}")
"""A variable as most API clients write it: ``{{baseUrl}}``, ``{{$guid}}``."""

_DEEPEST = 5
_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Expanded:
    """A text with its variables followed.

    Attributes:
        text: The text; a variable that has no value in the file stands there as it was written.
        filled: Where such variables stand in ``text``: the client fills them in.
        offsets: For each character of ``text``, the place in the written text that it came from.
    """

    text: str
    filled: tuple[Span, ...]
    offsets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables that a file defines.

    Attributes:
        defined: Their values by name.
        pattern: How a variable is written; its group ``name`` is looked up in ``defined``.
        resolve: Gives the value of a name that is not simply looked up; None where it has none.
    """

    defined: Mapping[str, str] = field(default_factory=dict)
    pattern: re.Pattern[str] = MUSTACHE
    resolve: Callable[[str], str | None] = lambda _name: None

    def expand(self, written: str) -> Expanded:
        """Return ``written`` with the values of the variables that have one."""
        return self._expand(written, tuple(range(len(written))), 0)

    def _expand(self, written: str, places: tuple[int, ...], depth: int) -> Expanded:
        text: list[str] = []
        filled: list[Span] = []
        offsets: list[int] = []
        length = last = 0
        for match in self.pattern.finditer(written):
            before = written[last : match.start()]
            text.append(before)
            offsets += places[last : match.start()]
            length += len(before)
            last = match.end()
            value = self._value(match["name"]) if depth < _DEEPEST else None
            if value is None or length + len(value) > _LONGEST:
                text.append(match[0])
                offsets += places[match.start() : match.end()]
                filled.append(Span(length, length + len(match[0])))
                length += len(match[0])
                continue
            inner = self._expand(value, (places[match.start()],) * len(value), depth + 1)
            text.append(inner.text)
            offsets += inner.offsets
            filled += [span.shifted(length) for span in inner.filled]
            length += len(inner.text)
        text.append(written[last:])
        offsets += places[last:]
        return Expanded("".join(text), tuple(filled), tuple(offsets))

    def _value(self, name: str) -> str | None:
        return self.defined[name] if name in self.defined else self.resolve(name)
