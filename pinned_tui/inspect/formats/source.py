"""The text of an input as the readers of formats see it: parsed once, for whoever asks."""

from functools import cached_property

from pinned_tui.inspect.json_source.nodes import Node, Scan
from pinned_tui.inspect.json_source.parser import scan
from pinned_tui.inspect.model import InputText

LONGEST = 8_000_000
"""Characters of a text up to which it is parsed as one document."""

_CUT = frozenset({"cut", "end-missing", "comma-too-many"})
"""The syntax errors of a value that is cut off."""

_OPEN_TEXT = "text-not-closed"
"""One that counts as cut off where it goes on to the end."""


class Source:
    """An input whose parts stand where they are looked for.

    Attributes:
        text: All of it.
        name: What the user calls it, such as the name of a file; empty where it was pasted.
        kept: What a reader keeps of it between its claim and its reading, by the reader's name.
    """

    def __init__(self, input_text: InputText, name: str = "") -> None:
        """Take over the input; nothing is parsed before it is asked for."""
        self.text = input_text.text
        self.name = name
        self.kept: dict[str, object] = {}

    @cached_property
    def json(self) -> Node | None:
        """The JSON value that all of the text is, with places; None where it is none."""
        return self.documents[0] if len(self.documents) == 1 else None

    @cached_property
    def documents(self) -> tuple[Node, ...]:
        """The JSON values that the text is made of, as where two files were pasted together."""
        found = self._scanned
        if found is None or found.slips or found.stopped or found.bare:
            return ()
        return tuple(found.roots)

    @cached_property
    def started(self) -> tuple[Node, ...]:
        """The same, where the last of them may be cut off; what is not closed has no end."""
        found = self._scanned
        if found is None or found.bare:
            return ()
        last = len(self.text.rstrip())
        for one in found.slips:
            if one.kind not in _CUT and not (one.kind == _OPEN_TEXT and one.span.end >= last):
                return ()
        return tuple(found.roots)

    @property
    def is_cut(self) -> bool:
        """Whether the text ends in the middle of a JSON value."""
        return bool(self.started) and not self.documents

    def is_closed(self, start: int, end: int) -> bool:
        """Return whether an object at that place ends before the text is cut off."""
        if not self.is_cut:
            return True
        root = self.started[-1]
        # Where reading went on to the end, all that is open ends there.
        known = root.end > root.start + 1
        closed = end > start + 1 and self.text[end - 1 : end] == "}"
        return closed and (not known or end < root.end)

    @cached_property
    def _scanned(self) -> Scan | None:
        body = self.text.lstrip("\ufeff \t\r\n")
        if body[:1] not in {"{", "["} or len(self.text) > LONGEST:
            return None
        return scan(self.text)

    @cached_property
    def yaml(self) -> Node | None:
        """The YAML mapping that all of the text is, with places; None where it is none.

        Of a file with several documents, the first mapping of more than one field.
        """
        from pinned_tui.inspect.formats.yaml_source import parse

        return parse(self.text) if len(self.text) <= LONGEST else None

    @property
    def tree(self) -> Node | None:
        """The document in JSON or, where it is none, in YAML."""
        return self.json or self.yaml


def child(node: Node | None, *names: str) -> Node | None:
    """Return what stands at a path of names below ``node``; None where there is nothing."""
    for name in names:
        member = node.members.get(name) if node is not None else None
        node = member.node if member is not None else None
    return node


def text_of(node: Node | None, *names: str) -> str | None:
    """Return the text at a path of names below ``node``; None where there is none."""
    found = child(node, *names)
    return found.value if found is not None and isinstance(found.value, str) else None
