"""Placeholders that a template, a form or an example left in a payload."""

import re

from pinned_tui.inspect.payload.event import FoundField, PayloadEvent, joined, quoted
from pinned_tui.inspect.payload.tree import Node, walk
from pinned_tui.privacy.credentials import is_secret_field
from pinned_tui.session import Certainty

_TEMPLATE = re.compile(
    r"\{\{[^{}]{1,200}\}\}|\{%[^%{}]{1,200}%\}"
    r"|\$\{[A-Za-z_][^{}]{0,200}\}|#\{[A-Za-z_][^{}]{0,200}\}"
    r"|<%[^%]{1,200}%>|%\([A-Za-z_]\w{0,80}\)[sdr]"
)
"""Signs that nobody writes by hand: they are a template language's own."""

_WHOLE = re.compile(
    r"\{[A-Za-z_][\w.]{0,80}\}|<[A-Za-z][\w .-]{0,60}>|\$[A-Za-z_]\w{0,80}|%[A-Z][A-Z0-9_]{1,80}%"
    r"|\[\[[^\[\]]{1,80}\]\]"
)
"""Signs that are a placeholder only where the value holds nothing else."""

_TOLD = re.compile(
    r"YOUR[_ -][A-Z0-9_ -]{2,60}|(?:REPLACE|CHANGE|INSERT|FILL)[_ -]?(?:ME|THIS|IN|WITH)\w*"
    r"|TODO\b.{0,60}|TBD|FIXME\b.{0,60}",
    re.DOTALL,
)
_EMPTY_WORDS = frozenset({"undefined", "null", "none", "nan", "[object object]", "nil", "#n/a",
                          "#ref!", "#value!"})  # fmt: skip
_EXAMPLE_WORDS = frozenset({"string", "<string>"})
"""What generators of examples write for any text."""

_PROSE = ("description", "text", "html", "body", "summary", "content", "notes")


def placeholders(event: PayloadEvent) -> None:
    """Note every value that is still a placeholder; nothing else is said of it."""
    right_paths = {id(found.node): right for right, found in event.fields.items()}
    for path, node in walk(event.node):
        told = _told(node, path, right_paths.get(id(node)))
        if told is None:
            continue
        right = right_paths.get(id(node), path)
        found, certainty = told
        event.settled.add(right)
        event.add(
            "body-template-unrendered",
            right,
            f"{joined(event.subject, right)} still holds the placeholder {quoted(found)}.",
            certainty=certainty,
            at=FoundField(node, path),
            found=found,
        )


def _told(node: Node, path: str, right: str | None) -> tuple[str, Certainty] | None:
    """Return the placeholder in a value and how sure it is, or None."""
    value = node.value
    if not isinstance(value, str) or not value:
        return None
    if right is None and is_secret_field(path.rpartition(".")[2]):
        return None
    prose = right is None and any(word in path.lower() for word in _PROSE)
    sure = Certainty.LIKELY if prose else Certainty.CONFIRMED
    if node.bare:
        return value, Certainty.CONFIRMED
    match = _TEMPLATE.search(value)
    if match is not None:
        return match[0], sure
    stripped = value.strip()
    if len(stripped) > 200 or prose:
        return None
    if _WHOLE.fullmatch(stripped) or _TOLD.fullmatch(stripped):
        return stripped, sure if right is not None else Certainty.LIKELY
    if right is None:
        return None
    if stripped.lower() in _EXAMPLE_WORDS or stripped.lower() in _EMPTY_WORDS:
        return stripped, Certainty.LIKELY
    return None
