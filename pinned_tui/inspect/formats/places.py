"""Puts requests together from values of a document, so that each part keeps its place."""

import re
from collections.abc import Iterable, Iterator

from pinned_tui.inspect.formats.variables import Variables
from pinned_tui.inspect.http_message import Header, HttpBody
from pinned_tui.inspect.json_source.lexer import offsets
from pinned_tui.inspect.json_source.nodes import Node
from pinned_tui.inspect.model import Span

_SWITCHED_OFF = (
    ("disabled", True), ("isDisabled", True), ("enabled", False), ("active", False),
)  # fmt: skip
"""How the tables of API clients say that a row is not sent."""


def inside(source: str, node: Node) -> Span:
    """Return the place of a text's characters, without the quotes around them."""
    quoted = node.end - node.start >= 2 and source[node.start : node.start + 1] in {'"', "'"}
    return Span(node.start + 1, node.end - 1) if quoted else node.span


def header_at(
    source: str, name: str, node: Node, variables: Variables, whole: Span | None = None
) -> Header:
    """Return a header whose value stands at ``node``.

    Args:
        source: The whole input.
        name: The header's name.
        node: Its value.
        variables: What the file defines.
        whole: All of the header in the source, where it stands there in one piece.
    """
    value = variables.expand(written(node))
    return Header(name, value.text, whole, inside(source, node), filled=value.filled)


def body_at(source: str, node: Node, variables: Variables) -> HttpBody | None:
    """Return a body that stands in a document as a text; None where it is no text."""
    if not isinstance(node.value, str):
        return None
    value = variables.expand(node.value)
    places = _places(source, node, len(node.value))
    return HttpBody(
        value.text,
        span=node.span,
        offsets=[places[min(at, len(places) - 1)] for at in value.offsets],
        start=node.start,
        filled=value.filled,
    )


def written(node: Node) -> str:
    """Return a value as a client puts it into a header or an address."""
    if node.value is True or node.value is False:
        return str(node.value).lower()
    return "" if node.value is None else str(node.value)


def _places(source: str, node: Node, length: int) -> list[int]:
    """Return where each character of a text stands, as well as its notation allows."""
    if source[node.start : node.start + 1] == '"' and source[node.end - 1 : node.end] == '"':
        found = offsets(source, node.span)
        if len(found) == length + 1:
            return found
    at = source.find(str(node.value), node.start, node.end)
    if at >= 0:
        return list(range(at, at + length + 1))
    return _indented(source, node, length)


def _indented(source: str, node: Node, length: int) -> list[int]:
    """Follow a block of YAML, whose lines are indented, character by character."""
    places, at = [], node.start
    for character in str(node.value):
        found = source.find(character, at, node.end)
        at = found if found >= 0 else at
        places.append(at)
        at += found >= 0
    return [*places, node.end] if places else [node.start] * (length + 1)


def blocks(pattern: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield each match, with where the block that it begins ends: at the next one."""
    earlier = None
    for match in pattern.finditer(text):
        if earlier is not None:
            yield earlier, match.start()
        earlier = match
    if earlier is not None:
        yield earlier, len(text)


def enabled(nodes: Iterable[Node]) -> list[Node]:
    """Return the rows of a client's table that are not switched off."""
    return [
        node
        for node in nodes
        if not any(
            (member := node.members.get(name)) is not None and member.node.value is switched
            for name, switched in _SWITCHED_OFF
        )
    ]
